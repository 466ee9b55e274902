package geo

import (
	"math"
	"slices"
)

// Shape is an Area compiled for questions. It is immutable and safe for
// concurrent use; its zero value is nowhere. It keeps the boundaries that were
// known when it was compiled.
type Shape struct {
	regions []*territory // coded parts, shared between shapes
	parts   []part       // drawn parts
	box     Box
}

// part is a polygon or a circle: the set is closed, outline is nil in circles.
type part struct {
	outline *outline
	boxes   []rect // one, or two for a circle over the 180th meridian
	lon     float64
	lat     float64
	radius  float64
	spot    *outline // a circle's centre, as an outline of no size
}

func polygonPart(rings [][][2]float64) part {
	o := newOutline(rings)
	return part{outline: o, boxes: []rect{o.box}}
}

func circlePart(c Circle) part {
	at := rect{c.Center[0], c.Center[1], c.Center[0], c.Center[1]}
	return part{
		boxes: at.grow(c.RadiusM), lon: c.Center[0], lat: c.Center[1], radius: c.RadiusM,
		spot: newOutline([][][2]float64{{c.Center, c.Center}}),
	}
}

// drawnParts compiles the geometries and circles of an area.
func (a Area) drawnParts() []part {
	var parts []part
	for _, g := range a.Normalize().Areas {
		for _, polygon := range g.Coordinates {
			parts = append(parts, polygonPart(polygon))
		}
	}
	for _, c := range a.Circles {
		if len(c.problems(Shape{})) == 0 {
			parts = append(parts, circlePart(c))
		}
	}
	return parts
}

func newShape(regions []*territory, parts []part) Shape {
	s := Shape{regions: regions, parts: parts}
	var boxes []rect
	for p := range s.all {
		boxes = append(boxes, p.boxes...)
	}
	s.box = boxAround(boxes)
	return s
}

// all walks every part, those of regions first.
func (s Shape) all(yield func(*part) bool) {
	for _, t := range s.regions {
		for i := range t.parts {
			if !yield(&t.parts[i]) {
				return
			}
		}
	}
	for i := range s.parts {
		if !yield(&s.parts[i]) {
			return
		}
	}
}

// Empty reports whether the shape holds no place: it may still carry region
// codes without boundaries, which match by code alone.
func (s Shape) Empty() bool {
	for range s.all {
		return false
	}
	return true
}

// Regions returns the codes the shape was compiled from.
func (s Shape) Regions() []string {
	codes := make([]string, len(s.regions))
	for i, t := range s.regions {
		codes[i] = t.Code
	}
	return codes
}

// Bounds is the smallest box around the shape, the zero Box for an empty one.
func (s Shape) Bounds() Box { return s.box }

// Contains reports whether p lies in the shape or on its boundary.
func (s Shape) Contains(p Point) bool {
	for q := range s.all {
		if q.contains(p.Lon(), p.Lat()) {
			return true
		}
	}
	return false
}

func (q *part) contains(lon, lat float64) bool {
	if q.outline == nil {
		return haversine(lon, lat, q.lon, q.lat) <= q.radius
	}
	if q.outline.contains(lon, lat) {
		return true
	}
	// Both sides of the 180th meridian are the same place.
	return math.Abs(lon) == 180 && q.outline.contains(-lon, lat)
}

// DistanceM is the great-circle distance in metres from p to the shape, 0
// inside and on the boundary, and +Inf from an empty shape.
func (s Shape) DistanceM(p Point) float64 {
	best := math.Inf(1)
	for q := range s.all {
		best = q.distanceM(p.Lon(), p.Lat(), best)
		if best == 0 {
			break
		}
	}
	return best
}

// distanceM is the smaller of limit and the distance to the part.
func (q *part) distanceM(lon, lat, limit float64) float64 {
	if q.outline == nil {
		return math.Min(limit, math.Max(0, haversine(lon, lat, q.lon, q.lat)-q.radius))
	}
	if q.outline.box.distanceM(lon, lat) >= limit {
		return limit
	}
	if q.contains(lon, lat) {
		return 0
	}
	return q.outline.distanceM(lon, lat, limit)
}

// Meets reports whether some place of s lies within toleranceM metres of some
// place of o, or whether both name the same region or one around it. In doubt
// (ellipsoid against sphere, polar regions) it says yes: nobody within the
// tolerance is missed. An empty shape without codes meets nothing.
func (s Shape) Meets(o Shape, toleranceM float64) bool {
	if _, ok := s.sharedCode(o); ok {
		return true
	}
	limit := reach(toleranceM)
	for p := range s.all {
		for q := range o.all {
			if p.apart(q, limit) < limit {
				return true
			}
		}
	}
	return false
}

// reach is the distance below which two parts meet: the tolerance, what the
// Earth's flattening may take off, and a metre so that 0 still admits a touch.
func reach(toleranceM float64) float64 {
	return math.Max(0, toleranceM)*spheroidSlack + 1
}

// apart is the smaller of limit and the distance between two parts.
func (q *part) apart(o *part, limit float64) float64 {
	if !q.near(o, limit) {
		return limit
	}
	return q.measure(o, limit)
}

// measure is apart for parts whose boxes are known to be near.
func (q *part) measure(o *part, limit float64) float64 {
	switch {
	case q.outline == nil && o.outline == nil:
		return math.Min(limit, math.Max(0, haversine(q.lon, q.lat, o.lon, o.lat)-q.radius-o.radius))
	case o.avoids(q, limit):
		return limit
	case q.outline == nil:
		far := limit + q.radius
		if d := q.centerTo(o, far); d < far { // far less the radius may be a hair below limit
			return math.Min(limit, math.Max(0, d-q.radius))
		}
		return limit
	case o.outline == nil:
		return o.measure(q, limit)
	case q.avoids(o, limit):
		return limit
	}
	a, b := q.outline, o.outline
	if o.contains(a.first[0], a.first[1]) || q.contains(b.first[0], b.first[1]) {
		return 0
	}
	return betweenAround(a, b, limit)
}

// avoids tells that the outline's picture shows nothing within limit metres of
// the other part: true is certain, false is not.
func (q *part) avoids(o *part, limit float64) bool {
	if q.outline == nil || q.outline.raster == nil {
		return false
	}
	for _, b := range o.boxes {
		if !q.outline.raster.avoids(b.around(limit)) {
			return false
		}
	}
	return true
}

// planeLimitM is up to where a circle is compared with an outline on the plane,
// which is a hundredth off at most and many times as fast.
const planeLimitM = 100_000

// centerTo is the distance from a circle's centre to a polygon.
func (q *part) centerTo(o *part, limit float64) float64 {
	if limit > planeLimitM {
		return o.distanceM(q.lon, q.lat, limit)
	}
	if o.contains(q.lon, q.lat) {
		return 0
	}
	return betweenAround(q.spot, o.outline, limit)
}

// betweenAround is between for the shorter way around the Earth.
func betweenAround(a, b *outline, limit float64) float64 {
	for _, shift := range [...]float64{0, degreesPerTurn, -degreesPerTurn} {
		limit = between(a, b, shift, limit)
	}
	return limit
}

func (q *part) near(o *part, limit float64) bool {
	for _, a := range q.boxes {
		for _, grown := range a.grow(limit) {
			if slices.ContainsFunc(o.boxes, grown.meets) {
				return true
			}
		}
	}
	return false
}

// Centroid is the middle of the shape's parts, weighted by their size, good
// for a label; it may lie outside. The zero Point for an empty shape.
func (s Shape) Centroid() Point {
	var x, y, z, weight float64
	for q := range s.all {
		lon, lat, w := q.center()
		sinLon, cosLon := math.Sincos(lon * radiansPerDeg)
		sinLat, cosLat := math.Sincos(lat * radiansPerDeg)
		x, y, z, weight = x+w*cosLat*cosLon, y+w*cosLat*sinLon, z+w*sinLat, weight+w
	}
	if weight == 0 {
		return Point{}
	}
	return At(math.Atan2(y, x)/radiansPerDeg, math.Atan2(z, math.Hypot(x, y))/radiansPerDeg)
}

// center is a part's middle and its size in square metres, roughly.
func (q *part) center() (lon, lat, size float64) {
	if q.outline == nil {
		return q.lon, q.lat, math.Pi * q.radius * q.radius
	}
	// Holes are wound the other way, so their edges take away by themselves.
	o := q.outline
	ox, oy := o.first[0], o.first[1]
	var sum, sx, sy float64
	for _, e := range o.edges {
		cross := (e.ax-ox)*(e.by-oy) - (e.bx-ox)*(e.ay-oy)
		sum += cross
		sx += cross * (e.ax + e.bx - 2*ox)
		sy += cross * (e.ay + e.by - 2*oy)
	}
	if sum == 0 {
		return ox, oy, 1
	}
	lon, lat = ox+sx/(3*sum), oy+sy/(3*sum)
	return lon, lat, math.Abs(sum) / 2 * metresPerDeg * metresPerDeg * math.Cos(lat*radiansPerDeg)
}
