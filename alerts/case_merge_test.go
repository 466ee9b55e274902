package alerts_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"homeward/alerts"
)

func (r *rig) merge(a alerts.Actor, id, into string) error {
	_, err := r.MergeCase(r.ctx, a, id, alerts.MergeCase{Into: into, Reason: "the same boy"}, alerts.Request{})
	return err
}

// content is a case without its history: version, times and edits.
func (r *rig) content(id string) string {
	r.t.Helper()
	c, ok := r.Board.Case(id)
	if !ok {
		r.t.Fatal("no case")
	}
	plain := *c
	plain.Edits, plain.Changes = nil, nil
	plain.Version, plain.Number, plain.UpdatedAt = 0, 0, time.Time{}
	b, err := json.Marshal(plain)
	r.ok(err)
	return string(b)
}

func TestMergeShowsBothTogetherAndComesBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first, second := r.opened(), r.opened()
	before := r.content(first.ID) + r.content(second.ID)
	for _, c := range []string{first.ID, second.ID} {
		_, err := r.RecordContact(r.ctx, r.ana, alerts.NewContact{Channel: "phone", Kind: "follow_up", CaseID: c}, alerts.Request{})
		r.ok(err)
	}
	r.ok(r.merge(r.ana, second.ID, first.ID))
	v, err := r.Case(r.ctx, r.ana, second.ID)
	r.ok(err)
	if v.Merged == nil || v.Merged.Number != first.Number || v.Merged.Reason != "the same boy" || v.May["patch"] || !v.May["unmerge"] {
		t.Fatalf("%+v", v)
	}
	if got := r.Aliases(r.ana, first.ID); len(got) != 1 || got[0].ID != second.ID {
		t.Fatalf("%+v", got)
	}
	page, err := r.Contacts(r.ctx, r.ana, alerts.ContactQuery{Case: first.ID})
	r.ok(err)
	if len(page.Items) != 2 {
		t.Fatalf("%d contacts are shown together", len(page.Items))
	}
	// What names the alias from now on belongs to the case that it leads to.
	ct, err := r.RecordContact(r.ctx, r.ana, alerts.NewContact{Channel: "phone", Kind: "follow_up", CaseID: second.ID}, alerts.Request{})
	r.ok(err)
	if ct.CaseID != first.ID {
		t.Fatalf("the contact belongs to %s", ct.CaseID)
	}
	text := "new words"
	_, err = r.PatchCase(r.ctx, r.ana, second.ID, v.Version, alerts.CasePatch{Circumstances: &text}, alerts.Request{})
	r.refused(err, alerts.Conflict)
	r.open() // what the store holds is the same
	if got := r.Aliases(r.ana, first.ID); len(got) != 1 {
		t.Fatal("a start forgets the alias")
	}
	_, err = r.UnmergeCase(r.ctx, r.ana, second.ID, alerts.Reason{Reason: "a mistake"}, alerts.Request{})
	r.ok(err)
	if after := r.content(first.ID) + r.content(second.ID); after != before {
		t.Fatalf("before %s\nafter  %s", before, after)
	}
	_, err = r.UnmergeCase(r.ctx, r.ana, second.ID, alerts.Reason{Reason: "again"}, alerts.Request{})
	r.refused(err, alerts.Conflict)
}

func TestMergeRefusals(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	a, b, c := r.opened(), r.opened(), r.opened()
	r.refused(r.merge(r.ana, a.ID, a.ID), alerts.Conflict)
	r.wrong(r.merge(r.ana, a.ID, "nothing"), "into unknown_case")
	operator := r.person("Olga", alerts.RoleOperator)
	r.refused(r.merge(operator, a.ID, b.ID), alerts.Forbidden)
	// A promised call would be lost.
	due := r.now().Add(time.Hour)
	v, err := r.PatchCase(r.ctx, r.ana, c.ID, c.Version, alerts.CasePatch{FollowUp: &alerts.FollowUpPatch{DueAt: alerts.Some(due)}}, alerts.Request{})
	r.ok(err)
	r.refused(r.merge(r.ana, c.ID, a.ID), alerts.Conflict)
	_, err = r.PatchCase(r.ctx, r.ana, c.ID, v.Version, alerts.CasePatch{FollowUp: &alerts.FollowUpPatch{DueAt: alerts.Some(time.Time{})}}, alerts.Request{})
	r.ok(err)
	// No chains.
	r.ok(r.merge(r.ana, b.ID, a.ID))
	r.refused(r.merge(r.ana, b.ID, c.ID), alerts.Conflict)
	r.refused(r.merge(r.ana, c.ID, b.ID), alerts.Conflict)
	r.refused(r.merge(r.ana, a.ID, c.ID), alerts.Conflict)
	// A restricted case does not become readable to others, nor is it named.
	in := aCase(r.now())
	in.Restricted = true
	hidden, err := r.OpenCase(r.ctx, r.ana, in, alerts.Request{})
	r.ok(err)
	r.refused(r.merge(r.ana, hidden.ID, a.ID), alerts.Conflict)
	r.refused(r.merge(r.boris, hidden.ID, a.ID), alerts.NotFound)
	r.ok(r.merge(r.ana, c.ID, hidden.ID))
	seen, err := r.Case(r.ctx, r.boris, c.ID)
	r.ok(err)
	if seen.Merged != nil {
		t.Fatalf("Boris learns of a case that he may not see: %+v", seen.Merged)
	}
}

// Whatever two cases hold, merging and taking it back changes nothing but the
// history.
func TestMergeAndUnmergeIsTheIdentity(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zčćžšđ ]{0,20}`)
		open := func(label string) alerts.CaseView {
			in := aCase(r.now())
			in.Circumstances = text.Draw(t, label)
			in.Children[0].Names[0].Given = "A" + text.Draw(t, label)
			v, err := r.OpenCase(r.ctx, r.ana, in, alerts.Request{})
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		a, b := open("a"), open("b")
		before := r.content(a.ID) + r.content(b.ID)
		for range rapid.IntRange(1, 3).Draw(t, "times") {
			if err := r.merge(r.ana, b.ID, a.ID); err != nil {
				t.Fatal(err)
			}
			if _, err := r.UnmergeCase(r.ctx, r.ana, b.ID, alerts.Reason{Reason: "no"}, alerts.Request{}); err != nil {
				t.Fatal(err)
			}
		}
		if after := r.content(a.ID) + r.content(b.ID); after != before {
			t.Fatalf("before %s\nafter  %s", before, after)
		}
	})
}

// The end of a case ends what is merged into it.
func TestClosingACaseClosesItsAliases(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first, second := r.opened(), r.opened()
	r.ok(r.merge(r.ana, second.ID, first.ID))
	_, err := r.CloseCase(r.ctx, r.ana, first.ID, alerts.CloseCase{Outcome: "found_safe"}, alerts.Request{})
	r.ok(err)
	for _, id := range []string{first.ID, second.ID} {
		if c, _ := r.Board.Case(id); !c.State.Ended() || c.Closing.Outcome != "found_safe" {
			t.Errorf("%s is %s", id, c.State)
		}
	}
}

// A family that stopped publication of an alias has stopped it for the child;
// lifting it lifts it everywhere. Nothing is lost by merging.
func TestAStopReachesTheCaseThatGoesOn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	code, contact, alias := r.reported()
	v := done(r.Case(r.ctx, r.ana, alias.ID))
	if v.FollowUp != nil {
		done(r.PatchCase(r.ctx, r.ana, alias.ID, v.Version, alerts.CasePatch{FollowUp: &alerts.FollowUpPatch{DueAt: alerts.Some(time.Time{})}}, alerts.Request{}))
	}
	done(r.CheckParent(r.ctx, r.ana, contact, aCheck(), alerts.Request{}))
	lead := r.opened()
	stop := func(want bool) {
		t.Helper()
		for _, id := range []string{alias.ID, lead.ID} {
			if c, _ := r.Board.Case(id); c.PublicationFrozen() != want {
				t.Errorf("%s is frozen: %v", id, !want)
			}
		}
	}
	r.ok(r.merge(r.ana, alias.ID, lead.ID))
	r.ok(r.FollowObject(r.ctx, alerts.Public(), code, alerts.NewObjection{Kind: alerts.ObjectionDanger}, alerts.Request{}))
	stop(true)
	objection := done(r.Contact(r.ctx, r.ana, contact)).Objections[0].ID
	done(r.DecideObjection(r.ctx, r.boris, contact, objection, alerts.Decide{Decision: alerts.DecisionLifted, Reason: "a mistake"}, alerts.Request{}))
	stop(false)
	done(r.UnmergeCase(r.ctx, r.ana, alias.ID, alerts.Reason{Reason: "another child"}, alerts.Request{}))
	r.ok(r.FollowObject(r.ctx, alerts.Public(), code, alerts.NewObjection{Kind: alerts.ObjectionDanger}, alerts.Request{}))
	r.refused(r.merge(r.ana, alias.ID, lead.ID), alerts.Conflict)
}

// The tasks of a case that is merged are worked on with the case that goes on,
// and come back with the merge undone; the control is a case that is not merged.
func TestTasksOfAMergedCaseAreWorkedOnWithTheOneThatGoesOn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	lead, alias, control := r.opened(), r.opened(), r.opened()
	task := func(id string) string {
		v, err := r.AddTask(r.ctx, r.ana, id, alerts.NewTask{Title: "call the school"}, alerts.Request{})
		r.ok(err)
		return v.ID
	}
	theirs, other := task(alias.ID), task(control.ID)
	act := func(caseID, id, state string) error {
		_, err := r.ActOnTask(r.ctx, r.ana, caseID, id, alerts.TaskAct{State: state}, alerts.Request{})
		return err
	}
	r.refused(act(lead.ID, theirs, "done"), alerts.NotFound)
	r.ok(r.merge(r.ana, alias.ID, lead.ID))
	v, err := r.Case(r.ctx, r.ana, lead.ID)
	r.ok(err)
	if len(v.Tasks) != 1 || v.Tasks[0].ID != theirs || v.Tasks[0].From != alias.ID || v.Tasks[0].FromNumber != alias.Number {
		t.Fatalf("%+v", v.Tasks)
	}
	r.ok(act(lead.ID, theirs, "done"))
	r.refused(act(alias.ID, theirs, "open"), alerts.Conflict)
	r.refused(act(lead.ID, other, "done"), alerts.NotFound)
	_, err = r.UnmergeCase(r.ctx, r.ana, alias.ID, alerts.Reason{Reason: "a mistake"}, alerts.Request{})
	r.ok(err)
	v, err = r.Case(r.ctx, r.ana, lead.ID)
	r.ok(err)
	back, err := r.Case(r.ctx, r.ana, alias.ID)
	r.ok(err)
	if len(v.Tasks) != 0 || len(back.Tasks) != 1 || back.Tasks[0].State != "done" || back.Tasks[0].From != "" {
		t.Fatalf("lead %+v, alias %+v", v.Tasks, back.Tasks)
	}
	r.refused(act(lead.ID, theirs, "open"), alerts.NotFound)
	r.ok(act(alias.ID, theirs, "open"))
}
