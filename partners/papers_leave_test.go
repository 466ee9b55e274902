package partners_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"homeward/alerts"
	"homeward/partners"
	"homeward/partners/pack"
)

func TestABundleIsRecordedAndHoldsWhatItSays(t *testing.T) {
	t.Parallel()
	f := newFiled(t)
	ctx := t.Context()
	f.scan("custody_decision", "pdf", []byte("%PDF-1.7 decision"))
	f.scan("photo_child.jana", "jpeg", photo(t))
	f.must(f.WriteApplication(ctx, operator(), f.id, partners.FormAnswers{Answers: []pack.Answer{
		{Field: "applicant.address", Value: "Tajna 5, Primerovac"}, {Field: "father.name", Value: "Отац Пример"}, {Field: "child.birth_place", Of: "jana", Value: "Niš"},
	}}, alerts.Request{}))
	letter, err := f.MakeLetter(ctx, operator(), f.id, partners.NewLetter{
		LetterAsk: partners.LetterAsk{Template: "cover", Language: "sr-Cyrl"}, Addressee: "Централни орган", Subject: "Захтев", Body: "Поштовани,",
	}, alerts.Request{})
	f.must(err)
	request := alerts.Request{Key: bytes.Repeat([]byte{5}, 32), Body: []byte("b")}
	in := partners.NewBundle{Recipient: "central_authority", InstitutionID: f.authority, Language: "sr-Cyrl", Letter: letter.N}
	made, err := f.MakeBundle(ctx, operator(), f.id, in, request)
	f.must(err)
	if again, err := f.MakeBundle(ctx, operator(), f.id, in, request); err != nil || toJSON(t, again) != toJSON(t, made) {
		t.Errorf("a repeat made another bundle: %v", err)
	}
	if made.N != 1 || made.By != "op" || len(made.Parts) != 3 || made.InstitutionName != "Example Authority" || !f.wasRead("op", "matters/"+f.id+"/bundles") {
		t.Fatalf("%s", toJSON(t, made))
	}
	pdf, err := f.BundlePDF(ctx, operator(), f.id, 1)
	f.must(err)
	if pack.Sum(pdf) != made.Parts[0].SHA256 {
		t.Error("the PDF is not the one that was recorded")
	}
	if text, ok := textOf(t, pdf); ok {
		for _, want := range []string{"Садржај", "Поштовани,", "Јана", "Примерић", "Luka", "Tajna 5, Primerovac", "Отац Пример", "2. маја 2018. године", "joint custody by law", "custody-decision-1.pdf", "Страна 1 од"} {
			if !strings.Contains(text, want) {
				t.Errorf("the bundle is without %q", want)
			}
		}
	}
	archive, err := f.BundleZip(ctx, operator(), f.id, 1)
	f.must(err)
	names := checkArchive(t, archive)
	if !slices.Contains(names, "papers/01-custody-decision-1.pdf") && !slices.Contains(names, "papers/02-custody-decision-1.pdf") {
		t.Errorf("%v", names)
	}
	// A lawyer, who sees no places, did not make it and does not get it.
	_, err = f.BundlePDF(ctx, lawyer(), f.id, 1)
	wantCode(t, err, alerts.NotFound)
	// After a week only the record is left.
	f.to("2026-11-29 10:00")
	_, err = f.BundlePDF(ctx, operator(), f.id, 1)
	wantCode(t, err, alerts.Conflict)
	if n, err := f.SweepPhotos(ctx, f.clock()); err != nil || n != 1 {
		t.Errorf("%d swept: %v", n, err)
	}
}

// TestNothingThatMustStayLeaves makes every letter, form and bundle for every
// recipient in every language and looks for what must stay.
func TestNothingThatMustStayLeaves(t *testing.T) {
	t.Parallel()
	f := newFiled(t)
	ctx := t.Context()
	f.scan("custody_decision", "pdf", []byte("%PDF-1.7 decision"))
	f.scan("photo_child.jana", "jpeg", photo(t))
	kept := f.scan("proof_of_removal", "pdf", []byte("%PDF-1.7 kept from the taker"))
	_, err := f.ChangePaper(ctx, operator(), f.id, "proof_of_removal", partners.PaperChange{KeepFrom: alerts.Some([]string{alerts.PartyTaking})}, alerts.Request{})
	f.must(err)
	f.must(f.WriteApplication(ctx, operator(), f.id, partners.FormAnswers{Answers: []pack.Answer{
		{Field: "applicant.address", Value: "Zqhidden street 12"}, {Field: "return.arrangements", Value: "Zqplan at the border"},
		{Field: "remarks", Value: "She stays in zqhidden Street 12 now."}, {Field: "grounds.history", Value: "Zqopenly told"},
	}}, alerts.Request{}))
	f.hide(alerts.PartyTaking, alerts.HideAddress, "Zqhidden street 12")
	f.hide(alerts.PartyTaking, alerts.HidePlan)
	data, err := pack.Load()
	f.must(err)
	told := false
	for _, r := range data.Recipients {
		for _, lang := range pack.Languages() {
			out := f.everythingFor(&r, lang, data)
			for name, word := range secrets {
				if strings.Contains(strings.ToLower(out), strings.ToLower(word)) {
					t.Errorf("%s in %s gets %s", r.ID, lang, name)
				}
			}
			reaches := slices.Contains(r.Reaches, alerts.PartyTaking) || slices.Contains(r.Reaches, "*")
			for _, word := range []string{"zqhidden", "zqplan", "zqparty", kept.SHA256} {
				if has := strings.Contains(strings.ToLower(out), word); has && reaches {
					t.Errorf("%s in %s tells the taking person %s", r.ID, lang, word)
				}
			}
			told = told || strings.Contains(out, "Zqopenly told")
		}
	}
	if !told {
		t.Error("the test looks in the wrong place: what may go is nowhere")
	}
}

// everythingFor makes whatever one recipient can get, as text.
func (f *filed) everythingFor(r *pack.Recipient, lang string, data *pack.Data) string {
	f.t.Helper()
	ctx := f.t.Context()
	var out strings.Builder
	form, err := f.Application(ctx, operator(), f.id, r.ID, lang)
	f.must(err)
	out.WriteString(toJSON(f.t, form))
	letter := 0
	for _, template := range data.Templates {
		if !slices.Contains(template.Recipients, r.ID) {
			continue
		}
		draft, err := f.DraftLetter(ctx, operator(), f.id, partners.LetterAsk{Template: template.ID, Recipient: r.ID, Language: lang}, "Line")
		f.must(err)
		made, err := f.MakeLetter(ctx, operator(), f.id, partners.NewLetter{LetterAsk: draft.LetterAsk, Addressee: draft.Addressee, Subject: draft.Subject, Body: draft.Body}, alerts.Request{})
		f.must(err)
		letter = made.N
		out.WriteString(toJSON(f.t, made))
	}
	made, err := f.MakeBundle(ctx, operator(), f.id, partners.NewBundle{Recipient: r.ID, Language: lang, Letter: letter}, alerts.Request{})
	f.must(err)
	out.WriteString(toJSON(f.t, made.Parts))
	pdf, err := f.BundlePDF(ctx, operator(), f.id, made.N)
	f.must(err)
	text, _ := textOf(f.t, pdf)
	out.WriteString(text)
	archive, err := f.BundleZip(ctx, operator(), f.id, made.N)
	f.must(err)
	for _, name := range checkArchive(f.t, archive) {
		out.WriteString(name)
	}
	return out.String()
}

func TestHiddenFactsCannotBeTypedInOrSentLater(t *testing.T) {
	t.Parallel()
	f := newFiled(t)
	ctx := t.Context()
	in := partners.NewLetter{LetterAsk: partners.LetterAsk{Template: "court_delay", Recipient: "court", Language: "en"}, Addressee: "Court", Subject: "Delay", Body: "Write to Tajna ulica 5."}
	made, err := f.MakeLetter(ctx, operator(), f.id, in, alerts.Request{})
	f.must(err)
	bundle, err := f.MakeBundle(ctx, operator(), f.id, partners.NewBundle{Recipient: "court", Language: "en", Letter: made.N}, alerts.Request{})
	f.must(err)
	f.to("2026-11-21 10:05")
	f.hide(alerts.PartyTaking, alerts.HideAddress, "Tajna ulica 5")
	_, err = f.MakeLetter(ctx, operator(), f.id, in, alerts.Request{})
	if got := wrong(err); got != "body hidden_fact" {
		t.Error(got)
	}
	_, err = f.MakeBundle(ctx, operator(), f.id, partners.NewBundle{Recipient: "court", Language: "en", Letter: made.N}, alerts.Request{})
	if got := wrong(err); got != "letter hidden_fact" {
		t.Error(got)
	}
	_, err = f.LetterPDF(ctx, operator(), f.id, made.N)
	wantCode(t, err, alerts.Conflict)
	for _, fetch := range []func() ([]byte, error){
		func() ([]byte, error) { return f.BundlePDF(ctx, operator(), f.id, bundle.N) },
		func() ([]byte, error) { return f.BundleZip(ctx, operator(), f.id, bundle.N) },
	} {
		_, err := fetch()
		wantCode(t, err, alerts.Conflict)
	}
	// A paper that has to stay is refused by name, not left out in silence.
	f.scan("custody_decision", "pdf", []byte("%PDF-1.7 decision"))
	_, err = f.ChangePaper(ctx, operator(), f.id, "custody_decision", partners.PaperChange{KeepFrom: alerts.Some([]string{alerts.PartyTaking})}, alerts.Request{})
	f.must(err)
	_, err = f.MakeBundle(ctx, operator(), f.id, partners.NewBundle{Recipient: "court", Language: "en", Papers: []string{"custody_decision"}}, alerts.Request{})
	if got := wrong(err); got != "papers[0] hidden_fact" {
		t.Error(got)
	}
}
