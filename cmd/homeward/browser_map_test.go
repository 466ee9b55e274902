package main

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"homeward/alerts"
)

// TestLiveMap looks at the map in a browser: the operator's own streets, a
// sighting that comes while somebody looks, the slider, measuring by keyboard
// and the layers.
func TestLiveMap(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
	if browser == nil {
		return
	}
	base, err := openBaseFile(mapFile(t))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	n := startNodeAt(t, filepath.Join(dir, "data"), dir, timeNow, nil, func(w *world) { w.baseFile = base })
	caseID, _ := n.openCase()
	n.sees(caseID, 20.45, 44.82)
	v := visit(t, browser, "coordinator", n, 1280, 900)
	arrive(v, n, alerts.RoleCoordinator, "")
	v.open("/desk/map?lang=en&bbox=20.0,44.4,20.9,45.0")
	v.mapStands(1)
	v.see(`document.querySelector("[data-map]").map.queryRenderedFeatures({ layers: ["streets-water", "streets-green"] }).length >= 2`)
	v.see(`document.querySelector(".credit").innerText.includes("© Invented streets")`)

	comes(v, n, caseID)
	slides(v)
	measures(v)
	v.open("/desk/map?layer=heat&layer=coverage")
	v.see(`document.querySelector("[data-map]").map?.getLayer("heat") && document.querySelector("[data-map]").things.heat.length === 2`)
	v.see(`document.querySelector("#heat-title") && document.querySelector("#coverage-title")`)
	for _, page := range []string{"/desk/map?lang=en&layer=heat&layer=coverage", "/desk/map/print?lang=en&layer=heat", "/desk/cases/" + caseID + "/map?lang=en"} {
		v.open(page)
		for _, w := range v.examine("en") {
			t.Errorf("%s: %s", page, w)
		}
	}
}

// sees reports a sighting by telephone.
func (n *node) sees(caseID string, lon, lat float64) {
	n.tb.Helper()
	n.must("POST", "/sightings", n.as("coordinator", alerts.RoleCoordinator), object{
		"case_id": caseID, "channel": "phone", "text": "Invented.", "observed_at": n.w.now().Add(-time.Hour),
		"place": object{"type": "Point", "coordinates": []float64{lon, lat}},
	})
}

// mapStands waits until the map and the list beside it show so many sightings.
func (v *visitor) mapStands(sightings int) {
	v.t.Helper()
	v.see(fmt.Sprintf(`(() => {
		const map = document.querySelector("[data-map]").map;
		if (!map || !map.isStyleLoaded() || !map.areTilesLoaded() || map.isMoving() || !map.getLayer("sightings")) return false;
		const drawn = map.queryRenderedFeatures({ layers: ["sightings", "clusters"] });
		return drawn.reduce((n, f) => n + (f.properties.count || 1), 0) === %d;
	})()`, sightings))
	v.see(fmt.Sprintf(`document.querySelectorAll("#map-list [data-row]").length === %d || document.querySelector(".live-bar")`, sightings))
}

// comes lets a report come in while somebody looks: it appears, and the map
// stays where it is.
func comes(v *visitor, n *node, caseID string) {
	v.t.Helper()
	const where = `JSON.stringify(document.querySelector("[data-map]").map.getBounds().toArray())`
	before, err := look[string](v, where)
	if err != nil {
		v.t.Fatal(err)
	}
	v.stay()
	start := time.Now()
	n.sees(caseID, 20.3, 44.7)
	v.mapStands(2)
	v.t.Logf("a report was on the map %d ms after it was sent", time.Since(start).Milliseconds())
	v.stayed()
	if after, err := look[string](v, where); err != nil || after != before {
		v.t.Errorf("the map has moved from %s to %s (%v)", before, after, err)
	}
	v.click(".live-bar button")
	v.see(`document.querySelectorAll("#map-list [data-row]").length === 2`)
}

// slides moves the slider of days: the map, the list and the address follow.
func slides(v *visitor) {
	v.t.Helper()
	slide := func(days int) {
		if _, err := look[bool](v, fmt.Sprintf(`(() => { const r = document.getElementById("slider-day");
			r.value = Number(r.max) - %d; r.dispatchEvent(new Event("input", { bubbles: true })); return true; })()`, days)); err != nil {
			v.t.Fatal(err)
		}
	}
	slide(40)
	v.see(`/from=\d{4}-\d\d-\d\d/.test(location.search) && /to=\d{4}-\d\d-\d\d/.test(location.search)`)
	v.mapStands(0)
	v.see(`document.querySelector(".filters [name=from]").value === new URLSearchParams(location.search).get("from")`)
	v.see(`document.querySelector("#map-acts a").href.includes("from=")`) // what is printed is what is shown
	v.click("#slider [data-play]")
	v.see(`document.querySelector("#slider [data-play]").textContent === "Pause" && Number(document.getElementById("slider-day").value) > 50`)
	v.click("#slider [data-play]")
	slide(0)
	v.see(`!location.search.includes("from=")`)
	v.mapStands(2)
	v.stayed()
}

// measures takes the distance of two points and the area of three by keyboard.
func measures(v *visitor) {
	v.t.Helper()
	v.click(".map-tools button")
	key := func(name string) {
		if _, err := look[bool](v, fmt.Sprintf(`(() => { const c = document.querySelector("[data-map] canvas"); c.focus();
			c.dispatchEvent(new KeyboardEvent("keydown", { key: %q, bubbles: true, cancelable: true })); return true; })()`, name)); err != nil {
			v.t.Fatal(err)
		}
	}
	move := func(lon, lat float64) {
		if _, err := look[bool](v, fmt.Sprintf(`(document.querySelector("[data-map]").map.jumpTo({ center: [%g, %g] }), true)`, lon, lat)); err != nil {
			v.t.Fatal(err)
		}
	}
	for _, corner := range [][2]float64{{20, 44}, {20, 45}, {21, 45}, {21, 44}} {
		move(corner[0], corner[1])
		key("Enter")
	}
	// A degree of latitude is 111.2 km on a globe of 6371 km; along the way are
	// two of them and 78.6 km on the parallel of 45 degrees.
	v.see(`/Distance 301 km\. Area 8,8\d\d km²\./.test(document.querySelector(".map-tools output").textContent)`)
	v.see(`document.querySelector(".map-tools output").getAttribute("aria-live") === "polite"`)
	v.click(".map-tools button")
	v.see(`document.querySelector(".map-tools output").textContent === ""`)
}
