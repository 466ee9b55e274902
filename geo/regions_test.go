package geo

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestRegionsAt(t *testing.T) {
	t.Parallel()
	r := MustBuiltin()
	for _, c := range []struct {
		name string
		p    Point
		want string
	}{
		{"Beograd", At(20.46, 44.81), "[RS]"},
		{"Niš", At(21.9, 43.32), "[RS]"},
		{"Priština", At(21.16, 42.66), "[RS RS-KM XK]"},
		{"Zagreb", At(15.98, 45.81), "[HR]"},
		{"Suva, Fiji", At(178.0, -17.8), "[FJ]"},
		{"Chukotka, beyond 180", At(-175, 66), "[RU]"},
		{"the south pole", At(0, -90), "[AQ]"},
		{"Gibraltar", At(-5.35, 36.14), "[GI]"},
		{"Nicosia, north", At(33.4, 35.28), "[CY]"},
		{"Hargeisa", At(44.06, 9.56), "[SO]"},
		{"the Atlantic", At(-30, 0), "[]"},
	} {
		if got := fmt.Sprint(r.At(c.p)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if r.Country(At(21.16, 42.66)) != "XK" || r.Country(At(20.46, 44.81)) != "RS" || r.Country(At(-30, 0)) != "" {
		t.Error("countries are wrong")
	}
}

func TestRegionNames(t *testing.T) {
	t.Parallel()
	r := MustBuiltin()
	for code, want := range map[string]string{
		"rs": "Serbia Srbija Србија", "MK": "North Macedonia Severna Makedonija Северна Македонија",
		"TR": "Türkiye Turska Турска", "XK": "Kosovo Kosovo Косово",
		"RS-14": "Borski okrug Borski okrug Борски округ", "RS-26": "Pećki okrug Pećki okrug Пећки округ",
		"ME-22": "Gusinje Gusinje Гусиње",
	} {
		g, ok := r.Lookup(code)
		if got := strings.Join([]string{g.Names.In("en"), g.Names.In("sr-Latn"), g.Names.In("sr-Cyrl")}, " "); !ok || got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
	for _, g := range r.All() {
		if g.Names.En == "" || g.Names.SrLatn == "" || g.Names.SrCyrl == "" {
			t.Errorf("%s lacks a name: %+v", g.Code, g.Names)
		}
		if _, ok := r.Lookup(g.Parent); g.Parent != "" && !ok {
			t.Errorf("%s has an unknown parent %s", g.Code, g.Parent)
		}
	}
	for _, code := range []string{"AT", "BA", "BG", "CY", "HR", "HU", "ME", "MK", "RO", "SI", "TV", "GI", "CX", "CC"} {
		if g, _ := r.Lookup(code); !g.Boundary {
			t.Errorf("%s has no boundary", code)
		}
	}
	for text, want := range map[string]string{"србија": "RS", "Srbija": "RS", "serb": "RS", "XK": "XK", "борски": "RS-14", "macedonia": "MK"} {
		if got := r.Find(text); len(got) == 0 || got[0].Code != want {
			t.Errorf("Find(%q) = %v, want %s", text, got, want)
		}
	}
	if r.Find("  ") != nil || r.Find("qqqqq") != nil {
		t.Error("something is found for nothing")
	}
}

// Whichever code a partner uses in Kosovo, and whichever boundaries are
// loaded, an alert there reaches it.
func TestKosovoMatchesUnderEveryCode(t *testing.T) {
	t.Parallel()
	builtin := MustBuiltin()
	imported := MustBuiltin()
	serbia := `{"type":"Feature","properties":{"code":"RS"},"geometry":` + poly("[[18.8,41.8],[23,41.8],[23,46.2],[18.8,46.2],[18.8,41.8]]") + `}`
	kosovo := `{"type":"Feature","properties":{"code":"RS-KM"},"geometry":` + poly("[[20,41.8],[21.8,41.8],[21.8,43.3],[20,43.3],[20,41.8]]") + `}`
	if _, err := imported.Import([]byte(`{"type":"FeatureCollection","features":[` + serbia + "," + kosovo + `]}`)); err != nil {
		t.Fatal(err)
	}
	alerts := map[string]Area{
		"circle":  {Circles: []Circle{{[2]float64{21.16, 42.66}, 500}}},
		"XK":      {Regions: []string{"XK"}},
		"RS-KM":   {Regions: []string{"RS-KM"}},
		"RS-27":   {Regions: []string{"RS-27"}},
		"RS":      {Regions: []string{"RS"}},
		"polygon": areaOf(t, poly("[[21,42.5],[21.2,42.5],[21.2,42.7],[21,42.5]]")),
	}
	for set, r := range map[string]*Regions{"builtin": builtin, "imported": imported} {
		var x AreaIndex
		for _, code := range []string{"RS", "XK", "RS-KM"} {
			x.Put(code, r.Compile(Area{Regions: []string{code}}))
		}
		x.Put("IS", r.Compile(Area{Regions: []string{"IS"}}))
		for name, a := range alerts {
			var got []string
			for _, m := range x.Meeting(r.Compile(a), 10_000) {
				got = append(got, m.ID)
			}
			if fmt.Sprint(got) != "[RS RS-KM XK]" {
				t.Errorf("%s boundaries, alert %s: %v", set, name, got)
			}
		}
	}
}

// A region without a boundary borrows its parent's, so that nobody is missed.
func TestRegionsWithoutBoundary(t *testing.T) {
	t.Parallel()
	r := MustBuiltin()
	bor := r.Compile(Area{Regions: []string{"RS-14"}})
	macva := r.Compile(Area{Regions: []string{"RS-08"}})
	iceland := r.Compile(Area{Regions: []string{"IS"}})
	circle := r.Compile(Area{Circles: []Circle{{[2]float64{22.1, 44.07}, 1000}}})
	if !bor.Meets(circle, 0) || !bor.Meets(macva, 0) || bor.Meets(iceland, 10_000) {
		t.Error("RS-14 does not stand for its country")
	}
	unknown := r.Compile(Area{Regions: []string{"QQ-1"}})
	if !unknown.Empty() || unknown.Meets(circle, 1e7) || !unknown.Meets(r.Compile(Area{Regions: []string{"qq-1"}}), 0) {
		t.Error("an unknown code matches by code and by nothing else")
	}
	if len(r.resolved) > 10 {
		t.Errorf("%d codes are remembered", len(r.resolved))
	}
}

func TestImport(t *testing.T) {
	t.Parallel()
	r := MustBuiltin()
	bor := `{"type":"Feature","properties":{"code":"rs-14","names":{"sr-Cyrl":"Борски округ"}},"geometry":` + poly("[[21.5,43.8],[22.7,43.8],[22.7,44.8],[21.5,44.8],[21.5,43.8]]") + `}`
	town := `{"type":"Feature","properties":{"code":"70327","parent":"RS-14","name":"Bor","kind":"municipality"},"geometry":` + poly("[[22,44],[22.2,44],[22.2,44.2],[22,44.2],[22,44]]") + `}`
	added, err := r.Import([]byte(`{"type":"FeatureCollection","features":[` + town + "," + bor + `]}`))
	if err != nil || len(added) != 2 || added[0].Code != "70327" || !added[1].Boundary {
		t.Fatalf("%v %v", added, err)
	}
	if got := fmt.Sprint(r.At(At(22.1, 44.1))); got != "[70327 RS RS-14]" {
		t.Errorf("at the town: %s", got)
	}
	if g, _ := r.Lookup("RS-14"); g.Names.En != "Borski okrug" || g.Names.SrLatn != "Borski okrug" || g.Kind != "district" {
		t.Errorf("names are lost: %+v", g)
	}
	far := r.Compile(Area{Circles: []Circle{{[2]float64{19.5, 45}, 100}}})
	if r.Compile(Area{Regions: []string{"RS-14"}}).Meets(far, 10_000) {
		t.Error("RS-14 still borrows its country's boundary")
	}
	before := len(r.All())
	for name, text := range map[string]string{
		"no json":        `{`,
		"no collection":  town,
		"no features":    `{"type":"FeatureCollection","features":[]}`,
		"no code":        `{"type":"FeatureCollection","features":[` + bor + `,{"type":"Feature","properties":{},"geometry":` + poly("[[0,0],[1,0],[1,1],[0,0]]") + `}]}`,
		"wild code":      `{"type":"FeatureCollection","features":[{"properties":{"code":"<b>"},"geometry":` + poly("[[0,0],[1,0],[1,1],[0,0]]") + `}]}`,
		"a point":        `{"type":"FeatureCollection","features":[{"properties":{"code":"A"},"geometry":{"type":"Point","coordinates":[1,2]}}]}`,
		"no geometry":    `{"type":"FeatureCollection","features":[{"properties":{"code":"A"},"geometry":null}]}`,
		"open ring":      `{"type":"FeatureCollection","features":[{"properties":{"code":"A"},"geometry":` + poly("[[0,0],[1,0],[1,1]]") + `}]}`,
		"unknown parent": `{"type":"FeatureCollection","features":[{"properties":{"code":"A","parent":"B"},"geometry":` + poly("[[0,0],[1,0],[1,1],[0,0]]") + `}]}`,
	} {
		if _, err := r.Import([]byte(text)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if len(r.All()) != before {
		t.Error("a refused file left something behind")
	}
}

func TestWhy(t *testing.T) {
	t.Parallel()
	r := MustBuiltin()
	var x AreaIndex
	x.Put("country", r.Compile(Area{Regions: []string{"RS"}}))
	x.Put("near", r.Compile(Area{Circles: []Circle{{[2]float64{20.46, 44.90}, 1000}}}))
	x.Put("over", r.Compile(Area{Circles: []Circle{{[2]float64{20.46, 44.82}, 3000}}}))
	x.Put("far", r.Compile(Area{Circles: []Circle{{[2]float64{20.46, 46}, 1000}}}))
	x.Put("nowhere", Shape{})
	var got []string
	for _, m := range x.Meeting(r.Compile(Area{Circles: []Circle{{[2]float64{20.46, 44.81}, 2000}}}), 10_000) {
		got = append(got, m.ID+": "+m.Why.String())
	}
	want := []string{"country: region RS", "near: distance 7.0 km", "over: area"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	data, err := json.Marshal(Match{"p", Why{"region", "RS", 0}})
	if err != nil || string(data) != `{"id":"p","why":{"code":"region","region":"RS","distance_m":0}}` {
		t.Errorf("%s %v", data, err)
	}
}
