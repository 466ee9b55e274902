package partners

import (
	"context"
	"fmt"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

const maxMediationEntries = 500

// OpenMediation offers mediation in a matter and names who is inside.
func (d *Desk) OpenMediation(ctx context.Context, a alerts.Actor, matterID string, in NewMediation, r alerts.Request) (MediationView, error) {
	m, _, err := d.visibleMatter(a, matterID)
	if err != nil {
		return MediationView{}, err
	}
	id := alerts.NewID(d.Random)
	return d.mediationCommand(ctx, a, "mediation.open", r, func(v *journal.View, c *checker) (*Mediation, error) {
		if err := d.workable(a, v, m.CaseID, m); err != nil {
			return nil, err
		}
		out := &Mediation{
			Head: journal.Head{ID: id}, CaseID: m.CaseID, MatterID: m.ID, OfferedOn: in.OfferedOn, OpenedBy: a.ID, Named: slices.Clone(in.Named),
		}
		checkMediation(out, c)
		d.checkNamed(v, out.Named, c)
		return out, c.Err()
	})
}

// PatchMediation changes what case staff know of a mediation. Version 0 is
// NeedsVersion, another than the stored one Stale.
func (d *Desk) PatchMediation(ctx context.Context, a alerts.Actor, id string, version int, in MediationPatch, r alerts.Request) (MediationView, error) {
	row, _, err := d.visibleMediation(a, id)
	if err != nil {
		return MediationView{}, err
	}
	return d.mediationCommand(ctx, a, "mediation.patch", r, func(v *journal.View, c *checker) (*Mediation, error) {
		old, err := loadMediation(v, id, version)
		if err != nil {
			return nil, err
		}
		if !old.names(a) {
			matter, _ := d.board.Matter(row.MatterID)
			if err := d.workable(a, v, old.CaseID, matter); err != nil {
				return nil, err
			}
		}
		m := *old
		in.apply(&m)
		checkMediation(&m, c)
		return &m, c.Err()
	})
}

// PatchInside changes what is in a mediation. Whoever is not named in it gets
// NotFound, like for one that does not exist.
func (d *Desk) PatchInside(ctx context.Context, a alerts.Actor, id string, version int, in InsidePatch, r alerts.Request) (MediationView, error) {
	row, ok := d.board.MediationRow(id)
	if !ok || !slices.Contains(row.Named, a.ID) {
		return MediationView{}, missing("mediation " + id)
	}
	return d.mediationCommand(ctx, a, "mediation.inside", r, func(v *journal.View, c *checker) (*Mediation, error) {
		old, err := loadMediation(v, id, version)
		if err != nil {
			return nil, err
		}
		if !old.names(a) {
			return nil, missing("mediation " + id)
		}
		m := *old
		in.apply(&m, a, v.Now, c)
		d.checkNamed(v, m.Named, c)
		return &m, c.Err()
	})
}

func (m *Mediation) names(a alerts.Actor) bool { return slices.Contains(m.Named, a.ID) }

func loadMediation(v *journal.View, id string, version int) (*Mediation, error) {
	m, err := journal.Load[*Mediation](v, "mediations", id)
	if err != nil {
		return nil, err
	}
	return m, expected(version, m.Version)
}

// mediationCommand carries out a command on one mediation and answers with it
// as it stands now.
func (d *Desk) mediationCommand(ctx context.Context, a alerts.Actor, act string, r alerts.Request, rule func(*journal.View, *checker) (*Mediation, error)) (MediationView, error) {
	_, zone, err := d.board.rules()
	if err != nil {
		return MediationView{}, err
	}
	done, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		m, err := rule(v, newChecker(v.Now, zone))
		if err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{m}}, nil
	})
	if err != nil {
		return MediationView{}, err
	}
	id := done.Keys[0].ID
	v, err := d.Mediation(ctx, a, id)
	if row, ok := d.board.MediationRow(id); ok && alerts.CodeOf(err) == alerts.NotFound {
		// Somebody who has just left it learns that they have.
		return MediationView{ID: id, Version: row.Version}, nil
	}
	return v, err
}

// checkNamed refuses an empty list and accounts that cannot sign in: nobody
// could then open what is inside.
func (d *Desk) checkNamed(v *journal.View, named []string, c *checker) {
	c.few("named", len(named))
	if len(named) == 0 {
		c.Add("named", "required", "Name at least one person: nobody else can look inside, ever.")
	}
	for _, id := range named {
		acc, err := journal.Load[*alerts.Account](v, "accounts", id)
		if err != nil || acc.Kind != alerts.KindPerson || !acc.DisabledAt.IsZero() || acc.Partner != "" {
			c.Add("named", "unknown_account", "There is no such person among the staff.")
			return
		}
	}
}

func checkMediation(m *Mediation, c *checker) {
	if m.OfferedOn == "" {
		c.Add("offered_on", "required", "This is needed.")
	}
	offered, started, ended := c.past("offered_on", m.OfferedOn), c.past("started_on", m.StartedOn), c.past("ended_on", m.EndedOn)
	if !started.IsZero() && started.Before(offered) {
		c.Add("started_on", "too_early", "Mediation cannot start before it was offered.")
	}
	if !ended.IsZero() && (ended.Before(offered) || ended.Before(started)) {
		c.Add("ended_on", "too_early", "Mediation cannot end before it was offered or has started.")
	}
	if m.Outcome != "" {
		c.oneOf("outcome", m.Outcome, MediationOutcomes())
	}
	if (m.Outcome == "") != ended.IsZero() {
		c.Add("outcome", "end_and_outcome", "The day of the end and the outcome go together.")
	}
	m.OfferedOn, m.StartedOn, m.EndedOn = offered.String(), started.String(), ended.String()
	checkOrders(m, c)
}

func checkOrders(m *Mediation, c *checker) {
	c.few("orders", len(m.Orders))
	for n := range m.Orders {
		o, field := &m.Orders[n], fmt.Sprintf("orders[%d].", n)
		c.country(field+"state", o.State)
		c.line(field+"court", o.Court, false)
		c.line(field+"reference", o.Reference, false)
		requested, granted := c.past(field+"requested_on", o.RequestedOn), c.past(field+"granted_on", o.GrantedOn)
		if !granted.IsZero() && granted.Before(requested) {
			c.Add(field+"granted_on", "too_early", "An order cannot be granted before it was asked for.")
		}
		o.RequestedOn, o.GrantedOn = requested.String(), granted.String()
	}
}

func (in *InsidePatch) apply(m *Mediation, a alerts.Actor, now time.Time, c *checker) {
	if in.Named.Set {
		m.Named = slices.Clone(in.Named.Value)
	}
	if in.Mediators.Set {
		m.Content.Mediators = slices.Clone(in.Mediators.Value)
		checkMediators(m.Content.Mediators, c)
	}
	if s := in.Session; s != nil {
		if s.At.IsZero() {
			c.Add("session.at", "required", "This is needed.")
		}
		c.oneOf("session.mode", s.Mode, SessionModes())
		c.text("session.note", s.Note, textLength, false)
		m.Content.Sessions = append(slices.Clone(m.Content.Sessions), Session{At: s.At.UTC().Truncate(time.Millisecond), Mode: s.Mode, Note: s.Note, By: a.ID})
	}
	m.Content.Notes = adding(m.Content.Notes, "note", in.Note, a, now, c)
	m.Content.Drafts = adding(m.Content.Drafts, "draft", in.Draft, a, now, c)
	if n := len(m.Content.Sessions) + len(m.Content.Notes) + len(m.Content.Drafts); n > maxMediationEntries {
		c.Add("", "too_many", "This mediation takes no more entries.")
	}
}

func adding(entries []MediationEntry, field, text string, a alerts.Actor, now time.Time, c *checker) []MediationEntry {
	if text == "" {
		return entries
	}
	c.text(field, text, 4*textLength, true)
	return append(slices.Clone(entries), MediationEntry{At: now, By: a.ID, Text: text})
}

func checkMediators(mediators []Mediator, c *checker) {
	c.few("mediators", len(mediators))
	for n := range mediators {
		m, field := &mediators[n], fmt.Sprintf("mediators[%d].", n)
		c.line(field+"name", m.Name, true)
		c.oneOf(field+"profession", m.Profession, MediatorProfessions())
		c.few(field+"languages", len(m.Languages))
		for _, l := range m.Languages {
			c.language(field+"languages", l)
		}
	}
}
