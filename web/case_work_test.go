package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

// goThroughCaseWork answers every operation on how a case is worked on.
func (s *testServer) goThroughCaseWork() {
	ana, duty := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer)
	cs, other := ana.post("/cases", aCase(s)).want(201), ana.post("/cases", aCase(s)).want(201)
	at := "/cases/" + cs.text("id")
	ana.get("/indicators").want(200)
	ana.get("/cases.csv?state=verifying,public&sort=updated_at").want(200)
	ana.get(at + "/clock").want(200)
	ana.post(at+"/steps/police_told", map[string]any{"state": "not_needed", "note": "found at home"}).want(200)
	ana.get(at + "/clock").want(200)
	task := ana.post(at+"/tasks", map[string]any{"title": "Call the school", "due_at": s.now().Add(time.Hour), "note": "at noon"}).want(201).text("id")
	ana.post(at+"/tasks/"+task, map[string]any{"state": "done", "note": "nobody answered"}).want(200)
	ana.post(at+"/shift-notes", map[string]any{"text": "The mother calls at six."}).want(200)
	link := ana.post(at+"/links", map[string]any{"case": other.text("number"), "kind": "sibling", "reason": "the same mother"}).want(200).text("links.0.id")
	ana.post(at+"/links/"+link+"/unlink", map[string]any{"reason": "another family"}).want(200)
	v := ana.post(at+"/episodes", map[string]any{"child": cs.text("children.0.id"), "began": "2030-11", "days": 2, "found": "at a friend's", "source": "the mother"}).want(200)
	ana.with("If-Match", v.header.Get("ETag")).patch(at, map[string]any{"circumstances": "At noon.", "risk": map[string]any{"grade": "high", "indicators": []string{"ind_debt"}, "indicators_asked": true}}).want(200)
	ana.get("/handover").want(200)
	made := ana.post("/handovers", map[string]any{"note": "The line is down."}).want(201).text("id")
	ana.get("/handovers").want(200)
	duty.get("/handovers/" + made).want(200)
	duty.post("/handovers/"+made+"/take", nil).want(200)
}

// TestWorkOnACaseHasItsPages goes through the pages with forms as people do.
func TestWorkOnACaseHasItsPages(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, duty, officer := s.as(alerts.RoleCoordinator), s.as(alerts.RoleDutyOfficer), s.as(alerts.RolePoliceLiaison)
	cs, other := ana.post("/cases", aCase(s)).want(201), ana.post("/cases", aCase(s)).want(201)
	page := "/desk/cases/" + cs.text("id")
	ana.send("GET", page+"/work", nil).want(200).has("step-police_told")
	ana.form(page+"/steps/police_told", "state", "not_needed", "note", "").want(422).has("note-police_told")
	locationOf(ana.form(page+"/steps/police_told", "state", "not_needed", "note", "twice"))
	ana.send("GET", page+"/work", nil).want(200).has("twice")
	ana.form(page+"/tasks", "title", "").want(422)
	locationOf(ana.form(page+"/tasks", "title", "Call the school"))
	locationOf(ana.form(page+"/shift-notes", "text", "The mother calls at six."))
	ana.form(page+"/links", "case", "nothing", "kind", "sibling", "reason", "x").want(422)
	locationOf(ana.form(page+"/links", "case", other.text("number"), "kind", "sibling", "reason", "the same mother"))
	ana.send("GET", "/desk/cases/"+other.text("id")+"/links", nil).want(200).has(cs.text("number"))
	locationOf(ana.form(page+"/episodes", "child", cs.text("children.0.id"), "began", "2030-11"))
	version := fmt.Sprint(ana.get("/cases/" + cs.text("id")).want(200).at("version"))
	locationOf(ana.form(page+"/risk", "version", version, "risk.grade", "high", "risk.indicators", "ind_threats"))
	ana.form(page+"/risk", "version", version, "risk.grade", "low").want(412)
	ana.send("GET", page+"/risk", nil).want(200).has("ind_threats")
	ana.send("GET", page+"/history", nil).want(200).has("<table")
	ana.send("GET", "/desk/handover", nil).want(200).has("The mother calls at six.")
	made := locationOf(ana.form("/desk/handover", "note", "The line is down."))
	ana.form(made + "/take").want(403)
	locationOf(duty.form(made + "/take"))
	duty.send("GET", made, nil).want(200).has("The line is down.")
	for _, path := range []string{page + "/work", page + "/history", page + "/links", page + "/risk", "/desk/handover", made} {
		officer.send("GET", path, nil).want(403)
	}
	if strings.Contains(made, "/desk/handover/") {
		t.Error(made)
	}
}
