package geo

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

// tileFile makes the head of a map file, its metadata under gzip behind it, and
// nothing else.
func tileFile(tb testing.TB, metadata string, change func(h []byte)) []byte {
	tb.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(metadata)); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	h := make([]byte, tileFileHeader)
	copy(h, "PMTiles\x03")
	for _, at := range []int{8, 40, 56} {
		binary.LittleEndian.PutUint64(h[at:], tileFileHeader)
	}
	binary.LittleEndian.PutUint64(h[24:], tileFileHeader)
	binary.LittleEndian.PutUint64(h[32:], uint64(packed.Len()))
	h[97], h[98], h[99], h[100], h[101] = 2, 2, 1, 5, 14
	for i, v := range []int32{188000000, 418000000, 231000000, 462000000} {
		binary.LittleEndian.PutUint32(h[102+4*i:], uint32(v))
	}
	if change != nil {
		change(h)
	}
	return append(h, packed.Bytes()...)
}

const layersOfProtomaps = `{"attribution":"<a href=\"https://example.org\">© Somebody</a> &amp; others","vector_layers":[{"id":"water"},{"id":"roads"}]}`

func TestTileFile(t *testing.T) {
	t.Parallel()
	b := tileFile(t, layersOfProtomaps, nil)
	f, err := ReadTileFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	want := TileFile{Box: Box{West: 18.8, South: 41.8, East: 23.1, North: 46.2}, MinZoom: 5, MaxZoom: 14, Schema: SchemaProtomaps, Credit: "© Somebody & others"}
	if f != want {
		t.Errorf("got %+v", f)
	}
	b = tileFile(t, `{"vector_layers":[{"id":"water"},{"id":"transportation"}]}`, nil)
	if f, err = ReadTileFile(bytes.NewReader(b), int64(len(b))); err != nil || f.Schema != SchemaOpenMapTiles {
		t.Errorf("%+v %v", f, err)
	}
	for says, change := range map[string]func([]byte){
		"no PMTiles":        func(h []byte) { h[0] = 'X' },
		"version 2":         func(h []byte) { h[7] = 2 },
		"kind PNG":          func(h []byte) { h[99] = 2 },
		"kind MLT":          func(h []byte) { h[99] = 200 },
		"gzip is needed":    func(h []byte) { h[98] = 4 },
		"copied whole":      func(h []byte) { binary.LittleEndian.PutUint64(h[64:], 1<<40) },
		"bounds":            func(h []byte) { copy(h[102:], h[110:114]) },
		"zooms 20 to 14":    func(h []byte) { h[100] = 20 },
		"unpacked":          func(h []byte) { binary.LittleEndian.PutUint64(h[24:], 0) },
		"metadata are too ": func(h []byte) { binary.LittleEndian.PutUint64(h[32:], 1<<21) },
	} {
		b := tileFile(t, layersOfProtomaps, change)
		if says == "metadata are too " {
			b = append(b, make([]byte, 1<<21)...)
		}
		if _, err := ReadTileFile(bytes.NewReader(b), int64(len(b))); !errors.Is(err, ErrTileFile) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
	for _, metadata := range []string{``, `{}`, `[]`, `{"vector_layers":[{"id":"lines"}]}`} {
		b := tileFile(t, metadata, nil)
		if _, err := ReadTileFile(bytes.NewReader(b), int64(len(b))); !errors.Is(err, ErrTileFile) {
			t.Errorf("%q: %v", metadata, err)
		}
	}
	if _, err := ReadTileFile(bytes.NewReader(b[:50]), 50); !errors.Is(err, ErrTileFile) {
		t.Errorf("short: %v", err)
	}
}

func FuzzTileFile(f *testing.F) {
	f.Add(tileFile(f, layersOfProtomaps, nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := ReadTileFile(bytes.NewReader(b), int64(len(b))); err == nil && (got.Schema == "" || got.Box.Validate() != nil || got.MaxZoom > MaxTileZoom || len([]rune(got.Credit)) > 200) {
			t.Errorf("got %+v", got)
		}
	})
}
