package partners

import (
	"fmt"
	"slices"
	"time"

	"homeward/alerts"
)

// NewMatterContact is one entry for a log of contacts with institutions.
type NewMatterContact struct {
	InstitutionID string    `json:"institution_id"`
	Direction     string    `json:"direction"` // out, in
	Channel       string    `json:"channel"`
	At            time.Time `json:"at"`
	// Matter is what the institution was asked for, one of the words of the
	// deadline rules; the statutory date follows from it.
	Matter       string           `json:"matter,omitempty"`
	Unit         string           `json:"unit,omitempty"`
	Person       string           `json:"person,omitempty"`
	Function     string           `json:"function,omitempty"`
	Request      string           `json:"request,omitempty"`
	LegalBasis   string           `json:"legal_basis,omitempty"`
	Reference    string           `json:"reference,omitempty"`     // theirs
	OurReference string           `json:"our_reference,omitempty"` // ours
	Documents    []LoggedDocument `json:"documents,omitempty"`
	Proof        *DeliveryProof   `json:"proof,omitempty"`
	Language     string           `json:"language,omitempty"`
	Interpreter  string           `json:"interpreter,omitempty"`
	// Confidential is one of Confidentials, or empty.
	Confidential string `json:"confidential,omitempty"`
	FamilyNote   string `json:"family_note,omitempty"`
	// NoReply records an attempt that nobody answered.
	NoReply      bool   `json:"no_reply,omitempty"`
	PromisedDate string `json:"promised_date,omitempty"`
	PromisedBy   string `json:"promised_by,omitempty"`
	// Corrects, Follows and Withdraws are the number of an earlier entry that
	// this one takes the place of, goes on from, or takes back.
	Corrects  int `json:"corrects,omitempty"`
	Follows   int `json:"follows,omitempty"`
	Withdraws int `json:"withdraws,omitempty"`
	// NextStep, NextOwner and NextDue are what we do next, who does it (by
	// default who records the entry) and by which day.
	NextStep  string `json:"next_step,omitempty"`
	NextOwner string `json:"next_owner,omitempty"`
	NextDue   string `json:"next_due,omitempty"`
}

// NewAnswer is what came back on a contact.
type NewAnswer struct {
	At        time.Time        `json:"at"`
	Text      string           `json:"text"`
	Satisfied string           `json:"satisfied"` // yes, partly, no
	Person    string           `json:"person,omitempty"`
	Reference string           `json:"reference,omitempty"`
	Documents []LoggedDocument `json:"documents,omitempty"`
}

// StepDone says what became of a next step.
type StepDone struct {
	Note string `json:"note,omitempty"`
}

// entry is what is recorded, before the law has looked at it. Slices are cloned,
// as a rule may run again.
func (in *NewMatterContact) entry(a alerts.Actor) MatterContact {
	e := MatterContact{
		InstitutionID: in.InstitutionID, Direction: in.Direction, Channel: in.Channel, At: in.At.UTC().Truncate(time.Millisecond),
		Matter: in.Matter, Unit: in.Unit, Person: in.Person, Function: in.Function, Request: in.Request, LegalBasis: in.LegalBasis,
		Reference: in.Reference, OurReference: in.OurReference, Documents: slices.Clone(in.Documents), Language: in.Language,
		Interpreter: in.Interpreter, Confidential: in.Confidential, FamilyNote: in.FamilyNote, NoReply: in.NoReply,
		PromisedBy: in.PromisedBy, Corrects: in.Corrects, Follows: in.Follows, Withdraws: in.Withdraws, RecordedBy: a.ID,
	}
	if in.Proof != nil {
		p := *in.Proof
		e.Proof = &p
	}
	if in.NextStep != "" {
		e.Next = &NextStep{Text: in.NextStep, Owner: in.NextOwner}
		if e.Next.Owner == "" {
			e.Next.Owner = a.ID
		}
	}
	return e
}

func (in *NewMatterContact) check(c *checker) {
	c.oneOf("direction", in.Direction, []string{"out", "in"})
	c.word("channel", in.Channel)
	c.happened("at", in.At)
	for field, s := range map[string]string{"unit": in.Unit, "person": in.Person, "function": in.Function, "reference": in.Reference,
		"our_reference": in.OurReference, "interpreter": in.Interpreter, "promised_by": in.PromisedBy, "next_owner": in.NextOwner} {
		c.line(field, s, false)
	}
	c.text("request", in.Request, textLength, in.Direction == "out" && !in.NoReply && in.Withdraws == 0)
	c.text("legal_basis", in.LegalBasis, textLength, false)
	c.text("family_note", in.FamilyNote, textLength, false)
	c.text("next_step", in.NextStep, textLength, in.NextDue != "" || in.NextOwner != "")
	c.documents(in.Documents)
	c.proof(in.Proof)
	if in.Language != "" {
		c.language("language", in.Language)
	}
	if in.Confidential != "" {
		c.oneOf("confidential", in.Confidential, Confidentials())
	}
	if in.Confidential != "" && in.FamilyNote != "" {
		c.Add("family_note", "confidential", "What is kept from the family has no note for it.")
	}
	in.checkReply(c)
}

// checkReply looks at what an attempt that nobody answered cannot have, and at
// promises and next steps.
func (in *NewMatterContact) checkReply(c *checker) {
	if in.NoReply && (in.PromisedDate != "" || in.PromisedBy != "") {
		c.Add("promised_date", "no_reply", "Nobody replied, so nobody promised anything.")
	}
	if in.NoReply && in.Direction == "in" {
		c.Add("no_reply", "direction", "Only an attempt of ours can stay without a reply.")
	}
	if in.PromisedBy != "" && in.PromisedDate == "" && !in.NoReply {
		c.Add("promised_date", "required", "This is needed.")
	}
	if in.NextStep != "" && in.NextDue == "" {
		c.Add("next_due", "required", "This is needed.")
	}
}

func (c *checker) documents(all []LoggedDocument) {
	c.few("documents", len(all))
	for i, d := range all {
		field := fmt.Sprintf("documents[%d].", i)
		c.line(field+"title", d.Title, true)
		c.line(field+"version", d.Version, false)
		c.oneOf(field+"direction", d.Direction, []string{"sent", "received"})
		if d.Language != "" {
			c.language(field+"language", d.Language)
		}
	}
}

func (c *checker) proof(p *DeliveryProof) {
	if p == nil {
		return
	}
	c.oneOf("proof.kind", p.Kind, ProofKinds())
	c.line("proof.reference", p.Reference, false)
	c.past("proof.on", p.On)
}
