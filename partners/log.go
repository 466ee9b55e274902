package partners

import (
	"time"

	"homeward/journal"
)

// MatterContact is one entry of a log of contacts with institutions: that of an
// abduction matter, or that of a case without one. Entries are never changed; a
// correction is a new entry, and an answer and the end of a next step are added
// once.
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
	Matter string `bson:"matter,omitempty" class:"P3"`
	// Unit, Person and Function say to whom in the institution it went, or from
	// whom it came.
	Unit       string `bson:"unit,omitempty" class:"P3,sealed"`
	Person     string `bson:"person,omitempty" class:"P3,sealed"`
	Function   string `bson:"function,omitempty" class:"P3,sealed"`
	Request    string `bson:"request,omitempty" class:"P3,sealed"`
	LegalBasis string `bson:"legal_basis,omitempty" class:"P3,sealed"`
	// Reference is the institution's number, OurReference our own.
	Reference    string           `bson:"reference,omitempty" class:"P3"`
	OurReference string           `bson:"our_reference,omitempty" class:"P3"`
	Documents    []LoggedDocument `bson:"documents,omitempty" class:"P3,sealed"`
	Proof        *DeliveryProof   `bson:"proof,omitempty" class:"P3,sealed"`
	Language     string           `bson:"language,omitempty" class:"P3"` // BCP 47
	Interpreter  string           `bson:"interpreter,omitempty" class:"P3,sealed"`
	// Confidential is "" for nobody in particular, "family" for what the family
	// is not told, "staff" for what only the desk reads.
	Confidential string `bson:"confidential,omitempty" class:"P3"`
	// FamilyNote is what the family may be told about it.
	FamilyNote string `bson:"family_note,omitempty" class:"P3,sealed"`
	// NoReply marks an attempt that nobody answered.
	NoReply bool `bson:"no_reply,omitempty" class:"P3"`
	// PromisedDate and StatutoryDate are YYYY-MM-DD or empty; the day after the
	// earlier of the two the entry is overdue. A rule without a date is one
	// whose length is not known.
	PromisedDate  string `bson:"promised_date,omitempty" class:"P3"`
	PromisedBy    string `bson:"promised_by,omitempty" class:"P3,sealed"`
	StatutoryDate string `bson:"statutory_date,omitempty" class:"P3"`
	// StatutoryAt is the moment, where the law counts hours; StatutoryDate is
	// its day.
	StatutoryAt   time.Time `bson:"statutory_at,omitempty" class:"P3"`
	StatutoryRule string    `bson:"statutory_rule,omitempty" class:"P3"`
	// At most one of the next four names an earlier entry: one that this entry
	// takes the place of, goes on from, takes to a higher rung of the ladder, or
	// takes back.
	Corrects  int `bson:"corrects,omitempty" class:"P3"`
	Follows   int `bson:"follows,omitempty" class:"P3"`
	Escalates int `bson:"escalates,omitempty" class:"P3"`
	Withdraws int `bson:"withdraws,omitempty" class:"P3"`
	// Rung is the step of the ladder that an escalation took.
	Rung       string         `bson:"rung,omitempty" class:"P3"`
	Next       *NextStep      `bson:"next,omitempty"`
	Answer     *ContactAnswer `bson:"answer,omitempty"`
	RecordedBy string         `bson:"recorded_by" class:"P10"`
	RecordedAt time.Time      `bson:"recorded_at" class:"ref"`
}

// LoggedDocument is a document that went with an entry or came with it.
type LoggedDocument struct {
	Title     string `bson:"title" json:"title"`
	Version   string `bson:"version,omitempty" json:"version,omitempty"`
	Language  string `bson:"language,omitempty" json:"language,omitempty"` // BCP 47
	Direction string `bson:"direction" json:"direction"`                   // sent, received
}

// DeliveryProof says how it is known that what was sent arrived.
type DeliveryProof struct {
	Kind      string `bson:"kind" json:"kind"` // one of ProofKinds
	Reference string `bson:"reference,omitempty" json:"reference,omitempty"`
	On        string `bson:"on,omitempty" json:"on,omitempty"` // YYYY-MM-DD
}

// NextStep is what we do next about an entry, who does it, and by which day. It
// is done once, or when a later entry goes on from this one.
type NextStep struct {
	Text     string    `bson:"text" class:"P3,sealed"`
	Owner    string    `bson:"owner" class:"P10"`
	Due      string    `bson:"due" class:"P3"` // YYYY-MM-DD
	DoneAt   time.Time `bson:"done_at,omitempty" class:"P3"`
	DoneBy   string    `bson:"done_by,omitempty" class:"P10"`
	DoneNote string    `bson:"done_note,omitempty" class:"P3,sealed"`
}

// ContactAnswer is what came back.
type ContactAnswer struct {
	At        time.Time        `bson:"at" class:"P3"`
	Text      string           `bson:"text" class:"P3,sealed"`
	Satisfied string           `bson:"satisfied" class:"P3"` // yes, partly, no
	Person    string           `bson:"person,omitempty" class:"P3,sealed"`
	Reference string           `bson:"reference,omitempty" class:"P3"`
	Documents []LoggedDocument `bson:"documents,omitempty" class:"P3,sealed"`
	By        string           `bson:"by" class:"P10"`
}

// Inquiries is the log of contacts with institutions of a case, beside those of
// its abduction matters. Its id is the case's, and so is its erasure unit.
type Inquiries struct {
	journal.Head `bson:",inline"`
	CaseID       string          `bson:"case_id" class:"ref"`
	Contacts     []MatterContact `bson:"contacts"`
}

// Collection is "inquiries".
func (*Inquiries) Collection() string { return "inquiries" }

// Unit is the case's.
func (i *Inquiries) Unit(string) string { return "cases/" + i.CaseID }

// ProofKinds returns how it can be known that something arrived.
func ProofKinds() []string {
	return []string{"stamped_copy", "registered_post", "official_delivery", "email_receipt", "fax_report", "handed_over", "other"}
}

// Confidentials returns from whom an entry can be kept.
func Confidentials() []string { return []string{"family", "staff"} }
