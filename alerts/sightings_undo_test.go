package alerts_test

import (
	"strings"
	"testing"

	"homeward/alerts"
)

// TestOnesLastStepCanBeTakenBack goes through every step of triage that can be
// taken back, each on top of the one before.
func TestOnesLastStepCanBeTakenBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.opened()
	id, other := r.sighted("", 20.4, 44.8).ID, r.sighted("", 20.4, 44.8).ID
	none := alerts.Request{}
	link := func(in alerts.LinkSighting) alerts.SightingView { return done(r.Link(r.ctx, r.ana, id, in, none)) }
	for _, step := range []struct {
		what string
		do   func() alerts.SightingView
		seen func(v alerts.SightingView) any
	}{
		{alerts.UndoState, func() alerts.SightingView {
			return done(r.ScreenSighting(r.ctx, r.ana, id, alerts.Screen{State: alerts.SightingScreened}, none))
		}, func(v alerts.SightingView) any { return v.State }},
		{alerts.UndoGrade, func() alerts.SightingView {
			return done(r.AssessSighting(r.ctx, r.ana, id, alerts.Assess{Source: "B", Information: 2}, none))
		}, func(v alerts.SightingView) any { return [2]any{v.State, v.Assessment == nil} }},
		{alerts.UndoCase, func() alerts.SightingView { return link(alerts.LinkSighting{CaseID: alerts.Some(c.ID)}) }, func(v alerts.SightingView) any { return v.CaseID }},
		{alerts.UndoDuplicate, func() alerts.SightingView { return link(alerts.LinkSighting{DuplicateOf: alerts.Some(other)}) }, func(v alerts.SightingView) any { return v.DuplicateOf }},
		{alerts.UndoGroup, func() alerts.SightingView {
			return done(r.Group(r.ctx, r.ana, id, alerts.GroupSighting{Apart: true}, none))
		}, func(v alerts.SightingView) any { return v.Apart }},
	} {
		before := step.seen(done(r.Sighting(r.ctx, r.ana, id)))
		v := step.do()
		if v.Undo == nil || v.Undo.What != step.what {
			t.Fatalf("%s: can be taken back as %+v", step.what, v.Undo)
		}
		after := step.seen(v)
		if after == before {
			t.Fatalf("%s changed nothing", step.what)
		}
		if v := done(r.Sighting(r.ctx, r.boris, id)); v.Undo != nil {
			t.Errorf("%s: somebody else is offered to take it back", step.what)
		}
		_, err := r.Undo(r.ctx, r.boris, id, none)
		r.refused(err, alerts.Conflict)
		v = done(r.Undo(r.ctx, r.ana, id, none))
		if step.seen(v) != before || v.Undo != nil {
			t.Errorf("%s: %v, then %v, taken back %v, again %+v", step.what, before, after, step.seen(v), v.Undo)
		}
		_, err = r.Undo(r.ctx, r.ana, id, none) // once
		r.refused(err, alerts.Conflict)
	}
}

// TestWhatCannotBeTakenBack: what the police know, what is too old, and what
// somebody has gone on from.
func TestWhatCannotBeTakenBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	none := alerts.Request{}
	grade := func(a alerts.Actor, id string) {
		done(r.AssessSighting(r.ctx, a, id, alerts.Assess{Source: "B", Information: 2, Note: a.Name}, none))
	}
	refused := func(a alerts.Actor, id string) {
		t.Helper()
		_, err := r.Undo(r.ctx, a, id, none)
		r.refused(err, alerts.Conflict)
	}
	id := r.sighted("", 20.4, 44.8).ID
	grade(r.ana, id)
	done(r.HandOver(r.ctx, r.ana, id, alerts.Handover{Unit: "Invented unit"}, none))
	refused(r.ana, id)

	id = r.sighted("", 20.4, 44.8).ID
	grade(r.ana, id)
	r.pass(alerts.UndoLasts)
	refused(r.ana, id)

	id = r.sighted("", 20.4, 44.8).ID
	grade(r.ana, id)
	grade(r.boris, id)
	refused(r.ana, id)
	done(r.Take(r.ctx, r.ana, id, alerts.TakeSighting{}, none)) // whoever has it open stops the other
	refused(r.boris, id)
	r.ok(r.GiveBack(r.ctx, r.ana, id, r.now().Add(1))) // of another taking: nothing happens
	refused(r.boris, id)
	r.ok(r.GiveBack(r.ctx, r.ana, id, done(r.Sighting(r.ctx, r.ana, id)).Lease.Since))
	if v := done(r.Undo(r.ctx, r.boris, id, none)); v.Assessment == nil || v.Assessment.Note != r.ana.Name {
		t.Errorf("taken back to %+v", v.Assessment)
	}
	_, err := r.Undo(r.ctx, r.officer, id, none)
	r.refused(err, alerts.Forbidden)
}

// TestHeldBackDetailsAreComparedOnDemand shows them to who may see them, and
// records the look.
func TestHeldBackDetailsAreComparedOnDemand(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.opened()
	r.holdingBack(c.ID, "A snail on the key ring")
	told := r.sighted(c.ID, 20.4, 44.8).ID
	v := done(r.CheckHeldBack(r.ctx, r.ana, told))
	if len(v.Details) != 1 || v.Details[0].Detail != "A snail on the key ring" || v.Details[0].Told {
		t.Fatalf("%+v", v)
	}
	loose := r.sighted("", 20.4, 44.8).ID
	_, err := r.CheckHeldBack(r.ctx, r.ana, loose)
	r.refused(err, alerts.Conflict)
	operator := r.person("Olga", alerts.RoleOperator)
	_, err = r.CheckHeldBack(r.ctx, operator, told)
	r.refused(err, alerts.Forbidden)
	if done(r.Sighting(r.ctx, operator, told)).May["check_held_back"] || !done(r.Sighting(r.ctx, r.ana, told)).May["check_held_back"] {
		t.Error("the page offers the comparison to the wrong people")
	}
	found := false
	for _, rec := range done(r.store.Reads(r.ctx, "node", 0, 1000)) {
		found = found || strings.Contains(string(rec), told+"/held-back")
	}
	if !found {
		t.Error("the look is not recorded")
	}
}
