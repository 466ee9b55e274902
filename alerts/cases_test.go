package alerts_test

import (
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
)

func wrongFields(t testing.TB, err error, want ...string) {
	t.Helper()
	var e *alerts.Error
	if !errors.As(err, &e) || e.Code != alerts.Invalid {
		t.Fatalf("got %v, want wrong fields %v", err, want)
	}
	var got []string
	for _, f := range e.Fields {
		got = append(got, f.Field+" "+f.Code)
		if f.Message == "" || !strings.HasSuffix(f.Message, ".") {
			t.Errorf("%s: the message is %q", f.Field, f.Message)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Fatalf("wrong fields\n got  %v\n want %v", got, want)
	}
}

func TestOpenCaseNamesEveryWrongField(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	swapped := geo.At(44.8178, 20.4573)
	_, err := r.OpenCase(r.ctx, r.ana, alerts.NewCase{
		Category: "lost",
		Children: []alerts.NewChild{
			{Names: []alerts.Name{{Given: "Mila", Kind: "birth", Script: "latin"}, {Kind: "first"}}, Sex: "girl", BirthDate: "5.2.2014"},
			{Names: []alerts.Name{{Given: "Vuk", Kind: "used"}}, BirthDate: "2031-07", Description: alerts.Description{HeightCM: 4}},
			{},
		},
		LastSeen: alerts.NewLastSeen{At: r.now().Add(time.Hour), PrecisionMin: -1, Place: &swapped, AccuracyM: -5},
		Police:   alerts.NewPolice{ReportedAt: r.now().Add(time.Hour)},
		Risk:     &alerts.NewRisk{Grade: "very"},
		FollowUp: &alerts.NewFollowUp{Owner: "nobody"},
		Team:     []string{r.ana.ID, "nobody"},
	}, alerts.Request{})
	r.wrong(err, "category unknown_value", "children[0].names[0].script unknown_script", "children[0].names[1] required",
		"children[0].names[1].kind unknown_value", "children[0].sex unknown_value", "children[0].birth_date not_a_date",
		"children[1].birth_date future", "children[1].description.height_cm out_of_range", "children[2] required",
		"last_seen.at future", "last_seen.precision_min out_of_range", "last_seen.place looks_swapped", "last_seen.accuracy_m out_of_range",
		"police.reported_at future", "risk.grade unknown_value", "follow_up.owner unknown_account", "team[1] unknown_account")
	if !strings.Contains(err.(*alerts.Error).Fields[0].Message, "runaway, parental_abduction") {
		t.Errorf("the categories are not listed: %s", err.(*alerts.Error).Fields[0].Message)
	}
	_, err = r.OpenCase(r.ctx, r.ana, alerts.NewCase{}, alerts.Request{})
	r.wrong(err, "category required", "children required")
	_, err = r.OpenCase(r.ctx, r.officer, alerts.NewCase{}, alerts.Request{})
	r.refused(err, alerts.Forbidden)
}

func TestOpenCase(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v := r.opened()
	if v.State != alerts.StateVerifying || v.Version != 1 || len(v.Children) != 1 || v.Children[0].ID == "" {
		t.Fatalf("got %+v", v)
	}
	if n, ok := alerts.NormalCaseNumber(v.Number); !ok || n != v.Number {
		t.Fatalf("the number is %q", v.Number)
	}
	key := alerts.Request{Key: []byte("key"), Body: []byte("body")}
	first := done(r.OpenCase(r.ctx, r.ana, aCase(r.now()), key))
	again := done(r.OpenCase(r.ctx, r.ana, aCase(r.now()), key))
	if first.ID != again.ID || first.Number != again.Number {
		t.Fatal("a repeat opened another case")
	}
	_, err := r.OpenCase(r.ctx, r.ana, aCase(r.now()), alerts.Request{Key: []byte("key"), Body: []byte("other")})
	r.refused(err, alerts.RequestReused)
}

func TestPatchCase(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v := r.opened()
	text, category := "She left after school.", alerts.CategoryParentalAbduction
	_, err := r.PatchCase(r.ctx, r.ana, v.ID, 0, alerts.CasePatch{Circumstances: &text}, alerts.Request{})
	r.refused(err, alerts.NeedsVersion)

	sex := "female"
	v = done(r.PatchCase(r.ctx, r.boris, v.ID, 1, alerts.CasePatch{
		Circumstances: &text, Category: &category, CategoryReason: "The father called.",
		Children: []alerts.ChildPatch{
			{ID: v.Children[0].ID, Sex: &sex},
			{Names: &[]alerts.Name{{Given: "Лена", Kind: "birth", Script: "Cyrl"}}},
		},
		Risk: &alerts.NewRisk{Grade: "high"},
	}, alerts.Request{}))
	if v.Version != 2 || len(v.Children) != 2 || v.Children[0].Sex != "female" || v.Children[0].BirthDate != "2019-05" {
		t.Fatalf("got %+v", v)
	}
	if len(v.CategoryHistory) != 2 || v.CategoryHistory[1].By != r.boris.ID || v.Risk == nil || v.Risk.Grade != "high" {
		t.Fatalf("the histories are %+v, %+v", v.CategoryHistory, v.Risk)
	}

	_, err = r.PatchCase(r.ctx, r.ana, v.ID, 1, alerts.CasePatch{Circumstances: &text}, alerts.Request{})
	r.refused(err, alerts.Stale)
	var e *alerts.Error
	errors.As(err, &e)
	var fields []string
	for _, f := range e.Fields {
		fields = append(fields, f.Field)
		if !strings.Contains(f.Message, "Boris") {
			t.Errorf("%s: %q does not say who", f.Field, f.Message)
		}
	}
	if slices.Sort(fields); !slices.Equal(fields, []string{"category", "children", "circumstances", "risk"}) {
		t.Fatalf("changed: %v", fields)
	}
	same := done(r.PatchCase(r.ctx, r.ana, v.ID, 2, alerts.CasePatch{Circumstances: &text}, alerts.Request{}))
	if same.Version != 2 {
		t.Fatal("a patch that changes nothing made a version")
	}
	future := alerts.LastSeenPatch{At: alerts.Some(r.now().Add(time.Hour))}
	_, err = r.PatchCase(r.ctx, r.ana, v.ID, 2, alerts.CasePatch{
		LastSeen: &future, Children: []alerts.ChildPatch{{ID: "nobody"}, {}},
	}, alerts.Request{})
	r.wrong(err, "last_seen.at future", "children[0].id unknown_child", "children[1] required")
	_, err = r.PatchCase(r.ctx, r.officer, v.ID, 2, alerts.CasePatch{}, alerts.Request{})
	r.refused(err, alerts.Forbidden)
}

func TestRestrictedCaseIsNotThere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	in := aCase(r.now())
	in.Restricted = true
	v := done(r.OpenCase(r.ctx, r.ana, in, alerts.Request{}))
	_, err := r.Case(r.ctx, r.boris, v.ID)
	_, absent := r.Case(r.ctx, r.boris, "nothing")
	if r.refused(err, alerts.NotFound); err.(*alerts.Error).Message != absent.(*alerts.Error).Message {
		t.Fatal("a restricted case can be told from one that does not exist")
	}
	if _, err := r.Case(r.ctx, r.duty, v.ID); err != nil {
		t.Fatal(err)
	}
	if page := done(r.Cases(r.ctx, r.boris, alerts.CaseQuery{})); len(page.Items) != 0 {
		t.Fatalf("the list shows %+v", page.Items)
	}
}

// released puts a live alert on a case past all rules, and an own draft.
func (r *rig) released(caseID string, level alerts.Level, state alerts.State) *alerts.Alert {
	r.t.Helper()
	c, _ := r.Board.Case(caseID)
	next := *c
	next.State = state
	al := &alerts.Alert{
		Head: journal.Head{ID: alerts.NewID(rand.Reader)}, CaseID: caseID, CaseNumber: c.CaseNumber, State: alerts.AlertLive,
		Slug: "slug", Revisions: []alerts.Revision{{Number: 1, Level: level, ExpiresAt: r.now().Add(time.Hour)}},
		Draft: &alerts.Revision{Number: 2, Level: level},
	}
	r.write(&next, al)
	return al
}

func TestCloseTakesEverythingBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v := r.opened()
	live := r.released(v.ID, alerts.LevelPublicAppeal, alerts.StatePublic)
	draft := &alerts.Alert{Head: journal.Head{ID: "draft"}, CaseID: v.ID, State: alerts.AlertDraft, Draft: &alerts.Revision{Number: 1}}
	r.write(draft)
	before := r.Journal.Tip().Number

	_, err := r.CloseCase(r.ctx, r.ana, v.ID, alerts.CloseCase{Outcome: "fine", At: r.now().Add(time.Hour)}, alerts.Request{})
	r.wrong(err, "outcome unknown_value", "at future")
	v = done(r.CloseCase(r.ctx, r.ana, v.ID, alerts.CloseCase{Outcome: "found_safe", At: r.now()}, alerts.Request{}))
	if v.State != alerts.StateFound || r.Journal.Tip().Number != before+1 {
		t.Fatalf("state %s after %d changes", v.State, r.Journal.Tip().Number-before)
	}
	for _, id := range []string{live.ID, "draft"} {
		if al, _ := r.Board.Alert(id); al.State != alerts.AlertCancelled || al.Draft != nil || al.Ending == nil {
			t.Errorf("alert %s is %+v", id, al)
		}
	}
	if len(r.Board.LiveAlerts()) != 0 || len(r.Board.PublicAlerts()) != 0 {
		t.Fatal("an alert is still live")
	}
	_, err = r.CloseCase(r.ctx, r.boris, v.ID, alerts.CloseCase{Outcome: "deceased"}, alerts.Request{})
	r.refused(err, alerts.Conflict)

	_, err = r.ConfirmClosing(r.ctx, r.ana, v.ID, alerts.Request{})
	r.refused(err, alerts.Forbidden)
	if n := len(r.UnconfirmedClosings(r.now())); n != 0 {
		t.Fatalf("%d closings are late at once", n)
	}
	r.pass(25 * time.Hour)
	if n := len(r.UnconfirmedClosings(r.now())); n != 1 {
		t.Fatalf("%d closings are late after a day", n)
	}
	v = done(r.ConfirmClosing(r.ctx, r.boris, v.ID, alerts.Request{}))
	if v.State != alerts.StateFound || v.Closing.ConfirmedBy != r.boris.ID || len(r.UnconfirmedClosings(r.now())) != 0 {
		t.Fatalf("got %+v", v.Closing)
	}
	v = done(r.ReopenCase(r.ctx, r.ana, v.ID, alerts.Reason{Reason: "It was another child."}, alerts.Request{}))
	if v.State != alerts.StateVerifying || v.Closing != nil || len(r.Board.LiveAlerts()) != 0 {
		t.Fatalf("got %+v", v)
	}
}

func TestMovesOfACase(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v := r.opened()
	r.released(v.ID, alerts.LevelPartner, alerts.StateActive)
	_, err := r.ResumeCase(r.ctx, r.ana, v.ID, alerts.Request{})
	r.refused(err, alerts.Conflict)
	v = done(r.HoldCase(r.ctx, r.ana, v.ID, alerts.Request{}))
	if v.State != alerts.StateOnHold || len(r.Board.LiveAlerts()) != 0 {
		t.Fatalf("on hold: %s with %d alerts", v.State, len(r.Board.LiveAlerts()))
	}
	if v = done(r.ResumeCase(r.ctx, r.ana, v.ID, alerts.Request{})); v.State != alerts.StateVerifying {
		t.Fatalf("resumed as %s", v.State)
	}
	v = done(r.CloseCase(r.ctx, r.ana, v.ID, alerts.CloseCase{Outcome: "found_harmed"}, alerts.Request{}))
	_, err = r.FinishCase(r.ctx, r.boris, v.ID, alerts.Request{})
	r.refused(err, alerts.Conflict)
	done(r.ConfirmClosing(r.ctx, r.boris, v.ID, alerts.Request{}))
	if v = done(r.FinishCase(r.ctx, r.boris, v.ID, alerts.Request{})); v.State != alerts.StateClosed {
		t.Fatalf("finished as %s", v.State)
	}
	false_ := r.opened()
	false_ = done(r.CloseCase(r.ctx, r.ana, false_.ID, alerts.CloseCase{Outcome: "false_report"}, alerts.Request{}))
	if false_.State != alerts.StateVoid {
		t.Fatalf("a false report is %s", false_.State)
	}
}

func TestConsentsActAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v := r.opened()
	_, err := r.AddConsent(r.ctx, r.ana, v.ID, alerts.NewConsent{Class: "P5", Audience: "all", Basis: "override", ExpiresAt: r.now().Add(48 * time.Hour)}, alerts.Request{})
	r.wrong(err, "class never_shared", "audience unknown_value", "purpose required", "expires_at override_too_long")
	in := alerts.NewConsent{Class: "P1", Audience: "public", Purpose: "appeal", Basis: "consent", GivenBy: "mother"}
	first := done(r.AddConsent(r.ctx, r.ana, v.ID, in, alerts.Request{}))
	second := done(r.AddConsent(r.ctx, r.ana, v.ID, in, alerts.Request{}))
	live := r.released(v.ID, alerts.LevelPublicAppeal, alerts.StatePublic)
	done(r.WithdrawConsent(r.ctx, r.ana, v.ID, first.ID, alerts.Request{}))
	if al, _ := r.Board.Alert(live.ID); al.State != alerts.AlertLive {
		t.Fatal("the alert was cancelled though another consent covers it")
	}
	got := done(r.WithdrawConsent(r.ctx, r.ana, v.ID, second.ID, alerts.Request{}))
	if al, _ := r.Board.Alert(live.ID); al.State != alerts.AlertCancelled {
		t.Fatal("the alert is still out after the consent was withdrawn")
	}
	if len(got.Consents) != 2 || got.Consents[1].WithdrawnAt.IsZero() {
		t.Fatalf("got %+v", got.Consents)
	}
	_, err = r.WithdrawConsent(r.ctx, r.ana, v.ID, "nothing", alerts.Request{})
	r.refused(err, alerts.NotFound)
}

func TestRecordDecision(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v := r.opened()
	_, err := r.RecordDecision(r.ctx, r.ana, v.ID, alerts.NewDecision{Level: "world", DecidedAt: r.now().Add(time.Hour)}, alerts.Request{})
	r.wrong(err, "level unknown_value", "authority required", "basis required", "reference required", "decided_at future")
	key := alerts.Request{Key: []byte("k"), Body: []byte("b")}
	in := alerts.NewDecision{Level: alerts.LevelPublicAppeal, Authority: "Police", Basis: "law", Reference: "1/31", DecidedAt: r.now()}
	d := done(r.RecordDecision(r.ctx, r.ana, v.ID, in, key))
	if again := done(r.RecordDecision(r.ctx, r.ana, v.ID, in, key)); again.ID != d.ID || d.ID == "" {
		t.Fatalf("got %q and %q", d.ID, again.ID)
	}
	if c, _ := r.Board.Case(v.ID); len(c.Decisions) != 1 || c.Version != 2 {
		t.Fatalf("%d decisions at version %d", len(c.Decisions), c.Version)
	}
}

func TestCasesSearchesBothScripts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.opened()
	r.pass(time.Minute)
	in := aCase(r.now())
	in.Category, in.Children[0].Names = alerts.CategoryMigration, []alerts.Name{{Given: "Лена", Family: "Марић", Kind: "birth"}}
	second := done(r.OpenCase(r.ctx, r.ana, in, alerts.Request{}))
	for text, want := range map[string]string{
		"djordje": first.ID, "Ђорђе": first.ID, "dorde petr": first.ID, "PETROVIĆ": first.ID, first.Number: first.ID,
		"lena": second.ID, "maric": second.ID, "Марић": second.ID, "milan": "", "etrovic": "",
	} {
		page := done(r.Cases(r.ctx, r.boris, alerts.CaseQuery{Text: text}))
		got := ""
		if len(page.Items) == 1 {
			got = page.Items[0].ID
		}
		if got != want || len(page.Items) > 1 {
			t.Errorf("%q finds %d cases, %q", text, len(page.Items), got)
		}
	}
	page := done(r.Cases(r.ctx, r.ana, alerts.CaseQuery{Limit: 1}))
	if len(page.Items) != 1 || page.Items[0].ID != second.ID || page.Next == nil {
		t.Fatalf("the first page is %+v", page)
	}
	page = done(r.Cases(r.ctx, r.ana, alerts.CaseQuery{Limit: 1, Cursor: *page.Next}))
	if len(page.Items) != 1 || page.Items[0].ID != first.ID || page.Next != nil {
		t.Fatalf("the second page is %+v", page)
	}
	_, err := r.Cases(r.ctx, r.ana, alerts.CaseQuery{Cursor: "x", States: []alerts.State{"open"}, Order: "name"})
	r.wrong(err, "state unknown_value", "sort unknown_value")
	_, err = r.Cases(r.ctx, r.ana, alerts.CaseQuery{Cursor: "x"})
	r.wrong(err, "cursor bad_cursor")
}

func TestCasePhoto(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v := r.opened()
	p := done(r.AddPhoto(r.ctx, r.ana, v.ID, alerts.NewPhoto{Picture: alerts.Picture{JPEG: []byte("jpeg"), Width: 4, Height: 3}, TakenOn: "2030"}, alerts.Request{}))
	if got := done(r.CasePhoto(r.ctx, r.boris, v.ID, p.ID)); string(got) != "jpeg" || !p.Main {
		t.Fatalf("got %q, %+v", got, p)
	}
	_, err := r.CasePhoto(r.ctx, r.officer, v.ID, p.ID)
	r.refused(err, alerts.NotFound)
	r.ok(r.store.PutBlob(r.ctx, v.ID+".orphan", []byte("x")))
	r.pass(25 * time.Hour)
	if n := done(r.SweepPhotos(r.ctx, r.now())); n != 1 {
		t.Fatalf("%d photos swept", n)
	}
	if _, err := r.CasePhoto(r.ctx, r.boris, v.ID, p.ID); err != nil {
		t.Fatal(err)
	}
}
