package alerts

import (
	"context"
	"slices"
	"time"

	"homeward/journal"
)

// ClockStep is one step of a case's clock as it stands now.
type ClockStep struct {
	ClockRule
	// State is running, overdue, done or not_needed.
	State string    `json:"state"`
	DueAt time.Time `json:"due_at"`
	// AtOnce says that the time had passed before anybody here knew: the step is
	// due at once.
	AtOnce bool `json:"at_once,omitempty"`
	// Proven says that the record itself shows it.
	Proven bool      `json:"proven,omitempty"`
	DoneAt time.Time `json:"done_at,omitzero"`
	Note   string    `json:"note,omitempty"`
	By     string    `json:"by,omitempty"`
	At     time.Time `json:"at,omitzero"`
}

// Open tells whether the step waits for somebody.
func (s ClockStep) Open() bool { return s.State == "running" || s.State == "overdue" }

// ClockRule returns a rule by its key, nil for none.
func (d *Desk) ClockRule(key string) *ClockRule {
	if i := slices.IndexFunc(d.clock, func(r ClockRule) bool { return r.Key == key }); i >= 0 {
		return &d.clock[i]
	}
	return nil
}

// StepStates are what a mark can say of a step; open takes a mark back.
func StepStates() []string { return []string{"done", "not_needed", "open"} }

// Clock returns the steps of a case, what is due first on top. It shows no notes
// of steps: those have a class of their own.
func (d *Desk) Clock(c *Case, now time.Time) []ClockStep { return clockSteps(d.clock, c, now) }

// clockSteps is the rule: which steps a case calls for, and how each stands.
// While the search goes on those of the search run, then those after it; of a
// phase that is not on, only what was done is left.
func clockSteps(rules []ClockRule, c *Case, now time.Time) []ClockStep {
	k := newClockCase(c)
	var out []ClockStep
	for i := range rules {
		s := ClockStep{ClockRule: rules[i]}
		since, ok := s.applies(&k)
		mark := c.stepMark(s.Key)
		on := s.Phase == c.clockPhase()
		if mark == nil && (!ok || !on) {
			continue
		}
		s.due(c, since)
		s.stand(c, mark, now)
		if s.Open() && !(ok && on) {
			continue // a mark that was taken back on a step that is asked no more
		}
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b ClockStep) int { return a.DueAt.Compare(b.DueAt) })
	return out
}

// clockPhase is the phase whose steps run, empty for none.
func (c *Case) clockPhase() string {
	switch {
	case c.State == StateFound:
		return "after"
	case c.State.Ended():
		return ""
	}
	return "search"
}

// due says by when the step is due: never before somebody could know of it.
func (s *ClockStep) due(c *Case, since time.Time) {
	from := c.CreatedAt
	switch {
	case s.From == "last_seen" && !c.LastSeen.At.IsZero():
		from = c.LastSeen.At
	case s.From == "ended" && c.Closing != nil:
		from = c.Closing.ClosedAt
	case s.From == "opened":
		from = since
	}
	s.DueAt = from.Add(s.Within)
	if !s.DueAt.After(since) {
		s.DueAt, s.AtOnce = since, true
	}
}

func (s *ClockStep) stand(c *Case, mark *StepMark, now time.Time) {
	switch {
	case mark != nil && mark.State != "open":
		s.State, s.DoneAt, s.Note, s.By, s.At = mark.State, mark.DoneAt, mark.Note, mark.By, mark.At
	case s.Proof != "" && c.proved(s.Proof):
		s.State, s.Proven = "done", true
	case now.After(s.DueAt):
		s.State = "overdue"
	default:
		s.State = "running"
	}
}

// stepMark is the last mark of a step, nil for none.
func (c *Case) stepMark(key string) *StepMark {
	for i := len(c.Steps) - 1; i >= 0; i-- {
		if c.Steps[i].Step == key {
			return &c.Steps[i]
		}
	}
	return nil
}

// CaseClock returns the clock of a case as the actor sees it: who did what is
// for those who may see the audit of the case, notes for those who may see the
// family's matters.
func (d *Desk) CaseClock(ctx context.Context, a Actor, id string) ([]ClockStep, error) {
	c, err := d.VisibleCase(a, id)
	if err != nil {
		return nil, err
	}
	l := d.lensOn(a, c)
	if !l.sees(P10) {
		return nil, coded(journal.ErrNotFound)
	}
	if err := d.Reads.Record(ctx, a, "cases/"+id+"/clock", l.shown(P3, P10)...); err != nil {
		return nil, err
	}
	steps := d.Clock(c, d.Now())
	for i := range steps {
		steps[i].Note = only(l, steps[i].Note, P3)
	}
	return append([]ClockStep{}, steps...), nil
}

// NewStepMark says what was done about a step.
type NewStepMark struct {
	// State is done, not_needed or open.
	State string `json:"state"`
	// DoneAt is when it was done, now when it is left out.
	DoneAt time.Time `json:"done_at,omitzero"`
	// Note is required for a step that is not needed: why.
	Note string `json:"note,omitempty"`
}

func (in *NewStepMark) validate(now time.Time) Fields {
	i := &inspection{now: now}
	oneOf(i, "state", in.State, StepStates())
	i.past("done_at", in.DoneAt)
	i.text("note", &in.Note, maxNote)
	if in.State == "not_needed" && in.Note == "" {
		i.Add("note", "required", "Say why this step is not needed.")
	}
	return i.Fields
}

// maxStepMarks is how many marks a case keeps.
const maxStepMarks = 500

// MarkStep notes what was done about a step of a case's clock.
func (d *Desk) MarkStep(ctx context.Context, a Actor, caseID, step string, in NewStepMark, r Request) (CaseView, error) {
	if err := d.caseCommand(a, "case.step", caseID, func(now time.Time) Fields { return in.validate(now) }); err != nil {
		return CaseView{}, err
	}
	return d.changeCase(ctx, a, "case.step", caseID, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		steps := clockSteps(d.clock, c, v.Now)
		i := slices.IndexFunc(steps, func(s ClockStep) bool { return s.Key == step })
		if i < 0 {
			return nil, coded(journal.ErrNotFound)
		}
		if err := workable(c); err != nil {
			return nil, err
		}
		if len(c.Steps) >= maxStepMarks {
			return nil, Errorf(TooMany, "The steps of this case were changed too often.")
		}
		if in.State == "done" && steps[i].Proof == proofPolice && !c.proved(proofPolice) {
			var f Fields
			f.Add("state", "needs_referral", "Enter the report to the police in the case: unit, person, time and reference. That settles this step.")
			return nil, f.Err()
		}
		mark := StepMark{Step: step, State: in.State, DoneAt: in.DoneAt, Note: in.Note, By: a.ID, At: v.Now}
		if mark.State == "done" && mark.DoneAt.IsZero() {
			mark.DoneAt = v.Now
		}
		next := *c
		next.Steps = append(slices.Clone(c.Steps), mark)
		next.edited(a, v.Now, "steps")
		return []journal.Document{&next}, nil
	})
}
