package partners_test

import (
	"testing"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
)

func TestAReferralWaitsUntilItIsAnswered(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	waits := func(a alerts.Actor) []partners.WaitingReferral { return h.WaitingReferrals(a) }
	r := h.refer(forShelter())
	first := waits(h.shelter)
	if len(first) != 1 || first[0].ID != r.ID || first[0].Number != r.Number {
		t.Fatalf("the shelter is told %+v", first)
	}
	if got := waits(h.other); len(got) != 0 {
		t.Errorf("somebody else is told %+v", got)
	}
	if err := h.act(h.shelter, r.ID, "answer", partners.ReferralAct{Answer: "question", Text: "How old?"}); err != nil {
		t.Fatal(err)
	}
	if got := waits(h.shelter); len(got) != 0 {
		t.Errorf("after a question: %+v", got)
	}
	v, err := h.Referral(t.Context(), coordinator(), r.ID)
	if err != nil || !v.News {
		t.Errorf("whoever referred does not see that they wrote: %+v, %v", v, err)
	}
	if _, ok := h.MayHear(coordinator(), journal.Key{Collection: "referrals", ID: r.ID}); !ok {
		t.Error("the desk does not hear of it")
	}
	if err := h.act(coordinator(), r.ID, "reply", partners.ReferralAct{Text: "Twelve."}); err != nil {
		t.Fatal(err)
	}
	again := waits(h.shelter)
	if len(again) != 1 || again[0].Change <= first[0].Change {
		t.Errorf("after the reply: %+v", again)
	}
	if v, err := h.Referral(t.Context(), coordinator(), r.ID); err != nil || v.News {
		t.Errorf("after the reply: %+v, %v", v, err)
	}
	if err := h.act(coordinator(), r.ID, "withdraw", partners.ReferralAct{Text: "Not needed."}); err != nil {
		t.Fatal(err)
	}
	if got := waits(h.shelter); len(got) != 0 {
		t.Errorf("after the end: %+v", got)
	}
}
