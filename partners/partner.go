package partners

import (
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
)

// PartnerState is where an organisation is in vetting.
type PartnerState string

// The states of a partner. Until approved by another account than its maker, it
// receives drills only.
const (
	PartnerPending   PartnerState = "pending"
	PartnerApproved  PartnerState = "approved"
	PartnerSuspended PartnerState = "suspended"
	PartnerEnded     PartnerState = "ended"
)

// Partner is an organisation that receives alerts for its area.
type Partner struct {
	journal.Head `bson:",inline"`
	Name         string       `bson:"name"`
	State        PartnerState `bson:"state"`
	Coverage     geo.Area     `bson:"coverage"`
	Languages    []string     `bson:"languages"`
	Agreement    Agreement    `bson:"agreement"`
	MadeBy       string       `bson:"made_by"`
	ApprovedBy   string       `bson:"approved_by,omitempty"`
	ApprovedAt   time.Time    `bson:"approved_at,omitempty"`
	// Vettings are the times that somebody looked at it, the newest last.
	Vettings []Vetting `bson:"vettings,omitempty"`
	Keys     []Key     `bson:"keys"`
	// People are the organisation's named people, in a unit of their own.
	People []Person `bson:"people,omitempty" class:"P10,sealed,people"`
	// Zone is the IANA time zone of its duty hours; Rota says who is on duty
	// when. Without a rota everybody always is.
	Zone string  `bson:"zone,omitempty"`
	Rota []Shift `bson:"rota,omitempty"`
	// Services are what it can do, of Services().
	Services []string `bson:"services,omitempty"`
	// Silence holds what was agreed instead of the rows of silence.csv.
	Silence []Silence `bson:"silence,omitempty"`
	// Webhook is where its program takes alerts, nil without one.
	Webhook *Webhook `bson:"webhook,omitempty"`
	// Tests are what came of the last test over each channel.
	Tests []ChannelTest `bson:"tests,omitempty"`
	// PFIF says that the organisation is named for the export in that format,
	// which knows no restricted record.
	PFIF bool `bson:"pfif,omitempty"`
	// Fictional marks demonstration data.
	Fictional bool `bson:"fictional,omitempty"`
}

// Agreement is the data-sharing agreement. Without a valid one no alert with
// personal data goes to the partner.
type Agreement struct {
	Reference  string    `bson:"reference,omitempty" json:"reference,omitempty"`
	ValidUntil time.Time `bson:"valid_until,omitempty" json:"valid_until,omitzero"`
}

// Key is a partner's API key: only its SHA-256 is kept. It lives 90 days at
// most.
type Key struct {
	ID     string         `bson:"id"`
	Name   string         `bson:"name"`
	Hash   []byte         `bson:"hash"`
	Levels []alerts.Level `bson:"levels"`
	// Regions are the countries and regions that it is limited to; none means all
	// that the organisation covers.
	Regions   []string  `bson:"regions,omitempty"`
	ExpiresAt time.Time `bson:"expires_at"`
	RevokedAt time.Time `bson:"revoked_at,omitempty"`
	MadeAt    time.Time `bson:"made_at"`
	// ReplacedBy is the key that was made in its place, after which it works on
	// for a while.
	ReplacedBy string `bson:"replaced_by,omitempty"`
}

// Person is one named person of an organisation.
type Person struct {
	// ID is given when the person is entered; the rota names people by it.
	ID       string `bson:"id,omitempty" json:"id,omitempty"`
	Name     string `bson:"name" json:"name"`
	Function string `bson:"function,omitempty" json:"function,omitempty"`
	Phone    string `bson:"phone,omitempty" json:"phone,omitempty"`
	Email    string `bson:"email,omitempty" json:"email,omitempty"`
	// Channels are email and call in the order in which the person wants to be
	// reached; empty means all that there are, e-mail first.
	Channels []string `bson:"channels,omitempty" json:"channels,omitempty"`
	// Languages are what the person reads and speaks, best first; empty means
	// those of the organisation.
	Languages []string `bson:"languages,omitempty" json:"languages,omitempty"`
}

// Collection is "partners".
func (*Partner) Collection() string { return "partners" }

// Unit names the erasure unit of a part.
func (p *Partner) Unit(string) string { return "people/" + p.ID }

// Told is the thin record of which partners were addressed with which revision
// of one alert. Its id is the alert's. It is never shortened, holds no personal
// data, and outlives the erasure of the alert, so it also keeps what a
// withdrawal needs.
type Told struct {
	journal.Head `bson:",inline"`
	CaseID       string  `bson:"case_id"`
	Rounds       []Round `bson:"rounds"`
	// Ended lists partners that lost sight of the alert before it ended.
	Ended []ToldEnd `bson:"ended"`
	// Sender and Sent identify, with the identifiers, each revision in CAP.
	Sender string     `bson:"sender"`
	Sent   []ToldSent `bson:"sent"`
	// Erased is set when the alert itself has been forgotten.
	Erased bool `bson:"erased,omitempty"`
}

// Round is one time that partners were addressed for the first time, or again
// after they had lost sight of the alert. They are addressed with every later
// revision too, until an end says otherwise.
type Round struct {
	Revision int       `bson:"revision"`
	At       time.Time `bson:"at"`
	Partners []string  `bson:"partners"`
	// Why says, per partner in the same order, why it matched.
	Why []string `bson:"why"`
}

// ToldEnd says that a partner no longer sees an alert that goes on. Rounds is
// how many rounds there were then: a later round with the partner undoes it.
// Revision is the last one that it was addressed with.
type ToldEnd struct {
	Partner  string    `bson:"partner"`
	At       time.Time `bson:"at"`
	Rounds   int       `bson:"rounds"`
	Revision int       `bson:"revision"`
}

// ToldSent is the CAP identity of one revision.
type ToldSent struct {
	Revision   int       `bson:"revision"`
	Identifier string    `bson:"identifier"`
	Sent       time.Time `bson:"sent"`
}

// Collection is "told".
func (*Told) Collection() string { return "told" }

// Unit is empty: nothing in it is sealed.
func (*Told) Unit(string) string { return "" }

// DeliveryState is how far one alert got with one partner.
type DeliveryState string

// The states of a delivery, in order.
const (
	DeliveryWaiting  DeliveryState = "waiting"
	DeliverySent     DeliveryState = "sent"
	DeliveryReceived DeliveryState = "received"
	DeliveryOpened   DeliveryState = "opened"
	DeliveryAccepted DeliveryState = "accepted"
	DeliveryDeclined DeliveryState = "declined"
	DeliveryQuestion DeliveryState = "question"
	DeliveryDone     DeliveryState = "done"
	DeliveryRemoved  DeliveryState = "removed"
)

// Delivery is what one partner did with one alert. Its id is "ALERT.PARTNER".
// There is none before the partner's first sign: the ledger shows waiting.
type Delivery struct {
	journal.Head `bson:",inline"`
	AlertID      string        `bson:"alert_id"`
	PartnerID    string        `bson:"partner_id"`
	Revision     int           `bson:"revision"`
	State        DeliveryState `bson:"state"`
	Channel      string        `bson:"channel"`
	SentAt       time.Time     `bson:"sent_at,omitempty"`
	ReceivedAt   time.Time     `bson:"received_at,omitempty"`
	OpenedAt     time.Time     `bson:"opened_at,omitempty"`
	AnsweredAt   time.Time     `bson:"answered_at,omitempty"`
	DoneAt       time.Time     `bson:"done_at,omitempty"`
	RemovedAt    time.Time     `bson:"removed_at,omitempty"`
	// RemovedRevision is the withdrawal that the partner confirmed, and
	// RemovedTimes how many times it had been addressed by then.
	RemovedRevision int    `bson:"removed_revision,omitempty"`
	RemovedTimes    int    `bson:"removed_times,omitempty"`
	By              string `bson:"by,omitempty" class:"P10,sealed,people"`
	Reason          string `bson:"reason,omitempty" class:"P10,sealed,people"`
	Outcome         string `bson:"outcome,omitempty" class:"P10,sealed,people"`
	// Counts are the outcome in numbers.
	Counts DoneCounts `bson:"counts,omitempty"`
	Steps  []Step     `bson:"steps"`
	// Handed says which of the organisation's people has it in hand.
	Handed Handed `bson:"handed,omitempty"`
	// Tries are the steps of the silence clock and the messages that are sent:
	// each is written before anything leaves.
	Tries []Try `bson:"tries,omitempty"`
}

// Step is one entry of a delivery's history.
type Step struct {
	At       time.Time     `bson:"at"`
	Channel  string        `bson:"channel"`
	State    DeliveryState `bson:"state"`
	Revision int           `bson:"revision"`
	By       string        `bson:"by,omitempty" class:"P10,sealed,people"`
}

// Collection is "deliveries".
func (*Delivery) Collection() string { return "deliveries" }

// Unit names the erasure unit of the partner's people.
func (d *Delivery) Unit(string) string { return "people/" + d.PartnerID }
