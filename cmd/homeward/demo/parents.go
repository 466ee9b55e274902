package demo

import (
	"context"
	"time"

	"homeward/alerts"
)

// Cases whose families follow them with a code.
const (
	keyFollowed = "jovan" // the mother was checked and sees what was done
	keyDoubted  = "vuk"   // somebody who was not checked says that it is a mistake
)

// planParents plans what the families do who reported by the public form.
func (t *teller) planParents() error {
	for _, s := range t.cases {
		switch s.key {
		case keyFollowed:
			t.on(s, s.opened.Add(30*time.Minute), func(ctx context.Context) error { return t.checkParent(ctx, s) })
			t.on(s, s.opened.Add(40*time.Minute), func(ctx context.Context) error {
				return t.Desk.FollowMessage(ctx, alerts.Public(), s.code, alerts.NewMessage{Text: "He has taken his grandfather's watch with him."}, alerts.Request{})
			})
		case keyDoubted:
			t.on(s, t.now.Add(-25*time.Minute), func(ctx context.Context) error {
				in := alerts.NewObjection{Kind: alerts.ObjectionMistake, Text: "Vuk is with his aunt, please stop this."}
				return t.Desk.FollowObject(ctx, alerts.Public(), s.code, in, alerts.Request{})
			})
		}
	}
	t.add(t.now.Add(-4*time.Minute), "intake", t.typing)
	return nil
}

// typing keeps the form of a call that is still going on.
func (t *teller) typing(ctx context.Context) error {
	_, err := t.Desk.KeepIntake(ctx, t.staff.operator, alerts.SaveIntake{
		ID: alerts.NewID(t.Desk.Random), Tab: "demonstration", Values: map[string][]string{
			"children.count": {"1"}, "children[0].names.count": {"1"}, "children[0].names[0].given": {"Sava"}, "children[0].names[0].family": {"Zamišljenović"},
			"children[0].birth_date": {"2016"}, "circumstances": {"The caller's line broke off twice. He did not come back from the swimming pool."},
			"last_seen.place.query": {"Novi Sad"}, "last_seen.precision_min": {"30"}, "last_seen.accuracy_m": {"200"},
		},
	})
	return err
}

// checkParent records who holds the code of a report, and writes to them.
func (t *teller) checkParent(ctx context.Context, s *searching) error {
	_, err := t.Desk.CheckParent(ctx, t.staff.jelena, s.contact, alerts.NewParentCheck{
		Party: alerts.PartyLeftBehind, Identity: "document_on_video", Custody: "register", Orders: "police", Note: "Spoken with on her own number.",
	}, alerts.Request{})
	if err != nil {
		return err
	}
	_, err = t.Desk.AddConsent(ctx, t.staff.jelena, s.id, alerts.NewConsent{
		Class: alerts.P0, Audience: "public", Purpose: "an appeal, should the police approve one", Basis: "consent",
		GivenBy: "mother, on video", Party: alerts.PartyLeftBehind,
	}, alerts.Request{})
	if err != nil {
		return err
	}
	_, err = t.Desk.MessageReporter(ctx, t.staff.jelena, s.contact, alerts.NewMessage{
		Text: "Thank you for the call. We have told our partners, and will call you again this evening.",
	}, alerts.Request{})
	return err
}

// followCode is the code of a family that was checked, for who looks around.
func (t *teller) followCode() string {
	for _, s := range t.cases {
		if s.key == keyFollowed {
			return s.code
		}
	}
	return ""
}
