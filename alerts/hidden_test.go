package alerts

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestHiddenFromExactlyTheParty(t *testing.T) {
	t.Parallel()
	lifted := time.Unix(1, 0)
	c := &Case{
		Parties: []Party{{ID: "aunt", Kind: "person"}, {ID: "uncle", Kind: "person"}},
		Hidden: Hidden{
			{Party: PartyLeftBehind, Field: HideAddress}, {Party: PartyTaking, Field: HideAll},
			{Party: "aunt", Field: HidePlan}, {Party: "uncle", Field: HidePlan, LiftedAt: lifted},
		},
	}
	for _, test := range []struct {
		party, field string
		want         bool
	}{
		{PartyLeftBehind, HideAddress, true}, {PartyLeftBehind, HidePlan, false}, {PartyLeftBehind, HideAll, true},
		{PartyTaking, HideAddress, true}, {PartyTaking, HidePhotos, true},
		{"aunt", HidePlan, true}, {"aunt", HideAddress, false},
		{"uncle", HidePlan, false}, {"uncle", HideAll, false},
		// Nobody known, and somebody whom the case does not know.
		{"", HideAddress, true}, {"", HidePhotos, true}, {"stranger", HideAddress, true}, {"stranger", HidePhotos, true},
	} {
		if got := c.HiddenFrom(test.party, test.field); got != test.want {
			t.Errorf("%q from %q: %t", test.field, test.party, got)
		}
	}
	if got := c.Hidden.Fields("aunt"); !slices.Equal(got, []string{HidePlan}) {
		t.Error(got)
	}
	if (&Case{}).HiddenFrom("", HideAddress) {
		t.Error("where nothing is hidden, nothing is hidden")
	}
}

// Whoever is not known learns no more than any one party.
func TestStrangersLearnLeast(t *testing.T) {
	t.Parallel()
	parties := []string{PartyLeftBehind, PartyTaking, "aunt"}
	rapid.Check(t, func(t *rapid.T) {
		c := &Case{Parties: []Party{{ID: "aunt"}}}
		for range rapid.IntRange(0, 6).Draw(t, "hidings") {
			c.Hidden = append(c.Hidden, Hiding{
				Party: rapid.SampledFrom(parties).Draw(t, "party"), Field: rapid.SampledFrom(HiddenFields()).Draw(t, "field"),
				LiftedAt: map[bool]time.Time{true: time.Unix(1, 0)}[rapid.Bool().Draw(t, "lifted")],
			})
		}
		for _, field := range HiddenFields() {
			any := slices.ContainsFunc(parties, func(p string) bool { return c.HiddenFrom(p, field) })
			if c.HiddenFrom("stranger", field) != any {
				t.Fatalf("%s: a party is kept from it: %t", field, any)
			}
		}
	})
}

func TestHiddenWordsAreFoundHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	c := &Case{Hidden: Hidden{{Party: PartyLeftBehind, Field: HideAddress, Words: []string{"Ђуре Примера 5", "+381 11 000 0077"}}}}
	for text, want := range map[string]bool{
		"Живе у улици Ђуре Примера 5.": true, "ulica Đure Primera 5": true, "DJURE PRIMERA, 5": true, "Đ u r e-Primera\n5": true,
		"call 381110000077": true, "(+381) 11/000-00-77": true, "Ђуре Пример": false, "": false,
	} {
		if got := len(c.HiddenIn(PartyLeftBehind, text)) > 0; got != want {
			t.Errorf("%q: %t", text, got)
		}
		if len(c.HiddenIn(PartyTaking, text)) > 0 {
			t.Errorf("%q is not hidden from the other side", text)
		}
	}
}

func TestHideRule(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	c := &Case{}
	in := NewHiding{Party: PartyTaking, Fields: []string{HidePlan, HideAddress, HidePlan}, Why: "threats"}
	docs, err := hideRule(c, in, "id", Actor{ID: "ana"}, now)
	if err != nil || len(docs) != 1 {
		t.Fatal(err, docs)
	}
	next := docs[0].(*Case)
	if len(next.Hidden) != 2 || len(c.Hidden) != 0 || next.Hidden[0].Field != HideAddress || next.Hidden[1].By != "ana" {
		t.Errorf("%+v", next.Hidden)
	}
	if docs, err = hideRule(next, in, "id2", Actor{}, now); err != nil || docs != nil {
		t.Errorf("hidden twice: %v %v", docs, err)
	}
	in.Words = []string{"Primerova 5"}
	if docs, err = hideRule(next, in, "id3", Actor{}, now); err != nil || len(docs[0].(*Case).Hidden) != 4 {
		t.Errorf("words are added: %v %v", docs, err)
	}
	in.Party = "stranger"
	if _, err = hideRule(next, in, "id4", Actor{}, now); CodeOf(err) != Invalid {
		t.Error(err)
	}
}

func TestHidingIsChecked(t *testing.T) {
	t.Parallel()
	in := NewHiding{Fields: []string{"nonsense"}, Words: []string{" ", "a-5", "Primerova"}}
	var got []string
	for _, f := range in.validate(time.Unix(1, 0)) {
		got = append(got, f.Field+" "+f.Code)
	}
	if want := "party required, fields unknown_value, why required, words[0] too_short"; strings.Join(got, ", ") != want {
		t.Errorf("%v, want %s", got, want)
	}
}

func TestFollowersNeverSeeWhatIsHiddenFromThem(t *testing.T) {
	t.Parallel()
	due := time.Unix(5000, 0)
	ct := &Contact{CaseID: "case", Party: PartyLeftBehind, PromisedUntil: time.Unix(9000, 0), Messages: []Message{
		{FromStaff: true, Text: "They live in Primerova 5."}, {Text: "Do they live in Primerova 5?"}, {FromStaff: true, Text: "We keep looking."},
	}}
	c := &Case{State: StateActive, FollowUp: FollowUp{DueAt: due}, Parties: []Party{{ID: "aunt"}}}
	c.ID = "case"
	ct.Checks = []ParentCheck{{CaseID: "case", Party: PartyLeftBehind}, {CaseID: "case", Party: "aunt"}}
	m := matrix(t)
	told := FollowFacts{Told: []FollowTold{{Country: "RS", Organisations: 4}, {Country: "HU", Organisations: 3}}}
	open := FollowReport(m, ct, c, told)
	if open.PartnersTold != 7 || !open.NextCallAt.Equal(due) || len(open.Messages) != 3 {
		t.Fatalf("%+v", open)
	}
	c.Hidden = Hidden{
		{Party: PartyLeftBehind, Field: HideAddress, Words: []string{"Primerova 5"}},
		{Party: PartyLeftBehind, Field: HidePlan}, {Party: PartyLeftBehind, Field: HideTold},
	}
	for _, party := range []string{PartyLeftBehind, "", "gone"} {
		ct.Party = party
		v := FollowReport(m, ct, c, told)
		if v.PartnersTold != 0 || !v.NextCallAt.Equal(ct.PromisedUntil) || len(v.Messages) != 2 || v.Messages[0].Text != ct.Messages[1].Text {
			t.Errorf("%q: %+v", party, v)
		}
	}
	ct.Party = "aunt"
	if v := FollowReport(m, ct, c, told); v.PartnersTold != 7 || len(v.Messages) != 3 {
		t.Errorf("another party: %+v", v)
	}
}
