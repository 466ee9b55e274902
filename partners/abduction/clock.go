package abduction

import (
	"cmp"
	"slices"
	"strings"
)

// State is what a clock does.
type State string

// The states of a clock.
const (
	Running State = "running"
	Overdue State = "overdue"
	Stopped State = "stopped"
)

// Event is something in a matter that starts clocks.
type Event struct {
	// Kind is what happened, as ClockRule.Start names it: removal, birth,
	// instance, transmission, enforcement, appeal, travel_document,
	// authorisation.
	Kind string
	// Subject tells clocks of one rule apart: a child's id, an instance's
	// number; it may be empty.
	Subject string
	// On is when, as far as it is known.
	On Span
	// Due is the end for rules whose end is entered by hand.
	Due Date
	// Stopped is the day on which what the clock waits for happened; zero
	// while it has not.
	Stopped Date
	// Country is whose working days and whose time zone count; "" for the
	// law's own.
	Country string
}

// Clock is one deadline of a matter as it stands on a day.
type Clock struct {
	Rule string
	// Kind and Subject are those of the event that started it.
	Kind     string
	Subject  string
	Source   string
	Link     string
	Verified bool
	// From is the day from which the period runs and Due the day on which it
	// ends; both are zero while they are not known exactly.
	From, Due Date
	// Between is where Due lies when only a part of the date is known.
	Between Span
	// DaysLeft is the distance from today, or from the day on which the clock
	// stopped, to Due in days; negative when it is past. It means nothing
	// while Due is zero.
	DaysLeft  int
	State     State
	StoppedOn Date
	NextStep  Step
	Alarms    []Alarm
	// ByHand marks a clock whose end was entered by hand.
	ByHand bool
	// Zone is the time zone in which its days begin and end.
	Zone string
	// Calendar is whose working days were counted, nil when none were.
	Calendar *Calendar
}

// Alarm is a day before the end on which somebody should be reminded.
type Alarm struct {
	After   Period
	On      Date
	Reached bool
	// Before marks an alarm that is counted back from the end.
	Before bool
}

// Today tells which day it is in a time zone.
type Today func(zone string) Date

// Clocks returns every clock that the events of a matter start, soonest first,
// those of unknown end last. Today is asked for the date in the zone of each
// clock; ended is when the matter came to its end, zero while it goes on.
func (l *Law) Clocks(events []Event, route string, today Today, ended Date) []Clock {
	var out []Clock
	for i := range l.ClockRules {
		r := &l.ClockRules[i]
		for _, e := range events {
			if e.Kind != r.Start || !l.applies(r, e, route) {
				continue
			}
			if e.Stopped.IsZero() {
				e.Stopped = ended
			}
			out = append(out, l.clock(r, e, today))
		}
	}
	slices.SortStableFunc(out, func(a, b Clock) int {
		return cmp.Or(compareUnknownLast(a.end(), b.end()), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Subject, b.Subject))
	})
	return out
}

// applies tells whether a rule is law for an event. A birth says nothing about
// which law is in force, and an unknown day must not lose a clock.
func (l *Law) applies(r *ClockRule, e Event, route string) bool {
	if e.Kind == "birth" || e.On.IsZero() {
		return len(r.Routes) == 0 || slices.Contains(r.Routes, route)
	}
	return r.holds(e.On.Last, route)
}

// end is when the clock runs out at the earliest.
func (c *Clock) end() Date {
	if c.Due.IsZero() {
		return c.Between.First
	}
	return c.Due
}

func compareUnknownLast(a, b Date) int {
	switch {
	case a.IsZero() && b.IsZero():
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	}
	return a.Compare(b)
}

func (l *Law) clock(r *ClockRule, e Event, now Today) Clock {
	country := cmp.Or(r.Country, e.Country)
	cal, zone := l.Calendar(country), l.ZoneOf(country)
	c := Clock{
		Rule: r.ID, Kind: e.Kind, Subject: e.Subject, Source: r.Source, Link: r.Link, Verified: r.Verified,
		State: Running, StoppedOn: e.Stopped, ByHand: r.ByHand, Zone: zone,
	}
	today := now(zone)
	if r.Period.Unit == "working_days" {
		c.Calendar, c.Verified = cal, c.Verified && cal.Verified
	}
	switch {
	case r.ByHand:
		c.From, c.Due, c.Between = e.On.First, e.Due, Exactly(e.Due)
		c.alarms(r, today, cal)
	case !e.On.IsZero():
		c.Between = Span{r.Period.after(e.On.First, cal), r.Period.after(e.On.Last, cal)}
	}
	if e.On.Known() && !r.ByHand {
		c.From, c.Due = e.On.First, c.Between.First
		c.alarms(r, today, cal)
	}
	// A partly known end is past only when the last possible day is.
	late := func(on Date) bool { return !c.Between.IsZero() && r.past(on, c.Between.Last) }
	at, step := today, "running"
	switch {
	case !e.Stopped.IsZero():
		c.State, at, step = Stopped, e.Stopped, "stopped"
		if late(at) {
			step = "late"
		}
	case late(today):
		c.State, step = Overdue, "overdue"
	case c.Due.IsZero():
		step = "unknown"
	case c.near():
		step = "near"
	}
	if !c.Due.IsZero() {
		c.DaysLeft = at.DaysUntil(c.Due)
	}
	c.NextStep = r.step(step)
	return c
}

// past tells whether a day is too late for what was due on another.
func (r *ClockRule) past(day, due Date) bool {
	if r.LastDay == "too_late" {
		return !day.Before(due)
	}
	return due.Before(day)
}

// step returns the next step of a state; the finer states fall back on the
// coarse ones.
func (r *ClockRule) step(state string) Step {
	if s, ok := r.Steps[state]; ok {
		return s
	}
	if state == "late" {
		return r.Steps["stopped"]
	}
	return r.Steps["running"]
}

func (c *Clock) alarms(r *ClockRule, today Date, cal *Calendar) {
	// A clock that has stopped reached only the alarms before it stopped.
	upTo := today
	if !c.StoppedOn.IsZero() && c.StoppedOn.Before(today) {
		upTo = c.StoppedOn
	}
	for _, a := range r.Alarms {
		on := a.after(c.From, cal)
		c.Alarms = append(c.Alarms, Alarm{After: a, On: on, Reached: !upTo.Before(on)})
	}
	for _, a := range r.AlarmsBefore {
		on := a.before(c.Due)
		c.Alarms = append(c.Alarms, Alarm{After: a, On: on, Reached: !upTo.Before(on), Before: true})
	}
}

// before returns the day that lies a period before another. Working days are
// not counted backwards.
func (p Period) before(d Date) Date {
	return Period{-p.Amount, p.Unit}.after(d, &Calendar{})
}

// ZoneOf returns the time zone in which a country's days are counted: that of
// its calendar, else the law's own.
func (l *Law) ZoneOf(country string) string {
	if z := l.Calendar(country).Zone; z != "" {
		return z
	}
	return l.Zone
}

// near tells whether an alarm has gone off.
func (c *Clock) near() bool {
	return slices.ContainsFunc(c.Alarms, func(a Alarm) bool { return a.Reached })
}
