package partners

import (
	"slices"
	"time"
)

// fewQuarters is on how many a published quartile rests at least: each quarter
// then has few.
const fewQuarters = 4 * few

// published is the statistics as anybody may have them. Totals are decided first,
// once: a breakdown of a small population is withheld whole, and in the others
// the total is something that everybody knows. Then each breakdown hides whole
// rows: those with a small count, and beside them others that are not small, so
// that neither a sum nor knowing this rule tells which of the hidden counts is
// whose. Medians are rounded to hours, and nothing says how many they rest on:
// the number found alive, say, is a sum of outcomes.
func (s Statistics) published() Statistics {
	out := s
	out.Public, out.Totals, out.Breakdowns, out.Measures = true, nil, nil, nil
	total := map[string]*int{}
	for _, t := range s.Totals {
		total[t.Key] = t.Count
	}
	unconfirmed := *total[totalSightings] - *total[totalConfirmed]
	// A total may be told when it is not small; and of the sightings that were
	// confirmed, only when those that were not are not few either.
	partsHidden := small(*total[totalConfirmed]) || small(unconfirmed)
	for _, t := range s.Totals {
		if small(*t.Count) || t.Key == totalConfirmed && partsHidden {
			t.Count = nil
		}
		out.Totals = append(out.Totals, t)
	}
	for _, b := range s.Breakdowns {
		b.Confirmed = b.Confirmed && !partsHidden
		b.Rows = publishedRows(b, small(*total[b.Of]))
		b.Withheld = b.Rows == nil
		if b.Withheld {
			b.Rows = []StatisticsRow{}
		}
		out.Breakdowns = append(out.Breakdowns, b)
	}
	for _, m := range s.Measures {
		out.Measures = append(out.Measures, m.published())
	}
	return out
}

func small(n int) bool { return n > 0 && n < few }

// publishedRows are the rows of a breakdown without the hidden counts; nil when
// all of it has to be withheld.
func publishedRows(b StatisticsBreakdown, withheld bool) []StatisticsRow {
	if withheld {
		return nil
	}
	hidden, ok := hiddenRows(b)
	if !ok {
		return nil
	}
	out := make([]StatisticsRow, len(b.Rows))
	for i, r := range b.Rows {
		if !b.Confirmed {
			r.Confirmed = nil
		}
		if hidden[i] {
			r.Count, r.Confirmed = nil, nil
		}
		out[i] = r
	}
	return out
}

// hiddenRows chooses the rows to hide; not ok when there are no counts that are
// not small to hide the small ones among, or when nothing stays to be shown: the
// two must look alike.
func hiddenRows(b StatisticsBreakdown) (hidden []bool, ok bool) {
	parts := make([][2]int, len(b.Rows))
	hidden = make([]bool, len(b.Rows))
	any := false
	for i, r := range b.Rows {
		parts[i] = [2]int{*r.Count, 0}
		if b.Confirmed {
			parts[i] = [2]int{*r.Count - *r.Confirmed, *r.Confirmed}
		}
		hidden[i] = small(*r.Count) || small(parts[i][0]) || small(parts[i][1])
		any = any || hidden[i]
	}
	if !any {
		return hidden, true
	}
	for more := true; more; {
		if !hideNext(b, hidden) {
			return hidden, false
		}
		var sum [2]int
		for i, p := range parts {
			if hidden[i] {
				sum[0], sum[1] = sum[0]+p[0], sum[1]+p[1]
			}
		}
		more = small(sum[0]) || small(sum[1])
	}
	return hidden, slices.Contains(hidden, false)
}

// hideNext hides the smallest shown row that has something to count, and all that
// are as large: choosing between equals would tell of their order.
func hideNext(b StatisticsBreakdown, hidden []bool) bool {
	least := 0
	for i, r := range b.Rows {
		if n := *r.Count; !hidden[i] && n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	for i, r := range b.Rows {
		hidden[i] = hidden[i] || least > 0 && *r.Count == least
	}
	return least > 0
}

func (m StatisticsMeasure) published() StatisticsMeasure {
	n := *m.Count
	m.Count = nil
	if n < fewQuarters {
		m.LowerMinutes, m.UpperMinutes = nil, nil
	}
	if n < few {
		m.MedianMinutes = nil
	}
	for _, p := range []**int{&m.MedianMinutes, &m.LowerMinutes, &m.UpperMinutes} {
		if *p != nil {
			whole := int((time.Duration(**p) * time.Minute).Round(time.Hour) / time.Minute)
			*p = &whole
		}
	}
	return m
}
