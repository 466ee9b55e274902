package geo

import (
	"fmt"
	"math"
)

// Corridor says an area by a line: everything within WidthKM kilometres to
// either side of it, and around its ends. Between two positions the line takes
// the shortest way over the Earth.
type Corridor struct {
	// Line is the positions [longitude, latitude] in their order.
	Line    [][2]float64 `json:"line" bson:"line"`
	WidthKM float64      `json:"width_km" bson:"width_km"`
	// Places are the names by which the line was given, for whoever reads why
	// the area is what it is.
	Places []string `json:"places,omitempty" bson:"places,omitempty"`
}

// Limits of a corridor. Near the poles its outline has no form on a map whose
// edges are straight lines of longitude and latitude.
const (
	maxLinePoints   = 20
	maxWidthKM      = 200
	maxLineM        = 5_000_000
	corridorPolar   = 80
	corridorStepM   = 25_000
	corridorCorners = 12 // of the half circle around an end
	// corridorSlack is how much wider the outline is than asked for: straight
	// edges must not cut a corner off.
	corridorSlack  = 1.012
	corridorExtraM = 60
)

// Validate returns everything that is wrong with a corridor, nil when nothing
// is.
func (c Corridor) Validate() []Problem {
	var problems []Problem
	for i, p := range c.Line {
		if positionFault(p[0], p[1], 180) != "" {
			problems = append(problems, problem(fmt.Sprintf("line[%d]", i), "outside_world"))
		}
	}
	if !(c.WidthKM > 0 && c.WidthKM <= maxWidthKM) {
		problems = append(problems, problem("width_km", "bad_width"))
	}
	switch {
	case len(c.Line) < 2:
		problems = append(problems, problem("line", "too_few_places"))
	case len(c.Line) > maxLinePoints:
		problems = append(problems, problem("line", "too_many_points"))
	}
	if len(problems) > 0 {
		return problems
	}
	long := c.LengthM()
	switch {
	case long == 0:
		return []Problem{problem("line", "no_length")}
	case long > maxLineM:
		return []Problem{problem("line", "line_too_long")}
	}
	for _, l := range c.legs() {
		for _, p := range l {
			if math.Abs(p.Lat())+c.WidthKM*1000/metresPerDeg > corridorPolar {
				return []Problem{problem("line", "near_pole")}
			}
		}
	}
	return nil
}

// LengthM is the length of the line in metres.
func (c Corridor) LengthM() float64 {
	long := 0.0
	for i := 1; i < len(c.Line); i++ {
		long += haversine(c.Line[i-1][0], c.Line[i-1][1], c.Line[i][0], c.Line[i][1])
	}
	return long
}

// Area is the outline of a valid corridor: a polygon around each leg of it.
func (c Corridor) Area() Area {
	var a Area
	for _, leg := range c.legs() {
		a.Areas = append(a.Areas, Polygon(capsule(leg, c.WidthKM*1000)))
	}
	return a.Normalize()
}

// legs are the parts of the line with points close together; those of no length
// are left out.
func (c Corridor) legs() [][]Point {
	var out [][]Point
	for i := 1; i < len(c.Line); i++ {
		a, b := At(c.Line[i-1][0], c.Line[i-1][1]), At(c.Line[i][0], c.Line[i][1])
		d := Distance(a, b)
		if d == 0 {
			continue
		}
		n := int(math.Ceil(d / corridorStepM))
		leg := []Point{a}
		for k := 1; k < n; k++ {
			leg = append(leg, Destination(a, Bearing(a, b), d*float64(k)/float64(n)))
		}
		out = append(out, append(leg, b))
	}
	return out
}

// capsule is the ring around a leg: along its left, around its end, back along
// its right and around its beginning. Its longitudes run on past 180.
func capsule(leg []Point, width float64) [][2]float64 {
	width = width*corridorSlack + corridorExtraM
	first, last := leg[0], leg[len(leg)-1]
	var ring [][2]float64
	add := func(from Point, bearing float64) {
		p := Destination(from, bearing, width)
		lon := p.Lon()
		if n := len(ring); n > 0 {
			lon = unwrapped(lon, ring[n-1][0])
		}
		ring = append(ring, [2]float64{lon, p.Lat()})
	}
	for i, p := range leg {
		add(p, along(leg, i)-90)
	}
	round := func(at Point, from float64) {
		for k := 1; k < corridorCorners; k++ {
			add(at, from+180*float64(k)/corridorCorners)
		}
	}
	ahead := along(leg, len(leg)-1)
	round(last, ahead-90)
	for i := len(leg) - 1; i >= 0; i-- {
		add(leg[i], along(leg, i)+90)
	}
	round(first, along(leg, 0)+90)
	return append(ring, ring[0])
}

// along is the direction of a leg at one of its points.
func along(leg []Point, i int) float64 {
	if i == len(leg)-1 {
		return Bearing(leg[i], leg[i-1]) + 180
	}
	return Bearing(leg[i], leg[i+1])
}

// unwrapped is the longitude, full turns aside, that is nearest to another.
func unwrapped(lon, near float64) float64 {
	return lon + degreesPerTurn*math.Round((near-lon)/degreesPerTurn)
}

// Bearing is the direction in degrees, clockwise from north, in which the
// shortest way from a to b begins.
func Bearing(a, b Point) float64 {
	sinLat1, cosLat1 := math.Sincos(a.Lat() * radiansPerDeg)
	sinLat2, cosLat2 := math.Sincos(b.Lat() * radiansPerDeg)
	sinLon, cosLon := math.Sincos((b.Lon() - a.Lon()) * radiansPerDeg)
	return math.Atan2(sinLon*cosLat2, cosLat1*sinLat2-sinLat1*cosLat2*cosLon) / radiansPerDeg
}

// Destination is where the shortest way leads that begins in a direction
// (degrees, clockwise from north), after some metres.
func Destination(from Point, bearing, metres float64) Point {
	sinB, cosB := math.Sincos(bearing * radiansPerDeg)
	sinD, cosD := math.Sincos(metres / earthRadiusM)
	sinLat, cosLat := math.Sincos(from.Lat() * radiansPerDeg)
	lat := math.Asin(math.Max(-1, math.Min(1, sinLat*cosD+cosLat*sinD*cosB)))
	lon := from.Lon() + math.Atan2(sinB*sinD*cosLat, cosD-sinLat*math.Sin(lat))/radiansPerDeg
	return At(wrapLon(lon), lat/radiansPerDeg)
}
