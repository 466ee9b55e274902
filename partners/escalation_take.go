package partners

import (
	"cmp"
	"context"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners/abduction"
)

// NewEscalation takes an entry to a higher rung: the letter as it is sent.
type NewEscalation struct {
	Rung          string    `json:"rung"`
	InstitutionID string    `json:"institution_id"`
	Channel       string    `json:"channel"`
	At            time.Time `json:"at"`
	Language      string    `json:"language"`
	// Reader is the language in which the next step is noted, by default the
	// letter's.
	Reader       string `json:"-"`
	Subject      string `json:"subject"`
	Text         string `json:"text"`
	Unit         string `json:"unit,omitempty"`
	Person       string `json:"person,omitempty"`
	Function     string `json:"function,omitempty"`
	OurReference string `json:"our_reference,omitempty"`
	// NextOwner looks whether an answer came, by default who escalates.
	NextOwner string `json:"next_owner,omitempty"`
}

// Escalate records the letter of a rung as a new entry that takes the nth entry
// further, with the day by which an answer is to be there.
func (d *Desk) Escalate(ctx context.Context, a alerts.Actor, of Log, n int, in NewEscalation, r alerts.Request) (MatterContactView, error) {
	return d.recordEntry(ctx, a, of, of.act("escalate"), r, func(v *journal.View, doc logged, law *abduction.Law, c *checker) (MatterContact, error) {
		x, err := d.escalating(doc, n, v.Now)
		if err != nil {
			return MatterContact{}, err
		}
		if x.entry.Confidential == confidentialStaff && !d.readsStaff(a, of) {
			return MatterContact{}, missing("contact of " + of.id)
		}
		d.checkOwner(in.NextOwner, c)
		return x.entryOf(v, in, a, c)
	})
}

// entryOf checks an escalation and makes its entry.
func (x *escalating) entryOf(v *journal.View, in NewEscalation, a alerts.Actor, c *checker) (MatterContact, error) {
	i := slices.IndexFunc(x.rungs(), func(r abduction.Rung) bool { return r.ID == in.Rung })
	if i < 0 {
		c.Add("rung", "unknown_value", "This step cannot be taken about this entry.")
	}
	c.oneOf("language", in.Language, abduction.LetterLanguages())
	c.line("subject", in.Subject, true)
	c.text("text", in.Text, textLength, true)
	record := NewMatterContact{
		InstitutionID: in.InstitutionID, Direction: "out", Channel: in.Channel, At: in.At, Request: in.Text, Unit: in.Unit, Person: in.Person,
		Function: in.Function, OurReference: in.OurReference, Language: in.Language, Confidential: x.entry.Confidential,
		Documents: []LoggedDocument{{Title: in.Subject, Version: "1", Language: in.Language, Direction: "sent"}},
	}
	if in.Text == "" || in.Subject == "" {
		record.Request, record.Documents = "-", nil // noted above under the names of this input
	}
	record.check(c)
	to := c.institution(v, "institution_id", in.InstitutionID)
	if err := c.Err(); err != nil {
		return MatterContact{}, err
	}
	r := x.rungs()[i]
	if !slices.ContainsFunc(x.addressees(r), func(o *Institution) bool { return o.ID == to.ID }) {
		c.Add("institution_id", "unknown_value", "This step goes to somebody else.")
		return MatterContact{}, c.Err()
	}
	e := record.entry(a)
	e.Escalates, e.Rung, e.Matter, e.LegalBasis = x.entry.N, r.ID, r.Matter, x.basis(r)
	if r.To.Same {
		e.Reference = x.first.Reference
	}
	if e.OurReference == "" {
		e.OurReference = x.first.OurReference
	}
	e.statutory(x.law, to, x.of.route(), x.zone)
	return e, x.next(&e, r, to, in, a)
}

// basis is the law that a rung rests on; practice has none.
func (x *escalating) basis(r abduction.Rung) string {
	if r.To.Same && r.Step <= 2 {
		return x.first.LegalBasis
	}
	return r.Source
}

// next adds the step of looking for the answer by the day that the letter asks
// for; what is due by law is on the list of deadlines anyway.
func (x *escalating) next(e *MatterContact, r abduction.Rung, to *Institution, in NewEscalation, a alerts.Actor) error {
	if r.AskWithin == nil {
		return nil
	}
	text, err := x.letters.Next(cmp.Or(in.Reader, in.Language))
	if err != nil {
		return err
	}
	e.Next = &NextStep{Text: text, Owner: in.NextOwner, Due: x.law.Until(*r.AskWithin, to.Country, abduction.DateOf(in.At, x.zone)).String()}
	if e.Next.Owner == "" {
		e.Next.Owner = a.ID
	}
	return nil
}
