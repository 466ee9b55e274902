package alerts

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// AlertQuery asks for a page of alerts, newest first. Empty fields ask for all.
type AlertQuery struct {
	CaseID string
	States []AlertState
	// Drafts asks for alerts with a draft that waits for its release.
	Drafts bool
	Cursor string
	Limit  int
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
	after, err := parseCursor('a', q.Cursor)
	if err != nil {
		return page, err
	}
	found, more := d.alertsBefore(a, &q, after, pageSize(q.Limit))
	if err := d.Reads.Record(ctx, a, q.subject(), P0, P1); err != nil {
		return page, err
	}
	for _, al := range found {
		if c, ok := d.Board.Case(al.CaseID); ok {
			page.Items = append(page.Items, d.ViewAlert(a, al, c))
		}
	}
	if more {
		last := found[len(found)-1]
		page.Next = markOf(last.CreatedAt, last.ID).cursor('a')
	}
	return page, nil
}

// alertsBefore collects a page. Cases are looked at once the board's walk has
// ended: it must not be called from within.
func (d *Desk) alertsBefore(a Actor, q *AlertQuery, after mark, limit int) (found []*Alert, more bool) {
	var candidates []*Alert
	d.Board.EachAlert(func(al *Alert) bool {
		if q.matches(al) && (after == mark{} || markOf(al.CreatedAt, al.ID).compare(after) < 0) {
			candidates = append(candidates, al)
		}
		return true
	})
	visible := map[string]bool{}
	for _, al := range candidates {
		sees, known := visible[al.CaseID]
		if !known {
			_, err := d.VisibleCase(a, al.CaseID)
			sees = err == nil
			visible[al.CaseID] = sees
		}
		if !sees {
			continue
		}
		if len(found) == limit {
			return found, true
		}
		found = append(found, al)
	}
	return found, false
}
