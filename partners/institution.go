package partners

import (
	"time"

	"homeward/journal"
)

// Institution is an entry of the directory of those who owe an answer.
type Institution struct {
	journal.Head `bson:",inline"`
	Name         string `bson:"name"`
	// Kind is central_authority, court, police, prosecutor, social_work_centre,
	// ministry, consulate, ombudsman, hotline, mediator, lawyer or ngo.
	Kind      string    `bson:"kind"`
	Country   string    `bson:"country"` // ISO 3166-1 alpha-2, XK for Kosovo
	Roles     []string  `bson:"roles"`   // role per legal route, such as hague1980
	Languages []string  `bson:"languages"`
	Hours     string    `bson:"hours,omitempty"`
	Channels  []Channel `bson:"channels"`
	// VerifiedAt is when somebody last checked the entry; it is stale after six
	// months. Zero is "to be verified".
	VerifiedAt time.Time `bson:"verified_at,omitempty"`
	VerifiedBy string    `bson:"verified_by,omitempty"`
	// Source says where the entry comes from.
	Source    string `bson:"source,omitempty"`
	Fictional bool   `bson:"fictional,omitempty"`
}

// Channel is one way to reach an institution.
type Channel struct {
	Kind  string `bson:"kind" json:"kind"` // phone, email, post, web, official_delivery
	Value string `bson:"value" json:"value"`
}

// Collection is "institutions".
func (*Institution) Collection() string { return "institutions" }

// Unit is empty: nothing in it is sealed.
func (*Institution) Unit(string) string { return "" }

// Matter is a cross-border abduction matter on a case. It belongs to the case's
// erasure unit.
type Matter struct {
	journal.Head `bson:",inline"`
	CaseID       string `bson:"case_id"`
	Kind         string `bson:"kind"` // removal or retention
	// WrongfulDate is YYYY-MM-DD: the day of removal, or the end of the agreed
	// stay.
	WrongfulDate      string `bson:"wrongful_date"`
	WrongfulDateBasis string `bson:"wrongful_date_basis,omitempty" class:"P3,sealed"`
	FromState         string `bson:"from_state"`
	ToState           string `bson:"to_state"`
	HabitualResidence string `bson:"habitual_residence,omitempty" class:"P3,sealed"`
	LeftBehind        string `bson:"left_behind,omitempty" class:"P3,sealed"`
	TakingPerson      string `bson:"taking_person,omitempty" class:"P3,sealed"`
	CustodyBasis      string `bson:"custody_basis,omitempty" class:"P3,sealed"`
	Whereabouts       string `bson:"whereabouts,omitempty" class:"P3,sealed"`
	// ProceedingsStartedAt is YYYY-MM-DD or empty.
	ProceedingsStartedAt string          `bson:"proceedings_started_at,omitempty"`
	State                string          `bson:"state"` // open, returned, refused, agreed, withdrawn, closed
	Contacts             []MatterContact `bson:"contacts"`
}

// MatterContact is one entry of a matter's contact log. Entries are never
// changed; a correction is a new entry, and an answer is added once.
type MatterContact struct {
	N             int       `bson:"n"` // from 1
	InstitutionID string    `bson:"institution_id"`
	Direction     string    `bson:"direction"` // out, in
	Channel       string    `bson:"channel"`
	At            time.Time `bson:"at"`
	Person        string    `bson:"person,omitempty" class:"P3,sealed"`
	Request       string    `bson:"request,omitempty" class:"P3,sealed"`
	LegalBasis    string    `bson:"legal_basis,omitempty"`
	Reference     string    `bson:"reference,omitempty"`
	// PromisedDate and StatutoryDate are YYYY-MM-DD or empty; the earlier of
	// the two is when the entry turns overdue.
	PromisedDate  string         `bson:"promised_date,omitempty"`
	StatutoryDate string         `bson:"statutory_date,omitempty"`
	StatutoryRule string         `bson:"statutory_rule,omitempty"`
	Corrects      int            `bson:"corrects,omitempty"`
	Answer        *ContactAnswer `bson:"answer,omitempty"`
	RecordedBy    string         `bson:"recorded_by"`
	RecordedAt    time.Time      `bson:"recorded_at"`
}

// ContactAnswer is what came back.
type ContactAnswer struct {
	At        time.Time `bson:"at"`
	Text      string    `bson:"text" class:"P3,sealed"`
	Satisfied string    `bson:"satisfied"` // yes, partly, no
	By        string    `bson:"by"`
}

// Collection is "matters".
func (*Matter) Collection() string { return "matters" }

// Unit is the case's.
func (m *Matter) Unit(string) string { return "cases/" + m.CaseID }
