package web

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

func TestMapLayersStandInWordsToo(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	ana.seenAt("near the market", "44.8", "20.47", "vehicle", "a red car")
	ana.seenAt("far away", "43.3", "21.9")
	org, _ := s.organisation("Coverage <Ltd>")

	ana.send("GET", "/desk/map", nil).want(200).has(`value="heat"`, `value="coverage"`).lacks(`id="heat-title"`, `id="coverage-title"`, `"heat":[`, `"covers":[`, "sample-heat")
	page := ana.send("GET", "/desk/map?layer=heat&layer=coverage&layer=nonsense", nil).want(200).
		has("2 reports counted", "% of the weight", "halves every 72 hours", "not checked against a source", `"heat":[`, `class="heat"`, "sample-heat", "sample-coverage",
			`/desk/partners/`+org, "Coverage &lt;Ltd&gt;", "Serbia", `"covers":[`, `"type":"MultiPolygon"`)
	if n := strings.Count(string(page.body), `"covers":[{`); n != 1 {
		t.Errorf("%d lists of areas", n)
	}
	// What is shown follows the filters: the box, and the time.
	ana.send("GET", "/desk/map?layer=heat&bbox=21,43,22,44", nil).want(200).has("1 report counted")
	ana.send("GET", "/desk/map?layer=coverage&bbox=-60,-40,-50,-30", nil).want(200).has("No approved organisation").lacks("/desk/partners/" + org)
	long := s.now().AddDate(0, 0, -20).Format(time.DateOnly)
	ana.send("GET", "/desk/map?layer=heat&from="+long+"&to="+long, nil).want(200).has("There is no report that counts")
	ana.send("GET", "/desk/map?layer=heat&bbox=nonsense", nil).want(422)

	ana.get("/sightings-heat?bbox=21,43,22,44").want(200).has(`"reports":1`, `"half_life_hours":72`, `"verified":false`)
	ana.get("/sightings-heat?bbox=nonsense").want(422)
	ana.get("/sightings-heat?layer=x").want(400)
	s.as(alerts.RolePartner).get("/sightings-heat").want(403)
}

// TestPrintedMapIsAnExport also checks that a sheet says what it shows and who
// made it, and holds nobody who reported.
func TestPrintedMapIsAnExport(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	ana.seenAt("by the <b>market</b>", "44.8", "20.47", "contact.phone", "+381 11 000 0017", "contact.name", "Invented Aunt")
	ana.seenAt("far away", "43.3", "21.9")
	sheet := ana.send("GET", "/desk/map/print?layer=heat", nil).want(200).
		has("Person-coordinator", "2 sightings on the sheet", "no filter is set", "paper_wide.css", "&lt;b&gt;market", `class="ruler"`, "sample-heat", "destroy it after use", "Natural Earth").
		lacks("000 0017", "Invented Aunt", "paper_upright.css")
	if n := strings.Count(between(string(sheet.body), `<g class="names-wide">`, `</g><g class="names-narrow"`), `class="label"`); n != 2 {
		t.Errorf("%d numbers on the map", n)
	}
	ana.send("GET", "/desk/map/print?bbox=21,43,22,44&paper=upright&min_grade=", nil).want(200).
		has("1 sighting on the sheet", "paper_upright.css", "Part of the map", "21.00, 43.00, 22.00, 44.00").lacks("market")
	ana.send("GET", "/desk/map/print?state=nonsense", nil).want(422)
	ana.send("GET", "/desk/map/print?case=none", nil).want(404)
	ana.send("GET", "/desk/map", nil).want(200).has(`href="/desk/map/print"`)
	s.as(alerts.RoleOperator).send("GET", "/desk/map/print", nil).want(403)
	s.as(alerts.RoleOperator).send("GET", "/desk/map", nil).want(200).lacks("/desk/map/print")
	found := false
	for _, rec := range must(s.store.Reads(context.Background(), "node", 0, 1000)) {
		found = found || strings.Contains(string(rec), "export/sightings.print")
	}
	if !found {
		t.Error("the print is not recorded")
	}
}

// TestShapesAreTheSameEverywhere compares what the script of the map draws with
// what the server draws and the legend explains.
func TestShapesAreTheSameEverywhere(t *testing.T) {
	t.Parallel()
	script := string(must(staticFiles.ReadFile("static/js/map_shapes.js")))
	for _, shape := range mapShapes() {
		for _, line := range []string{fmt.Sprintf("  %s: %q,", shape.Name, shape.Path), fmt.Sprintf("%s: %q", shape.Name, "--"+shape.Tone)} {
			if !strings.Contains(script, line) {
				t.Errorf("the script lacks %s", line)
			}
		}
	}
	for _, state := range alerts.SightingStates() {
		if path, _ := mapShapeOf(string(state)); path == "" {
			t.Errorf("no shape for %s", state)
		}
	}
}

// A drawn map has its names for narrow screens too; the style sheet of every page
// shows the one or the other.
func TestDrawnMapsHaveNamesForNarrowScreens(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	s.as(alerts.RoleCoordinator).send("GET", "/desk/map", nil).want(200).has("css/parts.css", `class="names-wide"`, `class="names-narrow" display="none"`)
	reply{t: t, body: must(os.ReadFile("static/css/parts.css"))}.has(".map .names-narrow{display:none}", "{.map .names-wide{display:none}.map .names-narrow{display:inline}}")
}
