package geo

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/tidwall/rtree"

	"homeward/geo/script"
)

// Names is what a region or place is called in the languages of the program.
type Names struct {
	En     string `json:"en,omitempty" bson:"en,omitempty"`
	SrLatn string `json:"sr-Latn,omitempty" bson:"sr-Latn,omitempty"`
	SrCyrl string `json:"sr-Cyrl,omitempty" bson:"sr-Cyrl,omitempty"`
}

// In is the name in a language ("sr-Cyrl", "sr-Latn", anything else English),
// or the next best one there is.
func (n Names) In(lang string) string {
	order := []string{n.En, n.SrLatn, n.SrCyrl}
	switch lang {
	case "sr-Latn":
		order = []string{n.SrLatn, n.En, n.SrCyrl}
	case "sr-Cyrl":
		order = []string{n.SrCyrl, n.SrLatn, n.En}
	}
	for _, name := range order {
		if name != "" {
			return name
		}
	}
	return ""
}

// Region is a country (ISO 3166-1 alpha-2, and XK), a part of one (ISO
// 3166-2), or whatever an operator imported.
type Region struct {
	Code     string `json:"code" bson:"code"`
	Parent   string `json:"parent,omitempty" bson:"parent,omitempty"`
	Kind     string `json:"kind,omitempty" bson:"kind,omitempty"`
	Names    Names  `json:"names" bson:"names"`
	Boundary bool   `json:"boundary" bson:"boundary"` // it has a boundary of its own
}

// Regions knows codes, names and boundaries. It is safe for concurrent use;
// shapes compiled before an Import keep the boundaries they were compiled with.
type Regions struct {
	mu        sync.RWMutex
	entries   map[string]*entry
	codes     []string // sorted
	homeArea  Shape
	homeCodes []string
	tree      rtree.RTreeG[owned]
	// resolved keeps territories until the next Import, so that shapes share
	// them and an index can test each only once.
	resolved map[string]*territory
}

// entry is a region with its own boundary and its place among the others.
type entry struct {
	Region
	own    []part
	keys   []string // folded names, for Find
	same   []string // other codes of the same territory
	around []string // regions that hold it, besides the parent
	inside []string // regions it holds although its boundary may not
}

// territory is a region resolved for matching, shared by shapes.
type territory struct {
	Region
	parts   []part
	lineage []string // the code, its equals, and all regions around them
	lent    string   // whose boundary is used for want of an own one
}

// Builtin returns the regions that come with the program. Each call returns a
// new registry, which Import then extends.
func Builtin() (*Regions, error) {
	w, err := readWorld()
	if err != nil {
		return nil, err
	}
	r := &Regions{entries: map[string]*entry{}, resolved: map[string]*territory{}}
	lines, err := readLines("regions.csv")
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		r.put(Region{Code: l[0], Parent: l[1], Kind: l[2], Names: Names{l[3], l[4], l[5]}})
	}
	for _, c := range w.countries {
		if e := r.entries[c.code]; e != nil {
			for _, polygon := range c.geometry(w) {
				e.own = append(e.own, polygonPart(polygon))
			}
			e.Boundary = len(e.own) > 0
		}
	}
	overlaps, err := readLines("overlap.csv")
	if err != nil {
		return nil, err
	}
	for _, l := range overlaps {
		r.relate(l[0], l[1], l[2])
	}
	r.replant()
	return r, nil
}

// MustBuiltin is Builtin for start-up; it panics when the build is broken.
func MustBuiltin() *Regions {
	r, err := Builtin()
	if err != nil {
		panic(err)
	}
	return r
}

func readLines(name string) ([][]string, error) {
	data, err := files.ReadFile("data/" + name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrData, err)
	}
	lines, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(lines) == 0 {
		return nil, fmt.Errorf("%w: %s: %w", ErrData, name, err)
	}
	return lines[1:], nil
}

// relate enters one line of the table of overlaps.
func (r *Regions) relate(kind, code, with string) {
	a, b := r.entries[code], r.entries[with]
	if a == nil || b == nil {
		return
	}
	if kind == "same" {
		a.same, b.same = append(a.same, with), append(b.same, code)
		return
	}
	a.inside, b.around = append(a.inside, with), append(b.around, code)
}

// put adds or renames a region; empty fields leave what is known.
func (r *Regions) put(n Region) *entry {
	e := r.entries[n.Code]
	if e == nil {
		e = &entry{Region: Region{Code: n.Code}}
		r.entries[n.Code] = e
		at := sort.SearchStrings(r.codes, n.Code)
		r.codes = slices.Insert(r.codes, at, n.Code)
	}
	e.Parent, e.Kind = cmpOr(n.Parent, e.Parent), cmpOr(n.Kind, e.Kind)
	e.Names = Names{cmpOr(n.Names.En, e.Names.En), cmpOr(n.Names.SrLatn, e.Names.SrLatn), cmpOr(n.Names.SrCyrl, e.Names.SrCyrl)}
	e.keys = nil
	for _, name := range []string{e.Names.En, e.Names.SrLatn, e.Names.SrCyrl} {
		e.keys = append(e.keys, script.Keys(name)...)
	}
	slices.Sort(e.keys)
	e.keys = slices.Compact(e.keys)
	return e
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// Lookup finds a region by its code, in capitals or not.
func (r *Regions) Lookup(code string) (Region, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	e := r.entries[regionCode(code)]
	if e == nil {
		return Region{}, false
	}
	return e.Region, true
}

// All returns every region in the order of codes.
func (r *Regions) All() []Region {
	r.mu.RLock()
	defer r.mu.RUnlock()
	out := make([]Region, 0, len(r.codes))
	for _, code := range r.codes {
		out = append(out, r.entries[code].Region)
	}
	return out
}

// Find returns regions by code or by a word's beginning in any of their names,
// in either alphabet and with or without diacritics: an exact code or name
// first, then names that begin so, countries before their parts. At most 20;
// nothing for an empty text.
func (r *Regions) Find(text string) []Region {
	key := script.Fold(clipText(text, 100))
	if key == "" {
		return nil
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	type hit struct {
		Region
		rank int
	}
	var hits []hit
	for _, code := range r.codes {
		e := r.entries[code]
		if rank := e.rank(regionCode(text), key); rank < 4 {
			if e.Kind != "country" {
				rank = rank*2 + 1
			} else {
				rank *= 2
			}
			hits = append(hits, hit{e.Region, rank})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return a.rank - b.rank })
	var out []Region
	for _, h := range hits[:min(20, len(hits))] {
		out = append(out, h.Region)
	}
	return out
}

// rank is 0 for the code or name itself, then 1 and 2 for a name or a word of
// it that begins with the key, 4 for none.
func (e *entry) rank(code, key string) int {
	if e.Code == code {
		return 0
	}
	best := 4
	for _, k := range e.keys {
		switch {
		case k == key:
			return 0
		case strings.HasPrefix(k, key):
			best = min(best, 1)
		case strings.Contains(k, " "+key):
			best = min(best, 2)
		}
	}
	return best
}

// SetHome names the regions where the operator's cases happen, against which
// swapped coordinates show. Codes that are not known are an error.
func (r *Regions) SetHome(codes ...string) error {
	for _, code := range codes {
		if _, ok := r.Lookup(code); !ok {
			return fmt.Errorf("%w: %s", ErrRegion, clipText(code, 16))
		}
	}
	home := r.Compile(Area{Regions: codes})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.homeArea, r.homeCodes = home, slices.Clone(codes)
	return nil
}

// Home returns the codes given to SetHome, none when r is nil.
func (r *Regions) Home() []string {
	if r == nil {
		return nil
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clone(r.homeCodes)
}

// home is the operator's area, empty when none was set or r is nil.
func (r *Regions) home() Shape {
	if r == nil {
		return Shape{}
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.homeArea
}

// CheckPoint is Point.Validate and, when SetHome was called, LooksSwapped.
func (r *Regions) CheckPoint(p Point) error {
	if err := p.Validate(); err != nil {
		return err
	}
	return LooksSwapped(p, r.home())
}
