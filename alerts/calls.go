package alerts

import (
	"context"
	"fmt"
	"slices"

	"homeward/journal"
)

// CallQuery asks for a page of calls, latest first.
type CallQuery struct {
	// State is one of CallStates; empty for all.
	State string
	// Waiting chooses those that somebody should call back.
	Waiting bool
	Cursor  string
	Limit   int
}

// CallWithKnown is a call with what is known of its number.
type CallWithKnown struct {
	CallView
	Known CallerKnown `json:"known"`
}

// IncomingCalls returns a page of the calls that are kept.
func (d *Desk) IncomingCalls(ctx context.Context, a Actor, q CallQuery) (Page[CallView], error) {
	page := Page[CallView]{Items: []CallView{}}
	if err := d.mayHearCalls(a); err != nil {
		return page, err
	}
	i := &inspection{}
	if q.State != "" {
		oneOf(i, "state", q.State, CallStates())
	}
	if err := i.Err(); err != nil {
		return page, err
	}
	after, err := parseCursor('p', q.Cursor)
	if err != nil {
		return page, err
	}
	now := d.Now()
	found, more := d.Board.callsBefore(after, pageSize(q.Limit), func(c *Call) bool {
		return (q.State == "" || c.state(&d.callTerms, now) == q.State) && (!q.Waiting || c.waits(&d.callTerms, now))
	})
	for _, c := range found {
		if v := d.callView(a, c); !q.Waiting || v.ToCallBack {
			page.Items = append(page.Items, v)
		}
	}
	if more {
		last := found[len(found)-1]
		page.Next = markOf(last.At(), last.ID).cursor('p')
	}
	if err := d.Reads.Record(ctx, a, fmt.Sprintf("calls?state=%s&waiting=%t", q.State, q.Waiting), callClasses()...); err != nil {
		return Page[CallView]{}, err
	}
	return page, nil
}

// Ringing returns the calls that an open page shows: those that ring, the
// newest first, and those that the actor has taken and not yet written down.
// Each is a recorded read.
func (d *Desk) Ringing(ctx context.Context, a Actor) ([]CallView, error) {
	if d.mayHearCalls(a) != nil {
		return nil, nil
	}
	now := d.Now()
	var out []CallView
	for _, c := range d.Board.callsSince(now.Add(-d.callTerms.Late)) {
		rings := c.state(&d.callTerms, now) == CallRinging
		if c.ContactID != "" || !rings && (c.TakenBy != a.ID || c.waits(&d.callTerms, now)) {
			continue
		}
		if err := d.Reads.Record(ctx, a, "calls/"+c.ID, callClasses()...); err != nil {
			return nil, err
		}
		out = append(out, d.callView(a, c))
	}
	return out, nil
}

// CallsWaiting is how many calls somebody should call back.
func (d *Desk) CallsWaiting(a Actor) int {
	if d.mayHearCalls(a) != nil {
		return 0
	}
	n, now := 0, d.Now()
	for _, c := range d.Board.callsSince(now.Add(-d.callTerms.Keep)) {
		if c.waits(&d.callTerms, now) && d.callView(a, c).ToCallBack {
			n++
		}
	}
	return n
}

// mayHearCalls refuses whoever may not take calls, or not see who calls.
func (d *Desk) mayHearCalls(a Actor) error {
	if err := d.may(a, "call.take"); err != nil {
		return err
	}
	if !d.seesClass(a, P6)(nil) {
		return Errorf(Forbidden, "This account may not do that.")
	}
	return nil
}

// Call returns a call with what is known of its number.
func (d *Desk) Call(ctx context.Context, a Actor, id string) (CallWithKnown, error) {
	if err := d.mayHearCalls(a); err != nil {
		return CallWithKnown{}, err
	}
	doc, err := d.Journal.Document(ctx, journal.Key{Collection: "calls", ID: id})
	if err != nil {
		return CallWithKnown{}, coded(err)
	}
	c, ok := doc.(*Call)
	if !ok {
		return CallWithKnown{}, fmt.Errorf("call %s: stored as %T", id, doc)
	}
	if err := d.Reads.Record(ctx, a, "calls/"+id, callClasses()...); err != nil {
		return CallWithKnown{}, err
	}
	out := CallWithKnown{CallView: d.callView(a, c)}
	out.Known, err = d.callerKnown(ctx, a, c.From, c.ContactID)
	return out, err
}

// TakeCall asks for a call.
type TakeCall struct {
	// TakeOver takes it from somebody who has it.
	TakeOver bool `json:"take_over,omitempty"`
}

// TakeCall gives a call to the actor. One that somebody else has is a Conflict
// unless it is taken over knowingly; one that has its contact stays as it is.
func (d *Desk) TakeCall(ctx context.Context, a Actor, id string, in TakeCall, r Request) (CallWithKnown, error) {
	return d.changeCall(ctx, a, id, r, func(c Call, v *journal.View) (*Call, error) {
		if c.ContactID != "" || c.TakenBy == a.ID {
			return nil, nil
		}
		if c.TakenBy != "" && !in.TakeOver {
			return nil, callTaken()
		}
		c.TakenBy, c.TakenAt = a.ID, v.Now
		return &c, nil
	})
}

func callTaken() error {
	return Errorf(Conflict, "Somebody else has this call. Take it over first, or leave it to them.")
}

// NewCallBack is what came of calling somebody back.
type NewCallBack struct {
	Outcome string `json:"outcome"`
}

// CallBack notes an attempt to call back.
func (d *Desk) CallBack(ctx context.Context, a Actor, id string, in NewCallBack, r Request) (CallWithKnown, error) {
	i := &inspection{}
	oneOf(i, "outcome", in.Outcome, CallBackOutcomes())
	if err := i.Err(); err != nil {
		return CallWithKnown{}, err
	}
	const most = 50
	return d.changeCall(ctx, a, id, r, func(c Call, v *journal.View) (*Call, error) {
		if c.From == "" {
			return nil, Errorf(Conflict, "The caller has withheld the number.")
		}
		if len(c.Back) == most {
			return nil, Errorf(TooMany, "That is noted often enough.")
		}
		c.Back = append(slices.Clone(c.Back), CallBack{At: v.Now, By: a.ID, Outcome: in.Outcome})
		return &c, nil
	})
}

func (d *Desk) changeCall(ctx context.Context, a Actor, id string, r Request, rule func(Call, *journal.View) (*Call, error)) (CallWithKnown, error) {
	if err := d.mayHearCalls(a); err != nil {
		return CallWithKnown{}, err
	}
	_, err := d.Do(ctx, a, "call.take", r, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*Call](v, "calls", id)
		if err != nil {
			return journal.Outcome{}, err
		}
		next, err := rule(*old, v)
		if err != nil || next == nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	if err != nil {
		return CallWithKnown{}, err
	}
	return d.Call(ctx, a, id)
}

// RecordCall makes the contact of a call. There is one for each call, however
// often it is asked for and by whom: whoever made it gets it again, anybody else
// is told who has it. What the contact leaves open is filled in from the call.
func (d *Desk) RecordCall(ctx context.Context, a Actor, id string, in NewContact, r Request) (ContactView, error) {
	if err := d.mayHearCalls(a); err != nil {
		return ContactView{}, err
	}
	known, ok := d.Board.Call(id)
	if !ok {
		return ContactView{}, coded(fmt.Errorf("call %s: %w", id, journal.ErrNotFound))
	}
	in.fromCall(known)
	f := in.validate(d.Now())
	caseID := d.staffCase(a, in.CaseID, "", &f)
	if in.TakenBy != "" && !d.knownAccount(in.TakenBy) {
		f.Add("taken_by", "unknown_account", "There is no such account.")
	}
	contact := idOf(d.Ring.MAC("id", []byte("contact of call"), []byte(id)))
	if err := f.Err(); err != nil && known.ContactID == "" {
		return ContactView{}, err
	}
	_, err := d.Do(ctx, a, "contact.record", r, func(v *journal.View) (journal.Outcome, error) {
		c, err := journal.Load[*Call](v, "calls", id)
		if err != nil {
			return journal.Outcome{}, err
		}
		switch {
		case c.ContactID != "" && c.RecordedBy == a.ID:
			return journal.Outcome{}, nil
		case c.ContactID != "":
			return journal.Outcome{}, Errorf(Conflict, "Somebody else has written this call down already.")
		case c.TakenBy != "" && c.TakenBy != a.ID:
			return journal.Outcome{}, callTaken()
		}
		ct := in.contact(contact, caseID, a, v.Now)
		ct.CallID, ct.CallerKey = id, d.callerKey(ct.Caller)
		next := *c
		next.ContactID, next.RecordedBy = contact, a.ID
		if next.TakenBy == "" {
			next.TakenBy, next.TakenAt = a.ID, v.Now
		}
		return journal.Outcome{Documents: []journal.Document{ct, &next}}, nil
	})
	if err != nil {
		return ContactView{}, err
	}
	return d.Contact(ctx, a, contact)
}

// fromCall fills in what a contact leaves open.
func (in *NewContact) fromCall(c *Call) {
	if in.Channel == "" {
		in.Channel = "phone"
	}
	if in.At.IsZero() {
		in.At = c.At()
	}
	if c.From == "" {
		return
	}
	caller := Reporter{}
	if in.Caller != nil {
		caller = *in.Caller
	}
	if caller.Phone == "" {
		caller.Phone = c.From
	}
	in.Caller = &caller
}
