package partners_test

import (
	"context"
	"testing"

	"homeward/alerts"
	"homeward/partners"
)

// walk records steps of one matter and fails on any that is refused.
type walk struct {
	*office
	id string
}

func (w walk) step(step string, in partners.StepPatch) partners.ProcedureView {
	w.t.Helper()
	v, err := w.RecordStep(context.Background(), operator(), w.id, step, in, alerts.Request{})
	if err != nil {
		w.t.Fatalf("%s: %v %s", step, err, wrong(err))
	}
	return v
}

func done(on string) partners.StepPatch {
	return partners.StepPatch{State: alerts.Some("done"), DoneOn: alerts.Some(on)}
}

func ended(on, outcome string) partners.StepPatch {
	p := done(on)
	p.Outcome = alerts.Some(outcome)
	return p
}

func (w walk) refused(step string, in partners.StepPatch, want string) {
	w.t.Helper()
	_, err := w.RecordStep(context.Background(), operator(), w.id, step, in, alerts.Request{})
	if got := wrong(err); got != want {
		w.t.Errorf("%s: wrong fields %q, want %q (%v)", step, got, want, err)
	}
}

func (w walk) clock(rule string) partners.ClockView {
	w.t.Helper()
	clocks, err := w.Clocks(context.Background(), operator(), w.id)
	if err != nil {
		w.t.Fatal(err)
	}
	var last partners.ClockView
	for _, c := range clocks {
		if c.Rule == rule {
			last = c
		}
	}
	return last
}

func stepOf(v partners.ProcedureView, step string, round int) partners.MatterStepView {
	for _, s := range v.Steps {
		if s.Step == step && s.Round == round {
			return s
		}
	}
	return partners.MatterStepView{}
}

func newWalk(t *testing.T, from, to, route string) walk {
	o := newOffice(t)
	o.newCase("case1", "2014-05-02")
	in := removal()
	in.FromState, in.ToState, in.LegalRoute = from, to, route
	m, err := o.OpenMatter(context.Background(), operator(), "case1", in, alerts.Request{})
	if err != nil {
		t.Fatal(err)
	}
	return walk{o, m.ID}
}

func TestProcedureFromReportToReturn(t *testing.T) {
	t.Parallel()
	w := newWalk(t, "AT", "DE", "hague1980+brussels2b")
	w.step("report", done("2026-03-10"))
	w.step("application", partners.StepPatch{State: alerts.Some("doing"), Documents: alerts.Some([]string{"birth_certificate"}), DueOn: alerts.Some("2026-11-19")})
	v := w.step("mediation", partners.StepPatch{State: alerts.Some("doing")}) // beside the main way
	if a := stepOf(v, "application", 1); !a.Overdue || *a.DaysLeft != -2 || a.Owner != "op" || !a.Documents[1].There || a.Documents[0].There {
		t.Errorf("%s", toJSON(t, a))
	}
	if v.Phases[0].State != "done" || !v.Phases[1].Here || v.Steps[v.Next[0]].Step != "application" {
		t.Errorf("%s", toJSON(t, v.Phases))
	}
	list, err := w.Deadlines(context.Background(), operator(), partners.DeadlineFilter{Kind: partners.DeadlineProcedure})
	if err != nil || len(list.Items) != 1 || list.Items[0].Step != "application" || list.Items[0].State != "overdue" || list.Items[0].Person != "op" {
		t.Errorf("%v %s", err, toJSON(t, list))
	}
	w.step("application", done("2026-03-20"))
	w.step("transmission", done("2026-04-01"))
	if c := w.clock("acknowledgement"); c.State != "overdue" || *c.Due != "2026-04-10" || c.Calendar == nil || c.Verified || c.Zone != "Europe/Berlin" {
		t.Errorf("%s", toJSON(t, c))
	}
	w.step("acknowledgement", done("2026-04-10"))
	if c := w.clock("acknowledgement"); c.State != "stopped" || c.NextStepID != "clock.acknowledgement.stopped" {
		t.Errorf("%s", toJSON(t, c))
	}

	// What a step says about the facts is in the facts.
	w.step("court_application", done("2026-05-04"))
	if c := w.clock("one_year"); c.State != "stopped" || c.StoppedOn != "2026-05-04" {
		t.Errorf("%s", toJSON(t, c))
	}
	w.refused("court_application", done("2026-05-05"), "done_on facts_differ")
	refusal := ended("2026-06-20", "return_refused")
	refusal.Grounds = alerts.Some([]string{"13_1_b"})
	v = w.step("decision", refusal)
	if s := stepOf(v, "refusal_to_home_court", 1); s.Due != "2026-07-20" || !s.DueByLaw || !s.Overdue || !s.Verified {
		t.Errorf("one month for the documents: %s", toJSON(t, s))
	}
	v = w.step("appeal", ended("2026-07-01", "lodged_by_us"))
	if s := stepOf(v, "hearing", 2); s.State != "doing" || !s.FromFacts {
		t.Errorf("the appeal begins the second instance: %s", toJSON(t, s))
	}
	if c := w.clock("six_weeks"); c.Instance != "2" || *c.Due != "2026-08-12" || c.State != "overdue" {
		t.Errorf("%s", toJSON(t, c))
	}
	second := ended("2026-08-10", "return_ordered")
	second.Round = 2
	w.step("decision", second)
	w.step("enforcement", done("2026-10-15"))
	if c := w.clock("enforcement_six_weeks"); *c.Due != "2026-11-26" || c.State != "running" {
		t.Errorf("%s", toJSON(t, c))
	}
	v = w.step("hand_over", ended("2026-11-20", "returned"))
	if c := w.clock("enforcement_six_weeks"); c.State != "stopped" {
		t.Errorf("%s", toJSON(t, c))
	}
	if m, err := w.Matter(context.Background(), operator(), w.id); err != nil || len(m.Instances) != 2 || m.Instances[0].DecidedAt != "2026-06-20" || m.Instances[1].DecidedAt != "2026-08-10" {
		t.Errorf("%v %s", err, toJSON(t, m.Instances))
	}
	if here := v.Phases[len(v.Phases)-1]; here.ID != "return" || here.State != "doing" {
		t.Errorf("%s", toJSON(t, v.Phases))
	}
}

func TestStepRefusals(t *testing.T) {
	t.Parallel()
	w := newWalk(t, "RS", "DE", "hague1980")
	ctx := context.Background()
	_, err := w.RecordStep(ctx, operator(), w.id, "refusal_to_home_court", done("2026-05-01"), alerts.Request{})
	wantCode(t, err, alerts.NotFound) // a step of another route
	_, err = w.RecordStep(ctx, lawyer(), w.id, "report", done("2026-05-01"), alerts.Request{})
	wantCode(t, err, alerts.NotFound)
	w.refused("application", partners.StepPatch{State: alerts.Some("done"), Owner: alerts.Some("nobody"), InstitutionID: alerts.Some("none"), DueOn: alerts.Some("soon"),
		Outcome: alerts.Some("won"), Documents: alerts.Some([]string{"dna"}), Grounds: alerts.Some([]string{"13_2"})},
		"owner unknown_account; institution_id unknown_institution; due_on date; done_on required; outcome unknown_value; grounds unknown_value; documents unknown_value; grounds not_refused")
	w.refused("application", partners.StepPatch{State: alerts.Some("skipped")}, "reason required")
	w.refused("application", partners.StepPatch{State: alerts.Some("almost")}, "state unknown_value")
	w.refused("application", done("2026-11-22"), "done_on future")
	w.refused("application", done("2026-03-09"), "done_on too_early")
	w.refused("application", partners.StepPatch{Round: 2, State: alerts.Some("doing")}, "round out_of_range")
	w.refused("mediation", partners.StepPatch{State: alerts.Some("doing"), Note: alerts.Some("What she said")}, "note compartment")
	w.refused("decision", done("2026-05-01"), "outcome required")
	w.refused("decision", ended("2026-05-01", "return_ordered"), "done_on no_proceedings")
	w.refused("appeal", ended("2026-05-01", "lodged_by_us"), "done_on no_decision")
	w.step("court_application", done("2026-05-01"))
	w.refused("decision", ended("2026-04-30", "return_ordered"), "done_on too_early")
	w.refused("decision", partners.StepPatch{Round: 2, State: alerts.Some("doing")}, "round out_of_range")

	// A step can be taken back; the day goes with it.
	w.step("application", done("2026-04-01"))
	if s := stepOf(w.step("application", partners.StepPatch{State: alerts.Some("doing")}), "application", 1); s.DoneOn != "" || s.State != "doing" {
		t.Errorf("%s", toJSON(t, s))
	}
}

func TestNonHagueHasItsOwnWay(t *testing.T) {
	t.Parallel()
	w := newWalk(t, "RS", "AE", "non_hague")
	v := w.step("consular_steps", partners.StepPatch{State: alerts.Some("doing")})
	if stepOf(v, "foreign_suit", 1).Step == "" || stepOf(v, "transmission", 1).Step != "" {
		t.Errorf("%s", toJSON(t, v))
	}
	w.step("foreign_suit", done("2026-05-01"))
	w.step("decision", ended("2026-06-01", "refused"))
	if c := w.clock("six_weeks"); c.Rule != "" {
		t.Errorf("six weeks outside the Convention: %s", toJSON(t, c))
	}
}
