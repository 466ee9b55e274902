package geo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// minRingArea is about one square metre in square degrees: less is nothing.
const minRingArea = 1e-10

// openRing returns the corners of a closed ring once each: without the closing
// position and without corners that repeat the one before.
func openRing(ring [][2]float64) orb.Ring {
	out := make(orb.Ring, 0, len(ring))
	for _, p := range ring {
		if len(out) == 0 || out[len(out)-1] != orb.Point(p) {
			out = append(out, orb.Point(p))
		}
	}
	for len(out) > 1 && out[0] == out[len(out)-1] {
		out = out[:len(out)-1]
	}
	return out
}

// ringArea is the signed area of an open ring in square degrees, positive when
// it runs counter-clockwise. Sums are taken from the first corner, so that a
// small ring far from 0, 0 keeps its digits.
func ringArea(ring orb.Ring) float64 {
	if len(ring) < 3 {
		return 0
	}
	sum, o := 0.0, ring[0]
	for i := 1; i+1 < len(ring); i++ {
		a, b := ring[i], ring[i+1]
		sum += (a[0]-o[0])*(b[1]-o[1]) - (b[0]-o[0])*(a[1]-o[1])
	}
	return sum / 2
}

// wind turns a ring counter-clockwise (or clockwise), in place.
func wind(ring orb.Ring, counter bool) orb.Ring {
	if (ringArea(ring) > 0) != counter {
		slices.Reverse(ring)
	}
	return ring
}

// unwrap makes longitudes continuous: an edge longer than half the Earth is
// taken the short way, over the 180th meridian, and what follows is shifted.
// turn is ±360 when the ring goes once around a pole, else 0.
//
// An edge from -180 to 180 at one latitude is either the seam of an outline
// that was cut there, or the border of a box as wide as the map. Taken for a
// seam a border shows: the ring encloses nothing, or runs up the meridian and
// back, or goes around a pole that it touches.
func unwrap(ring orb.Ring) (out orb.Ring, turn float64) {
	out, turn = follow(ring, true)
	switch {
	case turn == 0 && math.Abs(ringArea(out)) >= minRingArea:
		return out, 0
	case turn != 0 && !foldsBack(out):
		return out, turn
	}
	return follow(ring, false)
}

// foldsBack reports whether a ring touches a pole or turns on the spot.
func foldsBack(ring orb.Ring) bool {
	ring = tidy(slices.Clone(ring))
	for i, p := range ring {
		if math.Abs(p[1]) == 90 {
			return true
		}
		if i > 0 && i+1 < len(ring) && overlap(ring[i-1], p, p, ring[i+1]) {
			return true
		}
	}
	return false
}

// follow unwraps with edges from -180 to 180 taken as seams, or as borders.
func follow(ring orb.Ring, seams bool) (out orb.Ring, turn float64) {
	out = make(orb.Ring, len(ring))
	for i, p := range ring {
		if i > 0 {
			turn += shortWay(ring[i-1], p, seams)
		}
		out[i] = orb.Point{p[0] + turn, p[1]}
	}
	if len(ring) > 0 {
		turn += shortWay(ring[len(ring)-1], ring[0], seams)
	}
	return out, turn
}

func shortWay(a, b orb.Point, seams bool) float64 {
	d := b[0] - a[0]
	if math.Abs(a[0]) == 180 && math.Abs(b[0]) == 180 && (!seams || math.Abs(a[1]) == 90 && math.Abs(b[1]) == 90) {
		return 0
	}
	switch {
	case d > 180:
		return -degreesPerTurn
	case d < -180:
		return degreesPerTurn
	}
	return 0
}

// overPole closes a ring that runs once around the Earth by way of the pole on
// its side of the equator:
//
//	 pole ───────────────── pole     lat ±90
//	  │                       │
//	start ~~~~~~~~~~~~~~~ start+turn
//
// The way along the pole has corners of its own, so that no part of it is longer
// than half the Earth after a split, which would be read as the other way.
func overPole(ring orb.Ring, turn float64) orb.Ring {
	sum := 0.0
	for _, p := range ring {
		sum += p[1]
	}
	pole := math.Copysign(90, sum)
	end := ring[0][0] + turn
	return append(ring, orb.Point{end, ring[0][1]}, orb.Point{end, pole}, orb.Point{end - turn/3, pole}, orb.Point{end - turn*2/3, pole}, orb.Point{ring[0][0], pole})
}

// ringBounds is the rectangle around a ring, which may run past ±180.
func ringBounds(ring orb.Ring) rect {
	r := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range ring {
		r = r.union(rect{p[0], p[1], p[0], p[1]})
	}
	return r
}

// flat is a polygon on the unwrapped plane: open rings, the outline first.
type flat []orb.Ring

// flatten unwraps a polygon's rings and moves its holes beside its outline.
func flatten(polygon [][][2]float64) flat {
	out := make(flat, 0, len(polygon))
	for _, raw := range polygon {
		ring, turn := unwrap(openRing(raw))
		if turn != 0 {
			ring = overPole(ring, turn)
		}
		if len(ring) < 3 {
			continue
		}
		if len(out) > 0 {
			ring = beside(ring, out[0])
		}
		out = append(out, wind(ring, len(out) == 0))
	}
	return out
}

// beside shifts a hole by whole turns until it lies over its outline.
func beside(hole, outline orb.Ring) orb.Ring {
	o, h := ringBounds(outline), ringBounds(hole)
	turns := math.Round(((o.w+o.e)-(h.w+h.e))/2/degreesPerTurn) * degreesPerTurn
	for _, shift := range []float64{turns, turns - degreesPerTurn, turns + degreesPerTurn} {
		if h.w+shift >= o.w && h.e+shift <= o.e {
			turns = shift
			break
		}
	}
	if turns != 0 {
		for i := range hole {
			hole[i][0] += turns
		}
	}
	return hole
}
