package geo

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Limits of one Area as it comes from outside.
const (
	MaxVertices  = 2000
	MaxRings     = 64
	MaxAreaBytes = 256 << 10
	maxRegions   = 1000
	maxCircles   = 64
	maxRadiusM   = 5_000_000
)

// Geometry is a GeoJSON Polygon or MultiPolygon, held and answered as a
// MultiPolygon: polygons, rings, positions [longitude, latitude].
type Geometry struct {
	Type        string           `json:"type" bson:"type"`
	Coordinates [][][][2]float64 `json:"coordinates" bson:"coordinates"`

	faults []Problem // what UnmarshalJSON could not read, told by Validate
	single bool      // it came as a Polygon, whose paths have one index less
	size   int       // bytes it came in
}

// UnmarshalJSON reads both kinds. Only JSON that is no object is an error
// here: everything else that is wrong is kept and told by Area.Validate with
// all other problems, so that a person sees every fault in one answer. Nothing
// larger than MaxAreaBytes is taken apart. An altitude is dropped.
func (g *Geometry) UnmarshalJSON(data []byte) error {
	*g = Geometry{size: len(data)}
	if len(data) > MaxAreaBytes {
		g.fault("", "too_large")
		return nil
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return fmt.Errorf("read geometry: %w", err)
	}
	for key := range raw {
		if key != "type" && key != "coordinates" && key != "bbox" {
			g.fault("", "foreign_member")
			break
		}
	}
	_ = json.Unmarshal(raw["type"], &g.Type) // another JSON type leaves "", refused below
	g.read(raw["coordinates"])
	return nil
}

func (g *Geometry) fault(field, code string) {
	g.faults = append(g.faults, problem(field, code))
}

func (g *Geometry) read(raw json.RawMessage) {
	var multi [][][][]float64
	var err error
	switch g.Type {
	case "Polygon":
		g.single, multi = true, make([][][][]float64, 1)
		err = json.Unmarshal(raw, &multi[0])
	case "MultiPolygon":
		err = json.Unmarshal(raw, &multi)
	default:
		g.Type = ""
		g.fault("type", "bad_type")
		return
	}
	g.Type = "MultiPolygon"
	// null inside an array would be read as nothing, or as the number 0.
	if err != nil || bytes.Contains(raw, []byte("null")) {
		g.fault("coordinates", "bad_coordinates")
		return
	}
	g.Coordinates = make([][][][2]float64, len(multi))
	for i, polygon := range multi {
		g.Coordinates[i] = make([][][2]float64, len(polygon))
		for j, ring := range polygon {
			g.Coordinates[i][j] = g.positions(i, j, ring)
		}
	}
}

func (g *Geometry) positions(polygon, ring int, raw [][]float64) [][2]float64 {
	out := make([][2]float64, 0, len(raw))
	for k, position := range raw {
		if len(position) < 2 || len(position) > 3 {
			g.fault(g.path(polygon, ring, k), "bad_position")
			return nil
		}
		out = append(out, [2]float64{position[0], position[1]})
	}
	return out
}

// path names a place in the coordinates as the sender wrote them.
func (g *Geometry) path(indexes ...int) string {
	if g.single && len(indexes) > 0 {
		indexes = indexes[1:]
	}
	path := "coordinates"
	for _, i := range indexes {
		path += fmt.Sprintf("[%d]", i)
	}
	return path
}

// Polygon makes a Geometry of one polygon: its outline, then its holes. The
// rings are taken as they are; Area.Validate judges them.
func Polygon(rings ...[][2]float64) Geometry {
	return Geometry{Type: "MultiPolygon", Coordinates: [][][][2]float64{rings}, single: true}
}
