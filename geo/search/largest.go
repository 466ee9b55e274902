package search

import (
	"cmp"
	"math"
	"slices"

	"homeward/geo"
)

// Largest returns the most populous place within so many metres of p, by which
// people know where that is; false when there is none.
func (g *Gazetteer) Largest(p geo.Point, metres float64) (geo.Place, bool) {
	const metresPerDegree = 111_195 // of latitude, a lower bound of the way
	reach := metres / metresPerDegree
	at, _ := slices.BinarySearchFunc(g.byLat, p.Lat()-reach, func(i int32, lat float64) int {
		return cmp.Compare(g.places[i].Point.Lat(), lat)
	})
	best, most := int32(-1), math.MinInt
	for _, i := range g.byLat[at:] {
		c := g.places[i]
		if c.Point.Lat() > p.Lat()+reach {
			break
		}
		if c.Population > most && geo.Distance(p, c.Point) <= metres {
			best, most = i, c.Population
		}
	}
	if best < 0 {
		return geo.Place{}, false
	}
	return g.places[best], true
}
