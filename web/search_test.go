package web

import (
	"bytes"
	"mime/multipart"
	"strings"
	"testing"

	"homeward/alerts"
	"homeward/partners"
)

func searchSquare(lon, lat float64) map[string]any {
	return map[string]any{"type": "Polygon", "coordinates": []any{[]any{
		[]float64{lon, lat}, []float64{lon + .005, lat}, []float64{lon + .005, lat + .005}, []float64{lon, lat + .005}, []float64{lon, lat},
	}}}
}

const searchTrack = `<gpx><trk><trkseg><trkpt lat="44.801" lon="20.401"/><trkpt lat="44.801" lon="20.404"/><trkpt lat="44.803" lon="20.404"/></trkseg></trk></gpx>`

// plantSearch writes a word into every text of a search and its task.
func (e *estate) plantSearch(ana client) {
	in := func(field string) string { return e.plant("search", alerts.P2, field) }
	v := ana.post("/cases/"+e.caseID+"/search", map[string]any{}).want(201)
	e.protect.search = v.text("id")
	at := "/searches/" + e.protect.search
	v = ana.post(at+"/acts/segments", map[string]any{"segments": []any{map[string]any{"name": in("segment"), "area": searchSquare(20.4, 44.8), "note": in("segmentnote")}}}).want(200)
	segment := v.text("segments.0.id")
	v = ana.post(at+"/acts/sweep", map[string]any{"sweep": map[string]any{"segment_id": segment, "tactic": "hasty", "target": "responsive", "pod_percent": 20, "note": in("sweepnote")}}).want(200)
	ana.post(at+"/acts/undo", map[string]any{"undo": map[string]any{"sweep_id": v.text("sweeps.0.id"), "reason": in("undone")}}).want(200)
	ana.post(at+"/acts/points", map[string]any{"points": []any{map[string]any{"kind": "poster", "label": in("point")}}}).want(200)
	m := ana.post(at+"/tasks", map[string]any{"segment_id": segment, "tactic": "dogs", "team": in("team"), "leader": in("leader"), "contact": in("contact"), "brief": in("brief")}).want(201)
	e.protect.task = m.text("id")
	ana.post("/search-tasks/"+e.protect.task+"/done", map[string]any{"found": "clue", "text": in("clue"), "not_covered": in("notcovered")}).want(200)
}

func searchPaths() []string {
	return []string{
		"/api/v1/cases/CASE/search", "/api/v1/searches/SEARCH", "/api/v1/search-tasks/TASK",
		"/desk/cases/CASE/search", "/desk/search-tasks/TASK", "/desk/search-tasks/TASK/sheet", "/team",
	}
}

// goThroughSearch asks every operation of the search on the ground once.
func (s *testServer) goThroughSearch() {
	ana, anybody := s.as(alerts.RoleCoordinator), s.as(alerts.RolePublic)
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	ana.get("/cases/" + id + "/search").want(404)
	v := ana.post("/cases/"+id+"/search", map[string]any{"rest_percent": 25}).want(201)
	at := "/searches/" + v.text("id")
	ana.post(at+"/acts/plan", map[string]any{"plan": map[string]any{"rest_percent": 20, "target": "unresponsive"}}).want(200)
	v = ana.post(at+"/acts/segments", map[string]any{"segments": []any{map[string]any{"area": searchSquare(20.4, 44.8)}, map[string]any{"area": searchSquare(20.5, 44.8)}}}).want(200)
	one, two := v.text("segments.0.id"), v.text("segments.1.id")
	ana.post(at+"/acts/estimate", map[string]any{"estimate": map[string]any{"rest_percent": 10, "shares": []any{map[string]any{"segment_id": one, "percent": 60}, map[string]any{"segment_id": two, "percent": 30}}}}).want(200)
	v = ana.post(at+"/acts/sweep", map[string]any{"sweep": map[string]any{"segment_id": two, "tactic": "drone", "target": "unresponsive", "track_m": 5000, "searchers": 1, "width_m": 40}}).want(200)
	ana.post(at+"/acts/undo", map[string]any{"undo": map[string]any{"sweep_id": v.text("sweeps.0.id"), "reason": "twice"}}).want(200)
	ana.post(at+"/acts/drop", map[string]any{"drop": map[string]any{"segment_id": two}}).want(200)
	ana.post(at+"/acts/grid", map[string]any{"grid": map[string]any{"side_m": 400, "area": map[string]any{"circles": []any{map[string]any{"center": []float64{20.5, 44.8}, "radius_m": 400}}}}}).want(200)
	p := ana.post(at+"/acts/points", map[string]any{"points": []any{map[string]any{"kind": "camera", "label": "Station"}}}).want(200)
	ana.post(at+"/acts/point", map[string]any{"point": map[string]any{"point_id": p.text("points.0.id"), "note": "kept for a week"}}).want(200)
	m := ana.post(at+"/tasks", map[string]any{"segment_id": one, "tactic": "loose_grid", "team": "One", "planned_at": s.now()}).want(201)
	code := m.text("code")
	anybody.post("/public/team", map[string]any{"code": code}).want(200)
	anybody.post("/public/team/accept", map[string]any{"code": code}).want(200)
	anybody.post("/public/team/start", map[string]any{"code": "wrong"}).want(404)
	anybody.post("/public/team/done", map[string]any{"code": code, "found": "child", "text": "By the well.", "place": point(20.402, 44.802), "gpx": searchTrack}).want(200)
	ana.get("/search-tasks/" + m.text("id")).want(200)
	more := ana.post(at+"/tasks", map[string]any{"segment_id": one, "tactic": "hasty", "team": "Two"}).want(201)
	ana.post("/search-tasks/"+more.text("id")+"/code", map[string]any{}).want(200)
	ana.post("/search-tasks/"+more.text("id")+"/stop", map[string]any{}).want(200)
	ana.post(at+"/acts/nothing", map[string]any{}).want(404)
	ana.get(at).want(200)
	ana.post(at+"/acts/end", map[string]any{}).want(200)
	anybody.post("/public/team", map[string]any{"code": code}).want(410)
	ana.get("/cases/" + id + "/search").want(200)
}

func TestASearchByPage(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, anybody := s.as(alerts.RoleCoordinator), s.as(alerts.RolePublic)
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	page := "/desk/cases/" + id + "/search"
	ana.send("GET", page, nil).want(200).has("Begin a search")
	locationOf(ana.form(page))
	body := ana.send("GET", page, nil).want(200).has("There are no segments yet", "Lay a grid of squares").body
	at := "/desk/searches/" + between(string(body), "/desk/searches/", "/")
	ana.form(at+"/grid", "grid.radius_m", "500", "grid.side_m", "2").want(422).has(`href="#f-grid.place"`)
	locationOf(ana.form(at+"/grid", "grid.place.lat", "44.8", "grid.place.lon", "20.4", "grid.radius_m", "500", "grid.side_m", "500"))
	ana.form(at+"/sweep", "sweep.target", "responsive").want(422).has(`href="#f-sweep.track_m"`, `href="#f-sweep.segment_id"`)
	ana.form(at+"/estimate", "estimate.rest_percent", "30").want(422).has("has to be 100")
	ana.form(at+"/tasks", "tactic", "hasty").want(422).has(`href="#f-team"`)
	body = ana.send("GET", page, nil).want(200).has("Where to search next", `class="cell segment next"`, "A1").body
	segment := between(string(body), `name="drop.segment_id" value="`, `"`)
	made := ana.form(at+"/tasks", "segment_id", segment, "tactic", "hasty", "team", "Gorska služba", "brief", "Red jacket.", "searchers", "4", "width_m", "20").want(200).has("Code for the team leader")
	code := between(string(made.body), `<code class="code">`, `<`)
	task := "/desk/search-tasks/" + between(string(made.body), "/desk/search-tasks/", "/")
	ana.send("GET", task, nil).want(200).has("Gorska služba").lacks(code)
	ana.send("GET", task+"/sheet", nil).want(200).has("Red jacket.", "Corners", "North is up")
	anybody.send("GET", "/team", nil).want(200).has("Enter the code")
	anybody.form("/team", "code", "AAAA-AAAA").want(422).has("does not lead to a task")
	anybody.form("/team", "code", code).want(200).has("Red jacket.", "We take this task", "geo:44.").lacks(id)
	anybody.form("/team", "code", code, "act", "accept").want(200).has("We start now")
	anybody.form("/team", "code", code, "act", "start").want(200).has("When you have finished")
	anybody.form("/team", "code", code, "act", "done", "found", "clue").want(422).has(`href="#f-text"`)
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	_, err := must(w.CreateFormFile("gpx", "track.gpx")).Write([]byte(strings.ReplaceAll(searchTrack, `"20.40`, `"20.395`)))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range map[string]string{"code": code, "act": "done", "found": "clue", "text": "A red glove."} {
		if err := w.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	anybody.with("Content-Type", w.FormDataContentType()).send("POST", "/team", form.Bytes()).want(200).has("The report has reached the coordinator")
	ana.send("GET", task, nil).want(200).has("A red glove.", "inside the segment")
	ana.send("GET", page, nil).want(200).has("What was searched", "Take this sweep back", `class="track"`)
	locationOf(ana.form(at + "/end"))
	anybody.form("/team", "code", code).want(410).has("has ended").lacks("Red jacket.")
	ana.send("GET", page, nil).want(200).has("This search ended").lacks("Send a team")
}

func TestEveryWordOfASearchHasAText(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	groups := map[string][]string{"tactic": partners.SearchTactics(), "target": partners.SearchTargets(), "canvass": partners.CanvassKinds(), "team_find": partners.TeamFinds()}
	for _, state := range partners.SearchTaskStates() {
		groups["search_task_state"] = append(groups["search_task_state"], string(state))
	}
	for group, words := range groups {
		for _, w := range words {
			for _, l := range languages() {
				if !s.texts.has(l, group+"."+w) {
					t.Errorf("%s.%s has no text in %s", group, w, l)
				}
			}
		}
	}
}
