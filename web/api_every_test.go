package web

import (
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

// TestEveryOperationAnswersAsDescribed goes through the whole API once. Each
// answer is checked against the description where it is received.
func TestEveryOperationAnswersAsDescribed(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	s.goThroughCases()
	s.goThroughPictures()
	s.goThroughCaseWork()
	s.goThroughContacts()
	s.goThroughCalls()
	s.goThroughAlerts()
	s.goThroughOrganisations()
	s.goThroughDelivery()
	s.goThroughDrills()
	s.goThroughVetting()
	s.goThroughOwnKeys()
	s.goThroughMatters()
	s.goThroughInstitutions()
	s.goThroughStatistics()
	s.goThroughPapers()
	s.goThroughProtection()
	s.goThroughReferrals()
	s.goThroughLists()
	s.goThroughConferences()
	s.goThroughComparing()
	s.goThroughSearch()
	s.goThroughAccounts()
	s.goThroughPublication()
	s.goThroughRecall()
	s.goThroughColleague()
	s.goThroughSealing()
	for path, item := range contract().doc.Paths.Map() {
		for method := range item.Operations() {
			if _, ok := s.answered.Load(method + " " + path); !ok && !strings.HasPrefix(path, "/ws/") {
				t.Errorf("%s %s was never answered", method, path)
			}
		}
	}
}

func (s *testServer) goThroughCases() {
	ana, duty := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	body := aCase(s)
	body["draft"], body["risk"], body["follow_up"] = true, map[string]any{"grade": "high", "factors": []string{"young"}}, map[string]any{"due_at": s.now().Add(time.Hour)}
	cs := ana.post("/cases", body).want(201)
	at := "/cases/" + cs.text("id")
	ana.post(at+"/submit", nil).want(200)
	v := ana.get(at).want(200)
	v = ana.with("If-Match", v.header.Get("ETag")).patch(at, map[string]any{
		"category": "criminal_abduction", "category_reason": "a witness", "children": []any{map[string]any{"id": v.text("children.0.id"), "needs": "insulin"}, map[string]any{"names": []any{map[string]any{"given": "Jana", "kind": "used"}}}},
		"last_seen": map[string]any{"place": nil, "label": "harbour"}, "risk": map[string]any{"grade": "medium"}, "restricted": true,
	}).want(200)
	ana.with("If-Match", v.header.Get("ETag")).patch(at, map[string]any{"restricted": false, "team": []string{}}).want(200)
	ana.get("/cases?state=verifying,public&category=criminal_abduction&sort=updated_at&q=petrov&limit=10").want(200)
	other := ana.post("/cases", aCase(s)).want(201).text("id")
	ana.post("/cases/"+other+"/merge", map[string]any{"into": cs.text("id"), "reason": "the same child"}).want(200)
	ana.get("/cases/" + other).want(200)
	ana.post("/cases/"+other+"/unmerge", map[string]any{"reason": "a mistake"}).want(200)
	ana.post(at+"/hold", nil).want(200)
	ana.post(at+"/resume", nil).want(200)
	consent := ana.post(at+"/consents", map[string]any{"class": "P0", "audience": "partners", "purpose": "search", "basis": "legal_order"}).want(201)
	ana.delete(at + "/consents/" + consent.text("id")).want(200)
	ana.post(at+"/decisions", map[string]any{"level": "national_mirror", "authority": "MUP", "basis": "law", "reference": "7", "decided_at": s.now()}).want(201)
	form, kind := formWith("photo", "x.jpg", jpegOf(corners(16, 16)), "child", v.text("children.0.id"), "taken_on", "2030")
	photo := ana.with("Content-Type", kind).post(at+"/photos", form).want(201).text("id")
	ana.get(at + "/photos/" + photo).want(200)
	sighting := ana.post("/sightings", edited(aSighting(s), cs.text("id"), "case_id")).want(201)
	twin := ana.post("/sightings", aSighting(s)).want(201).text("id")
	one := "/sightings/" + sighting.text("id")
	ana.get(one).want(200)
	ana.post(one+"/screen", map[string]any{"state": "screened"}).want(200)
	ana.post(one+"/assess", map[string]any{"source": "A", "information": 1, "note": "seen twice"}).want(200)
	ana.post(one+"/handover", map[string]any{"unit": "PU", "reference": "9", "at": s.now()}).want(200)
	ana.post("/sightings/"+twin+"/link", map[string]any{"case_id": cs.text("id")}).want(200)
	ana.post("/sightings/"+twin+"/link", map[string]any{"duplicate_of": sighting.text("id"), "case_id": nil}).want(200)
	ana.get("/sightings?limit=1&state=new&state=handed_over&from=2031-01-01T00:00:00Z").want(200)
	ana.get("/tiles/sightings/2/2/1.mvt?min_grade=B2").want(200)
	ana.get("/sightings-heat?bbox=19,42,23,46").want(200)
	ana.get("/places?q=Bor").want(200)
	ana.post(at+"/close", map[string]any{"outcome": "other", "at": s.now(), "note": "n", "whereabouts": "w"}).want(200)
	duty.post(at+"/confirm", nil).want(200)
	s.goThroughRetention(cs.text("id"))
	duty.post(at+"/finish", nil).want(200)
	duty.post(at+"/reopen", map[string]any{"reason": "it was another child"}).want(200)
}

func (s *testServer) goThroughContacts() {
	ana, anybody := s.as(alerts.RoleCoordinator), s.as(alerts.RolePublic)
	form, kind := formWith("photo", "x.jpg", jpegOf(corners(16, 16)))
	photo := anybody.with("Content-Type", kind).post("/public/photos?read_position=true", form).want(201).text("id")
	tip := anybody.post("/public/sightings", edited(aSighting(s), []string{photo}, "photos")).want(201)
	id := ana.get("/sightings?limit=200").want(200)
	for i := range id.count("features") {
		f := "features." + string(rune('0'+i))
		if id.at(f+".properties.photos") != nil {
			ana.get("/sightings/" + id.text(f+".id") + "/photos/" + photo).want(200)
			ana.post("/sightings/"+id.text(f+".id")+"/messages", map[string]any{"text": "Which way did they go?"}).want(200)
		}
	}
	s.goThroughTriage()
	if n := anybody.post("/public/follow", map[string]any{"code": tip.text("code"), "text": "north"}).want(200).count("messages"); n != 2 {
		s.t.Errorf("%d messages", n)
	}
	report := anybody.post("/public/reports", map[string]any{"child_name": "Ana", "last_seen_where": "park", "contact": map[string]any{"name": "M", "phone": "+381 11 000 0012"}}).want(201)
	open := ana.get("/contacts?open=true").want(200).text("items.0.id")
	ana.post("/contacts/"+open+"/messages", map[string]any{"text": "We call you at six."}).want(200)
	ana.post("/contacts/"+open+"/case", aCase(s)).want(201)
	anybody.post("/public/follow", map[string]any{"code": report.text("code")}).want(200)
	ana.post("/contacts/"+open+"/check", map[string]any{"party": "left_behind", "identity": "police", "custody": "register", "orders": "court"}).want(200)
	stop := map[string]any{"code": report.text("code"), "object": map[string]any{"kind": "mistake"}}
	anybody.post("/public/follow", stop).want(200)
	objection := ana.get("/contacts/" + open).want(200).text("objections.0.id")
	ana.post("/contacts/"+open+"/objections/"+objection, map[string]any{"decision": "upheld", "reason": "They are right."}).want(200)
	ana.post("/contacts/"+open+"/uncheck", map[string]any{"reason": "A mistake of ours."}).want(200)
	ct := ana.post("/contacts", map[string]any{
		"channel": "phone", "kind": "support", "at": s.now(), "language": "sr-Latn", "asked": "a", "promised": "b", "promised_until": s.now().Add(time.Hour),
		"caller": map[string]any{"name": "M"}, "police": map[string]any{"unit": "PU", "reported_at": s.now()},
	}).want(201)
	one := "/contacts/" + ct.text("id")
	ana.get(one).want(200)
	ana.with("If-Match", ct.header.Get("ETag")).patch(one, map[string]any{"kept": true, "case_id": nil, "police": map[string]any{"reported_at": nil, "reference": "K-1"}}).want(200)
	ana.get("/contacts?kind=support&limit=1").want(200)
	ana.get("/known?given=Ana&phone=110000012").want(200)
}

func (s *testServer) goThroughAlerts() {
	ana, duty, anybody := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer), s.as(alerts.RolePublic)
	_, partner := s.organisation("Traži")
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	form, kind := formWith("photo", "x.jpg", jpegOf(corners(16, 16)))
	photo := ana.with("Content-Type", kind).post("/cases/"+id+"/photos", form).want(201).text("id")
	draft := ana.post("/cases/"+id+"/alerts", edited(anAlert(s, "partner", ""), photo, "photo_id")).want(201)
	at := "/alerts/" + draft.text("id")
	ana.get(at).want(200)
	ana.get(at + "/audience").want(200)
	duty.post(at+"/release", map[string]any{"content_hash": draft.text("content_hash")}).want(200)
	partner.get("/partner" + at).want(200)
	partner.get(at + "/photo").want(200)
	partner.get(at + "/cap.xml").want(200)
	anybody.get(at+"/cap.xml").wrong(404, "")
	anybody.get(at+"/photo").wrong(404, "")
	up := ana.post(at+"/update", map[string]any{"area": map[string]any{"areas": []any{polygon([2]float64{20, 44}, [2]float64{21, 44}, [2]float64{21, 45}, [2]float64{20, 44})}}}).want(201)
	ana.post(at+"/release", map[string]any{"content_hash": up.text("content_hash"), "emergency": map[string]any{"reason": "the train leaves now"}}).want(200)
	duty.post(at+"/review", nil).want(200)
	ana.get("/alerts?state=live&drafts=false&case=" + id).want(200)
	for _, act := range []string{"opened", "answer", "done"} {
		partner.post("/partner"+at+"/"+act, map[string]any{"alert_id": draft.text("id"), "answer": "accepted", "by": "Mira", "outcome": "shared"}).want(200)
	}
	partner.post("/partner"+at+"/opened", map[string]any{"alert_id": "another"}).wrong(422, "alert_id")
	partner.get("/partner/alerts").want(200)
	ana.get(at + "/deliveries").want(200)
	ana.post(at+"/cancel", map[string]any{"reason": "found"}).want(200)
	partner.get("/partner"+at).wrong(410, "")
	partner.get(at + "/cancel.xml").want(200)
	anybody.get(at+"/cancel.xml").wrong(404, "")
	partner.get("/partner/alerts").want(200)
	partner.post("/partner"+at+"/removed", nil).want(200)
	s.release("public_appeal")
	anybody.get("/feeds/alerts.atom?lang=sr-Latn").want(200)
	anybody.get("/openapi.json").want(200)
	anybody.get("/asyncapi.json").want(200)
}

func (s *testServer) goThroughOrganisations() {
	ana, admin, duty := s.as(alerts.RoleCoordinator), s.as(alerts.RoleAdministrator), s.as(alerts.RoleDutyOfficer)
	made := admin.post("/partners", map[string]any{
		"name": "Patrola", "languages": []string{"sr"}, "agreement": map[string]any{}, "people": []any{map[string]any{"name": "Mira", "function": "dispatcher"}},
		"coverage": map[string]any{"circles": []any{map[string]any{"center": []float64{20.4, 44.8}, "radius_m": 30000}}},
	}).want(201)
	at := "/partners/" + made.text("id")
	admin.post(at+"/approve", nil).want(403)
	duty.post(at+"/approve", nil).want(200)
	v := admin.get(at).want(200)
	admin.with("If-Match", v.header.Get("ETag")).patch(at, map[string]any{"agreement": map[string]any{"reference": "B", "valid_until": s.now().Add(time.Hour)}}).want(200)
	admin.get("/partners?limit=1").want(200)
	key := duty.post(at+"/tokens", map[string]any{"name": "m", "levels": []string{"partner"}, "expires_at": s.now().Add(time.Hour)}).want(201)
	client{s: s, token: key.text("token")}.get("/me").want(200)
	duty.delete(at + "/tokens/" + key.text("id")).want(200)
	client{s: s, token: key.text("token")}.get("/me").wrong(401, "")
	admin.post(at+"/suspend", nil).want(200)
	inst := ana.post("/institutions", map[string]any{"name": "Prvi sud", "kind": "court", "country": "RS", "channels": []any{map[string]any{"kind": "phone", "value": "+381 11 000 0033"}}}).want(201)
	one := "/institutions/" + inst.text("id")
	ana.get(one).want(200)
	ana.with("If-Match", inst.header.Get("ETag")).patch(one, map[string]any{"hours": "9-15", "verified_at": s.now()}).want(200)
	ana.get("/institutions?country=RS&kind=court&q=sud&freshness=verified").want(200)
}

func (s *testServer) goThroughMatters() {
	ana := s.as(alerts.RoleCoordinator)
	court := ana.post("/institutions", map[string]any{"name": "Central Authority", "kind": "court", "country": "DE"}).want(201).text("id")
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	m := ana.post("/cases/"+id+"/abduction", map[string]any{
		"kind": "retention", "wrongful_date": "2031-01-10", "from_state": "RS", "to_state": "DE", "proceedings_started_at": "2031-02-01",
	}).want(201)
	at := "/abductions/" + m.text("id")
	ana.get(at).want(200)
	ana.with("If-Match", m.header.Get("ETag")).patch(at, map[string]any{"whereabouts": "Berlin", "proceedings_started_at": nil}).want(200)
	if n := ana.get(at + "/clocks").want(200).count("items"); n == 0 {
		s.t.Error("a matter without clocks")
	}
	entry := ana.post(at+"/contacts", map[string]any{"institution_id": court, "direction": "out", "channel": "email", "at": s.now(), "request": "return", "promised_date": "2031-03-20"}).want(201)
	if entry.at("n") != 1.0 {
		s.t.Errorf("the first contact is %v", entry.at("n"))
	}
	ana.get("/deadlines?case=" + id + "&state=running&until=2031-12-31").want(200)
	ana.get("/deadlines?kind=contact&institution=" + court).want(200)
	ana.post(at+"/contacts/1/answer", map[string]any{"at": s.now(), "text": "granted", "satisfied": "partly"}).want(200)
	ana.post(at+"/contacts/one/answer", map[string]any{}).want(404)
	ana.get("/abductions?state=open&limit=5").want(200)
	s.goThroughProcedure(at)
}

func (s *testServer) goThroughAccounts() {
	admin := s.as(alerts.RoleAdministrator)
	person := admin.post("/accounts", map[string]any{"kind": "person", "role": "operator", "name": "Mila", "email": "mila@example.org"}).want(201)
	at := "/accounts/" + person.text("id")
	admin.get(at).want(200)
	admin.get("/accounts").want(200)
	admin.post(at+"/invite", nil).want(200)
	admin.post(at+"/tokens", map[string]any{"name": "x"}).want(403)
	service := admin.post("/accounts", map[string]any{"kind": "service", "role": "operator", "name": "p"}).want(201).text("id")
	token := admin.post("/accounts/"+service+"/tokens", map[string]any{"name": "x", "expires_at": s.now().Add(time.Hour)}).want(201)
	program := client{s: s, token: token.text("token")}
	program.get("/me").want(200)
	admin.delete("/accounts/" + service + "/tokens/" + token.text("id")).want(200)
	program.get("/me").wrong(401, "")
	admin.post(at+"/disable", nil).want(200)
	admin.post("/accounts", map[string]any{"kind": "person", "role": "king", "name": ""}).wrong(422, "role").wrong(422, "name").wrong(422, "email")
}

func TestAnonymousReportsKeepNoExactTime(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	s.as(alerts.RolePublic).post("/public/sightings", aSighting(s)).want(201)
	v := s.as(alerts.RoleDutyOfficer).get("/sightings").want(200)
	for _, field := range []string{"observed_at", "reported_at", "created_at", "updated_at"} {
		if at := v.text("features.0.properties." + field); !strings.HasSuffix(at, ":00:00Z") {
			t.Errorf("%s is %s", field, at)
		}
	}
}

func TestFloods(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	anybody := s.as(alerts.RolePublic).with("X-Forwarded-For", "2001:db8::1")
	for range followsAnHour {
		anybody.post("/public/follow", map[string]any{"code": "A"}).want(404)
	}
	if r := anybody.post("/public/follow", map[string]any{"code": "A"}).wrong(429, ""); r.header.Get("Retry-After") == "" {
		t.Error("nobody says when to come back")
	}
	// The same network is the same /64; another one is not held up.
	anybody.with("X-Forwarded-For", "2001:db8::ffff").post("/public/follow", map[string]any{"code": "A"}).want(429)
	anybody.with("X-Forwarded-For", "2001:db8:0:1::1").post("/public/follow", map[string]any{"code": "A"}).want(404)
	for range apiSightingsAnHour + 1 {
		anybody.post("/public/sightings", aSighting(s)).want(201)
	}
	doubtful := 0
	list := s.as(alerts.RoleDutyOfficer).get("/sightings?limit=200").want(200)
	for _, f := range list.at("features").([]any) {
		if f.(map[string]any)["properties"].(map[string]any)["doubt"] != nil {
			doubtful++
		}
	}
	if list.count("features") != apiSightingsAnHour+1 || doubtful != 1 {
		t.Errorf("%d sightings are kept, %d of them doubtful", list.count("features"), doubtful)
	}
}

// TestReadersSeeTheirOwnWrites sends the position of a write with a read.
func TestReadersSeeTheirOwnWrites(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	at := ana.post("/cases", aCase(s)).want(201).header.Get("Homeward-Position")
	if at == "" {
		t.Fatal("a write without a position")
	}
	if n := ana.with("Homeward-Position", at).get("/cases").want(200).count("items"); n != 1 {
		t.Errorf("%d cases", n)
	}
	if s.as(alerts.RolePublic).post("/public/sightings", aSighting(s)).want(201).header.Get("Homeward-Position") != "" {
		t.Error("the public learns how many changes there are")
	}
}

// TestAKeyGetsItsLevelsOnly asks with a key for public appeals for an alert to
// partners.
func TestAKeyGetsItsLevelsOnly(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	id, whole := s.organisation("Traži")
	key := s.as(alerts.RoleDutyOfficer).post("/partners/"+id+"/tokens", map[string]any{"name": "m", "levels": []string{"public_appeal"}}).want(201)
	small := client{s: s, token: key.text("token")}
	rel := s.release("partner")
	whole.get("/alerts/" + rel.alert + "/cap.xml").want(200)
	for _, path := range []string{"/alerts/" + rel.alert + "/cap.xml", "/partner/alerts/" + rel.alert} {
		small.get(path).wrong(404, "")
	}
	if n := small.get("/partner/alerts").want(200).count("items"); n != 0 {
		t.Errorf("%d alerts", n)
	}
	up := s.release("public_appeal")
	small.get("/alerts/" + up.alert + "/cap.xml").want(200)
	if n := small.get("/partner/alerts").want(200).count("items"); n != 1 {
		t.Errorf("%d alerts", n)
	}
}
