package partners

import (
	"context"

	"homeward/alerts"
	"homeward/partners/abduction"
)

// ClockView is one clock of a matter as a reader gets it. From, Due and
// DaysLeft are null while they are not known; Earliest and Latest then tell
// what a part of a date allows to say.
type ClockView struct {
	Rule     string `json:"rule"`
	ChildID  string `json:"child_id,omitempty"`
	Instance string `json:"instance,omitempty"`
	// Of is the id of the decision, document or authorisation it belongs to.
	Of       string `json:"of,omitempty"`
	Start    string `json:"start"` // the kind of event that started it
	Source   string `json:"source"`
	Link     string `json:"link"`
	Verified bool   `json:"verified"`
	// ByHand marks an end that was entered by hand and not counted.
	ByHand bool `json:"by_hand,omitempty"`
	// Zone is the time zone in which its days begin and end.
	Zone string `json:"zone"`
	// Calendar is whose working days were counted; nil when none were.
	Calendar   *CalendarView `json:"calendar,omitempty"`
	Known      bool          `json:"known"`
	From       *string       `json:"from"`
	Due        *string       `json:"due"`
	Earliest   string        `json:"earliest,omitempty"`
	Latest     string        `json:"latest,omitempty"`
	DaysLeft   *int          `json:"days_left"`
	State      string        `json:"state"` // running, overdue, stopped
	StoppedOn  string        `json:"stopped_on,omitempty"`
	NextStep   string        `json:"next_step"`
	NextStepID string        `json:"next_step_id"`
	Alarms     []AlarmView   `json:"alarms"`
}

// AlarmView is a day on which somebody should be reminded of a clock.
type AlarmView struct {
	Amount  int    `json:"amount"`
	Unit    string `json:"unit"`
	On      string `json:"on"`
	Reached bool   `json:"reached"`
	// Before marks an alarm that is counted back from the end.
	Before bool `json:"before,omitempty"`
}

// CalendarView is the calendar that working days were counted in.
type CalendarView struct {
	Country string `json:"country"`
	// WeekendsOnly is set when the data has no calendar of the country.
	WeekendsOnly bool   `json:"weekends_only"`
	Source       string `json:"source,omitempty"`
	Verified     bool   `json:"verified"`
	Note         string `json:"note,omitempty"`
}

// Clocks returns the clocks of a matter, soonest first. Those that tell a birth
// date are there only for those who may see it.
func (d *Desk) Clocks(ctx context.Context, a alerts.Actor, matterID string) ([]ClockView, error) {
	m, c, err := d.visibleMatter(a, matterID)
	if err != nil {
		return nil, err
	}
	clocks, classes, err := d.clocks(a, m, c)
	if err != nil || len(classes) == 0 {
		return []ClockView{}, err
	}
	if err := d.Reads.Record(ctx, a, "matters/"+m.ID+"/clocks", classes...); err != nil {
		return nil, err
	}
	out := make([]ClockView, len(clocks))
	for i := range clocks {
		out[i] = clockView(&clocks[i])
	}
	return out, nil
}

// clocks returns what the actor may see of a matter's clocks, and the classes
// that are read with them; none when it may see none.
func (d *Desk) clocks(a alerts.Actor, m *Matter, c *alerts.Case) ([]abduction.Clock, []alerts.Class, error) {
	on := d.onMatter(a, c, m)
	if !d.Matrix.May(a, alerts.P3, c.State, on) {
		return nil, nil, nil
	}
	law, zone, err := d.board.rules()
	if err != nil {
		return nil, nil, err
	}
	events := m.events(c)
	classes := []alerts.Class{alerts.P3}
	if d.Matrix.May(a, alerts.P1, c.State, on) {
		classes = append(classes, alerts.P1)
	} else {
		events = withoutBirths(events)
	}
	return law.Clocks(events, m.LegalRoute, d.todayIn(zone), m.ended(c, zone)), classes, nil
}

func withoutBirths(events []abduction.Event) []abduction.Event {
	out := make([]abduction.Event, 0, len(events))
	for _, e := range events {
		if e.Kind != "birth" {
			out = append(out, e)
		}
	}
	return out
}

func clockView(c *abduction.Clock) ClockView {
	v := ClockView{
		Rule: c.Rule, Start: c.Kind, ByHand: c.ByHand, Zone: c.Zone, Source: c.Source, Link: c.Link, Verified: c.Verified, Known: !c.Due.IsZero(),
		State: string(c.State), StoppedOn: c.StoppedOn.String(),
		NextStep: c.NextStep.Text, NextStepID: c.NextStep.ID, Alarms: []AlarmView{},
	}
	switch c.Kind {
	case "birth":
		v.ChildID = c.Subject
	case "instance":
		v.Instance = c.Subject
	default:
		v.Of = c.Subject
	}
	if cal := c.Calendar; cal != nil {
		v.Calendar = &CalendarView{Country: cal.Country, WeekendsOnly: cal.Source == "", Source: cal.Source, Verified: cal.Verified, Note: cal.Note}
	}
	if v.Known {
		due, left := c.Due.String(), c.DaysLeft
		v.Due, v.DaysLeft = &due, &left
		if from := c.From.String(); from != "" {
			v.From = &from
		}
	} else {
		v.Earliest, v.Latest = c.Between.First.String(), c.Between.Last.String()
	}
	for _, al := range c.Alarms {
		v.Alarms = append(v.Alarms, AlarmView{al.After.Amount, al.After.Unit, al.On.String(), al.Reached, al.Before})
	}
	return v
}
