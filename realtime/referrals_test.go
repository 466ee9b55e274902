package realtime_test

import (
	"testing"

	"homeward/partners"
)

// asks lets a referral wait for the partner's answer.
func (r *rig) asks(id string, change uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting = append(r.waiting, partners.WaitingReferral{ID: id, Number: "PUBLIC1", Change: change})
}

func TestAReferralComesOnceOnEachConnection(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.dial(t, "/partner", "")
	p.next()
	p.next()
	r.asks("r1", 7)
	r.hub.WakePartners([]string{"p1"})
	if f := p.next(); f.Type != "referral" || f.ReferralID != "r1" || f.Number != "PUBLIC1" || f.Link != "http://server/partner/referrals/r1" || f.Cursor != "" {
		t.Fatalf("the referral comes as %+v", f)
	}
	r.hub.WakePartners([]string{"p1"}) // nothing new
	r.publish("a", partners.KindAlert)
	cursor := p.expect("alert", "a").Cursor
	p.ws.Close()
	p = r.dial(t, "/partner", cursor) // it is told again: nothing was stored for it
	p.next()
	if f := p.next(); f.Type != "referral" || f.ReferralID != "r1" {
		t.Fatalf("on the next connection: %+v", f)
	}
	r.mu.Lock()
	r.waiting = nil // answered
	r.mu.Unlock()
	r.publish("b", partners.KindAlert)
	p.expect("alert", "b")
}

func TestAReferralAndAnAlertAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.dial(t, "/partner", "")
	p.next()
	p.next()
	r.asks("r1", 7)
	r.publish("a", partners.KindAlert)
	got := map[string]bool{p.next().Type: true, p.next().Type: true}
	if !got["referral"] || !got["alert"] {
		t.Errorf("got %v", got)
	}
}

func TestAConferenceIsToldAgainWhenItChanges(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	invite := func(turn uint64) {
		r.mu.Lock()
		r.invited = []partners.WaitingReferral{{ID: "c1", Number: "PUBLIC2", Change: turn}}
		r.mu.Unlock()
		r.hub.WakePartners([]string{"p1"})
	}
	p := r.dial(t, "/partner", "")
	p.next()
	p.next()
	invite(1)
	if f := p.next(); f.Type != "conference" || f.ConferenceID != "c1" || f.Number != "PUBLIC2" || f.Link != "http://server/partner/conferences/c1" || f.Cursor != "" {
		t.Fatalf("the conference comes as %+v", f)
	}
	r.hub.WakePartners([]string{"p1"}) // nothing new
	invite(2)                          // the time has changed
	if f := p.next(); f.Type != "conference" || f.ConferenceID != "c1" {
		t.Fatalf("after a change: %+v", f)
	}
	r.mu.Lock()
	r.invited = nil // answered
	r.mu.Unlock()
	r.publish("a", partners.KindAlert)
	p.expect("alert", "a")
}
