package partners

import (
	"context"
	"errors"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners/abduction"
)

// OpenMatter opens a cross-border abduction matter on a case. There may be
// several, but only one open one for each state the children were taken to.
func (d *Desk) OpenMatter(ctx context.Context, a alerts.Actor, caseID string, in NewMatter, r alerts.Request) (MatterView, error) {
	if _, err := d.matterCase(a, caseID, nil); err != nil {
		return MatterView{}, err
	}
	id := alerts.NewID(d.Random)
	return d.matterCommand(ctx, a, "matter.open", r, func(v *journal.View, c *checker) (*Matter, error) {
		if err := d.workable(a, v, caseID, nil); err != nil {
			return nil, err
		}
		if of, err := journal.Load[*alerts.Case](v, "cases", caseID); err != nil {
			return nil, err
		} else if err := of.Working(); err != nil {
			return nil, err
		}
		m := in.matter(a.ID)
		m.ID, m.CaseID = id, caseID
		m.routed("", a, v.Now)
		if err := d.checkFacts(v, m, c); err != nil {
			return nil, err
		}
		d.checkPeople(m, a.ID, c)
		if err := c.Err(); err != nil {
			return nil, err
		}
		return m, d.unique(v, m)
	})
}

// PatchMatter changes a matter whose version the caller has seen. Version 0 is
// NeedsVersion, another than the stored one Stale.
func (d *Desk) PatchMatter(ctx context.Context, a alerts.Actor, id string, version int, in MatterPatch, r alerts.Request) (MatterView, error) {
	if _, _, err := d.visibleMatter(a, id); err != nil {
		return MatterView{}, err
	}
	return d.matterCommand(ctx, a, "matter.patch", r, func(v *journal.View, c *checker) (*Matter, error) {
		old, err := journal.Load[*Matter](v, "matters", id)
		if err != nil {
			return nil, err
		}
		if err := expected(version, old.Version); err != nil {
			return nil, err
		}
		if err := d.workable(a, v, old.CaseID, old); err != nil {
			return nil, err
		}
		m := *old
		in.apply(&m)
		m.routed(old.LegalRoute, a, v.Now)
		if err := d.checkFacts(v, &m, c); err != nil {
			return nil, err
		}
		d.checkPeople(&m, old.Owner, c)
		if err := c.Err(); err != nil {
			return nil, err
		}
		switch {
		case m.State == matterOpen:
			m.EndedAt = time.Time{}
		case old.State == matterOpen:
			m.EndedAt = v.Now
		}
		return &m, d.unique(v, &m)
	})
}

// matterCommand carries out a command on one matter and answers with it as it
// stands now.
func (d *Desk) matterCommand(ctx context.Context, a alerts.Actor, act string, r alerts.Request, rule func(*journal.View, *checker) (*Matter, error)) (MatterView, error) {
	_, zone, err := d.board.rules()
	if err != nil {
		return MatterView{}, err
	}
	done, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		m, err := rule(v, newChecker(v.Now, zone))
		if err != nil {
			return journal.Outcome{}, err
		}
		if err := keepsLog(v, m); err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{m}}, nil
	})
	if err != nil {
		return MatterView{}, err
	}
	return d.Matter(ctx, a, done.Keys[0].ID)
}

// matterCase returns the case of a matter when the actor may work with its
// abduction matters. Absent and forbidden give the same NotFound.
func (d *Desk) matterCase(a alerts.Actor, caseID string, m *Matter) (*alerts.Case, error) {
	// The matter as a whole is about family and custody: a role that sees
	// nothing of that at any stage does not learn that there is one.
	if !d.Matrix.May(a, alerts.P3, alerts.StateActive, true) {
		return nil, missing("matters of case " + caseID)
	}
	if a.Role == alerts.RoleLegal {
		c, ok := d.Board.Case(caseID)
		if !ok || !m.opensTo(a.ID, c) {
			return nil, missing("matters of case " + caseID)
		}
		return c, nil
	}
	return d.VisibleCase(a, caseID)
}

// visibleMatter returns a matter that the actor may know of, with its case.
func (d *Desk) visibleMatter(a alerts.Actor, id string) (*Matter, *alerts.Case, error) {
	m, ok := d.board.Matter(id)
	if !ok {
		return nil, nil, missing("matter " + id)
	}
	c, err := d.matterCase(a, m.CaseID, m)
	if err != nil {
		return nil, nil, err
	}
	return m, c, nil
}

// onMatter tells whether the case counts as the actor's in the matrix.
func (d *Desk) onMatter(a alerts.Actor, c *alerts.Case, m *Matter) bool {
	if a.Role == alerts.RoleLegal {
		return m.opensTo(a.ID, c)
	}
	return d.Assigned(a, c)
}

// opensTo tells whether a lawyer sees the matter: one who is named on it. What is
// hidden from a parent is hidden from whoever acts for them, and may stand in any
// text of the matter, so it is closed to them for as long as something is.
func (m *Matter) opensTo(lawyer string, c *alerts.Case) bool {
	if m == nil || !slices.Contains(m.Legal, lawyer) {
		return false
	}
	return !slices.Contains(m.ParentLegal, lawyer) || len(c.Hidden.Fields(alerts.PartyLeftBehind)) == 0
}

// workable refuses work on the matters of a case that is over. A child that was
// found abroad is not home yet.
func (d *Desk) workable(a alerts.Actor, v *journal.View, caseID string, m *Matter) error {
	c, err := journal.Load[*alerts.Case](v, "cases", caseID)
	if err != nil {
		return err
	}
	if c.State.Ended() && c.State != alerts.StateFound {
		return alerts.Errorf(alerts.Conflict, "This case is closed. Reopen it first.")
	}
	if !d.Matrix.May(a, alerts.P3, c.State, d.onMatter(a, c, m)) {
		return missing("matters of case " + caseID)
	}
	return nil
}

// loadMatter returns a matter as it stands for a rule, when the actor may work
// on it.
func (d *Desk) loadMatter(a alerts.Actor, v *journal.View, id string) (*Matter, error) {
	m, err := journal.Load[*Matter](v, "matters", id)
	if err != nil {
		return nil, err
	}
	return m, d.workable(a, v, m.CaseID, m)
}

// checkPeople refuses accounts that do not exist or have another role. The
// known account needs no check.
func (d *Desk) checkPeople(m *Matter, known string, c *checker) {
	if _, ok := d.Board.Account(m.Owner); !ok && m.Owner != "" && m.Owner != known {
		c.Add("owner", "unknown_account", "There is no such account.")
	}
	for _, id := range m.Legal {
		if acc, ok := d.Board.Account(id); !ok || acc.Role != alerts.RoleLegal {
			c.Add("legal", "unknown_account", "Only accounts of the legal role can be named on a matter.")
			return
		}
	}
}

// unique refuses a second open matter of a case for the same state.
func (d *Desk) unique(v *journal.View, m *Matter) error {
	if m.State != matterOpen {
		return nil
	}
	others := d.board.MattersOf(m.CaseID)
	for _, p := range v.Pending("matters") {
		if o, ok := p.(*Matter); ok && o.CaseID == m.CaseID {
			others = append(others, o)
		}
	}
	for _, o := range others {
		now, err := journal.Load[*Matter](v, "matters", o.ID)
		if errors.Is(err, journal.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if now.ID != m.ID && now.State == matterOpen && now.ToState == m.ToState {
			return alerts.Errorf(alerts.Conflict, "This case has an open matter for that state already.")
		}
	}
	return nil
}

// ended is the day on which the matter, or its case, came to its end.
func (m *Matter) ended(c *alerts.Case, zone *time.Location) abduction.Date {
	switch {
	case !m.EndedAt.IsZero():
		return abduction.DateOf(m.EndedAt, zone)
	case c.State.Ended() && c.State != alerts.StateFound && c.Closing != nil:
		return abduction.DateOf(c.Closing.ClosedAt, zone)
	}
	return abduction.Date{}
}

// parseDay reads a date of a document; what was never set is the zero date.
func parseDay(s string) (abduction.Date, bool) {
	d, err := abduction.ParseDate(s)
	return d, err == nil
}
