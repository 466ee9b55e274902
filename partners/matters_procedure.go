package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/partners/abduction"
)

// ProcedureView is where a matter stands on its way.
type ProcedureView struct {
	Route  string           `json:"route"`
	Phases []PhaseView      `json:"phases"`
	Steps  []MatterStepView `json:"steps"`
	// Next are the places in Steps of what is to be done now, the most urgent
	// first.
	Next []int `json:"next"`
}

// PhaseView is a part of the way: done when everything in it is, doing as soon
// as something of it has begun.
type PhaseView struct {
	ID    string `json:"id"`
	State string `json:"state"` // todo, doing, done
	Here  bool   `json:"here"`
	// Steps are places in ProcedureView.Steps.
	Steps []int `json:"steps"`
}

// MatterStepView is one step as a reader gets it.
type MatterStepView struct {
	Step     string `json:"step"`
	Round    int    `json:"round"`
	Repeats  bool   `json:"repeats,omitempty"`
	Phase    string `json:"phase"`
	Lane     string `json:"lane"`
	Who      string `json:"who"`
	Source   string `json:"source"`
	SourceID string `json:"source_id"`
	Link     string `json:"link"`
	Verified bool   `json:"verified"`
	State    string `json:"state"`
	// FromFacts is set when the facts of the matter say that it is done.
	FromFacts bool `json:"from_facts,omitempty"`
	// Due is the day entered by hand, else the one that the law sets (DueByLaw);
	// Clock is the rule that counts instead.
	Due      string `json:"due,omitempty"`
	DueByLaw bool   `json:"due_by_law,omitempty"`
	DaysLeft *int   `json:"days_left,omitempty"`
	Overdue  bool   `json:"overdue,omitempty"`
	Clock    string `json:"clock,omitempty"`
	DoneOn   string `json:"done_on,omitempty"`

	Outcome       string         `json:"outcome,omitempty"`
	Outcomes      []string       `json:"outcomes"`
	Grounds       []string       `json:"grounds,omitempty"`
	GroundChoices []string       `json:"ground_choices,omitempty"`
	Documents     []StepDocument `json:"documents"`
	InstitutionID string         `json:"institution_id,omitempty"`
	Institution   string         `json:"institution_name,omitempty"`
	Reason        string         `json:"reason,omitempty"`
	Note          string         `json:"note,omitempty"`
	NoNote        bool           `json:"no_note,omitempty"`
	// Owner, By and At are there for those who may see who does what.
	Owner string    `json:"owner,omitempty"`
	By    string    `json:"by,omitempty"`
	At    time.Time `json:"at,omitzero"`
}

// StepDocument is a document that a step needs. It is there when somebody ticked
// it, or when the list of papers says that it was received.
type StepDocument struct {
	ID    string `json:"id"`
	There bool   `json:"there"`
}

// Procedure returns the steps of a matter's legal route and how they stand.
func (d *Desk) Procedure(ctx context.Context, a alerts.Actor, matterID string) (ProcedureView, error) {
	m, c, err := d.visibleMatter(a, matterID)
	if err != nil {
		return ProcedureView{}, err
	}
	on := d.onMatter(a, c, m)
	if !d.Matrix.May(a, alerts.P3, c.State, on) {
		return ProcedureView{Phases: []PhaseView{}, Steps: []MatterStepView{}, Next: []int{}}, nil
	}
	law, zone, err := d.board.rules()
	if err != nil {
		return ProcedureView{}, err
	}
	if err := d.Reads.Record(ctx, a, "matters/"+m.ID+"/procedure", alerts.P3); err != nil {
		return ProcedureView{}, err
	}
	return d.procedure(m, law, abduction.DateOf(d.Now(), zone), d.Matrix.May(a, alerts.P10, c.State, on)), nil
}

// procedure is where a matter stands on a day; who tells whether the reader
// learns which of the staff does what.
func (d *Desk) procedure(m *Matter, law *abduction.Law, today abduction.Date, who bool) ProcedureView {
	v := ProcedureView{Route: m.LegalRoute, Steps: []MatterStepView{}, Next: []int{}}
	here := d.documentsHere(m)
	for _, rule := range law.Procedure.On(m.LegalRoute) {
		if !m.takes(rule) {
			continue
		}
		last := 1
		if rule.Repeats {
			last = m.rounds()
		}
		for round := 1; round <= last; round++ {
			s := d.stepView(m, law, rule, round, today, here)
			if !who {
				s.Owner, s.By, s.At = "", "", time.Time{}
			}
			v.Steps = append(v.Steps, s)
		}
	}
	v.byInstance()
	v.phases(law.Procedure.Phases)
	v.next()
	return v
}

// takes tells whether a step is on the way of this matter: what follows only on
// a refusal is not there before one.
func (m *Matter) takes(rule *abduction.StepRule) bool {
	if rule.OnlyAfter == "" {
		return true
	}
	for i := range m.Steps {
		s := &m.Steps[i]
		if s.State == stepDone && s.Outcome == rule.OnlyAfter &&
			(len(rule.NeedsGrounds) == 0 || slices.ContainsFunc(s.Grounds, func(g string) bool { return slices.Contains(rule.NeedsGrounds, g) })) {
			return true
		}
	}
	return false
}

func (d *Desk) stepView(m *Matter, law *abduction.Law, rule *abduction.StepRule, round int, today abduction.Date, here []string) MatterStepView {
	s := ProcedureStep{Step: rule.ID, Round: round, State: stepTodo}
	for i := range m.Steps {
		if m.Steps[i].Step == rule.ID && m.Steps[i].Round == round {
			s = m.Steps[i]
		}
	}
	v := MatterStepView{
		Step: rule.ID, Round: round, Repeats: rule.Repeats, Phase: rule.Phase, Lane: rule.Lane, Who: rule.Who,
		Source: rule.Source, SourceID: rule.SourceID, Link: rule.Link, Verified: rule.Verified, State: s.State, Clock: rule.Clock, DoneOn: s.DoneOn,
		Outcome: s.Outcome, Outcomes: list(rule.Outcomes), Grounds: list(s.Grounds), GroundChoices: list(rule.Grounds),
		Documents: []StepDocument{}, InstitutionID: s.InstitutionID, Institution: d.institutionName(s.InstitutionID),
		Reason: s.Reason, Note: s.Note, NoNote: rule.NoNote, Owner: s.Owner, By: s.By, At: s.At,
	}
	if v.Owner == "" {
		v.Owner = m.Owner
	}
	for _, id := range rule.Documents {
		v.Documents = append(v.Documents, StepDocument{id, slices.Contains(s.Documents, id) || slices.Contains(here, id)})
	}
	if on := m.factOf(rule, round); on != "" && s.State != stepDone && s.State != stepSkipped {
		v.State, v.DoneOn, v.FromFacts = stepDone, on, true
	} else if v.State == stepTodo && rule.Repeats && rule.Event == "" && round <= len(m.instances()) {
		v.State, v.FromFacts = stepDoing, true // the instance has begun and not decided
	}
	m.due(&v, &s, law, rule, today)
	return v
}

// documentsHere are the documents of steps that the matter's list of papers says
// are here: for a paper that every child needs, those of all children.
func (d *Desk) documentsHere(m *Matter) []string {
	folder := d.board.Papers(m.ID)
	data, err := d.Pack()
	c, ok := d.Board.Case(m.CaseID)
	if folder == nil || err != nil || !ok {
		return nil
	}
	held := func(id string) bool {
		item, ok := folder.item(id)
		return ok && slices.ContainsFunc(PaperStates()[1:], func(state string) bool { _, in := item.in(state); return in })
	}
	var here []string
	for _, row := range data.Checklist(m.LegalRoute, m.FromState, m.ToState) {
		ids := []string{row.ID}
		if row.Each != "" {
			ids = ids[:0]
			for i := range c.Children {
				ids = append(ids, row.ID+"."+c.Children[i].ID)
			}
		}
		if row.Serves != "" && len(ids) > 0 && !slices.ContainsFunc(ids, func(id string) bool { return !held(id) }) {
			here = append(here, row.Serves)
		}
	}
	return here
}

// due fills in by when a step is due and whether that day has passed.
func (m *Matter) due(v *MatterStepView, s *ProcedureStep, law *abduction.Law, rule *abduction.StepRule, today abduction.Date) {
	if v.State == stepDone || v.State == stepSkipped {
		return
	}
	due, ok := parseDay(s.DueOn)
	if !ok && rule.Due != nil {
		country := m.ToState
		if rule.Due.Country == "from" {
			country = m.FromState
		}
		after, _ := parseDay(m.after(rule.Due.After))
		due = law.By(rule.Due, after, country)
		v.DueByLaw = !due.IsZero()
	}
	if due.IsZero() {
		return
	}
	left := today.DaysUntil(due)
	v.Due, v.DaysLeft, v.Overdue = due.String(), &left, left < 0
}

// after is the day a step's period runs from: that on which another step was
// done, or the service of the last decision that refused.
func (m *Matter) after(what string) string {
	if what != "served" {
		return m.doneOn(what)
	}
	last := ""
	for i := range m.Decisions {
		if x := &m.Decisions[i]; x.What == "return_refused" && x.ServedOn > last {
			last = x.ServedOn
		}
	}
	return last
}

// factOf is the day on which the facts say that a step was done.
func (m *Matter) factOf(rule *abduction.StepRule, round int) string {
	instances := m.instances()
	switch {
	case rule.Event == "proceedings":
		return m.ProceedingsStartedAt
	case rule.Event == "decided" && round <= len(instances):
		return instances[round-1].DecidedAt
	case rule.Event == "appeal" && round < len(instances):
		return instances[round].StartedAt
	case rule.Repeats && rule.Event == "" && round <= len(instances): // the hearing
		return instances[round-1].DecidedAt
	case rule.Event == "enforcement_started" || rule.Event == "enforced":
		return m.enforcementFact(rule.Event)
	}
	return ""
}

func (m *Matter) enforcementFact(event string) string {
	last := ""
	for i := range m.Decisions {
		on := m.Decisions[i].EnforcementStartedAt
		if event == "enforced" {
			on = m.Decisions[i].EnforcedOn
		}
		last = max(last, on)
	}
	return last
}
