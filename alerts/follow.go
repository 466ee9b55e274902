package alerts

import (
	"context"
	"crypto/subtle"
	"fmt"
	"slices"

	"homeward/journal"
)

// maxMessages is how many lines a record and its reporter may exchange.
const maxMessages = 200

// NewMessage is one line between the desk and somebody who holds a code.
type NewMessage struct {
	Text string `json:"text"`
}

func (in *NewMessage) validate() Fields {
	i := &inspection{}
	i.required("text", &in.Text, maxNote, "Write something.")
	return i.Fields
}

// Follow returns what the holder of a code sees of their own report. told says
// which organisations have been told about a case. A code that leads nowhere is
// NotFound, whatever is wrong with it.
func (d *Desk) Follow(ctx context.Context, code string, told func(caseID string) []FollowTold) (FollowView, error) {
	doc, err := d.followed(ctx, code)
	if err != nil {
		return FollowView{}, err
	}
	switch doc := doc.(type) {
	case *Sighting:
		c, _ := d.Board.Case(doc.CaseID)
		return FollowSighting(d.Matrix, doc, c), nil
	case *Contact:
		c, ok := d.Board.Case(doc.CaseID)
		known := FollowFacts{}
		if ok && told != nil {
			known.Told = told(c.ID)
		}
		if ok {
			known.Alerts = d.Board.AlertsOf(c.ID)
		}
		return FollowReport(d.Matrix, doc, c, known), nil
	}
	return FollowView{}, noSuchCode()
}

func noSuchCode() error { return Errorf(NotFound, "This code does not lead to a report.") }

// followed returns the report that a code belongs to.
func (d *Desk) followed(ctx context.Context, code string) (journal.Document, error) {
	hash := HashSecret(NormalCode(code))
	key, ok := d.Board.ByReceipt(hash)
	if !ok || NormalCode(code) == "" {
		return nil, noSuchCode()
	}
	doc, err := d.Journal.Document(ctx, key)
	if err != nil {
		return nil, coded(err)
	}
	if subtle.ConstantTimeCompare(hash, receiptIn(doc)) != 1 {
		return nil, noSuchCode()
	}
	return doc, nil
}

func receiptIn(doc journal.Document) []byte {
	switch doc := doc.(type) {
	case *Sighting:
		return doc.Receipt
	case *Contact:
		return doc.Receipt
	}
	return nil
}

// FollowMessage adds a line to the report that a code belongs to.
func (d *Desk) FollowMessage(ctx context.Context, a Actor, code string, in NewMessage, r Request) error {
	if err := d.may(a, "follow.public"); err != nil {
		return err
	}
	doc, err := d.followed(ctx, code)
	if err != nil {
		return err
	}
	if err := in.validate().Err(); err != nil {
		return err
	}
	return d.say(ctx, a, "follow.public", journal.KeyOf(doc), in.Text, false, r)
}

// MessageTipster writes to whoever reported a sighting; they read it with their
// code.
func (d *Desk) MessageTipster(ctx context.Context, a Actor, sightingID string, in NewMessage, r Request) (SightingView, error) {
	err := d.sightingCommand(ctx, a, "sighting.message", sightingID, in.validate)
	if err == nil {
		err = d.say(ctx, a, "sighting.message", journal.Key{Collection: "sightings", ID: sightingID}, in.Text, true, r)
	}
	if err != nil {
		return SightingView{}, err
	}
	return d.Sighting(ctx, a, sightingID)
}

// MessageReporter writes to whoever reported a missing child; they read it with
// their code.
func (d *Desk) MessageReporter(ctx context.Context, a Actor, contactID string, in NewMessage, r Request) (ContactView, error) {
	if err := d.may(a, "contact.patch"); err != nil {
		return ContactView{}, err
	}
	ct, c, err := d.visibleContact(ctx, a, contactID)
	if err != nil {
		return ContactView{}, err
	}
	f := in.validate()
	if c != nil && len(c.HiddenIn(ct.Party, in.Text)) > 0 {
		f.Add("text", "hidden_from_party", "This holds something that must not become known to whoever reads it.")
	}
	if err := f.Err(); err != nil {
		return ContactView{}, err
	}
	err = d.say(ctx, a, "contact.patch", journal.Key{Collection: "contacts", ID: contactID}, in.Text, true, r)
	if err != nil {
		return ContactView{}, err
	}
	return d.Contact(ctx, a, contactID)
}

// say adds a line to a report. What somebody without a contact writes is noted
// to the hour.
func (d *Desk) say(ctx context.Context, a Actor, act string, key journal.Key, text string, staff bool, r Request) error {
	_, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		doc, err := v.Load(key)
		if err != nil {
			return journal.Outcome{}, err
		}
		switch doc := doc.(type) {
		case *Sighting:
			next, hourly := *doc, !staff && doc.Reporter == nil
			next.Messages, err = saying(doc.Messages, Message{cut(v.Now, hourly), staff, text}, len(doc.Receipt) > 0)
			return journal.Outcome{Documents: []journal.Document{&next}, Hourly: hourly}, err
		case *Contact:
			next, hourly := *doc, !staff && doc.Caller == nil
			next.Messages, err = saying(doc.Messages, Message{cut(v.Now, hourly), staff, text}, len(doc.Receipt) > 0)
			return journal.Outcome{Documents: []journal.Document{&next}, Hourly: hourly}, err
		}
		return journal.Outcome{}, fmt.Errorf("%s: stored as %T", key, doc)
	})
	return err
}

func saying(messages []Message, m Message, coded bool) ([]Message, error) {
	if !coded {
		return nil, Errorf(Conflict, "Nobody holds a code for this report, so a message would reach nobody.")
	}
	if len(messages) >= maxMessages {
		return nil, Errorf(TooMany, "This report takes no more messages.")
	}
	return append(slices.Clone(messages), m), nil
}
