package partners

import (
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// Mediation is one attempt at mediation in an abduction matter. When it was
// offered, started and ended, and with what outcome, is the case's; everything
// else is a compartment of its own: sealed with a key of its own and open to
// the accounts that are named in it, whatever their role, and to nobody else.
// There is no emergency access.
type Mediation struct {
	journal.Head `bson:",inline"`
	CaseID       string `bson:"case_id" class:"ref"`
	MatterID     string `bson:"matter_id" class:"ref"`
	// Dates are YYYY-MM-DD; Outcome is one of MediationOutcomes or empty.
	OfferedOn string `bson:"offered_on" class:"P3"`
	StartedOn string `bson:"started_on,omitempty" class:"P3"`
	EndedOn   string `bson:"ended_on,omitempty" class:"P3"`
	Outcome   string `bson:"outcome,omitempty" class:"P3"`
	// Orders make an agreement enforceable, one in each state.
	Orders   []MirrorOrder `bson:"orders" class:"P3"`
	OpenedBy string        `bson:"opened_by" class:"P10"`
	// Named are the accounts that the content is open to.
	Named []string `bson:"named" class:"P10"`
	// Content is for those who are named; no row of the matrix opens it.
	Content MediationContent `bson:"content,omitempty" class:"kept,sealed"`
}

// MediationContent is what is said and written in a mediation. Sessions, notes
// and drafts are only added to.
type MediationContent struct {
	Mediators []Mediator       `bson:"mediators,omitempty" json:"mediators"`
	Sessions  []Session        `bson:"sessions,omitempty" json:"sessions"`
	Notes     []MediationEntry `bson:"notes,omitempty" json:"notes"`
	// Drafts are of the agreement; the last one stands.
	Drafts []MediationEntry `bson:"drafts,omitempty" json:"drafts"`
}

// Mediator is one of the mediators.
type Mediator struct {
	Name string `bson:"name" json:"name"`
	// Profession is legal, psychosocial or other.
	Profession string   `bson:"profession" json:"profession"`
	Languages  []string `bson:"languages,omitempty" json:"languages"`
}

// Session is one meeting.
type Session struct {
	At   time.Time `bson:"at" json:"at"`
	Mode string    `bson:"mode,omitempty" json:"mode"` // in_person, video, telephone
	Note string    `bson:"note,omitempty" json:"note"`
	By   string    `bson:"by" json:"by"`
}

// MediationEntry is a note or a draft.
type MediationEntry struct {
	At   time.Time `bson:"at" json:"at"`
	By   string    `bson:"by" json:"by"`
	Text string    `bson:"text" json:"text"`
}

// MirrorOrder is the court order, or its like, that makes an agreement
// enforceable in one state. Dates are YYYY-MM-DD.
type MirrorOrder struct {
	State       string `bson:"state" json:"state"`
	Court       string `bson:"court,omitempty" class:"P3,sealed" json:"court,omitempty"`
	RequestedOn string `bson:"requested_on,omitempty" json:"requested_on,omitempty"`
	GrantedOn   string `bson:"granted_on,omitempty" json:"granted_on,omitempty"`
	Reference   string `bson:"reference,omitempty" class:"P3,sealed" json:"reference,omitempty"`
}

// Collection is "mediations".
func (*Mediation) Collection() string { return "mediations" }

// Unit is the mediation's own, apart from the case's.
func (m *Mediation) Unit(string) string { return "mediations/" + m.ID }

// MediationRow is what the board keeps of a mediation: nothing of what is in it.
type MediationRow struct {
	journal.Head `bson:",inline"`
	CaseID       string   `bson:"case_id"`
	MatterID     string   `bson:"matter_id"`
	Named        []string `bson:"named"`
}

// Collection is "mediations".
func (*MediationRow) Collection() string { return "mediations" }

func rowOfMediation(m *Mediation) *MediationRow {
	return &MediationRow{Head: m.Head, CaseID: m.CaseID, MatterID: m.MatterID, Named: m.Named}
}

// MediationOutcomes are the ways in which mediation ends.
func MediationOutcomes() []string { return []string{"agreed", "partly", "not_agreed", "declined"} }

// MediatorProfessions are the professions of mediators.
func MediatorProfessions() []string { return []string{"legal", "psychosocial", "other"} }

// SessionModes are the ways in which sessions are held.
func SessionModes() []string { return []string{"in_person", "video", "telephone"} }

// NewMediation offers mediation in a matter.
type NewMediation struct {
	OfferedOn string `json:"offered_on"`
	// Named are the accounts that see what is in it: at least one. Whoever
	// opens it is not among them unless they say so.
	Named []string `json:"named"`
}

// MediationPatch changes what case staff know of a mediation: fields that were
// not sent stay as they are.
type MediationPatch struct {
	OfferedOn alerts.Optional[string]        `json:"offered_on,omitzero"`
	StartedOn alerts.Optional[string]        `json:"started_on,omitzero"`
	EndedOn   alerts.Optional[string]        `json:"ended_on,omitzero"`
	Outcome   alerts.Optional[string]        `json:"outcome,omitzero"`
	Orders    alerts.Optional[[]MirrorOrder] `json:"orders,omitzero"`
}

// InsidePatch changes what is in a mediation; only those who are named may.
type InsidePatch struct {
	Named     alerts.Optional[[]string]   `json:"named,omitzero"`
	Mediators alerts.Optional[[]Mediator] `json:"mediators,omitzero"`
	// Session, Note and Draft are added.
	Session *NewSession `json:"session,omitempty"`
	Note    string      `json:"note,omitempty"`
	Draft   string      `json:"draft,omitempty"`
}

// NewSession is one meeting to add.
type NewSession struct {
	At   time.Time `json:"at"`
	Mode string    `json:"mode"`
	Note string    `json:"note,omitempty"`
}

func (in *MediationPatch) apply(m *Mediation) {
	take(&m.OfferedOn, in.OfferedOn)
	take(&m.StartedOn, in.StartedOn)
	take(&m.EndedOn, in.EndedOn)
	take(&m.Outcome, in.Outcome)
	if in.Orders.Set {
		m.Orders = slices.Clone(in.Orders.Value)
	}
}
