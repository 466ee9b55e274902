package alerts

import (
	"time"

	"homeward/geo"
	"homeward/journal"
)

// SightingState is where a sighting is in triage.
type SightingState string

// The states of a sighting.
const (
	SightingNew           SightingState = "new"
	SightingScreened      SightingState = "screened"
	SightingAssessed      SightingState = "assessed"
	SightingHandedOver    SightingState = "handed_over"
	SightingConfirmed     SightingState = "confirmed"
	SightingExcluded      SightingState = "excluded"
	SightingNotVerifiable SightingState = "not_verifiable"
)

// Sighting is a claimed observation of a child. It never changes the case by
// itself. It has an erasure unit of its own, and its reporter another.
type Sighting struct {
	journal.Head `bson:",inline"`
	// CaseID is empty while the sighting is not linked to a case.
	CaseID string        `bson:"case_id,omitempty" class:"ref"`
	State  SightingState `bson:"state" class:"ref"`
	// ObservedAt and ReportedAt are cut to the hour for anonymous reports.
	ObservedAt   time.Time  `bson:"observed_at" class:"P2"`
	PrecisionMin int        `bson:"precision_min,omitempty" class:"P2"`
	ReportedAt   time.Time  `bson:"reported_at" class:"ref"`
	Place        *geo.Point `bson:"place,omitempty" class:"P2"`
	AccuracyM    float64    `bson:"accuracy_m,omitempty" class:"P2"`
	Text         string     `bson:"text,omitempty" class:"P7,sealed"`
	Language     string     `bson:"language,omitempty" class:"ref"`
	// Sure is how sure the reporter is: certain, probable, possible.
	Sure    string `bson:"sure,omitempty" class:"P7,sealed"`
	Channel string `bson:"channel" class:"ref"` // public_form, phone, staff, partner …
	// GivenNumber is the case number as a public form had it, kept only when it
	// named no case that is open to it.
	GivenNumber string `bson:"given_number,omitempty" class:"P7,sealed"`
	// Reporter is who told it; nil for an anonymous report.
	Reporter *Reporter `bson:"reporter,omitempty" class:"P8,sealed,reporter"`
	Photos   []Photo   `bson:"photos" class:"P7"`
	// Receipt is the hash of the follow-up code; the code itself is not kept.
	Receipt     []byte       `bson:"receipt,omitempty" class:"kept"`
	RecordedBy  string       `bson:"recorded_by" class:"P10"`
	Assessment  *Assessment  `bson:"assessment,omitempty" class:"P7"`
	DuplicateOf string       `bson:"duplicate_of,omitempty" class:"ref"`
	HandedOver  []HandedOver `bson:"handed_over" class:"P7"`
	// Messages are questions to and answers from the reporter, by code.
	Messages []Message `bson:"messages,omitempty" class:"P7,sealed"`
	// Doubt notes why a report is trusted less: too_fast, honeypot, flood.
	Doubt []string `bson:"doubt,omitempty" class:"P10"`
	// Via is the appeal that brought the reporter and how they came to it; nil
	// when that is not known.
	Via *Via `bson:"via,omitempty" class:"ref"`
	// Details are what the reporter answered to the form's further questions.
	Details *SightingDetails `bson:"details,omitempty" class:"P7,sealed"`
	// Signs are what makes a report more or less telling: see SightingSigns.
	Signs []string `bson:"signs,omitempty" class:"P7"`
	// Sources are keyed hashes of the network, the contact details and the words
	// that a report came with, under a key that lives for a day in memory only:
	// two that share one are of one source.
	Sources [][]byte `bson:"sources,omitempty" class:"kept"`
	// Apart takes a report out of the group in which its place and time put it;
	// With puts it beside another one.
	Apart bool   `bson:"apart,omitempty" class:"ref"`
	With  string `bson:"with,omitempty" class:"ref"`
	// Before is what the last step of triage changed; nil when it cannot be taken
	// back.
	Before *TriageBefore `bson:"before,omitempty" class:"kept"`
}

// SightingDetails are further answers of a reporter. All may be empty.
type SightingDetails struct {
	Direction  string `bson:"direction,omitempty" json:"direction,omitempty"`
	Transport  string `bson:"transport,omitempty" json:"transport,omitempty"`
	Companions string `bson:"companions,omitempty" json:"companions,omitempty"`
	Vehicle    string `bson:"vehicle,omitempty" json:"vehicle,omitempty"`
	// SeenAppeal says whether the reporter had seen the appeal before: yes, no.
	SeenAppeal string `bson:"seen_appeal,omitempty" json:"seen_appeal,omitempty"`
}

// Reporter is who made a report, kept apart from it.
type Reporter struct {
	Name  string `bson:"name,omitempty" json:"name,omitempty"`
	Phone string `bson:"phone,omitempty" json:"phone,omitempty"`
	Email string `bson:"email,omitempty" json:"email,omitempty"`
}

// Assessment is the Admiralty pair, the two judged independently and never
// averaged, with a separate handling code that says who may see it.
type Assessment struct {
	Source      string    `bson:"source" class:"ref"`      // A to F
	Information int       `bson:"information" class:"ref"` // 1 to 6
	Handling    string    `bson:"handling,omitempty" class:"ref"`
	Note        string    `bson:"note,omitempty" class:"P7,sealed"`
	By          string    `bson:"by" class:"P10"`
	At          time.Time `bson:"at" class:"ref"`
}

// HandedOver is one hand-over to the police.
type HandedOver struct {
	At        time.Time `bson:"at" class:"ref"`
	Unit      string    `bson:"unit" class:"P7,sealed"`
	Person    string    `bson:"person,omitempty" class:"P7,sealed"`
	Reference string    `bson:"reference,omitempty" class:"ref"`
	By        string    `bson:"by" class:"P10"`
}

// Message is one line between the desk and somebody who holds a code.
type Message struct {
	At        time.Time `bson:"at"`
	FromStaff bool      `bson:"from_staff"`
	Text      string    `bson:"text"`
}

// Collection is "sightings".
func (*Sighting) Collection() string { return "sightings" }

// Unit names the erasure unit of a part.
func (s *Sighting) Unit(part string) string {
	if part == "reporter" {
		return "reporters/" + s.ID
	}
	return "sightings/" + s.ID
}

// SightingRow is what the board keeps of a sighting: small, fixed, unsealed.
type SightingRow struct {
	journal.Head `bson:",inline"`
	CaseID       string        `bson:"case_id,omitempty"`
	State        SightingState `bson:"state"`
	ObservedAt   time.Time     `bson:"observed_at"`
	ReportedAt   time.Time     `bson:"reported_at"`
	Place        *geo.Point    `bson:"place,omitempty"`
	AccuracyM    float64       `bson:"accuracy_m,omitempty"`
	Channel      string        `bson:"channel"`
	DuplicateOf  string        `bson:"duplicate_of,omitempty"`
	Receipt      []byte        `bson:"receipt,omitempty"`
	Assessment   *RowGrade     `bson:"assessment,omitempty"`
	Via          *Via          `bson:"via,omitempty"`
	PrecisionMin int           `bson:"precision_min,omitempty"`
	Doubt        []string      `bson:"doubt,omitempty"`
	Signs        []string      `bson:"signs,omitempty"`
	Sources      [][]byte      `bson:"sources,omitempty"`
	Apart        bool          `bson:"apart,omitempty"`
	With         string        `bson:"with,omitempty"`
}

// RowGrade is the Admiralty pair of a row.
type RowGrade struct {
	Source      string `bson:"source"`
	Information int    `bson:"information"`
}

// Collection is "sightings".
func (*SightingRow) Collection() string { return "sightings" }

// Contact is one call, chat, letter, e-mail or visit. It may stand without a
// case. It has an erasure unit of its own.
type Contact struct {
	journal.Head `bson:",inline"`
	Channel      string    `bson:"channel" class:"ref"`
	At           time.Time `bson:"at" class:"ref"`
	Language     string    `bson:"language,omitempty" class:"ref"`
	Kind         string    `bson:"kind" class:"ref"`
	CaseID       string    `bson:"case_id,omitempty" class:"ref"`
	Relation     string    `bson:"relation,omitempty" class:"P6,sealed"`
	// Party is which party of the case holds the code: its id, empty while that
	// is not settled.
	Party    string    `bson:"party,omitempty" class:"P6,sealed"`
	Caller   *Reporter `bson:"caller,omitempty" class:"P6,sealed,reporter"`
	Asked    string    `bson:"asked,omitempty" class:"P6,sealed"`
	Promised string    `bson:"promised,omitempty" class:"P6,sealed"`
	// PromisedUntil is when the promise falls due; KeptAt when it was kept.
	PromisedUntil time.Time    `bson:"promised_until,omitempty" class:"ref"`
	KeptAt        time.Time    `bson:"kept_at,omitempty" class:"ref"`
	Police        PoliceReport `bson:"police"`
	// Interpreter is who interpreted and how, empty for nobody; MayBeTold what
	// the caller may be told; Explained what was said to them about rights and
	// services, in the language ExplainedIn.
	Interpreter string `bson:"interpreter,omitempty" class:"P6,sealed"`
	MayBeTold   string `bson:"may_be_told,omitempty" class:"P6,sealed"`
	Explained   string `bson:"explained,omitempty" class:"P6,sealed"`
	ExplainedIn string `bson:"explained_in,omitempty" class:"P6,sealed"`
	// TakenBy spoke with the caller; RecordedBy wrote it down, maybe later.
	TakenBy    string `bson:"taken_by,omitempty" class:"P10"`
	RecordedBy string `bson:"recorded_by" class:"P10"`
	// Receipt is the hash of the code of somebody who reported a missing child.
	Receipt []byte `bson:"receipt,omitempty" class:"kept"`
	// Report is what a public report of a missing child said, until staff have
	// made a case of it.
	Report   *PublicReport `bson:"report,omitempty" class:"P6,sealed"`
	Messages []Message     `bson:"messages,omitempty" class:"P6,sealed"`
	// Checks say whether the holder of the code may see what was done;
	// Objections are what they said against publication.
	Checks     []ParentCheck `bson:"checks,omitempty" class:"P6"`
	Objections []Objection   `bson:"objections,omitempty" class:"P6"`
	// CallID is the call that it was made of, empty for none.
	CallID string `bson:"call_id,omitempty" class:"ref"`
	// CallerKey is the keyed hash by which contacts of one telephone number are
	// found.
	CallerKey []byte `bson:"caller_key,omitempty" class:"kept"`
	// NotSame are cases that somebody judged to be about another child.
	NotSame []Apart `bson:"not_same,omitempty" class:"P10"`
}

// PublicReport is a member of the public's report of a missing child.
type PublicReport struct {
	ChildName     string    `bson:"child_name,omitempty" json:"child_name,omitempty"`
	ChildAge      string    `bson:"child_age,omitempty" json:"child_age,omitempty"`
	LastSeenAt    time.Time `bson:"last_seen_at,omitempty" json:"last_seen_at,omitzero"`
	LastSeenWhere string    `bson:"last_seen_where,omitempty" json:"last_seen_where,omitempty"`
	Circumstances string    `bson:"circumstances,omitempty" json:"circumstances,omitempty"`
	Description   string    `bson:"description,omitempty" json:"description,omitempty"`
	PoliceTold    string    `bson:"police_told,omitempty" json:"police_told,omitempty"`
}

// Collection is "contacts".
func (*Contact) Collection() string { return "contacts" }

// Unit names the erasure unit of a part.
func (c *Contact) Unit(part string) string {
	if part == "reporter" {
		return "reporters/" + c.ID
	}
	return "contacts/" + c.ID
}

// ContactRow is what the board keeps of a contact.
type ContactRow struct {
	journal.Head  `bson:",inline"`
	Channel       string    `bson:"channel"`
	At            time.Time `bson:"at"`
	Kind          string    `bson:"kind"`
	CaseID        string    `bson:"case_id,omitempty"`
	PromisedUntil time.Time `bson:"promised_until,omitempty"`
	KeptAt        time.Time `bson:"kept_at,omitempty"`
	RecordedBy    string    `bson:"recorded_by"`
	TakenBy       string    `bson:"taken_by,omitempty"`
	Language      string    `bson:"language,omitempty"`
	Receipt       []byte    `bson:"receipt,omitempty"`
	Police        RowPolice `bson:"police"`
	// Objections are those of the contact, as far as a row has them.
	Objections []RowObjection `bson:"objections,omitempty"`
	CallerKey  []byte         `bson:"caller_key,omitempty"`
}

// RowObjection is the part of an objection that a row keeps.
type RowObjection struct {
	At        time.Time `bson:"at"`
	Froze     bool      `bson:"froze"`
	DecidedAt time.Time `bson:"decided_at,omitempty"`
}

// RowPolice is the part of a police report that a row keeps.
type RowPolice struct {
	ReportedAt time.Time `bson:"reported_at,omitempty"`
	WhyNotAt   time.Time `bson:"why_not_at,omitempty"`
}

// KindNewDisappearance is the kind of contact that reports a missing child of
// whom there is no case yet.
const KindNewDisappearance = "new_disappearance"

// Collection is "contacts".
func (*ContactRow) Collection() string { return "contacts" }
