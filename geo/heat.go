package geo

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// Warm is a place with a weight, which must not be negative.
type Warm struct {
	Lon, Lat float64
	Weight   float64
}

// Warmth is a square of the map that weighs something: the middle of what lies
// in it by weight, the sum, and of how many.
type Warmth struct {
	Lon, Lat float64
	Weight   float64
	Count    int
}

const (
	// heatCells is about how many squares lie side by side over all places.
	heatCells = 64
	// finestHeat is the zoom whose tiles are the smallest squares, of about two
	// kilometres in the middle latitudes: a report is rarely better placed.
	finestHeat = 14
)

// Heat sums up the weights of places in squares of the web map, the weightiest
// first. Places without weight are left out. The sums of the squares add up to
// that of the places.
func Heat(places []Warm) []Warmth {
	type sum struct {
		x, y float64
		Warmth
	}
	shift := heatShift(places)
	sums := map[[2]uint32]*sum{}
	for _, p := range places {
		if p.Weight <= 0 || math.IsNaN(p.Weight) {
			continue
		}
		x, y := mercator(p.Lon, p.Lat)
		at := [2]uint32{x >> shift, y >> shift}
		s := sums[at]
		if s == nil {
			s = &sum{}
			sums[at] = s
		}
		s.x, s.y = s.x+float64(x)*p.Weight, s.y+float64(y)*p.Weight
		s.Weight += p.Weight
		s.Count++
	}
	out := make([]Warmth, 0, len(sums))
	for _, s := range sums {
		s.Lon, s.Lat = unmercator(s.x/s.Weight, s.y/s.Weight)
		out = append(out, s.Warmth)
	}
	slices.SortFunc(out, func(a, b Warmth) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Lon, b.Lon), cmp.Compare(a.Lat, b.Lat))
	})
	return out
}

// heatShift is how many bits of a place on the web map lie within one square.
func heatShift(places []Warm) int {
	var west, north uint32 = math.MaxUint32, math.MaxUint32
	var east, south uint32
	for _, p := range places {
		x, y := mercator(p.Lon, p.Lat)
		west, east, north, south = min(west, x), max(east, x), min(north, y), max(south, y)
	}
	if west > east {
		return 32 - finestHeat
	}
	span := max(east-west, south-north)
	return max(32-finestHeat, bits.Len32(span/heatCells))
}
