package alerts

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"time"

	"homeward/journal"
)

// NewCall is what an exchange tells of a call.
type NewCall struct {
	// Call is the exchange's own id of the call. Only a keyed hash of it is kept.
	Call string `json:"call"`
	// Event is ringing, answered, missed or ended.
	Event string `json:"event"`
	// From is the caller's number as +38111000000, or "withheld".
	From string `json:"from"`
	// To is the line that was called.
	To string `json:"to"`
	// Extension or Account is who answers, when the exchange knows: the number of
	// a desk, or the id of an account here.
	Extension string    `json:"extension,omitempty"`
	Account   string    `json:"account,omitempty"`
	At        time.Time `json:"at"`
}

// CallEvents are what an exchange may tell of a call.
func CallEvents() []string { return []string{"ringing", "answered", "missed", "ended"} }

// withheld is what an exchange sends in place of a number.
const withheld = "withheld"

// CallHeard answers an exchange. Handling says what it may do with the call: let
// it ring, or first tell the caller that the number is blocked for a time. It
// must put the call through in both cases.
type CallHeard struct {
	ID       string `json:"id"`
	Handling string `json:"handling"`
}

// CallHandlings are what an exchange may be told.
func CallHandlings() []string { return []string{"ring", "announce_block"} }

func (in *NewCall) inspect(i *inspection, late time.Duration, known func(string) bool) {
	i.required("call", &in.Call, maxLine, "Send the exchange's own id of the call.")
	oneOf(i, "event", in.Event, CallEvents())
	if in.From != withheld && !isE164(in.From) {
		i.Add("from", "bad_phone", "Write the number with + and its country code, such as +38111000000, or withheld.")
	}
	if !regexp.MustCompile(`^[0-9A-Za-z+*#._-]{1,40}$`).MatchString(in.To) {
		i.Add("to", "bad_line", "Write the line that was called: up to 40 digits, letters, or + * # . _ -")
	}
	i.text("extension", &in.Extension, 40)
	if in.Account != "" && !known(in.Account) {
		i.Add("account", "unknown_account", "There is no such account.")
	}
	i.past("at", in.At)
	switch {
	case in.At.IsZero():
		i.Add("at", "required", "Say when it happened.")
	case i.now.Sub(in.At) > late:
		i.Add("at", "too_old", "This was too long ago.")
	}
}

// HearCall takes in what an exchange tells of a call. Events of one call may come
// in any order and more than once; a message that is repeated changes nothing
// and gets the same answer.
func (d *Desk) HearCall(ctx context.Context, e *Exchange, m SignedMessage, in NewCall) (CallHeard, error) {
	i := &inspection{now: d.Now()}
	in.inspect(i, d.callTerms.Late, func(id string) bool { _, ok := d.Board.Account(id); return ok })
	if err := i.Err(); err != nil {
		d.RefuseBody(ctx, e)
		return CallHeard{}, err
	}
	id := idOf(d.Ring.MAC("id", []byte("call"), []byte(e.ID), []byte(in.Call)))
	r := Request{Key: d.Ring.MAC("request", []byte(e.ID), []byte("call"), []byte(m.ID)), Body: d.Ring.MAC("body", m.Body)}
	by := Actor{ID: e.ID, Kind: KindSystem, Role: RoleSystem, Name: e.Name}
	_, err := d.Do(ctx, by, "call.hear", r, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*Call](v, "calls", id)
		if errors.Is(err, journal.ErrNotFound) {
			old, err = &Call{Head: journal.Head{ID: id}, Exchange: e.ID, Line: in.To}, nil
		}
		if err != nil {
			return journal.Outcome{}, err
		}
		next := d.heardRule(*old, &in, v.Now)
		if next == nil {
			return journal.Outcome{}, nil
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	if err != nil {
		return CallHeard{}, err
	}
	d.noteGood(ctx, e.ID)
	doc, err := d.Journal.Document(ctx, journal.Key{Collection: "calls", ID: id})
	if err != nil {
		return CallHeard{}, coded(err)
	}
	out := CallHeard{ID: id, Handling: CallHandlings()[0]}
	if c, ok := doc.(*Call); ok && c.Blocked {
		out.Handling = CallHandlings()[1]
	}
	return out, nil
}

// RefuseBody notes that a message was signed well and said what cannot be.
func (d *Desk) RefuseBody(ctx context.Context, e *Exchange) { d.noteRefused(ctx, e.ID, refusedBody) }

// heardRule puts one event into a call. It returns nil when the call says so
// already: the first time of an event stays, but for its end, where the last
// one counts.
func (d *Desk) heardRule(c Call, in *NewCall, now time.Time) *Call {
	at, was := in.At.UTC().Truncate(time.Millisecond), c
	if in.From != withheld && c.From == "" {
		c.From, c.FromKey = in.From, d.exactKey(blockPhone, in.From)
		c.Blocked = d.Board.blockOn(c.FromKey, now) != nil
	}
	earlier := func(t *time.Time) {
		if t.IsZero() || at.Before(*t) {
			*t = at
		}
	}
	switch in.Event {
	case "ringing":
		earlier(&c.RangAt)
	case "answered":
		earlier(&c.AnsweredAt)
		if c.Extension == "" {
			c.Extension = in.Extension
		}
		if c.TakenBy == "" && in.Account != "" {
			c.TakenBy, c.TakenAt = in.Account, now
		}
	case "missed":
		earlier(&c.MissedAt)
	case "ended":
		if at.After(c.EndedAt) {
			c.EndedAt = at
		}
	}
	if c.same(&was) {
		return nil
	}
	c.Back = slices.Clone(was.Back)
	return &c
}

// same tells whether an event changed nothing.
func (c *Call) same(o *Call) bool {
	return c.From == o.From && c.RangAt.Equal(o.RangAt) && c.AnsweredAt.Equal(o.AnsweredAt) && c.MissedAt.Equal(o.MissedAt) &&
		c.EndedAt.Equal(o.EndedAt) && c.Extension == o.Extension && c.TakenBy == o.TakenBy
}
