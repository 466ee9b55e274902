package partners

import (
	"slices"
	"time"

	"homeward/alerts"
	"homeward/partners/abduction"
)

// events are what starts the clocks of a matter.
func (m *Matter) events(c *alerts.Case) []abduction.Event {
	wrongful, _ := parseDay(m.WrongfulDate)
	started, _ := parseDay(m.ProceedingsStartedAt)
	out := []abduction.Event{{Kind: "removal", On: abduction.Exactly(wrongful), Stopped: started, Country: m.ToState}}
	for n, i := range m.instances() {
		from, _ := parseDay(i.StartedAt)
		decided, _ := parseDay(i.DecidedAt)
		out = append(out, abduction.Event{Kind: "instance", Subject: instanceName(n), On: abduction.Exactly(from), Stopped: decided, Country: m.ToState})
	}
	for i := range c.Children {
		// A birth date that cannot be read is one that is not known.
		born, err := abduction.ParseSpan(c.Children[i].BirthDate)
		if err != nil {
			born = abduction.Span{}
		}
		id := c.Children[i].ID
		out = append(out, abduction.Event{Kind: "birth", Subject: id, On: born, Stopped: m.outcomeOf(id)})
	}
	out = append(out, m.decisionEvents()...)
	out = append(out, m.stepEvents()...)
	return append(out, m.paperEvents()...)
}

// instances are those of the matter; proceedings that have started are the
// first.
func (m *Matter) instances() []Instance {
	if len(m.Instances) == 0 && m.ProceedingsStartedAt != "" {
		return []Instance{{StartedAt: m.ProceedingsStartedAt}}
	}
	return m.Instances
}

// outcomeOf is the day on which the matter ended for a child, zero while it
// goes on.
func (m *Matter) outcomeOf(childID string) abduction.Date {
	for _, o := range m.Outcomes {
		if o.ChildID == childID {
			on, _ := parseDay(o.On)
			return on
		}
	}
	return abduction.Date{}
}

// decisionEvents are appeals that can be lodged and enforcements that go on.
func (m *Matter) decisionEvents() []abduction.Event {
	var out []abduction.Event
	for i := range m.Decisions {
		x := &m.Decisions[i]
		if until, ok := parseDay(x.AppealUntil); ok {
			out = append(out, abduction.Event{Kind: "appeal", Subject: x.ID, On: firstDay(x.ServedOn, x.Date), Due: until, Stopped: firstDay(x.AppealedOn, x.FinalOn).First, Country: m.ToState})
		}
		if started, ok := parseDay(x.EnforcementStartedAt); ok {
			done := firstDay(x.EnforcedOn, m.doneOn("hand_over")).First
			out = append(out, abduction.Event{Kind: "enforcement", Subject: x.ID, On: abduction.Exactly(started), Stopped: done, Country: m.ToState})
		}
	}
	return out
}

// stepEvents are steps of the procedure that start a clock of their own.
func (m *Matter) stepEvents() []abduction.Event {
	var out []abduction.Event
	if sent, ok := parseDay(m.doneOn("transmission")); ok {
		acknowledged, _ := parseDay(m.doneOn("acknowledgement"))
		out = append(out, abduction.Event{Kind: "transmission", On: abduction.Exactly(sent), Stopped: acknowledged, Country: m.ToState})
	}
	if started, ok := parseDay(m.doneOn("enforcement")); ok && !m.enforcementDecided() {
		done, _ := parseDay(m.doneOn("hand_over"))
		out = append(out, abduction.Event{Kind: "enforcement", On: abduction.Exactly(started), Stopped: done, Country: m.ToState})
	}
	return out
}

func (m *Matter) enforcementDecided() bool {
	for i := range m.Decisions {
		if m.Decisions[i].EnforcementStartedAt != "" {
			return true
		}
	}
	return false
}

// paperEvents are documents and authorisations that run out. One that a newer of
// the same kind and holder has taken the place of needs no clock.
func (m *Matter) paperEvents() []abduction.Event {
	var out []abduction.Event
	for i := range m.Documents {
		x := &m.Documents[i]
		newer := slices.ContainsFunc(m.Documents, func(y TravelDocument) bool {
			return y.Kind == x.Kind && y.State == x.State && y.ChildID == x.ChildID && y.PartyID == x.PartyID && y.ValidUntil > x.ValidUntil
		})
		// A surrendered document takes nobody anywhere, so its clock is of no use.
		if until, ok := parseDay(x.ValidUntil); ok && !x.Surrendered && !newer {
			out = append(out, abduction.Event{Kind: "travel_document", Subject: x.ID, Due: until})
		}
	}
	for i := range m.Authorisations {
		x := &m.Authorisations[i]
		newer := slices.ContainsFunc(m.Authorisations, func(y Authorisation) bool {
			return y.Kind == x.Kind && y.To == x.To && y.PartyID == x.PartyID && y.ValidUntil > x.ValidUntil
		})
		if until, ok := parseDay(x.ValidUntil); ok && !newer {
			out = append(out, abduction.Event{Kind: "authorisation", Subject: x.ID, On: firstDay(x.Given), Due: until})
		}
	}
	return out
}

// firstDay is the first of some dates that is set.
func firstDay(dates ...string) abduction.Span {
	for _, s := range dates {
		if d, ok := parseDay(s); ok {
			return abduction.Exactly(d)
		}
	}
	return abduction.Span{}
}

// todayIn tells which day it is in each time zone; one that is not known counts
// as the law's own.
func (d *Desk) todayIn(own *time.Location) abduction.Today {
	now, known := d.Now(), map[string]abduction.Date{}
	return func(zone string) abduction.Date {
		if day, ok := known[zone]; ok {
			return day
		}
		l, err := time.LoadLocation(zone)
		if err != nil {
			l = own
		}
		known[zone] = abduction.DateOf(now, l)
		return known[zone]
	}
}
