package search

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"homeward/geo"
	"homeward/geo/script"
)

// maxQuery is how much of a text is looked at, in bytes.
const maxQuery = 80

// Gazetteer is an index over places. It never changes after it is made.
type Gazetteer struct {
	places   []geo.Place
	entries  []entry             // sorted by key
	trigrams map[string][]uint32 // to entries that are whole names
	byLat    []int32             // places from south to north
}

// entry is a name's key, or the rest of it from a later word on.
type entry struct {
	key   string
	place int32
	part  bool
}

// New reads the embedded gazetteer and indexes it. It takes about a second,
// and some tens of megabytes.
func New() (*Gazetteer, error) {
	places, err := geo.Places()
	if err != nil {
		return nil, err
	}
	return Over(places), nil
}

// Over indexes the given places.
func Over(places []geo.Place) *Gazetteer {
	g := &Gazetteer{places: places, trigrams: map[string][]uint32{}}
	for i, p := range places {
		g.byLat = append(g.byLat, int32(i))
		for _, key := range keysOf(p) {
			g.entries = append(g.entries, entry{key, int32(i), false})
			for at, r := range key {
				if r == ' ' {
					g.entries = append(g.entries, entry{key[at+1:], int32(i), true})
				}
			}
		}
	}
	slices.SortFunc(g.entries, func(a, b entry) int {
		return cmp.Or(strings.Compare(a.key, b.key), cmp.Compare(a.place, b.place))
	})
	slices.SortFunc(g.byLat, func(a, b int32) int {
		return cmp.Compare(places[a].Point.Lat(), places[b].Point.Lat())
	})
	for i, e := range g.entries {
		if !e.part {
			for _, t := range trigramsOf(e.key) {
				g.trigrams[t] = append(g.trigrams[t], uint32(i))
			}
		}
	}
	return g
}

// keysOf is every key under which a place is found. The Cyrillic name needs
// none: it folds to the key of the Latin one.
func keysOf(p geo.Place) []string {
	keys := script.Keys(p.Name)
	if p.NameLatn != p.Name {
		keys = append(keys, script.Keys(p.NameLatn)...)
	}
	if p.NameCyrl != "" && script.Fold(p.NameCyrl) != script.Fold(p.NameLatn) {
		keys = append(keys, script.Keys(p.NameCyrl)...)
	}
	slices.Sort(keys)
	return slices.DeleteFunc(slices.Compact(keys), func(k string) bool { return k == "" })
}

// Find returns up to n places whose name is like the text, the likeliest
// first: by how well the name fits, how many people live there, how near it
// lies to near (the zero Point for nowhere) and, for a Serbian lang, whether
// it lies where Serbian is spoken. Nothing for a text without letters.
func (g *Gazetteer) Find(text, lang string, near geo.Point, n int) []geo.Place {
	if len(text) > maxQuery {
		text = strings.ToValidUTF8(text[:maxQuery], "")
	}
	key := script.Fold(text)
	if key == "" || n <= 0 {
		return nil
	}
	r := ranking{g: g, lang: lang, near: near, best: map[int32]float64{}}
	for _, k := range script.Keys(text) {
		r.prefixes(k)
	}
	if len(r.best) < n && len(key) >= 4 {
		r.typos(key)
	}
	return r.top(n)
}

// ranking gathers places with their best score so far.
type ranking struct {
	g    *Gazetteer
	lang string
	near geo.Point
	best map[int32]float64
}

// prefixes scores names that are the key, begin with it, or have a word that
// begins with it.
func (r *ranking) prefixes(key string) {
	at, _ := slices.BinarySearchFunc(r.g.entries, key, func(e entry, k string) int { return strings.Compare(e.key, k) })
	for _, e := range r.g.entries[at:] {
		if !strings.HasPrefix(e.key, key) {
			return
		}
		fit := 0.75 + 0.15*float64(len(key))/float64(len(e.key))
		switch {
		case e.key == key && !e.part:
			fit = 1.2
		case e.part:
			fit -= 0.15
		}
		r.note(e.place, fit)
	}
}

func (r *ranking) note(place int32, fit float64) {
	if old, ok := r.best[place]; !ok || fit > old {
		r.best[place] = fit
	}
}

// typos scores names that share most trigrams with the key and differ from it
// in one letter or two. A half-typed name is compared with its beginning.
func (r *ranking) typos(key string) {
	allowed := 1
	if len(key) > 5 {
		allowed = 2
	}
	grams := trigramsOf(key)
	shared := map[uint32]int{}
	for _, t := range grams {
		for _, i := range r.g.trigrams[t] {
			shared[i]++
		}
	}
	// Each wrong letter spoils three trigrams at most.
	need := max(1, len(grams)-3*allowed)
	for i, n := range shared {
		if n < need {
			continue
		}
		e := r.g.entries[i]
		d := distance(key, e.key, allowed)
		if len(e.key) > len(key)+1 {
			d = min(d, distance(key, e.key[:len(key)], allowed)+1)
		}
		if d <= allowed {
			r.note(e.place, 0.7-0.15*float64(d))
		}
	}
}

func (r *ranking) top(n int) []geo.Place {
	type scored struct {
		place int32
		score float64
	}
	all := make([]scored, 0, len(r.best))
	for i, fit := range r.best {
		all = append(all, scored{i, fit + r.weight(&r.g.places[i])})
	}
	slices.SortFunc(all, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(r.g.places[a.place].ID, r.g.places[b.place].ID))
	})
	out := make([]geo.Place, 0, min(n, len(all)))
	for _, s := range all[:min(n, len(all))] {
		out = append(out, r.g.places[s.place])
	}
	return out
}

// weight is what speaks for a place besides its name: people up to 0.4,
// nearness up to 0.4, language 0.15.
func (r *ranking) weight(p *geo.Place) float64 {
	w := 0.4 * math.Min(1, math.Log10(float64(p.Size())+10)/7)
	w += 0.05 * float64(p.Rank)
	if !r.near.IsZero() {
		w += 0.4 * math.Exp(-geo.Distance(r.near, p.Point)/150_000)
	}
	if strings.HasPrefix(r.lang, "sr") && strings.Contains("RS XK ME BA", p.Country) {
		w += 0.15
	}
	return w
}

// Nearest returns the place nearest to p and how many metres it is away; false
// when there are no places.
func (g *Gazetteer) Nearest(p geo.Point) (geo.Place, float64, bool) {
	const metresPerDegree = 111_195 // of latitude, a lower bound of the way
	best, found := math.Inf(1), int32(-1)
	start, _ := slices.BinarySearchFunc(g.byLat, p.Lat(), func(i int32, lat float64) int {
		return cmp.Compare(g.places[i].Point.Lat(), lat)
	})
	look := func(k int) bool {
		i := g.byLat[k]
		if math.Abs(g.places[i].Point.Lat()-p.Lat())*metresPerDegree > best+1 {
			return false
		}
		if d := geo.Distance(p, g.places[i].Point); d < best {
			best, found = d, i
		}
		return true
	}
	for k := start; k < len(g.byLat) && look(k); k++ {
	}
	for k := start - 1; k >= 0 && look(k); k-- {
	}
	if found < 0 {
		return geo.Place{}, 0, false
	}
	return g.places[found], best, true
}

// Place returns a place by its GeoNames id.
func (g *Gazetteer) Place(id int) (geo.Place, bool) {
	for _, p := range g.places {
		if p.ID == id {
			return p, true
		}
	}
	return geo.Place{}, false
}
