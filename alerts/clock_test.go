package alerts_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"homeward/alerts"
)

func TestClockRulesAreWhole(t *testing.T) {
	t.Parallel()
	rules := done(alerts.LoadClock())
	for _, c := range alerts.Categories() {
		for _, phase := range []string{"search", "after"} {
			has := slices.ContainsFunc(rules, func(r alerts.ClockRule) bool {
				return r.Phase == phase && (len(r.Categories) == 0 || slices.Contains(r.Categories, c))
			})
			if !has && (phase == "search" || c != alerts.CategoryHistorical) {
				t.Errorf("no step of %s for %s", phase, c)
			}
		}
	}
	for _, i := range done(alerts.LoadIndicators()) {
		if i.Verified {
			t.Errorf("%s says that it was checked", i.Key)
		}
	}
}

// keysOf are the steps of a case that wait, soonest first.
func keysOf(steps []alerts.ClockStep) []string {
	var out []string
	for _, s := range steps {
		if s.Open() {
			out = append(out, s.Key)
		}
	}
	return out
}

func (r *rig) clockOf(id string) []alerts.ClockStep {
	r.t.Helper()
	steps, err := r.CaseClock(r.ctx, r.ana, id)
	r.ok(err)
	return steps
}

func TestClockFollowsTheKindOfCase(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	open := func(category alerts.Category, birth string) []string {
		in := aCase(r.now())
		in.Category, in.Children[0].BirthDate = category, birth
		v, err := r.OpenCase(r.ctx, r.ana, in, alerts.Request{})
		r.ok(err)
		return keysOf(r.clockOf(v.ID))
	}
	small, runaway := open(alerts.CategoryLostOtherwise, "2027-02"), open(alerts.CategoryRunaway, "2015")
	taken, moving := open(alerts.CategoryParentalAbduction, ""), open(alerts.CategoryMigration, "2014-01-01")
	for _, test := range []struct {
		name   string
		keys   []string
		has    string
		hasNot string
	}{
		{"a child of 4", small, "home_searched", "friends_and_phone"},
		{"a runaway of 15", runaway, "friends_and_phone", "home_searched"},
		{"a parental removal", taken, "border_police", "hospitals_asked"},
		{"a child in migration", moving, "guardian", "border_police"},
	} {
		if !slices.Contains(test.keys, test.has) || slices.Contains(test.keys, test.hasNot) {
			t.Errorf("%s: %v", test.name, test.keys)
		}
		if test.keys[0] != "police_told" {
			t.Errorf("%s: first comes %s", test.name, test.keys[0])
		}
	}
	if last := taken[len(taken)-1]; last != "yellow_notice" && last != "three_day_review" {
		t.Errorf("last comes %s", last)
	}
}

func TestStepsAreProvenDoneAndTakenBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v := r.opened()
	_, err := r.MarkStep(r.ctx, r.ana, v.ID, "police_told", alerts.NewStepMark{State: "done"}, alerts.Request{})
	r.wrong(err, "state needs_referral") // saying it is not enough
	v, err = r.PatchCase(r.ctx, r.ana, v.ID, v.Version, alerts.CasePatch{Police: &alerts.PolicePatch{ReportedAt: alerts.Some(r.now())}}, alerts.Request{})
	r.ok(err)
	step := func(key string) alerts.ClockStep {
		t.Helper()
		steps := r.clockOf(v.ID)
		i := slices.IndexFunc(steps, func(s alerts.ClockStep) bool { return s.Key == key })
		if i < 0 {
			t.Fatalf("no step %s", key)
		}
		return steps[i]
	}
	if s := step("police_told"); s.State != "done" || !s.Proven {
		t.Errorf("%+v", s)
	}
	r.pass(4 * time.Hour)
	if s := step("hospitals_asked"); s.State != "overdue" || s.AtOnce {
		t.Errorf("%+v", s)
	}
	mark := func(key string, in alerts.NewStepMark) error {
		_, err := r.MarkStep(r.ctx, r.ana, v.ID, key, in, alerts.Request{})
		return err
	}
	r.wrong(mark("hospitals_asked", alerts.NewStepMark{State: "not_needed"}), "note required")
	r.wrong(mark("hospitals_asked", alerts.NewStepMark{State: "done", DoneAt: r.now().Add(time.Hour)}), "done_at future")
	r.wrong(mark("hospitals_asked", alerts.NewStepMark{State: "later"}), "state unknown_value")
	r.refused(mark("border_police", alerts.NewStepMark{State: "done"}), alerts.NotFound)
	r.ok(mark("hospitals_asked", alerts.NewStepMark{State: "not_needed", Note: "seen at a friend's"}))
	if s := step("hospitals_asked"); s.State != "not_needed" || s.By != r.ana.ID || s.Note == "" {
		t.Errorf("%+v", s)
	}
	r.ok(mark("hospitals_asked", alerts.NewStepMark{State: "open"}))
	if s := step("hospitals_asked"); s.State != "overdue" {
		t.Errorf("%+v", s)
	}
	_, err = r.MarkStep(r.ctx, r.officer, v.ID, "hospitals_asked", alerts.NewStepMark{State: "done"}, alerts.Request{})
	r.refused(err, alerts.Forbidden)
}

func TestLateCasesOweTheirStepsAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	in := aCase(r.now())
	in.LastSeen.At = r.now().Add(-5 * 24 * time.Hour)
	v, err := r.OpenCase(r.ctx, r.ana, in, alerts.Request{})
	r.ok(err)
	steps := r.clockOf(v.ID)
	i := slices.IndexFunc(steps, func(s alerts.ClockStep) bool { return s.Key == "cameras_secured" })
	if i < 0 || !steps[i].AtOnce || !steps[i].DueAt.Equal(v.CreatedAt) {
		t.Errorf("%+v", steps[i])
	}
	r.pass(48 * time.Hour)
	category := alerts.CategoryParentalAbduction
	_, err = r.PatchCase(r.ctx, r.ana, v.ID, v.Version, alerts.CasePatch{Category: &category}, alerts.Request{})
	r.ok(err)
	steps = r.clockOf(v.ID)
	i = slices.IndexFunc(steps, func(s alerts.ClockStep) bool { return s.Key == "border_police" })
	if i < 0 || steps[i].State != "running" || !steps[i].DueAt.Equal(r.now().Add(time.Hour)) {
		t.Errorf("a new kind of case starts its steps when it becomes one: %+v", steps[i])
	}
}

func TestAftercareRunsOnceTheChildIsFound(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v := r.opened()
	_, err := r.CloseCase(r.ctx, r.ana, v.ID, alerts.CloseCase{Outcome: "found_safe"}, alerts.Request{})
	r.ok(err)
	keys := keysOf(r.clockOf(v.ID))
	if !slices.Contains(keys, "return_interview") || slices.Contains(keys, "hospitals_asked") {
		t.Errorf("%v", keys)
	}
	r.ok(func() error {
		_, err := r.MarkStep(r.ctx, r.ana, v.ID, "return_interview", alerts.NewStepMark{State: "done", Note: "with her aunt"}, alerts.Request{})
		return err
	}())
}

// TestNoStepIsDueBeforeItCouldBeKnown goes through cases of every kind.
func TestNoStepIsDueBeforeItCouldBeKnown(t *testing.T) {
	t.Parallel()
	d := alerts.NewDesk(alerts.Parts{})
	rapid.Check(t, func(t *rapid.T) {
		opened := time.Date(2031, 3, 5, 10, 0, 0, 0, time.UTC)
		c := &alerts.Case{State: rapid.SampledFrom([]alerts.State{alerts.StateDraft, alerts.StateVerifying, alerts.StatePublic, alerts.StateFound, alerts.StateClosed}).Draw(t, "state")}
		c.CreatedAt = opened
		c.Category = rapid.SampledFrom(alerts.Categories()).Draw(t, "category")
		changed := opened.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "changed")) * time.Hour)
		c.Categories = []alerts.CategoryChange{{Category: alerts.CategoryUnknown, At: opened}, {Category: c.Category, At: changed}}
		c.LastSeen.At = opened.Add(-time.Duration(rapid.IntRange(0, 1000).Draw(t, "seen")) * time.Hour)
		c.Children = []alerts.Child{{BirthDate: rapid.SampledFrom([]string{"", "2030", "2026-05", "2019-01-01", "2014", "1999"}).Draw(t, "birth")}}
		if c.State.Ended() {
			c.Closing = &alerts.Closing{ClosedAt: opened.Add(200 * time.Hour)}
		}
		now := opened.Add(time.Duration(rapid.IntRange(0, 2000).Draw(t, "now")) * time.Hour)
		last := time.Time{}
		for _, s := range d.Clock(c, now) {
			if s.DueAt.Before(opened) || s.DueAt.Before(last) {
				t.Fatalf("%s is due at %s", s.Key, s.DueAt)
			}
			if last = s.DueAt; s.Open() && (s.State == "overdue") != now.After(s.DueAt) {
				t.Fatalf("%s is %s", s.Key, s.State)
			}
		}
	})
}
