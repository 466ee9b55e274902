package geo

import (
	"github.com/paulmach/orb"
	"google.golang.org/protobuf/encoding/protowire"
)

// Numbers of fields, types and commands in version 2 of the Mapbox vector tile
// specification.
const (
	tileLayers = 3

	layerName, layerFeatures, layerKeys, layerValues, layerExtent, layerVersion = 1, 2, 3, 4, 5, 15

	featureTags, featureType, featureGeometry = 2, 3, 4

	valueText, valueNumber, valueFlag = 1, 6, 7

	geometryPoint, geometryLine, geometryPolygon = 1, 2, 3

	moveTo, lineTo, closePath = 1, 2, 7
)

// tileLayer writes one layer of a vector tile. The properties of a feature are
// named first; its geometry, in whole steps of the tile, then ends it.
type tileLayer struct {
	name         string
	features     []byte // as fields of the layer
	keys, values tileTable

	tags, steps []byte // of the feature at hand
	value       []byte
	x, y        int32 // where the pen is
}

func newTileLayer(name string) *tileLayer { return &tileLayer{name: name} }

// tileTable numbers what features have in common, in the order of first use.
type tileTable struct {
	at      map[string]uint64
	encoded []byte // as fields of the layer
}

func (t *tileTable) number(field protowire.Number, b []byte) uint64 {
	if n, ok := t.at[string(b)]; ok {
		return n
	}
	if t.at == nil {
		t.at = map[string]uint64{}
	}
	n := uint64(len(t.at))
	t.at[string(b)] = n
	t.encoded = appendBytes(t.encoded, field, b)
	return n
}

func (l *tileLayer) text(key, value string) {
	v := protowire.AppendTag(l.value[:0], valueText, protowire.BytesType)
	l.property(key, protowire.AppendString(v, value))
}

func (l *tileLayer) number(key string, value int64) {
	v := protowire.AppendTag(l.value[:0], valueNumber, protowire.VarintType)
	l.property(key, protowire.AppendVarint(v, protowire.EncodeZigZag(value)))
}

func (l *tileLayer) flag(key string, value bool) {
	v := protowire.AppendTag(l.value[:0], valueFlag, protowire.VarintType)
	l.property(key, protowire.AppendVarint(v, protowire.EncodeBool(value)))
}

func (l *tileLayer) property(key string, value []byte) {
	l.value = value
	l.tags = protowire.AppendVarint(l.tags, l.keys.number(layerKeys, []byte(key)))
	l.tags = protowire.AppendVarint(l.tags, l.values.number(layerValues, value))
}

func (l *tileLayer) point(x, y int32) {
	l.command(moveTo, 1)
	l.step(x, y)
	l.end(geometryPoint)
}

func (l *tileLayer) line(line []orb.Point) {
	l.path(line)
	l.end(geometryLine)
}

// polygon leaves out the last point of closed rings, as the specification asks.
func (l *tileLayer) polygon(rings orb.Polygon) {
	for _, r := range rings {
		if r.Closed() {
			r = r[:len(r)-1]
		}
		l.path(r)
		l.command(closePath, 1)
	}
	l.end(geometryPolygon)
}

func (l *tileLayer) path(line []orb.Point) {
	for i, p := range line {
		switch i {
		case 0:
			l.command(moveTo, 1)
		case 1:
			l.command(lineTo, len(line)-1)
		}
		l.step(int32(p[0]), int32(p[1]))
	}
}

func (l *tileLayer) command(id uint64, times int) {
	l.steps = protowire.AppendVarint(l.steps, uint64(times)<<3|id)
}

// step moves the pen. Steps are as far as they are from the one before.
func (l *tileLayer) step(x, y int32) {
	l.steps = protowire.AppendVarint(l.steps, protowire.EncodeZigZag(int64(x-l.x)))
	l.steps = protowire.AppendVarint(l.steps, protowire.EncodeZigZag(int64(y-l.y)))
	l.x, l.y = x, y
}

func (l *tileLayer) end(geometry uint64) {
	n := protowire.SizeTag(featureType) + protowire.SizeVarint(geometry) + sizeField(featureGeometry, l.steps)
	if len(l.tags) > 0 {
		n += sizeField(featureTags, l.tags)
	}
	l.features = protowire.AppendTag(l.features, layerFeatures, protowire.BytesType)
	l.features = protowire.AppendVarint(l.features, uint64(n))
	if len(l.tags) > 0 {
		l.features = appendBytes(l.features, featureTags, l.tags)
	}
	l.features = protowire.AppendTag(l.features, featureType, protowire.VarintType)
	l.features = protowire.AppendVarint(l.features, geometry)
	l.features = appendBytes(l.features, featureGeometry, l.steps)
	l.tags, l.steps, l.x, l.y = l.tags[:0], l.steps[:0], 0, 0
}

func (l *tileLayer) append(b []byte) []byte {
	b = protowire.AppendTag(b, layerName, protowire.BytesType)
	b = protowire.AppendString(b, l.name)
	b = append(append(append(b, l.features...), l.keys.encoded...), l.values.encoded...)
	b = protowire.AppendTag(b, layerExtent, protowire.VarintType)
	b = protowire.AppendVarint(b, tileExtent)
	b = protowire.AppendTag(b, layerVersion, protowire.VarintType)
	return protowire.AppendVarint(b, 2)
}

// marshalTile puts layers together, leaving out those without a feature; nil
// when none is left.
func marshalTile(layers ...*tileLayer) []byte {
	var out []byte
	for _, l := range layers {
		if len(l.features) > 0 {
			out = appendBytes(out, tileLayers, l.append(nil))
		}
	}
	return out
}

func appendBytes(b []byte, field protowire.Number, data []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), data)
}

func sizeField(field protowire.Number, data []byte) int {
	return protowire.SizeTag(field) + protowire.SizeBytes(len(data))
}
