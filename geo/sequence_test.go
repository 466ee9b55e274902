package geo

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestSequenceAgainstBruteForce compares with a look at every choice of stops.
func TestSequenceAgainstBruteForce(t *testing.T) {
	t.Parallel()
	p, err := NewPassages()
	if err != nil {
		t.Fatal(err)
	}
	base := time.Date(2031, 3, 5, 10, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(t, "stops")
		stops := make([]Stop, n)
		for i := range stops {
			stops[i] = Stop{Fix: Fix{
				Place: At(20+rapid.Float64Range(-3, 3).Draw(t, "lon"), 44+rapid.Float64Range(-3, 3).Draw(t, "lat")),
				At:    base.Add(time.Duration(i*60+rapid.IntRange(0, 50).Draw(t, "minute")) * time.Minute),
			}, Weight: float64(rapid.IntRange(1, 12).Draw(t, "weight"))}
		}
		first := rapid.Bool().Draw(t, "first")
		most := 0.0
		for set := 1; set < 1<<n; set++ {
			if first && set&1 == 0 {
				continue
			}
			sum, from, fits := 0.0, -1, true
			for i := range n {
				if set>>i&1 == 0 {
					continue
				}
				sum += stops[i].Weight
				fits = fits && (from < 0 || p.onGround(stops[from].Fix, stops[i].Fix))
				from = i
			}
			if fits {
				most = math.Max(most, sum)
			}
		}
		got, sum := p.Sequence(stops, first), 0.0
		for k, i := range got {
			sum += stops[i].Weight
			if k > 0 && !p.onGround(stops[got[k-1]].Fix, stops[i].Fix) {
				t.Fatalf("nobody comes from %d to %d", got[k-1], i)
			}
		}
		if sum != most || first && !slices.Contains(got, 0) {
			t.Fatalf("%v weighs %g, want %g", got, sum, most)
		}
	})
}
