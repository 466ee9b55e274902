package abduction

import (
	"slices"
	"strings"
	"testing"
)

// upper stands in for the change of script: what it touches was transliterated.
func upper(s string) string { return strings.Map(latinOf, s) }

// latinOf turns the letters of the templates into others, so that a test sees
// which were not touched.
func latinOf(r rune) rune {
	if r >= 0x400 && r < 0x500 {
		return 'x'
	}
	return r
}

func ladderOf(t *testing.T) (*Law, *Ladder) {
	t.Helper()
	law, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	d, err := LoadLadder(law)
	if err != nil {
		t.Fatal(err)
	}
	return law, d
}

func ids(all []Rung) string {
	var out []string
	for _, r := range all {
		out = append(out, r.ID)
	}
	return strings.Join(out, " ")
}

func TestLadder(t *testing.T) {
	t.Parallel()
	_, d := ladderOf(t)
	on := date(t, "2026-11-20")
	for name, c := range map[string]struct {
		about About
		step  int
		want  string
	}{
		"social work centre": {About{Country: "RS", Kind: "social_work_centre", On: on}, 1,
			"rs.head rs.social_inspection rs.minister rs.ombudsman rs.administrative_dispute rs.constitutional_complaint ecthr crc"},
		"silence of a ministry": {About{Country: "RS", Kind: "ministry", Matter: "administrative_decision", On: on}, 2,
			"rs.silence rs.minister rs.ombudsman rs.administrative_dispute rs.constitutional_complaint ecthr crc"},
		"the Ombudsman is not for courts": {About{Country: "RS", Kind: "court", Route: "hague1980", On: on}, 2,
			"hague.reasons rs.reasonable_time rs.constitutional_complaint hcch.bureau ecthr crc"},
		"nor for prosecutors":    {About{Country: "RS", Kind: "prosecutor", On: on}, 2, "rs.constitutional_complaint ecthr crc"},
		"police":                 {About{Country: "RS", Kind: "police", On: on}, 2, "rs.police_complaint rs.police_internal_control rs.minister rs.ombudsman rs.administrative_dispute rs.constitutional_complaint ecthr crc"},
		"information":            {About{Country: "RS", Kind: "prosecutor", Matter: "public_information", On: on}, 3, "rs.commissioner rs.constitutional_complaint ecthr crc"},
		"a foreign authority":    {About{Country: "DE", Kind: "central_authority", Route: "hague1980", On: on}, 0, "any.officer any.head hague.reasons any.consulate hcch.bureau ecthr crc"},
		"a state outside Hague":  {About{Country: "EG", Kind: "court", Route: "non_hague", On: on}, 2, "any.consulate ecthr crc"},
		"nothing above the last": {About{Country: "RS", Kind: "court", On: on}, 7, ""},
	} {
		if got := ids(d.Above(c.about, c.step)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
	if e := d.Emergency("RS"); !slices.Equal(e.Phones, []string{"192", "112"}) {
		t.Errorf("%+v", e)
	}
	if e := d.Emergency("ZZ"); !slices.Equal(e.Phones, []string{"112"}) {
		t.Errorf("%+v", e)
	}
	if _, ok := d.Rung("none"); ok {
		t.Error("a rung that is not there")
	}
}

// Whatever did not answer, the rungs rise, and each goes to somebody else than a
// body that may not look at it.
func TestEveryRungRises(t *testing.T) {
	t.Parallel()
	law, d := ladderOf(t)
	for _, country := range []string{"RS", "DE", "EG"} {
		for _, kind := range []string{"central_authority", "court", "police", "prosecutor", "social_work_centre", "ministry", "consulate", "ombudsman"} {
			for _, matter := range append(law.Matters(), "") {
				for _, route := range []string{"", "hague1980", "hague1980+brussels2b", "non_hague"} {
					step := 0
					for _, r := range d.Above(About{Country: country, Kind: kind, Matter: matter, Route: route, On: date(t, "2026-11-20")}, 0) {
						if r.Step < step {
							t.Fatalf("%s %s %s: %s falls", country, kind, matter, r.ID)
						}
						if step = r.Step; r.To.Kind == "ombudsman" && r.To.Role == "control" && (kind == "court" || kind == "prosecutor") {
							t.Errorf("%s is taken about a %s", r.ID, kind)
						}
					}
					if step == 0 {
						t.Errorf("no rung for %s %s %s", country, kind, matter)
					}
				}
			}
		}
	}
}

func TestLettersHoldTheFacts(t *testing.T) {
	t.Parallel()
	law, d := ladderOf(t)
	letters, err := LoadLetters(law, d, upper)
	if err != nil {
		t.Fatal(err)
	}
	facts := LetterFacts{
		To: "Ured Primer", About: "Centar Primer", Asked: "Centar Primer", AskedOn: "1. 10. 2026.", Channel: "e-mail", Request: "Molimo nalaz.", LegalBasis: "cl. 8",
		TheirReference: "T-1", OurReference: "N-2", PromisedOn: "5. 10. 2026.", PromisedBy: "Mira", StatutoryOn: "2. 11. 2026.", StatutorySource: "ZUP 145",
		Late: 21, Calls: 3, Earlier: []string{"Urgencija"}, Due: "1. 12. 2026.", Author: "Ana", From: "Linija",
	}
	for _, r := range d.Rungs {
		for _, lang := range LetterLanguages() {
			subject, body, err := letters.Write(r.Letter, lang, facts)
			if err != nil || subject == "" {
				t.Fatalf("%s %s: %v", r.Letter, lang, err)
			}
			for _, want := range []string{"Ured Primer", "Centar Primer", "1. 10. 2026.", "Molimo nalaz.", "T-1", "N-2", "5. 10. 2026.", "Mira", "2. 11. 2026.", "ZUP 145", "Urgencija", "1. 12. 2026.", "Ana", "Linija"} {
				if !strings.Contains(subject+body, want) {
					t.Errorf("%s %s lacks %q:\n%s", r.Letter, lang, want, body)
				}
			}
			if strings.Contains(body, "<no value>") || strings.Contains(body, "{{") || strings.Contains(body, "\n\n\n") {
				t.Errorf("%s %s:\n%s", r.Letter, lang, body)
			}
			if cyrillic := strings.ContainsFunc(subject, func(r rune) bool { return r >= 0x400 && r < 0x500 }); cyrillic != (lang == "sr-Cyrl") {
				t.Errorf("%s %s is in the wrong script: %s", r.Letter, lang, subject)
			}
		}
	}
	_, body, err := letters.Write("reminder", "en", LetterFacts{To: "Office", Asked: "Office", AskedOn: "1 October 2026", Channel: "phone", Request: "News?", Author: "Ana", From: "Line"})
	if err != nil || strings.Contains(body, "promised") || strings.Contains(body, "By law") || !strings.Contains(body, "No answer has come so far.") {
		t.Errorf("%v\n%s", err, body)
	}
	if _, _, err := letters.Write("none", "en", facts); err == nil {
		t.Error("a letter that is not there was written")
	}
}

func TestPlurals(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "c", 1: "a", 2: "b", 4: "b", 5: "c", 11: "c", 12: "c", 14: "c", 21: "a", 22: "b", 101: "a", 111: "c"} {
		if got := plural("sr-Cyrl", n, "a", "b", "c"); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
	if plural("en", 21, "day", "days", "days") != "days" || plural("en", 1, "day", "days", "days") != "day" {
		t.Error("English plurals")
	}
}
