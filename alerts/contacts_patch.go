package alerts

import (
	"context"
	"time"

	"homeward/journal"
)

// ContactPatch changes a contact: what was learned or done since.
type ContactPatch struct {
	// CaseID links it to a case; null takes the link away.
	CaseID        Optional[string]    `json:"case_id,omitzero"`
	Kind          *string             `json:"kind,omitempty"`
	Relation      *string             `json:"relation,omitempty"`
	Language      *string             `json:"language,omitempty"`
	Interpreter   *string             `json:"interpreter,omitempty"`
	MayBeTold     *string             `json:"may_be_told,omitempty"`
	Explained     *string             `json:"explained,omitempty"`
	ExplainedIn   *string             `json:"explained_in,omitempty"`
	Asked         *string             `json:"asked,omitempty"`
	Promised      *string             `json:"promised,omitempty"`
	PromisedUntil Optional[time.Time] `json:"promised_until,omitzero"`
	// Kept says that what was promised has been done.
	Kept *bool `json:"kept,omitempty"`
	// Party is which party of the case the caller, and their code, belongs to;
	// empty while that is not settled.
	Party  *string      `json:"party,omitempty"`
	Police *PolicePatch `json:"police,omitempty"`
}

// PatchContact changes a contact. Version 0 is none: the answer is NeedsVersion.
func (d *Desk) PatchContact(ctx context.Context, a Actor, id string, version int, in ContactPatch, r Request) (ContactView, error) {
	act := "contact.patch"
	if err := d.may(a, act); err != nil {
		return ContactView{}, err
	}
	if _, _, err := d.visibleContact(ctx, a, id); err != nil {
		return ContactView{}, err
	}
	if version == 0 {
		return ContactView{}, Errorf(NeedsVersion, "Send If-Match with the version that you have read.")
	}
	var f Fields
	d.staffCase(a, in.CaseID.Value, "", &f)
	_, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		ct, err := journal.Load[*Contact](v, "contacts", id)
		if err != nil {
			return journal.Outcome{}, err
		}
		if ct.Version != version {
			return journal.Outcome{}, Errorf(Stale, "Somebody else has changed this contact since you read it. Read it again.")
		}
		next, err := contactRule(*ct, in, f, v)
		if err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	if err != nil {
		return ContactView{}, err
	}
	return d.Contact(ctx, a, id)
}

func contactRule(ct Contact, in ContactPatch, f Fields, v *journal.View) (*Contact, error) {
	now := v.Now
	i := &inspection{Fields: append(Fields(nil), f...), now: now}
	checked := NewContact{
		Channel: Channels()[0], Kind: ct.Kind, Relation: ct.Relation, Asked: ct.Asked, Promised: ct.Promised,
		Language: ct.Language, Interpreter: ct.Interpreter, MayBeTold: ct.MayBeTold, Explained: ct.Explained, ExplainedIn: ct.ExplainedIn,
		PromisedUntil: ct.PromisedUntil, Police: ct.Police.input(),
	}
	in.CaseID.into(&ct.CaseID)
	set(&checked.Kind, in.Kind)
	set(&checked.Relation, in.Relation)
	set(&checked.Language, in.Language)
	set(&checked.Interpreter, in.Interpreter)
	set(&checked.MayBeTold, in.MayBeTold)
	set(&checked.Explained, in.Explained)
	set(&checked.ExplainedIn, in.ExplainedIn)
	set(&checked.Asked, in.Asked)
	set(&checked.Promised, in.Promised)
	in.PromisedUntil.into(&checked.PromisedUntil)
	if p := in.Police; p != nil {
		p.ReportedAt.into(&checked.Police.ReportedAt)
		set(&checked.Police.Unit, p.Unit)
		set(&checked.Police.Person, p.Person)
		set(&checked.Police.Reference, p.Reference)
		set(&checked.Police.WhyNot, p.WhyNot)
	}
	set(&ct.Party, in.Party)
	if !partyOf(v, ct.CaseID, ct.Party) {
		if in.Party != nil {
			i.Add("party", "unknown_party", "The case has no such party.")
		}
		ct.Party = "" // the contact has moved to a case with other parties
	}
	i.Fields = append(i.Fields, checked.validate(now)...)
	if err := i.Err(); err != nil {
		return nil, err
	}
	ct.Kind, ct.Relation, ct.Asked, ct.Promised = checked.Kind, checked.Relation, checked.Asked, checked.Promised
	ct.PromisedUntil, ct.Police = checked.PromisedUntil, checked.Police.report(ct.Police, now)
	ct.Language, ct.Interpreter, ct.MayBeTold = checked.Language, checked.Interpreter, checked.MayBeTold
	ct.Explained, ct.ExplainedIn = checked.Explained, checked.ExplainedIn
	if in.Kept != nil {
		ct.KeptAt = time.Time{}
		if *in.Kept {
			ct.KeptAt = now
		}
	}
	return &ct, nil
}

// partyOf tells whether somebody is a party of the case that a contact belongs
// to. Nobody known always is.
func partyOf(v *journal.View, caseID, party string) bool {
	if party == "" {
		return true
	}
	c, err := journal.Load[*Case](v, "cases", caseID)
	return err == nil && c.HasParty(party)
}
