package alerts

import (
	"context"
	"slices"
	"time"

	"homeward/journal"
)

// ReopenCase takes a closing back. The case is verified again: nothing of it is
// outside, and new alerts have to be released.
func (d *Desk) ReopenCase(ctx context.Context, a Actor, id string, in Reason, r Request) (CaseView, error) {
	if err := d.may(a, "case.reopen"); err != nil {
		return CaseView{}, err
	}
	if err := in.validate().Err(); err != nil {
		return CaseView{}, err
	}
	return d.changeCase(ctx, a, "case.reopen", id, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		return reopenRule(c, in, a, v.Now)
	})
}

func reopenRule(c *Case, in Reason, a Actor, now time.Time) ([]journal.Document, error) {
	state, err := moved("reopen", c.State)
	if err != nil {
		return nil, err
	}
	next := *c
	next.State, next.Closing, next.Erasing = state, nil, nil
	if c.Closing != nil {
		former := *c.Closing
		former.Whereabouts, former.ReopenedBy, former.ReopenedAt, former.ReopenedFor = "", a.ID, now, in.Reason
		next.Reopened = append(slices.Clone(c.Reopened), former)
	}
	next.Children = slices.Clone(c.Children)
	for i := range next.Children {
		next.Children[i].Outcome = ""
	}
	next.edited(a, now, "state", "closing")
	return []journal.Document{&next}, nil
}

// SubmitCase starts to verify a draft.
func (d *Desk) SubmitCase(ctx context.Context, a Actor, id string, r Request) (CaseView, error) {
	return d.moveCase(ctx, a, "case.patch", "submit", id, r)
}

// ResumeCase goes on with a case that was held. Its alerts have to be released
// anew.
func (d *Desk) ResumeCase(ctx context.Context, a Actor, id string, r Request) (CaseView, error) {
	return d.moveCase(ctx, a, "case.hold", "resume", id, r)
}

// FinishCase ends the aftercare of a case whose end was confirmed.
func (d *Desk) FinishCase(ctx context.Context, a Actor, id string, r Request) (CaseView, error) {
	return d.moveCase(ctx, a, "case.finish", "finish", id, r)
}

// HoldCase pauses a case: its alerts are cancelled in the same change, because
// nobody outside may see what is on hold.
func (d *Desk) HoldCase(ctx context.Context, a Actor, id string, r Request) (CaseView, error) {
	return d.moveCase(ctx, a, "case.hold", "hold", id, r)
}

func (d *Desk) moveCase(ctx context.Context, a Actor, act, step, id string, r Request) (CaseView, error) {
	return d.changeCase(ctx, a, act, id, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		alerts, err := d.openAlerts(v, c.ID)
		if err != nil {
			return nil, err
		}
		return moveRule(c, alerts, step, a, v.Now)
	})
}

func moveRule(c *Case, alerts []*Alert, step string, a Actor, now time.Time) ([]journal.Document, error) {
	state, err := moved(step, c.State)
	if err != nil {
		return nil, err
	}
	if step == "finish" && (c.Closing == nil || c.Closing.ConfirmedAt.IsZero()) {
		return nil, Errorf(Conflict, "A second person must confirm first that the case has ended.")
	}
	next := *c
	next.State = state
	next.edited(a, now, "state")
	documents := []journal.Document{&next}
	if step == "hold" {
		documents = append(documents, cancelled(alerts, "The case is on hold.", a, now)...)
	}
	return documents, nil
}
