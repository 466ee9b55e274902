package alerts

import (
	"context"
	"errors"
	"time"

	"homeward/journal"
)

// TakeDueSteps takes what is due now: it ends the alerts whose time is up, and
// takes back public ones whose consents have run out. Any node may call it each
// second; a step that was taken already is not taken again. One that fails does
// not keep the others back.
func (d *Desk) TakeDueSteps(ctx context.Context, now time.Time) error {
	var failures []error
	for _, al := range d.Board.LiveAlerts() {
		if ExpireRule(al, now) != nil {
			failures = append(failures, d.ExpireAlert(ctx, al.ID))
			continue
		}
		if c, ok := d.Board.Case(al.CaseID); ok && lapseRule(c, al, now) != nil {
			failures = append(failures, d.lapse(ctx, al.ID))
		}
	}
	return errors.Join(failures...)
}

// lapse takes back an alert whose consents have run out.
func (d *Desk) lapse(ctx context.Context, alertID string) error {
	_, err := d.Do(ctx, System(), "alert.expire", Request{}, func(v *journal.View) (journal.Outcome, error) {
		c, al, err := LoadAlert(v, alertID)
		if err != nil {
			return journal.Outcome{}, err
		}
		return outcomeOf(lapseRule(c, al, v.Now)), nil
	})
	return err
}

// lapseRule ends a public alert that went out under a consent, or an override,
// of which none is in force any more. It returns nil when there is nothing to
// end.
func lapseRule(c *Case, al *Alert, now time.Time) *Alert {
	r := al.Current()
	if al.State != AlertLive || r == nil || !r.Level.IsPublic() || publicConsent(c, now) {
		return nil
	}
	for i := range c.Consents {
		if c.Consents[i].Audience == "public" {
			return CancelRule(al, "The consent has run out.", System().ID, now)
		}
	}
	return nil
}

// UnconfirmedClosings returns the cases whose end nobody has confirmed in time:
// the duty officer's task, oldest first.
func (d *Desk) UnconfirmedClosings(now time.Time) []*Case {
	return d.Board.ClosingsUntil(now.Add(-ConfirmWithin))
}
