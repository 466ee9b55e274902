package web

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/partners/abduction"
)

// matterOf opens a case and a matter between two states on it, and answers with
// the address of the matter's pages and the id of its only child.
func matterOf(s *testServer, ana client, from, to, route string) (page, child string) {
	c := ana.post("/cases", aCase(s)).want(201)
	taken := s.now().AddDate(0, -2, 0).Format(time.DateOnly)
	page = locationOf(ana.form("/desk/cases/"+c.text("id")+"/abduction", "kind", "removal", "from_state", from, "to_state", to, "wrongful_date", taken, "legal_route", route))
	return page, c.text("children.0.id")
}

func TestMatterShowsItsRouteAndTakesADecision(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	page, _ := matterOf(s, ana, "RS", "HU", "")
	ana.send("GET", page, nil).want(200).has("The legal route is not decided", "The data does not know", "Find out the legal route")
	ana.send("GET", page+"/procedure", nil).want(200).has("Whether Serbia has accepted that is not in the data", "not checked by a lawyer", "A lawyer there and a custody suit")
	ana.form(page+"/route", "route", "hague1980", "why", "").want(422).has(`href="#f-why"`)
	locationOf(ana.form(page+"/route", "route", "hague1980", "why", "The ministry confirmed the acceptance by telephone."))
	ana.send("GET", page+"/procedure", nil).want(200).has("The ministry confirmed the acceptance by telephone.", "Sent to the other state")
	ana.send("GET", page, nil).want(200).lacks("The legal route is not decided")
	s.as(alerts.RoleVolunteer).send("GET", page+"/procedure", nil).want(403)
	s.as(alerts.RoleLegal).send("GET", page+"/procedure", nil).want(404)
	s.as(alerts.RoleLegal).form(page+"/route", "route", "hague1980").want(403)
}

func TestMatterStepsAreRecordedOnThePage(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	page, _ := matterOf(s, ana, "AT", "DE", "hague1980+brussels2b")
	today, before := s.now().In(s.zone()).Format(time.DateOnly), s.now().In(s.zone()).AddDate(0, 0, -1).Format(time.DateOnly)
	ana.send("GET", page+"/procedure/application", nil).want(200).has("Birth certificate", "Application form, signed")
	ana.form(page+"/procedure/application", "state", "done", "reason", "").want(422).has(`href="#f-done_on"`)
	locationOf(ana.form(page+"/procedure/application", "state", "doing", "due_on", before, "documents", "birth_certificate"))
	ana.send("GET", page, nil).want(200).has("Application", "1 day overdue")
	ana.send("GET", "/desk/deadlines?kind=procedure", nil).want(200).has("1 day overdue", "#step-application-1")
	ana.send("GET", "/desk", nil).want(200).has("Step overdue")
	locationOf(ana.form(page+"/procedure/court_application", "state", "done", "done_on", today))
	ana.send("GET", page, nil).want(200).has("Six weeks to decide")
	ana.form(page+"/procedure/mediation", "state", "doing", "note", "She said so.").want(422)
	ana.send("GET", page+"/procedure/consular_steps", nil).want(404)
	ana.send("GET", page+"/procedure/appeal?round=2", nil).want(404)
	s.as(alerts.RoleLegal).form(page+"/procedure/application", "state", "doing").want(403)
}

func TestMatterFactsAreChangedBySection(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	page, child := matterOf(s, ana, "RS", "DE", "hague1980")
	version := func() string { return hidden(ana.send("GET", page+"/facts/people", nil).want(200), "version") }

	// What is wrong is named at its place, and what was typed is still there.
	ana.form(page+"/facts/people", "version", version(), "parties[1].role", "taking", "parties[2].name", "Second Person").want(422).
		has(`href="#f-parties%5b0%5d.name"`, `href="#f-parties%5b1%5d.role"`, "Second Person")
	at := locationOf(ana.form(page+"/facts/people", "version", version(), "act", "add", "parties[0].role", "taking", "parties[0].name", "Taking Person",
		"parties[0].nationalities", "RS", "parties[0].nationalities", "DE", "parties[0].languages", "de"))
	if !strings.HasSuffix(at, "/facts/people?add=yes#new-parties") {
		t.Errorf("after saving and adding: %s", at)
	}
	form := ana.send("GET", page+"/facts/people", nil).want(200).has("Taking Person", "Add a person")
	party := hidden(form, "parties[0].id")
	locationOf(ana.form(page+"/facts/documents", "version", version(), "documents[0].kind", "passport", "documents[0].state", "DE", "documents[0].party_id", party,
		"documents[0].valid_until", s.now().AddDate(0, 0, 40).Format(time.DateOnly), "documents[0].number", "X123"))
	ana.form(page+"/facts/people", "version", version(), "parties[0].id", party, "parties[0].remove", "yes", "parties[0].name", "Taking Person").
		want(422).has("Of the person")
	locationOf(ana.form(page+"/facts/decisions", "version", version(), "decisions[0].what", "return_refused", "decisions[0].date", s.now().AddDate(0, 0, -10).Format(time.DateOnly),
		"decisions[0].court", "Sample court", "decisions[0].grounds", "13_1_b", "decisions[0].appeal_until", s.now().AddDate(0, 0, 4).Format(time.DateOnly)))
	locationOf(ana.form(page+"/facts/children", "version", version(), "outcomes[0].child_id", child, "outcomes[0].outcome", "agreed", "outcomes[0].on", s.now().Format(time.DateOnly)))
	locationOf(ana.form(page+"/facts/dangers", "version", version(), "dangers[0].code", "weapons", "dangers[0].note", "A hunter.", "languages", "de"))
	ana.send("GET", page, nil).want(200).has("Last day to appeal", "Travel document runs out", "entered by hand", "Weapons", "A hunter.", "by agreement")
	ana.send("GET", page+"/facts", nil).want(200).has("Taking Person", "X123", "Sample court", "grave risk", "Germany", "German")
	ana.form(page+"/facts/dangers", "version", "1").want(412)
	ana.send("GET", page+"/facts/rumours", nil).want(404)
	s.as(alerts.RoleLegal).send("GET", page+"/facts/people", nil).want(403)
}

// TestMattersWordsAreComplete asks for every word that the data names.
func TestMattersWordsAreComplete(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, name := range must(fs.Glob(localeFiles, "locales/*.sr-Cyrl.json")) {
		texts := map[string]any{}
		if err := json.Unmarshal(must(localeFiles.ReadFile(name)), &texts); err != nil {
			t.Fatal(err)
		}
		for key := range texts {
			known[key] = true
		}
	}
	need := func(group string, words ...string) {
		for _, w := range words {
			if !known[group+w] {
				t.Errorf("there is no text %s", group+w)
			}
		}
	}
	law := must(abduction.Load())
	for _, p := range law.Procedure.Phases {
		need("phase.", p)
	}
	for _, x := range law.Procedure.Steps {
		need("matter_step.", x.ID)
		need("step_who.", x.Who)
		need("", x.SourceID)
		need("step_document.", x.Documents...)
		need("step_outcome.", x.Outcomes...)
		need("legal_route.", without(x.Routes, "")...)
	}
	for _, x := range law.Procedure.Grounds {
		need("ground.", x.ID)
	}
	for _, x := range law.Procedure.Dangers {
		need("danger.", x.ID)
	}
	for _, x := range law.Routes.Instruments {
		need("instrument.", x.ID)
		need("instrument_note.", x.ID)
	}
	for _, x := range law.Routes.Options {
		need("option.", x.ID)
		need("option_source.", x.ID)
	}
	for _, a := range law.Routes.Parties {
		for _, b := range law.Routes.Parties {
			for _, day := range []abduction.Date{abduction.NewDate(1984, 1, 1), abduction.NewDate(2026, 1, 1)} {
				for _, f := range law.Routes.Find(abduction.Pair{From: a.State, To: b.State, Wrongful: day, Today: day}).Findings {
					for _, r := range f.Reasons {
						need("route_reason.", r.ID)
					}
				}
			}
		}
	}
	need("route_reason.", "state_not_in_data", "accepted", "within_group")
	for _, x := range law.ClockRules {
		need("clock_rule.", x.ID)
		need("clock_note.", x.ID)
		need("clock_start.", x.Start)
	}
	for _, x := range law.Texts() {
		need("", x.ID)
	}
	for _, section := range factSections(nil, nil) {
		need("matter.section_", section.ID)
		for _, l := range section.Lists {
			need("matter.row_", l.Name)
			need("matter.add_", l.Name)
			for _, f := range l.Fields {
				need("label."+l.Name+".", f.Name)
				for _, v := range f.Values {
					need(f.Group+".", v)
				}
			}
		}
	}
}

func without(list []string, gone string) []string {
	var out []string
	for _, s := range list {
		if s != gone {
			out = append(out, s)
		}
	}
	return out
}
