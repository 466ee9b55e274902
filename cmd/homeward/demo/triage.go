package demo

import (
	"context"
	"time"

	"homeward/alerts"
)

// triage plans how far the desk gets with a sighting: the older it is the
// further. before is an earlier one of the same case.
func (t *teller) triage(one, before *seen) {
	at := one.at
	next := func(low, high float64, do func(context.Context, alerts.Actor) error) bool {
		at = at.Add(one.hours(low, high))
		if at.After(t.now) || one.of != nil && one.of.over(at) {
			return false
		}
		a := pick(one.dice, t.takers())
		t.add(at, t.laneOf(one), func(ctx context.Context) error { return do(ctx, a) })
		return true
	}
	if one.chance(0.05) || !next(0.2, 5, t.screen(one, alerts.SightingScreened)) || one.chance(0.16) {
		return
	}
	grade := one.grade()
	if !next(0.3, 9, func(ctx context.Context, a alerts.Actor) error {
		_, err := t.Desk.AssessSighting(ctx, a, one.id, grade, alerts.Request{})
		return err
	}) {
		return
	}
	t.link(one, before, at)
	if one.chance(0.4) {
		return
	}
	handover := alerts.Handover{Unit: "Policijska uprava Primerovac", Person: "dežurni Ogledni", Reference: "DEMO-" + at.Format("0102-1504")}
	if !next(0.2, 4, func(ctx context.Context, a alerts.Actor) error {
		_, err := t.Desk.HandOver(ctx, a, one.id, handover, alerts.Request{})
		return err
	}) || one.chance(0.35) {
		return
	}
	next(6, 60, t.screen(one, one.outcome()))
}

func (t *teller) screen(one *seen, state alerts.SightingState) func(context.Context, alerts.Actor) error {
	return func(ctx context.Context, a alerts.Actor) error {
		_, err := t.Desk.ScreenSighting(ctx, a, one.id, alerts.Screen{State: state}, alerts.Request{})
		return err
	}
}

// grade draws an Admiralty pair. Who calls for the first time is F: their
// reliability cannot be judged.
func (one *seen) grade() alerts.Assess {
	sources, information := []string{"F", "F", "F", "E", "D"}, []int{3, 4, 5, 6, 6}
	if one.close {
		sources, information = []string{"F", "F", "C", "C", "B", "A"}, []int{2, 2, 3, 3, 3, 6}
	}
	return alerts.Assess{Source: pick(one.dice, sources), Information: pick(one.dice, information), Handling: "desk and police"}
}

func (one *seen) outcome() alerts.SightingState {
	switch {
	case one.close && one.chance(0.35):
		return alerts.SightingConfirmed
	case one.chance(0.6):
		return alerts.SightingExcluded
	}
	return alerts.SightingNotVerifiable
}

// link marks some sightings as repeats of an earlier one, and asks some
// reporters a question, whom their codes lead to the answer.
func (t *teller) link(one, before *seen, after time.Time) {
	at := after.Add(4 * time.Hour)
	if at.After(t.now) || one.of == nil || one.of.over(at) {
		return
	}
	if before != nil && before.at.Add(t.apart(before.at)).Before(at) && one.close && one.chance(0.06) {
		t.add(at, t.laneOf(one), func(ctx context.Context) error {
			in := alerts.LinkSighting{DuplicateOf: alerts.Some(before.id)}
			_, err := t.Desk.Link(ctx, t.staff.operator, one.id, in, alerts.Request{})
			return err
		})
	}
	if !one.public || !one.chance(0.03) {
		return
	}
	t.add(at, t.laneOf(one), func(ctx context.Context) error {
		_, err := t.Desk.MessageTipster(ctx, t.staff.operator, one.id, alerts.NewMessage{Text: "Thank you. Did the child carry a bag?"}, alerts.Request{})
		return err
	})
	if back := at.Add(5 * time.Hour); back.Before(t.now) && one.chance(0.6) {
		t.add(back, t.laneOf(one), func(ctx context.Context) error {
			return t.Desk.FollowMessage(ctx, alerts.Public(), one.code, alerts.NewMessage{Text: "Yes, a small one, I think."}, alerts.Request{})
		})
	}
}
