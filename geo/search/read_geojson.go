package search

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"homeward/geo"
)

// maxCorners is how many positions a file may have.
const maxCorners = 4_000_000

// readGeoJSON reads one feature after the other: a file may be large.
func (r *Reader) readGeoJSON(file []byte) error {
	d := json.NewDecoder(bytes.NewReader(file))
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("%w: %w", ErrFile, err)
	}
	corners, seen := 0, false
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return fmt.Errorf("%w: %w", ErrFile, err)
		}
		if key != "features" {
			var rest json.RawMessage
			if err := d.Decode(&rest); err != nil {
				return fmt.Errorf("%w: %w", ErrFile, err)
			}
			continue
		}
		seen = true
		if start, err := d.Token(); err != nil || start != json.Delim('[') {
			return fmt.Errorf("%w: features is not a list", ErrFile)
		}
		for d.More() {
			var f streetFeature
			if err := d.Decode(&f); err != nil {
				return fmt.Errorf("%w: feature %d: %w", ErrFile, r.rows+1, err)
			}
			if r.rows++; r.rows > maxRows {
				return fmt.Errorf("%w: it has more than %d features; import it in parts", ErrFile, maxRows)
			}
			r.feature(r.rows, &f, &corners)
			if corners > maxCorners {
				return fmt.Errorf("%w: it has more than %d positions; import it in parts", ErrFile, maxCorners)
			}
		}
		if _, err := d.Token(); err != nil {
			return fmt.Errorf("%w: %w", ErrFile, err)
		}
	}
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("%w: it ends too early", ErrFile)
	}
	if !seen {
		return fmt.Errorf("%w: a FeatureCollection with features is wanted", ErrFile)
	}
	return nil
}

type streetFeature struct {
	Properties map[string]any `json:"properties"`
	Geometry   struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
}

// first is the first of the properties that is a text and not empty.
func (f *streetFeature) first(names ...string) string {
	for _, n := range names {
		if s, ok := f.Properties[n].(string); ok && strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

func (r *Reader) feature(at int, f *streetFeature, corners *int) {
	name := f.first("name", "name:sr", "name:sr-Latn")
	if name == "" {
		r.unnamed++
		return
	}
	p := OwnPlace{Name: name, Town: f.first("town", "addr:city"), Kind: f.kind()}
	for _, key := range []string{"other_names", "name:sr", "name:sr-Latn", "name:en", "alt_name", "old_name", "short_name"} {
		p.Others = append(p.Others, strings.Split(f.first(key), ";")...)
	}
	lines, err := f.lines()
	if err != nil {
		r.faults.add(at, "%v", err)
		r.keep(at, p, nil)
		return
	}
	for _, l := range lines {
		*corners += len(l)
	}
	r.keep(at, p, lines)
}

// kind is what a feature is, by its own word or by the tags of OpenStreetMap.
func (f *streetFeature) kind() string {
	is := func(key string, values ...string) bool { return slices.Contains(values, f.first(key)) }
	switch kind := f.first("kind"); {
	case slices.Contains(OwnKinds(), kind):
		return kind
	case is("place", "square"):
		return KindSquare
	case is("railway", "station", "halt"), is("public_transport", "station"), is("amenity", "bus_station"):
		return KindStation
	case is("amenity", "school", "kindergarten"):
		return KindSchool
	case is("amenity", "shelter"), is("social_facility", "shelter"):
		return KindShelter
	case f.first("highway") != "":
		return KindStreet
	}
	return KindOther
}

// lines are the geometry's positions.
func (f *streetFeature) lines() ([][]geo.Point, error) {
	var raw [][][]float64
	var err error
	switch f.Geometry.Type {
	case "Point":
		var one []float64
		err = json.Unmarshal(f.Geometry.Coordinates, &one)
		raw = [][][]float64{{one}}
	case "LineString":
		raw = make([][][]float64, 1)
		err = json.Unmarshal(f.Geometry.Coordinates, &raw[0])
	case "MultiLineString":
		err = json.Unmarshal(f.Geometry.Coordinates, &raw)
	default:
		return nil, fmt.Errorf("the geometry must be a Point, a LineString or a MultiLineString")
	}
	if err != nil {
		return nil, fmt.Errorf("the coordinates cannot be read")
	}
	var out [][]geo.Point
	for _, l := range raw {
		var line []geo.Point
		for _, c := range l {
			if len(c) < 2 || len(c) > 3 {
				return nil, fmt.Errorf("a position must be longitude, latitude")
			}
			line = append(line, geo.At(c[0], c[1]))
		}
		if len(line) > 0 {
			out = append(out, line)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("it has no coordinates")
	}
	return out, nil
}
