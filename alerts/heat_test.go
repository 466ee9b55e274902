package alerts_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
)

func TestHeatRules(t *testing.T) {
	t.Parallel()
	h, err := alerts.LoadHeatRules()
	if err != nil || h.Base <= h.Least || h.HalfLife <= 0 || !h.Unchecked {
		t.Fatalf("%+v %v", h, err)
	}
}

// TestHeatShowsOnlyWhatTheViewerMaySee also checks that what was excluded or
// repeats another report does not count, and that a weight halves with time.
func TestHeatShowsOnlyWhatTheViewerMaySee(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	open := r.opened()
	in := aCase(r.now())
	in.Restricted = true
	closed := done(r.OpenCase(r.ctx, r.ana, in, alerts.Request{}))
	heat := func(a alerts.Actor, q alerts.SightingQuery) (sum float64, count int) {
		h := done(r.Heat(r.ctx, a, q))
		for _, s := range h.Squares {
			sum, count = sum+s.Weight, count+s.Count
		}
		if count > h.Reports || h.Cut {
			t.Errorf("%+v", h)
		}
		return sum, count
	}
	for range 4 {
		r.sighted(open.ID, 20.45, 44.81)
	}
	r.sighted(closed.ID, 21.9, 43.3)
	all, n := heat(r.ana, alerts.SightingQuery{})
	some, m := heat(r.boris, alerts.SightingQuery{})
	if n != 5 || m != 4 || some >= all {
		t.Errorf("the team sees %d with %g, others %d with %g", n, all, m, some)
	}
	if _, n := heat(r.officer, alerts.SightingQuery{}); n != 0 {
		t.Errorf("the privacy officer sees %d", n)
	}
	if _, n := heat(r.ana, alerts.SightingQuery{Box: &geo.Box{West: 21, South: 43, East: 22, North: 44}}); n != 1 {
		t.Errorf("in the box are %d", n)
	}
	if _, n := heat(r.ana, alerts.SightingQuery{Case: open.ID, To: r.now().Add(-240 * time.Hour)}); n != 0 {
		t.Errorf("ten days ago there were %d", n)
	}
	rules := done(alerts.LoadHeatRules())
	seen := r.now()
	r.pass(rules.HalfLife)
	if later, n := heat(r.boris, alerts.SightingQuery{}); n != 4 || math.Abs(later-some/2) > some/100 {
		t.Errorf("after a half-life %d weigh %g, before %g", n, later, some)
	}
	// What it was at an earlier moment can be asked for.
	if then, _ := heat(r.boris, alerts.SightingQuery{To: seen}); math.Abs(then-some) > some/100 {
		t.Errorf("then it was %g, now it is said to have been %g", some, then)
	}
	r.pass(11 * rules.HalfLife)
	if _, n := heat(r.boris, alerts.SightingQuery{}); n != 0 {
		t.Errorf("after twelve half-lives %d count", n)
	}
	_, err := r.Heat(r.ctx, r.ana, alerts.SightingQuery{MinGrade: "3C"})
	r.wrong(err, "min_grade bad_grade")
	_, err = r.Heat(r.ctx, r.boris, alerts.SightingQuery{Case: closed.ID})
	r.refused(err, alerts.NotFound)
}

func TestHeatWeighsSigns(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.opened()
	weigh := func() (sum float64) {
		for _, s := range done(r.Heat(r.ctx, r.ana, alerts.SightingQuery{Case: c.ID})).Squares {
			sum += s.Weight
		}
		return sum
	}
	record := func(change func(*alerts.NewSighting)) (alerts.SightingView, float64) {
		before := weigh()
		in := aSighting(r.now(), 20.45, 44.81)
		in.CaseID = c.ID
		if change != nil {
			change(&in)
		}
		v := done(r.RecordSighting(r.ctx, r.ana, in, alerts.Request{}))
		return v, weigh() - before
	}
	first, plain := record(nil)
	_, car := record(func(in *alerts.NewSighting) { in.Vehicle = "a red car" })
	_, police := record(func(in *alerts.NewSighting) { in.Channel = "police" })
	if !(car > plain+1 && police > car) {
		t.Errorf("plain %g, with a vehicle %g, of the police %g", plain, car, police)
	}
	second, _ := record(nil)
	before := weigh()
	done(r.Link(r.ctx, r.ana, second.ID, alerts.LinkSighting{DuplicateOf: alerts.Some(first.ID)}, alerts.Request{}))
	if lost := before - weigh(); math.Abs(lost-plain) > plain/100 {
		t.Errorf("a repeated report took %g with it", lost)
	}
	for _, rec := range done(r.store.Reads(r.ctx, "node", 0, 1000)) {
		if strings.Contains(string(rec), "heat?case=") {
			return
		}
	}
	t.Error("looking at the heat was not recorded")
}
