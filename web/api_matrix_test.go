package web

import (
	"encoding/json"
	"strings"
	"testing"

	"homeward/alerts"
)

// TestEveryRouteForEveryRole asks every route of the server as every role: who
// is not in the matrix is refused, who is gets past the door.
func TestEveryRouteForEveryRole(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	asked := 0
	for _, role := range append(alerts.Roles(), alerts.RolePublic) {
		if role == alerts.RoleTipster || role == alerts.RoleParent {
			continue // they come with a code, without an account
		}
		for _, r := range s.App().GetRoutes(true) {
			if r.Path == "/" && r.Method != "GET" || strings.Contains(r.Path, "/ws/") || strings.Contains(r.Path, "*") {
				continue
			}
			asked++
			s.askAs(t, role, r.Method, r.Path)
		}
	}
	if asked < 1000 {
		t.Errorf("only %d were asked", asked)
	}
}

func (s *testServer) askAs(t *testing.T, role alerts.Role, method, pattern string) {
	t.Helper()
	path := strings.NewReplacer(":id", "nobody", ":n", "1", ":z", "0", ":x", "0", ":y.mvt", "0.mvt", ":y", "0").Replace(pattern)
	parts := strings.Split(path, "/")
	for i := range parts {
		if strings.HasPrefix(parts[i], ":") {
			parts[i] = "nobody"
		}
	}
	c := s.as(role).with("If-Match", `"1"`)
	got := c.send(method, strings.Join(parts, "/"), nil)
	allowed := s.Matrix.Route(role, method+" "+pattern)
	var p problem
	_ = json.Unmarshal(got.body, &p)
	switch {
	case got.status >= 500 && pattern != "/metrics":
		t.Errorf("%s as %s: %d %s", got.what, role, got.status, got.body)
	case allowed && got.status == 401:
		t.Errorf("%s as %s: told to sign in", got.what, role)
	case allowed && got.status == 403 && p.Title == "This account may not do that." && strings.HasPrefix(pattern, apiPrefix):
		t.Errorf("%s as %s: the matrix lets the route through and the act not", got.what, role)
	case !allowed && role == alerts.RolePublic && strings.HasPrefix(pattern, apiPrefix) && got.status != 401:
		t.Errorf("%s as %s: %d, not told to sign in", got.what, role, got.status)
	case !allowed && role != alerts.RolePublic && got.status != 403:
		t.Errorf("%s as %s: %d, not refused", got.what, role, got.status)
	}
}

// TestAbsentAndForbiddenAreOne compares what is not there with what is not
// theirs, for every route that reads or changes one record.
func TestAbsentAndForbiddenAreOne(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	duty := s.as(alerts.RoleDutyOfficer)
	body := aCase(s)
	body["restricted"] = true
	hidden := duty.post("/cases", body).want(201).text("id")
	draft := duty.post("/cases/"+hidden+"/alerts", anAlert(s, "partner", "")).want(201).text("id")
	sighting := duty.post("/sightings", edited(aSighting(s), hidden, "case_id")).want(201).text("id")
	contact := duty.post("/contacts", map[string]any{"channel": "phone", "kind": "support", "case_id": hidden}).want(201).text("id")
	matter := duty.post("/cases/"+hidden+"/abduction", map[string]any{"kind": "removal", "wrongful_date": "2031-01-01", "from_state": "RS", "to_state": "DE"}).want(201).text("id")
	ana := s.as(alerts.RoleCoordinator).with("If-Match", `"1"`)
	for _, what := range []struct{ method, path, id, body string }{
		{"GET", "/cases/ID", hidden, ""}, {"PATCH", "/cases/ID", hidden, `{"circumstances":"x"}`},
		{"POST", "/cases/ID/close", hidden, `{"outcome":"found_safe"}`}, {"POST", "/cases/ID/hold", hidden, ""},
		{"POST", "/cases/ID/consents", hidden, `{"class":"P1","audience":"public","purpose":"p","basis":"consent","given_by":"x"}`},
		{"POST", "/cases/ID/decisions", hidden, `{"level":"public_appeal","authority":"a","basis":"b","reference":"r","decided_at":"2031-01-01T00:00:00Z"}`},
		{"GET", "/cases/ID/photos/x", hidden, ""}, {"POST", "/cases/ID/reopen", hidden, `{"reason":"x"}`}, {"GET", "/sightings?case=ID", hidden, ""},
		{"GET", "/contacts?case=ID", hidden, ""}, {"GET", "/tiles/sightings/0/0/0.mvt?case=ID", hidden, ""}, {"GET", "/sightings-heat?case=ID", hidden, ""},
		{"GET", "/alerts/ID", draft, ""}, {"GET", "/alerts/ID/audience", draft, ""}, {"GET", "/alerts/ID/deliveries", draft, ""},
		{"POST", "/alerts/ID/release", draft, `{"content_hash":"x"}`}, {"POST", "/alerts/ID/cancel", draft, ""}, {"GET", "/alerts/ID/cap.xml", draft, ""},
		{"GET", "/alerts/ID/cancel.xml", draft, ""}, {"GET", "/alerts/ID/photo", draft, ""},
		{"GET", "/sightings/ID", sighting, ""}, {"POST", "/sightings/ID/assess", sighting, `{"source":"A","information":1}`},
		{"GET", "/contacts/ID", contact, ""}, {"PATCH", "/contacts/ID", contact, `{"asked":"x"}`},
		{"GET", "/abductions/ID", matter, ""}, {"GET", "/abductions/ID/clocks", matter, ""}, {"GET", "/abductions/ID/route", matter, ""}, {"GET", "/abductions/ID/procedure", matter, ""},
		{"POST", "/abductions/ID/route", matter, `{"route":"hague1980"}`}, {"POST", "/abductions/ID/steps/report", matter, `{"state":"doing"}`}, {"PATCH", "/abductions/ID", matter, `{"whereabouts":"x"}`},
	} {
		var body any
		if what.body != "" {
			body = what.body
		}
		there := ana.api(what.method, strings.ReplaceAll(what.path, "ID", what.id), body)
		absent := ana.api(what.method, strings.ReplaceAll(what.path, "ID", "aaaaaaaaaaaaaaaaaaaaaaaaaa"), body)
		if there.status != 404 || absent.status != 404 || string(there.body) != string(absent.body) {
			t.Errorf("%s: hidden %d %s, absent %d %s", there.what, there.status, there.body, absent.status, absent.body)
		}
	}
	if n := ana.get("/alerts").want(200).count("items") + ana.get("/cases").count("items") + ana.get("/sightings").count("features") + ana.get("/contacts").count("items"); n != 0 {
		t.Errorf("%d records of a restricted case are in lists", n)
	}
	if n := ana.get("/deadlines").want(200).count("items") + ana.get("/abductions").want(200).count("items"); n != 0 {
		t.Errorf("%d deadlines and matters of a restricted case are in lists", n)
	}
}

// TestForgedRequests sends what another site could make a browser send.
func TestForgedRequests(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	before := s.Position.TipNumber()
	anybody := s.as(alerts.RolePublic)
	for _, h := range [][]string{
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example.org"}, {"Origin", "null"},
	} {
		anybody.with(h...).post("/public/sightings", aSighting(s)).wrong(403, "")
	}
	anybody.with("Content-Type", "text/plain").post("/public/sightings", aSighting(s)).wrong(415, "")
	anybody.with("X-HTTP-Method-Override", "POST").get("/public/sightings").want(404)
	if s.Position.TipNumber() != before {
		t.Error("a forged request changed something")
	}
	for _, token := range []string{"x", "hw_x", "hwp_x", strings.Repeat("a", 9000)} {
		client{s: s, token: token}.get("/feeds/alerts.atom").wrong(401, "")
	}
}
