package geo

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
)

func TestBasemapTiles(t *testing.T) {
	t.Parallel()
	b, err := NewBasemap(MustBuiltin())
	if err != nil {
		t.Fatal(err)
	}
	for z := 0; z <= BasemapMaxZoom; z++ {
		mx, my := mercator(20.46, 44.81)
		x, y := int(uint64(mx)<<z>>32), int(uint64(my)<<z>>32)
		layers, err := mvt.Unmarshal(b.Tile(z, x, y))
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]int{}
		for _, l := range layers {
			found[l.Name] = len(l.Features)
			if l.Version != 2 {
				t.Errorf("zoom %d layer %s has version %d", z, l.Name, l.Version)
			}
			for _, f := range l.Features {
				if polygon, ok := f.Geometry.(orb.Polygon); ok && ringArea(orb.Ring(polygon[0])) <= 0 {
					t.Errorf("zoom %d: the outline of %v is wound like a hole", z, f.Properties["code"])
				}
			}
		}
		if found["land"] == 0 || found["places"] == 0 || found["places"] > labelsPerTile || z < 7 && found["boundaries"] == 0 {
			t.Errorf("zoom %d: %v", z, found)
		}
		if n := len(b.Tile(z, x, y)); n > 60_000 {
			t.Errorf("zoom %d: %d bytes", z, n)
		}
	}
	if b.Tile(9, 0, 0) != nil || b.Tile(0, 1, 0) != nil || b.Tile(-1, 0, 0) != nil {
		t.Error("a tile that does not exist has bytes")
	}
	if b.Tile(8, 60, 128) != nil {
		t.Error("a tile of the Atlantic has bytes")
	}
}

func TestBasemapShowsTheDisputedBorder(t *testing.T) {
	t.Parallel()
	b, err := NewBasemap(MustBuiltin())
	if err != nil {
		t.Fatal(err)
	}
	mx, my := mercator(20.9, 43)
	layers, err := mvt.Unmarshal(b.Tile(6, int(mx>>26), int(my>>26)))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		for _, f := range l.Features {
			if f.Properties["disputed"] == true {
				return
			}
		}
	}
	t.Error("no border is marked as disputed")
}

func TestSVG(t *testing.T) {
	t.Parallel()
	r := MustBuiltin()
	b, err := NewBasemap(r)
	if err != nil {
		t.Fatal(err)
	}
	area := r.Compile(Area{Regions: []string{"RS"}, Circles: []Circle{{[2]float64{20.46, 44.81}, 20_000}}})
	for lang, want := range map[string]string{"sr-Cyrl": "Ниш", "sr-Latn": "Niš", "en": "Serbia"} {
		svg := b.SVG(area.Bounds(), 800, 600, Drawing{
			Lang: lang, Title: `<script>"&`, Areas: []Shape{area},
			Markers: []Marker{{At(20.46, 44.81), "</svg><b>", "seen", ""}},
		})
		if !bytes.Contains(svg, []byte(">"+want+"<")) || bytes.Contains(svg, []byte("<script>")) || bytes.Contains(svg, []byte("<b>")) {
			t.Errorf("%s: no %s, or something unescaped", lang, want)
		}
		wellFormed(t, svg)
		if len(svg) > 80_000 {
			t.Errorf("%s: %d bytes", lang, len(svg))
		}
	}
	for _, box := range []Box{World(), {177, -20, -178, -16}, {0, 0, 0, 0}, {-180, 89, 180, 90}, {20, 44, 20.0001, 44.0001}} {
		wellFormed(t, b.SVG(box, 320, 1, Drawing{Lang: "en"}))
	}
	fiji := b.SVG(Box{177, -20, -178, -16}, 600, 400, Drawing{Lang: "en"})
	if !strings.Contains(string(fiji), "Suva") {
		t.Error("nothing is drawn across the date line")
	}
}

func wellFormed(t *testing.T, svg []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("not well formed: %v", err)
		}
	}
}

func BenchmarkBasemapTile(b *testing.B) {
	m, err := NewBasemap(MustBuiltin())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		m.draw(5, 17, 11)
	}
}
