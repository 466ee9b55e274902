package geo

import (
	"math"
	"slices"

	"github.com/tidwall/rtree"
)

// Compile resolves an area for questions. Unknown region codes are kept for
// matching by code and hold no place.
func (r *Regions) Compile(a Area) Shape {
	parts := a.drawnParts()
	r.mu.Lock()
	defer r.mu.Unlock()
	var regions []*territory
	for _, code := range a.regionCodes() {
		regions = append(regions, r.territory(code))
	}
	return newShape(regions, parts)
}

// territory gathers what matching needs to know about one code. Only known
// codes are remembered, so that nobody can fill the memory with inventions.
func (r *Regions) territory(code string) *territory {
	if t := r.resolved[code]; t != nil {
		return t
	}
	t := r.resolve(code)
	if r.entries[code] != nil {
		r.resolved[code] = t
	}
	return t
}

func (r *Regions) resolve(code string) *territory {
	t := &territory{Region: Region{Code: code}, lineage: r.lineage(code)}
	if e := r.entries[code]; e != nil {
		t.Region = e.Region
	}
	// A chain of parents without boundaries ends: each code is asked once.
	var asked []string
	for at := code; at != "" && !slices.Contains(asked, at); {
		asked = append(asked, at)
		if t.parts = r.boundary(at); len(t.parts) > 0 {
			if at != code {
				t.lent = at
			}
			break
		}
		if e := r.entries[at]; e != nil {
			at = e.Parent
		} else {
			break
		}
	}
	return t
}

// boundary is everything that may belong to a code: its own boundary, that of
// other codes for the same territory, and of territories it is said to hold.
func (r *Regions) boundary(code string) []part {
	e := r.entries[code]
	if e == nil {
		return nil
	}
	parts := slices.Clone(e.own)
	for _, other := range slices.Concat(e.same, e.inside) {
		if o := r.entries[other]; o != nil {
			parts = append(parts, o.own...)
			for _, again := range o.same {
				if again != code && r.entries[again] != nil {
					parts = append(parts, r.entries[again].own...)
				}
			}
		}
	}
	return parts
}

// lineage is the code itself first, then its equals and all regions around.
func (r *Regions) lineage(code string) []string {
	out := []string{code}
	for i := 0; i < len(out); i++ {
		e := r.entries[out[i]]
		if e == nil {
			continue
		}
		for _, next := range slices.Concat(e.same, []string{e.Parent}, e.around) {
			if next != "" && !slices.Contains(out, next) {
				out = append(out, next)
			}
		}
	}
	return out
}

// At returns the codes of all regions that hold p, and of the regions around
// those, sorted. Regions without a boundary of their own are only in it when a
// region they hold is. Empty at sea.
func (r *Regions) At(p Point) []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var held []string
	for _, o := range r.holding(p) {
		held = append(held, r.lineage(o.entry.Code)...)
	}
	slices.Sort(held)
	return slices.Compact(held)
}

// Country is the code of the country that p lies in, "" at sea; where two
// claim it, the one whose part there is smaller.
func (r *Regions) Country(p Point) string {
	best, size := "", math.Inf(1)
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, o := range r.holding(p) {
		if o.entry.Kind != "country" {
			continue
		}
		if _, _, s := o.part.center(); s < size || s == size && o.entry.Code < best {
			best, size = o.entry.Code, s
		}
	}
	return best
}

// holding is the parts of regions' own boundaries around p.
func (r *Regions) holding(p Point) []owned {
	var out []owned
	for _, lon := range bothSides(p.Lon()) {
		at := [2]float64{lon, p.Lat()}
		r.tree.Search(at, at, func(_, _ [2]float64, o owned) bool {
			if o.part.contains(lon, p.Lat()) {
				out = append(out, o)
			}
			return true
		})
	}
	return out
}

// bothSides is the longitude, twice on the 180th meridian.
func bothSides(lon float64) []float64 {
	if math.Abs(lon) == 180 {
		return []float64{180, -180}
	}
	return []float64{lon}
}

// owned is a part of a region's own boundary, in the tree.
type owned struct {
	entry *entry
	part  *part
}

// replant builds the tree of boundaries; imports are rare.
func (r *Regions) replant() {
	r.tree = rtree.RTreeG[owned]{}
	for _, code := range r.codes {
		e := r.entries[code]
		for i := range e.own {
			b := e.own[i].outline.box
			r.tree.Insert(b.min(), b.max(), owned{e, &e.own[i]})
		}
	}
}

// sharedCode finds a region of one shape that is, or lies around, a region of
// the other, and returns the wider of the two.
func (s Shape) sharedCode(o Shape) (string, bool) {
	for _, a := range s.regions {
		for _, b := range o.regions {
			if slices.Contains(b.lineage, a.Code) {
				return a.Code, true
			}
			if slices.Contains(a.lineage, b.Code) {
				return b.Code, true
			}
		}
	}
	return "", false
}
