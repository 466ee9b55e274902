package partners_test

import (
	"testing"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
)

// TestWhatHangsOnAMergedCaseFollowsIt puts a matter, a referral, a search and a
// conference on a case, merges it, works on them, and takes the merge back. The
// control is a third case, on which none of them may be seen.
func TestWhatHangsOnAMergedCaseFollowsIt(t *testing.T) {
	t.Parallel()
	b := newTable(t)
	for _, id := range []string{"lead", "control"} {
		b.put(&alerts.Case{Head: journal.Head{ID: id}, CaseNumber: "NUMBER" + id, State: alerts.StateActive, Category: alerts.CategoryRunaway})
	}
	ctx := t.Context()
	_, err := b.OpenMatter(ctx, coordinator(), "case1", removal(), alerts.Request{})
	b.must(err)
	referral := b.refer(forShelter())
	_, err = b.OpenSearch(ctx, coordinator(), "case1", partners.SearchPlan{}, alerts.Request{})
	b.must(err)
	count := func(id string) (n [4]int, from string) {
		matters, err := b.MattersOfCase(ctx, coordinator(), id)
		b.must(err)
		referrals, err := b.ReferralsOf(ctx, coordinator(), id)
		b.must(err)
		conferences, err := b.ConferencesOf(ctx, coordinator(), id)
		b.must(err)
		n = [4]int{len(matters), len(referrals), len(conferences), 0}
		if s, err := b.SearchOf(ctx, coordinator(), id); err == nil {
			n[3], from = 1, s.CaseNumber
		}
		if len(conferences) > 0 && from != conferences[0].CaseNumber || len(referrals) > 0 && from != referrals[0].CaseNumber || len(matters) > 0 && from != matters[0].CaseNumber {
			t.Errorf("they do not say that they come from %s", from)
		}
		return n, from
	}
	expect := func(when string, want map[string][4]int) {
		t.Helper()
		for id, n := range want {
			if got, from := count(id); got != n || n[0] > 0 && from != "NUMBERcase1" {
				t.Errorf("%s: case %s shows %v of %q, want %v", when, id, got, from, n)
			}
		}
	}
	none, all := [4]int{}, [4]int{1, 1, 1, 1}
	expect("before", map[string][4]int{"case1": all, "lead": none, "control": none})
	_, err = b.MergeCase(ctx, coordinator(), "case1", alerts.MergeCase{Into: "lead", Reason: "the same girl"}, alerts.Request{})
	b.must(err)
	expect("merged", map[string][4]int{"case1": all, "lead": all, "control": none})

	// They go on, and nothing new begins on the alias.
	b.must(b.act(b.shelter, referral.ID, "answer", partners.ReferralAct{Answer: "accepted"}))
	b.must(b.do(coordinator(), "minute", partners.ConferenceAct{Text: "x"}))
	b.invite()
	_, err = b.own()
	b.must(err)
	_, err = b.OpenReferral(ctx, coordinator(), "case1", forShelter(), alerts.Request{})
	wantCode(t, err, alerts.Conflict)
	_, err = b.OpenMatter(ctx, coordinator(), "case1", removal(), alerts.Request{})
	wantCode(t, err, alerts.Conflict)
	_, err = b.CallConference(ctx, coordinator(), "case1", partners.NewConference{At: b.clock().Add(time.Hour), Mode: "video", Agenda: []string{"x"}}, alerts.Request{})
	wantCode(t, err, alerts.Conflict)
	for _, id := range []string{"case1", "lead"} { // one search at a time
		_, err = b.OpenSearch(ctx, coordinator(), id, partners.SearchPlan{}, alerts.Request{})
		wantCode(t, err, alerts.Conflict)
	}

	// What comes of the meeting is worked on with the case that goes on.
	b.hold()
	b.must(b.do(coordinator(), "action", partners.ConferenceAct{Text: "Call the school", Owner: "ana", DueAt: b.clock().Add(time.Hour)}))
	lead, _ := b.Board.Case("lead")
	alias, _ := b.Board.Case("case1")
	if len(lead.Tasks) != 1 || len(alias.Tasks) != 0 {
		t.Errorf("lead %+v, alias %+v", lead.Tasks, alias.Tasks)
	}
	if v := b.view(coordinator()); v.Actions[0].State != "open" || v.Actions[0].TaskCase != "lead" {
		t.Errorf("%+v", v.Actions)
	}
	_, err = b.UnmergeCase(ctx, coordinator(), "case1", alerts.Reason{Reason: "two girls"}, alerts.Request{})
	b.must(err)
	expect("taken back", map[string][4]int{"case1": all, "lead": none, "control": none})
}

// TestARestrictedAliasShowsNothingToOthers merges a case that not everybody may
// see.
func TestARestrictedAliasShowsNothingToOthers(t *testing.T) {
	t.Parallel()
	b := newTable(t)
	b.put(&alerts.Case{Head: journal.Head{ID: "lead"}, CaseNumber: "NUMBERlead", State: alerts.StateActive})
	b.change(func(c *alerts.Case) {
		c.Restricted, c.Team, c.Merged = true, []string{"co"}, &alerts.Merging{Into: "lead"}
	})
	b.put(&partners.Referral{Head: journal.Head{ID: "r"}, CaseID: "case1", PartnerID: "shelter", State: partners.ReferralAsked})
	for _, a := range []alerts.Actor{operator(), coordinator()} {
		referrals, err := b.ReferralsOf(t.Context(), a, "lead")
		b.must(err)
		conferences, err := b.ConferencesOf(t.Context(), a, "lead")
		b.must(err)
		if want := map[string]int{"op": 0, "co": 1}[a.ID]; len(referrals) != want || len(conferences) != want {
			t.Errorf("%s sees %d referrals and %d conferences", a.ID, len(referrals), len(conferences))
		}
	}
}
