package alerts

import (
	"context"
	"time"

	"homeward/journal"
)

// CallView is a call as one reader sees it.
type CallView struct {
	ID    string `json:"id"`
	State string `json:"state"`
	// From is the caller's number; NoNumber says that the caller withholds it.
	From     string    `json:"from,omitempty"`
	NoNumber bool      `json:"no_number"`
	Line     string    `json:"line"`
	Exchange string    `json:"exchange"`
	At       time.Time `json:"at"`
	// The times that the exchange told.
	RangAt     time.Time `json:"rang_at,omitzero"`
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	MissedAt   time.Time `json:"missed_at,omitzero"`
	EndedAt    time.Time `json:"ended_at,omitzero"`
	Extension  string    `json:"extension,omitempty"`
	// TakenBy is who has the call.
	TakenBy string    `json:"taken_by,omitempty"`
	TakenAt time.Time `json:"taken_at,omitzero"`
	// Recorded says that a contact was made of it; ContactID is that contact when
	// the reader may see it.
	Recorded   bool   `json:"recorded"`
	ContactID  string `json:"contact_id,omitempty"`
	RecordedBy string `json:"recorded_by,omitempty"`
	// Announced says that the exchange was told of a block; Block is the one that
	// counts now.
	Announced bool       `json:"announced"`
	Block     *BlockView `json:"block,omitempty"`
	// Earlier is how many earlier calls of the number are kept.
	Earlier int            `json:"earlier"`
	Back    []CallBackView `json:"back"`
	// ToCallBack says that somebody should call back. SpokeAt is when a later call
	// of the same number was answered.
	ToCallBack bool      `json:"to_call_back"`
	SpokeAt    time.Time `json:"spoke_at,omitzero"`
	// ForgottenAt is when a call of which nobody makes a contact is forgotten.
	ForgottenAt time.Time `json:"forgotten_at,omitzero"`
	Version     int       `json:"version"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
	Withheld    []Class   `json:"withheld"`
}

// CallBackView is an attempt to call back.
type CallBackView struct {
	At      time.Time `json:"at"`
	By      string    `json:"by,omitempty"`
	Outcome string    `json:"outcome"`
}

func callClasses() []Class { return []Class{P6, P10} }

// viewCall returns what a reader sees of the call itself.
func viewCall(l lens, c *Call) CallView {
	if !l.sees(Ref) {
		return CallView{Withheld: callClasses(), Back: []CallBackView{}}
	}
	v := CallView{
		ID: c.ID, NoNumber: c.From == "", Line: c.Line, Exchange: c.Exchange, At: c.At(), From: only(l, c.From, P6),
		RangAt: c.RangAt, AnsweredAt: c.AnsweredAt, MissedAt: c.MissedAt, EndedAt: c.EndedAt, Extension: only(l, c.Extension, P10),
		TakenBy: only(l, c.TakenBy, P10), TakenAt: c.TakenAt, Recorded: c.ContactID != "", ContactID: c.ContactID, RecordedBy: only(l, c.RecordedBy, P10),
		Announced: c.Blocked, Back: []CallBackView{}, Version: c.Version, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt, Withheld: l.withheld(callClasses()...),
	}
	for _, b := range c.Back {
		v.Back = append(v.Back, CallBackView{b.At, only(l, b.By, P10), b.Outcome})
	}
	return v
}

// callView adds what other records say of the call's number.
func (d *Desk) callView(a Actor, c *Call) CallView {
	l, now := d.lensOn(a, nil), d.Now()
	v := viewCall(l, c)
	if !l.sees(Ref) {
		return v
	}
	v.State = c.state(&d.callTerms, now)
	if v.ContactID != "" && !d.seesContact(a, v.ContactID) {
		v.ContactID, v.RecordedBy = "", ""
	}
	if c.ContactID == "" {
		v.ForgottenAt = c.At().Add(d.callTerms.Keep)
	}
	for _, other := range d.Board.callsFrom(c.FromKey) {
		switch {
		case other.ID == c.ID:
		case other.At().Before(c.At()):
			v.Earlier++
		case other.state(&d.callTerms, now) == CallAnswered:
			v.SpokeAt = other.At()
		}
	}
	v.ToCallBack = c.waits(&d.callTerms, now) && v.SpokeAt.IsZero()
	if b := d.Board.blockOn(c.FromKey, now); b != nil {
		shown := d.blockView(a, b)
		v.Block = &shown
	}
	return v
}

// waits tells whether somebody should call back, as far as the call itself says.
func (c *Call) waits(t *CallTerms, now time.Time) bool {
	s := c.state(t, now)
	return (s == CallMissed || s == CallUnclear) && c.From != "" && !c.calledBack()
}

// seesContact tells whether an actor may see a contact, by the board.
func (d *Desk) seesContact(a Actor, id string) bool {
	c, err := d.caseOf(a, d.Board.CaseOf(journal.Key{Collection: "contacts", ID: id}))
	return err == nil && d.seesClass(a, P6)(c)
}

// CallerKnown is what is known of the number of a call, as far as the reader may
// see it.
type CallerKnown struct {
	Contacts []CallerContact `json:"contacts"`
}

// CallerContact is an earlier contact of a number.
type CallerContact struct {
	ID         string    `json:"id"`
	At         time.Time `json:"at"`
	Kind       string    `json:"kind"`
	Name       string    `json:"name,omitempty"`
	CaseID     string    `json:"case_id,omitempty"`
	CaseNumber string    `json:"case_number,omitempty"`
}

// knownCalls is how many earlier contacts of a number are shown.
const knownCalls = 10

// callerKnown looks up the contacts of a number. Only those that the actor may
// see are counted, and each that is shown is a recorded read.
func (d *Desk) callerKnown(ctx context.Context, a Actor, number, but string) (CallerKnown, error) {
	out := CallerKnown{Contacts: []CallerContact{}}
	tail := phoneTail(number)
	if tail == "" {
		return out, nil
	}
	for _, id := range d.Board.contactsOfCaller(d.Ring.MAC("caller", []byte(tail))) {
		if len(out.Contacts) == knownCalls {
			break
		}
		ct, c, err := d.visibleContact(ctx, a, id)
		if CodeOf(err) == NotFound || id == but {
			continue
		}
		if err != nil {
			return out, err
		}
		one := CallerContact{ID: id, At: ct.At, Kind: ct.Kind, CaseID: ct.CaseID}
		if ct.Caller != nil {
			one.Name = ct.Caller.Name
		}
		if c != nil {
			one.CaseNumber = c.CaseNumber
		}
		if err := d.Reads.Record(ctx, a, "contacts/"+id, P6); err != nil {
			return out, err
		}
		out.Contacts = append(out.Contacts, one)
	}
	return out, nil
}
