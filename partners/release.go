package partners

import (
	"context"
	"errors"
	"slices"

	"homeward/alerts"
	"homeward/journal"
)

// Release lets the draft of an alert out: the alert, the state of its case, and
// who is told, in one change. Partners that the new area no longer covers lose
// sight of the alert in the same change.
func (d *Desk) Release(ctx context.Context, a alerts.Actor, alertID string, in alerts.Release, r alerts.Request) (alerts.AlertView, error) {
	if _, err := d.VisibleAlert(a, alertID); err != nil {
		return alerts.AlertView{}, err
	}
	_, err := d.Do(ctx, a, "alert.release", r, func(v *journal.View) (journal.Outcome, error) {
		if err := alerts.StandingRule(v, a); err != nil {
			return journal.Outcome{}, err
		}
		c, al, err := alerts.LoadAlert(v, alertID)
		if err != nil {
			return journal.Outcome{}, err
		}
		if err := d.mayRelease(a, al, in); err != nil {
			return journal.Outcome{}, err
		}
		al, c, err = alerts.ReleaseRule(c, al, in, a, d.Regions, v.Now, d.Random)
		if err != nil {
			return journal.Outcome{}, err
		}
		return d.releaseOutcome(v, al, c)
	})
	if err != nil {
		return alerts.AlertView{}, err
	}
	return d.Alert(ctx, a, alertID)
}

// mayRelease asks the matrix for what the particular release needs besides.
func (d *Desk) mayRelease(a alerts.Actor, al *alerts.Alert, in alerts.Release) error {
	if al.Draft == nil {
		return nil
	}
	if al.Draft.Level.IsPublic() && !d.Matrix.Can(a.Role, "alert.release_public") {
		return alerts.Errorf(alerts.Forbidden, "This account may not release to the public.")
	}
	if in.Emergency != nil && !d.Matrix.Can(a.Role, "alert.release_emergency") {
		return alerts.Errorf(alerts.Forbidden, "This account may not release alone.")
	}
	return nil
}

func (d *Desk) releaseOutcome(v *journal.View, al *alerts.Alert, c *alerts.Case) (journal.Outcome, error) {
	out := journal.Outcome{Documents: []journal.Document{al}}
	if c != nil {
		out.Documents = append(out.Documents, c)
	}
	t, err := toldOf(v, al)
	if err != nil {
		return out, err
	}
	r := al.Current()
	if next := readdressed(t, d.addressees(v, r), r.Number, v.Now); next != nil {
		t = next
	}
	if len(t.Rounds) == 0 {
		return out, nil // nobody outside has ever been told
	}
	sent := *t
	sent.Sent = append(slices.Clip(sent.Sent), missingSent(al, t.Sent)...)
	out.Documents = append(out.Documents, &sent)
	return out, nil
}

// sentAlso returns who is told of a revision that somebody makes of an alert by
// taking something out of it.
func (d *Desk) sentAlso(v *journal.View, al *alerts.Alert) ([]journal.Document, error) {
	out, err := d.releaseOutcome(v, al, nil)
	if err != nil {
		return nil, err
	}
	return out.Documents[1:], nil
}

// missingSent returns the identities of those revisions that t does not have.
func missingSent(al *alerts.Alert, have []ToldSent) []ToldSent {
	var out []ToldSent
	for i := range al.Revisions {
		r := &al.Revisions[i]
		if !slices.ContainsFunc(have, func(s ToldSent) bool { return s.Revision == r.Number }) {
			out = append(out, ToldSent{Revision: r.Number, Identifier: r.Identifier, Sent: r.Sent})
		}
	}
	return out
}

// toldOf returns who was told of an alert so far, or a new record of nobody.
func toldOf(v *journal.View, al *alerts.Alert) (*Told, error) {
	t, err := journal.Load[*Told](v, "told", al.ID)
	if errors.Is(err, journal.ErrNotFound) {
		return &Told{Head: journal.Head{ID: al.ID}, CaseID: al.CaseID, Sender: al.Sender}, nil
	}
	return t, err
}

// EraseRule returns the record of who was told as it outlives its alert.
func EraseRule(t *Told) *Told {
	next := *t
	next.Erased = true
	return &next
}
