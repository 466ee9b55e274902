package partners_test

import (
	"bytes"
	"context"
	"testing"

	"homeward/alerts"
	"homeward/partners"
)

func facts() partners.MatterFacts {
	return partners.MatterFacts{
		States:         []partners.InvolvedState{{State: "RS", Role: "habitual", Until: "2026-03-10"}, {State: "HU", Role: "transit", From: "2026-03-10"}},
		Parties:        []partners.Party{{Role: "left_behind", Name: "Sealed parent", Nationalities: []string{"RS"}, Languages: []string{"sr-Latn"}, Address: "Sealed street 1"}},
		Decisions:      []partners.CustodyDecision{{Date: "2025-02-03", Court: "Sealed court", What: "custody", Enforceable: true}},
		Documents:      []partners.TravelDocument{{Kind: "passport", ChildID: "child1", State: "RS", Number: "SEALED1", ValidUntil: "2026-12-31"}},
		Authorisations: []partners.Authorisation{{Kind: "power_of_attorney", To: "Sealed lawyer", Given: "2026-04-01", ValidUntil: "2027-04-01"}},
		Traces:         []partners.Trace{{Kind: "whereabouts", State: "DE", Text: "Sealed place", Source: "C", Information: 3}},
		FamilyContacts: []partners.FamilyContact{{Date: "2026-05-01", Channel: "phone", Note: "Sealed call"}},
		Dangers:        []partners.Danger{{Code: "threats", Note: "Sealed threat"}},
		Languages:      []string{"sr-Latn", "de"},
		Outcomes:       []partners.ChildOutcome{{ChildID: "child2", Outcome: "returned", On: "2026-09-01"}},
	}
}

func TestFactsAreKeptSealedAndComeBack(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014-05-02", "2012-02-29")
	in := removal()
	in.MatterFacts = facts()
	m, err := o.OpenMatter(ctx, operator(), "case1", in, alerts.Request{})
	if err != nil {
		t.Fatalf("%v %s", err, wrong(err))
	}
	party, document := m.Parties[0].ID, m.Documents[0].ID
	if party == "" || document == "" || party == document {
		t.Fatalf("%s", toJSON(t, m))
	}
	clocks, err := o.Clocks(ctx, operator(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]partners.ClockView{}
	for _, c := range clocks {
		by[c.Rule+c.ChildID] = c
	}
	// Each child has its own end; the leap day's sixteenth birthday is one.
	if a, b := by["sixteenth_birthdaychild1"], by["sixteenth_birthdaychild2"]; a.State != "running" || b.State != "stopped" || b.StoppedOn != "2026-09-01" || *b.Due != "2028-02-29" {
		t.Errorf("%s %s", toJSON(t, a), toJSON(t, b))
	}
	if p := by["passport_expiry"]; p.Of != document || *p.Due != "2026-12-31" || p.From != nil || !p.ByHand || p.NextStepID != "clock.passport_expiry.near" {
		t.Errorf("%s", toJSON(t, p))
	}

	// A patch replaces one list and leaves the others; ids stay.
	p := m.Parties[0]
	p.Phone = "+381 11 000 0031"
	got, err := o.PatchMatter(ctx, operator(), m.ID, m.Version, partners.MatterPatch{FactsPatch: partners.FactsPatch{Parties: alerts.Some([]partners.Party{p, {Role: "taking", Name: "Other"}})}}, alerts.Request{})
	if err != nil || got.Parties[0].ID != party || got.Parties[0].Phone == "" || got.Parties[1].ID == "" || len(got.Documents) != 1 || len(got.Outcomes) != 1 {
		t.Fatalf("%v %s", err, toJSON(t, got))
	}

	o.Journal.Close()
	again := o.open(bytes.Repeat([]byte{7}, 32))
	back, err := again.Matter(ctx, operator(), m.ID)
	if err != nil || toJSON(t, back.MatterFacts) != toJSON(t, got.MatterFacts) {
		t.Errorf("after a restart: %v\n%s\n%s", err, toJSON(t, back.MatterFacts), toJSON(t, got.MatterFacts))
	}
	changes, err := o.store.Changes(ctx, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		for _, l := range c.Lines {
			if bytes.Contains(l.Image, []byte("Sealed")) || bytes.Contains(l.Image, []byte("SEALED1")) || bytes.Contains(l.Image, []byte("0031")) {
				t.Errorf("facts stand readable in %s", l.Key)
			}
		}
	}
}

func TestEveryWrongFactIsNamed(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014-05-02")
	in := removal()
	in.Languages = []string{"not a language"}
	in.MatterFacts = partners.MatterFacts{
		States:         []partners.InvolvedState{{State: "Serbia", Role: "home", From: "2026-05-01", Until: "2026-04-01"}},
		Parties:        []partners.Party{{Role: "enemy", BirthDate: "soon", Nationalities: []string{"x"}, Languages: []string{"?"}}},
		Decisions:      []partners.CustodyDecision{{What: "victory", Date: "2027-01-01", AppealUntil: "2026-01-01", Grounds: []string{"99"}, InstitutionID: "none"}, {}},
		Documents:      []partners.TravelDocument{{Kind: "visa", State: "", ValidUntil: "x"}, {Kind: "passport", State: "RS", ChildID: "other"}, {Kind: "passport", State: "RS", PartyID: "other"}},
		Authorisations: []partners.Authorisation{{Kind: "x", Given: "2026-05-01", ValidUntil: "2026-04-01"}},
		Traces:         []partners.Trace{{Kind: "x", Source: "G", Information: 7}},
		FamilyContacts: []partners.FamilyContact{{Channel: "By Phone"}},
		Dangers:        []partners.Danger{{Code: "x"}, {Code: "threats"}, {Code: "threats"}},
		Outcomes:       []partners.ChildOutcome{{ChildID: "other", Outcome: "won"}, {ChildID: "child1", Outcome: "returned", On: "2026-03-09"}, {ChildID: "child1", Outcome: "returned", On: "2026-04-01"}},
	}
	_, err := o.OpenMatter(ctx, operator(), "case1", in, alerts.Request{})
	want := "states[0].state country; states[0].role unknown_value; states[0].until too_early; parties[0].role unknown_value; parties[0].name required; " +
		"parties[0].birth_date date; parties[0].nationalities country; parties[0].languages language; " +
		"decisions[0].what unknown_value; decisions[0].institution_id unknown_institution; decisions[0].grounds unknown_value; decisions[0].date future; decisions[0].appeal_until too_early; " +
		"decisions[1].date required; decisions[1].what required; decisions[1].court required; " +
		"documents[0].kind unknown_value; documents[0].state required; documents[0].valid_until date; documents[0].child_id one_holder; documents[1].child_id unknown_child; documents[2].party_id unknown_party; " +
		"authorisations[0].kind unknown_value; authorisations[0].to required; authorisations[0].valid_until too_early; " +
		"traces[0].kind unknown_value; traces[0].text required; traces[0].source unknown_value; traces[0].information out_of_range; " +
		"family_contacts[0].date required; family_contacts[0].channel word; dangers[0].code unknown_value; dangers[2].code duplicate; " +
		"outcomes[0].child_id unknown_child; outcomes[0].outcome unknown_value; outcomes[0].on required; outcomes[1].on too_early; outcomes[2].child_id duplicate"
	if got := wrong(err); got != want {
		t.Errorf("wrong fields\n%s\nwant\n%s", got, want)
	}
}
