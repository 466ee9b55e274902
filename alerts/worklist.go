package alerts

import (
	"context"
	"slices"
	"time"
)

// WorkList is what waits for somebody: the start page of the desk. Everything
// in it is of cases that the viewer may see.
type WorkList struct {
	NewSightings int            `json:"new_sightings"`
	LiveAlerts   []WorkAlert    `json:"live_alerts"`
	Promises     []WorkPromise  `json:"promises"`
	Unreported   []CaseListItem `json:"unreported"`
	Reports      []WorkReport   `json:"reports"`
	Closings     []WorkClosing  `json:"closings"`
	// Objections are what somebody whom a case concerns says against publication.
	Objections []OpenObjection `json:"objections"`
	// Hidden is how many more there are than the lists show.
	Hidden int `json:"hidden"`
}

// WorkAlert is a live alert.
type WorkAlert struct {
	ID         string    `json:"id"`
	CaseID     string    `json:"case_id"`
	CaseNumber string    `json:"case_number"`
	Level      Level     `json:"level"`
	Revision   int       `json:"revision"`
	ExpiresAt  time.Time `json:"expires_at"`
	Draft      bool      `json:"draft"` // a draft waits beside it
}

// WorkPromise is something promised to somebody that is due or overdue: the next
// call of a case's family, or what a contact was promised.
type WorkPromise struct {
	CaseID    string    `json:"case_id,omitempty"`
	ContactID string    `json:"contact_id,omitempty"`
	Owner     string    `json:"owner,omitempty"`
	Mine      bool      `json:"mine"`
	DueAt     time.Time `json:"due_at"`
	Overdue   bool      `json:"overdue"`
}

// WorkReport is a public report of a missing child of which there is no case.
type WorkReport struct {
	ContactID  string    `json:"contact_id"`
	At         time.Time `json:"at"`
	PoliceTold bool      `json:"police_told"`
}

// WorkClosing is a case whose end a second person has to confirm. Overdue ones
// are the duty officer's.
type WorkClosing struct {
	CaseID   string    `json:"case_id"`
	Number   string    `json:"number"`
	ClosedAt time.Time `json:"closed_at"`
	Mine     bool      `json:"mine"` // closed by the viewer, so somebody else's to confirm
	Overdue  bool      `json:"overdue"`
}

// worthSeeing is how far ahead the work list looks for promises, and longest how
// many of each kind it shows.
const (
	worthSeeing = 24 * time.Hour
	longest     = 100
)

// Work returns what waits for somebody who may see it.
func (d *Desk) Work(ctx context.Context, a Actor) (WorkList, error) {
	now, sees := d.Now(), d.seesClass(a, P0)
	w := WorkList{NewSightings: d.Board.NewSightings(d.seesClass(a, P7))}
	w.LiveAlerts = shorten(&w, d.workAlerts(sees))
	w.Promises = shorten(&w, d.workPromises(a, now))
	w.Closings = shorten(&w, d.workClosings(a, now, sees))
	w.Objections = shorten(&w, d.workObjections(d.seesClass(a, P6)))
	w.Reports, w.Unreported = []WorkReport{}, []CaseListItem{}
	if d.seesClass(a, P6)(nil) {
		for _, r := range d.Board.OpenReports() {
			w.Reports = append(w.Reports, WorkReport{r.ContactID, r.At, r.Referred})
		}
		w.Reports = shorten(&w, w.Reports)
	}
	for _, c := range d.Board.Unreported() {
		if sees(c) {
			w.Unreported = append(w.Unreported, d.ViewCaseItem(a, c))
		}
	}
	slices.SortFunc(w.Unreported, func(a, b CaseListItem) int { return b.CreatedAt.Compare(a.CreatedAt) })
	w.Unreported = shorten(&w, w.Unreported)
	if err := d.Reads.Record(ctx, a, "work", P0, P1); err != nil {
		return WorkList{}, err
	}
	return w, nil
}

func shorten[T any](w *WorkList, all []T) []T {
	if len(all) > longest {
		w.Hidden += len(all) - longest
		return all[:longest]
	}
	return all
}

func (d *Desk) workAlerts(sees func(*Case) bool) []WorkAlert {
	out := []WorkAlert{}
	for _, al := range d.Board.LiveAlerts() {
		c, ok := d.Board.Case(al.CaseID)
		if r := al.Current(); ok && r != nil && sees(c) {
			out = append(out, WorkAlert{al.ID, al.CaseID, al.CaseNumber, r.Level, r.Number, r.ExpiresAt, al.Draft != nil})
		}
	}
	return out
}

func (d *Desk) workPromises(a Actor, now time.Time) []WorkPromise {
	out := []WorkPromise{}
	sees := d.seesClass(a, P0)
	for _, c := range d.Board.FollowUpsUntil(now.Add(worthSeeing)) {
		if f := c.FollowUp; sees(c) {
			out = append(out, WorkPromise{CaseID: c.ID, Owner: f.Owner, Mine: f.Owner == a.ID, DueAt: f.DueAt, Overdue: f.DueAt.Before(now)})
		}
	}
	sees = d.seesClass(a, P6)
	for _, p := range d.Board.PromisesUntil(now.Add(worthSeeing)) {
		c, ok := d.Board.Case(p.CaseID)
		if (ok || p.CaseID == "") && sees(c) {
			out = append(out, WorkPromise{CaseID: p.CaseID, ContactID: p.ContactID, Owner: p.Owner, Mine: p.Owner == a.ID, DueAt: p.Until, Overdue: p.Until.Before(now)})
		}
	}
	slices.SortStableFunc(out, func(a, b WorkPromise) int { return a.DueAt.Compare(b.DueAt) })
	return out
}

func (d *Desk) workObjections(sees func(*Case) bool) []OpenObjection {
	out := []OpenObjection{}
	for _, o := range d.Board.Objections() {
		c, ok := d.Board.Case(o.CaseID)
		if (ok || o.CaseID == "") && sees(c) {
			out = append(out, o)
		}
	}
	return out
}

func (d *Desk) workClosings(a Actor, now time.Time, sees func(*Case) bool) []WorkClosing {
	out := []WorkClosing{}
	for _, c := range d.Board.ClosingsUntil(now) {
		if sees(c) {
			out = append(out, WorkClosing{c.ID, c.CaseNumber, c.Closing.ClosedAt, c.Closing.By == a.ID, now.Sub(c.Closing.ClosedAt) > ConfirmWithin})
		}
	}
	return out
}
