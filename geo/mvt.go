package geo

import (
	"encoding/hex"
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
	l := newTileLayer("sightings")
	for i := range clusters {
		c := &clusters[i]
		c.describe(l, labels)
		l.point(inTile(c.x, z, tx), inTile(c.y, z, ty))
	}
	return marshalTile(l)
}

// inTile is a place's step within its tile.
func inTile(v uint32, z, tile int) int32 {
	within := uint64(v)<<z - uint64(tile)<<32
	return int32(within * tileExtent >> 32)
}

func (c *Cluster) describe(l *tileLayer, labels TileLabels) {
	single := c.Count == 1
	if single {
		l.number("at", c.Row.At*60)
	}
	l.number("count", int64(c.Count))
	switch {
	case single && labels.ID != nil:
		l.text("id", labels.ID(c.Row.ID))
	case single:
		l.text("id", hex.EncodeToString(c.Row.ID[:]))
	}
	if c.Info > 0 {
		l.number("info", int64(c.Info))
	}
	if c.Source > 0 {
		l.text("source", string(rune('A'+c.Source-1)))
	}
	switch {
	case single && labels.State != nil:
		l.text("state", labels.State(c.Row.State))
	case single:
		l.number("state", int64(c.Row.State))
	}
}
