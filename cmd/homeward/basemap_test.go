package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"homeward/geo"
)

// field is one field of a protobuf message: a number, or bytes.
func field(number int, value any) []byte {
	switch v := value.(type) {
	case int:
		return binary.AppendUvarint(binary.AppendUvarint(nil, uint64(number)<<3), uint64(v))
	case string:
		return field(number, []byte(v))
	case []byte:
		return append(binary.AppendUvarint(binary.AppendUvarint(nil, uint64(number)<<3|2), uint64(len(v))), v...)
	}
	panic("no field")
}

// square is a closed ring in the steps of a vector tile, as its specification
// writes geometries.
func square(from, to int) []byte {
	var b []byte
	zig := func(v int) { b = binary.AppendUvarint(b, uint64(uint32(v<<1)^uint32(v>>31))) }
	b = binary.AppendUvarint(b, 1<<3|1)
	zig(from)
	zig(from)
	b = binary.AppendUvarint(b, 3<<3|2)
	for _, step := range [][2]int{{to - from, 0}, {0, to - from}, {from - to, 0}} {
		zig(step[0])
		zig(step[1])
	}
	return binary.AppendUvarint(b, 1<<3|7)
}

// layerOf is one layer of a vector tile with one polygon that has one tag.
func layerOf(name, key, value string, from, to int) []byte {
	feature := bytes.Join([][]byte{field(2, []byte{0, 0}), field(3, 3), field(4, square(from, to))}, nil)
	return field(3, bytes.Join([][]byte{
		field(15, 2), field(1, name), field(2, feature), field(3, key), field(4, field(1, value)), field(5, 4096),
	}, nil))
}

// tileID is the number of a tile in a PMTiles file: along the Hilbert curve of
// its zoom, after all tiles of the zooms below.
func tileID(z, x, y int) uint64 {
	id := uint64(0)
	for i := range z {
		id += 1 << (2 * i)
	}
	for s := 1 << z >> 1; s > 0; s >>= 1 {
		rx, ry := 0, 0
		if x&s > 0 {
			rx = 1
		}
		if y&s > 0 {
			ry = 1
		}
		id += uint64(s) * uint64(s) * uint64(3*rx^ry)
		if ry == 0 {
			if rx == 1 {
				x, y = s-1-x&(s-1), s-1-y&(s-1)
			}
			x, y = y, x
		}
	}
	return id
}

// mapFile writes a whole map file of one tile: Belgrade and around at zoom 8,
// where a lake and a park of a Protomaps map lie.
func mapFile(t *testing.T) string {
	t.Helper()
	const z, x, y = 8, 142, 92
	pack := func(b []byte) []byte {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		if _, err := w.Write(b); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	tile := pack(append(layerOf("water", "kind", "lake", 500, 1900), layerOf("landuse", "kind", "park", 2200, 3600)...))
	var root []byte
	for _, n := range []uint64{1, tileID(z, x, y), 1, uint64(len(tile)), 1} { // entries, ids, runs, lengths, offsets
		root = binary.AppendUvarint(root, n)
	}
	root = pack(root)
	metadata := pack([]byte(`{"attribution":"<a href='https://example.org'>© Invented streets</a>","vector_layers":[{"id":"water"},{"id":"roads"},{"id":"landuse"}]}`))
	h := make([]byte, 127)
	copy(h, "PMTiles\x03")
	at := uint64(len(h))
	for i, part := range [][]byte{root, metadata, nil, tile} {
		binary.LittleEndian.PutUint64(h[8+16*i:], at)
		binary.LittleEndian.PutUint64(h[16+16*i:], uint64(len(part)))
		at += uint64(len(part))
	}
	for i := range 3 {
		binary.LittleEndian.PutUint64(h[72+8*i:], 1)
	}
	h[96], h[97], h[98], h[99], h[100], h[101] = 1, 2, 2, 1, z, z
	for i, v := range []int32{196875000, 440900000, 210937500, 450900000} {
		binary.LittleEndian.PutUint32(h[102+4*i:], uint32(v))
	}
	name := filepath.Join(t.TempDir(), "streets.pmtiles")
	if err := os.WriteFile(name, bytes.Join([][]byte{h, root, metadata, tile}, nil), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestBaseFileIsCheckedAtTheStart(t *testing.T) {
	t.Parallel()
	base, err := openBaseFile(mapFile(t))
	if err != nil || base.Schema != geo.SchemaProtomaps || base.Credit != "© Invented streets" || base.MaxZoom != 8 {
		t.Fatalf("%+v %v", base, err)
	}
	if f, ok := base.Reader.(io.Closer); !ok || f.Close() != nil {
		t.Error("the file cannot be closed")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "map.pmtiles"), []byte(strings.Repeat("not a map ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, says := range map[string]string{"none.pmtiles": "none.pmtiles", "": "no file", "map.pmtiles": "no PMTiles file"} {
		var out strings.Builder
		args := []string{"serve", "--store", filepath.Join(dir, "data"), "--keys", filepath.Join(dir, "keys"), "--listen", "127.0.0.1:0", "--basemap", filepath.Join(dir, name)}
		if code := run(t.Context(), args, io.Discard, &out); code != 1 || !strings.Contains(out.String(), "--basemap") || !strings.Contains(out.String(), says) {
			t.Errorf("%q: %d, %s", name, code, out.String())
		}
	}
}
