package abduction

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

//go:embed law.json
var lawJSON []byte

//go:embed holidays.json
var holidaysJSON []byte

//go:embed deadlines.json
var deadlinesJSON []byte

// Law is the rules as data.
type Law struct {
	// Zone is the time zone in which instants become dates.
	Zone string `json:"zone"`
	// FreshMonths is for how long an entry of the directory counts as verified.
	FreshMonths   int            `json:"fresh_months"`
	ClockRules    []ClockRule    `json:"clocks"`
	DeadlineRules []DeadlineRule `json:"-"`
	Calendars     []Calendar     `json:"-"`
	Routes        *Routes        `json:"-"`
	Procedure     *Procedure     `json:"-"`
}

// Period is a length of time: an amount of days, working_days, weeks, months or
// years.
type Period struct {
	Amount int    `json:"amount"`
	Unit   string `json:"unit"`
}

// Basis is what every rule carries: where it comes from and when it is law.
type Basis struct {
	ID string `json:"id"`
	// Country is an ISO 3166-1 alpha-2 code, or "" for a rule between states.
	Country string `json:"country,omitempty"`
	Source  string `json:"source"`
	Link    string `json:"link"`
	// Verified tells whether the rule was checked against its source.
	Verified  bool `json:"verified"`
	ValidFrom Date `json:"valid_from"`
	ValidTo   Date `json:"valid_to"`
	// Routes are the legal routes for which the rule holds; empty for all.
	Routes []string `json:"routes,omitempty"`
	Note   string   `json:"note,omitempty"`
}

// ClockRule is a rule that starts a clock at an event of a matter.
type ClockRule struct {
	Basis
	// Start is the kind of event that starts the clock.
	Start  string `json:"start"`
	Period Period `json:"period"`
	// LastDay tells whether the day on which the clock runs out is still
	// "in_time" or already "too_late".
	LastDay string `json:"last_day"`
	// Alarms are counted from the start, AlarmsBefore back from the end.
	Alarms       []Period `json:"alarms,omitempty"`
	AlarmsBefore []Period `json:"alarms_before,omitempty"`
	// ByHand marks a rule whose end is not counted but entered by hand.
	ByHand bool `json:"by_hand,omitempty"`
	// Steps are what to do next, by state: running, near, overdue, stopped,
	// late (stopped after it had run out) and unknown.
	Steps map[string]Step `json:"steps"`
}

// Step is a next step: the id of its text in the catalogues and the text in
// English.
type Step struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Load reads the embedded rules and refuses any that are not complete.
func Load() (*Law, error) {
	l, err := read(lawJSON, holidaysJSON, deadlinesJSON)
	if err != nil {
		return nil, err
	}
	if l.Routes, err = LoadRoutes(); err != nil {
		return nil, err
	}
	l.Procedure, err = LoadProcedure()
	return l, err
}

func read(law, holidays, deadlines []byte) (*Law, error) {
	l := &Law{}
	if err := strict(law, l); err != nil {
		return nil, fmt.Errorf("read law.json: %w", err)
	}
	if err := strict(holidays, &l.Calendars); err != nil {
		return nil, fmt.Errorf("read holidays.json: %w", err)
	}
	if err := strict(deadlines, &l.DeadlineRules); err != nil {
		return nil, fmt.Errorf("read deadlines.json: %w", err)
	}
	if err := l.check(); err != nil {
		return nil, fmt.Errorf("law.json: %w", err)
	}
	return l, nil
}

func strict(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

func (l *Law) check() error {
	var errs []error
	if l.Zone == "" || l.FreshMonths < 1 {
		errs = append(errs, errors.New("zone or fresh_months is missing"))
	}
	errs = append(errs, l.checkCalendars())
	seen := map[string]bool{}
	for i := range l.ClockRules {
		r := &l.ClockRules[i]
		errs = append(errs, r.Basis.check(seen, r.Period), r.check())
	}
	for i := range l.DeadlineRules {
		errs = append(errs, l.DeadlineRules[i].check(seen))
	}
	return errors.Join(errs...)
}

func (b *Basis) check(seen map[string]bool, p Period) error {
	if b.ID == "" || seen[b.ID] || b.Source == "" || b.Link == "" {
		return fmt.Errorf("rule %q: id, source or link is missing, or the id stands twice", b.ID)
	}
	seen[b.ID] = true
	return p.check(b.ID)
}

func (p Period) check(id string) error {
	if p.Amount < 0 || !slices.Contains([]string{"days", "working_days", "weeks", "months", "years"}, p.Unit) {
		return fmt.Errorf("rule %s: period %d %q", id, p.Amount, p.Unit)
	}
	return nil
}

func (r *ClockRule) check() error {
	if r.Start == "" || r.LastDay != "in_time" && r.LastDay != "too_late" {
		return fmt.Errorf("rule %s: start or last_day is missing", r.ID)
	}
	for _, state := range []string{"running", "overdue", "stopped"} {
		if r.Steps[state].ID == "" || r.Steps[state].Text == "" {
			return fmt.Errorf("rule %s: no next step when %s", r.ID, state)
		}
	}
	for _, a := range slices.Concat(r.Alarms, r.AlarmsBefore) {
		if err := a.check(r.ID); err != nil {
			return err
		}
	}
	return nil
}

// Texts returns every next step, for checking that catalogues are complete.
func (l *Law) Texts() []Step {
	var out []Step
	for _, r := range l.ClockRules {
		for _, s := range r.Steps {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b Step) int { return bytes.Compare([]byte(a.ID), []byte(b.ID)) })
	return slices.Compact(out)
}

// Calendar returns the calendar of a country; one without data has only
// Saturdays and Sundays off, and no holidays.
func (l *Law) Calendar(country string) *Calendar {
	for i := range l.Calendars {
		if l.Calendars[i].Country == country {
			return &l.Calendars[i]
		}
	}
	return &Calendar{Country: country, Weekend: []time.Weekday{time.Saturday, time.Sunday}}
}

// after returns the day on which a period that runs from a day ends. The day
// itself is not counted.
func (p Period) after(d Date, c *Calendar) Date {
	switch p.Unit {
	case "working_days":
		return c.AddWorking(d, p.Amount)
	case "weeks":
		return d.AddDays(7 * p.Amount)
	case "months":
		return d.AddMonths(p.Amount)
	case "years":
		return d.AddMonths(12 * p.Amount)
	}
	return d.AddDays(p.Amount)
}

// holds tells whether a rule is law for something that happened on a day.
func (b *Basis) holds(on Date, route string) bool {
	return within(on, b.ValidFrom, b.ValidTo) && (len(b.Routes) == 0 || slices.Contains(b.Routes, route))
}
