package partners_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
	"homeward/partners/pack"
)

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
		"child.documents/jana": "passport 000111, Serbia, valid until 31 January 2027", "child.turns_16/jana": "2 May 2034", "child.turns_16/luka": "",
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
