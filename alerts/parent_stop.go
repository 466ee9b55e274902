package alerts

import (
	"context"
	"fmt"
	"slices"
	"time"

	"homeward/journal"
)

const maxObjections = 50

// NewObjection is what the holder of a code says against publication.
type NewObjection struct {
	Kind string `json:"kind"`
	Text string `json:"text,omitempty"`
}

func (in *NewObjection) validate(now time.Time) Fields {
	i := &inspection{now: now}
	oneOf(i, "kind", in.Kind, ObjectionKinds())
	i.text("text", &in.Text, maxNote)
	return i.Fields
}

// FollowObject takes an objection from the holder of a code. When they were
// checked, everything public about the case ends with it, in the same change,
// and stays so until a second person at the desk lifts it. From anybody else it
// is noted as urgent work and freezes nothing, because a report may have been
// made to harm.
func (d *Desk) FollowObject(ctx context.Context, a Actor, code string, in NewObjection, r Request) error {
	return d.object(ctx, a, code, in, "", r)
}

// FollowWithdraw takes back a consent that the holder of a code gave. When it
// was for the public, publication is frozen as well.
func (d *Desk) FollowWithdraw(ctx context.Context, a Actor, code, consentID string, r Request) error {
	return d.object(ctx, a, code, NewObjection{Kind: ObjectionWithdrawn}, consentID, r)
}

func (d *Desk) object(ctx context.Context, a Actor, code string, in NewObjection, consentID string, r Request) error {
	if err := d.may(a, "follow.stop"); err != nil {
		return err
	}
	doc, err := d.followed(ctx, code)
	if err != nil {
		return err
	}
	held, ok := doc.(*Contact)
	if !ok {
		return noSuchCode()
	}
	if err := in.validate(d.Now()).Err(); err != nil {
		return err
	}
	id := d.idFor("objection", r)
	_, err = d.Do(ctx, a, "follow.stop", r, func(v *journal.View) (journal.Outcome, error) {
		ct, err := journal.Load[*Contact](v, "contacts", held.ID)
		if err != nil {
			return journal.Outcome{}, err
		}
		c, open, err := d.objectedTo(v, ct)
		if err != nil {
			return journal.Outcome{}, err
		}
		o := Objection{ID: id, CaseID: ct.CaseID, Kind: in.Kind, Text: in.Text, At: v.Now}
		documents, err := objectRule(ct, c, open, &o, consentID, a, v.Now)
		if err == nil && o.Froze && c.Merged != nil {
			var leading []journal.Document
			leading, err = d.stopLeading(v, c.Merged.Into, o, ct.ID, a)
			documents = append(documents, leading...)
		}
		return journal.Outcome{Documents: documents}, err
	})
	return err
}

// stopLeading freezes the case that the one of an objection is merged into: it is
// what is published of the child.
func (d *Desk) stopLeading(v *journal.View, id string, o Objection, contactID string, a Actor) ([]journal.Document, error) {
	into, err := journal.Load[*Case](v, "cases", id)
	if err != nil {
		return nil, err
	}
	open, err := d.openAlerts(v, id)
	if err != nil {
		return nil, err
	}
	stopped, ended := stoppedCase(into, open, nil, o, contactID, a, v.Now)
	return append([]journal.Document{stopped}, ended...), nil
}

// objectedTo loads the case of a contact, nil for none, and its alerts that have
// not ended.
func (d *Desk) objectedTo(v *journal.View, ct *Contact) (*Case, []*Alert, error) {
	if ct.CaseID == "" {
		return nil, nil, nil
	}
	c, err := journal.Load[*Case](v, "cases", ct.CaseID)
	if err != nil {
		return nil, nil, err
	}
	open, err := d.openAlerts(v, c.ID)
	return c, open, err
}

// objectRule notes an objection on the contact and, when the holder of the code
// was checked, does to the case and its alerts what follows from it; then it says
// in the objection whether publication froze. A consent that was withdrawn before
// changes nothing.
func objectRule(ct *Contact, c *Case, open []*Alert, o *Objection, consentID string, a Actor, now time.Time) ([]journal.Document, error) {
	if len(ct.Objections) >= maxObjections {
		return nil, Errorf(TooMany, "This report takes no more of these. Please call us.")
	}
	next := *ct
	if ct.Checked(c) == nil {
		if consentID != "" {
			return nil, coded(journal.ErrNotFound)
		}
		next.Objections = append(slices.Clone(ct.Objections), *o)
		return []journal.Document{&next}, nil
	}
	gone, err := takenBack(c, ct.Party, o.Kind, consentID)
	if err != nil || consentID != "" && len(gone) == 0 {
		return nil, err
	}
	o.Froze = consentID == "" || c.Consents[gone[0]].Audience == "public"
	next.Objections = append(slices.Clone(ct.Objections), *o)
	stopped, documents := stoppedCase(c, open, gone, *o, ct.ID, a, now)
	return append([]journal.Document{&next, stopped}, documents...), nil
}

// takenBack returns the places of the consents that an objection takes back: the
// one named, or all that the party gave for the public.
func takenBack(c *Case, party, kind, consentID string) ([]int, error) {
	var out []int
	known := false
	for i := range c.Consents {
		s := &c.Consents[i]
		if s.Party != party {
			continue
		}
		known = known || s.ID == consentID
		if s.WithdrawnAt.IsZero() && (s.ID == consentID || consentID == "" && kind == ObjectionWithdrawn && s.Audience == "public") {
			out = append(out, i)
		}
	}
	if consentID != "" && !known {
		return nil, coded(journal.ErrNotFound)
	}
	return out, nil
}

// stoppedCase returns the case without the consents and, when the objection
// freezes publication, frozen; and the alerts that end with that.
func stoppedCase(c *Case, open []*Alert, gone []int, o Objection, contactID string, a Actor, now time.Time) (*Case, []journal.Document) {
	next := *c
	next.Consents = slices.Clone(c.Consents)
	for _, i := range gone {
		next.Consents[i].WithdrawnAt = now
	}
	if len(gone) > 0 {
		next.edited(a, now, "consents")
	} else {
		next.Version-- // the journal counts it up again: a freeze does not raise a case's version
	}
	if o.Froze {
		next.Frozen = append(slices.Clone(c.Frozen), Freeze{ID: o.ID, ContactID: contactID, At: now})
	}
	ending := slices.DeleteFunc(slices.Clone(open), func(al *Alert) bool {
		r := al.Current()
		public := o.Froze && al.State == AlertLive && r != nil && r.Level.IsPublic()
		rests := slices.ContainsFunc(gone, func(i int) bool {
			return restsOn(al, &c.Consents[i]) && !stillCovered(&next, &c.Consents[i], now)
		})
		return !public && !rests
	})
	return &next, cancelled(ending, "Publication was stopped.", a, now)
}

// Decide is what a second person decides about an objection.
type Decide struct {
	Decision string `json:"decision"`
	Reason   string `json:"reason"`
}

func (in *Decide) validate(now time.Time) Fields {
	i := &inspection{now: now}
	oneOf(i, "decision", in.Decision, []string{DecisionUpheld, DecisionLifted})
	i.required("reason", &in.Reason, maxNote, "Say why: the person who objected, and whoever asks later, must be able to understand it.")
	return i.Fields
}

// DecideObjection decides an objection. Lifting lets publication be prepared
// again; nothing goes out by itself. What was upheld can be lifted later.
func (d *Desk) DecideObjection(ctx context.Context, a Actor, contactID, objectionID string, in Decide, r Request) (ContactView, error) {
	return d.changeContact(ctx, a, "contact.decide", contactID, in.validate, r, func(v *journal.View, ct *Contact) ([]journal.Document, error) {
		n := slices.IndexFunc(ct.Objections, func(o Objection) bool { return o.ID == objectionID })
		if n < 0 {
			return nil, coded(journal.ErrNotFound)
		}
		o := ct.Objections[n]
		if o.Decision == DecisionLifted || o.Decision == in.Decision {
			return nil, Errorf(Conflict, "This has been decided already.")
		}
		o.Decision, o.Reason, o.DecidedBy, o.DecidedAt = in.Decision, in.Reason, a.ID, v.Now
		next := *ct
		next.Objections = slices.Clone(ct.Objections)
		next.Objections[n] = o
		documents := []journal.Document{&next}
		if !o.Froze || in.Decision != DecisionLifted {
			return documents, nil
		}
		frozen := []string{o.CaseID}
		d.Board.EachCase(func(c *Case) bool { // also the one that it was merged into then
			if c.ID != o.CaseID && slices.ContainsFunc(c.Frozen, func(f Freeze) bool { return f.ID == o.ID }) {
				frozen = append(frozen, c.ID)
			}
			return true
		})
		for _, id := range frozen {
			c, err := thawed(v, id, &o, a)
			if err != nil {
				return nil, err
			}
			documents = append(documents, c)
		}
		return documents, nil
	})
}

// thawed returns a case without the freeze that an objection made.
func thawed(v *journal.View, id string, o *Objection, a Actor) (*Case, error) {
	c, err := journal.Load[*Case](v, "cases", id)
	if err != nil {
		return nil, fmt.Errorf("lift a freeze: %w", err)
	}
	next := *c
	next.Frozen = slices.Clone(c.Frozen)
	for i := range next.Frozen {
		if f := &next.Frozen[i]; f.ID == o.ID {
			f.LiftedAt, f.LiftedBy = v.Now, a.ID
		}
	}
	next.Version-- // the journal counts it up again: a freeze does not raise a case's version
	return &next, nil
}
