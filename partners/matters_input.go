package partners

import (
	"fmt"
	"slices"

	"homeward/alerts"
)

// MatterStates returns the states of a matter; all but the first are ends.
func MatterStates() []string {
	return []string{matterOpen, "returned", "refused", "agreed", "withdrawn", "closed"}
}

const matterOpen = "open"

// LegalRoutes returns the legal routes of a matter, which are decided for each
// pair of states and date.
func LegalRoutes() []string {
	return []string{"hague1980", "hague1980+brussels2b", "hague1980+brussels2a", "luxembourg1980", "hague1996", "bilateral", "non_hague", "domestic"}
}

// NewMatter is what a matter is opened with. Dates are YYYY-MM-DD; an instant
// is taken as the day it falls on.
type NewMatter struct {
	Kind                 string     `json:"kind"` // removal, retention
	WrongfulDate         string     `json:"wrongful_date"`
	WrongfulDateBasis    string     `json:"wrongful_date_basis,omitempty"`
	FromState            string     `json:"from_state"`
	ToState              string     `json:"to_state"`
	LegalRoute           string     `json:"legal_route,omitempty"`
	HabitualResidence    string     `json:"habitual_residence,omitempty"`
	LeftBehind           string     `json:"left_behind,omitempty"`
	TakingPerson         string     `json:"taking_person,omitempty"`
	CustodyBasis         string     `json:"custody_basis,omitempty"`
	Whereabouts          string     `json:"whereabouts,omitempty"`
	ProceedingsStartedAt string     `json:"proceedings_started_at,omitempty"`
	Instances            []Instance `json:"instances,omitempty"`
	// Owner is the account that looks after the matter, by default the one
	// that opens it; Legal are accounts of the legal role named on it.
	Owner string   `json:"owner,omitempty"`
	Legal []string `json:"legal,omitempty"`
	// ParentLegal are those of Legal who act for the left-behind parent.
	ParentLegal []string `json:"parent_legal,omitempty"`
	MatterFacts
}

// MatterPatch changes a matter: fields that were not sent stay as they are.
type MatterPatch struct {
	Kind                 alerts.Optional[string]     `json:"kind,omitzero"`
	WrongfulDate         alerts.Optional[string]     `json:"wrongful_date,omitzero"`
	WrongfulDateBasis    alerts.Optional[string]     `json:"wrongful_date_basis,omitzero"`
	FromState            alerts.Optional[string]     `json:"from_state,omitzero"`
	ToState              alerts.Optional[string]     `json:"to_state,omitzero"`
	LegalRoute           alerts.Optional[string]     `json:"legal_route,omitzero"`
	HabitualResidence    alerts.Optional[string]     `json:"habitual_residence,omitzero"`
	LeftBehind           alerts.Optional[string]     `json:"left_behind,omitzero"`
	TakingPerson         alerts.Optional[string]     `json:"taking_person,omitzero"`
	CustodyBasis         alerts.Optional[string]     `json:"custody_basis,omitzero"`
	Whereabouts          alerts.Optional[string]     `json:"whereabouts,omitzero"`
	ProceedingsStartedAt alerts.Optional[string]     `json:"proceedings_started_at,omitzero"`
	Instances            alerts.Optional[[]Instance] `json:"instances,omitzero"`
	State                alerts.Optional[string]     `json:"state,omitzero"`
	Owner                alerts.Optional[string]     `json:"owner,omitzero"`
	Legal                alerts.Optional[[]string]   `json:"legal,omitzero"`
	ParentLegal          alerts.Optional[[]string]   `json:"parent_legal,omitzero"`
	FactsPatch
}

func (in *NewMatter) matter(owner string) *Matter {
	m := &Matter{
		Kind: in.Kind, WrongfulDate: in.WrongfulDate, WrongfulDateBasis: in.WrongfulDateBasis,
		FromState: in.FromState, ToState: in.ToState, LegalRoute: in.LegalRoute,
		HabitualResidence: in.HabitualResidence, LeftBehind: in.LeftBehind, TakingPerson: in.TakingPerson,
		CustodyBasis: in.CustodyBasis, Whereabouts: in.Whereabouts, State: matterOpen,
		Owner: in.Owner, Legal: slices.Clone(in.Legal), ParentLegal: slices.Clone(in.ParentLegal), Instances: slices.Clone(in.Instances),
		ProceedingsStartedAt: in.ProceedingsStartedAt,
	}
	in.MatterFacts.into(m)
	if m.Owner == "" {
		m.Owner = owner
	}
	return m
}

func (in *MatterPatch) apply(m *Matter) {
	take(&m.Kind, in.Kind)
	take(&m.WrongfulDate, in.WrongfulDate)
	take(&m.WrongfulDateBasis, in.WrongfulDateBasis)
	take(&m.FromState, in.FromState)
	take(&m.ToState, in.ToState)
	take(&m.LegalRoute, in.LegalRoute)
	take(&m.HabitualResidence, in.HabitualResidence)
	take(&m.LeftBehind, in.LeftBehind)
	take(&m.TakingPerson, in.TakingPerson)
	take(&m.CustodyBasis, in.CustodyBasis)
	take(&m.Whereabouts, in.Whereabouts)
	take(&m.State, in.State)
	take(&m.Owner, in.Owner)
	in.FactsPatch.apply(m)
	if in.Legal.Set {
		m.Legal = slices.Clone(in.Legal.Value)
	}
	if in.ParentLegal.Set {
		m.ParentLegal = slices.Clone(in.ParentLegal.Value)
	}
	m.Instances = slices.Clone(m.Instances)
	if in.Instances.Set {
		m.Instances = slices.Clone(in.Instances.Value)
		m.ProceedingsStartedAt = ""
	}
	if !in.ProceedingsStartedAt.Set {
		return
	}
	m.ProceedingsStartedAt = in.ProceedingsStartedAt.Value
	if in.Instances.Set {
		return
	}
	// The first instance starts the proceedings: the one date moves the other.
	switch {
	case m.ProceedingsStartedAt == "":
		m.Instances = nil
	case len(m.Instances) > 0:
		m.Instances[0].StartedAt = m.ProceedingsStartedAt
	}
}

// checkMatter notes every wrong field of a matter and writes its dates as they
// are kept.
func checkMatter(m *Matter, c *checker) {
	c.oneOf("kind", m.Kind, []string{"removal", "retention"})
	c.oneOf("state", m.State, MatterStates())
	c.country("from_state", m.FromState)
	c.country("to_state", m.ToState)
	if m.FromState == m.ToState && m.FromState != "" {
		c.Add("to_state", "same_state", "A cross-border matter lies between two states.")
	}
	if m.LegalRoute != "" {
		c.oneOf("legal_route", m.LegalRoute, LegalRoutes())
	}
	c.text("wrongful_date_basis", m.WrongfulDateBasis, textLength, false)
	c.text("habitual_residence", m.HabitualResidence, textLength, false)
	c.text("left_behind", m.LeftBehind, textLength, false)
	c.text("taking_person", m.TakingPerson, textLength, false)
	c.text("custody_basis", m.CustodyBasis, textLength, false)
	c.text("whereabouts", m.Whereabouts, textLength, false)
	c.line("owner", m.Owner, true)
	c.few("legal", len(m.Legal))
	c.few("parent_legal", len(m.ParentLegal))
	for _, id := range m.ParentLegal {
		if !slices.Contains(m.Legal, id) {
			c.Add("parent_legal", "not_named", "Name this lawyer on the matter first.")
			break
		}
	}
	if m.WrongfulDate == "" {
		c.Add("wrongful_date", "required", "This is needed.")
	}
	m.WrongfulDate = c.past("wrongful_date", m.WrongfulDate).String()
	checkProceedings(m, c)
}

func checkProceedings(m *Matter, c *checker) {
	started := c.past("proceedings_started_at", m.ProceedingsStartedAt)
	m.ProceedingsStartedAt = started.String()
	c.few("instances", len(m.Instances))
	previous, _ := parseDay(m.WrongfulDate)
	if !started.IsZero() && started.Before(previous) {
		c.Add("proceedings_started_at", "too_early", "Proceedings cannot start before the wrongful date.")
	}
	for n := range m.Instances {
		i, field := &m.Instances[n], fmt.Sprintf("instances[%d].", n)
		if i.StartedAt == "" {
			c.Add(field+"started_at", "required", "This is needed.")
		}
		from := c.past(field+"started_at", i.StartedAt)
		decided := c.past(field+"decided_at", i.DecidedAt)
		if !from.IsZero() && from.Before(previous) {
			c.Add(field+"started_at", "too_early", "An instance cannot start before the one before it.")
		}
		if !decided.IsZero() && decided.Before(from) {
			c.Add(field+"decided_at", "too_early", "A decision cannot be older than the start of its instance.")
		}
		c.line(field+"institution_id", i.InstitutionID, false)
		i.StartedAt, i.DecidedAt = from.String(), decided.String()
		if !from.IsZero() {
			previous = from
		}
	}
	if len(m.Instances) == 0 {
		return
	}
	if first := m.Instances[0].StartedAt; m.ProceedingsStartedAt == "" {
		m.ProceedingsStartedAt = first
	} else if m.ProceedingsStartedAt != first {
		c.Add("proceedings_started_at", "mismatch", "Proceedings start when their first instance does.")
	}
}
