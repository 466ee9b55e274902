package search

import (
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"homeward/geo"
	"homeward/geo/script"
)

// shared is the index over all places; it never changes, so one is enough.
var shared = sync.OnceValues(New)

func gazetteer(t testing.TB) *Gazetteer {
	t.Helper()
	g, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func names(places []geo.Place) []string {
	var out []string
	for _, p := range places {
		out = append(out, p.In("sr-Latn"))
	}
	return out
}

// Every town on the list is found first under each way to write it.
func TestSerbianTowns(t *testing.T) {
	t.Parallel()
	g := gazetteer(t)
	f, err := os.Open("testdata/towns.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	towns, err := csv.NewReader(f).ReadAll()
	if err != nil || len(towns) < 150 {
		t.Fatalf("%d towns, %v", len(towns), err)
	}
	for _, town := range towns {
		latin, cyrillic := town[0], town[1]
		for _, text := range []string{latin, cyrillic, script.Fold(latin), strings.ToUpper(cyrillic), strings.ReplaceAll(script.Fold(latin), "dj", "d")} {
			found := g.Find(text, "sr-Latn", geo.At(20.9, 44), 10)
			i := slices.IndexFunc(found, func(p geo.Place) bool { return p.NameLatn == latin && p.NameCyrl == cyrillic })
			if i != 0 {
				t.Errorf("%s (%s): %v", text, latin, names(found))
			}
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	g := gazetteer(t)
	belgrade := geo.At(20.46, 44.81)
	for _, c := range []struct {
		text string
		near geo.Point
		want string // first
	}{
		{"kragujevc", geo.Point{}, "Kragujevac"},
		{"Krgujevac", geo.Point{}, "Kragujevac"},
		{"Belgarde", geo.Point{}, "Beograd"},
		{"новисад", geo.Point{}, "Novi Sad"},
		{"sremska mit", geo.Point{}, "Sremska Mitrovica"},
		{"mitrovica", geo.At(20.87, 42.89), "Kosovska Mitrovica"},
		{"novi", geo.At(20.51, 43.14), "Novi Pazar"},
		{"Belgrade", geo.Point{}, "Beograd"},
		{"gyor", geo.Point{}, "Győr"},
		{"Paris", belgrade, "Pariz"},
		{"  UB  ", geo.Point{}, "Ub"},
	} {
		if got := g.Find(c.text, "sr-Latn", c.near, 10); len(got) == 0 || got[0].In("sr-Latn") != c.want {
			t.Errorf("%q: %v, want %s first", c.text, names(got), c.want)
		}
	}
	for _, text := range []string{"", "   ", "…", "qqqqxxqq", strings.Repeat("ж", 500)} {
		if got := g.Find(text, "en", geo.Point{}, 10); len(got) > 0 {
			t.Errorf("%q: %v", text, names(got))
		}
	}
	if got := g.Find("b", "sr-Cyrl", belgrade, 7); len(got) != 7 {
		t.Errorf("%d of 7", len(got))
	}
	if g.Find("beograd", "sr", belgrade, 0) != nil {
		t.Error("none were asked for")
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	g := gazetteer(t)
	regions := geo.MustBuiltin()
	seen := map[int]bool{}
	for _, p := range g.places {
		if p.Name == "" || p.Point.Validate() != nil || seen[p.ID] || !utf8.ValidString(p.Name) {
			t.Fatalf("bad place %+v", p)
		}
		seen[p.ID] = true
		if _, ok := regions.Lookup(p.Country); !ok {
			t.Errorf("%s lies in unknown country %s", p.Name, p.Country)
		}
		if _, ok := regions.Lookup(p.AdminCode); p.AdminCode != "" && !ok {
			t.Errorf("%s lies in unknown region %s", p.Name, p.AdminCode)
		}
		if p.Country == "RS" && (p.AdminCode == "" || p.NameCyrl == "" || p.NameCyrl == p.NameLatn) {
			t.Errorf("%+v lacks a district or a name", p)
		}
	}
	bor := g.Find("Bor", "sr-Latn", geo.Point{}, 1)[0]
	if bor.AdminCode != "RS-14" || bor.In("sr-Cyrl") != "Бор" || bor.In("en") != "Bor" {
		t.Errorf("%+v", bor)
	}
	if p, ok := g.Place(bor.ID); !ok || p != bor {
		t.Errorf("by id: %+v", p)
	}
	if _, ok := g.Place(-99999); ok {
		t.Error("there is no place -99999")
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	g := gazetteer(t)
	r := rand.New(rand.NewPCG(1, 1))
	for range 60 {
		p := geo.At(-180+360*r.Float64(), -90+180*r.Float64())
		if r.IntN(2) == 0 {
			p = geo.At(10+20*r.Float64(), 38+12*r.Float64())
		}
		best := math.Inf(1)
		for _, q := range g.places {
			best = min(best, geo.Distance(p, q.Point))
		}
		if _, d, ok := g.Nearest(p); !ok || d != best {
			t.Fatalf("%v: %f m, want %f", p.Coordinates, d, best)
		}
	}
	if _, _, ok := Over(nil).Nearest(geo.At(0, 0)); ok {
		t.Error("nothing is near nothing")
	}
}

func TestTypoDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want int
	}{{"nis", "nis", 0}, {"nsi", "nis", 1}, {"ni", "nis", 1}, {"nish", "nis", 1}, {"bor", "nis", 3}, {"", "nis", 3}, {"abcdef", "a", 3}} {
		if got := distance(c.a, c.b, 2); got != c.want {
			t.Errorf("%s to %s: %d, want %d", c.a, c.b, got, c.want)
		}
	}
	word := rapid.StringMatching(`[a-d]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		if distance(a, b, 3) != distance(b, a, 3) || (distance(a, b, 3) == 0) != (a == b) {
			t.Fatalf("%s, %s", a, b)
		}
	})
}

func FuzzFind(f *testing.F) {
	g := gazetteer(f)
	for _, text := range []string{"Ђурђево", "novi sad", "\xff\xfe", "ǆ", "İ", "a b c d"} {
		f.Add(text, "sr-Latn")
	}
	f.Fuzz(func(t *testing.T, text, lang string) {
		for _, p := range g.Find(text, lang, geo.At(20, 44), 5) {
			if p.Name == "" {
				t.Fatal("a place without a name")
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	g := gazetteer(b)
	texts := []string{"b", "Београд", "novi sad", "kragujevc", "san", "sremska mit", "Djakovica", "vladimirovka"}
	var times []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		g.Find(texts[i%len(texts)], "sr-Latn", geo.At(20.46, 44.81), 10)
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
}
