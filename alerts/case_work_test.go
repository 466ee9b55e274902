package alerts_test

import (
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

func TestTasksHaveAnOwnerATimeAndAHistory(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v := r.opened()
	add := func(in alerts.NewTask) (alerts.TaskView, error) {
		return r.AddTask(r.ctx, r.ana, v.ID, in, alerts.Request{})
	}
	_, err := add(alerts.NewTask{Owner: "nobody"})
	r.wrong(err, "title required", "owner unknown_account")
	task, err := add(alerts.NewTask{Title: "Call the school", DueAt: r.now().Add(time.Hour), Note: "ask for the class teacher"})
	r.ok(err)
	if task.Owner != r.ana.ID || len(task.Notes) != 1 || !task.Open() {
		t.Errorf("%+v", task)
	}
	act := func(in alerts.TaskAct) (alerts.TaskView, error) {
		return r.ActOnTask(r.ctx, r.boris, v.ID, task.ID, in, alerts.Request{})
	}
	_, err = act(alerts.TaskAct{State: "dropped"})
	r.wrong(err, "note required")
	task, err = act(alerts.TaskAct{Owner: &r.boris.ID, DueAt: alerts.Some(r.now().Add(2 * time.Hour)), Note: "I go there"})
	r.ok(err)
	if task.Owner != r.boris.ID || len(task.Notes) != 3 || task.Notes[1].Text != "I go there" {
		t.Errorf("%+v", task)
	}
	task, err = act(alerts.TaskAct{State: "done", Note: "she was not there"})
	r.ok(err)
	if task.Open() || task.Notes[3].Kind != "done" {
		t.Errorf("%+v", task)
	}
	_, err = r.ActOnTask(r.ctx, r.boris, v.ID, "none", alerts.TaskAct{State: "done"}, alerts.Request{})
	r.refused(err, alerts.NotFound)
	_, err = r.AddTask(r.ctx, r.officer, v.ID, alerts.NewTask{Title: "x"}, alerts.Request{})
	r.refused(err, alerts.Forbidden)
}

func TestLinksHoldOnBothSidesAndCanBeTakenBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one, two := r.opened(), r.opened()
	in := alerts.NewLink{Case: strings.ToLower(two.Number), Kind: "sibling", Reason: "the same mother"}
	_, err := r.LinkCases(r.ctx, r.ana, one.ID, alerts.NewLink{Case: one.ID, Kind: "sibling", Reason: "x"}, alerts.Request{})
	r.wrong(err, "case same_case")
	_, err = r.LinkCases(r.ctx, r.ana, one.ID, alerts.NewLink{Case: two.ID, Kind: "cousin"}, alerts.Request{})
	r.wrong(err, "kind unknown_value", "reason required")
	v, err := r.LinkCases(r.ctx, r.ana, one.ID, in, alerts.Request{})
	r.ok(err)
	_, err = r.LinkCases(r.ctx, r.ana, one.ID, in, alerts.Request{})
	r.refused(err, alerts.Conflict)
	o, err := r.Case(r.ctx, r.ana, two.ID)
	r.ok(err)
	if len(v.Links) != 1 || len(o.Links) != 1 || o.Links[0].Case != one.ID || o.Links[0].ID != v.Links[0].ID {
		t.Fatalf("%+v %+v", v.Links, o.Links)
	}
	lines, err := r.LinkedCases(r.ctx, r.ana, &o)
	r.ok(err)
	if lines[0].Other == nil || lines[0].Other.ID != one.ID {
		t.Errorf("%+v", lines)
	}
	_, err = r.UnlinkCases(r.ctx, r.ana, two.ID, v.Links[0].ID, alerts.Reason{Reason: "another family"}, alerts.Request{})
	r.ok(err)
	v, err = r.Case(r.ctx, r.ana, one.ID)
	r.ok(err)
	if v.Links[0].UnlinkedAt.IsZero() || v.Links[0].UnlinkedFor != "another family" {
		t.Errorf("%+v", v.Links)
	}
	hidden := true
	_, err = r.PatchCase(r.ctx, r.boris, two.ID, o.Version+1, alerts.CasePatch{Restricted: &hidden}, alerts.Request{})
	r.ok(err)
	_, err = r.LinkCases(r.ctx, r.ana, one.ID, in, alerts.Request{})
	r.wrong(err, "case unknown_case")
	if lines, err = r.LinkedCases(r.ctx, r.ana, &v); err != nil || lines[0].Other != nil {
		t.Errorf("a restricted case is seen through a link: %+v %v", lines, err)
	}
}

func TestEveryChangeOfAFieldIsKept(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v := r.opened()
	home, story := "Zmaj Jovina 1", "she left at noon"
	v, err := r.PatchCase(r.ctx, r.boris, v.ID, v.Version, alerts.CasePatch{
		Circumstances: &story, Children: []alerts.ChildPatch{{ID: v.Children[0].ID, Home: &home}}, Risk: &alerts.NewRisk{Grade: "high"},
	}, alerts.Request{})
	r.ok(err)
	v, err = r.CloseCase(r.ctx, r.ana, v.ID, alerts.CloseCase{Outcome: "found_safe"}, alerts.Request{})
	r.ok(err)
	got := map[string]string{}
	for _, c := range v.Changes {
		for _, turn := range c.Turns {
			got[c.Field] = turn.Was + "→" + turn.Now
		}
	}
	child := "children." + v.Children[0].ID + "."
	for field, want := range map[string]string{
		"circumstances": "→" + story, child + "home": "→" + home, "state": "verifying→found", child + "outcome": "→found_safe", "risk.grade": "→high",
	} {
		if got[field] != want {
			t.Errorf("%s: %q, want %q", field, got[field], want)
		}
	}
	if len(v.Changes) != 5 || v.Changes[0].By != r.boris.ID {
		t.Errorf("%+v", v.Changes)
	}
	operator := r.person("Olga", alerts.RoleOperator)
	seen, err := r.Case(r.ctx, operator, v.ID)
	r.ok(err)
	for _, c := range seen.Changes {
		if c.Field == "risk.grade" && len(c.Turns) != 0 {
			t.Errorf("an operator sees the risk: %+v", c)
		}
	}
}

func TestEpisodesAndShiftNotes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v := r.opened()
	_, err := r.AddEpisode(r.ctx, r.ana, v.ID, alerts.NewEpisode{Child: v.Children[0].ID}, alerts.Request{})
	r.wrong(err, "began required")
	_, err = r.AddEpisode(r.ctx, r.ana, v.ID, alerts.NewEpisode{Child: "none", Episode: alerts.Episode{Began: "2030"}}, alerts.Request{})
	r.wrong(err, "child unknown_child")
	v, err = r.AddEpisode(r.ctx, r.ana, v.ID, alerts.NewEpisode{Child: v.Children[0].ID, Episode: alerts.Episode{Began: "2030-11", Days: 2, Found: "at a friend's", Source: "the mother"}}, alerts.Request{})
	r.ok(err)
	if e := v.Children[0].Episodes; len(e) != 1 || e[0].Days != 2 {
		t.Errorf("%+v", e)
	}
	_, err = r.AddShiftNote(r.ctx, r.ana, v.ID, alerts.NewShiftNote{}, alerts.Request{})
	r.wrong(err, "text required")
	v, err = r.AddShiftNote(r.ctx, r.ana, v.ID, alerts.NewShiftNote{Text: "The mother calls at six."}, alerts.Request{})
	r.ok(err)
	if len(v.ShiftNotes) != 1 || v.ShiftNotes[0].Handover != "" {
		t.Errorf("%+v", v.ShiftNotes)
	}
	_, err = r.PatchCase(r.ctx, r.ana, v.ID, v.Version, alerts.CasePatch{Risk: &alerts.NewRisk{Grade: "high", Indicators: []string{"ind_debt", "ind_none"}}}, alerts.Request{})
	r.wrong(err, "risk.indicators[1] unknown_value")
	if got := r.ReferralsFor([]string{"ind_debt", "ind_threats", "ind_gifts"}); len(got) != 2 {
		t.Errorf("%v", got)
	}
}
