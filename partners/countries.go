package partners

import (
	"slices"

	"homeward/geo"
)

// countriesOf are the codes of the countries that an area names or lies in,
// sorted: as coarse as an alert can be told over an open channel.
func countriesOf(regions *geo.Regions, a geo.Area) []string {
	var out []string
	add := func(code string) {
		if code != "" && !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	for _, code := range a.Regions {
		add(countryOf(regions, code))
	}
	for _, c := range a.Circles {
		add(regions.Country(geo.At(c.Center[0], c.Center[1])))
	}
	for _, g := range a.Areas {
		for _, polygon := range g.Coordinates {
			if len(polygon) > 0 && len(polygon[0]) > 0 {
				add(regions.Country(middle(polygon[0])))
			}
		}
	}
	slices.Sort(out)
	return out
}

// countryOf is the country that a region is in; a region that is in none stands
// for itself.
func countryOf(regions *geo.Regions, code string) string {
	for at := code; ; {
		r, ok := regions.Lookup(at)
		switch {
		case !ok:
			return code
		case r.Kind == "country" || r.Parent == "":
			return r.Code
		}
		at = r.Parent
	}
}

// middle is the mean of a ring's corners.
func middle(ring [][2]float64) geo.Point {
	var lon, lat float64
	for _, c := range ring {
		lon, lat = lon+c[0], lat+c[1]
	}
	n := float64(len(ring))
	return geo.At(lon/n, lat/n)
}
