package geo

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Crossing is a border crossing on a road out of Serbia: a row of
// crossings.csv.
type Crossing struct {
	ID string `json:"id"`
	// Name is that of the Serbian side in Latin script, Beyond that of the
	// other side, Country the code of the country there.
	Name     string `json:"name"`
	Beyond   string `json:"beyond"`
	Country  string `json:"country"`
	Point    Point  `json:"point"`
	Source   string `json:"source"`
	Verified bool   `json:"verified"`
}

// CrossingsFrom is the country that the crossings of the file lead out of.
const CrossingsFrom = "RS"

// Crossings reads the embedded border crossings.
func Crossings() ([]Crossing, error) {
	lines, err := readLines("crossings.csv")
	if err != nil {
		return nil, err
	}
	var out []Crossing
	for _, l := range lines {
		lon, errLon := strconv.ParseFloat(l[4], 64)
		lat, errLat := strconv.ParseFloat(l[5], 64)
		c := Crossing{ID: l[0], Name: l[1], Beyond: l[2], Country: l[3], Point: At(lon, lat), Source: l[6], Verified: l[7] == "true"}
		if errLon != nil || errLat != nil || c.Point.Validate() != nil || c.Source == "" {
			return nil, fmt.Errorf("%w: crossings.csv: %s has no place or no source", ErrData, l[0])
		}
		out = append(out, c)
	}
	return out, nil
}

// Met is what an area meets beyond the country where it begins.
type Met struct {
	// Home is the country of the point that was asked about, "" at sea.
	Home      string     `json:"home"`
	Countries []Neighbor `json:"countries"`
	// Crossings are those in the area, the nearest to the point first.
	Crossings []CrossingAt `json:"crossings"`
}

// Neighbor is a country that an area meets, with the distance in metres from the
// point to where it begins.
type Neighbor struct {
	Code      string  `json:"code"`
	DistanceM float64 `json:"distance_m"`
}

// CrossingAt is a crossing with its distance in metres from the point.
type CrossingAt struct {
	Crossing
	DistanceM float64 `json:"distance_m"`
}

// Meets returns the other countries and the border crossings that an area
// meets, the nearest to a point first. Countries without a boundary of their own
// are not among them.
func (r *Regions) Meets(a Area, from Point) (Met, error) {
	shape := r.Compile(a)
	m := Met{Home: r.Country(from), Countries: []Neighbor{}, Crossings: []CrossingAt{}}
	for _, c := range r.All() {
		if c.Kind != "country" || c.Code == m.Home || !c.Boundary {
			continue
		}
		if land := r.Compile(Area{Regions: []string{c.Code}}); land.Meets(Shape{parts: shape.parts}, 0) {
			m.Countries = append(m.Countries, Neighbor{c.Code, land.DistanceM(from)})
		}
	}
	slices.SortFunc(m.Countries, func(x, y Neighbor) int {
		if n := cmp.Compare(x.DistanceM, y.DistanceM); n != 0 {
			return n
		}
		return strings.Compare(x.Code, y.Code)
	})
	all, err := Crossings()
	if err != nil {
		return m, err
	}
	for _, c := range all {
		if shape.Contains(c.Point) {
			m.Crossings = append(m.Crossings, CrossingAt{c, Distance(from, c.Point)})
		}
	}
	slices.SortStableFunc(m.Crossings, func(x, y CrossingAt) int { return cmp.Compare(x.DistanceM, y.DistanceM) })
	return m, nil
}
