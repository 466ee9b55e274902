package web

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

// formArea are the fields that keep an area between two pages of the editor.
func formArea(r reply) []string {
	var out []string
	for _, name := range []string{"area.areas", "area.circles", "area.origin"} {
		out = append(out, name, html.UnescapeString(hidden(r, name)))
	}
	return out
}

// TestAnAreaIsWorkedOutKeptAndDroppedWithoutScript works a reach and a corridor
// out by the form's buttons, saves, and looks at why the area is what it is.
func TestAnAreaIsWorkedOutKeptAndDroppedWithoutScript(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	author := s.as(alerts.RoleCoordinator)
	s.organisation("Example hospital")
	id := author.post("/cases", aCase(s)).want(201).text("id")
	at := "/desk/cases/" + id + "/alerts/new"
	since := s.now().Add(-2 * time.Hour).In(s.zone())
	reach := []string{"reach.since.date", since.Format(time.DateOnly), "reach.since.time", since.Format("15:04"), "reach.hours_ahead", "2", "reach.place", "45.13 19.23"}

	author.form(at, append(reach, "act", "work_reach")...).want(200).has(`href="#f-reach.modes"`, "Choose at least one way of travelling.")
	author.form(at, append(reach, "act", "work_reach", "reach.modes", "car", "reach.place", "no such place at all")...).want(200)
	first := formArea(author.send("GET", at, nil))
	worked := author.form(at, append(append(reach, first...), "act", "work_reach", "reach.modes", "foot", "reach.modes", "car")...).want(200).
		has("Reach: 4 h by car", "On foot", "Croatia", "Tovarnik", "They are not checked.", "not checked", "Drop it").lacks("alert.", "worked.")
	if got := formArea(worked)[3]; strings.Count(got, "radius_m") != 1 || strings.Contains(got, "50000") {
		t.Errorf("the circle that was only proposed is still there: %s", got)
	}
	cleared := author.form(at, append(append(reach, first...), "area.clear", "yes", "act", "work_reach", "reach.modes", "car")...).want(200)
	if got := formArea(cleared)[3]; strings.Count(got, "radius_m") != 1 || strings.Contains(string(cleared.body), `name="area.clear" value="yes" checked`) {
		t.Errorf("what was worked out would be cleared with what was drawn before: %s", got)
	}
	author.form(at, append(formArea(worked), "act", "work_corridor", "corridor.places", "Beograd", "corridor.width_km", "10")...).want(200).has("at least two places")
	both := author.form(at, append(formArea(worked), "act", "work_corridor", "corridor.places", "Beograd; Subotica; Szeged", "corridor.width_km", "10")...).want(200).
		has("Corridor: 10 km to either side", "Subotica – Szeged")
	fields := alertFields(s)
	fields = append(fields[:8:8], fields[10:]...) // without area.regions
	page := locationOf(author.form(at, append(append(fields, formArea(both)...), "idempotency_key", "one")...))
	author.send("GET", page, nil).want(200).has("Why this area", "Reach: 4 h by car", "Example hospital").lacks("worked.")
	v := author.get("/alerts/" + strings.TrimPrefix(page, "/desk/alerts/")).want(200)
	if v.count("area.circles") != 1 || v.count("area.areas") != 2 || v.count("area_origin.ways") != 2 || v.text("area_origin.reach.modes.0") != "foot" {
		t.Errorf("what was worked out is kept as %s", v.body)
	}
	author.get("/alerts/" + v.text("id") + "/audience").want(200).has("reach: 4 h by car from 45.1,19.2")

	// Who draws something else has an area of their own, without a reason.
	edit := author.send("GET", page+"/edit", nil).want(200).has("Worked out")
	drawn := formArea(edit)
	drawn[3] = regexp.MustCompile(`"radius_m":\d+`).ReplaceAllString(drawn[3], `"radius_m":1234`)
	locationOf(author.form(page+"/edit", append(append(fields, drawn...), "idempotency_key", "two")...))
	author.send("GET", page, nil).want(200).lacks("Why this area")
	dropped := author.form(page+"/edit", append(formArea(edit), "act", "drop_origin")...).want(200).lacks("Worked out")
	if got := formArea(dropped); got[1]+got[3]+got[5] != "" {
		t.Errorf("dropped, %v is left", got)
	}
}

// TestReachAndCorridorOverTheAPI refuses what cannot be worked out and keeps the
// rest with its reason.
func TestReachAndCorridorOverTheAPI(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	author := s.as(alerts.RoleCoordinator)
	id := author.post("/cases", aCase(s)).want(201).text("id")
	draft := func(more map[string]any) map[string]any {
		in := map[string]any{
			"level": "partner", "severity": "severe", "expires_at": s.now().Add(48 * time.Hour),
			"texts": map[string]any{"en": map[string]any{"headline": "Missing child", "description": "Red jacket."}},
		}
		for k, v := range more {
			in[k] = v
		}
		return in
	}
	post := func(more map[string]any) reply { return author.post("/cases/"+id+"/alerts", draft(more)) }
	post(nil).wrong(422, "area")
	post(map[string]any{"reach": map[string]any{"modes": []string{"rocket"}, "hours_ahead": 2}}).wrong(422, "reach.modes[0]")
	post(map[string]any{"corridor": map[string]any{"width_km": 500, "places": []string{"Beograd", "Niš"}}}).wrong(422, "corridor.width_km")
	post(map[string]any{"corridor": map[string]any{"width_km": 5, "places": []string{"Beograd", "Xqzwvk"}}}).wrong(422, "corridor.places[1]")
	made := post(map[string]any{"corridor": map[string]any{"width_km": 5, "places": []string{"Beograd", "Niš"}}}).want(201)
	author.get("/alerts/"+made.text("id")).want(200).has(`"area_origin"`, "Niš")
	next := author.post("/alerts/"+made.text("id")+"/update", map[string]any{"area": map[string]any{"regions": []string{"RS"}}}).want(201)
	author.get("/alerts/" + next.text("id")).want(200).lacks("area_origin")
}

// TestBeforeSendingSaysWhoIsNotReached compares the page with the API.
func TestBeforeSendingSaysWhoIsNotReached(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	author := s.as(alerts.RoleCoordinator)
	silent, _ := s.organisation("Example hospital")
	page := drafted(s, author)
	v := author.get("/alerts/" + strings.TrimPrefix(page, "/desk/alerts/") + "/readiness").want(200)
	if v.count("partners") != 1 || v.text("partners.0.partner_id") != silent || v.at("partners.0.reachable") != false || v.at("partners.0.channels.0.state") != "not_connected" {
		t.Errorf("readiness %s", v.body)
	}
	author.send("GET", page, nil).want(200).has("Before it goes out", "1 partner has no channel that works", "Live feed (not connected)").lacks("ready.")
	s.as(alerts.RolePartner).get("/alerts/" + strings.TrimPrefix(page, "/desk/alerts/") + "/readiness").want(403)
}

// TestRecallListsPostersOfTheDesk fetches a poster as staff and as anybody, and
// confirms after the end that it is taken down.
func TestRecallListsPostersOfTheDesk(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	r := s.appealWithPhoto()
	ana := s.as(alerts.RoleCoordinator)
	s.as(alerts.RolePublic).send("GET", "/appeals/"+r.slug+"/poster.pdf", nil).want(200)
	ana.get("/alerts/" + r.alert + "/recall").want(200).lacks(`"place":"paper"`)
	at := "/desk/alerts/" + r.alert
	for range 2 {
		if to := locationOf(ana.form(at+"/papers", "file", "poster.pdf")); !strings.HasPrefix(to, "/appeals/"+r.slug+"/poster.pdf") {
			t.Errorf("led to %s", to)
		}
	}
	ana.form(at+"/papers", "file", "other.pdf").want(404)
	s.as(alerts.RolePoliceLiaison).form(at+"/papers", "file", "poster.pdf").want(403)
	ana.get("/alerts/" + r.alert).want(200).has(`"papers"`)
	page := at
	ana.send("GET", page, nil).want(200).has("Where it went", "Public page", "Atom feed", "made 2 times by the desk").lacks("recall.", "Posters and images are taken down")
	ana.post("/alerts/"+r.alert+"/papers-gone", nil).want(409)
	ana.post("/alerts/"+r.alert+"/cancel", map[string]any{"reason": "found"}).want(200)
	ana.send("GET", page, nil).want(200).has("Gone by itself", "Removal not confirmed", "Posters and images are taken down")
	s.as(alerts.RolePoliceLiaison).post("/alerts/"+r.alert+"/papers-gone", nil).want(403)
	locationOf(ana.form(page + "/papers-gone"))
	ana.post("/alerts/"+r.alert+"/papers-gone", nil).want(200).has(`"papers_gone"`)
	ana.send("GET", page, nil).want(200).has("Removal confirmed").lacks("Posters and images are taken down")
}

// goThroughRecall asks for everything about what happens before sending and
// after recall.
func (s *testServer) goThroughRecall() {
	ana := s.as(alerts.RoleCoordinator)
	r := s.release("public_appeal")
	at := "/alerts/" + r.alert
	ana.get(at + "/readiness").want(200)
	locationOf(ana.form("/desk"+at+"/papers", "file", "square.png"))
	ana.get(at + "/recall").want(200)
	ana.post(at+"/cancel", nil).want(200)
	ana.post(at+"/papers-gone", nil).want(200)
	ana.get(at + "/recall").want(200)
}
