package partners

import (
	"context"
	"slices"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners/abduction"
)

// StepStates are what a step of the procedure can be.
func StepStates() []string { return []string{stepTodo, stepDoing, stepDone, stepSkipped} }

const (
	stepTodo    = "todo"
	stepDoing   = "doing"
	stepDone    = "done"
	stepSkipped = "skipped"
)

// maxRounds is how many instances a matter's procedure may go through.
const maxRounds = 6

// StepPatch records something on a step of the procedure: fields that were not
// sent stay as they are. Dates are YYYY-MM-DD.
type StepPatch struct {
	// Round is the instance, from 1; 0 is 1.
	Round         int                       `json:"round,omitempty"`
	State         alerts.Optional[string]   `json:"state,omitzero"`
	Owner         alerts.Optional[string]   `json:"owner,omitzero"`
	InstitutionID alerts.Optional[string]   `json:"institution_id,omitzero"`
	DueOn         alerts.Optional[string]   `json:"due_on,omitzero"`
	DoneOn        alerts.Optional[string]   `json:"done_on,omitzero"`
	Outcome       alerts.Optional[string]   `json:"outcome,omitzero"`
	Grounds       alerts.Optional[[]string] `json:"grounds,omitzero"`
	Documents     alerts.Optional[[]string] `json:"documents,omitzero"`
	Reason        alerts.Optional[string]   `json:"reason,omitzero"`
	Note          alerts.Optional[string]   `json:"note,omitzero"`
}

// RecordStep records a step of the procedure of a matter's legal route. What a
// step says about the facts, such as the day on which proceedings started, is
// written into them in the same change; facts that say otherwise are not
// overwritten but reported.
func (d *Desk) RecordStep(ctx context.Context, a alerts.Actor, matterID, step string, in StepPatch, r alerts.Request) (ProcedureView, error) {
	m, _, err := d.visibleMatter(a, matterID)
	if err != nil {
		return ProcedureView{}, err
	}
	law, _, err := d.board.rules()
	if err != nil {
		return ProcedureView{}, err
	}
	if _, ok := law.Procedure.Step(m.LegalRoute, step); !ok {
		return ProcedureView{}, missing("step " + step + " of matter " + matterID)
	}
	_, err = d.matterCommand(ctx, a, "matter.progress", r, func(v *journal.View, c *checker) (*Matter, error) {
		old, err := d.loadMatter(a, v, matterID)
		if err != nil {
			return nil, err
		}
		rule, ok := law.Procedure.Step(old.LegalRoute, step)
		if !ok {
			return nil, missing("step " + step + " of matter " + matterID)
		}
		return d.stepRule(old, rule, in, a, c)
	})
	if err != nil {
		return ProcedureView{}, err
	}
	return d.Procedure(ctx, a, matterID)
}

// stepRule is the matter with one step changed.
func (d *Desk) stepRule(old *Matter, rule *abduction.StepRule, in StepPatch, a alerts.Actor, c *checker) (*Matter, error) {
	m := *old
	m.Steps, m.Instances, m.Decisions = slices.Clone(old.Steps), slices.Clone(old.Instances), slices.Clone(old.Decisions)
	round := max(1, in.Round)
	if in.Round < 0 || round > 1 && (!rule.Repeats || round > m.rounds()) {
		c.Add("round", "out_of_range", "The matter has no such instance.")
		return nil, c.Err()
	}
	s := m.step(rule.ID, round)
	in.apply(s)
	s.By, s.At = a.ID, c.now
	d.checkStep(&m, rule, s, c)
	if err := c.Err(); err != nil {
		return nil, err
	}
	m.fact(rule, s, c)
	return &m, c.Err()
}

// step returns the record of a step, which is made when there is none yet.
func (m *Matter) step(id string, round int) *ProcedureStep {
	for i := range m.Steps {
		if m.Steps[i].Step == id && m.Steps[i].Round == round {
			return &m.Steps[i]
		}
	}
	m.Steps = append(m.Steps, ProcedureStep{Step: id, Round: round, State: stepTodo})
	return &m.Steps[len(m.Steps)-1]
}

func (in *StepPatch) apply(s *ProcedureStep) {
	take(&s.State, in.State)
	take(&s.Owner, in.Owner)
	take(&s.InstitutionID, in.InstitutionID)
	take(&s.DueOn, in.DueOn)
	take(&s.DoneOn, in.DoneOn)
	take(&s.Outcome, in.Outcome)
	take(&s.Reason, in.Reason)
	take(&s.Note, in.Note)
	s.Grounds, s.Documents = slices.Clone(s.Grounds), slices.Clone(s.Documents)
	take(&s.Grounds, in.Grounds)
	take(&s.Documents, in.Documents)
}

// checkStep notes what is wrong with a step, and writes its dates as they are
// kept.
func (d *Desk) checkStep(m *Matter, rule *abduction.StepRule, s *ProcedureStep, c *checker) {
	c.oneOf("state", s.State, StepStates())
	if _, ok := d.Board.Account(s.Owner); !ok && s.Owner != "" {
		c.Add("owner", "unknown_account", "There is no such account.")
	}
	if _, ok := d.board.Institution(s.InstitutionID); !ok && s.InstitutionID != "" {
		c.Add("institution_id", "unknown_institution", "There is no such institution in the directory.")
	}
	s.DueOn, s.DoneOn = c.date("due_on", s.DueOn).String(), c.past("done_on", s.DoneOn).String()
	if s.State == stepDone && s.DoneOn == "" {
		c.Add("done_on", "required", "Say on which day it was done.")
	}
	if s.State != stepDone {
		s.DoneOn = "" // what is not done was done on no day
	}
	if s.DoneOn != "" && s.DoneOn < m.WrongfulDate && rule.Phase != "report" {
		c.Add("done_on", "too_early", "This lies before the wrongful date.")
	}
	if s.Outcome != "" {
		c.oneOf("outcome", s.Outcome, rule.Outcomes)
	} else if s.State == stepDone && len(rule.Outcomes) > 0 {
		c.Add("outcome", "required", "Say how it came out.")
	}
	some(c, "grounds", s.Grounds, rule.Grounds)
	some(c, "documents", s.Documents, rule.Documents)
	if len(s.Grounds) > 0 && s.Outcome != "return_refused" {
		c.Add("grounds", "not_refused", "Only a refusal has grounds.")
	}
	c.text("reason", s.Reason, textLength, s.State == stepSkipped)
	c.text("note", s.Note, textLength, false)
	if rule.NoNote && s.Note != "" {
		c.Add("note", "compartment", "What was said there belongs into its own compartment, not here.")
	}
}

// some notes values that are not in a list.
func some(c *checker, field string, values, allowed []string) {
	for _, v := range values {
		if !slices.Contains(allowed, v) {
			c.Add(field, "unknown_value", "This value is not known.")
			return
		}
	}
}

// fact writes what a step says about the facts of the matter into them.
func (m *Matter) fact(rule *abduction.StepRule, s *ProcedureStep, c *checker) {
	if s.State != stepDone {
		return
	}
	differs := func(fact string) bool {
		if fact != "" && fact != s.DoneOn {
			c.Add("done_on", "facts_differ", "The facts of the matter say "+fact+". Correct it there, or here.")
		}
		return fact != ""
	}
	switch n := s.Round - 1; rule.Event {
	case "proceedings":
		if !differs(m.ProceedingsStartedAt) {
			m.ProceedingsStartedAt, m.Instances = s.DoneOn, []Instance{{StartedAt: s.DoneOn, InstitutionID: s.InstitutionID}}
		}
	case "decided":
		m.decidedOn(n, s, c, differs)
	case "appeal":
		m.appealed(n, s, c)
	}
}

func (m *Matter) decidedOn(n int, s *ProcedureStep, c *checker, differs func(string) bool) {
	m.Instances = slices.Clone(m.instances())
	switch {
	case n >= len(m.Instances):
		c.Add("done_on", "no_proceedings", "First record when these proceedings started.")
	case s.DoneOn < m.Instances[n].StartedAt:
		c.Add("done_on", "too_early", "A decision cannot be older than the start of its instance.")
	case !differs(m.Instances[n].DecidedAt):
		m.Instances[n].DecidedAt = s.DoneOn
	}
}

// appealed starts the next instance, and stops the clock of the decision that
// was appealed.
func (m *Matter) appealed(n int, s *ProcedureStep, c *checker) {
	if s.Outcome == "none" {
		return
	}
	m.Instances = slices.Clone(m.instances())
	switch {
	case n >= len(m.Instances) || m.Instances[n].DecidedAt == "":
		c.Add("done_on", "no_decision", "First record the decision that was appealed.")
		return
	case s.DoneOn < m.Instances[n].DecidedAt:
		c.Add("done_on", "too_early", "An appeal cannot be older than the decision.")
		return
	case len(m.Instances) >= maxRounds:
		c.Add("round", "too_many", "These are too many.")
		return
	}
	if len(m.Instances) == n+1 {
		m.Instances = append(m.Instances, Instance{StartedAt: s.DoneOn})
	}
	for i := range m.Decisions {
		x := &m.Decisions[i]
		if x.Date == m.Instances[n].DecidedAt && x.AppealUntil != "" && x.AppealedOn == "" {
			x.AppealedOn = s.DoneOn
		}
	}
}

// rounds is how many instances the matter has gone through or is in, at least
// one.
func (m *Matter) rounds() int { return max(1, len(m.instances())) }

// doneOn is the day on which a step was last done, "" when it was not.
func (m *Matter) doneOn(step string) string {
	last := ""
	for i := range m.Steps {
		if s := &m.Steps[i]; s.Step == step && s.State == stepDone && s.DoneOn > last {
			last = s.DoneOn
		}
	}
	return last
}
