package search

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/geo"
)

// ownStreets are streets of real towns at invented positions.
func ownStreets(t testing.TB) (*Gazetteer, *Own) {
	t.Helper()
	g := gazetteer(t)
	at := func(name, town, kind string, lon, lat float64, others ...string) OwnPlace {
		return OwnPlace{Name: name, Kind: kind, Town: town, Others: others, Point: geo.At(lon, lat)}
	}
	own := &Own{}
	own.Set(g, []List{
		{Name: "a", Credit: "© A", Places: []OwnPlace{
			at("Cara Dušana", "Niš", KindStreet, 21.896, 43.319), at("Цара Душана", "Београд", KindStreet, 20.46, 44.825),
			at("Cara Dušana", "Bor", KindStreet, 22.1, 44.07), at("Đorđa Stanojevića", "Beograd", KindStreet, 20.39, 44.81),
			at("27. marta", "Beograd", KindStreet, 20.48, 44.81), at("Nova 4", "Sremska Mitrovica", KindStreet, 19.61, 44.98),
			at("Dušanova", "Niš", KindStreet, 21.9, 43.32), at("Beogradska", "Niš", KindStreet, 21.9, 43.33),
		}},
		{Name: "b", Credit: "© B", Places: []OwnPlace{
			at("Niš", "Bor", KindOther, 22.11, 44.07), at("Kralja Milana", "Beograd", KindStreet, 20.465, 44.81, "Srpskih vladara"),
			at("Trg Republike", "Beograd", KindSquare, 20.46, 44.816), at("Bem tér", "Szeged", KindSquare, 20.15, 46.25),
		}},
	})
	return g, own
}

func labels(answers []Answer) []string {
	var out []string
	for _, a := range answers {
		out = append(out, strings.TrimSuffix(a.Name+", "+a.Town, ", "))
	}
	return out
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	g, own := ownStreets(t)
	home := geo.At(20.8, 44)
	for text, want := range map[string]string{
		"Cara Dušana Niš":             "Cara Dušana, Niš",
		"цара душана, ниш":            "Cara Dušana, Niš",
		"Niš, Cara Dušana":            "Cara Dušana, Niš",
		"cara dusana bor":             "Cara Dušana, Bor",
		"Cara Dušana 15a, 18000 Niš":  "Cara Dušana, Niš",
		"ul. Cara Dušana br. 7 Bor":   "Cara Dušana, Bor",
		"ulica cara dusana 12/3, beo": "Cara Dušana, Beograd",
		"Цара Душана 15 а":            "Cara Dušana, Beograd",
		"cara dusana bb":              "Cara Dušana, Beograd",
		"Djordja Stanojevica":         "Đorđa Stanojevića, Beograd",
		"Dordja Stanojevica, Beograd": "Đorđa Stanojevića, Beograd",
		"27. marta":                   "27. marta, Beograd",
		"27. marta 5":                 "27. marta, Beograd",
		"nova 4, sremska mitrovica":   "Nova 4, Sremska Mitrovica",
		"nova sremska mitrovica":      "Nova 4, Sremska Mitrovica",
		"srpskih vladara":             "Kralja Milana, Beograd",
		"republike beograd":           "Trg Republike, Beograd",
		"bem ter, szeged":             "Bem tér, Szeged",
		"cara dusena, nis":            "Cara Dušana, Niš",
		"Djordja Stanojevca":          "Đorđa Stanojevića, Beograd",
		"Dušanova":                    "Dušanova, Niš",
		"Niš":                         "Niš",
		"Beograd":                     "Beograd",
		"bor":                         "Bor",
		"Novi Sad":                    "Novi Sad",
		"Sremska Mitrovica":           "Sremska Mitrovica",
		"kragujevc":                   "Kragujevac",
		"Cara Dušana, Bor 19210":      "Cara Dušana, Bor",
	} {
		got, _ := g.Answers(own, text, "sr-Latn", home, 6)
		if l := labels(got); len(l) == 0 || l[0] != want {
			t.Errorf("%q: %q, want %s first", text, l, want)
		}
	}
	got, more := g.Answers(own, "cara dusana", "sr-Latn", geo.Point{}, 6)
	if l := labels(got); more || !slices.Equal(l[:3], []string{"Cara Dušana, Beograd", "Cara Dušana, Niš", "Cara Dušana, Bor"}) {
		t.Errorf("the streets of one name, the largest town's first: %q, %t", l, more)
	}
	if got, more := g.Answers(own, "cara dusana", "sr-Latn", geo.At(22.1, 44), 2); len(got) != 2 || got[0].Town != "Bor" || !more {
		t.Errorf("near Bor: %q, %t", labels(got), more)
	}
	if got, _ := g.Answers(own, "cara dusana, leskovac", "sr-Latn", home, 6); len(got) != 0 {
		t.Errorf("a street in a town where none of that name is: %q", labels(got))
	}
}

func TestAnswersSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	g, own := ownStreets(t)
	got, _ := g.Answers(own, "trg republike", "sr-Cyrl", geo.Point{}, 1)
	want := Answer{Name: "Трг Републике", Town: "Београд", Kind: KindSquare, Point: geo.At(20.46, 44.816), Credit: "© B"}
	if len(got) != 1 || got[0] != want {
		t.Errorf("%+v", got)
	}
	if got, _ := g.Answers(own, "bem ter", "sr-Cyrl", geo.Point{}, 1); len(got) != 1 || got[0].Name != "Bem tér" || got[0].Town != "Сзегед" && got[0].Town != "Szeged" {
		t.Errorf("a name that is not Serbian is written in Cyrillic: %+v", got)
	}
	if got, _ := g.Answers(own, "цара душана", "en", geo.At(20.4, 44.8), 1); len(got) != 1 || got[0].Name != "Cara Dušana" {
		t.Errorf("an English reader: %+v", got)
	}
	if got, _ := g.Answers(own, "niš", "en", geo.Point{}, 2); len(got) != 2 || got[0].Kind != KindTown || got[0].Country != "RS" || got[1].Kind != KindOther {
		t.Errorf("the town comes first: %+v", got)
	}
}

// Without lists the answers are the gazetteer's.
func TestAnswersWithoutLists(t *testing.T) {
	t.Parallel()
	g := gazetteer(t)
	var none *Own
	emptied := &Own{}
	emptied.Set(g, []List{{Places: []OwnPlace{{Name: "Beogradska", Town: "Bor", Kind: KindStreet, Point: geo.At(22, 44)}}}})
	if emptied.Len() != 1 || emptied.Lists() != 1 {
		t.Errorf("%d in %d", emptied.Len(), emptied.Lists())
	}
	emptied.Set(g, nil)
	for _, text := range []string{"novi", "Bor", "kragujevc", "mitrovica", "…", "", "s"} {
		want := names(g.Find(text, "sr-Latn", geo.At(20.8, 44), 6))
		for _, own := range []*Own{none, emptied} {
			got, more := g.Answers(own, text, "sr-Latn", geo.At(20.8, 44), 6)
			if !slices.Equal(labels(got), want) || more {
				t.Errorf("%q: %q, want %q", text, labels(got), want)
			}
		}
	}
	if none.Len() != 0 || emptied.Lists() != 0 {
		t.Error("there are places in no list")
	}
}

func TestHouseNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Cara Dušana 15": true, "Cara Dušana 15a, Niš": true, "Цара Душана 15 а": true, "Nova bb": true, "Cara Dušana br. 3": true,
		"Cara Dušana": false, "27. marta": false, "Niš": false, "15": false, "": false, "Beograd, Srbija": false,
	} {
		if HouseNumber(text) != want {
			t.Errorf("%q: %t", text, !want)
		}
	}
}

// Searches and imports at the same time are each of one set of lists.
func TestOwnWhileSearched(t *testing.T) {
	t.Parallel()
	g := Over(nil)
	own := &Own{}
	var all sync.WaitGroup
	all.Go(func() {
		for i := range 50 {
			own.Set(g, []List{{Places: []OwnPlace{{Name: fmt.Sprintf("Ulica %d", i), Town: "Bor", Kind: KindStreet, Point: geo.At(22, 44)}}}})
		}
	})
	for range 200 {
		if got, _ := g.Answers(own, "ulica", "en", geo.Point{}, 5); len(got) > 1 {
			t.Errorf("%v", labels(got))
		}
	}
	all.Wait()
}

// manyStreets are as many streets as a country has, each name in some towns.
func manyStreets(g *Gazetteer, n int) []OwnPlace {
	r := rand.New(rand.NewPCG(1, 1))
	var towns []geo.Place
	for _, p := range g.places {
		if p.Country == "RS" {
			towns = append(towns, p)
		}
	}
	syllables := strings.Fields("ka mi lo ve dra go sta ni ža će ru be la šu to ne đo pa sa vi")
	word := func() string {
		var b strings.Builder
		for range 2 + r.IntN(3) {
			b.WriteString(syllables[r.IntN(len(syllables))])
		}
		return strings.ToUpper(b.String()[:1]) + b.String()[1:]
	}
	out := make([]OwnPlace, 0, n)
	for range n {
		town := towns[r.IntN(len(towns))]
		out = append(out, OwnPlace{Name: word() + " " + word() + "a", Kind: KindStreet, Town: town.NameLatn, Point: town.Point})
	}
	return out
}

// BenchmarkFindWithStreets searches beside sixty thousand imported streets. It
// reports the slowest of a hundred searches and how much memory the streets take.
func BenchmarkFindWithStreets(b *testing.B) {
	g := gazetteer(b)
	places := manyStreets(g, 60_000)
	own := &Own{}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	own.Set(g, []List{{Name: "a", Places: places}})
	set := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	texts := []string{"b", "ka", "Београд", "novi sad", "dra", places[7].Name, places[9].Name + " 15, " + places[9].Town, "sremska mit", "vladimirovka lokaveda", places[70].Name + "x"}
	var times []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		g.Answers(own, texts[i%len(texts)], "sr-Latn", geo.At(20.46, 44.81), 6)
		times = append(times, time.Since(start))
	}
	runtime.KeepAlive(places)
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/1e6, "MB")
	b.ReportMetric(float64(set.Milliseconds()), "set-ms")
}
