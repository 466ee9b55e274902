package web

import (
	"testing"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
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
	ana.post(at+"/retention/burn", hold).want(404)
	ana.post(at+"/retention/erase", map[string]any{"reason": "asked"}).want(409)
	closed := s.closedCase()
	at = "/cases/" + closed + "/retention"
	ana.post(at+"/erase", map[string]any{}).wrong(422, "reason")
	v = ana.post(at+"/erase", map[string]any{"reason": "asked"}).want(200)
	erasing := map[string]any{"erasing": v.text("erasing.id")}
	ana.post(at+"/confirm_erase", erasing).want(403)
	officer.post(at+"/confirm_erase", erasing).want(200)
	ana.get("/cases/" + closed).want(200).has(`"erases_at"`)
	if n := officer.get("/retention").want(200).count("erasing"); n != 1 {
		s.t.Errorf("%d files are to be erased", n)
	}
	ana.post(at+"/stop_erase", erasing).want(200)
	officer.get("/erasures/" + closed).want(404)
	s.write(&partners.Erasure{Head: journal.Head{ID: "gone"}, CaseNumber: "NUMBER", Rule: "year", ErasedAt: s.now()})
	officer.get("/erasures/gone").want(200)
	if n := officer.get("/retention").want(200).count("erased"); n != 1 {
		s.t.Errorf("%d files were erased", n)
	}
}

// closedCase opens a case, closes it as a false report, and has the end confirmed.
func (s *testServer) closedCase() string {
	s.t.Helper()
	ana := s.as(alerts.RoleCoordinator)
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	ana.post("/cases/"+id+"/close", map[string]any{"outcome": "false_report"}).want(200)
	s.as(alerts.RoleDutyOfficer).post("/cases/"+id+"/confirm", nil).want(200)
	return id
}

// TestErasingHasItsPages erases the file of a case from the pages, by two people.
func TestErasingHasItsPages(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, officer := s.as(alerts.RoleCoordinator), s.as(alerts.RolePrivacyOfficer)
	id := s.closedCase()
	number, file := ana.get("/cases/"+id).want(200).text("number"), "/desk/retention/"+id
	officer.send("GET", "/desk/retention", nil).want(200).has("No file was erased yet.").lacks("To be erased")
	officer.send("GET", file, nil).want(200).has("Propose to erase the file", "Say why it is erased now")
	officer.form(file+"/erase", "reason", "").want(422).has("The day of this file has not come", `<details id="new-erase" open>`)
	locationOf(officer.form(file+"/erase", "reason", "the family asks"))
	officer.send("GET", file, nil).want(200).has("Somebody has proposed to erase this file.", "the family asks", "Another person has to confirm this.").lacks("Confirm: erase")
	erasing := officer.get("/cases/" + id + "/retention").want(200).text("erasing.id")
	officer.form(file+"/confirm_erase", "erasing", erasing).want(403)
	ana.send("GET", file, nil).want(200).has("Confirm: erase the file", "not even from a backup")
	locationOf(ana.form(file+"/confirm_erase", "erasing", erasing))
	ana.send("GET", file, nil).want(200).has("The file is erased on", "Do not erase it")
	ana.send("GET", "/desk/cases/"+id, nil).want(200).has("The file is erased on")
	officer.send("GET", "/desk/retention", nil).want(200).has("To be erased", number)
	s.pass(73 * time.Hour)
	if err := s.Partners.EraseDue(t.Context(), s.now()); err != nil {
		t.Fatal(err)
	}
	ana, officer = s.as(alerts.RoleCoordinator), s.as(alerts.RolePrivacyOfficer)
	ana.send("GET", "/desk/cases/"+id, nil).want(404)
	officer.send("GET", "/desk/retention", nil).want(200).has("Nobody outside was told.", number).lacks("To be erased")
	officer.send("GET", file, nil).want(200).has("The file of "+number+" was erased", "before its day", "Children", "Nobody outside was told.").lacks("the family asks")
	s.as(alerts.RoleOperator).send("GET", file, nil).want(403)
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
