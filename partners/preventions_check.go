package partners

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners/abduction"
)

// mayPrevent tells whether the actor may work with prevention on a case, or
// without one.
func (d *Desk) mayPrevent(a alerts.Actor, caseID string) error {
	if caseID == "" {
		if !d.Matrix.May(a, alerts.P3, alerts.StateVerifying, a.Role != alerts.RoleLegal) {
			return missing("preventions")
		}
		return nil
	}
	_, err := d.preventionCase(a, caseID)
	return err
}

// preventionCase returns the case of a record when the actor may see its
// abduction side; a lawyer when they are named on one of its matters.
func (d *Desk) preventionCase(a alerts.Actor, caseID string) (*alerts.Case, error) {
	for _, m := range append(d.board.MattersOf(caseID), nil) {
		if c, err := d.matterCase(a, caseID, m); err == nil {
			return c, nil
		}
	}
	return nil, missing("preventions of case " + caseID)
}

// visiblePrevention returns a record that the actor may know of, with its case,
// nil for one without.
func (d *Desk) visiblePrevention(a alerts.Actor, id string) (*Prevention, *alerts.Case, error) {
	p, ok := d.board.Prevention(id)
	if !ok {
		return nil, nil, missing("prevention " + id)
	}
	if p.CaseID == "" {
		return p, nil, d.mayPrevent(a, "")
	}
	c, err := d.preventionCase(a, p.CaseID)
	if err != nil {
		return nil, nil, missing("prevention " + id)
	}
	return p, c, nil
}

func (d *Desk) checkPrevention(v *journal.View, p *Prevention, known string, c *checker) {
	c.oneOf("state", p.State, PreventionStates())
	c.text("worried", p.Worried, textLength, false)
	c.text("feared", p.Feared, textLength, false)
	c.few("to_states", len(p.ToStates))
	for _, s := range p.ToStates {
		c.country("to_states", s)
	}
	if _, ok := d.Board.Account(p.Owner); !ok && p.Owner != known {
		c.Add("owner", "unknown_account", "There is no such account.")
	}
	if p.CaseID != "" {
		if _, err := journal.Load[*alerts.Case](v, "cases", p.CaseID); err != nil {
			c.Add("case_id", "unknown_case", "There is no such case.")
		}
	} else if len(p.Children) == 0 {
		c.Add("children", "required", "Name at least one child, or the case.")
	}
	c.few("children", len(p.Children))
	for n := range p.Children {
		k, field := &p.Children[n], fmt.Sprintf("children[%d].", n)
		c.line(field+"name", k.Name, true)
		if _, err := abduction.ParseSpan(k.BirthDate); k.BirthDate != "" && err != nil {
			c.Add(field+"birth_date", "date", "This must be a date such as 2014-05-02, 2014-05 or 2014.")
		}
		c.few(field+"nationalities", len(k.Nationalities))
		for _, s := range k.Nationalities {
			c.country(field+"nationalities", s)
		}
	}
}

func (d *Desk) factorsRule(p *Prevention, in NewFactors, a alerts.Actor, v *journal.View, c *checker) error {
	known := abduction.IDs(d.protection.Factors)
	p.Factors = slices.Clone(p.Factors)
	if len(in.Factors) == 0 || len(in.Factors) > len(known) {
		c.Add("factors", "required", "Answer for the signs that you know of.")
		return nil
	}
	for n, f := range in.Factors {
		field := fmt.Sprintf("factors[%d].", n)
		c.oneOf(field+"factor", f.Factor, known)
		c.oneOf(field+"present", f.Present, FactorAnswers())
		c.text(field+"note", f.Note, textLength, false)
		if p.factor(f.Factor).Present == f.Present && f.Note == "" {
			continue // nothing new
		}
		p.Factors = append(p.Factors, FactorMark{Factor: f.Factor, Present: f.Present, Note: f.Note, By: a.ID, At: v.Now})
	}
	if len(p.Factors) > maxMediationEntries {
		c.Add("factors", "too_many", "These are too many.")
	}
	return nil
}

// factor returns the latest answer for a sign, zero when there is none.
func (p *Prevention) factor(id string) FactorMark {
	for i := len(p.Factors) - 1; i >= 0; i-- {
		if p.Factors[i].Factor == id {
			return p.Factors[i]
		}
	}
	return FactorMark{}
}

func (in *NewMeasure) measure(id string, a alerts.Actor, now time.Time) Measure {
	return Measure{
		ID: id, Kind: in.Kind, Country: in.Country, InstitutionID: in.InstitutionID, RequestedOn: in.RequestedOn, RequestedBy: in.RequestedBy,
		ConfirmedOn: in.ConfirmedOn, RefusedOn: in.RefusedOn, ExpiresOn: in.ExpiresOn, Reference: in.Reference, Note: in.Note, By: a.ID, At: now.UTC().Truncate(time.Millisecond),
	}
}

func (d *Desk) checkMeasure(v *journal.View, m *Measure, c *checker) {
	c.oneOf("kind", m.Kind, abduction.IDs(d.protection.Measures))
	c.country("country", m.Country)
	c.line("requested_by", m.RequestedBy, false)
	c.line("reference", m.Reference, false)
	c.text("note", m.Note, textLength, false)
	if m.InstitutionID != "" {
		if _, err := journal.Load[*Institution](v, "institutions", m.InstitutionID); err != nil {
			c.Add("institution_id", "unknown_institution", "There is no such institution in the directory.")
		}
	}
	requested, confirmed, refused := c.past("requested_on", m.RequestedOn), c.past("confirmed_on", m.ConfirmedOn), c.past("refused_on", m.RefusedOn)
	expires := c.date("expires_on", m.ExpiresOn)
	for field, day := range map[string]abduction.Date{"confirmed_on": confirmed, "refused_on": refused, "expires_on": expires} {
		if !day.IsZero() && day.Before(requested) {
			c.Add(field, "too_early", "This cannot lie before the request.")
		}
	}
	if !confirmed.IsZero() && !refused.IsZero() {
		c.Add("refused_on", "confirmed_and_refused", "A measure is either confirmed or refused.")
	}
	m.RequestedOn, m.ConfirmedOn, m.RefusedOn, m.ExpiresOn = requested.String(), confirmed.String(), refused.String(), expires.String()
}

// AddJourney records a known date of travel, with an alarm before it.
func (d *Desk) AddJourney(ctx context.Context, a alerts.Actor, id string, in NewJourney, r alerts.Request) (PreventionView, error) {
	key := entryID(r, d)
	return d.changePrevention(ctx, a, "prevention.patch", id, r, func(v *journal.View, p *Prevention, c *checker) error {
		days := in.AlarmDays
		if days == 0 {
			days = d.protection.AlarmDays
		}
		on := c.date("on", in.On)
		switch {
		case in.On == "":
			c.Add("on", "required", "This is needed.")
		case !on.IsZero() && on.Before(c.today):
			c.Add("on", "past", "This day has passed.")
		}
		if days < 1 || days > 90 {
			c.Add("alarm_days", "out_of_range", "This must be between 1 and 90.")
		}
		if in.ToState != "" {
			c.country("to_state", in.ToState)
		}
		c.text("note", in.Note, textLength, false)
		j := Journey{ID: key, On: on.String(), ToState: in.ToState, Note: in.Note, By: a.ID, At: v.Now}
		if t, err := time.ParseInLocation("2006-01-02", j.On, c.zone); err == nil {
			j.AlarmAt = time.Date(t.Year(), t.Month(), t.Day()-days, alarmHour, 0, 0, 0, c.zone).UTC()
		}
		p.Journeys = append(slices.Clone(p.Journeys), j)
		c.few("journeys", len(p.Journeys))
		return nil
	})
}

// StepJourney notes that somebody has seen the alarm before a journey, or how
// the journey ended.
func (d *Desk) StepJourney(ctx context.Context, a alerts.Actor, id, journey string, in JourneyStep, r alerts.Request) (PreventionView, error) {
	return d.changePrevention(ctx, a, "prevention.patch", id, r, func(v *journal.View, p *Prevention, c *checker) error {
		n := slices.IndexFunc(p.Journeys, func(j Journey) bool { return j.ID == journey })
		if n < 0 {
			return missing("journey of prevention " + id)
		}
		p.Journeys = slices.Clone(p.Journeys)
		j := &p.Journeys[n]
		if in.Outcome != "" {
			c.oneOf("outcome", in.Outcome, JourneyOutcomes())
			j.Outcome = in.Outcome
		} else if !in.Seen {
			c.Add("outcome", "required", "Say what is new.")
		}
		if in.Seen && !j.FiredAt.IsZero() && j.SeenAt.IsZero() {
			j.SeenBy, j.SeenAt = a.ID, v.Now
		}
		return nil
	})
}

// TakePreventionSteps fires the alarms before journeys that are due now. Any
// node may call it each second; an alarm that was fired is not fired again. One
// that fails does not keep the others back.
func (d *Desk) TakePreventionSteps(ctx context.Context, now time.Time) error {
	var failures []error
	for _, p := range d.board.Preventions() {
		if alarmRule(p, now) == nil {
			continue
		}
		_, err := d.Do(ctx, alerts.System(), "prevention.alarm", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
			old, err := journal.Load[*Prevention](v, "preventions", p.ID)
			if err != nil {
				return journal.Outcome{}, err
			}
			if next := alarmRule(old, v.Now); next != nil {
				return journal.Outcome{Documents: []journal.Document{next}}, nil
			}
			return journal.Outcome{}, nil
		})
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

// alarmRule fires what is due, or returns nil when nothing is.
func alarmRule(p *Prevention, now time.Time) *Prevention {
	if p.State != preventionOpen {
		return nil
	}
	next, fired := *p, false
	next.Journeys = slices.Clone(p.Journeys)
	for i := range next.Journeys {
		j := &next.Journeys[i]
		if j.Outcome == "" && j.FiredAt.IsZero() && !j.AlarmAt.IsZero() && !now.Before(j.AlarmAt) {
			j.FiredAt, fired = now, true
		}
	}
	if !fired {
		return nil
	}
	return &next
}
