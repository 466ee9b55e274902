package partners

import (
	"context"
	"errors"
	"strconv"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners/abduction"
)

// Log names a log of contacts with institutions: that of an abduction matter or
// that of a case.
type Log struct {
	collection, id string
}

// LogOfMatter is the log of an abduction matter.
func LogOfMatter(id string) Log { return Log{"matters", id} }

// LogOfCase is the log of a case.
func LogOfCase(id string) Log { return Log{"inquiries", id} }

// OfCase tells whether it is the log of a case.
func (l Log) OfCase() bool { return l.collection == "inquiries" }

// act names a command on the log in the matrix.
func (l Log) act(what string) string {
	if l.OfCase() {
		return "inquiry." + what
	}
	return "matter." + what
}

// ID is the id of the matter or the case.
func (l Log) ID() string { return l.id }

// RecordContact adds an entry to the contact log of a matter; see RecordEntry.
func (d *Desk) RecordContact(ctx context.Context, a alerts.Actor, matterID string, in NewMatterContact, r alerts.Request) (MatterContactView, error) {
	return d.RecordEntry(ctx, a, LogOfMatter(matterID), in, r)
}

// AnswerContact adds the answer to the nth contact of a matter; see AnswerEntry.
func (d *Desk) AnswerContact(ctx context.Context, a alerts.Actor, matterID string, n int, in NewAnswer, r alerts.Request) (MatterContactView, error) {
	return d.AnswerEntry(ctx, a, LogOfMatter(matterID), n, in, r)
}

// RecordEntry adds an entry to a log and answers with it; its N counts from 1.
// Entries are never changed.
func (d *Desk) RecordEntry(ctx context.Context, a alerts.Actor, of Log, in NewMatterContact, r alerts.Request) (MatterContactView, error) {
	return d.recordEntry(ctx, a, of, of.act("contact"), r, func(v *journal.View, doc logged, law *abduction.Law, c *checker) (MatterContact, error) {
		d.checkOwner(in.NextOwner, c)
		return contactRule(v, doc, in, a, law, c)
	})
}

// recordEntry appends what a rule makes of the log as it stands.
func (d *Desk) recordEntry(ctx context.Context, a alerts.Actor, of Log, act string, r alerts.Request, rule func(*journal.View, logged, *abduction.Law, *checker) (MatterContact, error)) (MatterContactView, error) {
	law, _, err := d.board.rules()
	if err != nil {
		return MatterContactView{}, err
	}
	id := entryID(r, d)
	view, err := d.logCommand(ctx, a, of, act, r, func(v *journal.View, doc logged, c *checker) (contactLog, error) {
		e, err := rule(v, doc, law, c)
		if err != nil {
			return nil, err
		}
		return doc.log().appended(e, id, v.Now), nil
	})
	if err != nil {
		return MatterContactView{}, err
	}
	doc, _, err := d.visibleLog(a, of)
	if err != nil {
		return MatterContactView{}, err
	}
	for i, e := range doc.log() {
		if e.ID == id && i < len(view) {
			return view[i], nil
		}
	}
	return MatterContactView{}, missing("contact of " + of.id)
}

// AnswerEntry adds the answer to the nth entry of a log. An entry is answered
// once: what is learned later is a new entry.
func (d *Desk) AnswerEntry(ctx context.Context, a alerts.Actor, of Log, n int, in NewAnswer, r alerts.Request) (MatterContactView, error) {
	return d.completeEntry(ctx, a, of, n, of.act("answer"), r, func(l contactLog, c *checker) (contactLog, error) {
		return l.answered(n, in, a, c)
	})
}

// FinishStep notes that the next step of the nth entry is done.
func (d *Desk) FinishStep(ctx context.Context, a alerts.Actor, of Log, n int, in StepDone, r alerts.Request) (MatterContactView, error) {
	return d.completeEntry(ctx, a, of, n, of.act("step"), r, func(l contactLog, c *checker) (contactLog, error) {
		return l.finished(n, in, a, c)
	})
}

func (d *Desk) completeEntry(ctx context.Context, a alerts.Actor, of Log, n int, act string, r alerts.Request, rule func(contactLog, *checker) (contactLog, error)) (MatterContactView, error) {
	doc, _, err := d.visibleLog(a, of)
	if err != nil {
		return MatterContactView{}, err
	}
	if n < 1 || n > len(doc.log()) {
		return MatterContactView{}, missing("contact " + strconv.Itoa(n) + " of " + of.id)
	}
	if doc.log()[n-1].Confidential == confidentialStaff && !d.readsStaff(a, of) {
		return MatterContactView{}, missing("contact " + strconv.Itoa(n) + " of " + of.id)
	}
	view, err := d.logCommand(ctx, a, of, act, r, func(v *journal.View, doc logged, c *checker) (contactLog, error) {
		return rule(doc.log(), c)
	})
	if err != nil {
		return MatterContactView{}, err
	}
	if n > len(view) {
		return MatterContactView{}, missing("contact " + strconv.Itoa(n) + " of " + of.id)
	}
	return view[n-1], nil
}

// logCommand carries out a command on one log and answers with it as it stands
// now. What the rule returns must keep every entry there was.
func (d *Desk) logCommand(ctx context.Context, a alerts.Actor, of Log, act string, r alerts.Request, rule func(*journal.View, logged, *checker) (contactLog, error)) ([]MatterContactView, error) {
	if _, _, err := d.visibleLog(a, of); err != nil {
		return nil, err
	}
	_, zone, err := d.board.rules()
	if err != nil {
		return nil, err
	}
	_, err = d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		doc, err := d.loadLog(a, v, of)
		if err != nil {
			return journal.Outcome{}, err
		}
		next, err := rule(v, doc, newChecker(v.Now, zone))
		if err != nil {
			return journal.Outcome{}, err
		}
		if !doc.log().keeps(next) {
			return journal.Outcome{}, errLogChanged
		}
		return journal.Outcome{Documents: []journal.Document{doc.with(next)}}, nil
	})
	if err != nil {
		return nil, err
	}
	v, err := d.ContactLog(ctx, a, of)
	return v.Contacts, err
}

// errLogChanged is a fault of ours: a rule was about to change what was logged.
var errLogChanged = errors.New("a command would have changed an entry of a contact log")

// keepsLog refuses a change of a matter that touches its contact log.
func keepsLog(v *journal.View, m *Matter) error {
	old, err := optional[*Matter](v, "matters", m.ID)
	if err != nil || old == nil {
		return err
	}
	if !old.log().keeps(m.log()) {
		return errLogChanged
	}
	return nil
}

// loadLog loads a log for a rule. A case that has none yet gets an empty one.
func (d *Desk) loadLog(a alerts.Actor, v *journal.View, of Log) (logged, error) {
	if !of.OfCase() {
		m, err := d.loadMatter(a, v, of.id)
		if err != nil {
			return nil, err
		}
		return m, nil
	}
	if err := d.workable(a, v, of.id, nil); err != nil {
		return nil, err
	}
	i, err := optional[*Inquiries](v, "inquiries", of.id)
	if i == nil {
		i = &Inquiries{Head: journal.Head{ID: of.id}, CaseID: of.id}
	}
	return i, err
}

// visibleLog returns a log that the actor may know of, with its case. Absent and
// forbidden give the same NotFound.
func (d *Desk) visibleLog(a alerts.Actor, of Log) (logged, *alerts.Case, error) {
	if !of.OfCase() {
		return asLogged(d.visibleMatter(a, of.id))
	}
	c, err := d.matterCase(a, of.id, nil)
	if err != nil {
		return nil, nil, err
	}
	if i, ok := d.board.Inquiries(of.id); ok {
		return i, c, nil
	}
	return &Inquiries{Head: journal.Head{ID: of.id}, CaseID: of.id}, c, nil
}

func asLogged(m *Matter, c *alerts.Case, err error) (logged, *alerts.Case, error) {
	if err != nil {
		return nil, nil, err
	}
	return m, c, nil
}

// checkOwner refuses a next step for somebody who is not there.
func (d *Desk) checkOwner(id string, c *checker) {
	if acc, ok := d.Board.Account(id); id != "" && (!ok || !acc.DisabledAt.IsZero()) {
		c.Add("next_owner", "unknown_account", "There is no such account.")
	}
}

// endedOn is the day on which what a log is about came to its end, zero while it
// goes on.
func endedOn(of logged, c *alerts.Case, zone *time.Location) abduction.Date {
	if m, ok := of.(*Matter); ok {
		return m.ended(c, zone)
	}
	return (&Matter{}).ended(c, zone)
}
