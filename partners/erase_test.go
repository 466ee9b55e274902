package partners_test

import (
	"testing"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
)

// erasing is what two people do about the file of one case.
type erasing struct {
	*office
	id string
}

func (e erasing) act(a alerts.Actor, what string, in alerts.HoldAct) error {
	_, err := e.ActOnRetention(e.t.Context(), a, e.id, what, in, alerts.Request{})
	return err
}

func (e erasing) kept() alerts.Retention {
	e.t.Helper()
	v, err := e.CaseRetention(e.t.Context(), person("po", alerts.RolePrivacyOfficer), e.id)
	if err != nil {
		e.t.Fatal(err)
	}
	return v
}

// decide has two people decide to erase the file.
func (e erasing) decide() {
	e.t.Helper()
	if err := e.act(coordinator(), "erase", alerts.HoldAct{}); err != nil {
		e.t.Fatal(err)
	}
	if err := e.act(duty(), "confirm_erase", alerts.HoldAct{Erasing: e.kept().Erasing.ID}); err != nil {
		e.t.Fatal(err)
	}
}

// later lets time pass and takes the steps that are due.
func (e erasing) later(to string) {
	e.t.Helper()
	e.to(to)
	if err := e.EraseDue(e.t.Context(), e.clock()); err != nil {
		e.t.Fatal(err)
	}
}

func (e erasing) there() bool {
	_, ok := e.Board.Case(e.id)
	return ok
}

// matterIs ends the matter of the case, or opens it again.
func (e erasing) matterIs(ended time.Time) {
	e.t.Helper()
	next := *e.PartnerBoard().MattersOf(e.id)[0]
	next.EndedAt = ended
	e.put(&next)
}

// closedFile is a case with a matter that has ended, closed as a false report,
// whose day has come.
func closedFile(t *testing.T) erasing {
	t.Helper()
	o := newOffice(t)
	o.newCase("case1", "2014-05-02")
	e := erasing{o, "case1"}
	wantCode(t, e.act(coordinator(), "erase", alerts.HoldAct{Reason: "x"}), alerts.Conflict) // it has not ended
	o.matter("case1")
	e.matterIs(o.clock())
	c, _ := o.Board.Case("case1")
	closed := *c
	closed.State, closed.Closing = alerts.StateClosed, &alerts.Closing{Outcome: "false_report", ClosedAt: o.clock(), ConfirmedAt: o.clock()}
	o.put(&closed)
	wantCode(t, e.act(coordinator(), "erase", alerts.HoldAct{}), alerts.Invalid) // its day has not come
	o.to("2027-03-01 10:00")
	return e
}

// TestErasingTakesTwoPeopleAndCanBeStopped goes through every refusal.
func TestErasingTakesTwoPeopleAndCanBeStopped(t *testing.T) {
	t.Parallel()
	e := closedFile(t)
	program := coordinator()
	program.Kind = alerts.KindService
	wantCode(t, e.act(program, "erase", alerts.HoldAct{}), alerts.Forbidden)
	wantCode(t, e.act(operator(), "erase", alerts.HoldAct{}), alerts.Forbidden)
	wantCode(t, e.act(duty(), "confirm_erase", alerts.HoldAct{}), alerts.Conflict)
	if err := e.act(coordinator(), "erase", alerts.HoldAct{}); err != nil {
		t.Fatal(err)
	}
	wantCode(t, e.act(duty(), "erase", alerts.HoldAct{}), alerts.Conflict)
	id := e.kept().Erasing.ID
	wantCode(t, e.act(coordinator(), "confirm_erase", alerts.HoldAct{Erasing: id}), alerts.Forbidden)
	wantCode(t, e.act(duty(), "confirm_erase", alerts.HoldAct{Erasing: "other"}), alerts.Conflict)
	e.later("2027-04-01 10:00")
	if !e.there() {
		t.Fatal("one person was enough")
	}
	account := alerts.Account{Head: journal.Head{ID: duty().ID}, Kind: alerts.KindPerson, Role: alerts.RoleDutyOfficer}
	ended := account
	ended.DisabledAt = e.clock()
	e.put(&ended)
	wantCode(t, e.act(duty(), "confirm_erase", alerts.HoldAct{Erasing: id}), alerts.Forbidden) // an account that has ended
	e.put(&account)
	if err := e.act(duty(), "confirm_erase", alerts.HoldAct{Erasing: id}); err != nil {
		t.Fatal(err)
	}
	wantCode(t, e.act(duty(), "confirm_erase", alerts.HoldAct{Erasing: id}), alerts.Conflict)
	if at := e.kept().Erasing.ErasesAt; !at.Equal(e.clock().AddDate(0, 0, 3)) {
		t.Errorf("it is erased at %s", at)
	}
	if err := e.act(coordinator(), "stop_erase", alerts.HoldAct{Erasing: id}); err != nil {
		t.Fatal(err)
	}
	e.later("2027-05-01 10:00")
	if !e.there() || e.kept().Erasing != nil {
		t.Fatal("it was stopped, and erased")
	}
	e.decide()
	if err := e.act(coordinator(), "propose", alerts.HoldAct{Ground: "proceedings", Reason: "x"}); err != nil {
		t.Fatal(err)
	}
	if e.kept().Erasing != nil {
		t.Error("a hold leaves the decision to erase")
	}
	wantCode(t, e.act(coordinator(), "erase", alerts.HoldAct{}), alerts.Conflict)
}

// TestWhatComesInTheWayStopsAnErasing opens a matter after two people have
// decided, and erases the file once that has ended.
func TestWhatComesInTheWayStopsAnErasing(t *testing.T) {
	t.Parallel()
	e := closedFile(t)
	e.decide()
	e.matterIs(time.Time{})
	e.later("2027-03-05 10:00")
	if !e.there() || e.kept().Erasing != nil {
		t.Fatal("a file with an open matter was erased, or the decision stands")
	}
	wantCode(t, e.act(coordinator(), "erase", alerts.HoldAct{}), alerts.Conflict)
	e.matterIs(e.clock())
	figures := func() partners.Statistics {
		v, err := e.Statistics(t.Context(), coordinator(), partners.StatisticsFilter{Year: 2026})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	before := *figures().Totals[0].Count
	years := len(e.StatisticsYears())
	e.newCase("case2", "2014-05-02")
	for id, of := range map[string][2]string{"s1": {e.id, ""}, "s2": {"", "s1"}, "s3": {"", "s2"}, "s4": {"case2", "s3"}, "s5": {"case2", ""}} {
		e.put(&alerts.Sighting{Head: journal.Head{ID: id}, State: alerts.SightingNew, CaseID: of[0], DuplicateOf: of[1], Channel: "phone", ObservedAt: e.clock(), ReportedAt: e.clock()})
	}
	e.decide()
	e.later("2027-03-08 09:59")
	if !e.there() {
		t.Fatal("erased a minute early")
	}
	e.later("2027-03-08 10:01")
	if e.there() || len(e.PartnerBoard().MattersOf(e.id)) != 0 {
		t.Fatal("the file is still there")
	}
	for id, want := range map[string]bool{"s1": false, "s2": false, "s3": false, "s4": true, "s5": true} {
		if e.Board.HasSighting(id) != want {
			t.Errorf("report %s is there: %t", id, !want)
		}
	}
	if doc, err := e.Journal.Document(t.Context(), journal.Key{Collection: "sightings", ID: "s4"}); err != nil || doc.(*alerts.Sighting).DuplicateOf != "" {
		t.Errorf("the report of another case repeats what is gone: %+v %v", doc, err)
	}
	if after := *figures().Totals[0].Count; before != 1 || after != before || len(e.StatisticsYears()) != years {
		t.Errorf("%d cases were counted, and are %d", before, after)
	}
	v, err := e.Erasure(t.Context(), duty(), e.id)
	if err != nil || v.Rule == nil || v.Rule.Key != "quarter" || v.ProposedBy != coordinator().ID || v.ConfirmedBy != duty().ID || v.ErasedAt.Sub(v.ConfirmedAt) < 72*time.Hour {
		t.Errorf("%+v %v", v, err)
	}
	_, err = e.Erasure(t.Context(), operator(), e.id)
	wantCode(t, err, alerts.Forbidden)
}

// TestTheErasureOfARestrictedCase is seen by the privacy officer and its team, and
// leads from a case that was merged into it.
func TestTheErasureOfARestrictedCase(t *testing.T) {
	t.Parallel()
	e := closedFile(t)
	e.newCase("alias", "2014-05-02")
	doc, _ := e.Board.Case("alias")
	alias := *doc
	alias.State, alias.Merged = alerts.StateVoid, &alerts.Merging{Into: e.id, At: e.clock(), By: "x"}
	alias.Restricted = true
	doc, _ = e.Board.Case(e.id)
	main := *doc
	main.Restricted, main.Team = true, []string{coordinator().ID, duty().ID}
	e.put(&main)
	e.put(&alias)
	e.decide()
	doc, _ = e.Board.Case(e.id)
	main = *doc
	main.Team = []string{coordinator().ID}
	e.put(&main)
	e.later("2027-03-05 10:00")
	if _, ok := e.Board.Case("alias"); ok || e.there() {
		t.Fatal("a case is still there")
	}
	privacy := person("po", alerts.RolePrivacyOfficer)
	for _, id := range []string{e.id, "alias"} {
		for _, a := range []alerts.Actor{coordinator(), privacy} {
			if v, err := e.Erasure(t.Context(), a, id); err != nil || v.CaseID != e.id || len(v.Aliases) != 1 {
				t.Errorf("%s for %s: %+v %v", id, a.ID, v, err)
			}
		}
		_, err := e.Erasure(t.Context(), duty(), id)
		wantCode(t, err, alerts.NotFound)
	}
	for a, want := range map[string]int{coordinator().ID: 1, privacy.ID: 1, duty().ID: 0} {
		actor := map[string]alerts.Actor{coordinator().ID: coordinator(), privacy.ID: privacy, duty().ID: duty()}[a]
		if list, err := e.Retention(t.Context(), actor); err != nil || len(list.Erased) != want {
			t.Errorf("%s is shown %d erasures, %v", a, len(list.Erased), err)
		}
	}
}
