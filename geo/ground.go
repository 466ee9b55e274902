package geo

import "math"

// GroundM2 is how much of the Earth's surface a geometry covers, in square
// metres; holes are taken off. Against the ellipsoid it is wrong by at most one
// per cent. The result is meaningless for a geometry that was not validated.
func (g Geometry) GroundM2() float64 {
	total := 0.0
	for _, polygon := range g.Coordinates {
		for i, ring := range polygon {
			if m2 := math.Abs(ringGround(ring)); i == 0 {
				total += m2
			} else {
				total -= m2
			}
		}
	}
	return max(0, total)
}

// ringGround sums, for each edge, the surface between it and the equator. The
// sine of the latitude along an edge is taken by Simpson's rule.
func ringGround(ring [][2]float64) float64 {
	total := 0.0
	for i := 0; i+1 < len(ring); i++ {
		a, b := ring[i], ring[i+1]
		middle := math.Sin((a[1] + b[1]) / 2 * radiansPerDeg)
		mean := (math.Sin(a[1]*radiansPerDeg) + 4*middle + math.Sin(b[1]*radiansPerDeg)) / 6
		total += (b[0] - a[0]) * radiansPerDeg * mean
	}
	return total * earthRadiusM * earthRadiusM
}
