package geo

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func gatherRules(t testing.TB) *GatherRules {
	t.Helper()
	r, err := NewGatherRules()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// grouped is the oracle: every report in its order against every other.
func grouped(g *GatherRules, reports []Report) map[string]string {
	all := slices.Clone(reports)
	slices.SortFunc(all, func(a, b Report) int {
		if a.before(&b) {
			return -1
		}
		return 1
	})
	rule := func(r *Report) gatherRule {
		if r.Open {
			return g.rules[1]
		}
		return g.rules[0]
	}
	together := func(r, m *Report) bool {
		x, y := rule(r), rule(m)
		gap := Distance(r.Place, m.Place) - math.Min(r.AccuracyM, x.mostAccuracyM) - math.Min(m.AccuracyM, y.mostAccuracyM)
		return r.At.Sub(m.At).Abs() <= min(x.mostSpan, y.mostSpan) &&
			gap <= math.Min(x.withinM, y.withinM)+math.Min(x.speedKMH, y.speedKMH)*1000*r.At.Sub(m.At).Abs().Hours()
	}
	near := func(r, m *Report) bool {
		x, y := rule(r), rule(m)
		gap := Distance(r.Place, m.Place) - math.Min(r.AccuracyM, x.mostAccuracyM) - math.Min(m.AccuracyM, y.mostAccuracyM)
		wait := r.At.Sub(m.At).Abs() - min(r.Slack, x.mostSlack) - min(m.Slack, y.mostSlack)
		return gap <= math.Min(x.withinM, y.withinM) && wait <= min(x.within, y.within)
	}
	every := func(a, b []Report) bool {
		for i := range a {
			for k := range b {
				if !together(&a[i], &b[k]) {
					return false
				}
			}
		}
		return true
	}
	var groups [][]Report
	for _, r := range all {
		type way struct {
			group int
			m     float64
			to    Report
		}
		var ways []way
		for i, group := range groups {
			best := way{i, math.Inf(1), Report{}}
			for _, m := range group {
				if d := Distance(r.Place, m.Place); near(&r, &m) && (d < best.m || d == best.m && m.before(&best.to)) {
					best = way{i, d, m}
				}
			}
			if best.to.ID != "" && every([]Report{r}, group) {
				ways = append(ways, best)
			}
		}
		slices.SortFunc(ways, func(a, b way) int {
			if a.m < b.m || a.m == b.m && a.to.before(&b.to) {
				return -1
			}
			return 1
		})
		one := []Report{}
		for i, w := range ways {
			if i == 0 || every(one, groups[w.group]) {
				one = append(one, groups[w.group]...)
				groups[w.group] = nil
			}
		}
		groups = append(slices.DeleteFunc(groups, func(g []Report) bool { return len(g) == 0 }), append(one, r))
	}
	out := map[string]string{}
	for _, group := range groups {
		first := group[0]
		for _, m := range group {
			if m.before(&first) {
				first = m
			}
		}
		for _, m := range group {
			out[m.ID] = first.ID
		}
	}
	return out
}

func anyReport(t *rapid.T, i int) Report {
	base := time.Date(2031, 3, 5, 10, 0, 0, 0, time.UTC)
	r := Report{
		ID: fmt.Sprintf("r%03d", i), Arrived: rapid.Int64Range(0, 50).Draw(t, "arrived"),
		Open: rapid.IntRange(0, 3).Draw(t, "open") == 0,
	}
	spread := rapid.SampledFrom([]float64{0.002, 0.01, 0.08}).Draw(t, "spread")
	r.Place = At(20.46+rapid.Float64Range(-spread, spread).Draw(t, "lon"), rapid.SampledFrom([]float64{44.8, 69.9}).Draw(t, "row")+rapid.Float64Range(-spread, spread).Draw(t, "lat"))
	r.AccuracyM = rapid.SampledFrom([]float64{0, 20, 200, 5000}).Draw(t, "accuracy")
	r.At = base.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "minute")) * time.Minute)
	r.Slack = time.Duration(rapid.SampledFrom([]int{0, 5, 60, 1440}).Draw(t, "slack")) * time.Minute
	return r
}

// TestGatheringAgainstBruteForce puts reports in and takes some out, in any
// order, and compares with an oracle that looks at every pair.
func TestGatheringAgainstBruteForce(t *testing.T) {
	t.Parallel()
	rules := gatherRules(t)
	rapid.Check(t, func(t *rapid.T) {
		g := NewGathering(rules)
		held := map[string]Report{}
		n := rapid.IntRange(1, 60).Draw(t, "reports")
		for i := range n {
			r := anyReport(t, i)
			held[r.ID] = r
			g.Add(r)
			if rapid.IntRange(0, 9).Draw(t, "out") == 0 {
				id := fmt.Sprintf("r%03d", rapid.IntRange(0, i).Draw(t, "which"))
				g.Remove(id)
				if back, ok := held[id]; ok && rapid.Bool().Draw(t, "back") {
					g.Add(back)
				} else {
					delete(held, id)
				}
			}
			if rapid.IntRange(0, 9).Draw(t, "ask") == 0 {
				g.Leader(r.ID)
			}
		}
		var all []Report
		for _, r := range held {
			all = append(all, r)
		}
		want := grouped(rules, all)
		if g.Len() != len(held) {
			t.Fatalf("%d reports, want %d", g.Len(), len(held))
		}
		for id, leader := range want {
			if got := g.Leader(id); got != leader {
				t.Fatalf("%s is with %s, want %s", id, got, leader)
			}
			if !slices.Contains(g.Group(id), id) {
				t.Fatalf("%s is not in its own group", id)
			}
		}
	})
}

// TestTramIsOneEvent has forty calls along a tram line, and two that cannot be
// of the same child.
func TestTramIsOneEvent(t *testing.T) {
	t.Parallel()
	rules := gatherRules(t)
	if rules.Open(At(20.46, 44.81)) || !rules.Open(At(21.9, 44.1)) {
		t.Error("Belgrade is taken for open country, or a forest for a town")
	}
	g := NewGathering(rules)
	start := time.Date(2031, 3, 5, 16, 0, 0, 0, time.UTC)
	for i := range 40 { // 15 km/h along a street; the calls come in any order
		at := start.Add(time.Duration(i) * 30 * time.Second)
		g.Add(Report{ID: fmt.Sprintf("tram%02d", i), Arrived: int64(i * 17 % 40), Fix: Fix{Place: At(20.44+0.0016*float64(i), 44.81), AccuracyM: 50, At: at, Slack: 2 * time.Minute}})
	}
	if n := len(g.Group("tram00")); n != 40 {
		t.Errorf("the tram is %d of 40 reports", n)
	}
	g.Add(Report{ID: "far", Arrived: 90, Fix: Fix{Place: At(20.6, 44.81), At: start}})
	g.Add(Report{ID: "later", Arrived: 91, Fix: Fix{Place: At(20.44, 44.81), At: start.Add(5 * time.Hour)}})
	if g.Leader("far") != "far" || g.Leader("later") != "later" {
		t.Error("one child cannot be in two places")
	}
	g.Remove("tram00")
	if len(g.Group("tram01")) != 39 || g.Group("tram00") != nil {
		t.Error("a report that was taken out is still counted")
	}
}
