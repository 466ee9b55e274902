package alerts

import (
	"slices"
	"testing"
	"time"
)

func TestCriteriaAreWhole(t *testing.T) {
	t.Parallel()
	all, err := LoadCriteria()
	if err != nil {
		t.Fatal(err)
	}
	count := func(day string) map[string]string {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, l := range CriteriaOn(all, at) {
			if out[l.List] != "" {
				t.Errorf("two lists of %s hold on %s", l.List, day)
			}
			out[l.List] = l.Version
		}
		return out
	}
	now := count("2031-03-05")
	for _, list := range []string{"RS", "PL", "FR", "EU", "US"} {
		if now[list] == "" {
			t.Errorf("there is no list of %s", list)
		}
	}
	if got := count("2025-08-14")["PL"]; got != "2013" {
		t.Errorf("in Poland before the change: %q", got)
	}
	if got := count("2025-08-15")["PL"]; got != "2025-08" {
		t.Errorf("in Poland since the change: %q", got)
	}
	if count("2023-10-24")["RS"] != "" {
		t.Error("Serbia's list holds before there was one")
	}
}

func TestChecklists(t *testing.T) {
	t.Parallel()
	now := time.Date(2031, 3, 5, 10, 0, 0, 0, time.UTC)
	var f Fields
	in := NewChecklist{List: "RS", Answers: map[string]NewAnswer{"abducted": {"yes", " seen by two "}, "under_seven": {"no", ""}}}
	got := in.checklist(&f, now)
	if err := f.Err(); err != nil || got.Version != "2023-10" || len(got.Answers) != 2 || got.Answers[0] != (Answer{"abducted", "yes", "seen by two"}) {
		t.Errorf("%+v %v", got, err)
	}
	for field, bad := range map[string]NewChecklist{
		"criteria.list":                     {List: "ZZ"},
		"criteria.answers.minor":            {List: "RS", Answers: map[string]NewAnswer{"minor": {"yes", ""}}},
		"criteria.answers.abducted.answer":  {List: "RS", Answers: map[string]NewAnswer{"abducted": {"perhaps", ""}}},
		"criteria.answers.abducted.note":    {List: "RS", Answers: map[string]NewAnswer{"abducted": {"yes", "a\x01b"}}},
		"criteria.answers.something.answer": {List: "RS", Answers: map[string]NewAnswer{"something": {}}},
	} {
		var f Fields
		bad.checklist(&f, now)
		if !slices.ContainsFunc(f, func(e FieldError) bool { return e.Field == field || e.Field+".answer" == field }) {
			t.Errorf("%s is not named: %+v", field, f)
		}
	}
}

func TestTheHashCoversPhotoAndCriteria(t *testing.T) {
	t.Parallel()
	al := &Alert{CaseID: "c"}
	r := Revision{Number: 1, Level: LevelPartner, PhotoID: "p1", Texts: []Text{{Language: "en", Headline: "h", Description: "d"}}}
	seen := map[string]string{contentHash(al, &r): "as it is"}
	for name, change := range map[string]func(*Revision){
		"another photo": func(r *Revision) { r.PhotoID = "p2" },
		"a checklist":   func(r *Revision) { r.Criteria = &Checklist{List: "RS", Version: "2023-10"} },
		"an answer": func(r *Revision) {
			r.Criteria = &Checklist{List: "RS", Version: "2023-10", Answers: []Answer{{"abducted", "yes", ""}}}
		},
		"a hold-back": func(r *Revision) { r.HoldBack = "a scar" },
	} {
		changed := r
		change(&changed)
		h := contentHash(al, &changed)
		if seen[h] != "" {
			t.Errorf("%s has the hash of %s", name, seen[h])
		}
		seen[h] = name
	}
}

func TestHoldBack(t *testing.T) {
	t.Parallel()
	c := &Case{Children: []Child{{Description: Description{Marks: "a scar over the left eyebrow", Clothing: "blue jacket"}}}}
	texts := []Text{
		{Language: "en", Headline: "Missing boy", Description: "He wears a RED WATCH on his right wrist."},
		{Language: "sr-Cyrl", Headline: "Нестао дечак", Description: "На десној руци има црвени сат са змајем."},
	}
	for held, want := range map[string][]string{
		"":                               nil,
		"red watch":                      {"texts.en.description"},
		"a red watch on the right wrist": {"texts.en.description"},
		"crveni sat sa zmajem":           {"texts.sr-Cyrl.description"},
		"scar, left eyebrow":             {"children[0].description.marks"},
		"a green whistle":                nil,
		"cat":                            nil,
	} {
		got := HeldBackIn(&Revision{HoldBack: held, Texts: texts}, c)
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v", held, got)
		}
	}
}
