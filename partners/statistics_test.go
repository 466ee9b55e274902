package partners

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"homeward/alerts"
)

func randomOf(r *rand.Rand, of []string) string {
	// A few rows are common and most are rare, as in life.
	return of[min(r.IntN(len(of)), r.IntN(len(of)), r.IntN(len(of)))]
}

func randomFacts(seed uint64) happened {
	r := rand.New(rand.NewPCG(seed, 7))
	var f happened
	var took = func() *time.Duration {
		if r.IntN(3) == 0 {
			return nil
		}
		t := time.Duration(r.IntN(5000)-50) * time.Minute
		return &t
	}
	for range r.IntN(60) {
		c := caseFact{Void: r.IntN(9) == 0, Category: randomOf(r, []string{"runaway", "migration", "parental_abduction", "unknown"}),
			CrossBorder: randomOf(r, []string{"no", "yes"}), Outcome: randomOf(r, []string{"found_safe", "open", "found_harmed", "deceased"}),
			ToFound: took(), ToCase: took(), ToPolice: took(), ToAlert: took()}
		for range 1 + r.IntN(2) {
			c.Children = append(c.Children, childFact{randomOf(r, ageBands()), randomOf(r, alerts.Sexes())})
		}
		f.cases = append(f.cases, c)
	}
	for range r.IntN(60) {
		f.contacts = append(f.contacts, contactFact{randomOf(r, []string{"new_disappearance", "follow_up", "support"}), randomOf(r, alerts.Channels()), randomOf(r, []string{"sr", "en", "hu", "sq"})})
		f.sightings = append(f.sightings, sightingFact{randomOf(r, alerts.Channels()), randomOf(r, alerts.Sources()), r.IntN(3) == 0})
	}
	for range r.IntN(12) {
		al := alertFact{Level: randomOf(r, []string{"partner", "public_appeal", "internal"}), ToOpened: took(), ToAnswer: took()}
		for range r.IntN(9) {
			al.Told = append(al.Told, randomOf(r, []string{"accepted", "opened", "silent", "declined"}))
		}
		f.alerts = append(f.alerts, al)
	}
	return f
}

func totalsOf(s Statistics) map[string]*int {
	out := map[string]*int{}
	for _, t := range s.Totals {
		out[t.Key] = t.Count
	}
	return out
}

// Whatever is counted, the rows of each breakdown are its population.
func TestStatisticsAddUp(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		f := randomFacts(seed)
		s := statisticsOf(f)
		total := totalsOf(s)
		void := 0
		for _, c := range f.cases {
			if c.Void {
				void++
			}
		}
		if *total[totalCases]+void != len(f.cases) || *total[totalVoid] != void || *total[totalContacts] != len(f.contacts) {
			t.Fatalf("seed %d: %+v", seed, s.Totals)
		}
		for _, b := range s.Breakdowns {
			count, confirmed := 0, 0
			for _, r := range b.Rows {
				count += *r.Count
				if b.Confirmed {
					confirmed += *r.Confirmed
				}
			}
			if count != *total[b.Of] || b.Confirmed && confirmed != *total[totalConfirmed] {
				t.Fatalf("seed %d: %s has %d, %d confirmed, of %d", seed, b.Key, count, confirmed, *total[b.Of])
			}
		}
	}
}

// The quartiles are the smallest times that a quarter, a half and three quarters
// do not exceed.
func TestMeasureAgainstCounting(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 60 {
		var times []time.Duration
		for range n {
			times = append(times, time.Duration(r.IntN(40))*2*time.Minute)
		}
		m := measureOf("x", slices.Clone(times))
		if *m.Count != n || n == 0 && m.MedianMinutes != nil {
			t.Fatalf("%d: %+v", n, m)
		}
		if n == 0 {
			continue
		}
		reached := func(quarters int) int {
			for minutes := 0; ; minutes++ {
				upTo := 0
				for _, one := range times {
					if one <= time.Duration(minutes)*time.Minute {
						upTo++
					}
				}
				if 4*upTo >= quarters*n {
					return minutes
				}
			}
		}
		if *m.LowerMinutes != reached(1) || *m.UpperMinutes != reached(3) || n%2 == 1 && *m.MedianMinutes != reached(2) || *m.MedianMinutes < reached(2) {
			t.Errorf("%d: %d %d %d, not %d %d %d", n, *m.LowerMinutes, *m.MedianMinutes, *m.UpperMinutes, reached(1), reached(2), reached(3))
		}
	}
}

// No small count is published, and every hidden one, but for zeros, could be
// another number with which all published sums hold.
func TestPublishedStatisticsCannotBeSolved(t *testing.T) {
	t.Parallel()
	hiddenAny := 0
	for seed := range uint64(600) {
		whole := statisticsOf(randomFacts(seed))
		public := whole.published()
		total, all := totalsOf(public), totalsOf(whole)
		for key, n := range total {
			if n != nil && small(*n) {
				t.Fatalf("seed %d: %s is %d", seed, key, *n)
			}
		}
		if n := total[totalConfirmed]; n != nil && small(*all[totalSightings]-*n) {
			t.Fatalf("seed %d: %d confirmed of %d", seed, *n, *all[totalSightings])
		}
		for i, b := range public.Breakdowns {
			if total[b.Of] == nil && !b.Withheld && *all[b.Of] > 0 {
				t.Fatalf("seed %d: %s shows a population that is hidden", seed, b.Key)
			}
			if b.Withheld != (len(b.Rows) == 0 && len(whole.Breakdowns[i].Rows) > 0) {
				t.Fatalf("seed %d: %s withheld %t with %d rows", seed, b.Key, b.Withheld, len(b.Rows))
			}
			hiddenAny += solve(t, seed, b, whole.Breakdowns[i], *all[b.Of], *all[totalConfirmed])
		}
		for i, m := range public.Measures {
			n := *whole.Measures[i].Count
			if m.Count != nil || (m.MedianMinutes != nil) != (n >= few) || (m.LowerMinutes != nil) != (n >= fewQuarters) {
				t.Fatalf("seed %d: %+v of %d", seed, m, n)
			}
		}
	}
	if hiddenAny < 100 {
		t.Errorf("only %d hidden: the test tries nothing", hiddenAny)
	}
}

// solve tries to work out each hidden count of a breakdown when both totals are
// known, and returns how many there are.
func solve(t *testing.T, seed uint64, public, whole StatisticsBreakdown, count, confirmed int) int {
	t.Helper()
	hidden := 0
	for i, r := range public.Rows {
		switch {
		case r.Count == nil:
			hidden++
			continue
		case small(*r.Count), public.Confirmed && (small(*r.Confirmed) || small(*r.Count-*r.Confirmed)):
			t.Fatalf("seed %d: %s %s is small", seed, public.Key, r.Key)
		case *r.Count != *whole.Rows[i].Count:
			t.Fatalf("seed %d: %s %s changed", seed, public.Key, r.Key)
		}
		count -= *r.Count
		if public.Confirmed {
			confirmed -= *r.Confirmed
		}
	}
	if hidden == 0 {
		return 0
	}
	// Two or more hidden counts with a sum of few or more: any of them can be
	// any number up to the sum. Of what was confirmed, or not, all may be zero.
	if hidden < 2 || count < few || public.Confirmed && (small(confirmed) || small(count-confirmed)) {
		t.Fatalf("seed %d: %s hides %d rows with %d in all, %d confirmed", seed, public.Key, hidden, count, confirmed)
	}
	return hidden
}

// Somebody who knows the rule and tries every table finds more than one that is
// published like this, and no count that all of them share.
func TestHiddenRowsAgainstEveryTable(t *testing.T) {
	t.Parallel()
	const most, rows = 8, 4
	values := map[string][][]int{}
	var each func(at []int)
	each = func(at []int) {
		if len(at) < rows {
			for n := range most {
				each(append(slices.Clip(at), n))
			}
			return
		}
		b := StatisticsBreakdown{}
		sum := 0
		for i := range at {
			b.Rows = append(b.Rows, StatisticsRow{Key: fmt.Sprint(i), Count: &at[i]})
			sum += at[i]
		}
		key := fmt.Sprint(sum)
		for _, r := range publishedRows(b, small(sum)) {
			key += " " + maybe(r.Count) + ","
		}
		values[key] = append(values[key], at)
	}
	each(nil)
	for key, tables := range values {
		first := tables[0]
		for i := range first {
			same := !slices.ContainsFunc(tables, func(other []int) bool { return other[i] != first[i] })
			if same && small(first[i]) {
				t.Errorf("%q gives away that row %d is %d", key, i, first[i])
			}
		}
	}
}

func TestAgeBand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		low, high int
		want      string
	}{{0, 0, "0_5"}, {5, 5, "0_5"}, {6, 6, "6_11"}, {11, 12, unknownRow}, {14, 14, "12_14"}, {15, 17, "15_17"}, {18, 40, "18_up"}, {0, 200, unknownRow}} {
		if got := ageBand(c.low, c.high); got != c.want {
			t.Errorf("%d to %d: %s, not %s", c.low, c.high, got, c.want)
		}
	}
}
