package alerts

import (
	"context"
	"fmt"
	"slices"
	"time"

	"homeward/journal"
)

const (
	maxParties = 40
	maxHidden  = 200
	maxWords   = 20
	// minWord is how many letters and digits a word needs to be searched for:
	// shorter ones stand in every text.
	minWord = 4
)

// NewParty names somebody whom a case concerns.
type NewParty struct {
	Kind string `json:"kind"` // guardian, person
	Name string `json:"name"`
}

// PartyKinds returns the kinds of party that are named.
func PartyKinds() []string { return []string{"guardian", "person"} }

func (in *NewParty) validate(now time.Time) Fields {
	i := &inspection{now: now}
	oneOf(i, "kind", in.Kind, PartyKinds())
	i.required("name", &in.Name, maxNameText, "Say who it is.")
	return i.Fields
}

// NewHiding keeps facts of a case from one party.
type NewHiding struct {
	Party  string   `json:"party"`
	Fields []string `json:"fields"`
	Why    string   `json:"why"`
	// Words are the fact itself, such as a street: a text for the party that
	// holds one of them is refused. They are never shown again.
	Words []string `json:"words,omitempty"`
}

func (in *NewHiding) validate(now time.Time) Fields {
	i := &inspection{now: now}
	if in.Party == "" {
		i.Add("party", "required", "Say from whom.")
	}
	if len(in.Fields) == 0 {
		i.Add("fields", "required", "Say what is hidden.")
	}
	if len(in.Fields) > len(HiddenFields()) {
		i.Add("fields", "too_many", "These are too many.")
		return i.Fields
	}
	for _, f := range in.Fields {
		oneOf(i, "fields", f, HiddenFields())
	}
	i.required("why", &in.Why, maxNote, "Say why: whoever lifts it later needs to know.")
	in.Words = slices.DeleteFunc(slices.Clone(in.Words), func(w string) bool { return tidyText(w) == "" })
	if len(in.Words) > maxWords {
		i.Add("words", "too_many", "These are too many.")
		return i.Fields
	}
	for n := range in.Words {
		i.text(fmt.Sprintf("words[%d]", n), &in.Words[n], maxNameText)
		if len([]rune(foldFact(in.Words[n]))) < minWord {
			i.Add(fmt.Sprintf("words[%d]", n), "too_short", "Write at least four letters or digits, so that it is not found in every text.")
		}
	}
	return i.Fields
}

// AddParty names a party of a case.
func (d *Desk) AddParty(ctx context.Context, a Actor, caseID string, in NewParty, r Request) (PartyView, error) {
	if err := d.caseCommand(a, "case.hide", caseID, func(now time.Time) Fields { return in.validate(now) }); err != nil {
		return PartyView{}, err
	}
	id := d.idFor("party", r)
	v, err := d.changeCase(ctx, a, "case.hide", caseID, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		if len(c.Parties) >= maxParties {
			return nil, Errorf(TooMany, "This case takes no more parties.")
		}
		next := *c
		next.Parties = append(slices.Clone(c.Parties), Party{ID: id, Kind: in.Kind, Name: in.Name, AddedBy: a.ID, AddedAt: v.Now})
		next.edited(a, v.Now, "parties")
		return []journal.Document{&next}, nil
	})
	if err != nil {
		return PartyView{}, err
	}
	return byID(v.Parties, func(p PartyView) bool { return p.ID == id })
}

// HideFacts keeps facts of a case from a party, from now on. What is hidden
// already is not written again.
func (d *Desk) HideFacts(ctx context.Context, a Actor, caseID string, in NewHiding, r Request) (CaseView, error) {
	if err := d.caseCommand(a, "case.hide", caseID, func(now time.Time) Fields { return in.validate(now) }); err != nil {
		return CaseView{}, err
	}
	id := d.idFor("hiding", r)
	return d.changeCase(ctx, a, "case.hide", caseID, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		return hideRule(c, in, id, a, v.Now)
	})
}

func hideRule(c *Case, in NewHiding, id string, a Actor, now time.Time) ([]journal.Document, error) {
	if !c.HasParty(in.Party) {
		var f Fields
		f.Add("party", "unknown_party", "This case has no such party. Name them first.")
		return nil, f.Err()
	}
	next := *c
	next.Hidden = slices.Clone(c.Hidden)
	for n, field := range slices.Compact(slices.Sorted(slices.Values(in.Fields))) {
		there := slices.ContainsFunc(next.Hidden, func(x Hiding) bool { return x.binds(in.Party) && x.Field == field })
		if there && len(in.Words) == 0 {
			continue
		}
		next.Hidden = append(next.Hidden, Hiding{
			ID: fmt.Sprintf("%s-%d", id, n+1), Party: in.Party, Field: field, Why: in.Why, Words: in.Words, By: a.ID, At: now,
		})
	}
	if len(next.Hidden) > maxHidden {
		return nil, Errorf(TooMany, "So many facts of this case are hidden that no more can be added.")
	}
	if len(next.Hidden) == len(c.Hidden) {
		return nil, nil
	}
	next.edited(a, now, "hidden")
	return []journal.Document{&next}, nil
}

// Lifting says why a fact is no longer hidden.
type Lifting struct {
	Reason string `json:"reason"`
}

// LiftHiding lets a party learn a fact again. Who lifted it and why stays.
func (d *Desk) LiftHiding(ctx context.Context, a Actor, caseID, hidingID string, in Lifting, r Request) (CaseView, error) {
	err := d.caseCommand(a, "case.unhide", caseID, func(now time.Time) Fields {
		i := &inspection{now: now}
		i.required("reason", &in.Reason, maxNote, "Say why it is safe now.")
		return i.Fields
	})
	if err != nil {
		return CaseView{}, err
	}
	return d.changeCase(ctx, a, "case.unhide", caseID, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		n := slices.IndexFunc(c.Hidden, func(x Hiding) bool { return x.ID == hidingID })
		if n < 0 {
			return nil, coded(journal.ErrNotFound)
		}
		if !c.Hidden[n].LiftedAt.IsZero() {
			return nil, Errorf(Conflict, "This has been lifted already.")
		}
		next := *c
		next.Hidden = slices.Clone(c.Hidden)
		x := &next.Hidden[n]
		x.LiftedBy, x.LiftedAt, x.LiftedFor = a.ID, v.Now, in.Reason
		next.edited(a, v.Now, "hidden")
		return []journal.Document{&next}, nil
	})
}
