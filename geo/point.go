package geo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// ErrPoint is wrapped by every error that says why a Point cannot be used.
var ErrPoint = errors.New("invalid point")

// Point is a GeoJSON Point in degrees, longitude first. The zero value is no
// point at all (IsZero), which JSON's omitzero and BSON's omitempty leave out.
type Point struct {
	Type        string     `json:"type" bson:"type"`
	Coordinates [2]float64 `json:"coordinates" bson:"coordinates"`
}

// At makes a Point of trusted numbers; it checks nothing.
func At(lon, lat float64) Point {
	return Point{Type: "Point", Coordinates: [2]float64{lon, lat}}
}

// Lon is the longitude in degrees, east positive.
func (p Point) Lon() float64 { return p.Coordinates[0] }

// Lat is the latitude in degrees, north positive.
func (p Point) Lat() float64 { return p.Coordinates[1] }

// IsZero reports whether p is no point. At(0, 0) is a point and not zero.
func (p Point) IsZero() bool { return p == Point{} }

// Validate says in a plain sentence why p is not a place on Earth, or nil. The
// zero Point is refused; callers with an optional point ask IsZero first.
func (p Point) Validate() error {
	if p.Type != "Point" {
		return fmt.Errorf("%w: the type must be \"Point\"", ErrPoint)
	}
	if code := positionFault(p.Lon(), p.Lat(), 180); code != "" {
		return fmt.Errorf("%w: %s", ErrPoint, sentence(code))
	}
	return nil
}

// positionFault names what is wrong with a position, "" when nothing is.
// Longitudes up to maxLon either side pass: rings may be unwrapped past 180.
func positionFault(lon, lat, maxLon float64) string {
	switch {
	case math.IsNaN(lon) || math.IsNaN(lat) || math.IsInf(lon, 0) || math.IsInf(lat, 0):
		return "not_a_number"
	case math.Abs(lat) > 90 || math.Abs(lon) > maxLon:
		return "outside_world"
	}
	return ""
}

// UnmarshalJSON reads a GeoJSON Point. It refuses what Go's decoder would let
// pass in silence: one coordinate (the other would become 0), null, or more
// than an altitude after the pair. null alone leaves the zero Point.
func (p *Point) UnmarshalJSON(data []byte) error {
	if bytes.Equal(data, []byte("null")) {
		return nil
	}
	var raw struct {
		Type        string     `json:"type"`
		Coordinates []*float64 `json:"coordinates"`
	}
	if err := strictJSON(data, &raw); err != nil {
		return fmt.Errorf("%w: %s", ErrPoint, err)
	}
	if len(raw.Coordinates) < 2 || len(raw.Coordinates) > 3 {
		return fmt.Errorf("%w: coordinates must be [longitude, latitude]", ErrPoint)
	}
	for _, c := range raw.Coordinates {
		if c == nil {
			return fmt.Errorf("%w: a coordinate is null", ErrPoint)
		}
	}
	*p = Point{Type: raw.Type, Coordinates: [2]float64{*raw.Coordinates[0], *raw.Coordinates[1]}}
	return nil
}

// strictJSON decodes one value and refuses fields that it does not know.
func strictJSON(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}

// swapLimitM is how far outside the operator's regions a point must lie before
// the program dares to say that its coordinates were exchanged.
const swapLimitM = 1_000_000

// LooksSwapped returns an error sentence when p lies more than 1,000 km from
// home while the same numbers exchanged lie inside it: Beograd with latitude
// first is a valid point in Saudi Arabia, so a range check does not see it.
// It is nil for an empty home, and for any p that may be meant.
func LooksSwapped(p Point, home Shape) error {
	if home.Empty() || !swapped(p, home) {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrPoint, sentence("looks_swapped"))
}

func swapped(p Point, home Shape) bool {
	turned := At(p.Lat(), p.Lon())
	if turned.Validate() != nil || !home.Contains(turned) {
		return false
	}
	return home.DistanceM(p) > swapLimitM
}
