package alerts

import (
	"context"
	"slices"
	"time"

	"homeward/journal"
)

const maxChecks = 50

// NewParentCheck records that the holder of a contact's code was checked.
type NewParentCheck struct {
	// Party is which party of the case they are.
	Party    string `json:"party"`
	Identity string `json:"identity"`
	Custody  string `json:"custody"`
	Orders   string `json:"orders"`
	Note     string `json:"note,omitempty"`
}

func (in *NewParentCheck) validate(now time.Time) Fields {
	i := &inspection{now: now}
	if in.Party == "" {
		i.Add("party", "required", "Say which party of the case this is.")
	}
	oneOf(i, "identity", in.Identity, IdentityWays())
	oneOf(i, "custody", in.Custody, CustodyWays())
	oneOf(i, "orders", in.Orders, OrderWays())
	i.text("note", &in.Note, maxNote)
	return i.Fields
}

// CheckParent lets the holder of a contact's code see what was done in the case.
func (d *Desk) CheckParent(ctx context.Context, a Actor, contactID string, in NewParentCheck, r Request) (ContactView, error) {
	id := d.idFor("parent_check", r)
	return d.changeContact(ctx, a, "contact.check", contactID, in.validate, r, func(v *journal.View, ct *Contact) ([]journal.Document, error) {
		return checkRule(v, ct, in, id, a)
	})
}

func checkRule(v *journal.View, ct *Contact, in NewParentCheck, id string, a Actor) ([]journal.Document, error) {
	switch {
	case len(ct.Receipt) == 0:
		return nil, Errorf(Conflict, "Nobody holds a code for this contact, so there is nothing to open to them.")
	case ct.CaseID == "":
		return nil, Errorf(Conflict, "Make a case of this first, or link it to one: the check is about that case.")
	case len(ct.Checks) >= maxChecks:
		return nil, Errorf(TooMany, "This contact takes no more checks.")
	}
	c, err := journal.Load[*Case](v, "cases", ct.CaseID)
	if err != nil {
		return nil, err
	}
	if !mayBeChecked(c, in.Party) {
		var f Fields
		f.Add("party", "not_checkable", "Choose a party of the case. Somebody who may have taken the child is never shown more by a code.")
		return nil, f.Err()
	}
	if ct.Checked(c) != nil {
		return nil, Errorf(Conflict, "This person is checked already. Withdraw that first.")
	}
	next := *ct
	next.Party = in.Party
	next.Checks = append(slices.Clone(ct.Checks), ParentCheck{
		ID: id, CaseID: ct.CaseID, Party: in.Party, Identity: in.Identity, Custody: in.Custody, Orders: in.Orders, Note: in.Note, By: a.ID, At: v.Now,
	})
	return []journal.Document{&next}, nil
}

// UncheckParent withdraws the check. From the next request on the code shows no
// more than before it.
func (d *Desk) UncheckParent(ctx context.Context, a Actor, contactID string, in Reason, r Request) (ContactView, error) {
	validate := func(time.Time) Fields { return in.validate() }
	return d.changeContact(ctx, a, "contact.check", contactID, validate, r, func(v *journal.View, ct *Contact) ([]journal.Document, error) {
		next, done := *ct, false
		next.Checks = slices.Clone(ct.Checks)
		for i := range next.Checks {
			if k := &next.Checks[i]; k.WithdrawnAt.IsZero() {
				k.WithdrawnAt, k.WithdrawnBy, k.WithdrawnFor, done = v.Now, a.ID, in.Reason, true
			}
		}
		if !done {
			return nil, Errorf(Conflict, "There is no check to withdraw.")
		}
		return []journal.Document{&next}, nil
	})
}

// changeContact runs a rule on a contact that the actor sees. It needs no
// version: the rule looks at the contact as it stands.
func (d *Desk) changeContact(ctx context.Context, a Actor, act, id string, validate func(time.Time) Fields, r Request,
	rule func(*journal.View, *Contact) ([]journal.Document, error)) (ContactView, error) {
	if err := d.may(a, act); err != nil {
		return ContactView{}, err
	}
	if _, _, err := d.visibleContact(ctx, a, id); err != nil {
		return ContactView{}, err
	}
	if err := validate(d.Now()).Err(); err != nil {
		return ContactView{}, err
	}
	_, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		ct, err := journal.Load[*Contact](v, "contacts", id)
		if err != nil {
			return journal.Outcome{}, err
		}
		documents, err := rule(v, ct)
		return journal.Outcome{Documents: documents}, err
	})
	if err != nil {
		return ContactView{}, err
	}
	return d.Contact(ctx, a, id)
}
