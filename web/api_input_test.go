package web

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

// edited is a body with one value put at a path of keys.
func edited(body map[string]any, value any, path ...string) map[string]any {
	out := map[string]any{}
	for k, v := range body {
		out[k] = v
	}
	if len(path) == 1 {
		out[path[0]] = value
		return out
	}
	inner, _ := out[path[0]].(map[string]any)
	out[path[0]] = edited(inner, value, path[1:]...)
	return out
}

func point(lon, lat float64) map[string]any {
	return map[string]any{"type": "Point", "coordinates": []float64{lon, lat}}
}

func aSighting(s *testServer) map[string]any {
	return map[string]any{"observed_at": s.now().Add(-time.Hour), "text": "at the station", "place": point(20.46, 44.81), "accuracy_m": 50}
}

func polygon(ring ...[2]float64) map[string]any {
	return map[string]any{"type": "Polygon", "coordinates": [][][2]float64{ring}}
}

func TestWrongFieldsAreNamed(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	rel := s.release("partner")
	cs, sighting, draft := aCase(s), aSighting(s), anAlert(s, "partner", "")
	area := func(v any) any { return edited(draft, v, "area", "areas") }
	far := s.now().Add(48 * time.Hour)
	for name, c := range map[string]struct {
		path  string
		body  any
		field string
	}{
		"swapped coordinates":     {"/sightings", edited(sighting, point(44.81, 20.46), "place"), "place"},
		"outside the world":       {"/sightings", edited(sighting, point(20.46, 95), "place"), "place"},
		"one coordinate":          {"/sightings", edited(sighting, map[string]any{"type": "Point", "coordinates": []float64{20}}, "place"), "place"},
		"seen tomorrow":           {"/sightings", edited(sighting, far, "observed_at"), "observed_at"},
		"no time":                 {"/sightings", edited(sighting, "yesterday", "observed_at"), "observed_at"},
		"time without offset":     {"/sightings", edited(sighting, "2026-05-02T14:30:00", "observed_at"), "observed_at"},
		"no place and no text":    {"/sightings", edited(edited(sighting, nil, "place"), "", "text"), "place"},
		"unknown case":            {"/sightings", edited(sighting, "AAAAAAAA", "case_number"), "case_number"},
		"negative accuracy":       {"/sightings", edited(sighting, -1, "accuracy_m"), "accuracy_m"},
		"unknown category":        {"/cases", edited(cs, "lost", "category"), "category"},
		"last seen tomorrow":      {"/cases", edited(cs, far, "last_seen", "at"), "last_seen.at"},
		"last seen swapped":       {"/cases", edited(cs, point(44.81, 20.46), "last_seen", "place"), "last_seen.place"},
		"born next year":          {"/cases", edited(cs, []any{map[string]any{"birth_date": "2032-01-01"}}, "children"), "children[0].birth_date"},
		"no such day":             {"/cases", edited(cs, []any{map[string]any{"birth_date": "2019-02-30"}}, "children"), "children[0].birth_date"},
		"no child":                {"/cases", edited(cs, []any{}, "children"), "children"},
		"unknown sex":             {"/cases", edited(cs, []any{map[string]any{"sex": "boy"}}, "children"), "children[0].sex"},
		"unclosed ring":           {"/cases/" + rel.caseID + "/alerts", area([]any{polygon([2]float64{20, 44}, [2]float64{21, 44}, [2]float64{21, 45}, [2]float64{20, 45})}), "area.areas[0].coordinates[0][3]"},
		"crossing ring":           {"/cases/" + rel.caseID + "/alerts", area([]any{polygon([2]float64{20, 44}, [2]float64{21, 45}, [2]float64{21, 44}, [2]float64{20, 45}, [2]float64{20, 44})}), "area.areas[0].coordinates[0]"},
		"no polygon":              {"/cases/" + rel.caseID + "/alerts", area([]any{point(20, 44)}), "area.areas[0].type"},
		"unknown region":          {"/cases/" + rel.caseID + "/alerts", edited(draft, []string{"QQ"}, "area", "regions"), "area.regions[0]"},
		"half a centre":           {"/cases/" + rel.caseID + "/alerts", edited(draft, []any{map[string]any{"center": []float64{20}, "radius_m": 5}}, "area", "circles"), "area.circles[0].center"},
		"expired already":         {"/cases/" + rel.caseID + "/alerts", edited(draft, s.now().Add(-time.Hour), "expires_at"), "expires_at"},
		"unknown level":           {"/cases/" + rel.caseID + "/alerts", edited(draft, "everybody", "level"), "level"},
		"unknown severity":        {"/cases/" + rel.caseID + "/alerts", edited(draft, "high", "severity"), "severity"},
		"public without decision": {"/cases/" + rel.caseID + "/alerts", edited(draft, "public_appeal", "level"), "decision_id"},
		"no texts":                {"/cases/" + rel.caseID + "/alerts", edited(draft, map[string]any{}, "texts"), "texts"},
		"unknown outcome":         {"/cases/" + rel.caseID + "/close", map[string]any{"outcome": "found"}, "outcome"},
		"decided tomorrow":        {"/cases/" + rel.caseID + "/decisions", map[string]any{"level": "public_appeal", "authority": "a", "basis": "b", "reference": "c", "decided_at": far}, "decided_at"},
		"class that never leaves": {"/cases/" + rel.caseID + "/consents", map[string]any{"class": "P5", "audience": "public", "purpose": "p", "basis": "legal_order"}, "class"},
		"no hash":                 {"/alerts/" + rel.alert + "/release", map[string]any{"content_hash": ""}, "content_hash"},
		"unknown channel":         {"/contacts", map[string]any{"channel": "telegraph", "kind": "advice"}, "channel"},
		"matter without states":   {"/cases/" + rel.caseID + "/abduction", map[string]any{"kind": "removal", "wrongful_date": "2031-01-01", "from_state": "", "to_state": ""}, "to_state"},
		"unknown institution":     {"/institutions", map[string]any{"name": "Court", "kind": "palace", "country": "RS"}, "kind"},
	} {
		t.Run(name, func(t *testing.T) { ana.in(t).post(c.path, c.body).wrong(422, c.field) })
	}
}

func TestAllWrongFieldsAtOnce(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	body := edited(edited(edited(aCase(s), "lost", "category"), s.now().Add(time.Hour*72), "last_seen", "at"), point(0, 91), "last_seen", "place")
	r := s.as(alerts.RoleCoordinator).post("/cases", body).wrong(422, "category").wrong(422, "last_seen.at").wrong(422, "last_seen.place")
	if n := r.count("errors"); n != 3 {
		t.Errorf("%d fields are wrong: %s", n, r.body)
	}
	r = s.as(alerts.RoleCoordinator).post("/cases", `{"categry":"runaway","children":[{"nmes":[]},{"names":{"given":"A"}}],"police":7}`)
	for _, field := range []string{"categry", "children[0].nmes", "children[1].names", "police"} {
		r.wrong(400, field)
	}
}

// TestBodiesAreReadStrictly sends what a lenient reader would take, to every
// route of the API that takes a body.
func TestBodiesAreReadStrictly(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	duty := s.as(alerts.RoleDutyOfficer)
	admin := s.as(alerts.RoleAdministrator)
	partner := s.as(alerts.RolePartner)
	deep := strings.Repeat(`{"a":`, 60) + "1" + strings.Repeat("}", 60)
	bodies := map[string]string{
		"unknown field": `{"zzz":1}`, "repeated field": `{"a":1,"a":2}`, "repeated in another case": `{"a":1,"A":2}`,
		"trailing data": `{} {}`, "a list": `[]`, "a text": `"x"`, "null": `null`, "not JSON": `{a:1}`, "cut": `{"a":`, "deep": deep,
		"bad UTF-8": "{\"a\":\"\xff\"}", "too large a number": `{"zzz":1e400}`, "nothing but spaces": "  ", "NaN": `{"a":NaN}`,
	}
	for _, r := range s.App().GetRoutes(true) {
		path, ok := strings.CutPrefix(r.Path, apiPrefix)
		if !ok || r.Method != "POST" && r.Method != "PATCH" || strings.HasSuffix(path, "/photos") ||
			path == "/institutions/import" || path == "/cap" || strings.HasSuffix(path, "/files") || strings.HasSuffix(path, "/documents") || // these take a file, a table or XML, not JSON
			path == "/calls" || strings.HasPrefix(path, "/compare") { // and these look at signature or secret before they read anything
			continue
		}
		path = strings.NewReplacer(":id", "x", ":n", "1").Replace(path)
		c := duty
		switch {
		case strings.HasPrefix(path, "/accounts"), strings.HasPrefix(path, "/exchanges"):
			c = admin
		case strings.HasPrefix(path, "/partner/"):
			c = partner
		}
		for name, body := range bodies {
			if got := c.with("If-Match", `"1"`).api(r.Method, path, body); got.status != 400 {
				t.Errorf("%s with %s: %d %s", got.what, name, got.status, got.body)
			}
		}
		c.with("Content-Type", "text/plain").api(r.Method, path, "{}").wrong(415, "")
		c.with("Content-Encoding", "gzip").api(r.Method, path, "{}").wrong(415, "")
	}
}

func TestMiscasedFieldsAreRefusedAtAnyDepth(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	for body, field := range map[string]string{
		`{"Category":"runaway","children":[{}]}`:                                       "Category",
		`{"category":"runaway","children":[{"Sex":"male"}]}`:                           "children[0].Sex",
		`{"category":"runaway","children":[{"names":[{"Given":"A","kind":"birth"}]}]}`: "children[0].names[0].Given",
	} {
		ana.post("/cases", body).wrong(400, field)
	}
	ana.post("/cases/x/alerts", `{"texts":{"en":{"Headline":"a"}}}`).wrong(400, "texts.en.Headline")
	ana.with("If-Match", `"1"`).patch("/institutions/x", `{"channels":[{"Kind":"phone","value":"1"}]}`).wrong(400, "channels[0].Kind")
	s.as(alerts.RoleAdministrator).post("/accounts", `{"kind":"service","ROLE":"administrator","role":"operator","name":"x"}`).wrong(400, "role")
}

func TestTooLargeBodies(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	big := append([]byte(`{"text":"`), bytes.Repeat([]byte("a"), bodyLimit)...)
	ana.post("/sightings", append(big, `"}`...)).wrong(413, "")
	s.as(alerts.RolePublic).post("/public/sightings", append(big, `"}`...)).wrong(413, "")
	photo := append([]byte{0xff, 0xd8, 0xff}, bytes.Repeat([]byte{0}, photoBytes)...)
	s.as(alerts.RolePublic).with("Content-Type", "image/jpeg").post("/public/photos", photo).wrong(413, "photo")
	// What is larger still is refused by its length, before it is sent.
	conn := must(net.Dial("tcp", strings.TrimPrefix(s.url, "http://")))
	defer conn.Close()
	fmt.Fprintf(conn, "POST /api/v1/public/photos HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n", 20<<20)
	res := must(http.ReadResponse(bufio.NewReader(conn), nil))
	defer res.Body.Close()
	if res.StatusCode != 413 || res.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("20 MB: %d %v", res.StatusCode, res.Header)
	}
}

func TestPackedBodiesAreRefusedEverywhere(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_ = must(z.Write(bytes.Repeat([]byte(" "), 32<<20)))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, encoding := range []string{"gzip", "deflate", "br", "zstd", "gzip, gzip"} {
		for _, path := range []string{"/public/sightings", "/cases", "/nowhere", "/public/photos"} {
			s.as(alerts.RolePublic).with("Content-Encoding", encoding).post(path, packed.Bytes()).wrong(415, "")
		}
	}
}

func TestUnknownParametersAreNamed(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	duty := s.as(alerts.RoleDutyOfficer)
	for path, field := range map[string]string{
		"/cases?stat=public":             "stat",
		"/cases?limit=5&limit=6":         "limit",
		"/cases/x?fields=all":            "fields",
		"/sightings?box=1,2,3,4":         "box",
		"/alerts?role=administrator":     "role",
		"/deadlines?overdue=true":        "overdue",
		"/tiles/sightings/0/0/0.mvt?x=1": "x",
		"/openapi.json?format=yaml":      "format",
	} {
		duty.get(path).wrong(400, field)
	}
	for path, field := range map[string]string{
		"/cases?state=lost":                  "state",
		"/cases?sort=name":                   "sort",
		"/cases?cursor=abc":                  "cursor",
		"/cases?limit=0":                     "limit",
		"/cases?limit=many":                  "limit",
		"/sightings?bbox=1,2,3":              "bbox",
		"/sightings?bbox=20,45,21,44":        "bbox",
		"/sightings?from=yesterday":          "from",
		"/sightings?min_grade=Z9":            "min_grade",
		"/sightings?state=seen":              "state",
		"/contacts?open=1":                   "open",
		"/deadlines?until=soon":              "until",
		"/institutions?kind=palace":          "kind",
		"/abductions?state=lost":             "state",
		"/alerts/x/cap.xml?revision=latest":  "revision",
		"/alerts?state=released":             "state",
		"/tiles/sightings/0/0/0.mvt?from=no": "from",
	} {
		duty.get(path).wrong(422, field)
	}
}

func TestGeometryBombs(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator)
	rel := s.release("partner")
	ring := make([][2]float64, 0, 3000)
	for i := range 2999 {
		ring = append(ring, [2]float64{20 + float64(i)/3000, 44 + float64(i%2)})
	}
	rings := make([][][2]float64, 100)
	for i := range rings {
		x := 20 + float64(i)/200
		rings[i] = [][2]float64{{x, 44}, {x + .001, 44}, {x + .001, 44.001}, {x, 44}}
	}
	for name, g := range map[string]any{
		"vertices":  polygon(append(ring, ring[0])...),
		"rings":     map[string]any{"type": "MultiPolygon", "coordinates": [][][][2]float64{rings}},
		"zero area": polygon([2]float64{20, 44}, [2]float64{20, 44}, [2]float64{20, 44}, [2]float64{20, 44}),
		"huge":      polygon([2]float64{1e308, 44}, [2]float64{21, 44}, [2]float64{21, 45}, [2]float64{1e308, 44}),
		"foreign":   map[string]any{"type": "Polygon", "coordinates": [][][2]float64{}, "crs": "x"},
	} {
		r := ana.post("/cases/"+rel.caseID+"/alerts", edited(anAlert(s, "partner", ""), []any{g}, "area", "areas"))
		if r.status != 422 || !strings.Contains(string(r.body), `"field":"area.areas`) {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	deep := strings.Repeat("[", 1000) + strings.Repeat("]", 1000)
	ana.post("/cases/"+rel.caseID+"/alerts", fmt.Sprintf(`{"area":{"areas":[{"type":"Polygon","coordinates":%s}]}}`, deep)).wrong(400, "")
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{}`, `{"category":"runaway","children":[{"names":[{"given":"A","kind":"birth"}]}]}`,
		`{"last_seen":{"at":"2026-05-02T14:30:00+02:00","place":{"type":"Point","coordinates":[20,44]}}}`, `{"a":1,"A":2}`, `{"police":null}`, `{"team":["x"]} x`} {
		f.Add([]byte(seed))
	}
	var known shelfOfNames
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, v := range []any{&alerts.NewCase{}, &alerts.CasePatch{}, &alerts.NewSighting{}, &alerts.NewAlert{}, &alerts.LinkSighting{}, &followRequest{}} {
			if err := decodeBytes(body, v, &known); err != nil {
				if alerts.CodeOf(err) == "" {
					t.Fatalf("%T: an error without a code: %v", v, err)
				}
				continue
			}
			// What is taken means the same once it is written and read again.
			again, err := json.Marshal(v)
			if err != nil {
				continue // such as a year that JSON cannot write
			}
			if !json.Valid(again) {
				t.Fatalf("%T writes %s", v, again)
			}
		}
	})
}
