package partners_test

import (
	"slices"
	"testing"

	"homeward/alerts"
	"homeward/partners"
	"homeward/partners/abduction"
)

// What the list of papers says was received counts for the steps that need it:
// of a paper that every child needs, only all of them.
func TestPapersCountForTheStepsThatNeedThem(t *testing.T) {
	t.Parallel()
	f := newFiled(t)
	there := func() []string {
		v, err := f.Procedure(t.Context(), operator(), f.id)
		f.must(err)
		i := slices.IndexFunc(v.Steps, func(s partners.MatterStepView) bool { return s.Step == "application" })
		var out []string
		for _, d := range v.Steps[i].Documents {
			if d.There {
				out = append(out, d.ID)
			}
		}
		return out
	}
	received := func(paper string, done bool) {
		_, err := f.ChangePaper(t.Context(), operator(), f.id, paper, partners.PaperChange{State: "received", Done: &done}, alerts.Request{})
		f.must(err)
	}
	for _, step := range []struct {
		paper string
		done  bool
		want  []string
	}{
		{"birth_certificate.jana", true, nil},
		{"birth_certificate.luka", true, []string{"birth_certificate"}},
		{"form", true, []string{"application_form", "birth_certificate"}},
		{"birth_certificate.jana", false, []string{"application_form"}},
	} {
		received(step.paper, step.done)
		if got := there(); !slices.Equal(got, step.want) {
			t.Errorf("after %s %v: %v, want %v", step.paper, step.done, got, step.want)
		}
	}
	data, err := f.Pack()
	f.must(err)
	law, err := abduction.Load()
	f.must(err)
	for _, row := range data.Rows {
		if row.Serves == "" {
			continue
		}
		if !slices.ContainsFunc(law.Procedure.Steps, func(s abduction.StepRule) bool { return slices.Contains(s.Documents, row.Serves) }) {
			t.Errorf("paper %s serves %s, which no step needs", row.ID, row.Serves)
		}
	}
}

// An institution is written to in a language of its own, in the script of
// whoever writes.
func TestALetterIsInTheLanguageOfItsAddressee(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	at := func(country string, languages ...string) string {
		i, err := o.CreateInstitution(t.Context(), operator(), partners.NewInstitution{Name: "Example", Kind: "court", Country: country, Languages: languages, Fictional: true}, alerts.Request{})
		if err != nil {
			t.Fatal(err)
		}
		return i.ID
	}
	for _, c := range []struct{ institution, reader, want string }{
		{at("RS"), "en", "sr-Latn"},
		{at("RS"), "sr-Cyrl", "sr-Cyrl"},
		{at("RS", "sr-Cyrl"), "en", "sr-Cyrl"},
		{at("BA"), "sr-Latn", "sr-Latn"},
		{at("HU"), "sr-Latn", "en"},
		{at("HU", "hu", "sr"), "en", "sr-Latn"},
		{at("DE", "de", "en"), "sr-Cyrl", "en"},
		{"", "sr-Cyrl", "sr-Cyrl"},
	} {
		if got := o.LetterLanguage(c.institution, c.reader); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
