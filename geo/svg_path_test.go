package geo

import (
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// drawnPath is the line that a path of absolute start and relative steps draws.
func drawnPath(t *testing.T, d string) (line orb.LineString) {
	t.Helper()
	if !strings.HasPrefix(d, "M") {
		t.Fatalf("%q does not begin anywhere", d)
	}
	var at orb.Point
	numbers := regexp.MustCompile(`-?(\d+(\.\d)?|\.\d)`).FindAllString(d, -1)
	for i := 0; i+1 < len(numbers); i += 2 {
		for k := range at {
			step, err := strconv.ParseFloat(numbers[i+k], 64)
			if err != nil {
				t.Fatal(err)
			}
			at[k] += step
		}
		line = append(line, at)
	}
	return line
}

func TestDrawnLinesStayWhereTheyAre(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		line := orb.LineString{{r.Float64()*700 - 20, r.Float64()*500 - 20}}
		for range r.IntN(200) + 1 {
			last := line[len(line)-1]
			line = append(line, orb.Point{last[0] + r.NormFloat64()*3, last[1] + r.NormFloat64()*3})
		}
		var s sketch
		s.path(line)
		drawn := drawnPath(t, s.out.String())
		for _, p := range line {
			if off := planar.DistanceFrom(drawn, p); off > 0.85 { // not taken from the constant, which could be anything
				t.Fatalf("%v is %.2f pixels off in %q", p, off, s.out.String())
			}
		}
	}
}

func TestSmallThingsAreStillDrawn(t *testing.T) {
	t.Parallel()
	for want, line := range map[string][]orb.Point{
		"M10 10l.3 0 0 .3-.3-.3":  {{10, 10}, {10.3, 10}, {10.31, 10}, {10.3, 10.3}, {10, 10}},
		"M-1.5 0l11.5 20-10.5-20": {{-1.5, 0}, {10, 20}, {-.5, 0}},
		"M0 0l0 0":                {{0, 0}, {0.01, 0}},
	} {
		var s sketch
		s.path(line)
		if got := s.out.String(); got != want {
			t.Errorf("%v is %q, want %q", line, got, want)
		}
	}
}
