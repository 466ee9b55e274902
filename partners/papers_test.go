package partners_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"image"
	"image/jpeg"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
	"homeward/partners/pack"
)

// filed is a matter with papers: a case with two children, a court and a
// central authority, and a scan.
type filed struct {
	*office
	id, court, authority string
}

// Words that stand in fields which never leave, one each.
var secrets = map[string]string{
	"needs": "Zqneeds", "risk": "Zqrisknote", "factor": "Zqfactor", "found": "Zqwhereabouts", "closing": "Zqclosing", "caller": "Zqcaller",
	"followup": "Zqfollowup", "home": "Zqhome", "staff": "Zqstafflog", "filename": "Zqfilename", "consent": "Zqconsent", "drawer": "Zqdrawer", "danger": "Zqdanger",
}

func newFiled(t *testing.T) *filed {
	t.Helper()
	o := newOffice(t)
	c := &alerts.Case{
		Head: journal.Head{ID: "case1"}, CaseNumber: "K7MQ2RTX", State: alerts.StateActive, Category: alerts.CategoryParentalAbduction,
		Children: []alerts.Child{
			{ID: "jana", Names: []alerts.Name{{Given: "Jana", Family: "Primerić", Kind: "birth", Script: "Latn"}, {Given: "Јана", Family: "Примерић", Kind: "birth", Script: "Cyrl"}},
				Sex: "female", BirthDate: "2018-05-02", Home: secrets["home"], Needs: secrets["needs"], Description: alerts.Description{Hair: "brown", HeightCM: 118}},
			{ID: "luka", Names: []alerts.Name{{Given: "Luka", Family: "Primerić", Kind: "birth"}}, BirthDate: "2012"},
		},
		Circumstances: "Left for a holiday and did not come back.",
		Police:        alerts.PoliceReport{ReportedAt: at(t, "2026-03-11 09:00"), Unit: "PU Primerovac", Reference: "KU 17/26"},
		Risks:         []alerts.RiskGrade{{Grade: "high", Note: secrets["risk"], Factors: []string{secrets["factor"]}}},
		Consents:      []alerts.Consent{{ID: "x", GivenBy: secrets["consent"]}},
		FollowUp:      alerts.FollowUp{Note: secrets["followup"]},
		Closing:       &alerts.Closing{Note: secrets["closing"], Whereabouts: secrets["found"]},
	}
	o.put(c)
	f := &filed{office: o}
	f.court = f.institution("Example Court", "court", "DE")
	f.authority = f.institution("Example Authority", "central_authority", "DE")
	in := removal()
	in.LegalRoute, in.Legal, in.Whereabouts, in.CustodyBasis = "hague1980", []string{"le"}, "Example Road 1, Berlin", "joint custody by law"
	in.Parties = []partners.Party{
		{Role: "left_behind", Name: "Example Mother", Relation: "majka", Nationalities: []string{"RS"}, BirthDate: "1990-01-02", Address: "Zqparty road 3", Phone: "+381 11 000 0044"},
		{Role: "relative", Name: "Example Aunt", Relation: "aunt"},
	}
	in.Documents = []partners.TravelDocument{{Kind: "passport", ChildID: "jana", State: "RS", Number: "000111", ValidUntil: "2027-01-31", Where: secrets["drawer"]}}
	in.Dangers = []partners.Danger{{Code: "threats", Note: secrets["danger"]}}
	in.FamilyContacts = []partners.FamilyContact{{Date: "2026-04-02", Channel: "phone", With: "Jana", Note: "said that she is well"}}
	in.Decisions = []partners.CustodyDecision{{Date: "2020-05-06", What: "custody", Court: "Example Court", Text: "joint"}, {Date: "2026-10-01", What: "return_refused", Court: "Court abroad"}}
	in.Traces = []partners.Trace{{Kind: "route", Date: "2026-03-10", Text: "by car", Source: "B", Information: 2}}
	in.Instances = []partners.Instance{{StartedAt: "2026-09-01", InstitutionID: f.court}}
	m, err := o.OpenMatter(t.Context(), operator(), "case1", in, alerts.Request{})
	f.must(err)
	f.id = m.ID
	for _, e := range []partners.NewMatterContact{
		{Request: "Application for return", Reference: "II-1/26"}, {Request: secrets["staff"], Confidential: "staff"},
	} {
		e.InstitutionID, e.Direction, e.Channel, e.At = f.authority, "out", "letter", at(t, "2026-04-01 10:00")
		_, err := o.RecordContact(t.Context(), operator(), f.id, e, alerts.Request{})
		f.must(err)
	}
	return f
}

func (f *filed) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *filed) institution(name, kind, country string) string {
	f.t.Helper()
	i, err := f.CreateInstitution(f.t.Context(), operator(), partners.NewInstitution{
		Name: name, Kind: kind, Country: country, Fictional: true, Channels: []partners.Channel{{Kind: "post", Value: "Box 1, Example town"}},
	}, alerts.Request{})
	f.must(err)
	return i.ID
}

func (f *filed) scan(paper, kind string, content []byte) partners.PaperFileView {
	f.t.Helper()
	v, err := f.AddFile(f.t.Context(), operator(), f.id, paper, partners.NewFile{Kind: kind, Name: secrets["filename"] + "." + kind, Content: content, Width: 40, Height: 30}, alerts.Request{})
	f.must(err)
	return v.Files[len(v.Files)-1]
}

// wasRead tells whether somebody's reading of a subject was written down.
func (f *filed) wasRead(who, subject string) bool {
	f.t.Helper()
	records, err := f.store.Reads(f.t.Context(), "node", 0, 1000)
	f.must(err)
	return slices.ContainsFunc(records, func(r []byte) bool {
		return strings.Contains(string(r), `"`+who+`"`) && strings.Contains(string(r), `"`+subject+`"`)
	})
}

func photo(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// hide keeps a fact from a party, as somebody of the desk does.
func (f *filed) hide(party, field string, words ...string) {
	f.t.Helper()
	c, ok := f.Board.Case("case1")
	if !ok {
		f.t.Fatal("no case")
	}
	next := *c
	next.Hidden = append(slices.Clone(c.Hidden), alerts.Hiding{ID: field, Party: party, Field: field, Words: words, At: f.clock()})
	f.put(&next)
}

func (f *filed) items() map[string]partners.PaperView {
	f.t.Helper()
	v, err := f.PapersOf(f.t.Context(), operator(), f.id)
	f.must(err)
	out := map[string]partners.PaperView{}
	for _, i := range v.Items {
		out[i.ID] = i
	}
	return out
}

func state(v partners.PaperView, of string) partners.PaperState {
	for _, s := range v.States {
		if s.State == of {
			return s
		}
	}
	return partners.PaperState{}
}

func TestPapersGoThroughTheirStates(t *testing.T) {
	t.Parallel()
	f := newFiled(t)
	ctx := t.Context()
	items := f.items()
	for _, id := range []string{"form", "birth_certificate.jana", "birth_certificate.luka", "rs_originals", "translations"} {
		if s := state(items[id], "needed"); !s.Done {
			t.Errorf("%s is not needed", id)
		}
	}
	v, err := f.ChangePaper(ctx, operator(), f.id, "birth_certificate.jana", partners.PaperChange{State: "received", On: "2026-11-20", Language: alerts.Some("sr"), Note: alerts.Some("a copy")}, alerts.Request{})
	if err != nil || state(v, "received") != (partners.PaperState{State: "received", Done: true, On: "2026-11-20", By: "op"}) || v.Note != "a copy" {
		t.Fatalf("%v %s", err, toJSON(t, v))
	}
	no := false
	v, err = f.ChangePaper(ctx, operator(), f.id, "birth_certificate.jana", partners.PaperChange{State: "received", Done: &no}, alerts.Request{})
	if err != nil || state(v, "received").Done || len(v.Steps) != 2 || v.Language != "sr" {
		t.Fatalf("%v %s", err, toJSON(t, v))
	}
	own, err := f.AddPaper(ctx, lawyer(), f.id, partners.NewPaper{Title: "Letter of the school"}, alerts.Request{Key: bytes.Repeat([]byte{3}, 32)})
	f.must(err)
	again, err := f.AddPaper(ctx, lawyer(), f.id, partners.NewPaper{Title: "Letter of the school"}, alerts.Request{Key: bytes.Repeat([]byte{3}, 32)})
	if err != nil || again.ID != own.ID || own.Titles["en"] != "Letter of the school" || own.Need != "own" {
		t.Errorf("%v %s", err, toJSON(t, again))
	}
	_, err = f.ChangePaper(ctx, operator(), f.id, own.ID, partners.PaperChange{State: "lost", On: "2027-01-01", Language: alerts.Some("no language"), KeepFrom: alerts.Some([]string{"nobody"})}, alerts.Request{})
	if got := wrong(err); got != "state unknown_value; on future; language language; keep_from unknown_party" {
		t.Error(got)
	}
	_, err = f.ChangePaper(ctx, operator(), f.id, "nothing", partners.PaperChange{State: "received"}, alerts.Request{})
	wantCode(t, err, alerts.NotFound)
	_, err = f.PapersOf(ctx, otherLawyer(), f.id)
	wantCode(t, err, alerts.NotFound)
}

func TestFilesAreSealedReadOnRecordAndRemovable(t *testing.T) {
	t.Parallel()
	f := newFiled(t)
	ctx := t.Context()
	file := f.scan("custody_decision", "pdf", []byte("%PDF-1.7 canary of the court"))
	if !state(f.items()["custody_decision"], "received").Done {
		t.Error("a paper with a file was not received")
	}
	err := f.store.EachBlob(ctx, func(id string, _ time.Time) error {
		raw, err := f.store.Blob(ctx, id)
		if bytes.Contains(raw, []byte("canary of the court")) {
			t.Error("a scan lies open in the store")
		}
		return err
	})
	f.must(err)
	view, content, err := f.PaperFile(ctx, lawyer(), f.id, "custody_decision", file.ID)
	if err != nil || view.SHA256 != pack.Sum(content) || string(content) != "%PDF-1.7 canary of the court" {
		t.Fatalf("%v %q", err, content)
	}
	if !f.wasRead("le", "matters/"+f.id+"/papers/custody_decision/files/"+file.ID) {
		t.Error("the reading of a scan was not recorded")
	}
	// A lawyer sees no places, so not the proof of residence.
	home := f.scan("habitual_residence.jana", "jpeg", photo(t))
	_, _, err = f.PaperFile(ctx, lawyer(), f.id, "habitual_residence.jana", home.ID)
	wantCode(t, err, alerts.NotFound)
	_, _, err = f.PaperFile(ctx, otherLawyer(), f.id, "custody_decision", file.ID)
	wantCode(t, err, alerts.NotFound)

	// What a record names is not swept, what was removed is gone at once.
	f.to("2026-11-25 10:00")
	if n, err := f.SweepPhotos(ctx, f.clock()); err != nil || n != 0 {
		t.Errorf("%d scans were swept: %v", n, err)
	}
	_, err = f.RemoveFile(ctx, operator(), f.id, "custody_decision", file.ID, alerts.Request{})
	f.must(err)
	_, _, err = f.PaperFile(ctx, operator(), f.id, "custody_decision", file.ID)
	wantCode(t, err, alerts.NotFound)
	if got := f.items()["custody_decision"].Files; len(got) != 1 || got[0].RemovedBy != "op" {
		t.Errorf("%s", toJSON(t, got))
	}
}

func TestTheFormIsFilledWithWhatTheMatterHolds(t *testing.T) {
	t.Parallel()
	f := newFiled(t)
	form, err := f.Application(t.Context(), operator(), f.id, "", "en")
	f.must(err)
	for field, want := range map[string]string{
		"child.documents/jana": "passport 000111, RS, valid until 31 January 2027", "child.turns_16/jana": "2 May 2034", "child.turns_16/luka": "",
		"child.birth_date/luka": "2012", "mother.name": "Example Mother", "mother.birth": "2 January 1990", "father.name": "", "applicant.name": "Example Mother",
		"applicant.relation": "majka", "applicant.address": "Zqparty road 3", "applicant.contact": "+381 11 000 0044", "others": "Example Aunt, aunt",
		"taker.name": "Other parent", "grounds.custody": "joint custody by law\ncustody, Example Court, 6 May 2020: joint",
		"proceedings": "1. Example Court, started on 1 September 2026\nreturn refused, Court abroad, 1 October 2026", "wrongful.travel": "10 March 2026, by car",
		"wrongful.contacts": "2 April 2026, Jana, said that she is well", "police": "11 March 2026, PU Primerovac, KU 17/26", "return.person": "",
	} {
		id, of, _ := strings.Cut(field, "/")
		if got := form.Get(id, of); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	if form.Missing == 0 || form.Withheld != 0 {
		t.Errorf("%d missing, %d withheld", form.Missing, form.Withheld)
	}
}

func TestLettersAreKeptAsTheyWereMade(t *testing.T) {
	t.Parallel()
	f := newFiled(t)
	ctx := t.Context()
	for _, lang := range pack.Languages() {
		ask := partners.LetterAsk{Template: "cover", InstitutionID: f.authority, Language: lang}
		draft, err := f.DraftLetter(ctx, operator(), f.id, ask, "Example Line")
		f.must(err)
		name := "Jana Primerić"
		if lang == pack.Cyrillic {
			name = "Јана Примерић"
		}
		for _, want := range []string{name, "Luka Primerić", "K7MQ2RTX", "Example Line", "Other parent", "KU 17/26"} {
			if !strings.Contains(draft.Body, want) {
				t.Errorf("%s: the letter is without %q:\n%s", lang, want, draft.Body)
			}
		}
		if !strings.HasPrefix(draft.Addressee, "Example Authority\nBox 1, Example town\n") {
			t.Errorf("addressee %q", draft.Addressee)
		}
		in := partners.NewLetter{LetterAsk: draft.LetterAsk, Addressee: draft.Addressee, Subject: draft.Subject, Body: draft.Body}
		made, err := f.MakeLetter(ctx, operator(), f.id, in, alerts.Request{})
		f.must(err)
		in.Body, in.Replaces = draft.Body+"\n\nP. S.", made.N
		second, err := f.MakeLetter(ctx, lawyer(), f.id, in, alerts.Request{})
		if err != nil || second.Edition != 2 || second.N != made.N+1 || !second.BasisChecked {
			t.Fatalf("%v %s", err, toJSON(t, second))
		}
		if first, err := f.LetterOf(ctx, operator(), f.id, made.N); err != nil || first.Body != draft.Body || first.Edition != 1 {
			t.Errorf("a letter changed after it was made: %v", err)
		}
		raw, err := f.LetterPDF(ctx, operator(), f.id, second.N)
		f.must(err)
		if text, ok := textOf(t, raw); ok && (!strings.Contains(text, name) || !strings.Contains(text, "P. S.")) {
			t.Errorf("%s:\n%s", lang, text)
		}
	}
	_, err := f.DraftLetter(ctx, operator(), f.id, partners.LetterAsk{Template: "nothing", Language: "en"}, "")
	wantCode(t, err, alerts.Invalid)
	_, err = f.DraftLetter(ctx, operator(), f.id, partners.LetterAsk{Template: "cover", Recipient: "police", Language: "en"}, "")
	wantCode(t, err, alerts.Invalid)
	_, err = f.DraftLetter(ctx, operator(), f.id, partners.LetterAsk{Template: "cover", InstitutionID: f.court, Language: "en"}, "")
	if got := wrong(err); got != "institution_id wrong_kind" {
		t.Error(got)
	}
	_, err = f.MakeLetter(ctx, operator(), f.id, partners.NewLetter{LetterAsk: partners.LetterAsk{Template: "cover", Language: "en"}, Replaces: 99}, alerts.Request{})
	if got := wrong(err); got != "addressee required; subject required; body required; replaces unknown_letter" {
		t.Error(got)
	}
}

func TestAnUncheckedLegalBasisIsSaidInTheLetter(t *testing.T) {
	t.Parallel()
	f := newFiled(t)
	for _, checked := range []bool{false, true} {
		in := partners.NewLetter{LetterAsk: partners.LetterAsk{Template: "court_delay", Language: "en"}, Addressee: "Court", Subject: "Delay", Body: "Why?", BasisChecked: checked}
		made, err := f.MakeLetter(t.Context(), operator(), f.id, in, alerts.Request{})
		f.must(err)
		raw, err := f.LetterPDF(t.Context(), operator(), f.id, made.N)
		f.must(err)
		if text, ok := textOf(t, raw); ok && strings.Contains(text, "was not checked") == checked {
			t.Errorf("checked %v:\n%s", checked, text)
		}
	}
}

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

func TestPapersOutliveARestartAndGoWithTheirCase(t *testing.T) {
	t.Parallel()
	f := newFiled(t)
	ctx := t.Context()
	file := f.scan("custody_decision", "pdf", []byte("%PDF-1.7 decision"))
	made, err := f.MakeLetter(ctx, operator(), f.id, partners.NewLetter{LetterAsk: partners.LetterAsk{Template: "cover", Language: "en"}, Addressee: "A", Subject: "S", Body: "B"}, alerts.Request{})
	f.must(err)
	before := toJSON(t, f.items())
	f.Journal.Close()
	f.Desk = f.open(bytes.Repeat([]byte{7}, 32))
	if after := toJSON(t, f.items()); after != before {
		t.Errorf("before a restart %s, after it %s", before, after)
	}
	if l, err := f.LetterOf(ctx, operator(), f.id, made.N); err != nil || l.Body != "B" {
		t.Errorf("%v %s", err, toJSON(t, l))
	}
	if _, content, err := f.PaperFile(ctx, operator(), f.id, "custody_decision", file.ID); err != nil || string(content) != "%PDF-1.7 decision" {
		t.Errorf("%v %q", err, content)
	}
	_, err = f.Journal.Do(ctx, journal.Command{Actor: "test", Action: "test", Decide: func(*journal.View) (journal.Outcome, error) {
		return journal.Outcome{Forget: []journal.Key{{Collection: "cases", ID: "case1"}}}, nil
	}})
	f.must(err)
	if f.PartnerBoard().Papers(f.id) != nil || len(f.PartnerBoard().Letters(f.id)) != 0 {
		t.Error("papers outlive their case")
	}
	if _, err := f.Ring.Open("cases/case1", []byte(f.id+"."+file.ID), nil); err == nil {
		t.Error("the key of the papers is still there")
	}
}

// checkArchive compares every file of an archive with its manifest and returns
// their names.
func checkArchive(t *testing.T, raw []byte) []string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	var m pack.Manifest
	if err := json.Unmarshal(files["manifest.json"], &m); err != nil {
		t.Fatal(err)
	}
	if len(files) != len(m.Files)+2 {
		t.Errorf("%d files, %d in the manifest", len(files), len(m.Files))
	}
	for _, p := range m.Files {
		if pack.Sum(files[p.Name]) != p.SHA256 || len(files[p.Name]) != p.Size {
			t.Errorf("%s is not what the manifest says", p.Name)
		}
	}
	return slices.Sorted(maps.Keys(files))
}

// textOf reads a PDF's text, or is false where no program for it is named.
func textOf(t *testing.T, raw []byte) (string, bool) {
	t.Helper()
	program := os.Getenv("PDFTOTEXT")
	if program == "" {
		t.Log("left out: set PDFTOTEXT to the path of pdftotext")
		return "", false
	}
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out), true
}
