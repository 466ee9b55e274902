package partners

import (
	"time"

	"homeward/journal"
)

// Matter is a cross-border abduction matter on a case. It belongs to the case's
// erasure unit.
type Matter struct {
	journal.Head `bson:",inline"`
	CaseID       string `bson:"case_id" class:"ref"`
	Kind         string `bson:"kind" class:"P3"` // removal or retention
	// WrongfulDate is YYYY-MM-DD: the day of removal, or the end of the agreed
	// stay.
	WrongfulDate      string `bson:"wrongful_date" class:"P3"`
	WrongfulDateBasis string `bson:"wrongful_date_basis,omitempty" class:"P3,sealed"`
	FromState         string `bson:"from_state" class:"P3"`
	ToState           string `bson:"to_state" class:"P3"`
	// LegalRoute is one of LegalRoutes, or empty while it is not determined.
	LegalRoute        string `bson:"legal_route,omitempty" class:"P3"`
	HabitualResidence string `bson:"habitual_residence,omitempty" class:"P3,sealed"`
	LeftBehind        string `bson:"left_behind,omitempty" class:"P3,sealed"`
	TakingPerson      string `bson:"taking_person,omitempty" class:"P3,sealed"`
	CustodyBasis      string `bson:"custody_basis,omitempty" class:"P3,sealed"`
	Whereabouts       string `bson:"whereabouts,omitempty" class:"P3,sealed"`

	// What is known of the matter in detail; see matter_facts.go.
	States         []InvolvedState   `bson:"states,omitempty" class:"P3"`
	Parties        []Party           `bson:"parties,omitempty" class:"P3,sealed"`
	Decisions      []CustodyDecision `bson:"decisions,omitempty" class:"P3,sealed"`
	Documents      []TravelDocument  `bson:"documents,omitempty" class:"P3,sealed"`
	Authorisations []Authorisation   `bson:"authorisations,omitempty" class:"P3,sealed"`
	Traces         []Trace           `bson:"traces,omitempty" class:"P3,sealed"`
	FamilyContacts []FamilyContact   `bson:"family_contacts,omitempty" class:"P3,sealed"`
	Dangers        []Danger          `bson:"dangers,omitempty" class:"P3,sealed"`
	Languages      []string          `bson:"languages,omitempty" class:"P3"`
	Outcomes       []ChildOutcome    `bson:"outcomes,omitempty" class:"P3"`
	Routes         []RouteDecision   `bson:"routes,omitempty"`
	Steps          []ProcedureStep   `bson:"steps,omitempty"`

	// ProceedingsStartedAt is YYYY-MM-DD or empty; it is the start of the first
	// of Instances when there is one.
	ProceedingsStartedAt string     `bson:"proceedings_started_at,omitempty" class:"P3"`
	Instances            []Instance `bson:"instances" class:"P3"`
	State                string     `bson:"state" class:"ref"` // one of MatterStates
	// EndedAt is when State left open; zero while the matter goes on.
	EndedAt time.Time `bson:"ended_at,omitempty" class:"ref"`
	// Owner is the account that looks after the matter; Legal are accounts of
	// the legal role that are named on it.
	Owner string   `bson:"owner" class:"P10"`
	Legal []string `bson:"legal" class:"P10"`
	// ParentLegal are those of Legal who act for the left-behind parent.
	ParentLegal []string        `bson:"parent_legal,omitempty" class:"P10"`
	Contacts    []MatterContact `bson:"contacts"`
}

// Instance is the proceedings before one instance. Dates are YYYY-MM-DD.
type Instance struct {
	StartedAt string `bson:"started_at" json:"started_at"`
	DecidedAt string `bson:"decided_at,omitempty" json:"decided_at,omitempty"`
	// InstitutionID is the court's entry in the directory, when it has one.
	InstitutionID string `bson:"institution_id,omitempty" json:"institution_id,omitempty"`
}

// RouteDecision is the legal route that a person decided on. The newest is the
// one that holds.
type RouteDecision struct {
	Route string `bson:"route" class:"P3"`
	// Found is the route that the data proposed at that moment, empty for none.
	Found string    `bson:"found,omitempty" class:"P3"`
	Why   string    `bson:"why,omitempty" class:"P3,sealed"`
	By    string    `bson:"by" class:"P10"`
	At    time.Time `bson:"at" class:"ref"`
}

// ProcedureStep is what has been recorded on one step of the procedure. Dates
// are YYYY-MM-DD.
type ProcedureStep struct {
	Step string `bson:"step" class:"P3"`
	// Round counts the instances a step belongs to, from 1.
	Round int    `bson:"round" class:"P3"`
	State string `bson:"state" class:"P3"` // todo, doing, done, skipped
	// Owner is the account that sees to it; empty for the matter's own.
	Owner         string   `bson:"owner,omitempty" class:"P10"`
	InstitutionID string   `bson:"institution_id,omitempty" class:"P3"`
	DueOn         string   `bson:"due_on,omitempty" class:"P3"`
	DoneOn        string   `bson:"done_on,omitempty" class:"P3"`
	Outcome       string   `bson:"outcome,omitempty" class:"P3"`
	Grounds       []string `bson:"grounds,omitempty" class:"P3"`
	// Documents are those of the expected ones that are there.
	Documents []string `bson:"documents,omitempty" class:"P3"`
	// Reason says why a step was skipped.
	Reason string    `bson:"reason,omitempty" class:"P3,sealed"`
	Note   string    `bson:"note,omitempty" class:"P3,sealed"`
	By     string    `bson:"by" class:"P10"`
	At     time.Time `bson:"at" class:"ref"`
}

// Collection is "matters".
func (*Matter) Collection() string { return "matters" }

// Unit is the case's.
func (m *Matter) Unit(string) string { return "cases/" + m.CaseID }
