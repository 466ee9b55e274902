package alerts

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"
)

// AlertQuery asks for a page of alerts, newest first. Empty fields ask for all.
type AlertQuery struct {
	CaseID string
	States []AlertState
	// Drafts asks for alerts with a draft that waits for its release.
	Drafts bool
	// Order is one of AlertOrders, the newest first when it is empty.
	Order  string
	Cursor string
	Limit  int
}

// AlertOrders names the ways to sort the list of alerts.
func AlertOrders() []string { return alertOrders().Names() }

// alertOrders sort what is drawn up newest first within each.
func alertOrders() Orders[listedAlert] {
	by := func(name string, first func(listedAlert) []string) Order[listedAlert] {
		return Order[listedAlert]{name, func(l listedAlert) []string { return append(first(l), Latest(l.CreatedAt), l.ID) }}
	}
	states := []AlertState{AlertDraft, AlertLive, AlertCancelled, AlertExpired}
	return Orders[listedAlert]{
		by("created_at", func(listedAlert) []string { return nil }),
		by("updated_at", func(l listedAlert) []string { return []string{Latest(l.UpdatedAt)} }),
		by("expires_at", func(l listedAlert) []string {
			if l.Ending != nil { // what still runs is what somebody must look after
				return []string{unset, Latest(l.Ending.At)}
			}
			return []string{Soonest(l.expires())}
		}),
		by("case_number", func(l listedAlert) []string { return []string{l.CaseNumber} }),
		by("state", func(l listedAlert) []string { return []string{Rank(l.State, states)} }),
	}
}

// listedAlert is an alert with its case.
type listedAlert struct {
	*Alert
	of *Case
}

// expires is when the newest released revision does, or the draft before the
// first release.
func (l listedAlert) expires() time.Time {
	if r := l.Current(); r != nil {
		return r.ExpiresAt
	}
	if l.Draft != nil {
		return l.Draft.ExpiresAt
	}
	return time.Time{}
}

func (q *AlertQuery) matches(al *Alert) bool {
	return (q.CaseID == "" || al.CaseID == q.CaseID) &&
		(len(q.States) == 0 || slices.Contains(q.States, al.State)) &&
		(!q.Drafts || al.Draft != nil)
}

// subject names the list in read records.
func (q *AlertQuery) subject() string {
	states := make([]string, len(q.States))
	for i, s := range q.States {
		states[i] = string(s)
	}
	return fmt.Sprintf("alerts?state=%s&drafts=%t", strings.Join(states, ","), q.Drafts)
}

// Alert returns an alert as the actor sees it; the read is recorded first.
func (d *Desk) Alert(ctx context.Context, a Actor, id string) (AlertView, error) {
	al, err := d.VisibleAlert(a, id)
	if err != nil {
		return AlertView{}, err
	}
	c, err := d.VisibleCase(a, al.CaseID)
	if err != nil {
		return AlertView{}, err
	}
	if err := d.Reads.Record(ctx, a, "alerts/"+id, d.AlertClasses(a, c)...); err != nil {
		return AlertView{}, err
	}
	return d.ViewAlert(a, al, c), nil
}

// Alerts returns a page of the alerts of cases that the actor may know of.
func (d *Desk) Alerts(ctx context.Context, a Actor, q AlertQuery) (Page[AlertView], error) {
	page := Page[AlertView]{Items: []AlertView{}}
	i := &inspection{}
	for _, s := range q.States {
		oneOf(i, "state", s, []AlertState{AlertDraft, AlertLive, AlertCancelled, AlertExpired})
	}
	if err := i.Err(); err != nil {
		return page, err
	}
	found, next, err := alertOrders().Page(d.alertsFor(a, &q), q.Order, q.Cursor, q.Limit)
	if err != nil {
		return page, err
	}
	if err := d.Reads.Record(ctx, a, q.subject(), P0, P1); err != nil {
		return page, err
	}
	for _, l := range found {
		page.Items = append(page.Items, d.ViewAlert(a, l.Alert, l.of))
	}
	page.Next = next
	return page, nil
}

// alertsFor goes through the alerts that a query chooses and whose case the actor
// may know of. Cases are looked at once the board's walk has ended: the board must
// not be called from within.
func (d *Desk) alertsFor(a Actor, q *AlertQuery) iter.Seq[listedAlert] {
	var candidates []*Alert
	d.Board.EachAlert(func(al *Alert) bool {
		if q.matches(al) {
			candidates = append(candidates, al)
		}
		return true
	})
	return func(yield func(listedAlert) bool) {
		known := map[string]*Case{} // nil for one that the actor does not see
		for _, al := range candidates {
			of, asked := known[al.CaseID]
			if !asked {
				of, _ = d.VisibleCase(a, al.CaseID)
				known[al.CaseID] = of
			}
			if of != nil && !yield(listedAlert{al, of}) {
				return
			}
		}
	}
}
