package alerts

import (
	"time"

	"homeward/journal"
)

// Call is one telephone call as an exchange announces it. It is no contact: it
// becomes one when somebody of the desk writes down what was said. A call of
// which nobody makes a contact is forgotten after CallTerms.Keep. It has an
// erasure unit of its own.
type Call struct {
	journal.Head `bson:",inline"`
	// Exchange is the id of the exchange that announced it.
	Exchange string `bson:"exchange" class:"ref"`
	// From is the caller's number in E.164 form; empty while it is not known, and
	// for good when the caller withholds it.
	From string `bson:"from,omitempty" class:"P6,sealed"`
	// FromKey is the keyed hash by which calls of one number are found.
	FromKey []byte `bson:"from_key,omitempty" class:"kept"`
	// Line is the number that was called, one of ours.
	Line string `bson:"line" class:"ref"`
	// The times that the exchange told; each is zero while it has not. They may
	// come in any order.
	RangAt     time.Time `bson:"rang_at,omitempty" class:"ref"`
	AnsweredAt time.Time `bson:"answered_at,omitempty" class:"ref"`
	MissedAt   time.Time `bson:"missed_at,omitempty" class:"ref"`
	EndedAt    time.Time `bson:"ended_at,omitempty" class:"ref"`
	// Extension is where it was answered, as the exchange names it.
	Extension string `bson:"extension,omitempty" class:"P10"`
	// TakenBy is who has the call, TakenAt since when.
	TakenBy string    `bson:"taken_by,omitempty" class:"P10"`
	TakenAt time.Time `bson:"taken_at,omitempty" class:"ref"`
	// ContactID is what was made of it; RecordedBy made that.
	ContactID  string `bson:"contact_id,omitempty" class:"ref"`
	RecordedBy string `bson:"recorded_by,omitempty" class:"P10"`
	// Blocked says that the number was blocked when its number became known. It
	// never changes, so that an exchange that asks again hears the same.
	Blocked bool `bson:"blocked,omitempty" class:"ref"`
	// Back are the attempts to call back.
	Back []CallBack `bson:"back,omitempty"`
}

// CallBack is one attempt to call somebody back.
type CallBack struct {
	At      time.Time `bson:"at" class:"ref"`
	By      string    `bson:"by" class:"P10"`
	Outcome string    `bson:"outcome" class:"ref"`
}

// CallBackOutcomes are what an attempt to call back can come to.
func CallBackOutcomes() []string { return []string{"called_back", "nobody_reached"} }

// Collection is "calls".
func (*Call) Collection() string { return "calls" }

// Unit is the call's own.
func (c *Call) Unit(string) string { return "calls/" + c.ID }

// At is when the call began, as far as anybody told.
func (c *Call) At() time.Time {
	var first time.Time
	for _, t := range []time.Time{c.RangAt, c.AnsweredAt, c.MissedAt, c.EndedAt} {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// The states of a call. One that rings for longer than calls do, with no word
// from the exchange, is unclear: somebody should call back.
const (
	CallRinging  = "ringing"
	CallAnswered = "answered"
	CallMissed   = "missed"
	CallUnclear  = "unclear"
)

// CallStates are the states of a call.
func CallStates() []string { return []string{CallRinging, CallAnswered, CallMissed, CallUnclear} }

// state says how a call stands. Whatever came first, an answer outweighs a miss:
// one telephone of a group may stop ringing before another is taken up.
func (c *Call) state(t *CallTerms, now time.Time) string {
	switch {
	case !c.AnsweredAt.IsZero() || c.ContactID != "":
		return CallAnswered
	case !c.MissedAt.IsZero() || !c.EndedAt.IsZero():
		return CallMissed
	case now.Sub(c.At()) > t.Ringing:
		return CallUnclear
	}
	return CallRinging
}

// calledBack tells whether somebody spoke with the caller since.
func (c *Call) calledBack() bool {
	for _, b := range c.Back {
		if b.Outcome == "called_back" {
			return true
		}
	}
	return false
}

// Exchange is a telephone exchange that may announce calls. It has an erasure
// unit of its own.
type Exchange struct {
	journal.Head `bson:",inline"`
	Name         string `bson:"name" class:"P10"`
	// Keys sign what it sends: the newest first, older ones until they end.
	Keys   []ExchangeKey `bson:"keys"`
	MadeBy string        `bson:"made_by" class:"P10"`
}

// ExchangeKey is one secret of an exchange. It must be readable, as it checks
// signatures.
type ExchangeKey struct {
	ID     string    `bson:"id" class:"ref"`
	Secret string    `bson:"secret" class:"kept,sealed"`
	MadeAt time.Time `bson:"made_at" class:"ref"`
	MadeBy string    `bson:"made_by" class:"P10"`
	// EndsAt is when a key that was replaced stops to count; zero for the newest.
	EndsAt    time.Time `bson:"ends_at,omitempty" class:"ref"`
	RevokedAt time.Time `bson:"revoked_at,omitempty" class:"ref"`
	RevokedBy string    `bson:"revoked_by,omitempty" class:"P10"`
}

// Collection is "exchanges".
func (*Exchange) Collection() string { return "exchanges" }

// Unit is the exchange's own.
func (e *Exchange) Unit(string) string { return "exchanges/" + e.ID }

// Block marks a caller whose calls are a nuisance, for a time. It hides and
// refuses nothing: whoever takes the call sees it, and a contact is made with
// one press as of any other. It has an erasure unit of its own.
type Block struct {
	journal.Head `bson:",inline"`
	// Kind is phone or email, Value what is blocked.
	Kind  string `bson:"kind" class:"ref"`
	Value string `bson:"value" class:"P6,sealed"`
	// ValueKey is the keyed hash by which it is found.
	ValueKey []byte `bson:"value_key" class:"kept"`
	Term     string `bson:"term" class:"ref"`
	Reason   string `bson:"reason" class:"P6,sealed"`
	By       string `bson:"by" class:"P10"`
	// Until is when it ends by itself. A long one ends sooner until somebody else
	// has agreed, and at Asked from then on.
	Until       time.Time `bson:"until" class:"ref"`
	Asked       time.Time `bson:"asked,omitempty" class:"ref"`
	ConfirmedBy string    `bson:"confirmed_by,omitempty" class:"P10"`
	ConfirmedAt time.Time `bson:"confirmed_at,omitempty" class:"ref"`
	EndedBy     string    `bson:"ended_by,omitempty" class:"P10"`
	EndedAt     time.Time `bson:"ended_at,omitempty" class:"ref"`
	EndReason   string    `bson:"end_reason,omitempty" class:"P6,sealed"`
}

// Collection is "blocks".
func (*Block) Collection() string { return "blocks" }

// Unit is the block's own.
func (b *Block) Unit(string) string { return "blocks/" + b.ID }

// over is when a block ended or ends.
func (b *Block) over() time.Time {
	if !b.EndedAt.IsZero() {
		return b.EndedAt
	}
	return b.Until
}

// inForce tells whether the block counts.
func (b *Block) inForce(now time.Time) bool { return now.Before(b.over()) }
