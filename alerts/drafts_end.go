package alerts

import (
	"context"
	"fmt"
	"strings"
	"time"

	"homeward/journal"
)

// Cancel is why an alert is taken back. The reason stays on the desk, and may
// be empty: nothing delays a recall.
type Cancel struct {
	Reason string `json:"reason"`
}

// CAPIdentifier returns the CAP identifier of a revision.
func CAPIdentifier(alertID string, revision int) string {
	return fmt.Sprintf("%s.%d", alertID, revision)
}

// CAPCancelIdentifier returns the CAP identifier of the Cancel that ends an
// alert for everyone. It follows from the id, so that the Cancel can still be
// written when the alert has been erased.
func CAPCancelIdentifier(alertID string) string { return alertID + ".cancel" }

// CancelRule takes an alert back. It returns nil when the alert has ended
// already: asking again changes nothing. A draft goes with it.
func CancelRule(al *Alert, reason, by string, now time.Time) *Alert {
	if al.State.Ended() {
		return nil
	}
	return ended(al, Ending{State: AlertCancelled, Reason: strings.TrimSpace(reason), By: by}, now)
}

// ExpireRule ends an alert whose time is up. It returns nil when there is
// nothing to end, so that the step is taken once, whoever proposes it.
func ExpireRule(al *Alert, now time.Time) *Alert {
	r := al.Current()
	if al.State != AlertLive || r == nil || r.ExpiresAt.After(now) {
		return nil
	}
	return ended(al, Ending{State: AlertExpired, By: System().ID}, now)
}

func ended(al *Alert, e Ending, now time.Time) *Alert {
	e.At, e.Identifier = now.UTC().Truncate(time.Second), CAPCancelIdentifier(al.ID)
	next := *al
	next.State, next.Draft, next.Ending = e.State, nil, &e
	return &next
}

// CancelAlert takes an alert back, by one person and at once. A repeat is
// answered like the first time.
func (d *Desk) CancelAlert(ctx context.Context, a Actor, alertID string, in Cancel, r Request) (AlertView, error) {
	if _, err := d.VisibleAlert(a, alertID); err != nil {
		return AlertView{}, err
	}
	var f Fields
	textField(&f, "reason", in.Reason, maxDescription)
	if err := f.Err(); err != nil {
		return AlertView{}, err
	}
	_, err := d.Do(ctx, a, "alert.cancel", r, func(v *journal.View) (journal.Outcome, error) {
		al, err := journal.Load[*Alert](v, "alerts", alertID)
		if err != nil {
			return journal.Outcome{}, err
		}
		return outcomeOf(CancelRule(al, in.Reason, a.ID, v.Now)), nil
	})
	if err != nil {
		return AlertView{}, err
	}
	return d.Alert(ctx, a, alertID)
}

// ExpireAlert ends an alert whose time is up, and does nothing for any other.
func (d *Desk) ExpireAlert(ctx context.Context, alertID string) error {
	_, err := d.Do(ctx, System(), "alert.expire", Request{}, func(v *journal.View) (journal.Outcome, error) {
		al, err := journal.Load[*Alert](v, "alerts", alertID)
		if err != nil {
			return journal.Outcome{}, err
		}
		return outcomeOf(ExpireRule(al, v.Now)), nil
	})
	return err
}

// ReviewAlert notes that a second person has looked at a release that one
// person made alone. It is not the one who released.
func (d *Desk) ReviewAlert(ctx context.Context, a Actor, alertID string, r Request) (AlertView, error) {
	if _, err := d.VisibleAlert(a, alertID); err != nil {
		return AlertView{}, err
	}
	_, err := d.Do(ctx, a, "alert.review", r, func(v *journal.View) (journal.Outcome, error) {
		al, err := journal.Load[*Alert](v, "alerts", alertID)
		if err != nil {
			return journal.Outcome{}, err
		}
		al, err = reviewRule(al, a, v.Now)
		return outcomeOf(al), err
	})
	if err != nil {
		return AlertView{}, err
	}
	return d.Alert(ctx, a, alertID)
}

// reviewRule closes the reviews of an alert that are open and not a's own.
func reviewRule(al *Alert, a Actor, now time.Time) (*Alert, error) {
	next := *al
	next.Revisions = append([]Revision(nil), al.Revisions...)
	reviewed, own := false, false
	for i := range next.Revisions {
		r := &next.Revisions[i]
		switch {
		case r.Emergency == nil || !r.Emergency.ReviewedAt.IsZero():
		case r.ReleasedBy == a.ID || a.Kind != KindPerson:
			own = true
		default:
			e := *r.Emergency
			e.ReviewedBy, e.ReviewedAt = a.ID, now
			r.Emergency, reviewed = &e, true
		}
	}
	if !reviewed && own {
		return nil, Errorf(Forbidden, "Another person than the one who released must review it.")
	}
	if !reviewed {
		return nil, nil
	}
	return &next, nil
}

// outcomeOf is the outcome of a rule that may have nothing to change.
func outcomeOf(al *Alert) journal.Outcome {
	if al == nil {
		return journal.Outcome{}
	}
	return journal.Outcome{Documents: []journal.Document{al}}
}
