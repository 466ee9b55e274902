package web

import (
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// protected are the records of an estate that have rules of their own.
type protected struct {
	mediation, prevention, referral, conference, invitation string
	search, task                                            string
}

// insider is the role of whoever is named in the estate's mediation: not one
// that the matrix would let look at anything.
const insider = alerts.RoleAdministrator

// allowed decides over words that the matrix does not decide: what is in a
// mediation is for who is named, and the words of a hidden fact for nobody.
func (protected) allowed(role alerts.Role, w planted) (may, decided bool) {
	switch {
	case w.where == "mediation":
		return role == insider, true
	case w.where == "orders" && role == insider:
		return true, true
	case w.class == alerts.Kept:
		return false, true
	}
	return false, false
}

func protectedPaths() []string {
	return []string{
		"/api/v1/abductions/MATTER/mediations", "/api/v1/abductions/MATTER/yellow", "/api/v1/mediations", "/api/v1/mediations/MEDIATION",
		"/api/v1/preventions", "/api/v1/preventions?case=CASE", "/api/v1/preventions/PREVENTION", "/api/v1/digests", "/api/v1/protection",
		"/desk", "/desk/deadlines", "/desk/cases/CASE", "/desk/cases/CASE/hidden", "/desk/cases/CASE/people", "/desk/cases/CASE/timeline", "/desk/cases/CASE/matters",
		"/desk/abductions", "/desk/abductions/MATTER", "/desk/abductions/MATTER/protection", "/desk/abductions/MATTER/procedure", "/desk/abductions/MATTER/papers",
		"/desk/mediations", "/desk/mediations/MEDIATION", "/desk/preventions", "/desk/preventions/PREVENTION", "/desk/digests", "/account", "/calendar/hw_nothing.ics",
	}
}

// plantProtection writes a word into every text of what is hidden, of a
// mediation and of a prevention record.
func (e *estate) plantProtection(ana client) {
	p := e.plant
	party := ana.post("/cases/"+e.caseID+"/parties", map[string]any{"kind": "guardian", "name": p("case", alerts.P3, "guardian")}).want(201).text("id")
	ana.post("/cases/"+e.caseID+"/hidden", map[string]any{
		"party": party, "fields": []string{"school"}, "why": e.plantIn("case", alerts.P3, alerts.P5, "hidewhy"), "words": []string{p("case", alerts.Kept, "hideword")},
	}).want(200)
	inside := e.clients[insider]
	m := ana.post("/abductions/"+e.matter+"/mediations", map[string]any{"offered_on": "2031-02-01", "named": []string{e.actors[insider].ID}}).want(201)
	e.protect.mediation = m.text("id")
	at := "/mediations/" + e.protect.mediation
	m = ana.with("If-Match", m.header.Get("ETag")).patch(at, map[string]any{"orders": []any{map[string]any{
		"state": "RS", "court": p("orders", alerts.P3, "court"), "reference": p("orders", alerts.P3, "reference"), "requested_on": "2031-02-02",
	}}}).want(200)
	in := func(field string) string { return p("mediation", alerts.Kept, field) }
	inside.with("If-Match", m.header.Get("ETag")).patch(at+"/inside", map[string]any{
		"mediators": []any{map[string]any{"name": in("mediator"), "profession": "legal", "languages": []string{"sr"}}},
		"session":   map[string]any{"at": e.now(), "mode": "video", "note": in("session")}, "note": in("note"), "draft": in("draft"),
	}).want(200)
	in = func(field string) string { return p("prevention", alerts.P3, field) }
	v := ana.post("/preventions", map[string]any{
		"case_id": e.caseID, "children": []any{map[string]any{"name": p("prevention", alerts.P1, "child")}}, "worried": in("worried"), "feared": in("feared"), "to_states": []string{"DE"},
	}).want(201)
	e.protect.prevention = v.text("id")
	at = "/preventions/" + e.protect.prevention
	for path, body := range map[string]map[string]any{
		"/factors":  {"factors": []any{map[string]any{"factor": "prior_threat", "present": "yes", "note": e.plantIn("prevention", alerts.P3, alerts.P5, "factor")}}},
		"/measures": {"kind": "border_police", "country": "RS", "requested_by": in("asker"), "reference": in("measureref"), "note": in("measurenote"), "expires_on": "2031-12-01"},
		"/consents": {"given_by": in("giver"), "to_state": "DE", "from": "2031-01-01", "until": "2031-12-31"},
		"/journeys": {"on": "2031-12-31", "note": in("journey")},
		"/told":     {"at": e.now(), "who": in("toldwho"), "what": in("toldwhat")},
	} {
		ana.post(at+path, body).want(200)
	}
}

// goThroughProtection asks every operation about protection once.
func (s *testServer) goThroughProtection() {
	ana, admin := s.as(alerts.RoleCoordinator), s.as(alerts.RoleAdministrator)
	ana.get("/protection").want(200)
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	party := ana.post("/cases/"+id+"/parties", map[string]any{"kind": "person", "name": "Aunt"}).want(201).text("id")
	v := ana.post("/cases/"+id+"/hidden", map[string]any{"party": party, "fields": []string{"address", "plan"}, "why": "threats", "words": []string{"Primerova 5"}}).want(200)
	ana.post("/cases/"+id+"/hidden/"+v.text("hidden.0.id")+"/lift", map[string]any{"reason": "moved away"}).want(200)
	matter := ana.post("/cases/"+id+"/abduction", map[string]any{"kind": "removal", "wrongful_date": "2031-01-01", "from_state": "RS", "to_state": "DE"}).want(201).text("id")
	ana.get("/abductions/" + matter + "/yellow").want(200)
	me := ana.get("/me").want(200).text("id")
	m := ana.post("/abductions/"+matter+"/mediations", map[string]any{"offered_on": "2031-02-01", "named": []string{me}}).want(201)
	at := "/mediations/" + m.text("id")
	m = ana.with("If-Match", m.header.Get("ETag")).patch(at, map[string]any{
		"started_on": "2031-02-02", "ended_on": "2031-02-03", "outcome": "agreed", "orders": []any{map[string]any{"state": "RS", "granted_on": "2031-02-04"}},
	}).want(200)
	ana.with("If-Match", m.header.Get("ETag")).patch(at+"/inside", map[string]any{
		"named": []string{me}, "mediators": []any{map[string]any{"name": "Mira", "profession": "legal", "languages": []string{"sr"}}},
		"session": map[string]any{"at": s.now(), "mode": "in_person"}, "note": "n", "draft": "d",
	}).want(200)
	ana.get(at).want(200)
	ana.get("/mediations").want(200)
	ana.get("/abductions/" + matter + "/mediations").want(200)
	p := ana.post("/preventions", map[string]any{"children": []any{map[string]any{"name": "Una", "birth_date": "2020", "nationalities": []string{"RS"}}}}).want(201)
	at = "/preventions/" + p.text("id")
	ana.get("/preventions?state=open&limit=1").want(200)
	ana.get(at).want(200)
	ana.with("If-Match", p.header.Get("ETag")).patch(at, map[string]any{"case_id": id, "worried": "Mother", "to_states": []string{"DE"}}).want(200)
	ana.post(at+"/factors", map[string]any{"factors": []any{map[string]any{"factor": "disorder", "present": "no"}}}).want(200)
	p = ana.post(at+"/measures", map[string]any{"kind": "sis_32_1_c", "country": "HU", "requested_on": "2031-02-01"}).want(200)
	ana.post(at+"/measures/"+p.text("measures.0.id"), map[string]any{"kind": "sis_32_1_c", "country": "HU", "requested_on": "2031-02-01", "confirmed_on": "2031-02-02", "expires_on": "2031-12-02"}).want(200)
	p = ana.post(at+"/consents", map[string]any{"given_by": "Father", "to_state": "DE", "from": "2031-01-01", "until": "2031-12-02", "certified": true}).want(200)
	ana.post(at+"/consents/"+p.text("consents.0.id"), map[string]any{"revoked_on": "2031-02-03"}).want(200)
	p = ana.post(at+"/journeys", map[string]any{"on": "2031-12-24", "to_state": "DE", "alarm_days": 3}).want(200)
	ana.post(at+"/journeys/"+p.text("journeys.0.id"), map[string]any{"outcome": "cancelled"}).want(200)
	ana.post(at+"/told", map[string]any{"at": s.now(), "who": "School", "what": "Not to hand over"}).want(200)
	ana.get("/deadlines?kind=measure").want(200)
	ana.post("/me/digest", map[string]any{"at": "07:00"}).want(200)
	ana.post("/me/digest", map[string]any{"at": "07:01"}).wrong(422, "at")
	ana.post("/me/calendar", nil).want(201)
	ana.delete("/me/calendar").want(200)
	admin.get("/digests").want(200)
}

func TestHiddenFactsByPage(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, operator := s.as(alerts.RoleCoordinator), s.as(alerts.RoleOperator)
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	at := "/desk/cases/" + id
	ana.form(at+"/hidden", "words", "5").want(422).has(`href="#f-party"`, `href="#f-fields"`, `href="#f-why"`)
	locationOf(ana.form(at+"/hidden/parties", "kind", "guardian", "name", "Baka Primer"))
	locationOf(operator.form(at+"/hidden", "party", alerts.PartyTaking, "fields", "address", "fields", "plan", "words", "Primerova 5\r\n", "why", "There were threats."))
	page := ana.send("GET", at+"/hidden", nil).want(200).has("Baka Primer", "There were threats.", "texts are searched").lacks("Primerova")
	ana.send("GET", at, nil).want(200).has("Some facts must not become known", "taking person")
	operator.send("GET", at+"/hidden", nil).want(200).lacks("There were threats.", "Lift this")
	lift := between(string(page.body), "hidden?lift=", "#")
	operator.form(at+"/hidden/"+lift+"/lift", "reason", "x").want(403)
	ana.form(at+"/hidden/"+lift+"/lift", "reason", "").want(422).has(`href="#f-reason"`)
	locationOf(ana.form(at+"/hidden/"+lift+"/lift", "reason", "He has moved."))
	ana.send("GET", at+"/hidden", nil).want(200).has("Lifted", "He has moved.")
	ana.form(at+"/hidden/"+lift+"/lift", "reason", "again").want(409)
	s.as(alerts.RoleAdministrator).send("GET", at+"/hidden", nil).want(403)
}

func between(s, before, after string) string {
	_, s, _ = strings.Cut(s, before)
	s, _, _ = strings.Cut(s, after)
	return s
}

// A code is bound to a party; the other side's secrets never come by it.
func TestACodeShowsNothingHiddenFromItsHolder(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, anybody := s.as(alerts.RoleCoordinator), s.as(alerts.RolePublic)
	code := anybody.post("/public/reports", map[string]any{"child_name": "Ana", "last_seen_where": "park", "contact": map[string]any{"name": "M", "phone": "+381 11 000 0012"}}).want(201).text("code")
	contact := ana.get("/contacts?open=true").want(200).text("items.0.id")
	body := aCase(s)
	body["follow_up"] = map[string]any{"due_at": s.now().Add(time.Hour)}
	id := ana.post("/contacts/"+contact+"/case", body).want(201).text("id")
	follow := func() reply { return anybody.post("/public/follow", map[string]any{"code": code}).want(200) }
	ana.post("/contacts/"+contact+"/messages", map[string]any{"text": "She stays in Primerova 5."}).want(200)
	if v := follow(); v.at("next_call_at") != nil || v.count("messages") != 1 { // what the case promises is for whom the desk has checked
		t.Errorf("%s", v.body)
	}
	ana.post("/cases/"+id+"/hidden", map[string]any{"party": alerts.PartyLeftBehind, "fields": []string{"address", "plan"}, "why": "w", "words": []string{"Примерова 5"}}).want(200)
	// It is not settled who holds the code.
	if v := follow(); v.at("next_call_at") != nil || v.count("messages") != 0 {
		t.Errorf("%s", v.body)
	}
	ana.post("/contacts/"+contact+"/messages", map[string]any{"text": "Still in PRIMEROVA 5"}).wrong(422, "text")
	bind := func(party string) {
		ct := ana.get("/contacts/" + contact).want(200)
		ana.with("If-Match", ct.header.Get("ETag")).patch("/contacts/"+contact, map[string]any{"party": party}).want(200)
	}
	bind(alerts.PartyTaking)
	if v := follow(); v.at("next_call_at") != nil || v.count("messages") != 1 {
		t.Errorf("%s", v.body)
	}
	check := map[string]any{"party": alerts.PartyLeftBehind, "identity": "document_in_person", "custody": "court_decision", "orders": "court"}
	ana.post("/contacts/"+contact+"/check", check).want(200)
	if v := follow(); v.at("checked") != true || v.at("next_call_at") != nil || v.count("messages") != 0 {
		t.Errorf("%s", v.body)
	}
	page := anybody.form("/follow", "code", code).want(200).lacks("Primerova")
	if strings.Contains(strings.ToLower(string(page.body)), "hidden from") {
		t.Error("the page tells that something is hidden")
	}
	plan := ana.get("/cases/" + id).want(200).text("hidden.1.id")
	ana.post("/cases/"+id+"/hidden/"+plan+"/lift", map[string]any{"reason": "They may know."}).want(200)
	if v := follow(); v.at("next_call_at") == nil || v.count("messages") != 0 { // the control
		t.Errorf("%s", v.body)
	}
	ct := ana.get("/contacts/" + contact).want(200)
	ana.with("If-Match", ct.header.Get("ETag")).patch("/contacts/"+contact, map[string]any{"party": "stranger"}).wrong(422, "party")
}

func TestMediationByPage(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, duty := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	matter := ana.post("/cases/"+id+"/abduction", map[string]any{"kind": "removal", "wrongful_date": "2031-01-01", "from_state": "RS", "to_state": "DE"}).want(201).text("id")
	at := "/desk/abductions/" + matter
	ana.form(at+"/mediations").want(422).has(`href="#f-offered_on"`, `href="#f-named"`)
	inside := duty.get("/me").want(200).text("id")
	locationOf(ana.form(at+"/mediations", "offered_on", "2031-02-01", "named", inside))
	page := ana.send("GET", at+"/protection", nil).want(200).has("offered 1 February 2031", "sealed", "Ready for a yellow notice?", "is missing")
	med := "/desk/mediations/" + between(string(page.body), "/desk/mediations/", `"`)
	ana.send("GET", med, nil).want(200).has("sealed from you").lacks("Add a session")
	ana.form(med+"/inside", "part", "note", "note", "mine", "version", "1").want(404)
	duty.send("GET", med, nil).want(200).has("you are inside", "Add a session", "Two co-mediators are wanted.")
	duty.form(med+"/inside", "part", "note", "version", "1").want(422).has(`href="#f-note"`)
	locationOf(duty.form(med+"/inside", "part", "session", "session.at.date", "2031-02-02", "session.at.time", "10:00", "session.mode", "video", "session.note", "Zqsession", "version", "1"))
	locationOf(duty.form(med+"/inside", "part", "people", "named", inside, "mediators[0].name", "Mira", "mediators[0].profession", "legal", "mediators[0].language1", "de", "version", "2"))
	duty.form(med+"/inside", "part", "draft", "draft", "Zqdraft", "version", "1").want(412).has("Somebody has changed this", "Zqdraft")
	locationOf(ana.form(med, "offered_on", "2031-02-01", "started_on", "2031-02-02", "ended_on", "2031-02-03", "outcome", "agreed", "orders[0].state", "RS", "orders[0].granted_on", "2031-02-04", "version", "3"))
	duty.send("GET", med, nil).want(200).has("Zqsession", "Mira", "German", "Not enforceable yet in", "Germany")
	ana.send("GET", med, nil).want(200).has("Not enforceable yet in").lacks("Zqsession", "Mira")
	duty.send("GET", "/desk/mediations", nil).want(200).has(med)
	ana.send("GET", "/desk/mediations", nil).want(200).lacks(med)
}

func TestPreventionByPage(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	ana.form("/desk/preventions/new", "to_state1", "DE", "owner", "nobody").want(422).has(`href="#f-children"`, `href="#f-owner"`)
	me := ana.get("/me").want(200).text("id")
	page := locationOf(ana.form("/desk/preventions/new", "children[0].name", "Una Primer", "children[0].birth_date", "2020-04", "children[0].nationality1", "RS",
		"worried", "Mother", "feared", "Father", "to_state1", "DE", "to_state2", "TR", "owner", me))
	ana.send("GET", page, nil).want(200).has("Una Primer", "Germany, Türkiye", "With one parent no consent", "not checked against its source")
	ana.send("GET", page+"?open=factors", nil).want(200).has(`name="factor.prior_threat"`)
	locationOf(ana.form(page+"/factors", "factor.prior_threat", "yes", "note.prior_threat", "He said so."))
	ana.form(page+"/measures", "kind", "court_ban", "country", "").want(422).has(`href="#f-country"`)
	locationOf(ana.form(page+"/measures", "kind", "court_ban", "country", "RS", "requested_on", "2031-02-01", "requested_by", "The lawyer"))
	locationOf(ana.form(page+"/journeys", "on", s.now().AddDate(0, 0, 5).Format(time.DateOnly), "to_state", "TR"))
	locationOf(ana.form(page+"/consents", "given_by", "Mother", "to_state", "TR", "from", "2031-01-01", "until", "2031-01-05"))
	locationOf(ana.form(page+"/told", "who", "School", "at.date", "2031-02-01", "at.time", "09:00", "what", "Not to hand over"))
	if err := s.Partners.TakePreventionSteps(t.Context(), s.now()); err != nil {
		t.Fatal(err)
	}
	v := ana.send("GET", page, nil).want(200).has("The child may be taken on", "1 sign is there", "He said so.", "requested 1 February 2031", "the stay has ended", "School")
	ana.send("GET", "/desk", nil).want(200).has("Alarm before a journey", page)
	ana.send("GET", "/desk/deadlines", nil).want(200).has("A child may be taken abroad", "An agreed stay ends")
	journey := between(string(v.body), page+"/journeys/", `"`)
	locationOf(ana.form(page+"/journeys/"+journey, "seen", "yes"))
	locationOf(ana.form(page+"/journeys/"+journey, "outcome", "stayed"))
	ana.send("GET", page, nil).want(200).has("the child stayed").lacks("The child may be taken on")
	measure := between(string(v.body), "?open=", "#measure-")
	measure = measure[strings.LastIndex(measure, "=")+1:]
	locationOf(ana.form(page+"/measures/"+measure, "kind", "court_ban", "country", "RS", "requested_on", "2031-02-01", "confirmed_on", "2031-02-03"))
	ana.send("GET", page, nil).want(200).has("confirmed 3 February 2031")
	locationOf(ana.form(page, "state", "over", "children[0].name", "Una Primer", "owner", me, "version", "10"))
	ana.form(page, "state", "over", "children[0].name", "Una Primer", "owner", me, "version", "1").want(412).has("Somebody has changed this")
	ana.send("GET", "/desk/preventions?state=over", nil).want(200).has("Una Primer")
}

func TestEveryRowOfTheProtectionDataHasAText(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	data := s.Partners.Protection()
	has := func(group, id string) {
		for _, l := range languages() {
			if !s.texts.has(l, group+"."+id) {
				t.Errorf("%s.%s has no text in %s", group, id, l)
			}
		}
	}
	for _, e := range data.Factors {
		has("factor", e.ID)
	}
	for _, e := range data.Measures {
		has("measure", e.ID)
	}
	for _, e := range data.Facts {
		has("border_fact", e.ID)
	}
	for _, e := range data.Yellow {
		has("yellow", e.ID)
	}
	for _, e := range data.Mediation {
		has("mediation_fact", e.ID)
	}
	for group, words := range map[string][]string{
		"hide": alerts.HiddenFields(), "party": append(alerts.PartyKinds(), alerts.PartyLeftBehind, alerts.PartyTaking), "mediation_outcome": partners.MediationOutcomes(),
		"profession": partners.MediatorProfessions(), "session_mode": partners.SessionModes(), "prevention_state": partners.PreventionStates(),
		"journey_outcome": partners.JourneyOutcomes(), "factor_answer": partners.FactorAnswers(), "mediation_wanting": {"two_mediators", "professions", "languages"},
	} {
		for _, w := range words {
			has(group, w)
		}
	}
	for _, k := range partners.DeadlineKinds() {
		has("deadline", "kind_"+string(k))
		has("deadline_kind", string(k))
	}
}
