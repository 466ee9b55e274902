package web

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"homeward/alerts"
)

func TestSightingsAreExportedByRight(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	ana.seenAt("=HYPERLINK(\"x\") <b>", "44.8", "20.47", "contact.phone", "+381 11 000 0017", "vehicle", "@tram")
	two := strings.TrimPrefix(ana.seenAt("far away", "43.3", "21.9"), "/desk/sightings/")
	at := func(form, query string) reply { return ana.send("GET", "/desk/map/export."+form+query, nil).want(200) }

	rows := must(csv.NewReader(strings.NewReader(strings.TrimPrefix(string(at("csv", "").body), "\ufeff"))).ReadAll())
	if len(rows) != 3 || rows[0][0] != "id" {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows[1:] {
		for i, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@") && rows[0][i] != "lon" && rows[0][i] != "lat" {
				t.Errorf("a spreadsheet takes %q for a formula", cell)
			}
		}
	}
	var list alerts.SightingList
	if err := json.Unmarshal(at("geojson", "?bbox=21,43,22,44").body, &list); err != nil || len(list.Features) != 1 || list.Features[0].ID != two {
		t.Fatalf("GeoJSON of a box: %v, %d features", err, len(list.Features))
	}
	for _, form := range []string{"kml", "gpx"} {
		d := xml.NewDecoder(strings.NewReader(string(at(form, "").has("44.8", "&lt;b&gt;").body)))
		for {
			if _, err := d.Token(); err != nil {
				if err.Error() != "EOF" {
					t.Errorf("%s: %v", form, err)
				}
				break
			}
		}
	}
	for _, form := range []string{"csv", "geojson", "kml", "gpx"} {
		at(form, "").lacks("000 0017")
		s.as(alerts.RoleOperator).send("GET", "/desk/map/export."+form, nil).want(403)
	}
	ana.send("GET", "/desk/map/export.xlsx", nil).want(404)
	ana.send("GET", "/desk/map/export.csv?state=nonsense", nil).want(422)
	ana.send("GET", "/desk/map", nil).want(200).has("/desk/map/export.csv", "/desk/map/export.gpx")
	s.as(alerts.RoleOperator).with("Accept-Language", "en").send("GET", "/desk/map", nil).want(200).lacks("/desk/map/export.")
}
