package partners

import (
	"slices"

	"homeward/alerts"
)

// MatterFacts is what is known of a matter in detail, as it is sent and read.
// A patch replaces whole lists; what is sent without an id is new.
type MatterFacts struct {
	States         []InvolvedState   `json:"states,omitempty"`
	Parties        []Party           `json:"parties,omitempty"`
	Decisions      []CustodyDecision `json:"decisions,omitempty"`
	Documents      []TravelDocument  `json:"documents,omitempty"`
	Authorisations []Authorisation   `json:"authorisations,omitempty"`
	Traces         []Trace           `json:"traces,omitempty"`
	FamilyContacts []FamilyContact   `json:"family_contacts,omitempty"`
	Dangers        []Danger          `json:"dangers,omitempty"`
	Languages      []string          `json:"languages,omitempty"`
	Outcomes       []ChildOutcome    `json:"outcomes,omitempty"`
}

// FactsPatch changes facts of a matter: lists that were not sent stay.
type FactsPatch struct {
	States         alerts.Optional[[]InvolvedState]   `json:"states,omitzero"`
	Parties        alerts.Optional[[]Party]           `json:"parties,omitzero"`
	Decisions      alerts.Optional[[]CustodyDecision] `json:"decisions,omitzero"`
	Documents      alerts.Optional[[]TravelDocument]  `json:"documents,omitzero"`
	Authorisations alerts.Optional[[]Authorisation]   `json:"authorisations,omitzero"`
	Traces         alerts.Optional[[]Trace]           `json:"traces,omitzero"`
	FamilyContacts alerts.Optional[[]FamilyContact]   `json:"family_contacts,omitzero"`
	Dangers        alerts.Optional[[]Danger]          `json:"dangers,omitzero"`
	Languages      alerts.Optional[[]string]          `json:"languages,omitzero"`
	Outcomes       alerts.Optional[[]ChildOutcome]    `json:"outcomes,omitzero"`
}

// into puts facts into a matter; lists are copied.
func (f *MatterFacts) into(m *Matter) {
	m.States, m.Parties, m.Decisions = slices.Clone(f.States), slices.Clone(f.Parties), slices.Clone(f.Decisions)
	m.Documents, m.Authorisations, m.Traces = slices.Clone(f.Documents), slices.Clone(f.Authorisations), slices.Clone(f.Traces)
	m.FamilyContacts, m.Dangers = slices.Clone(f.FamilyContacts), slices.Clone(f.Dangers)
	m.Languages, m.Outcomes = slices.Clone(f.Languages), slices.Clone(f.Outcomes)
}

// facts are copies of a matter's, for its readers.
func (m *Matter) facts() MatterFacts {
	return MatterFacts{
		States: slices.Clone(m.States), Parties: slices.Clone(m.Parties), Decisions: slices.Clone(m.Decisions),
		Documents: slices.Clone(m.Documents), Authorisations: slices.Clone(m.Authorisations), Traces: slices.Clone(m.Traces),
		FamilyContacts: slices.Clone(m.FamilyContacts), Dangers: slices.Clone(m.Dangers),
		Languages: slices.Clone(m.Languages), Outcomes: slices.Clone(m.Outcomes),
	}
}

// apply changes the lists that were sent. Every list is copied, because the
// matter they come from must stay as it is.
func (p *FactsPatch) apply(m *Matter) {
	f := m.facts()
	take(&f.States, p.States)
	take(&f.Parties, p.Parties)
	take(&f.Decisions, p.Decisions)
	take(&f.Documents, p.Documents)
	take(&f.Authorisations, p.Authorisations)
	take(&f.Traces, p.Traces)
	take(&f.FamilyContacts, p.FamilyContacts)
	take(&f.Dangers, p.Dangers)
	take(&f.Languages, p.Languages)
	take(&f.Outcomes, p.Outcomes)
	f.into(m)
}
