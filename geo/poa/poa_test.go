package poa

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

const near = 1e-9

func close2(a, b float64) bool { return math.Abs(a-b) < near }

func same(a, b Belief) bool {
	return close2(a.Rest, b.Rest) && slices.EqualFunc(a.Cells, b.Cells, close2)
}

// TestThePublishedExample is the worked example of the formulas: .5/.3/.2 and a
// sweep of the first with POD .6.
func TestThePublishedExample(t *testing.T) {
	t.Parallel()
	got := Belief{Rest: .2, Cells: []float64{.5, .3}}.After([]Sweep{{0, .6}})
	for i, want := range []float64{.2 / .7, .3 / .7} {
		if !close2(got.Cells[i], want) {
			t.Errorf("segment %d: %v, want %v", i, got.Cells[i], want)
		}
	}
	if !close2(got.Rest, .2/.7) {
		t.Errorf("rest %v", got.Rest)
	}
}

func TestPODOfACoverage(t *testing.T) {
	t.Parallel()
	for c, want := range map[float64]float64{0: 0, .5: .39, 1: .63, 2: .86, -3: 0} {
		if got := POD(c); math.Abs(got-want) > .006 {
			t.Errorf("coverage %v: POD %v, want %v", c, got, want)
		}
	}
	if got := Coverage(2000, 5, 20, 400_000); !close2(got, .5) {
		t.Errorf("coverage %v", got)
	}
	if got := Together(.5, .5); !close2(got, .75) {
		t.Errorf("together %v", got)
	}
	if POD(1e9) >= 1 || Coverage(1, 1, 1, 0) != 0 {
		t.Error("a sweep proves that nobody is there")
	}
}

func drawBelief(t *rapid.T) Belief {
	n := rapid.IntRange(1, 12).Draw(t, "n")
	return Belief{
		Rest:  rapid.Float64Range(MinRest, 1).Draw(t, "rest"),
		Cells: rapid.SliceOfN(rapid.Float64Range(0, 1), n, n).Draw(t, "cells"),
	}.whole()
}

func drawSweeps(t *rapid.T, cells int) []Sweep {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Sweep {
		return Sweep{rapid.IntRange(0, cells-1).Draw(t, "cell"), rapid.Float64Range(0, 1).Draw(t, "pod")}
	}), 0, 10).Draw(t, "sweeps")
}

// TestAnUpdate holds what makes a search plan honest.
func TestAnUpdate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBelief(t)
		sweeps := drawSweeps(t, len(b.Cells))
		got := b.After(sweeps)
		if !close2(got.Rest+sum(got.Cells), 1) {
			t.Fatalf("the sum is %v", got.Rest+sum(got.Cells))
		}
		if got.Rest < b.Rest-near {
			t.Fatalf("the rest of the world shrank from %v to %v", b.Rest, got.Rest)
		}
		one := rapid.IntRange(0, len(b.Cells)-1).Draw(t, "one")
		more := b.After(append(slices.Clone(sweeps), Sweep{one, rapid.Float64Range(0, 1).Draw(t, "more")}))
		if more.Cells[one] > got.Cells[one]+near {
			t.Fatalf("a sweep made its own segment more probable: %v, then %v", got.Cells[one], more.Cells[one])
		}
		for i := range more.Cells {
			if i != one && more.Cells[i] < got.Cells[i]-near {
				t.Fatalf("a sweep elsewhere made segment %d less probable", i)
			}
		}
		if s := b.Success(sweeps); s < -near || s > 1-b.Rest+near || !close2(got.Rest, b.Rest/(1-s)) {
			t.Fatalf("success %v does not fit the rest %v", s, got.Rest)
		}
	})
}

// TestSweepsInAnyOrder compares the formula with one Bayesian step after the
// other, in another order, and with one taken back.
func TestSweepsInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBelief(t)
		sweeps := drawSweeps(t, len(b.Cells))
		want := b.After(sweeps)
		step := b
		for _, s := range rapid.Permutation(sweeps).Draw(t, "order") {
			step = step.After([]Sweep{s})
		}
		if !same(step, want) {
			t.Fatalf("one after the other %v, at once %v", step, want)
		}
		if len(sweeps) == 0 {
			return
		}
		out := rapid.IntRange(0, len(sweeps)-1).Draw(t, "undone")
		less := slices.Delete(slices.Clone(sweeps), out, out+1)
		if again := b.After(append(less, sweeps[out])); !same(again, want) {
			t.Fatalf("taken back and done again: %v, not %v", again, want)
		}
	})
}

func TestConsensus(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBelief(t)
		if !same(Consensus([]Belief{b, b, b}), b) {
			t.Fatal("three who agree do not agree")
		}
	})
	got := Consensus([]Belief{{Rest: 20, Cells: []float64{50, 30}}, {Rest: .4, Cells: []float64{.1, .5}}})
	if !same(got, Belief{Rest: .3, Cells: []float64{.3, .4}}) {
		t.Errorf("%v", got)
	}
}

// TestCuttingASegmentChangesNothing: more segments for the same ground must not
// take from the rest of the world.
func TestCuttingASegmentChangesNothing(t *testing.T) {
	t.Parallel()
	one, four := Even(.3, []float64{400}), Even(.3, []float64{100, 100, 100, 100})
	if !close2(one.Rest, four.Rest) || !close2(one.Cells[0], sum(four.Cells)) {
		t.Errorf("%v, %v", one, four)
	}
	if empty := Even(.3, nil); empty.Rest != 1 {
		t.Errorf("without segments the rest of the world is %v", empty.Rest)
	}
}

func TestNextIsWhereAnHourIsWorthMost(t *testing.T) {
	t.Parallel()
	b := Belief{Rest: .2, Cells: []float64{.4, .3, .1}}
	got := Next(b, []float64{4e6, 1e6, 0}, Team{Searchers: 5, SpeedMH: 1500, WidthM: 20})
	if len(got) != 2 || got[0].Cell != 1 || !close2(got[0].Density, .3) || !close2(got[0].Hours, 1e6/150_000) {
		t.Errorf("%+v", got)
	}
	if idle := Next(b, []float64{1, 1, 1}, Team{}); idle[0].Hours != 0 || idle[0].Success != 0 {
		t.Errorf("nobody searches: %+v", idle)
	}
}
