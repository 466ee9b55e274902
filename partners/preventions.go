package partners

import (
	"context"
	"slices"

	"homeward/alerts"
	"homeward/journal"
)

// alarmHour is the local hour of an alarm before a journey: when desks open.
const alarmHour = 8

// OpenPrevention opens a prevention record, on a case or without one.
func (d *Desk) OpenPrevention(ctx context.Context, a alerts.Actor, in NewPrevention, r alerts.Request) (PreventionView, error) {
	if err := d.mayPrevent(a, in.CaseID); err != nil {
		return PreventionView{}, err
	}
	id, number := alerts.NewID(d.Random), alerts.NewCaseNumber(d.Random)
	return d.preventionCommand(ctx, a, "prevention.open", r, func(v *journal.View, c *checker) (*Prevention, error) {
		p := &Prevention{
			Head: journal.Head{ID: id}, PublicNumber: number, CaseID: in.CaseID, ContactID: in.ContactID, State: preventionOpen,
			Children: slices.Clone(in.Children), Worried: in.Worried, Feared: in.Feared, ToStates: slices.Clone(in.ToStates), Owner: in.Owner,
		}
		if p.Owner == "" {
			p.Owner = a.ID
		}
		if p.ContactID != "" {
			if _, err := journal.Load[*alerts.Contact](v, "contacts", p.ContactID); err != nil {
				c.Add("contact_id", "unknown_contact", "There is no such contact.")
			}
		}
		d.checkPrevention(v, p, a.ID, c)
		return p, c.Err()
	})
}

// PatchPrevention changes a record. Version 0 is NeedsVersion, another than the
// stored one Stale.
func (d *Desk) PatchPrevention(ctx context.Context, a alerts.Actor, id string, version int, in PreventionPatch, r alerts.Request) (PreventionView, error) {
	if _, _, err := d.visiblePrevention(a, id); err != nil {
		return PreventionView{}, err
	}
	if in.CaseID.Set {
		if err := d.mayPrevent(a, in.CaseID.Value); err != nil {
			return PreventionView{}, err
		}
	}
	return d.changePrevention(ctx, a, "prevention.patch", id, r, func(v *journal.View, p *Prevention, c *checker) error {
		if err := expected(version, p.Version); err != nil {
			return err
		}
		owner := p.Owner
		take(&p.CaseID, in.CaseID)
		take(&p.State, in.State)
		take(&p.Worried, in.Worried)
		take(&p.Feared, in.Feared)
		take(&p.Owner, in.Owner)
		if in.Children.Set {
			p.Children = slices.Clone(in.Children.Value)
		}
		if in.ToStates.Set {
			p.ToStates = slices.Clone(in.ToStates.Value)
		}
		d.checkPrevention(v, p, owner, c)
		return nil
	})
}

// MarkFactors answers for signs of risk. Earlier answers stay in the record.
func (d *Desk) MarkFactors(ctx context.Context, a alerts.Actor, id string, in NewFactors, r alerts.Request) (PreventionView, error) {
	return d.changePrevention(ctx, a, "prevention.patch", id, r, func(v *journal.View, p *Prevention, c *checker) error {
		return d.factorsRule(p, in, a, v, c)
	})
}

// AddMeasure records a measure that was asked for.
func (d *Desk) AddMeasure(ctx context.Context, a alerts.Actor, id string, in NewMeasure, r alerts.Request) (PreventionView, error) {
	m := in.measure(entryID(r, d), a, d.Now())
	return d.changePrevention(ctx, a, "prevention.measure", id, r, func(v *journal.View, p *Prevention, c *checker) error {
		d.checkMeasure(v, &m, c)
		p.Measures = append(slices.Clone(p.Measures), m)
		c.few("measures", len(p.Measures))
		return nil
	})
}

// ChangeMeasure puts what is known now in place of a measure, such as that it
// was confirmed.
func (d *Desk) ChangeMeasure(ctx context.Context, a alerts.Actor, id, measure string, in NewMeasure, r alerts.Request) (PreventionView, error) {
	return d.changePrevention(ctx, a, "prevention.measure", id, r, func(v *journal.View, p *Prevention, c *checker) error {
		n := slices.IndexFunc(p.Measures, func(m Measure) bool { return m.ID == measure })
		if n < 0 {
			return missing("measure of prevention " + id)
		}
		m := in.measure(measure, a, v.Now)
		d.checkMeasure(v, &m, c)
		p.Measures = slices.Clone(p.Measures)
		p.Measures[n] = m
		return nil
	})
}

// AddPermission records a parent's consent to a journey.
func (d *Desk) AddPermission(ctx context.Context, a alerts.Actor, id string, in NewPermission, r alerts.Request) (PreventionView, error) {
	key := entryID(r, d)
	return d.changePrevention(ctx, a, "prevention.patch", id, r, func(v *journal.View, p *Prevention, c *checker) error {
		e := Permission{ID: key, GivenBy: in.GivenBy, ToState: in.ToState, Certified: in.Certified, By: a.ID, At: v.Now}
		c.line("given_by", in.GivenBy, true)
		c.country("to_state", in.ToState)
		from, until := c.date("from", in.From), c.date("until", in.Until)
		if from.IsZero() && in.From == "" {
			c.Add("from", "required", "This is needed.")
		}
		if until.IsZero() && in.Until == "" {
			c.Add("until", "required", "Say until when: the day after, a stay becomes a retention.")
		}
		if !until.IsZero() && until.Before(from) {
			c.Add("until", "too_early", "A stay cannot end before it begins.")
		}
		e.From, e.Until = from.String(), until.String()
		p.Consents = append(slices.Clone(p.Consents), e)
		c.few("consents", len(p.Consents))
		return nil
	})
}

// EndPermission notes that a consent was taken back or that the child is back.
func (d *Desk) EndPermission(ctx context.Context, a alerts.Actor, id, consent string, in PermissionEnd, r alerts.Request) (PreventionView, error) {
	return d.changePrevention(ctx, a, "prevention.patch", id, r, func(_ *journal.View, p *Prevention, c *checker) error {
		n := slices.IndexFunc(p.Consents, func(e Permission) bool { return e.ID == consent })
		if n < 0 {
			return missing("consent of prevention " + id)
		}
		revoked, back := c.past("revoked_on", in.RevokedOn), c.past("back_on", in.BackOn)
		if in.RevokedOn == "" && in.BackOn == "" {
			c.Add("back_on", "required", "Say which day.")
		}
		p.Consents = slices.Clone(p.Consents)
		e := &p.Consents[n]
		if in.RevokedOn != "" {
			e.RevokedOn = revoked.String()
		}
		if in.BackOn != "" {
			e.BackOn = back.String()
		}
		return nil
	})
}

// AddTelling records who was told of the risk.
func (d *Desk) AddTelling(ctx context.Context, a alerts.Actor, id string, in NewTelling, r alerts.Request) (PreventionView, error) {
	return d.changePrevention(ctx, a, "prevention.patch", id, r, func(_ *journal.View, p *Prevention, c *checker) error {
		c.happened("at", in.At)
		c.line("who", in.Who, true)
		c.text("what", in.What, textLength, true)
		p.Told = append(slices.Clone(p.Told), Telling{At: in.At.UTC(), Who: in.Who, What: in.What, By: a.ID})
		if len(p.Told) > maxMediationEntries {
			c.Add("", "too_many", "These are too many.")
		}
		return nil
	})
}

// changePrevention copies a record, lets change alter the copy, and writes it.
func (d *Desk) changePrevention(ctx context.Context, a alerts.Actor, act, id string, r alerts.Request, change func(*journal.View, *Prevention, *checker) error) (PreventionView, error) {
	if a.Kind != alerts.KindSystem {
		if _, _, err := d.visiblePrevention(a, id); err != nil {
			return PreventionView{}, err
		}
	}
	return d.preventionCommand(ctx, a, act, r, func(v *journal.View, c *checker) (*Prevention, error) {
		old, err := journal.Load[*Prevention](v, "preventions", id)
		if err != nil {
			return nil, err
		}
		p := *old
		if err := change(v, &p, c); err != nil {
			return nil, err
		}
		return &p, c.Err()
	})
}

// preventionCommand carries out a command on one record and answers with it as
// it stands now.
func (d *Desk) preventionCommand(ctx context.Context, a alerts.Actor, act string, r alerts.Request, rule func(*journal.View, *checker) (*Prevention, error)) (PreventionView, error) {
	_, zone, err := d.board.rules()
	if err != nil {
		return PreventionView{}, err
	}
	done, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		p, err := rule(v, newChecker(v.Now, zone))
		if err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{p}}, nil
	})
	if err != nil || a.Kind == alerts.KindSystem {
		return PreventionView{}, err
	}
	return d.Prevention(ctx, a, done.Keys[0].ID)
}
