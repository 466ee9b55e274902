package geo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// normalize repairs and splits one geometry; see Area.Normalize.
func (g Geometry) normalize() Geometry {
	out := Geometry{Type: "MultiPolygon"}
	for _, polygon := range g.Coordinates {
		f := flatten(polygon)
		// What Validate refuses must not cost anything here either: a ring that
		// winds around the Earth a million times would be cut as often.
		if len(f) == 0 || math.Abs(ringArea(f[0])) < minRingArea || !f.onEarth() {
			continue
		}
		for _, piece := range intoWorld(f) {
			out.Coordinates = append(out.Coordinates, piece.closed())
		}
	}
	return out
}

// onEarth reports whether the outline is no wider than the world and its holes
// lie near it.
func (f flat) onEarth() bool {
	outer := ringBounds(f[0])
	for _, ring := range f {
		b := ringBounds(ring)
		if !(b.w >= -2*degreesPerTurn && b.e <= 2*degreesPerTurn && b.s >= -90 && b.n <= 90 && b.e-b.w <= degreesPerTurn+1e-9 && b.meets(outer)) {
			return false
		}
	}
	return true
}

// closed writes the rings as GeoJSON wants them: the first position again last.
func (f flat) closed() [][][2]float64 {
	out := make([][][2]float64, len(f))
	for i, ring := range f {
		out[i] = make([][2]float64, 0, len(ring)+1)
		for _, p := range ring {
			out[i] = append(out[i], p)
		}
		out[i] = append(out[i], ring[0])
	}
	return out
}

// intoWorld cuts a polygon at every odd multiple of 180 degrees that it
// crosses and moves the pieces between -180 and 180.
func intoWorld(f flat) []flat {
	b := ringBounds(f[0])
	var out []flat
	rest := []flat{f}
	for edge := math.Floor((b.w+180)/degreesPerTurn)*degreesPerTurn + 180; len(rest) > 0; edge += degreesPerTurn {
		var right []flat
		for _, piece := range rest {
			l, r := piece.cut(edge)
			for _, left := range l {
				out = append(out, left.shifted(180-edge))
			}
			right = append(right, r...)
		}
		rest = right
		if edge > b.e+degreesPerTurn {
			break
		}
	}
	return out
}

func (f flat) shifted(by float64) flat {
	if by == 0 {
		return f
	}
	for _, ring := range f {
		for i := range ring {
			ring[i][0] = math.Max(-180, math.Min(180, ring[i][0]+by))
		}
	}
	return f
}

// chain is a run of corners on one side of the cut, between two crossings.
type chain struct {
	from, to int // crossings
	points   orb.Ring
	used     bool
}

// crossing is where an outline passes the cut; east when it does so eastward.
type crossing struct {
	lat  float64
	east bool
}

// cut divides a polygon by a meridian. Where the outline crosses it, the
// crossings taken from south to north bound the inside in pairs; each pair
// becomes an edge along the cut, once northward and once southward:
//
//	┌──────┼───┐              ┌──────┐ ┌───┐
//	│  ┌───┼─┐ │              │  ┌───┘ └─┐ │
//	│  └───┼─┘ │    gives     │  └───┐ ┌─┘ │
//	└──────┼───┘              └──────┘ └───┘
func (f flat) cut(at float64) (west, east []flat) {
	k := cutter{at: at}
	for _, ring := range f {
		b := ringBounds(ring)
		switch {
		case b.e <= at:
			k.whole[0] = append(k.whole[0], ring)
		case b.w >= at:
			k.whole[1] = append(k.whole[1], ring)
		default:
			k.add(ring)
		}
	}
	if len(k.crossings) == 0 {
		return assemble(k.whole[0]), assemble(k.whole[1])
	}
	partner := k.pair()
	return assemble(k.join(0, partner)), assemble(k.join(1, partner))
}

type cutter struct {
	at        float64
	crossings []crossing
	chains    [2][]chain // west, east of the cut
	whole     [2][]orb.Ring
}

func (k *cutter) side(p orb.Point) int {
	if p[0] < k.at {
		return 0
	}
	return 1
}

// add breaks one ring into its chains. It starts behind a crossing, so that
// no chain runs over the ring's end.
func (k *cutter) add(ring orb.Ring) {
	n, start := len(ring), 0
	for i := range ring {
		if k.side(ring[i]) != k.side(ring[(i+n-1)%n]) {
			start = i
			break
		}
	}
	first := len(k.crossings)
	var open chain
	for i := range n + 1 {
		a, b := ring[(start+i+n-1)%n], ring[(start+i)%n]
		if k.side(a) != k.side(b) {
			if i > 0 {
				open.to = len(k.crossings)
				if i == n {
					open.to = first
				}
				k.chains[k.side(a)] = append(k.chains[k.side(a)], open)
			}
			open = chain{from: len(k.crossings)}
			if i < n {
				k.crossings = append(k.crossings, crossing{k.meet(a, b), k.side(b) == 1})
			}
		}
		open.points = append(open.points, b)
	}
}

func (k *cutter) meet(a, b orb.Point) float64 {
	switch {
	case a[0] == k.at:
		return a[1]
	case b[0] == k.at:
		return b[1]
	}
	return a[1] + (b[1]-a[1])*(k.at-a[0])/(b[0]-a[0])
}

// pair tells for each crossing which one bounds the same stretch of inside.
// Going north the inside opens at an eastward and closes at a westward
// crossing; equal latitudes are put into that order.
func (k *cutter) pair() []int {
	order := make([]int, len(k.crossings))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch x, y := k.crossings[a].lat, k.crossings[b].lat; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	for i := 0; i+1 < len(order); i++ {
		a, b := k.crossings[order[i]], k.crossings[order[i+1]]
		if a.east != (i%2 == 0) && b.east == (i%2 == 0) && a.lat == b.lat {
			order[i], order[i+1] = order[i+1], order[i]
		}
	}
	partner := make([]int, len(order))
	for i := range order {
		partner[order[i]] = order[min(i^1, len(order)-1)]
	}
	return partner
}

// join walks the chains of one side into rings.
func (k *cutter) join(side int, partner []int) []orb.Ring {
	rings := k.whole[side]
	starts := make(map[int]int, len(k.chains[side]))
	for i, c := range k.chains[side] {
		starts[c.from] = i
	}
	for i := range k.chains[side] {
		var ring orb.Ring
		for next, ok := i, true; ok && !k.chains[side][next].used; {
			c := &k.chains[side][next]
			c.used = true
			ring = append(ring, orb.Point{k.at, k.crossings[c.from].lat})
			ring = append(ring, c.points...)
			ring = append(ring, orb.Point{k.at, k.crossings[c.to].lat})
			next, ok = starts[partner[c.to]]
		}
		rings = append(rings, ring)
	}
	return rings
}

// assemble makes polygons of loose rings: counter-clockwise ones are outlines,
// clockwise ones holes of the outline around them. Slivers are dropped.
func assemble(rings []orb.Ring) []flat {
	var out []flat
	var holes []orb.Ring
	for _, ring := range rings {
		ring = tidy(ring)
		switch area := ringArea(ring); {
		case math.Abs(area) < minRingArea:
		case area > 0:
			out = append(out, flat{ring})
		default:
			holes = append(holes, ring)
		}
	}
	for _, hole := range holes {
		for i := range out {
			if len(out) == 1 || ringInside(hole, out[i][0]) {
				out[i] = append(out[i], hole)
				break
			}
		}
	}
	return out
}

// tidy drops corners that repeat the one before.
func tidy(ring orb.Ring) orb.Ring {
	out := ring[:0]
	for _, p := range ring {
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	for len(out) > 1 && out[0] == out[len(out)-1] {
		out = out[:len(out)-1]
	}
	return out
}
