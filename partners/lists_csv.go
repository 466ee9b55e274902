package partners

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"time"

	"homeward/alerts"
)

// wholeList reads the pages of a list, up to as many rows as one file holds.
func wholeList[T any](read func(cursor string) (alerts.Page[T], error)) ([]T, error) {
	out, cursor := []T{}, ""
	for len(out) < mostCases {
		page, err := read(cursor)
		if err != nil {
			return nil, err
		}
		if out = append(out, page.Items...); page.Next == nil {
			break
		}
		cursor = *page.Next
	}
	return out[:min(len(out), mostCases)], nil
}

// tableOf writes rows as RFC 4180 says, with a byte order mark, and no cell that
// a spreadsheet takes for a formula.
func tableOf[T any](columns []string, rows []T, cells func(*T) []string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(byteOrderMark)
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.Write(columns); err != nil {
		return nil, err
	}
	for i := range rows {
		row := cells(&rows[i])
		for n := range row {
			row[n] = harmless(row[n])
		}
		if err := w.Write(row); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// cellTime is a time as a table has it, empty for none.
func cellTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func cellYes(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// exported records that somebody takes a list away as a file, before they get
// it. The reading of its pages is recorded as well.
func (d *Desk) exported(ctx context.Context, a alerts.Actor, list, asked string, classes ...alerts.Class) error {
	return d.Reads.Record(ctx, a, "export/"+list+"?"+asked, classes...)
}

// ExportContacts returns the contacts that a query chooses, as the actor sees
// them, for a file. Who called, what they wrote and how they were checked is left
// out.
func (d *Desk) ExportContacts(ctx context.Context, a alerts.Actor, q alerts.ContactQuery) ([]alerts.ContactView, error) {
	asked := fmt.Sprintf("case=%s&kind=%s&open=%t&unreferred=%t&promised=%t", q.Case, q.Kind, q.Open, q.Unreferred, q.Promised)
	if err := d.exported(ctx, a, "contacts", asked, alerts.P3, alerts.P6, alerts.P10); err != nil {
		return nil, err
	}
	all, err := wholeList(func(cursor string) (alerts.Page[alerts.ContactView], error) {
		q.Cursor, q.Limit = cursor, 200
		return d.Contacts(ctx, a, q)
	})
	for i := range all {
		v := &all[i]
		v.Caller, v.Report, v.Messages, v.Checks, v.Objections = nil, nil, nil, nil, nil
	}
	return all, err
}

// ContactsCSV is ExportContacts as a table.
func (d *Desk) ContactsCSV(ctx context.Context, a alerts.Actor, q alerts.ContactQuery) ([]byte, error) {
	all, err := d.ExportContacts(ctx, a, q)
	if err != nil {
		return nil, err
	}
	columns := []string{"id", "at", "channel", "kind", "case", "language", "relation", "asked", "promised", "promised_until", "kept_at", "police_told", "unreferred", "taken_by", "recorded_by"}
	return tableOf(columns, all, func(v *alerts.ContactView) []string {
		number := ""
		if c, err := d.VisibleCase(a, v.CaseID); err == nil {
			number = c.CaseNumber
		}
		told := ""
		if v.Police != nil {
			told = cellTime(v.Police.ReportedAt)
		}
		return []string{v.ID, cellTime(v.At), v.Channel, v.Kind, number, v.Language, v.Relation, v.Asked, v.Promised, cellTime(v.PromisedUntil), cellTime(v.KeptAt), told, cellYes(v.Unreferred), v.TakenBy, v.RecordedBy}
	})
}

// ExportAlerts returns the alerts that a query chooses, as the actor sees them,
// for a file.
func (d *Desk) ExportAlerts(ctx context.Context, a alerts.Actor, q alerts.AlertQuery) ([]alerts.AlertView, error) {
	if err := d.exported(ctx, a, "alerts", fmt.Sprintf("case=%s&state=%v&drafts=%t", q.CaseID, q.States, q.Drafts), alerts.P0, alerts.P1); err != nil {
		return nil, err
	}
	return wholeList(func(cursor string) (alerts.Page[alerts.AlertView], error) {
		q.Cursor, q.Limit = cursor, 200
		return d.Alerts(ctx, a, q)
	})
}

// AlertsCSV is ExportAlerts as a table. The headline is the English one, or that
// of the first language of the alert.
func (d *Desk) AlertsCSV(ctx context.Context, a alerts.Actor, q alerts.AlertQuery) ([]byte, error) {
	all, err := d.ExportAlerts(ctx, a, q)
	if err != nil {
		return nil, err
	}
	columns := []string{"id", "case", "state", "level", "severity", "revision", "headline", "draft_waits", "expires_at", "ended_at", "created_at", "updated_at"}
	return tableOf(columns, all, func(v *alerts.AlertView) []string {
		var ended time.Time
		if v.Ending != nil {
			ended = v.Ending.At
		}
		return []string{
			v.ID, v.CaseNumber, string(v.State), string(v.Level), v.Severity, strconv.Itoa(v.Revision), firstHeadline(v.Texts), cellYes(v.Draft != nil),
			cellTime(v.ExpiresAt), cellTime(ended), cellTime(v.CreatedAt), cellTime(v.UpdatedAt),
		}
	})
}

func firstHeadline(texts map[string]alerts.DraftText) string {
	if t, ok := texts["en"]; ok {
		return t.Headline
	}
	var languages []string
	for language := range texts {
		languages = append(languages, language)
	}
	if len(languages) == 0 {
		return ""
	}
	return texts[slices.Min(languages)].Headline
}

// ExportMatters returns the matters that a filter chooses, as the actor sees
// them, for a file.
func (d *Desk) ExportMatters(ctx context.Context, a alerts.Actor, f MatterFilter) ([]MatterListItem, error) {
	if err := d.exported(ctx, a, "matters", "state="+f.State, alerts.P3); err != nil {
		return nil, err
	}
	return wholeList(func(cursor string) (alerts.Page[MatterListItem], error) {
		f.Cursor, f.Limit = cursor, 200
		return d.Matters(ctx, a, f)
	})
}

// MattersCSV is ExportMatters as a table.
func (d *Desk) MattersCSV(ctx context.Context, a alerts.Actor, f MatterFilter) ([]byte, error) {
	all, err := d.ExportMatters(ctx, a, f)
	if err != nil {
		return nil, err
	}
	columns := []string{"id", "case", "state", "kind", "from_state", "to_state", "next_due", "overdue_clocks", "overdue_contacts", "created_at"}
	return tableOf(columns, all, func(v *MatterListItem) []string {
		due := ""
		if v.NextDue != nil {
			due = *v.NextDue
		}
		return []string{v.ID, v.CaseNumber, v.State, v.Kind, v.FromState, v.ToState, due, strconv.Itoa(v.OverdueClocks), strconv.Itoa(v.OverdueContacts), cellTime(v.CreatedAt)}
	})
}

// ExportReferrals returns the referrals that a filter chooses, as the actor sees
// them, for a file.
func (d *Desk) ExportReferrals(ctx context.Context, a alerts.Actor, f ReferralFilter) ([]ReferralView, error) {
	if err := d.exported(ctx, a, "referrals", "state="+f.State, alerts.P3); err != nil {
		return nil, err
	}
	return wholeList(func(cursor string) (alerts.Page[ReferralView], error) {
		f.Cursor, f.Limit = cursor, 200
		return d.Referrals(ctx, a, f)
	})
}

// ReferralsCSV is ExportReferrals as a table.
func (d *Desk) ReferralsCSV(ctx context.Context, a alerts.Actor, f ReferralFilter) ([]byte, error) {
	all, err := d.ExportReferrals(ctx, a, f)
	if err != nil {
		return nil, err
	}
	columns := []string{"number", "case", "receiver", "service", "urgency", "state", "due_at", "overdue", "opened_at", "created_at", "updated_at"}
	return tableOf(columns, all, func(v *ReferralView) []string {
		return []string{v.Number, v.CaseNumber, v.Receiver, v.Service, v.Urgency, string(v.State), cellTime(v.DueAt), cellYes(v.Overdue), cellTime(v.OpenedAt), cellTime(v.CreatedAt), cellTime(v.UpdatedAt)}
	})
}
