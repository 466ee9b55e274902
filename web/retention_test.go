package web

import (
	"testing"

	"homeward/alerts"
)

// goThroughRetention answers every operation on what follows the end of a case.
func (s *testServer) goThroughRetention(id string) {
	ana, officer, at := s.as(alerts.RoleCoordinator), s.as(alerts.RolePrivacyOfficer), "/cases/"+id
	ana.post(at+"/interviews", map[string]any{"state": "declined", "with": "social_work", "at": s.now(), "note": "asked twice"}).want(200)
	ana.post(at+"/interviews", map[string]any{"state": "maybe"}).wrong(422, "state").wrong(422, "with")
	officer.get(at + "/retention").want(200)
	v := officer.post(at+"/retention/propose", map[string]any{"ground": "proceedings", "reason": "the court asked", "reference": "K 1/31"}).want(200)
	hold := map[string]any{"hold": v.text("holds.0.id")}
	officer.post(at+"/retention/confirm", hold).want(403)
	ana.post(at+"/retention/confirm", hold).want(200)
	if n := officer.get("/retention").want(200).count("held"); n != 1 {
		s.t.Errorf("%d files are held", n)
	}
	ana.post(at+"/retention/end", edited(hold, "the court has it", "reason")).want(200)
	ana.post(at+"/retention/take_back", hold).want(200)
	ana.post(at+"/retention/end", edited(hold, "the court has it", "reason")).want(200)
	officer.post(at+"/retention/confirm_end", hold).want(200)
	ana.post(at+"/retention/erase", hold).want(404)
}

// TestRetentionHasItsPages goes through the pages as a coordinator and the privacy
// officer do.
func TestRetentionHasItsPages(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, officer := s.as(alerts.RoleCoordinator), s.as(alerts.RolePrivacyOfficer)
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	page, file := "/desk/cases/"+id, "/desk/retention/"+id
	ana.send("GET", page+"/after", nil).want(200).has("The time begins when the case is closed.")
	ana.form(page+"/interviews", "state", "offered", "with", "hotline").want(409)
	ana.post("/cases/"+id+"/close", map[string]any{"outcome": "found_safe"}).want(200)
	ana.send("GET", page, nil).want(200).has("The file is kept until").has(page + "/after")
	ana.form(page+"/interviews", "state", "").want(422).has("f-state")
	locationOf(ana.form(page+"/interviews", "state", "declined", "with", "school", "note", "asked twice"))
	ana.send("GET", page+"/after", nil).want(200).has("asked twice").has("Declined by the child")
	officer.send("GET", page+"/after", nil).want(403)
	officer.send("GET", "/desk/retention", nil).want(200).has("No file has reached its day.")
	officer.form(file+"/propose", "ground", "", "reason", "").want(422).has("f-reason")
	locationOf(officer.form(file+"/propose", "ground", "proceedings", "reason", "the court asked"))
	officer.send("GET", file, nil).want(200).has("the court asked").has("Another person has to confirm this.")
	hold := officer.get("/cases/" + id + "/retention").want(200).text("holds.0.id")
	officer.form(file+"/confirm", "hold", hold).want(403)
	locationOf(ana.form(file+"/confirm", "hold", hold))
	ana.form(file+"/end", "hold", hold, "reason", "").want(422).has("end-why-" + hold)
	locationOf(ana.form(file+"/end", "hold", hold, "reason", "no longer"))
	ana.form(file+"/confirm_end", "hold", hold).want(403)
	locationOf(officer.form(file+"/confirm_end", "hold", hold))
	s.as(alerts.RoleOperator).send("GET", file, nil).want(403)
}
