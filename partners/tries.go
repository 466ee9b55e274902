package partners

import (
	"fmt"
	"slices"
	"time"
)

// TryState is where one step of a silence clock, or one message, stands.
type TryState string

// The states of a try. Messages go from open to sent, failed or dropped; tasks
// for people end with what came of them.
const (
	TryOpen    TryState = "open"
	TrySent    TryState = "sent"
	TryFailed  TryState = "failed"
	TryDropped TryState = "dropped" // no longer needed before it left
	// The outcomes of a task for a person of the desk.
	TryReached   TryState = "reached"
	TryNoAnswer  TryState = "no_answer"
	TryMessage   TryState = "left_message"
	TrySignedOff TryState = "signed_off"
)

// Try is one step of the silence clock of a delivery, or a withdrawal on its
// way. It is written before anything leaves; its place in the list is its
// number, from 1, and never changes.
type Try struct {
	// Kind is alert, withdrawal, handover or duty; Revision the one that it is about.
	Kind     string `bson:"kind"`
	Revision int    `bson:"revision"`
	// Times is how often the organisation had been addressed by then: who is
	// addressed anew is tried anew.
	Times   int    `bson:"times"`
	Channel string `bson:"channel"`
	// Person is the id of whom it is for, empty for the organisation's program
	// and for the duty coordinator.
	Person string `bson:"person,omitempty"`
	// Due is when the step fell due, At when it was taken.
	Due   time.Time `bson:"due"`
	At    time.Time `bson:"at"`
	State TryState  `bson:"state"`
	// Ended is when it got its state.
	Ended    time.Time `bson:"ended,omitempty"`
	Attempts int       `bson:"attempts,omitempty"`
	// Begun is when the newest attempt was claimed; NextAt is until when nobody
	// else makes one.
	Begun  time.Time `bson:"begun,omitempty"`
	NextAt time.Time `bson:"next_at,omitempty"`
	// Held says why the step was taken later than the policy says: off_duty.
	Held string `bson:"held,omitempty"`
	// Note is what the other side said, or what a person noted; By who that was.
	Note string `bson:"note,omitempty" class:"P10,sealed,people"`
	By   string `bson:"by,omitempty" class:"P10,sealed,people"`
	// Used is when the one-time link in the message was used.
	Used time.Time `bson:"used,omitempty"`
}

// SendTimeout is how long an attempt over a channel may take.
func SendTimeout(channel string) time.Duration {
	if channel == ChannelEmail {
		return 30 * time.Second // mail servers take their time
	}
	return 10 * time.Second
}

// claimed is how long an attempt belongs to its node: a sender gives up well
// before that, so that two never send the same at once.
func claimed(channel string) time.Duration { return 2 * SendTimeout(channel) }

// sends tells whether the try is a message that a program sends.
func (t *Try) sends() bool { return t.Channel == ChannelWebhook || t.Channel == ChannelEmail }

// inFlight tells whether an attempt may be under way at this moment.
func (t *Try) inFlight(now time.Time) bool {
	return t.State == TryOpen && !t.Begun.IsZero() && now.Before(t.freeAt())
}

// freeAt is when a claimed attempt is nobody's any more.
func (t *Try) freeAt() time.Time { return t.Begun.Add(claimed(t.Channel)) }

// left tells whether the try may have brought something to the other side.
func (t *Try) left() bool { return t.State == TrySent || t.Attempts > 0 }

// messageID is what the other side knows a message by, the same at each
// attempt.
func messageID(alertID, partner string, number int) string {
	return fmt.Sprintf("msg_%s.%s.%d", alertID, partner, number)
}

// of returns the tries of one kind for a time of being addressed.
func (d *Delivery) of(kind string, times int) []Try {
	var out []Try
	for _, t := range d.Tries {
		if t.Kind == kind && t.Times == times {
			out = append(out, t)
		}
	}
	return out
}

// tried tells whether there is a try of a channel and person in a list.
func tried(list []Try, channel, person string) bool {
	return slices.ContainsFunc(list, func(t Try) bool { return t.Channel == channel && t.Person == person })
}
