package alerts

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

type sortedRow struct {
	id string
	at time.Time
}

func sortedOrders() Orders[sortedRow] {
	return Orders[sortedRow]{
		{"latest", func(r sortedRow) []string { return []string{Latest(r.at), r.id} }},
		{"soonest", func(r sortedRow) []string { return []string{Soonest(r.at), r.id} }},
	}
}

// Page by page every row comes once, in the order that was asked for, and what
// has no time comes last either way.
func TestSortedPagesHoldEveryRowOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var rows []sortedRow
		for i := range rapid.IntRange(0, 40).Draw(t, "rows") {
			r := sortedRow{id: string(rune('A' + i))}
			if day := rapid.IntRange(-5, 5).Draw(t, "day"); day != 0 {
				r.at = time.UnixMilli(int64(day) * 86_400_000)
			}
			rows = append(rows, r)
		}
		name := rapid.SampledFrom([]string{"", "latest", "soonest"}).Draw(t, "order")
		limit := rapid.IntRange(1, 7).Draw(t, "limit")
		var got []sortedRow
		for cursor := ""; ; {
			page, next, err := sortedOrders().Page(slices.Values(rows), name, cursor, limit)
			if err != nil || len(page) > limit || next != nil && len(page) < limit {
				t.Fatalf("%d rows on a page of %d: %v", len(page), limit, err)
			}
			if got = append(got, page...); next == nil {
				break
			}
			cursor = *next
		}
		slices.SortFunc(rows, func(x, y sortedRow) int {
			if x.at.IsZero() != y.at.IsZero() {
				return map[bool]int{true: 1, false: -1}[x.at.IsZero()]
			}
			order := x.at.Compare(y.at)
			if name != "soonest" {
				order = -order
			}
			if order == 0 {
				order = strings.Compare(x.id, y.id)
			}
			return order
		})
		if !slices.Equal(got, rows) {
			t.Fatalf("%v, want %v", got, rows)
		}
	})
}

func TestCursorsBelongToTheirOrder(t *testing.T) {
	t.Parallel()
	rows := slices.Values([]sortedRow{{id: "A"}, {id: "B"}})
	_, next, err := sortedOrders().Page(rows, "latest", "", 1)
	if err != nil || next == nil {
		t.Fatal(next, err)
	}
	for name, cursor := range map[string]string{"soonest": *next, "latest": "!", "": "bm8", "name": ""} {
		if _, _, err := sortedOrders().Page(rows, name, cursor, 1); CodeOf(err) != Invalid {
			t.Errorf("order %q with cursor %q: %v", name, cursor, err)
		}
	}
}
