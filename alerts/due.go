package alerts

import (
	"context"
	"errors"
	"time"
)

// TakeDueSteps takes what is due now: it ends the alerts whose time is up. Any
// node may call it each second; a step that was taken already is not taken
// again. One that fails does not keep the others back.
func (d *Desk) TakeDueSteps(ctx context.Context, now time.Time) error {
	var failures []error
	for _, al := range d.Board.LiveAlerts() {
		if r := al.Current(); r == nil || r.ExpiresAt.After(now) {
			continue
		}
		if err := d.ExpireAlert(ctx, al.ID); err != nil {
			failures = append(failures, err)
		}
	}
	return errors.Join(failures...)
}

// UnconfirmedClosings returns the cases whose end nobody has confirmed in time:
// the duty officer's task, oldest first.
func (d *Desk) UnconfirmedClosings(now time.Time) []*Case {
	return d.Board.ClosingsUntil(now.Add(-ConfirmWithin))
}
