package partners

import (
	"bytes"
	"context"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners/abduction"
)

// NewMatterContact is one entry for a matter's contact log.
type NewMatterContact struct {
	InstitutionID string    `json:"institution_id"`
	Direction     string    `json:"direction"` // out, in
	Channel       string    `json:"channel"`
	At            time.Time `json:"at"`
	// Matter is what the institution was asked for, one of the words of the
	// deadline rules; the statutory date follows from it.
	Matter     string `json:"matter,omitempty"`
	Person     string `json:"person,omitempty"`
	Request    string `json:"request,omitempty"`
	LegalBasis string `json:"legal_basis,omitempty"`
	Reference  string `json:"reference,omitempty"`
	// NoReply records an attempt that nobody answered.
	NoReply      bool   `json:"no_reply,omitempty"`
	PromisedDate string `json:"promised_date,omitempty"`
	// Corrects is the number of an earlier entry that this one takes the place
	// of.
	Corrects int `json:"corrects,omitempty"`
}

// NewAnswer is what came back on a contact.
type NewAnswer struct {
	At        time.Time `json:"at"`
	Text      string    `json:"text"`
	Satisfied string    `json:"satisfied"` // yes, partly, no
}

// RecordContact adds an entry to a matter's contact log and answers with it;
// its N counts from 1. Entries are never changed.
func (d *Desk) RecordContact(ctx context.Context, a alerts.Actor, matterID string, in NewMatterContact, r alerts.Request) (MatterContactView, error) {
	if _, _, err := d.visibleMatter(a, matterID); err != nil {
		return MatterContactView{}, err
	}
	law, _, err := d.board.rules()
	if err != nil {
		return MatterContactView{}, err
	}
	id := entryID(r, d)
	view, err := d.matterCommand(ctx, a, "matter.contact", r, func(v *journal.View, c *checker) (*Matter, error) {
		old, err := d.loadMatter(a, v, matterID)
		if err != nil {
			return nil, err
		}
		entry, err := contactRule(v, old, in, law, c)
		if err != nil {
			return nil, err
		}
		entry.ID, entry.N, entry.RecordedBy, entry.RecordedAt = id, len(old.Contacts)+1, a.ID, v.Now
		m := *old
		m.Contacts = append(slices.Clip(slices.Clone(old.Contacts)), entry)
		return &m, nil
	})
	if err != nil {
		return MatterContactView{}, err
	}
	m, ok := d.board.Matter(view.ID)
	if ok {
		for i := range m.Contacts {
			if m.Contacts[i].ID == id && i < len(view.Contacts) {
				return view.Contacts[i], nil
			}
		}
	}
	return MatterContactView{}, missing("contact of matter " + matterID)
}

// AnswerContact adds the answer to the nth contact. A contact is answered once:
// what is learned later is a new entry.
func (d *Desk) AnswerContact(ctx context.Context, a alerts.Actor, matterID string, n int, in NewAnswer, r alerts.Request) (MatterContactView, error) {
	m, _, err := d.visibleMatter(a, matterID)
	if err != nil {
		return MatterContactView{}, err
	}
	if n < 1 || n > len(m.Contacts) {
		return MatterContactView{}, missing("contact of matter " + matterID)
	}
	view, err := d.matterCommand(ctx, a, "matter.answer", r, func(v *journal.View, c *checker) (*Matter, error) {
		old, err := d.loadMatter(a, v, matterID)
		if err != nil {
			return nil, err
		}
		return answerRule(old, n, in, a, c)
	})
	if err != nil {
		return MatterContactView{}, err
	}
	if n > len(view.Contacts) {
		return MatterContactView{}, missing("contact of matter " + matterID)
	}
	return view.Contacts[n-1], nil
}

func (d *Desk) loadMatter(a alerts.Actor, v *journal.View, id string) (*Matter, error) {
	m, err := journal.Load[*Matter](v, "matters", id)
	if err != nil {
		return nil, err
	}
	return m, d.workable(a, v, m.CaseID, m)
}

// entryID makes the id of a log entry: from the request when there is one, so
// that a repeat finds what it recorded the first time.
func entryID(r alerts.Request, d *Desk) string {
	if len(r.Key) >= 16 {
		return alerts.NewID(bytes.NewReader(r.Key))
	}
	return alerts.NewID(d.Random)
}

// contactRule checks an entry and fills in what the law says.
func contactRule(v *journal.View, m *Matter, in NewMatterContact, law *abduction.Law, c *checker) (MatterContact, error) {
	e := MatterContact{
		InstitutionID: in.InstitutionID, Direction: in.Direction, Channel: in.Channel, At: in.At.UTC().Truncate(time.Millisecond),
		Matter: in.Matter, Person: in.Person, Request: in.Request, LegalBasis: in.LegalBasis, Reference: in.Reference,
		NoReply: in.NoReply, Corrects: in.Corrects,
	}
	checkContact(&in, c)
	e.PromisedDate = c.date("promised_date", in.PromisedDate).String()
	on := abduction.DateOf(in.At, c.zone)
	if promised, ok := parseDay(e.PromisedDate); ok && promised.Before(on) {
		c.Add("promised_date", "too_early", "A promise cannot fall due before it was made.")
	}
	if in.Matter != "" {
		c.oneOf("matter", in.Matter, law.Matters())
	}
	if in.Corrects < 0 || in.Corrects > len(m.Contacts) {
		c.Add("corrects", "unknown_contact", "There is no entry with this number.")
	}
	var asked *Institution
	if in.InstitutionID == "" {
		c.Add("institution_id", "required", "This is needed.")
	} else if i, err := journal.Load[*Institution](v, "institutions", in.InstitutionID); err != nil {
		c.Add("institution_id", "unknown_institution", "There is no such institution in the directory.")
	} else {
		asked = i
	}
	if err := c.Err(); err != nil {
		return e, err
	}
	// Nobody owes an answer by law to a call that was not taken, or to what
	// they said themselves.
	if e.Direction == "out" && !e.NoReply {
		due, ok := law.Deadline(abduction.Asked{Country: asked.Country, Kind: asked.Kind, Matter: e.Matter, Route: m.LegalRoute, On: on})
		if ok {
			e.StatutoryDate, e.StatutoryRule = due.Due.String(), due.Rule
		}
	}
	return e, nil
}

func checkContact(in *NewMatterContact, c *checker) {
	c.oneOf("direction", in.Direction, []string{"out", "in"})
	c.word("channel", in.Channel)
	c.happened("at", in.At)
	c.text("person", in.Person, lineLength, false)
	c.text("request", in.Request, textLength, in.Direction == "out" && !in.NoReply)
	c.text("legal_basis", in.LegalBasis, textLength, false)
	c.text("reference", in.Reference, lineLength, false)
	if in.NoReply && in.PromisedDate != "" {
		c.Add("promised_date", "no_reply", "Nobody replied, so nobody promised anything.")
	}
	if in.NoReply && in.Direction == "in" {
		c.Add("no_reply", "direction", "Only an attempt of ours can stay without a reply.")
	}
}

func answerRule(old *Matter, n int, in NewAnswer, a alerts.Actor, c *checker) (*Matter, error) {
	if n > len(old.Contacts) {
		return nil, missing("contact of matter " + old.ID)
	}
	e := old.Contacts[n-1]
	if e.Answer != nil {
		return nil, alerts.Errorf(alerts.Conflict, "This contact has its answer already. Record what is new as a new entry.")
	}
	c.happened("at", in.At)
	if !in.At.IsZero() && in.At.Before(e.At) {
		c.Add("at", "too_early", "An answer cannot be older than the contact.")
	}
	c.text("text", in.Text, textLength, true)
	c.oneOf("satisfied", in.Satisfied, []string{"yes", "partly", "no"})
	if err := c.Err(); err != nil {
		return nil, err
	}
	e.Answer = &ContactAnswer{At: in.At.UTC().Truncate(time.Millisecond), Text: in.Text, Satisfied: in.Satisfied, By: a.ID}
	m := *old
	m.Contacts = slices.Clone(old.Contacts)
	m.Contacts[n-1] = e
	return &m, nil
}
