package partners_test

import (
	"slices"
	"testing"

	"homeward/alerts"
	"homeward/geo"
	"homeward/partners"
)

// staffed gives the shelter two people with addresses; only the second is on duty
// until noon, then the first.
func staffed(h *house) {
	p, _ := h.PartnerBoard().Partner("shelter")
	next := *p
	next.Coverage = geo.Area{Regions: []string{"RS"}}
	next.People = []partners.Person{{ID: "p1", Name: "Late", Email: "late@example.org"}, {ID: "p2", Name: "Early", Email: "early@example.org", Languages: []string{"sr-Latn"}}}
	all := []string{"mo", "tu", "we", "th", "fr", "sa", "su"}
	next.Rota = []partners.Shift{{Days: all, From: "00:00", To: "12:00", People: []string{"p2"}}, {Days: all, From: "12:00", To: "00:00", People: []string{"p1"}}}
	h.put(&next)
}

// mails sends what is due now, and answers what left.
func (h *house) mails(res partners.Result) []partners.Dispatch {
	h.t.Helper()
	var out []partners.Dispatch
	for _, id := range h.ReferralMailsDue(h.clock()) {
		job, ok, err := h.ClaimReferralMail(h.t.Context(), id)
		h.must(err)
		if !ok {
			continue
		}
		out = append(out, job.Dispatch)
		h.must(h.ReportReferralMail(h.t.Context(), job, res, 0.5))
	}
	return out
}

func TestAReferralIsMailedToWhoIsOnDutyOnceAndAgainAtHalfTime(t *testing.T) {
	t.Parallel()
	h, sent := newHouse(t), partners.Result{OK: true}
	staffed(h)
	h.to("2026-11-21 10:00")
	r := h.refer(forShelter(partners.NewShare{Class: alerts.P1, Reason: "needed tonight"}))
	first := h.mails(sent)
	if len(first) != 1 || first[0].Kind != partners.KindReferral || first[0].Urgency != "today" || first[0].ReferralID != r.ID ||
		!slices.Equal(first[0].Countries, []string{"RS"}) || first[0].Code != "" {
		t.Fatalf("%+v", first)
	}
	if again := h.mails(sent); len(again) != 0 {
		t.Errorf("sent again: %+v", again)
	}
	h.to("2026-11-21 15:59")
	if early := h.mails(sent); len(early) != 0 {
		t.Errorf("before half time: %+v", early)
	}
	h.to("2026-11-21 16:00")
	second := h.mails(sent)
	if len(second) != 1 || second[0].Kind != partners.KindReferralReminder || second[0].To == first[0].To || second[0].MessageID == first[0].MessageID {
		t.Fatalf("at half time %+v after %+v", second, first)
	}
	h.to("2026-11-21 22:30")
	if third := h.mails(sent); len(third) != 0 {
		t.Errorf("a third time: %+v", third)
	}
	v, err := h.Referral(t.Context(), coordinator(), r.ID)
	if err != nil || len(v.Mails) != 2 || v.Mails[1].State != partners.TrySent || !v.OpenedAt.IsZero() {
		t.Errorf("%+v, %v", v, err)
	}
	if w := h.WaitingReferrals(h.shelter); len(w) != 1 || w[0].Change != uint64(0) && w[0].Change >= h.Journal.Tip().Number {
		t.Errorf("e-mails are no news on the feed: %+v", w)
	}
}

func TestNobodyIsMailedOfWhatWasOpenedOrAnsweredOrHasEnded(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(*house, string){
		"control": func(*house, string) {},
		"a program looked": func(h *house, id string) {
			key := h.shelter
			key.Kind = alerts.KindPartner
			_, err := h.OwnReferral(h.t.Context(), key, id)
			h.must(err)
		},
		"opened": func(h *house, id string) {
			_, err := h.OwnReferral(h.t.Context(), h.shelter, id)
			h.must(err)
		},
		"answered": func(h *house, id string) {
			h.must(h.act(h.shelter, id, "answer", partners.ReferralAct{Answer: "accepted"}))
		},
		"withdrawn": func(h *house, id string) {
			h.must(h.act(coordinator(), id, "withdraw", partners.ReferralAct{Text: "No."}))
		},
		"case ended": func(h *house, _ string) {
			h.change(func(c *alerts.Case) { c.State = alerts.StateClosed })
		},
		"no agreement": func(h *house, _ string) {
			p, _ := h.PartnerBoard().Partner("shelter")
			next := *p
			next.Agreement = partners.Agreement{}
			h.put(&next)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			staffed(h)
			r := h.refer(forShelter())
			left := name == "control" || name == "a program looked"
			// At once for one referral, at half time for another.
			act(h, r.ID)
			if got := h.mails(partners.Result{OK: true}); (len(got) == 1) != left {
				t.Errorf("at once: %+v", got)
			}
			h = newHouse(t)
			staffed(h)
			r = h.refer(forShelter())
			if got := h.mails(partners.Result{OK: true}); len(got) != 1 {
				t.Errorf("first: %+v", got)
			}
			act(h, r.ID)
			h.to("2026-11-21 17:00")
			if got := h.mails(partners.Result{OK: true}); (len(got) == 1) != left {
				t.Errorf("at half time: %+v", got)
			}
		})
	}
}

func TestAnEMailThatFailsIsTriedAgainAndOneThatIsNotNeededIsDropped(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	staffed(h)
	r := h.refer(forShelter())
	first := h.mails(partners.Result{Note: "no"})
	h.to("2026-11-21 10:30")
	again := h.mails(partners.Result{Note: "no"})
	if len(first) != 1 || len(again) != 1 || again[0].MessageID != first[0].MessageID {
		t.Fatalf("%+v, then %+v", first, again)
	}
	_, err := h.OwnReferral(t.Context(), h.shelter, r.ID)
	h.must(err)
	h.to("2026-11-21 11:30")
	if got := h.mails(partners.Result{OK: true}); len(got) != 0 {
		t.Errorf("after it was opened: %+v", got)
	}
	v, err := h.Referral(t.Context(), coordinator(), r.ID)
	if err != nil || len(v.Mails) != 1 || v.Mails[0].State != partners.TryDropped || v.OpenedAt.IsZero() {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestTwoNodesDoNotBothClaimAnEMailOfAReferral(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	staffed(h)
	r := h.refer(forShelter())
	_, first, err := h.ClaimReferralMail(t.Context(), r.ID)
	h.must(err)
	_, second, err := h.ClaimReferralMail(t.Context(), r.ID)
	h.must(err)
	if !first || second {
		t.Errorf("claimed: %v and %v", first, second)
	}
}
