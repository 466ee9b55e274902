package geo

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

var written = regexp.MustCompile(`<text class="([a-z-]+)" x="([-\d.]+)" y="([-\d.]+)" font-size="([\d.]+)" text-anchor="(\w+)"[^>]*>([^<]*)<`)

// A wide drawing has its names once more for a telephone: high enough to be read
// when the drawing is shrunk to its width, and none over another.
func TestNamesCanBeReadOnATelephone(t *testing.T) {
	t.Parallel()
	r := MustBuiltin()
	b, err := NewBasemap(r)
	if err != nil {
		t.Fatal(err)
	}
	serbia := r.Compile(Area{Regions: []string{"RS"}})
	marks := []Marker{{Point: At(20.46, 44.81), Label: "Ana · last seen"}, {Point: At(20.47, 44.82), Label: "Vuk · last seen"}, {Point: At(22.9, 43.2), Label: "at the border in the east"}}
	for _, size := range [][2]int{{900, 560}, {1000, 600}, {720, 560}, {480, 300}} {
		drawing := string(b.SVG(serbia.Bounds(), size[0], size[1], Drawing{Lang: "en", Areas: []Shape{serbia}, Markers: marks, Scale: true}))
		wellFormed(t, []byte(drawing))
		wide, narrow, ok := strings.Cut(drawing, `<g class="names-narrow" display="none">`)
		if !ok {
			t.Fatalf("%v: no names for a telephone", size)
		}
		var taken []orb.Bound
		for _, name := range written.FindAllStringSubmatch(narrow, -1) {
			number := func(i int) float64 {
				n, err := strconv.ParseFloat(name[i], 64)
				if err != nil {
					t.Fatal(err)
				}
				return n
			}
			high := number(4)
			if shown := high * 320 / float64(size[0]); shown < 10.9 {
				t.Errorf("%v: %q is %.1f pixels high on a telephone", size, name[6], shown)
			}
			bound := textBound(name[6], orb.Point{number(2), number(3)}, high, name[5])
			for _, other := range taken {
				if other.Intersects(bound) {
					t.Errorf("%v: %q is written over another name", size, name[6])
				}
			}
			if bound.Min[0] < 0 || bound.Max[0] > float64(size[0]) {
				t.Errorf("%v: %q leaves the drawing", size, name[6])
			}
			taken = append(taken, bound)
		}
		if before := len(written.FindAllString(wide, -1)); len(taken) < 3 || len(taken) > before {
			t.Errorf("%v: %d names on a telephone, %d else", size, len(taken), before)
		}
		if strings.Count(narrow, "Ana · last seen") != 1 || strings.Count(wide, "last seen") != 2 {
			t.Errorf("%v: the names beside dots are missing", size)
		}
	}
	small := string(b.SVG(serbia.Bounds(), 320, 200, Drawing{Lang: "en"}))
	if strings.Contains(small, "names-narrow") || !strings.Contains(small, ">Serbia<") {
		t.Error("a drawing that no screen shrinks has its names twice, or not at all")
	}
}
