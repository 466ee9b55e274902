package geo

import (
	"encoding/hex"
	"fmt"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
)

// tileExtent is the number of steps across a tile.
const tileExtent = 4096

// TileLabels says how ids and states are written in tiles. Nil functions write
// hexadecimal digits and numbers.
type TileLabels struct {
	ID    func(id [16]byte) string
	State func(state uint8) string
}

// EncodeTile writes clusters as a Mapbox vector tile, version 2, with the one
// layer "sightings". A single sighting has the properties id, state, source,
// info and at (seconds since 1970); a cluster has count, source and info of its
// best grade. Properties of grades are left out where there is none. Nothing
// at all gives no bytes, which every map takes for an empty tile.
func EncodeTile(clusters []Cluster, z, tx, ty int, labels TileLabels) []byte {
	if len(clusters) == 0 {
		return nil
	}
	features := geojson.NewFeatureCollection()
	for _, c := range clusters {
		f := geojson.NewFeature(orb.Point{inTile(c.x, z, tx), inTile(c.y, z, ty)})
		f.Properties = c.properties(labels)
		features.Append(f)
	}
	return marshalTile(layer("sightings", features))
}

// inTile is a place's step within its tile.
func inTile(v uint32, z, tile int) float64 {
	within := uint64(v)<<z - uint64(tile)<<32
	return float64(within * tileExtent >> 32)
}

func (c Cluster) properties(labels TileLabels) geojson.Properties {
	p := geojson.Properties{"count": c.Count}
	if c.Count == 1 {
		p["id"], p["state"] = hex.EncodeToString(c.Row.ID[:]), any(int(c.Row.State))
		if labels.ID != nil {
			p["id"] = labels.ID(c.Row.ID)
		}
		if labels.State != nil {
			p["state"] = labels.State(c.Row.State)
		}
		p["at"] = c.Row.At * 60
	}
	if c.Source > 0 {
		p["source"] = string(rune('A' + c.Source - 1))
	}
	if c.Info > 0 {
		p["info"] = int(c.Info)
	}
	return p
}

// layer makes a layer of features that are in tile steps already.
func layer(name string, features *geojson.FeatureCollection) *mvt.Layer {
	l := mvt.NewLayer(name, features)
	l.Version, l.Extent = 2, tileExtent
	return l
}

// marshalTile panics only when a property of ours has a type that tiles do not
// know, which no input can bring about.
func marshalTile(layers ...*mvt.Layer) []byte {
	data, err := mvt.Marshal(layers)
	if err != nil {
		panic(fmt.Sprintf("geo: encode tile: %v", err))
	}
	return data
}
