package partners

import (
	"context"
	"errors"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// ActOnErasing proposes, confirms or stops the erasing of the file of a case, and
// answers with how long the file is kept now.
func (d *Desk) ActOnErasing(ctx context.Context, a alerts.Actor, caseID, act string, in alerts.HoldAct, r alerts.Request) (alerts.Retention, error) {
	if !d.Matrix.Can(a.Role, "retention.erase") {
		return alerts.Retention{}, alerts.Errorf(alerts.Forbidden, "This account may not do that.")
	}
	if _, err := d.RetentionCase(a, caseID); err != nil {
		return alerts.Retention{}, err
	}
	if a.Kind != alerts.KindPerson {
		return alerts.Retention{}, alerts.Errorf(alerts.Forbidden, "A person who has signed in must do this.")
	}
	id := alerts.NewID(d.Random)
	_, err := d.Do(ctx, a, "retention.erase", r, func(v *journal.View) (journal.Outcome, error) {
		if err := alerts.StandingRule(v, a); err != nil {
			return journal.Outcome{}, err
		}
		c, err := journal.Load[*alerts.Case](v, "cases", caseID)
		if err != nil {
			return journal.Outcome{}, err
		}
		if !d.SeesRetention(a, c) {
			return journal.Outcome{}, missing("case " + caseID)
		}
		next, err := alerts.ErasingRule(c, d.retentionOf(a, c), act, in, id, a, v.Now)
		if err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	if err != nil {
		return alerts.Retention{}, err
	}
	return d.CaseRetention(ctx, a, caseID)
}

// EraseDue erases the files that two people decided to erase, once the time to
// stop them is over, and drops the decision where something has come in the way.
// What came to a file while it was being erased goes after it. Any node may call
// it at any time: what is gone is not taken again.
func (d *Desk) EraseDue(ctx context.Context, now time.Time) error {
	var errs []error
	for _, id := range d.ErasuresDue(now) {
		errs = append(errs, d.erase(ctx, id, false))
	}
	for _, e := range d.board.Erasures() {
		errs = append(errs, d.eraseLate(ctx, e.ID))
	}
	return errors.Join(errs...)
}

// eraseLate erases what belongs to a case that is gone: what another node, or the
// same batch, wrote while the file was being erased.
func (d *Desk) eraseLate(ctx context.Context, caseID string) error {
	late := func() bool {
		return d.Desk.Board.HasFile(caseID) || len(d.board.ErasureKeys(caseID)) > 0 || len(d.matterKeys(caseID)) > 0
	}
	if !late() {
		return nil
	}
	_, err := d.Do(ctx, alerts.System(), "case.erase", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		_, err := journal.Load[*alerts.Case](v, "cases", caseID)
		if err == nil || !late() {
			return journal.Outcome{}, nil // whoever is here was not erased
		}
		if !errors.Is(err, journal.ErrNotFound) {
			return journal.Outcome{}, err
		}
		var out journal.Outcome
		if err := d.forgetFile(v, caseID, &out, &Erasure{}); err != nil {
			return journal.Outcome{}, err
		}
		return d.withoutMentions(v, out)
	})
	return err
}

// EraseAgain erases cases that were erased before, and are here again: the data
// are of a backup from before, and only shells without what was sealed. ids are
// those of the erasures that the keys know of.
func (d *Desk) EraseAgain(ctx context.Context, ids []string) error {
	var errs []error
	for _, id := range ids {
		errs = append(errs, d.erase(ctx, id, true))
	}
	return errors.Join(errs...)
}

// erase carries one decision out, in one change; again says that it was carried
// out before, on data that are gone. What the figures count is worked out first,
// for it may take long; when the case is changed meanwhile, the next call takes it.
func (d *Desk) erase(ctx context.Context, caseID string, again bool) error {
	was, ok := d.Desk.Board.Case(caseID)
	if !ok {
		return nil
	}
	kept := d.retentionOf(alerts.System(), was)
	files := filesOf(kept)
	figures, err := d.figuresOf(files)
	if err != nil {
		return err
	}
	_, err = d.Do(ctx, alerts.System(), "case.erase", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		c, err := journal.Load[*alerts.Case](v, "cases", caseID)
		if errors.Is(err, journal.ErrNotFound) || err == nil && c.Version != was.Version {
			return journal.Outcome{}, nil
		}
		if err != nil {
			return journal.Outcome{}, err
		}
		kept := d.retentionOf(alerts.System(), c)
		stands, dropped := c.ErasureStands(kept, v.Now)
		if again {
			stands, dropped = true, false
		}
		switch {
		case dropped:
			return journal.Outcome{Documents: []journal.Document{c.WithoutErasing(alerts.System(), v.Now)}}, nil
		case !stands || !slices.Equal(filesOf(kept), files):
			return journal.Outcome{}, nil
		}
		return d.eraseOutcome(v, c, kept, figures, again)
	})
	return err
}

// filesOf are the ids of a case and of those merged into it.
func filesOf(kept alerts.Retention) []string {
	files := []string{kept.CaseID}
	for _, alias := range kept.Aliases {
		files = append(files, alias.CaseID)
	}
	return files
}

func (d *Desk) eraseOutcome(v *journal.View, c *alerts.Case, kept alerts.Retention, figures ErasedFigures, again bool) (journal.Outcome, error) {
	e := &Erasure{
		Head: journal.Head{ID: c.ID}, CaseNumber: c.CaseNumber, Restricted: c.Restricted, Team: slices.Clone(c.Team), ClosedAt: kept.ClosedAt, DueAt: kept.DueAt, ErasedAt: v.Now,
		Figures: figures, Again: again, Mark: mark,
	}
	if kept.Rule != nil {
		e.Rule = kept.Rule.Key
	}
	if by := c.Erasing; by != nil {
		e.ProposedBy, e.ProposedAt, e.ConfirmedBy, e.ConfirmedAt = by.By, by.At, by.ConfirmedBy, by.ConfirmedAt
	}
	for _, n := range kept.Goes {
		e.Went = append(e.Went, Gone{n.Kind, n.Count})
	}
	out := journal.Outcome{Documents: []journal.Document{e}}
	for _, id := range filesOf(kept) {
		if err := d.forgetFile(v, id, &out, e); err != nil {
			return journal.Outcome{}, err
		}
	}
	for _, alias := range kept.Aliases {
		was, err := journal.Load[*alerts.Case](v, "cases", alias.CaseID)
		if err != nil {
			return journal.Outcome{}, err
		}
		e.Aliases, e.Restricted = append(e.Aliases, alias.Number), e.Restricted || was.Restricted
		out.Documents = append(out.Documents, &Erasure{Head: journal.Head{ID: alias.CaseID}, CaseNumber: alias.Number, Into: c.ID, ErasedAt: v.Now, Again: again, Mark: mark})
	}
	slices.Sort(e.Alerts)
	slices.Sort(e.Pages)
	return d.withoutMentions(v, out)
}

// forgetFile adds to out that what belongs to one case is forgotten, and to e what
// was told of it outside.
func (d *Desk) forgetFile(v *journal.View, caseID string, out *journal.Outcome, e *Erasure) error {
	out.Forget = append(out.Forget, d.FileKeys(v, caseID)...)
	out.Forget = append(out.Forget, d.board.ErasureKeys(caseID)...)
	out.Forget = append(out.Forget, d.matterKeys(caseID)...)
	for alertID := range d.AlertsOfFile(v, caseID) {
		al, err := optional[*alerts.Alert](v, "alerts", alertID)
		if err != nil {
			return err
		}
		if al != nil && al.Slug != "" {
			e.Pages = append(e.Pages, al.Slug)
		}
		told, ledger, err := d.erasedLedger(v, alertID)
		if err != nil {
			return err
		}
		if told != nil {
			e.Alerts = append(e.Alerts, alertID)
			out.Documents = append(out.Documents, told)
		}
		out.Documents = append(out.Documents, ledger...)
	}
	return nil
}

// withoutMentions adds the other records that say something about what is
// forgotten, without that.
func (d *Desk) withoutMentions(v *journal.View, out journal.Outcome) (journal.Outcome, error) {
	others, err := d.Unfile(v, out.Forget)
	out.Documents = append(out.Documents, others...)
	return out, err
}

// matterKeys are the records of the abduction matters of a case, and of its log of
// contacts with institutions.
func (d *Desk) matterKeys(caseID string) []journal.Key {
	var out []journal.Key
	for _, m := range d.board.MattersOf(caseID) {
		out = append(out, journal.KeyOf(m))
		if p := d.board.Papers(m.ID); p != nil {
			out = append(out, journal.KeyOf(p))
		}
		for _, l := range d.board.Letters(m.ID) {
			out = append(out, journal.KeyOf(l))
		}
	}
	if _, ok := d.board.Inquiries(caseID); ok {
		out = append(out, journal.Key{Collection: "inquiries", ID: caseID})
	}
	return out
}

// erasedLedger returns who was told of an alert as it outlives it, nil when nobody
// was, and what partners did with it without what they wrote.
func (d *Desk) erasedLedger(v *journal.View, alertID string) (journal.Document, []journal.Document, error) {
	t, err := optional[*Told](v, "told", alertID)
	if err != nil || t == nil {
		return nil, nil, err
	}
	var ledger []journal.Document
	for partner := range reach(t) {
		was, err := optional[*Delivery](v, "deliveries", deliveryID(alertID, partner))
		if err != nil {
			return nil, nil, err
		}
		if was != nil && was.speaks() {
			ledger = append(ledger, was.silenced())
		}
	}
	return EraseRule(t), ledger, nil
}

// speaks tells whether somebody wrote something into a delivery.
func (d *Delivery) speaks() bool {
	return d.By != "" || d.Reason != "" || d.Outcome != "" || d.Handed != (Handed{}) || slices.ContainsFunc(d.Steps, func(s Step) bool { return s.By != "" })
}

// silenced is a delivery without names and texts.
func (d *Delivery) silenced() *Delivery {
	next := *d
	next.By, next.Reason, next.Outcome, next.Handed = "", "", "", Handed{}
	next.Steps = slices.Clone(d.Steps)
	for i := range next.Steps {
		next.Steps[i].By = ""
	}
	return &next
}
