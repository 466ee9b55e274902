package web

import (
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

// aCase is a case as a program sends it.
func aCase(s *testServer) map[string]any {
	return map[string]any{
		"category": "runaway",
		"children": []any{map[string]any{
			"names": []any{map[string]any{"given": "Đorđe", "family": "Petrović", "kind": "birth", "script": "Latn"}},
			"sex":   "male", "birth_date": "2019-05-02", "description": map[string]any{"hair": "brown", "clothing": "blue jacket"},
		}},
		"last_seen": map[string]any{
			"at": s.now().Add(-3 * time.Hour), "precision_min": 30, "accuracy_m": 200, "label": "bus stop",
			"place": map[string]any{"type": "Point", "coordinates": []float64{20.4573, 44.8178}},
		},
		"circumstances": "left after school",
		"police":        map[string]any{"reported_at": s.now().Add(-time.Hour), "unit": "PU Beograd", "reference": "R-17"},
	}
}

// anAlert is a draft at a level; public ones need a decision.
func anAlert(s *testServer, level, decision string) map[string]any {
	a := map[string]any{
		"level": level, "severity": "severe", "expires_at": s.now().Add(24 * time.Hour),
		"area": map[string]any{"regions": []string{"RS"}, "circles": []any{map[string]any{"center": []float64{20.4573, 44.8178}, "radius_m": 15000}}},
		"texts": map[string]any{
			"en":      map[string]any{"headline": "Missing boy", "description": "Blue jacket.", "instruction": "Call 192."},
			"sr-Latn": map[string]any{"headline": "Nestao dečak", "description": "Plava jakna.", "instruction": "Pozovite 192."},
		},
	}
	if decision != "" {
		a["decision_id"] = decision
	}
	return a
}

// released is a case with an alert that is out.
type released struct {
	caseID, number, alert, slug string
}

// release opens a case and releases an alert of it.
func (s *testServer) release(level string) released {
	s.t.Helper()
	ana, boris := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	cs := ana.post("/cases", aCase(s)).want(201)
	out := released{caseID: cs.text("id"), number: cs.text("number")}
	decision := ""
	if level == "public_appeal" || level == "national_mirror" {
		decision = ana.post("/cases/"+out.caseID+"/decisions", map[string]any{
			"level": level, "authority": "Ministry of the Interior", "person": "Inspector", "basis": "law", "reference": "D-5", "decided_at": s.now().Add(-time.Minute),
		}).want(201).text("id")
		ana.post("/cases/"+out.caseID+"/consents", map[string]any{
			"class": "P1", "audience": "public", "purpose": "search", "basis": "consent", "given_by": "the mother",
		}).want(201)
	}
	draft := ana.post("/cases/"+out.caseID+"/alerts", anAlert(s, level, decision)).want(201)
	out.alert = draft.text("id")
	v := boris.post("/alerts/"+out.alert+"/release", map[string]any{"content_hash": draft.text("content_hash")}).want(200)
	if v.text("state") != "live" {
		s.t.Fatalf("the alert is %s", v.body)
	}
	out.slug, _ = v.at("slug").(string)
	return out
}

func TestTheWholeWay(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	admin := s.as(alerts.RoleAdministrator)
	// Accounts: made by the administrator, tokens for programs.
	acc := admin.post("/accounts", map[string]any{"kind": "service", "role": "coordinator", "name": "intake"}).want(201)
	if acc.header.Get("Location") != "/api/v1/accounts/"+acc.text("id") || acc.header.Get("ETag") != `"1"` {
		t.Errorf("the account came without address or version: %v", acc.header)
	}
	made := admin.post("/accounts/"+acc.text("id")+"/tokens", map[string]any{"name": "intake"}).want(201)
	program := client{s: s, token: made.text("token")}
	if program.get("/me").want(200).text("role") != "coordinator" {
		t.Error("the program is somebody else")
	}
	partnerID, partner := s.organisation("Traži")
	duty, other := s.as(alerts.RoleDutyOfficer), s.person(alerts.RoleCoordinator, "Boris")
	ana := s.as(alerts.RoleCoordinator)

	cs := ana.post("/cases", aCase(s)).want(201)
	id, number := cs.text("id"), cs.text("number")
	if cs.text("state") != "verifying" || cs.header.Get("Homeward-Position") == "" {
		t.Errorf("the case came as %s with %v", cs.text("state"), cs.header)
	}
	seen := program.post("/sightings", map[string]any{
		"case_number": number, "observed_at": s.now().Add(-time.Hour), "text": "at the station",
		"place": map[string]any{"type": "Point", "coordinates": []float64{20.46, 44.81}}, "accuracy_m": 50,
	}).want(201)
	if seen.text("state") != "new" {
		t.Error("a new sighting is not new")
	}
	ana.post("/sightings/"+seen.text("id")+"/assess", map[string]any{"source": "B", "information": 2}).want(200)
	ana.post("/sightings/"+seen.text("id")+"/handover", map[string]any{"unit": "PU Beograd"}).want(200)
	list := ana.get("/sightings?case=" + id + "&min_grade=C3&bbox=20,44,21,45").want(200)
	if list.text("type") != "FeatureCollection" || list.count("features") != 1 {
		t.Errorf("the list is %s", list.body)
	}
	if tile := ana.get("/tiles/sightings/0/0/0.mvt").want(200); len(tile.body) == 0 || tile.header.Get("Content-Type") != mimeTile {
		t.Error("the tile is empty")
	}
	rel := s.releasePublicly(ana, duty, id)
	// The author alone cannot release, not even another revision.
	up := other.post("/alerts/"+rel.alert+"/update", map[string]any{"texts": anAlert(s, "", "")["texts"]}).want(201)
	other.post("/alerts/"+rel.alert+"/release", map[string]any{"content_hash": up.text("content_hash")}).want(403)
	duty.post("/alerts/"+rel.alert+"/release", map[string]any{"content_hash": up.text("content_hash")}).want(200)

	s.checkOut(rel, partner, partnerID)
	// One person ends it; no version is asked for.
	ana.post("/cases/"+id+"/close", map[string]any{"outcome": "found_safe", "at": s.now(), "note": "at her aunt's"}).want(200)
	s.checkGone(rel, partner)
	ana.post("/cases/"+id+"/confirm", nil).want(403)
	other.post("/cases/"+id+"/confirm", nil).want(200)
	if tile := duty.get("/tiles/sightings/0/0/0.mvt").want(200); len(tile.body) != 0 {
		t.Error("the map still has sightings of a child that was found")
	}
	if strings.Contains(s.logs.String(), "Petrović") {
		t.Error("a name is in the log")
	}
}

// releasePublicly takes a case to the public.
func (s *testServer) releasePublicly(author, releaser client, caseID string) released {
	s.t.Helper()
	decision := author.post("/cases/"+caseID+"/decisions", map[string]any{
		"level": "public_appeal", "authority": "Ministry", "basis": "law", "reference": "D-5", "decided_at": s.now().Add(-time.Minute),
	}).want(201)
	body := anAlert(s, "public_appeal", decision.text("id"))
	draft := author.post("/cases/"+caseID+"/alerts", body).want(201)
	id, hash := draft.text("id"), map[string]any{"content_hash": draft.text("content_hash")}
	author.post("/alerts/"+id+"/release", hash).want(403)
	releaser.post("/alerts/"+id+"/release", hash).wrong(422, "consents")
	author.post("/cases/"+caseID+"/consents", map[string]any{
		"class": "P1", "audience": "public", "purpose": "search", "basis": "consent", "given_by": "the mother",
	}).want(201)
	if n := author.get("/alerts/" + id + "/audience").want(200).count("items"); n != 1 {
		s.t.Errorf("the audience has %d", n)
	}
	v := releaser.post("/alerts/"+id+"/release", hash).want(200)
	return released{caseID: caseID, alert: id, slug: v.text("slug"), number: v.text("case_number")}
}

// checkOut looks at a public alert from every side.
func (s *testServer) checkOut(rel released, partner client, partnerID string) {
	s.t.Helper()
	anybody := s.as(alerts.RolePublic)
	anybody.send("GET", "/appeals/"+rel.slug, nil).want(200)
	x := anybody.get("/alerts/" + rel.alert + "/cap.xml").want(200)
	if !strings.Contains(string(x.body), "<msgType>Update</msgType>") || x.header.Get("Content-Type") != "application/cap+xml" {
		s.t.Errorf("CAP: %s", x.body)
	}
	if first := anybody.get("/alerts/" + rel.alert + "/cap.xml?revision=1").want(200); !strings.Contains(string(first.body), "<msgType>Alert</msgType>") {
		s.t.Errorf("CAP of revision 1: %s", first.body)
	}
	anybody.get("/alerts/" + rel.alert + "/cancel.xml").want(404)
	if feed := anybody.get("/feeds/alerts.atom").want(200); !strings.Contains(string(feed.body), rel.slug) {
		s.t.Errorf("the feed has no entry: %s", feed.body)
	}
	mine := partner.get("/partner/alerts").want(200)
	if mine.count("items") != 1 || mine.text("items.0.alert_id") != rel.alert {
		s.t.Errorf("the partner has %s", mine.body)
	}
	partner.post("/partner/alerts/"+rel.alert+"/opened", nil).want(200)
	partner.post("/partner/alerts/"+rel.alert+"/answer", map[string]any{"answer": "accepted", "by": "Mira"}).want(200)
	d := s.as(alerts.RoleCoordinator).get("/alerts/" + rel.alert + "/deliveries").want(200)
	if d.count("items") != 1 || d.text("items.0.partner_id") != partnerID || d.text("items.0.state") != "accepted" || d.text("items.0.by") != "Mira" {
		s.t.Errorf("the ledger says %s", d.body)
	}
}

// checkGone looks for what is left of an alert that has been withdrawn.
func (s *testServer) checkGone(rel released, partner client) {
	s.t.Helper()
	anybody := s.as(alerts.RolePublic)
	anybody.send("GET", "/appeals/"+rel.slug, nil).want(410)
	anybody.send("GET", "/appeals/"+rel.slug+"/photo", nil).want(410)
	for _, c := range []client{anybody, partner, s.as(alerts.RoleCoordinator)} {
		c.get("/alerts/"+rel.alert+"/cap.xml").wrong(410, "")
		c.get("/alerts/"+rel.alert+"/cap.xml?revision=1").wrong(410, "")
		c.get("/alerts/"+rel.alert+"/photo").wrong(410, "")
		x := c.get("/alerts/" + rel.alert + "/cancel.xml").want(200)
		if !strings.Contains(string(x.body), "<msgType>Cancel</msgType>") || strings.Contains(string(x.body), "Missing boy") {
			s.t.Errorf("the Cancel says %s", x.body)
		}
	}
	if feed := anybody.get("/feeds/alerts.atom").want(200); strings.Contains(string(feed.body), rel.slug) {
		s.t.Error("the feed still has the appeal")
	}
	mine := partner.get("/partner/alerts").want(200)
	if mine.count("items") != 0 || mine.count("withdrawals") != 1 || mine.text("withdrawals.0.reason") != "cancelled" {
		s.t.Errorf("the partner has %s", mine.body)
	}
	partner.post("/partner/alerts/"+rel.alert+"/answer", map[string]any{"answer": "declined"}).want(410)
	partner.post("/partner/alerts/"+rel.alert+"/removed", nil).want(200)
	if left := partner.get("/partner/alerts").want(200).count("withdrawals"); left != 0 {
		s.t.Errorf("%d withdrawals are left", left)
	}
}
