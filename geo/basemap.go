package geo

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"
)

// BasemapMaxZoom is the deepest zoom that has tiles of its own; maps enlarge
// those beyond it.
const BasemapMaxZoom = 8

// maxCachedTiles bounds the memory of a basemap: tiles are a few kilobytes,
// and there are 87,381 of them.
const maxCachedTiles = 3000

// Basemap draws the world under everything else: land with country names,
// borders and towns, as vector tiles and as SVG. It is safe for concurrent use.
type Basemap struct {
	levels [BasemapMaxZoom + 1]func() *level
	labels []label // the weightiest first
	mu     sync.Mutex
	cached map[[3]int][]byte
}

// level is the world simplified for one zoom, on the plane where both axes of
// the web map run from 0 to 1.
type level struct {
	land    []landPiece
	borders []border
}

type landPiece struct {
	code  string
	rings orb.Polygon // closed, the outer one first and clockwise as drawn
	bound orb.Bound
}

type border struct {
	line     orb.LineString
	bound    orb.Bound
	disputed bool
}

// label is a name at a place: of a town, or of a country.
type label struct {
	names   Names
	code    string
	country bool
	rank    int
	weight  float64
	at      orb.Point
}

// NewBasemap reads the embedded world. Levels are made when they are first
// drawn. Country names are those of regions.
func NewBasemap(regions *Regions) (*Basemap, error) {
	w, err := readWorld()
	if err != nil {
		return nil, err
	}
	disputed, err := disputedPairs()
	if err != nil {
		return nil, err
	}
	places, err := Places()
	if err != nil {
		return nil, err
	}
	w.straighten()
	b := &Basemap{cached: map[[3]int][]byte{}}
	for z := range b.levels {
		b.levels[z] = sync.OnceValue(func() *level { return w.level(z, disputed) })
	}
	b.labels = append(countryLabels(regions), townLabels(places)...)
	slices.SortStableFunc(b.labels, func(a, b label) int { return cmp.Compare(b.weight, a.weight) })
	return b, nil
}

// disputedPairs are the countries whose common border is drawn so that a map
// may dash it or leave it out.
func disputedPairs() (map[[2]string]bool, error) {
	lines, err := readLines("overlap.csv")
	if err != nil {
		return nil, err
	}
	pairs := map[[2]string]bool{}
	for _, l := range lines {
		pairs[[2]string{l[1], l[2]}], pairs[[2]string{l[2], l[1]}] = true, true
	}
	return pairs, nil
}

// straighten unwraps arcs that cross the 180th meridian, so that simplifying
// does not see them run around the world.
func (w *world) straighten() {
	for _, arc := range w.arcs {
		shift := 0.0
		for i := 1; i < len(arc); i++ {
			if d := arc[i][0] + shift - arc[i-1][0]; math.Abs(d) > 180 {
				shift -= math.Copysign(degreesPerTurn, d)
			}
			arc[i][0] += shift
		}
	}
}

// level simplifies every arc once for all its neighbours, to a third of a
// pixel of 256 to a tile, and puts countries and borders together from them.
func (w *world) level(z int, disputed map[[2]string]bool) *level {
	simple := &world{arcs: make([]orb.LineString, len(w.arcs)), countries: w.countries}
	tolerance := degreesPerTurn / float64(uint64(256)<<z) / 3
	for i, arc := range w.arcs {
		simple.arcs[i] = arc
		if z < BasemapMaxZoom {
			simple.arcs[i] = simplify.DouglasPeucker(tolerance).LineString(slices.Clone(arc))
		}
	}
	l := &level{}
	for _, c := range simple.countries {
		for _, polygon := range c.geometry(simple) {
			if piece, ok := project(c.code, polygon, tolerance); ok {
				l.land = append(l.land, piece)
			}
		}
	}
	for i, users := range w.users() {
		if len(users) == 2 {
			line := make(orb.LineString, len(simple.arcs[i]))
			for k, p := range simple.arcs[i] {
				line[k] = onPlane(p[0], p[1])
			}
			l.borders = append(l.borders, border{line, line.Bound(), disputed[[2]string{users[0], users[1]}]})
		}
	}
	return l
}

// users tells for every arc which different countries it bounds.
func (w *world) users() [][]string {
	users := make([][]string, len(w.arcs))
	for _, c := range w.countries {
		for _, polygon := range c.polygons {
			for _, ring := range polygon {
				for _, i := range ring {
					if at := max(i, ^i); !slices.Contains(users[at], c.code) {
						users[at] = append(users[at], c.code)
					}
				}
			}
		}
	}
	return users
}

func onPlane(lon, lat float64) orb.Point {
	lat = math.Max(-mercatorLimit, math.Min(mercatorLimit, lat))
	return orb.Point{lon/degreesPerTurn + 0.5, (1 - math.Asinh(math.Tan(lat*radiansPerDeg))/math.Pi) / 2}
}

// project turns rings around: counter-clockwise on the globe is what vector
// tiles call a hole, since their y axis points down.
func project(code string, polygon [][][2]float64, tolerance float64) (landPiece, bool) {
	piece := landPiece{code: code}
	for _, ring := range polygon {
		out := make(orb.Ring, 0, len(ring))
		for _, p := range ring {
			out = append(out, onPlane(p[0], p[1]))
		}
		slices.Reverse(out)
		piece.rings = append(piece.rings, out)
	}
	piece.bound = piece.rings.Bound()
	size := tolerance / degreesPerTurn
	return piece, piece.bound.Max[0]-piece.bound.Min[0] > size || piece.bound.Max[1]-piece.bound.Min[1] > size
}

// countryLabels puts each country's name on the middle of its largest part.
func countryLabels(r *Regions) []label {
	var out []label
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, code := range r.codes {
		e := r.entries[code]
		if e.Kind != "country" || len(e.own) == 0 {
			continue
		}
		var at orb.Point
		size := 0.0
		for i := range e.own {
			if lon, lat, s := e.own[i].center(); s > size {
				size, at = s, onPlane(lon, lat)
			}
		}
		out = append(out, label{names: e.Names, code: code, country: true, weight: math.Sqrt(size) * 30, at: at})
	}
	return out
}

func townLabels(places []Place) []label {
	var out []label
	for _, p := range places {
		weight := float64(p.Size()) * float64(1+p.Rank)
		if p.Country == "RS" {
			weight *= 3 // the map is read there
		}
		out = append(out, label{
			names: Names{p.Name, p.NameLatn, p.NameCyrl}, code: p.Country, rank: p.Rank, weight: weight,
			at: onPlane(p.Point.Lon(), p.Point.Lat()),
		})
	}
	return out
}
