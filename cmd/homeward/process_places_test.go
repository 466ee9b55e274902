package main

import (
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// placesFile writes a file of places.
func (in *installation) placesFile(name, content string) string {
	in.tb.Helper()
	path := filepath.Join(in.dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		in.tb.Fatal(err)
	}
	return path
}

// findsPlace tells what the public form answers when a place is looked for.
func (in *installation) findsPlace(text string) string {
	in.tb.Helper()
	answer, err := in.client.PostForm(in.address+"/report/sighting", url.Values{"act": {"find"}, "place.query": {text}})
	if err != nil {
		in.tb.Fatal(err)
	}
	defer answer.Body.Close()
	var b strings.Builder
	if _, err := io.Copy(&b, answer.Body); err != nil {
		in.tb.Fatal(err)
	}
	return b.String()
}

// TestOperatorsPlaces imports streets beside a running server and without one,
// lists and removes them.
func TestOperatorsPlaces(t *testing.T) {
	t.Parallel()
	in := install(t)
	in.start()
	streets := in.placesFile("streets.csv", placesHeader+"Papirnih zmajeva,street,Niš,43.3211,21.8984,\n")
	if page := in.findsPlace("papirnih zmajeva"); strings.Contains(page, "21.8984") {
		t.Fatal("a street that nobody imported is found")
	}
	in.runs("No list of places", "places", "list")
	in.runs(`1 places imported as "nis"`, "places", "import", "--name", "nis", "--credit", "© Invented", streets)
	if page := in.findsPlace("папирних змајева 5, ниш"); !strings.Contains(page, "21.8984,43.3211") || !strings.Contains(page, "© Invented") {
		t.Error("an imported street is not found at once")
	}
	in.runs("nis\t1 places\t", "places", "list")
	swapped := in.placesFile("swapped.csv", placesHeader+"A,street,Niš,21.8984,43.3211,\nB,barn,Niš,43.3211,21.8984,\n")
	if code, out := in.run(in.places("places", "import", swapped)...); code != 1 || !strings.Contains(out, "line 2: ") || !strings.Contains(out, "line 3: kind") {
		t.Errorf("exchanged coordinates: %d, %s", code, out)
	}
	in.stop()
	if code, out := in.run(in.places("places", "list")...); code != 1 || !strings.Contains(out, "no server answers") {
		t.Errorf("without a server: %d, %s", code, out)
	}
	if code, out := in.run(in.places("places", "import", "--offline", swapped)...); code != 1 || !strings.Contains(out, "line 2: ") {
		t.Errorf("exchanged coordinates, offline: %d, %s", code, out)
	}
	residential := in.placesFile("bor.geojson", `{"type":"FeatureCollection","features":[`+
		`{"type":"Feature","properties":{"highway":"residential","name":"Kišobrana"},"geometry":{"type":"LineString","coordinates":[[22.1,44.07],[22.12,44.07]]}},`+
		`{"type":"Feature","properties":{"highway":"service"},"geometry":{"type":"LineString","coordinates":[[22.1,44.07],[22.12,44.07]]}}]}`)
	in.runs("1 features without a name", "places", "import", "--offline", "--town", "Bor", residential)
	in.runs("bor\t1 places", "places", "list", "--offline")
	in.start()
	if page := in.findsPlace("kisobrana bor"); !strings.Contains(page, "22.1100,44.0700") {
		t.Error("streets imported offline are not found after a start")
	}
	if page := in.findsPlace("papirnih zmajeva"); !strings.Contains(page, "21.8984,43.3211") {
		t.Error("imported streets are gone after a start")
	}
	in.runs("was removed", "places", "drop", "nis")
	if page := in.findsPlace("papirnih zmajeva"); strings.Contains(page, "21.8984") {
		t.Error("a removed street is still found")
	}
	in.stop()
	in.runs("was removed", "places", "drop", "--offline", "bor")
}
