package partners

import (
	"time"

	"homeward/journal"
)

// Institution is an entry of the directory of those who owe an answer.
type Institution struct {
	journal.Head `bson:",inline"`
	Name         string `bson:"name" class:"ref"`
	// Kind is one of InstitutionKinds.
	Kind      string    `bson:"kind" class:"ref"`
	Country   string    `bson:"country" class:"ref"` // ISO 3166-1 alpha-2, XK for Kosovo
	Roles     []string  `bson:"roles" class:"ref"`   // role per legal route, such as hague1980
	Languages []string  `bson:"languages" class:"ref"`
	Hours     string    `bson:"hours,omitempty" class:"ref"`
	Channels  []Channel `bson:"channels" class:"ref"`
	// VerifiedAt is when somebody last checked the entry; it is stale after six
	// months. Zero is "to be verified".
	VerifiedAt time.Time `bson:"verified_at,omitempty" class:"ref"`
	VerifiedBy string    `bson:"verified_by,omitempty" class:"P10"`
	// Source says where the entry comes from.
	Source    string `bson:"source,omitempty" class:"ref"`
	Fictional bool   `bson:"fictional,omitempty" class:"ref"`
}

// Channel is one way to reach an institution.
type Channel struct {
	Kind  string `bson:"kind" json:"kind"` // phone, email, post, web, official_delivery
	Value string `bson:"value" json:"value"`
	// Source and AsOf (YYYY-MM-DD) say where and when a seeded value was found.
	Source string `bson:"source,omitempty" json:"source,omitempty"`
	AsOf   string `bson:"as_of,omitempty" json:"as_of,omitempty"`
}

// Collection is "institutions".
func (*Institution) Collection() string { return "institutions" }

// Unit is empty: nothing in it is sealed.
func (*Institution) Unit(string) string { return "" }

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
	// ProceedingsStartedAt is YYYY-MM-DD or empty; it is the start of the first
	// of Instances when there is one.
	ProceedingsStartedAt string     `bson:"proceedings_started_at,omitempty" class:"P3"`
	Instances            []Instance `bson:"instances" class:"P3"`
	State                string     `bson:"state" class:"ref"` // one of MatterStates
	// EndedAt is when State left open; zero while the matter goes on.
	EndedAt time.Time `bson:"ended_at,omitempty" class:"ref"`
	// Owner is the account that looks after the matter; Legal are accounts of
	// the legal role that are named on it.
	Owner    string          `bson:"owner" class:"P10"`
	Legal    []string        `bson:"legal" class:"P10"`
	Contacts []MatterContact `bson:"contacts"`
}

// Instance is the proceedings before one instance. Dates are YYYY-MM-DD.
type Instance struct {
	StartedAt string `bson:"started_at" json:"started_at"`
	DecidedAt string `bson:"decided_at,omitempty" json:"decided_at,omitempty"`
	// InstitutionID is the court's entry in the directory, when it has one.
	InstitutionID string `bson:"institution_id,omitempty" json:"institution_id,omitempty"`
}

// MatterContact is one entry of a matter's contact log. Entries are never
// changed; a correction is a new entry, and an answer is added once.
type MatterContact struct {
	// ID is made of the request that recorded the entry, so that a repeat
	// finds it.
	ID            string    `bson:"id" class:"kept"`
	N             int       `bson:"n" class:"ref"` // from 1
	InstitutionID string    `bson:"institution_id" class:"P3"`
	Direction     string    `bson:"direction" class:"P3"` // out, in
	Channel       string    `bson:"channel" class:"P3"`
	At            time.Time `bson:"at" class:"P3"`
	// Matter is what the institution was asked for, in the words of the
	// deadline rules; empty when no rule is meant.
	Matter     string `bson:"matter,omitempty" class:"P3"`
	Person     string `bson:"person,omitempty" class:"P3,sealed"`
	Request    string `bson:"request,omitempty" class:"P3,sealed"`
	LegalBasis string `bson:"legal_basis,omitempty" class:"P3,sealed"`
	Reference  string `bson:"reference,omitempty" class:"P3"`
	// NoReply marks an attempt that nobody answered.
	NoReply bool `bson:"no_reply,omitempty" class:"P3"`
	// PromisedDate and StatutoryDate are YYYY-MM-DD or empty; the day after the
	// earlier of the two the entry is overdue.
	PromisedDate  string         `bson:"promised_date,omitempty" class:"P3"`
	StatutoryDate string         `bson:"statutory_date,omitempty" class:"P3"`
	StatutoryRule string         `bson:"statutory_rule,omitempty" class:"P3"`
	Corrects      int            `bson:"corrects,omitempty" class:"P3"`
	Answer        *ContactAnswer `bson:"answer,omitempty"`
	RecordedBy    string         `bson:"recorded_by" class:"P10"`
	RecordedAt    time.Time      `bson:"recorded_at" class:"ref"`
}

// ContactAnswer is what came back.
type ContactAnswer struct {
	At        time.Time `bson:"at" class:"P3"`
	Text      string    `bson:"text" class:"P3,sealed"`
	Satisfied string    `bson:"satisfied" class:"P3"` // yes, partly, no
	By        string    `bson:"by" class:"P10"`
}

// Collection is "matters".
func (*Matter) Collection() string { return "matters" }

// Unit is the case's.
func (m *Matter) Unit(string) string { return "cases/" + m.CaseID }
