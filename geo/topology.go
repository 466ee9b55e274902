package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// problems checks one geometry; fields are paths within it.
func (g Geometry) problems(home Shape) []Problem {
	problems := slices.Clone(g.faults)
	if len(problems) > 0 {
		return problems
	}
	if g.Type != "MultiPolygon" {
		return []Problem{problem("type", "bad_type")}
	}
	if len(g.Coordinates) == 0 {
		return []Problem{problem("coordinates", "empty")}
	}
	for i, polygon := range g.Coordinates {
		found := g.ringProblems(i, polygon)
		if len(found) == 0 {
			found = g.topology(i, polygon)
		}
		if len(found) == 0 && !home.Empty() {
			if p := polygon[0][0]; swapped(At(p[0], p[1]), home) {
				found = append(found, problem(g.path(i, 0, 0), "looks_swapped"))
			}
		}
		problems = append(problems, found...)
	}
	return problems
}

// ringProblems looks at each ring by itself.
func (g Geometry) ringProblems(i int, polygon [][][2]float64) []Problem {
	if len(polygon) == 0 {
		return []Problem{problem(g.path(i), "empty")}
	}
	var problems []Problem
	for j, ring := range polygon {
		if code, at := ringFault(ring); code != "" {
			path := g.path(i, j)
			if at >= 0 {
				path = g.path(i, j, at)
			}
			problems = append(problems, problem(path, code))
		}
	}
	return problems
}

// ringFault names the first thing wrong with a ring, and at which position.
func ringFault(ring [][2]float64) (code string, at int) {
	for k, p := range ring {
		if code := positionFault(p[0], p[1], degreesPerTurn); code != "" {
			return code, k
		}
	}
	if len(ring) > 0 && ring[0] != ring[len(ring)-1] {
		return "ring_not_closed", len(ring) - 1
	}
	open := openRing(ring)
	if len(open) < 3 {
		return "too_few_points", -1
	}
	flat, turn := unwrap(open)
	if turn != 0 {
		flat = overPole(flat, turn)
	}
	if b := ringBounds(flat); b.e-b.w > degreesPerTurn+1e-9 {
		return "too_wide", -1
	}
	// A figure of eight encloses nothing by sum; it is told as what it is.
	if math.Abs(ringArea(flat)) < minRingArea && !crossesItself(flat) {
		return "zero_area", -1
	}
	return "", -1
}

func crossesItself(ring orb.Ring) bool {
	found := false
	crossings(flat{ring}, func(_, _ int) bool { found = true; return false })
	return found && !collinear(ring)
}

// collinear reports whether a ring folds back on one line.
func collinear(ring orb.Ring) bool {
	b := ringBounds(ring)
	size := (b.e - b.w) * (b.n - b.s)
	for i := range ring {
		if math.Abs(turnOf(ring[0], ring[1], ring[i])) > 1e-9*size+minRingArea {
			return false
		}
	}
	return true
}

// topology looks at how the edges of one polygon lie to each other.
func (g Geometry) topology(i int, polygon [][][2]float64) []Problem {
	f := flatten(polygon)
	bad := make(map[int]string)
	crossings(f, func(a, b int) bool {
		switch {
		case a == b:
			bad[a] = "self_intersection"
		case a == 0 || b == 0:
			bad[max(a, b)] = "hole_outside"
		default:
			bad[max(a, b)] = "holes_overlap"
		}
		return true
	})
	for j := 1; j < len(f); j++ {
		if bad[j] != "" {
			continue
		}
		if !ringInside(f[j], f[0]) {
			bad[j] = "hole_outside"
			continue
		}
		for k := 1; k < len(f); k++ {
			if k != j && ringInside(f[j], f[k]) {
				bad[j] = "holes_overlap"
			}
		}
	}
	var problems []Problem
	for j := range f {
		if bad[j] != "" {
			problems = append(problems, problem(g.path(i, j), bad[j]))
		}
	}
	return problems
}

type side struct {
	a, b   orb.Point
	ring   int
	at, of int // which side of the ring, of how many
	w, e   float64
	s, n   float64
}

// crossings calls found with the rings of each pair of edges that cross,
// overlap, or (in one ring) touch, until found says false. Edges are swept by
// longitude, so only those above one another are compared.
func crossings(f flat, found func(a, b int) bool) {
	var sides []side
	for i, ring := range f {
		for k, a := range ring {
			b := ring[(k+1)%len(ring)]
			sides = append(sides, side{
				a: a, b: b, ring: i, at: k, of: len(ring),
				w: min(a[0], b[0]), e: max(a[0], b[0]), s: min(a[1], b[1]), n: max(a[1], b[1]),
			})
		}
	}
	slices.SortFunc(sides, func(x, y side) int { return cmp.Compare(x.w, y.w) })
	for i := range sides {
		x := &sides[i]
		for j := i + 1; j < len(sides) && sides[j].w <= x.e; j++ {
			y := &sides[j]
			if y.s <= x.n && x.s <= y.n && x.conflicts(y) && !found(x.ring, y.ring) {
				return
			}
		}
	}
}

func (x *side) conflicts(y *side) bool {
	same := x.ring == y.ring
	if same && ((x.at+1)%x.of == y.at || (y.at+1)%x.of == x.at) {
		return overlap(x.a, x.b, y.a, y.b)
	}
	how := meetKind(x.a, x.b, y.a, y.b)
	if how == touching && same {
		// Splitting at the map's edge may leave a corner on it twice.
		return math.Abs(x.a[0]) != 180 && math.Abs(x.b[0]) != 180 && math.Abs(y.a[0]) != 180 && math.Abs(y.b[0]) != 180
	}
	return how == through
}

const (
	apart = iota
	touching
	through // through each other, or along each other
)

// turnOf is positive when c lies left of the line from a to b.
func turnOf(a, b, c orb.Point) float64 {
	return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0])
}

func meetKind(a, b, c, d orb.Point) int {
	t1, t2, t3, t4 := turnOf(a, b, c), turnOf(a, b, d), turnOf(c, d, a), turnOf(c, d, b)
	if overlap(a, b, c, d) {
		return through
	}
	if t1*t2 < 0 && t3*t4 < 0 {
		return through
	}
	if t1 == 0 && onSide(a, b, c) || t2 == 0 && onSide(a, b, d) || t3 == 0 && onSide(c, d, a) || t4 == 0 && onSide(c, d, b) {
		return touching
	}
	return apart
}

// onSide reports whether p, known to lie on the line, lies between a and b.
func onSide(a, b, p orb.Point) bool {
	return p[0] >= min(a[0], b[0]) && p[0] <= max(a[0], b[0]) && p[1] >= min(a[1], b[1]) && p[1] <= max(a[1], b[1])
}

// overlap reports whether two edges run along each other for some length.
func overlap(a, b, c, d orb.Point) bool {
	if turnOf(a, b, c) != 0 || turnOf(a, b, d) != 0 {
		return false
	}
	axis := 0
	if math.Abs(b[1]-a[1]) > math.Abs(b[0]-a[0]) {
		axis = 1
	}
	low := max(min(a[axis], b[axis]), min(c[axis], d[axis]))
	high := min(max(a[axis], b[axis]), max(c[axis], d[axis]))
	return high > low
}

// ringInside reports whether a ring that does not cross the outline lies in
// it, judged by a corner or mid-point that is not on the outline itself.
func ringInside(ring, outline orb.Ring) bool {
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		for _, c := range []orb.Point{p, {(p[0] + q[0]) / 2, (p[1] + q[1]) / 2}} {
			if in, edge := inRing(c, outline); !edge {
				return in
			}
		}
	}
	return false
}

// inRing is the even-odd rule; edge tells that p lies on the ring.
func inRing(p orb.Point, ring orb.Ring) (in, edge bool) {
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if turnOf(a, b, p) == 0 && onSide(a, b, p) {
			return false, true
		}
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(b[0]-a[0])*(p[1]-a[1])/(b[1]-a[1]) {
			in = !in
		}
	}
	return in, false
}
