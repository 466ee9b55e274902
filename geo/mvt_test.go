package geo

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"pgregory.net/rapid"
)

// A layer has the same bytes as one written by orb, which uses a generated
// encoder.
func TestTileLayerAgainstOrb(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ours, theirs := newTileLayer("some"), geojson.NewFeatureCollection()
		for range rapid.IntRange(1, 20).Draw(t, "features") {
			properties := anyProperties(t)
			for _, key := range slices.Sorted(maps.Keys(properties)) {
				switch v := properties[key].(type) {
				case string:
					ours.text(key, v)
				case int64:
					ours.number(key, v)
				case bool:
					ours.flag(key, v)
				}
			}
			f := geojson.NewFeature(anyShape(t, ours))
			f.Properties = properties
			theirs.Append(f)
		}
		l := mvt.NewLayer("some", theirs)
		l.Version, l.Extent = 2, tileExtent
		want, err := mvt.Marshal(mvt.Layers{l})
		if err != nil {
			t.Fatal(err)
		}
		if got := marshalTile(newTileLayer("empty"), ours); !bytes.Equal(got, want) {
			t.Fatalf("got %x, want %x", got, want)
		}
	})
}

func anyProperties(t *rapid.T) geojson.Properties {
	out := geojson.Properties{}
	for i := range rapid.IntRange(0, 5).Draw(t, "properties") {
		key := fmt.Sprint("key", rapid.IntRange(0, 9).Draw(t, "key"))
		switch i % 3 {
		case 0:
			out[key] = rapid.String().Draw(t, "text")
		case 1:
			out[key] = rapid.Int64().Draw(t, "number")
		case 2:
			out[key] = rapid.Bool().Draw(t, "flag")
		}
	}
	return out
}

func anyShape(t *rapid.T, l *tileLayer) orb.Geometry {
	step := rapid.Int32Range(-tileBuffer, tileExtent+tileBuffer)
	at := rapid.Custom(func(t *rapid.T) orb.Point {
		return orb.Point{float64(step.Draw(t, "x")), float64(step.Draw(t, "y"))}
	})
	switch rapid.IntRange(0, 2).Draw(t, "shape") {
	case 0:
		p := at.Draw(t, "point")
		l.point(int32(p[0]), int32(p[1]))
		return p
	case 1:
		line := orb.LineString(rapid.SliceOfN(at, 2, 300).Draw(t, "line"))
		l.line(line)
		return line
	}
	var rings orb.Polygon
	for range rapid.IntRange(1, 3).Draw(t, "rings") {
		r := rapid.SliceOfN(at, 3, 50).Draw(t, "ring")
		rings = append(rings, append(r, r[0]))
	}
	l.polygon(rings)
	return rings
}
