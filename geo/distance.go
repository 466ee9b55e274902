package geo

import "math"

const (
	// earthRadiusM is the mean radius (IUGG). Against the ellipsoid a distance
	// is wrong by at most 0.6 %, which spheroidSlack makes up for in matching.
	earthRadiusM   = 6371008.8
	metresPerDeg   = earthRadiusM * math.Pi / 180
	roundingDeg    = 1e-9 // a tenth of a millimetre: more than a distance between near points loses to rounding
	spheroidSlack  = 1.006
	polarLatitude  = 88
	halfCircumM    = earthRadiusM * math.Pi
	radiansPerDeg  = math.Pi / 180
	degreesPerTurn = 360
)

// Distance is the great-circle distance in metres, right across the 180th
// meridian and at the poles. The result is meaningless for unvalidated points.
func Distance(a, b Point) float64 {
	return haversine(a.Lon(), a.Lat(), b.Lon(), b.Lat())
}

func haversine(lon1, lat1, lon2, lat2 float64) float64 {
	sLat := math.Sin((lat2 - lat1) * radiansPerDeg / 2)
	sLon := math.Sin((lon2 - lon1) * radiansPerDeg / 2)
	h := sLat*sLat + math.Cos(lat1*radiansPerDeg)*math.Cos(lat2*radiansPerDeg)*sLon*sLon
	return 2 * earthRadiusM * math.Asin(math.Sqrt(math.Min(1, h)))
}

// wrapLon brings a longitude into [-180, 180); an exact 180 stays 180.
func wrapLon(lon float64) float64 {
	if lon >= -180 && lon <= 180 {
		return lon
	}
	lon = math.Mod(lon+180, degreesPerTurn)
	if lon < 0 {
		lon += degreesPerTurn
	}
	return lon - 180
}

// rect is a plain rectangle that never crosses the 180th meridian.
type rect struct{ w, s, e, n float64 }

func (r rect) has(lon, lat float64) bool {
	return lon >= r.w && lon <= r.e && lat >= r.s && lat <= r.n
}

func (r rect) meets(o rect) bool {
	return r.w <= o.e && o.w <= r.e && r.s <= o.n && o.s <= r.n
}

func (r rect) union(o rect) rect {
	return rect{math.Min(r.w, o.w), math.Min(r.s, o.s), math.Max(r.e, o.e), math.Max(r.n, o.n)}
}

func (r rect) min() [2]float64 { return [2]float64{r.w, r.s} }
func (r rect) max() [2]float64 { return [2]float64{r.e, r.n} }

// distanceM is the shortest great-circle distance from a position to the
// rectangle, 0 inside. On a meridian the nearest latitude has a closed form,
// and a parallel is never nearer than its ends unless the point is above it.
func (r rect) distanceM(lon, lat float64) float64 {
	shift := math.Mod(lon-r.w, degreesPerTurn)
	if shift < 0 {
		shift += degreesPerTurn
	}
	if shift <= r.e-r.w {
		return math.Max(0, math.Max(r.s-lat, lat-r.n)) * metresPerDeg
	}
	return math.Min(meridianM(lon, lat, r.w, r.s, r.n), meridianM(lon, lat, r.e, r.s, r.n))
}

func meridianM(lon, lat, at, south, north float64) float64 {
	best := math.Min(haversine(lon, lat, at, south), haversine(lon, lat, at, north))
	foot := math.Atan2(math.Sin(lat*radiansPerDeg), math.Cos(lat*radiansPerDeg)*math.Cos((lon-at)*radiansPerDeg)) / radiansPerDeg
	if foot > south && foot < north {
		best = math.Min(best, haversine(lon, lat, at, foot))
	}
	return best
}

// grow returns the rectangles that hold every position within m metres of r:
// one, or two when the result crosses the 180th meridian. Reaching a pole it
// takes in the whole circle of longitude.
func (r rect) grow(m float64) []rect {
	if m < 0 {
		return []rect{r}
	}
	return r.around(m).split()
}

// around is grow in one piece, which may run past the 180th meridian.
func (r rect) around(m float64) rect {
	d := m/metresPerDeg + roundingDeg
	out := rect{s: math.Max(-90, r.s-d), n: math.Min(90, r.n+d)}
	top := math.Max(math.Abs(r.s), math.Abs(r.n))
	if top+d >= 90 {
		return rect{-180, out.s, 180, out.n}
	}
	dLon := math.Asin(math.Min(1, math.Sin(d*radiansPerDeg)/math.Cos(top*radiansPerDeg))) / radiansPerDeg
	out.w, out.e = r.w-dLon, r.e+dLon
	return out
}

// split cuts a rectangle whose longitudes run past ±180 into ones that do not.
func (r rect) split() []rect {
	switch {
	case r.e-r.w >= degreesPerTurn:
		return []rect{{-180, r.s, 180, r.n}}
	case r.w < -180:
		return []rect{{r.w + 360, r.s, 180, r.n}, {-180, r.s, r.e, r.n}}
	case r.e > 180:
		return []rect{{r.w, r.s, 180, r.n}, {-180, r.s, r.e - 360, r.n}}
	}
	return []rect{r}
}
