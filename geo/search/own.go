package search

import (
	"slices"
	"strings"
	"sync/atomic"

	"homeward/geo"
	"homeward/geo/script"
)

// Kinds of places of an operator's own. KindTown is what the gazetteer's places
// are called beside them.
const (
	KindTown    = "town"
	KindStreet  = "street"
	KindSquare  = "square"
	KindStation = "station"
	KindSchool  = "school"
	KindShelter = "shelter"
	KindOther   = "other"
)

// OwnKinds returns the kinds that a place of a list may have.
func OwnKinds() []string {
	return []string{KindStreet, KindSquare, KindStation, KindSchool, KindShelter, KindOther}
}

// OwnPlace is a street or another place of a list that an operator imported.
type OwnPlace struct {
	Name string
	// Others are names that it is found by and not shown under.
	Others []string
	Kind   string
	Town   string
	Point  geo.Point
}

// List is a list of places under a name, with whom to thank for it.
type List struct {
	Name, Credit string
	Places       []OwnPlace
}

// Own holds the places of an operator's own lists. The zero value and nil hold
// none; it is safe for concurrent use.
type Own struct{ index atomic.Pointer[ownIndex] }

// Set replaces all lists. Towns that the gazetteer knows weigh as much as they
// have people.
func (o *Own) Set(g *Gazetteer, lists []List) {
	if len(lists) == 0 {
		o.index.Store(nil)
		return
	}
	o.index.Store(indexOwn(g, lists))
}

// Len is how many places the lists hold.
func (o *Own) Len() int {
	if x := o.current(); x != nil {
		return len(x.places)
	}
	return 0
}

// Lists is how many lists there are.
func (o *Own) Lists() int {
	if x := o.current(); x != nil {
		return len(x.credits)
	}
	return 0
}

func (o *Own) current() *ownIndex {
	if o == nil {
		return nil
	}
	return o.index.Load()
}

// ownIndex finds places by name. It is made once and never changed: a country's
// streets are many, so a place is sixteen bytes and names are kept once.
type ownIndex struct {
	names   []string
	from    []int32 // the places of name i are places[from[i]:from[i+1]]
	places  []ownSpot
	entries []ownEntry // sorted by key
	towns   []ownTown
	credits []string // of lists
}

// ownSpot is where a place of some name is, in hundred-thousandths of a degree.
type ownSpot struct {
	lat, lon int32
	town     int32
	list     uint16
	kind     uint8
}

func (s ownSpot) point() geo.Point { return geo.At(float64(s.lon)/1e5, float64(s.lat)/1e5) }

// ownEntry is a name's key, or the rest of it from a later word on.
type ownEntry struct {
	key  string
	name int32
	part bool
}

type ownTown struct {
	name   string
	keys   []string
	people int
}

// indexOwn gathers the places of one name, whatever the town and the list.
func indexOwn(g *Gazetteer, lists []List) *ownIndex {
	x := &ownIndex{}
	type placed struct {
		OwnPlace
		list int
	}
	var all []placed
	for i, l := range lists {
		x.credits = append(x.credits, l.Credit)
		for _, p := range l.Places {
			all = append(all, placed{p, i})
		}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return compareNames(a.OwnPlace, b.OwnPlace) })
	kinds, towns := OwnKinds(), map[string]int32{}
	x.places = make([]ownSpot, 0, len(all))
	for i, p := range all {
		if i == 0 || compareNames(all[i-1].OwnPlace, p.OwnPlace) != 0 {
			x.addName(p.OwnPlace)
		}
		town, known := towns[p.Town]
		if !known {
			town = int32(len(x.towns))
			towns[p.Town] = town
			x.towns = append(x.towns, ownTown{strings.Clone(p.Town), script.Keys(p.Town), g.people(p.Town, p.Point)})
		}
		x.places = append(x.places, ownSpot{
			lat: rounded(p.Point.Lat()), lon: rounded(p.Point.Lon()), town: town, list: uint16(p.list), kind: uint8(max(0, slices.Index(kinds, p.Kind))),
		})
	}
	x.from = append(x.from, int32(len(x.places)))
	x.entries = slices.Clip(x.entries)
	slices.SortFunc(x.entries, func(a, b ownEntry) int { return strings.Compare(a.key, b.key) })
	return x
}

func compareNames(a, b OwnPlace) int {
	if d := strings.Compare(a.Name, b.Name); d != 0 {
		return d
	}
	return slices.Compare(a.Others, b.Others)
}

func rounded(degrees float64) int32 {
	if degrees < 0 {
		return int32(degrees*1e5 - 0.5)
	}
	return int32(degrees*1e5 + 0.5)
}

// addName begins a name: the places that follow have it.
func (x *ownIndex) addName(p OwnPlace) {
	n := int32(len(x.names))
	x.names = append(x.names, strings.Clone(p.Name))
	x.from = append(x.from, int32(len(x.places)))
	var keys []string
	for _, name := range append([]string{p.Name}, p.Others...) {
		keys = append(keys, script.Keys(name)...)
	}
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		if key == "" {
			continue
		}
		x.entries = append(x.entries, ownEntry{key, n, false})
		for at, r := range key {
			if r == ' ' {
				x.entries = append(x.entries, ownEntry{key[at+1:], n, true})
			}
		}
	}
}

// people is how many live in the town of a name near a point; 0 when the
// gazetteer does not know it.
func (g *Gazetteer) people(town string, near geo.Point) int {
	const reach = 40_000 // metres: a street lies in its town, which may be wide
	key, most := script.Fold(town), 0
	at, _ := slices.BinarySearchFunc(g.entries, key, func(e entry, k string) int { return strings.Compare(e.key, k) })
	for _, e := range g.entries[at:] {
		if e.key != key {
			break
		}
		if p := &g.places[e.place]; !e.part && p.Size() > most && geo.Distance(p.Point, near) <= reach {
			most = p.Size()
		}
	}
	return most
}
