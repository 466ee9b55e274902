package abduction

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
)

//go:embed procedure.json
var procedureJSON []byte

// Procedure is the steps of a matter on every legal route, as data.
type Procedure struct {
	// Phases are the parts of the way, in order.
	Phases []string   `json:"phases"`
	Steps  []StepRule `json:"steps"`
	// Grounds are those on which a return may be refused.
	Grounds []Code `json:"grounds"`
	// Dangers are the reasons to be careful that can be noted on a matter.
	Dangers []Code `json:"dangers"`
}

// StepRule is one step of the way on some routes. The same id may stand for
// other routes with another source.
type StepRule struct {
	Basis
	// SourceID is the id of the source's text in the catalogues.
	SourceID string `json:"source_id"`
	Phase    string `json:"phase"`
	// Lane is "main" for what comes one after the other and "side" for what
	// goes on beside it.
	Lane string `json:"lane"`
	// Who usually takes the step; the account that sees to it is the matter's.
	Who string `json:"who"`
	// Due is by when, where a law says so and no clock counts it.
	Due *StepDue `json:"due,omitempty"`
	// Clock is the rule that counts the step's time.
	Clock     string   `json:"clock,omitempty"`
	Documents []string `json:"documents,omitempty"`
	Outcomes  []string `json:"outcomes,omitempty"`
	Grounds   []string `json:"grounds,omitempty"`
	// Repeats marks what there is once for each instance.
	Repeats bool `json:"repeats,omitempty"`
	// Event is what the step is to the facts of the matter, see Events.
	Event string `json:"event,omitempty"`
	// OnlyAfter is the outcome of a decision after which the step exists;
	// NeedsGrounds are the grounds of which it must then have one.
	OnlyAfter    string   `json:"only_after,omitempty"`
	NeedsGrounds []string `json:"needs_grounds,omitempty"`
	// NoNote marks a step whose content belongs into a compartment of its own.
	NoNote bool `json:"no_note,omitempty"`
}

// StepDue is a period that runs from the day another step was done, or from
// the service of the decision ("served").
type StepDue struct {
	After  string `json:"after"`
	Period Period `json:"period"`
	// Country is whose calendar counts: "from" or "to".
	Country string `json:"country"`
}

// Code is one value of a list, with its source.
type Code struct {
	ID       string `json:"id"`
	Source   string `json:"source"`
	Link     string `json:"link"`
	Verified bool   `json:"verified"`
	// Grave marks a danger that comes first.
	Grave bool `json:"grave,omitempty"`
}

// Events are what a step can be to the facts of a matter.
func Events() []string {
	return []string{"transmission", "acknowledged", "proceedings", "decided", "appeal", "enforcement_started", "enforced"}
}

// LoadProcedure reads the embedded steps and refuses any that are not complete.
func LoadProcedure() (*Procedure, error) { return readProcedure(procedureJSON) }

func readProcedure(b []byte) (*Procedure, error) {
	p := &Procedure{}
	if err := strict(b, p); err != nil {
		return nil, fmt.Errorf("read procedure.json: %w", err)
	}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("procedure.json: %w", err)
	}
	return p, nil
}

func (p *Procedure) check() error {
	var errs []error
	seen := map[string]bool{}
	for i := range p.Steps {
		s := &p.Steps[i]
		errs = append(errs, s.check(p))
		for _, r := range s.Routes {
			if seen[s.ID+" on "+r] {
				errs = append(errs, fmt.Errorf("step %s on %q stands twice", s.ID, r))
			}
			seen[s.ID+" on "+r] = true
		}
	}
	for _, list := range [][]Code{p.Grounds, p.Dangers} {
		for _, c := range list {
			if c.ID == "" || c.Source == "" || c.Link == "" {
				errs = append(errs, fmt.Errorf("code %q: id, source or link is missing", c.ID))
			}
		}
	}
	return errors.Join(errs...)
}

func (s *StepRule) check(p *Procedure) error {
	switch {
	case s.ID == "" || s.Source == "" || s.SourceID == "" || s.Link == "" || s.Who == "" || len(s.Routes) == 0:
		return fmt.Errorf("step %q: id, source, link, who or routes are missing", s.ID)
	case !slices.Contains(p.Phases, s.Phase) || s.Lane != "main" && s.Lane != "side":
		return fmt.Errorf("step %s: phase %q or lane %q", s.ID, s.Phase, s.Lane)
	case s.Event != "" && !slices.Contains(Events(), s.Event):
		return fmt.Errorf("step %s: event %q", s.ID, s.Event)
	case s.Due != nil && (s.Due.After == "" || s.Due.Country != "from" && s.Due.Country != "to"):
		return fmt.Errorf("step %s: after or country of the period is missing", s.ID)
	}
	for _, g := range append(slices.Clone(s.Grounds), s.NeedsGrounds...) {
		if !slices.ContainsFunc(p.Grounds, func(c Code) bool { return c.ID == g }) {
			return fmt.Errorf("step %s: ground %q", s.ID, g)
		}
	}
	if s.Due != nil {
		return s.Due.Period.check(s.ID)
	}
	return nil
}

// On returns the steps of a route in the order in which they are taken: by
// phase, then as in the data.
func (p *Procedure) On(route string) []*StepRule {
	var out []*StepRule
	for _, phase := range p.Phases {
		for i := range p.Steps {
			if s := &p.Steps[i]; s.Phase == phase && slices.Contains(s.Routes, route) {
				out = append(out, s)
			}
		}
	}
	return out
}

// Step returns a step of a route.
func (p *Procedure) Step(route, id string) (*StepRule, bool) {
	for i := range p.Steps {
		if s := &p.Steps[i]; s.ID == id && slices.Contains(s.Routes, route) {
			return s, true
		}
	}
	return nil, false
}

// Event returns the step of a route that is an event to the facts.
func (p *Procedure) Event(route, event string) (*StepRule, bool) {
	for i := range p.Steps {
		if s := &p.Steps[i]; s.Event == event && slices.Contains(s.Routes, route) {
			return s, true
		}
	}
	return nil, false
}

// By returns the day by which a step is due when what it waits for happened on
// a day, in the calendar of a country.
func (l *Law) By(d *StepDue, after Date, country string) Date {
	if d == nil || after.IsZero() {
		return Date{}
	}
	return d.Period.after(after, l.Calendar(country))
}
