package geo

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/tidwall/rtree"
)

// AreaIndex answers which of many areas meet a given one. Readers run side by
// side; Put and Remove wait for them. The zero value is ready.
type AreaIndex struct {
	mu      sync.RWMutex
	tree    rtree.RTreeG[spot]
	holders map[string]*holder
	order   []listed // by id
	free    []int
	slots   int
	groups  map[*territory]*group
}

// listed is a holder in the order of ids.
type listed struct {
	id   string
	slot int
}

// holder is one area that was put in.
type holder struct {
	id    string
	slot  int
	items []*indexed // of its drawn parts
	shape Shape
}

// group is all holders that name one region: the region is tested once.
type group struct {
	*territory
	items []*indexed
	slots []int // of the holders
}

// indexed is a part in the tree: of a region, or drawn by one holder.
type indexed struct {
	part   *part
	holder *holder
	group  *group
}

// spot is a part as the tree holds it, with a place inside it and its holder's
// slot (-1 for a group): when the place lies in the area asked for, nothing else
// of the part need be read, and reading is what takes the time.
type spot struct {
	lon, lat float64
	slot     int
	*indexed
}

func (it *indexed) spot() spot {
	s := spot{it.part.lon, it.part.lat, -1, it}
	if it.part.outline != nil {
		s.lon, s.lat = it.part.outline.first[0], it.part.outline.first[1]
	}
	if it.holder != nil {
		s.slot = it.holder.slot
	}
	return s
}

// Match is an area that meets the one asked for, and why.
type Match struct {
	ID  string `json:"id" bson:"id"`
	Why Why    `json:"why" bson:"why"`
}

// Why is the reason of a match: code "region" (a region of the one is a region
// of the other or lies in it, or its boundary meets the other's area), "area"
// (drawn areas overlap) or "distance" (they are DistanceM metres apart, within
// the tolerance). Region is the code concerned, if one is.
type Why struct {
	Code      string  `json:"code" bson:"code"`
	Region    string  `json:"region,omitempty" bson:"region,omitempty"`
	DistanceM float64 `json:"distance_m" bson:"distance_m"`
}

// String is the reason for a log or an English page: "region RS", "area",
// "distance 4.2 km", "distance 4.2 km from region HR".
func (w Why) String() string {
	switch {
	case w.Code == "distance" && w.Region != "":
		return fmt.Sprintf("distance %.1f km from region %s", w.DistanceM/1000, w.Region)
	case w.Code == "distance":
		return fmt.Sprintf("distance %.1f km", w.DistanceM/1000)
	case w.Region != "":
		return w.Code + " " + w.Region
	}
	return w.Code
}

// Put adds the area under an id, or replaces the one that was there.
func (x *AreaIndex) Put(id string, s Shape) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(id)
	if x.holders == nil {
		x.holders, x.groups = map[string]*holder{}, map[*territory]*group{}
	}
	h := &holder{id: id, shape: s, slot: x.slots}
	if n := len(x.free); n > 0 {
		h.slot, x.free = x.free[n-1], x.free[:n-1]
	} else {
		x.slots++
	}
	x.holders[id] = h
	at, _ := x.find(id)
	x.order = slices.Insert(x.order, at, listed{id, h.slot})
	for i := range s.parts {
		h.items = append(h.items, x.insert(&indexed{part: &s.parts[i], holder: h}))
	}
	for _, t := range s.regions {
		x.join(t, h)
	}
}

func (x *AreaIndex) join(t *territory, h *holder) {
	g := x.groups[t]
	if g == nil {
		g = &group{territory: t}
		for i := range t.parts {
			g.items = append(g.items, x.insert(&indexed{part: &t.parts[i], group: g}))
		}
		x.groups[t] = g
	}
	g.slots = append(g.slots, h.slot)
}

func (x *AreaIndex) insert(it *indexed) *indexed {
	for _, b := range it.part.boxes {
		x.tree.Insert(b.min(), b.max(), it.spot())
	}
	return it
}

func (x *AreaIndex) drop(items []*indexed) {
	for _, it := range items {
		for _, b := range it.part.boxes {
			x.tree.Delete(b.min(), b.max(), it.spot())
		}
	}
}

func (x *AreaIndex) find(id string) (int, bool) {
	return slices.BinarySearchFunc(x.order, id, func(p listed, id string) int { return strings.Compare(p.id, id) })
}

// Remove takes an area out; an id that is not there is no fault.
func (x *AreaIndex) Remove(id string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(id)
}

func (x *AreaIndex) remove(id string) {
	h := x.holders[id]
	if h == nil {
		return
	}
	x.drop(h.items)
	for _, t := range h.shape.regions {
		g := x.groups[t]
		g.slots = slices.DeleteFunc(g.slots, func(slot int) bool { return slot == h.slot })
		if len(g.slots) == 0 {
			x.drop(g.items)
			delete(x.groups, t)
		}
	}
	delete(x.holders, id)
	at, _ := x.find(id)
	x.order = slices.Delete(x.order, at, at+1)
	x.free = append(x.free, h.slot)
}

// Len is the number of areas.
func (x *AreaIndex) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.order)
}

// Meeting returns every area for which Shape.Meets(s, toleranceM) holds,
// ordered by id, with the strongest reason of each.
func (x *AreaIndex) Meeting(s Shape, toleranceM float64) []Match {
	x.mu.RLock()
	defer x.mu.RUnlock()
	q := query{limit: reach(toleranceM), hits: make([]hit, x.slots), groups: make(map[*group]hit, len(x.groups))}
	for _, g := range x.groups {
		if code, ok := s.sharedCode(Shape{regions: []*territory{g.territory}}); ok {
			q.groups[g] = hit{reason: byRegion, region: q.code(code)}
		}
	}
	for p := range s.all {
		for _, box := range p.boxes {
			for _, grown := range box.grow(q.limit) {
				x.tree.Search(grown.min(), grown.max(), func(_, _ [2]float64, it spot) bool {
					if it.slot >= 0 && p.contains(it.lon, it.lat) {
						q.better(it.slot, hit{reason: byArea})
					} else {
						q.test(p, it.indexed)
					}
					return true
				})
			}
		}
	}
	for g, h := range q.groups {
		for _, slot := range g.slots {
			q.better(slot, h)
		}
	}
	return q.matches(x.order)
}
