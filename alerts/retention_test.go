package alerts_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// closedAs is a case that has ended, was confirmed, and whose aftercare is over.
func (r *rig) closedAs(outcome string) alerts.CaseView {
	v := r.opened()
	v = done(r.CloseCase(r.ctx, r.ana, v.ID, alerts.CloseCase{Outcome: outcome}, alerts.Request{}))
	v = done(r.ConfirmClosing(r.ctx, r.duty, v.ID, alerts.Request{}))
	if v.State == alerts.StateFound {
		v = done(r.FinishCase(r.ctx, r.ana, v.ID, alerts.Request{}))
	}
	return v
}

func (r *rig) kept(id string) alerts.Retention {
	r.t.Helper()
	return r.RetentionOf(r.officer, done(r.RetentionCase(r.officer, id)))
}

func TestEveryEndOfACaseHasARuleOfRetention(t *testing.T) {
	t.Parallel()
	rules, err := alerts.LoadRetention()
	if err != nil || len(rules) == 0 {
		t.Fatal(err)
	}
	for _, rule := range rules {
		if rule.Verified {
			t.Errorf("%s: nobody has verified a period", rule.Key)
		}
	}
}

func TestClosingStartsRetentionAndReopeningStopsIt(t *testing.T) {
	t.Parallel()
	for outcome, days := range map[string]int{"false_report": 90, "found_safe": 365, "other": 731, "deceased": 3653} {
		r := newRig(t)
		if v := r.kept(r.opened().ID); v.Standing != "open" || !v.DueAt.IsZero() || v.Rule != nil {
			t.Errorf("an open case has a day: %+v", v)
		}
		c := r.closedAs(outcome)
		v := r.kept(c.ID)
		if want := r.now().AddDate(0, 0, days); !v.DueAt.Equal(want) || len(v.InTheWay) != 0 || len(v.Stays) != 4 {
			t.Errorf("%s: %+v, want %s", outcome, v, want)
		}
		r.pass(v.DueAt.Sub(r.now()) - time.Second)
		if s := r.kept(c.ID).Standing; s != "soon" {
			t.Errorf("%s: %s a second before its day", outcome, s)
		}
		r.pass(time.Second)
		if s := r.kept(c.ID).Standing; s != "due" {
			t.Errorf("%s: %s on its day", outcome, s)
		}
		_ = done(r.ReopenCase(r.ctx, r.ana, c.ID, alerts.Reason{Reason: "new facts"}, alerts.Request{}))
		if v := r.kept(c.ID); v.Standing != "open" || !v.DueAt.IsZero() {
			t.Errorf("%s: reopened, and still %+v", outcome, v)
		}
	}
}

func TestAFileThatAChildMayNeedIsKeptUntilItIsGrown(t *testing.T) {
	t.Parallel()
	for birth, want := range map[string]string{"2029-02-03": "2048-01-01", "2029": "2048-01-01", "2015-01-01": "2036-03-04", "": "2050-01-01"} {
		r := newRig(t)
		c := r.closedAs("found_harmed")
		doc := *done(r.RetentionCase(r.officer, c.ID))
		doc.Children = slices.Clone(doc.Children)
		for i := range doc.Children {
			doc.Children[i].BirthDate = birth
		}
		r.write(&doc)
		if got := r.kept(c.ID).DueAt.Format(time.DateOnly); got != want {
			t.Errorf("born %q: kept until %s, want %s", birth, got, want)
		}
	}
}

func TestAHoldTakesTwoPeopleToBeginAndToEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.closedAs("false_report")
	r.pass(100 * 24 * time.Hour)
	act := func(a alerts.Actor, act string, in alerts.HoldAct) error {
		return r.ActOnHold(r.ctx, a, c.ID, act, in, alerts.Request{})
	}
	r.wrong(act(r.ana, "propose", alerts.HoldAct{}), "ground required", "reason required")
	r.refused(act(alerts.Actor{ID: "x", Role: alerts.RoleOperator, Kind: alerts.KindPerson}, "propose", alerts.HoldAct{Ground: "proceedings", Reason: "x"}), alerts.Forbidden)
	program := r.ana
	program.Kind = alerts.KindService
	r.refused(act(program, "propose", alerts.HoldAct{Ground: "proceedings", Reason: "x"}), alerts.Forbidden)
	r.refused(act(r.ana, "none", alerts.HoldAct{}), alerts.NotFound)
	r.refused(act(r.ana, "confirm", alerts.HoldAct{Hold: "none"}), alerts.NotFound)
	r.ok(act(r.officer, "propose", alerts.HoldAct{Ground: "proceedings", Reason: "The court asked for the file.", Reference: "K 1/31"}))
	v := r.kept(c.ID)
	if v.Standing != "held" || !slices.Equal(v.InTheWay, []string{"hold_proposed"}) {
		t.Errorf("a proposal does not keep the file: %+v", v)
	}
	hold := alerts.HoldAct{Hold: v.Holds[0].ID}
	r.refused(act(r.officer, "confirm", hold), alerts.Forbidden)
	r.refused(act(r.ana, "take_back", hold), alerts.Forbidden)
	r.refused(act(r.ana, "end", alerts.HoldAct{Hold: hold.Hold, Reason: "x"}), alerts.Conflict)
	r.ok(act(r.ana, "confirm", hold))
	r.refused(act(r.boris, "confirm", hold), alerts.Conflict)
	r.refused(act(r.officer, "take_back", hold), alerts.Conflict)
	if v = r.kept(c.ID); !slices.Equal(v.InTheWay, []string{"hold"}) {
		t.Errorf("%+v", v)
	}
	r.wrong(act(r.ana, "end", hold), "reason required")
	r.ok(act(r.ana, "end", alerts.HoldAct{Hold: hold.Hold, Reason: "The court has it."}))
	r.refused(act(r.ana, "confirm_end", hold), alerts.Forbidden)
	if v = r.kept(c.ID); v.Standing != "held" || v.Holds[0].Standing != "ending" {
		t.Errorf("one person ended a hold: %+v", v)
	}
	r.ok(act(r.boris, "take_back", hold))
	r.refused(act(r.boris, "confirm_end", hold), alerts.Conflict)
	r.ok(act(r.ana, "end", alerts.HoldAct{Hold: hold.Hold, Reason: "The court has it."}))
	r.ok(act(r.boris, "confirm_end", hold))
	if v = r.kept(c.ID); v.Standing != "due" || v.Holds[0].Standing != "ended" || len(v.InTheWay) != 0 {
		t.Errorf("%+v", v)
	}
}

func TestWhatStandsInTheWayOfForgetting(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one, main := r.opened(), r.opened()
	r.ok(r.ActOnHold(r.ctx, r.ana, one.ID, "propose", alerts.HoldAct{Ground: "legal_claim", Reason: "x"}, alerts.Request{}))
	r.ok(r.merge(r.ana, one.ID, main.ID))
	r.refused(r.ActOnHold(r.ctx, r.ana, one.ID, "propose", alerts.HoldAct{Ground: "legal_claim", Reason: "x"}, alerts.Request{}), alerts.Conflict)
	_ = done(r.CloseCase(r.ctx, r.ana, main.ID, alerts.CloseCase{Outcome: "found_safe"}, alerts.Request{}))
	if v := r.kept(main.ID); !slices.Equal(v.InTheWay, []string{"hold_proposed", "unconfirmed", "aftercare"}) || len(v.Aliases) != 1 || v.Standing != "held" {
		t.Errorf("%+v", v)
	}
	if v := r.kept(one.ID); !slices.Contains(v.InTheWay, "merged") {
		t.Errorf("%+v", v)
	}
	doc := *done(r.RetentionCase(r.officer, main.ID))
	doc.Frozen = []alerts.Freeze{{ID: "f", ContactID: "c", At: r.now()}}
	r.write(&doc)
	objection := alerts.Objection{ID: "f", CaseID: main.ID, Kind: alerts.ObjectionMistake, At: r.now(), Froze: true}
	r.write(&alerts.Contact{Head: journal.Head{ID: "c"}, Channel: "phone", Objections: []alerts.Objection{objection}})
	if v := r.kept(main.ID); !slices.Contains(v.InTheWay, "frozen") {
		t.Errorf("%+v", v)
	}
	objection.Decision, objection.DecidedAt = alerts.DecisionUpheld, r.now()
	r.write(&alerts.Contact{Head: journal.Head{ID: "c"}, Channel: "phone", Objections: []alerts.Objection{objection}})
	if v := r.kept(main.ID); slices.Contains(v.InTheWay, "frozen") {
		t.Errorf("an objection that was upheld keeps the file for ever: %+v", v)
	}
	list := done(r.RetentionCases(r.ctx, r.officer))
	if len(list) != 1 || list[0].ID != main.ID {
		t.Errorf("a merged case is listed for itself: %d", len(list))
	}
	_, err := r.RetentionCases(r.ctx, alerts.Actor{ID: "x", Role: alerts.RoleOperator, Kind: alerts.KindPerson})
	r.refused(err, alerts.Forbidden)
}

func TestARestrictedFileIsForItsTeamAndThePrivacyOfficer(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.opened()
	hidden := true
	_ = done(r.PatchCase(r.ctx, r.boris, c.ID, c.Version, alerts.CasePatch{Restricted: &hidden, Team: &[]string{r.boris.ID}}, alerts.Request{}))
	_, err := r.RetentionCase(r.ana, c.ID)
	r.refused(err, alerts.NotFound)
	r.refused(r.ActOnHold(r.ctx, r.ana, c.ID, "propose", alerts.HoldAct{Ground: "legal_claim", Reason: "x"}, alerts.Request{}), alerts.NotFound)
	for _, a := range []alerts.Actor{r.boris, r.duty, r.officer} {
		_ = done(r.RetentionCase(a, c.ID))
	}
	_, err = r.RetentionCase(alerts.Actor{ID: "l", Role: alerts.RolePoliceLiaison}, c.ID)
	r.refused(err, alerts.NotFound)
}

func TestReturnInterviewsAreNotedDuringAftercare(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.opened()
	note := func(a alerts.Actor, in alerts.NewInterview) (alerts.CaseView, error) {
		return r.AddInterview(r.ctx, a, c.ID, in, alerts.Request{})
	}
	_, err := note(r.ana, alerts.NewInterview{State: "offered", With: "hotline"})
	r.refused(err, alerts.Conflict)
	_ = done(r.CloseCase(r.ctx, r.ana, c.ID, alerts.CloseCase{Outcome: "found_safe"}, alerts.Request{}))
	_, err = note(r.ana, alerts.NewInterview{At: r.now().Add(time.Hour)})
	r.wrong(err, "state required", "with required", "at future")
	_, err = note(r.ana, alerts.NewInterview{State: "offered", With: "hotline", Child: "none"})
	r.wrong(err, "child unknown_child")
	_, err = note(r.officer, alerts.NewInterview{State: "offered", With: "hotline"})
	r.refused(err, alerts.Forbidden)
	open := func() bool {
		for _, s := range r.clockOf(c.ID) {
			if s.Key == "return_interview" {
				return s.Open()
			}
		}
		t.Fatal("the step is missing")
		return false
	}
	_ = done(note(r.ana, alerts.NewInterview{State: "offered", With: "hotline", Child: c.Children[0].ID, Note: "Zqnote"}))
	if !open() {
		t.Error("an offer counts as an interview")
	}
	v := done(note(r.boris, alerts.NewInterview{State: "declined", With: "social_work"}))
	if open() || len(v.Interviews) != 2 || v.Interviews[0].Note != "Zqnote" {
		t.Errorf("%+v", v.Interviews)
	}
	_ = done(r.ConfirmClosing(r.ctx, r.duty, c.ID, alerts.Request{}))
	v = done(r.FinishCase(r.ctx, r.ana, c.ID, alerts.Request{}))
	if v.Interviews[0].Note != "" || v.Interviews[0].State != "offered" {
		t.Errorf("the note is read after aftercare: %+v", v.Interviews)
	}
	_, err = note(r.ana, alerts.NewInterview{State: "held", With: "hotline"})
	r.refused(err, alerts.Conflict)
}

// TestHoldsInEachStore writes a hold and an interview and starts again.
func TestHoldsInEachStore(t *testing.T) {
	t.Parallel()
	for name, h := range callHomes(t) {
		t.Run(name, func(t *testing.T) {
			r := &rig{t: t, ctx: t.Context(), clock: time.Date(2031, 3, 5, 10, 17, 42, 0, time.UTC)}
			var stop func()
			r.Desk, stop = deskOn(r.ctx, h, r.now)
			r.ana, r.duty = r.person("Ana", alerts.RoleCoordinator), r.person("Dunja", alerts.RoleDutyOfficer)
			r.officer = r.person("Petar", alerts.RolePrivacyOfficer)
			c := r.opened()
			_ = done(r.CloseCase(r.ctx, r.ana, c.ID, alerts.CloseCase{Outcome: "found_safe"}, alerts.Request{}))
			_ = done(r.AddInterview(r.ctx, r.ana, c.ID, alerts.NewInterview{State: "held", With: "hotline", Note: "Zqnote"}, alerts.Request{}))
			r.ok(r.ActOnHold(r.ctx, r.ana, c.ID, "propose", alerts.HoldAct{Ground: "proceedings", Reason: "Zqreason"}, alerts.Request{}))
			before := done(json.Marshal([]any{r.kept(c.ID), done(r.Case(r.ctx, r.ana, c.ID)).Interviews}))
			stop()
			r.Desk, stop = deskOn(r.ctx, h, r.now)
			defer stop()
			if after := done(json.Marshal([]any{r.kept(c.ID), done(r.Case(r.ctx, r.ana, c.ID)).Interviews})); string(after) != string(before) {
				t.Errorf("%s\n%s", before, after)
			}
		})
	}
}
