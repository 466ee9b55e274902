package search

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"homeward/geo"
	"homeward/geo/script"
)

// ownHit is a place with how well its name fits. Sure says that the whole name
// was typed, or its town with it.
type ownHit struct {
	place int32
	name  int32
	score float64
	sure  bool
}

// ownRanking gathers the best fit of each place.
type ownRanking struct {
	x    *ownIndex
	near geo.Point
	best map[int32]ownHit
}

// find returns the places that fit a text: those that were surely meant, then
// the others, the likeliest first.
func (x *ownIndex) find(text string, near geo.Point) []ownHit {
	if x == nil {
		return nil
	}
	r := ownRanking{x: x, near: near, best: map[int32]ownHit{}}
	readings := readingsOf(text, x.knows)
	for _, q := range readings {
		towns := x.townsOf(q)
		if len(q.name) < 2 || q.town != "" && towns == nil {
			continue
		}
		for _, key := range script.Keys(q.name) {
			r.prefixes(key, towns)
		}
	}
	if len(r.best) == 0 {
		r.typos(readings)
	}
	out := make([]ownHit, 0, len(r.best))
	for _, h := range r.best {
		h.score += x.weight(h.place, near)
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b ownHit) int {
		if a.sure != b.sure {
			if a.sure {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.place, b.place))
	})
	return out
}

// knows tells whether a key is a town's.
func (x *ownIndex) knows(key string) bool {
	return slices.ContainsFunc(x.towns, func(t ownTown) bool { return slices.Contains(t.keys, key) })
}

// townsOf are the towns that a reading means, nil for none or any.
func (x *ownIndex) townsOf(q reading) map[int32]bool {
	var out map[int32]bool
	for i, t := range x.towns {
		fits := func(key string) bool { return key == q.town || q.begun && strings.HasPrefix(key, q.town) }
		if q.town != "" && slices.ContainsFunc(t.keys, fits) {
			if out == nil {
				out = map[int32]bool{}
			}
			out[int32(i)] = true
		}
	}
	return out
}

func (r *ownRanking) prefixes(key string, towns map[int32]bool) {
	entries := r.x.entries
	at, _ := slices.BinarySearchFunc(entries, key, func(e ownEntry, k string) int { return strings.Compare(e.key, k) })
	for _, e := range entries[at:] {
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
		r.note(e.name, fit, towns, e.key == key && !e.part)
	}
}

// note keeps a fit for the places of a name that lie in one of the towns.
func (r *ownRanking) note(name int32, fit float64, towns map[int32]bool, whole bool) {
	if towns != nil {
		fit += 0.5
	}
	for p := r.x.from[name]; p < r.x.from[name+1]; p++ {
		if towns != nil && !towns[r.x.places[p].town] {
			continue
		}
		if old, ok := r.best[p]; !ok || fit > old.score {
			r.best[p] = ownHit{p, name, fit, whole || towns != nil}
		}
	}
}

// typos finds whole names that differ in a letter or two, of those with the
// same first letter: comparing with every name of a country would take long.
func (r *ownRanking) typos(readings []reading) {
	var tried []string
	for _, q := range slices.Backward(readings) { // the barest come last
		towns := r.x.townsOf(q)
		if len(q.name) < 5 || q.town != "" && towns == nil || slices.Contains(tried, q.name) || len(tried) == 3 {
			continue
		}
		tried = append(tried, q.name)
		allowed := 1
		if len(q.name) > 7 {
			allowed = 2
		}
		at, _ := slices.BinarySearchFunc(r.x.entries, q.name[:1], func(e ownEntry, k string) int { return strings.Compare(e.key, k) })
		for _, e := range r.x.entries[at:] {
			if e.key[0] != q.name[0] {
				break
			}
			if e.part {
				continue
			}
			if d := distance(q.name, e.key, allowed); d <= allowed {
				r.note(e.name, 0.7-0.15*float64(d), towns, false)
			}
		}
	}
}

// weight is what speaks for a place besides its name: the people of its town up
// to 0.4, nearness up to 0.4.
func (x *ownIndex) weight(place int32, near geo.Point) float64 {
	s := x.places[place]
	w := 0.4 * math.Min(1, math.Log10(float64(x.towns[s.town].people)+10)/7)
	if !near.IsZero() {
		w += 0.4 * math.Exp(-geo.Distance(near, s.point())/150_000)
	}
	return w
}
