package partners

import (
	"cmp"
	"slices"
	"strings"

	"homeward/partners/abduction"
)

// inquiry is one request to an institution, or one attempt that nobody
// answered, as the barometer counts it. Dates that are not known are zero.
type inquiry struct {
	institution, kind string
	on, due, answered abduction.Date
	call              bool
}

// Tally is how one institution, or all of a kind, has answered what it was asked
// in a period. Asked is the sum of the five numbers after it.
type Tally struct {
	Asked int `json:"asked"`
	// OnTime and Late were answered by the day that was promised or set by law,
	// or after it; Undated were answered without there being such a day.
	OnTime  int `json:"on_time"`
	Late    int `json:"late"`
	Undated int `json:"undated"`
	// Waiting and Overdue have no answer.
	Waiting int `json:"waiting"`
	Overdue int `json:"overdue"`
	// Calls are attempts that nobody answered; they are not among Asked.
	Calls int `json:"calls"`
	// OnTimePercent is of those whose day has come or that were answered by
	// then; null without any. MedianDays is from request to answer, and
	// OldestDays since the oldest request without an answer.
	OnTimePercent *int `json:"on_time_percent"`
	MedianDays    *int `json:"median_days"`
	OldestDays    *int `json:"oldest_days"`

	days []int // of each answer
}

// BarometerRow is the tally of one institution, of a kind of institution, or of
// all.
type BarometerRow struct {
	// ID and Name are an institution's; both are empty for a whole kind, and so
	// is Kind for all.
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
	Kind string `json:"kind,omitempty"`
	Tally
}

// tally counts what was asked in a period, both days in it, as it stands today:
// a row for all, then each kind with its institutions under it.
func tally(all []inquiry, from, to, today abduction.Date) []BarometerRow {
	total := &BarometerRow{}
	kinds, institutions := map[string]*BarometerRow{}, map[string]*BarometerRow{}
	for _, q := range all {
		if q.on.Before(from) && !from.IsZero() || to.Before(q.on) && !to.IsZero() {
			continue
		}
		if kinds[q.kind] == nil {
			kinds[q.kind] = &BarometerRow{Kind: q.kind}
		}
		if institutions[q.institution] == nil {
			institutions[q.institution] = &BarometerRow{ID: q.institution, Kind: q.kind}
		}
		for _, row := range []*BarometerRow{total, kinds[q.kind], institutions[q.institution]} {
			row.count(q, today)
		}
	}
	out := []BarometerRow{*total}
	for _, k := range kinds {
		out = append(out, *k)
	}
	for _, i := range institutions {
		out = append(out, *i)
	}
	for i := range out {
		out[i].finish()
	}
	sortBarometer(out)
	return out
}

// sortBarometer puts all first, then each kind with its institutions, those that
// were asked the most first.
func sortBarometer(rows []BarometerRow) {
	slices.SortFunc(rows, func(x, y BarometerRow) int {
		return cmp.Or(strings.Compare(x.Kind, y.Kind), cmp.Compare(min(len(x.ID), 1), min(len(y.ID), 1)),
			y.Asked-x.Asked, strings.Compare(x.Name, y.Name), strings.Compare(x.ID, y.ID))
	})
}

func (t *Tally) count(q inquiry, today abduction.Date) {
	if q.call {
		t.Calls++
		return
	}
	t.Asked++
	switch {
	case q.answered.IsZero():
		if !q.due.IsZero() && q.due.Before(today) {
			t.Overdue++
		} else {
			t.Waiting++
		}
		if age := max(0, q.on.DaysUntil(today)); t.OldestDays == nil || *t.OldestDays < age {
			t.OldestDays = &age
		}
		return
	case q.due.IsZero():
		t.Undated++
	case q.due.Before(q.answered):
		t.Late++
	default:
		t.OnTime++
	}
	t.days = append(t.days, max(0, q.on.DaysUntil(q.answered)))
}

// finish works out what is not a sum.
func (t *Tally) finish() {
	if of := t.OnTime + t.Late + t.Overdue; of > 0 {
		percent := (200*t.OnTime + of) / (2 * of)
		t.OnTimePercent = &percent
	}
	if n := len(t.days); n > 0 {
		days := slices.Sorted(slices.Values(t.days))
		median := (days[(n-1)/2] + days[n/2] + 1) / 2
		t.MedianDays = &median
	}
	t.days = nil
}
