package alerts

import (
	"context"
	"slices"
	"time"

	"homeward/journal"
)

// CloseCase says how a case ended. At is when the child was found.
type CloseCase struct {
	Outcome string    `json:"outcome"`
	At      time.Time `json:"at,omitzero"`
	Note    string    `json:"note,omitempty"`
	// Whereabouts is where a found child is: kept under a key of its own.
	Whereabouts string `json:"whereabouts,omitempty"`
}

// Reason says why, for steps that take a case back or hold it.
type Reason struct {
	Reason string `json:"reason"`
}

// ConfirmWithin is how long a second person has to confirm that a case has
// ended, before it is the duty officer's task.
const ConfirmWithin = 24 * time.Hour

const outcomeFalse = "false_report"

// Outcomes returns the words for how a case ends.
func Outcomes() []string {
	return []string{"found_safe", "found_harmed", "deceased", outcomeFalse, "other"}
}

func (in *CloseCase) validate(now time.Time) Fields {
	i := &inspection{now: now}
	oneOf(i, "outcome", in.Outcome, Outcomes())
	i.past("at", in.At)
	i.text("note", &in.Note, maxNote)
	i.text("whereabouts", &in.Whereabouts, maxLine)
	return i.Fields
}

func (in *Reason) validate() Fields {
	i := &inspection{}
	i.required("reason", &in.Reason, maxNote, "Say why.")
	return i.Fields
}

// CloseCase ends a case, by one person and at once: every alert of it that has
// not ended is cancelled in the same change, so that nothing is left outside,
// and the cases that are merged into it end with it. It needs no version.
func (d *Desk) CloseCase(ctx context.Context, a Actor, id string, in CloseCase, r Request) (CaseView, error) {
	if err := d.may(a, "case.close"); err != nil {
		return CaseView{}, err
	}
	if _, err := d.VisibleCase(a, id); err != nil {
		return CaseView{}, err
	}
	if err := in.validate(d.Now()).Err(); err != nil {
		return CaseView{}, err
	}
	return d.changeCase(ctx, a, "case.close", id, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		alerts, err := d.openAlerts(v, c.ID)
		if err != nil {
			return nil, err
		}
		documents, err := closeRule(c, alerts, in, a, v.Now)
		if err != nil {
			return nil, err
		}
		aliases, err := d.aliasesOf(v, c.ID)
		if err != nil {
			return nil, err
		}
		for _, alias := range aliases {
			closed, err := closeRule(alias, nil, in, a, v.Now)
			if err != nil {
				return nil, err
			}
			documents = append(documents, closed...)
		}
		return documents, nil
	})
}

// changeCase runs a rule over one case, and answers with the case.
func (d *Desk) changeCase(ctx context.Context, a Actor, act, id string, r Request, rule func(*journal.View, *Case) ([]journal.Document, error)) (CaseView, error) {
	if err := d.may(a, act); err != nil {
		return CaseView{}, err
	}
	if _, err := d.VisibleCase(a, id); err != nil {
		return CaseView{}, err
	}
	_, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		c, err := d.loadCase(v, a, id)
		if err != nil {
			return journal.Outcome{}, err
		}
		documents, err := rule(v, c)
		return journal.Outcome{Documents: documents}, err
	})
	if err != nil {
		return CaseView{}, err
	}
	return d.caseNow(ctx, a, id)
}

// openAlerts returns the alerts of a case that have not ended, as they stand
// after everything decided so far.
func (d *Desk) openAlerts(v *journal.View, caseID string) ([]*Alert, error) {
	var ids []string
	for _, al := range d.Board.AlertsOf(caseID) {
		ids = append(ids, al.ID)
	}
	for _, doc := range v.Pending("alerts") {
		if al, ok := doc.(*Alert); ok && al.CaseID == caseID && !slices.Contains(ids, al.ID) {
			ids = append(ids, al.ID)
		}
	}
	var out []*Alert
	for _, id := range ids {
		al, err := journal.Load[*Alert](v, "alerts", id)
		if err != nil {
			return nil, err
		}
		if !al.State.Ended() {
			out = append(out, al)
		}
	}
	return out, nil
}

// closeRule returns the closed case and its cancelled alerts.
func closeRule(c *Case, alerts []*Alert, in CloseCase, a Actor, now time.Time) ([]journal.Document, error) {
	act := "close"
	if in.Outcome == outcomeFalse {
		act = "void"
	}
	state, err := moved(act, c.State)
	if err != nil {
		return nil, err
	}
	next := *c
	next.State = state
	next.Closing = &Closing{
		Outcome: in.Outcome, At: in.At, Note: in.Note, By: a.ID, ClosedAt: now,
		Before: c.State, Whereabouts: in.Whereabouts,
	}
	if next.Closing.At.IsZero() {
		next.Closing.At = now
	}
	next.Children = slices.Clone(c.Children)
	for i := range next.Children {
		next.Children[i].Outcome = in.Outcome
	}
	next.edited(a, now, "state", "closing")
	return append([]journal.Document{&next}, cancelled(alerts, "The search has ended.", a, now)...), nil
}

// cancelled takes back alerts that have not ended; drafts go with them.
func cancelled(alerts []*Alert, reason string, a Actor, now time.Time) []journal.Document {
	var out []journal.Document
	for _, al := range alerts {
		if ended := CancelRule(al, reason, a.ID, now); ended != nil {
			out = append(out, ended)
		}
	}
	return out
}

// ConfirmClosing says that a second person has looked at how a case ended.
func (d *Desk) ConfirmClosing(ctx context.Context, a Actor, id string, r Request) (CaseView, error) {
	return d.changeCase(ctx, a, "case.confirm_closing", id, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		return confirmRule(c, a, v.Now)
	})
}

func confirmRule(c *Case, a Actor, now time.Time) ([]journal.Document, error) {
	switch {
	case c.Closing == nil:
		return nil, Errorf(Conflict, "The case has not been closed.")
	case !c.Closing.ConfirmedAt.IsZero():
		return nil, Errorf(Conflict, "Somebody has confirmed this already.")
	case a.Kind != KindPerson:
		return nil, Errorf(Forbidden, "A person who has signed in must confirm this.")
	case c.Closing.By == a.ID:
		return nil, Errorf(Forbidden, "Another person than the one who closed the case must confirm it.")
	}
	next, closing := *c, *c.Closing
	closing.ConfirmedBy, closing.ConfirmedAt = a.ID, now
	next.Closing = &closing
	next.edited(a, now, "closing")
	return []journal.Document{&next}, nil
}
