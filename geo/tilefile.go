package geo

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"strings"
)

// The ways in which a file of tiles names its layers.
const (
	// SchemaOpenMapTiles has the layers transportation, water and place.
	SchemaOpenMapTiles = "openmaptiles"
	// SchemaProtomaps has the layers roads, water and places.
	SchemaProtomaps = "protomaps"
)

// ErrTileFile is wrapped when a file is not one that maps can be drawn from.
var ErrTileFile = errors.New("no map file")

// TileFile is what a PMTiles file of version 3 says of itself.
type TileFile struct {
	// Box is what it reaches, MinZoom and MaxZoom what zooms it has.
	Box              Box
	MinZoom, MaxZoom int
	// Schema says how its layers are named.
	Schema string
	// Credit is who made it, as plain text.
	Credit string
}

const (
	tileFileHeader  = 127
	mostMetadata    = 1 << 20
	mostMetadataRaw = 8 << 20
	degreeE7        = 1e7
)

// ReadTileFile checks the head and the metadata of a PMTiles file of size bytes
// and says what is in it. The tiles themselves are not read.
func ReadTileFile(r io.ReaderAt, size int64) (TileFile, error) {
	h := make([]byte, tileFileHeader)
	if n, err := r.ReadAt(h, 0); n < len(h) {
		if err != nil && !errors.Is(err, io.EOF) {
			return TileFile{}, fmt.Errorf("read the head of the map file: %w", err)
		}
		return TileFile{}, fmt.Errorf("%w: it is too short", ErrTileFile)
	}
	if err := checkTileFile(h, size); err != nil {
		return TileFile{}, err
	}
	e7 := func(at int) float64 { return float64(int32(binary.LittleEndian.Uint32(h[at:]))) / degreeE7 }
	f := TileFile{Box: Box{West: e7(102), South: e7(106), East: e7(110), North: e7(114)}, MinZoom: int(h[100]), MaxZoom: int(h[101])}
	if f.Box.West >= f.Box.East || f.Box.South >= f.Box.North || f.Box.Validate() != nil {
		return TileFile{}, fmt.Errorf("%w: its bounds %g,%g,%g,%g make no sense", ErrTileFile, f.Box.West, f.Box.South, f.Box.East, f.Box.North)
	}
	if f.MinZoom > f.MaxZoom || f.MaxZoom > MaxTileZoom {
		return TileFile{}, fmt.Errorf("%w: its zooms %d to %d make no sense", ErrTileFile, f.MinZoom, f.MaxZoom)
	}
	return f, f.readMetadata(r, h)
}

// checkTileFile refuses what the browser's reader could not read.
func checkTileFile(h []byte, size int64) error {
	const none, packed = 1, 2
	kinds := []string{"unknown", "MVT", "PNG", "JPEG", "WebP", "AVIF", "MLT"}
	switch {
	case string(h[:7]) != "PMTiles":
		return fmt.Errorf("%w: it is no PMTiles file", ErrTileFile)
	case h[7] != 3:
		return fmt.Errorf("%w: it is PMTiles of version %d; version 3 is needed", ErrTileFile, h[7])
	case h[99] != 1:
		return fmt.Errorf("%w: its tiles are of the kind %s; vector tiles (MVT) are needed", ErrTileFile, kinds[min(int(h[99]), len(kinds)-1)])
	case h[97] != none && h[97] != packed || h[98] != none && h[98] != packed:
		return fmt.Errorf("%w: it is packed in a way that browsers do not read; gzip is needed", ErrTileFile)
	}
	for _, at := range []int{8, 24, 40, 56} { // the root, the metadata, the leaves, the tiles
		from, length := binary.LittleEndian.Uint64(h[at:]), binary.LittleEndian.Uint64(h[at+8:])
		if from > uint64(size) || length > uint64(size)-from {
			return fmt.Errorf("%w: it ends before what its head names; was it copied whole?", ErrTileFile)
		}
	}
	return nil
}

// readMetadata finds out how the layers are named and who made the file.
func (f *TileFile) readMetadata(r io.ReaderAt, h []byte) error {
	from, length := binary.LittleEndian.Uint64(h[24:]), binary.LittleEndian.Uint64(h[32:])
	if length > mostMetadata {
		return fmt.Errorf("%w: its metadata are too long", ErrTileFile)
	}
	var raw io.Reader = io.NewSectionReader(r, int64(from), int64(length))
	if h[97] == 2 {
		z, err := gzip.NewReader(raw)
		if err != nil {
			return fmt.Errorf("%w: its metadata cannot be unpacked: %w", ErrTileFile, err)
		}
		raw = z
	}
	data, err := io.ReadAll(io.LimitReader(raw, mostMetadataRaw))
	if err != nil {
		return fmt.Errorf("%w: its metadata cannot be read: %w", ErrTileFile, err)
	}
	var m struct {
		Attribution string `json:"attribution"`
		Layers      []struct {
			ID string `json:"id"`
		} `json:"vector_layers"`
	}
	if err := json.Unmarshal(bytes.TrimSpace(data), &m); err != nil {
		return fmt.Errorf("%w: its metadata cannot be read: %w", ErrTileFile, err)
	}
	has := map[string]bool{}
	for _, l := range m.Layers {
		has[l.ID] = true
	}
	switch {
	case has["transportation"] && has["water"]:
		f.Schema = SchemaOpenMapTiles
	case has["roads"] && has["water"]:
		f.Schema = SchemaProtomaps
	default:
		return fmt.Errorf("%w: its layers are neither those of OpenMapTiles nor those of Protomaps", ErrTileFile)
	}
	f.Credit = plainText(m.Attribution)
	return nil
}

// plainText leaves out the tags of a credit, which comes from a file, and
// shortens it to what a line holds.
func plainText(s string) string {
	const most = 200
	var out strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case r == '<':
			depth++
		case r == '>' && depth > 0:
			depth--
		case depth == 0:
			out.WriteRune(r)
		}
	}
	text := []rune(strings.Join(strings.Fields(html.UnescapeString(out.String())), " "))
	return string(text[:min(len(text), most)])
}
