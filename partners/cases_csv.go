package partners

import (
	"bytes"
	"context"
	"encoding/csv"
	"strconv"
	"time"

	"homeward/alerts"
)

// mostCases is how many cases one table holds.
const mostCases = 10_000

func caseColumns() []string {
	return []string{"number", "state", "category", "risk_grade", "children", "first_name", "last_seen_at", "police_told", "follow_up_at", "created_at", "updated_at"}
}

// CasesCSV writes the cases that a query chooses, as the actor sees them, as a
// table: RFC 4180 with a byte order mark, and no cell that a spreadsheet takes
// for a formula. Each page of it is recorded as read, as the list is.
func (d *Desk) CasesCSV(ctx context.Context, a alerts.Actor, q alerts.CaseQuery) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(byteOrderMark)
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.Write(caseColumns()); err != nil {
		return nil, err
	}
	q.Cursor, q.Limit = "", 200
	for written := 0; written < mostCases; {
		page, err := d.Cases(ctx, a, q)
		if err != nil {
			return nil, err
		}
		for i := range page.Items {
			if err := w.Write(caseCells(&page.Items[i])); err != nil {
				return nil, err
			}
		}
		if written += len(page.Items); page.Next == nil {
			break
		}
		q.Cursor = *page.Next
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func caseCells(c *alerts.CaseListItem) []string {
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339)
	}
	told := "no"
	if c.PoliceTold {
		told = "yes"
	}
	cells := []string{
		c.Number, string(c.State), string(c.Category), c.Grade, strconv.Itoa(c.Children), c.FirstName,
		at(c.LastSeenAt), told, at(c.FollowUpAt), at(c.CreatedAt), at(c.UpdatedAt),
	}
	for i := range cells {
		cells[i] = harmless(cells[i])
	}
	return cells
}
