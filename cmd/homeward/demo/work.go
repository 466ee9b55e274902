package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// left are the cases whose clock the desk has fallen behind with, and how many
// of the last steps are left.
func left() map[string]int {
	return map[string]int{"luka": 2, "mila": 3, "tara": 4, "iskra": 2, "yusuf": 3, "katarina": 2, "hamid": 1}
}

// workDone is how long before the end of the story the desk went through its
// clocks.
const workDone = 100 * time.Minute

// planWork plans what the desk does about its cases: steps of their clocks,
// tasks, links, what earlier disappearances are known, and notes between shifts.
func (t *teller) planWork() error {
	at := t.now.Add(-workDone)
	for _, s := range t.cases {
		if s.opened.Before(at.Add(-time.Hour)) {
			t.on(s, at, func(ctx context.Context) error { return t.takeSteps(ctx, s) })
		}
	}
	for _, one := range []struct {
		key string
		do  func(context.Context, *searching) error
	}{
		{"luka", t.giveTasks}, {"mila", t.tellOfEarlier}, {"yusuf", t.linkSiblings}, {"teodora", t.noteForShift},
	} {
		of := t.byKey(one.key)
		if of == nil {
			return fmt.Errorf("there is no case %q to work on", one.key)
		}
		t.on(of, at, func(ctx context.Context) error { return one.do(ctx, of) })
	}
	return nil
}

// takeSteps marks the steps that are due by now, but for the last ones of the
// cases that are behind.
func (t *teller) takeSteps(ctx context.Context, s *searching) error {
	steps, err := t.Desk.CaseClock(ctx, t.staff.jelena, s.id)
	if err != nil {
		return err
	}
	steps = slices.DeleteFunc(steps, func(k alerts.ClockStep) bool { return k.State != "overdue" || k.Proof == "police" })
	for _, k := range steps[:max(0, len(steps)-left()[s.key])] {
		in := alerts.NewStepMark{State: "done", DoneAt: earliest(k.DueAt.Add(-time.Minute), t.now.Add(-workDone))}
		if k.Key == "hospitals_asked" && s.key == "mila" {
			in = alerts.NewStepMark{State: "not_needed", Note: "She wrote to a friend an hour after she left and was well."}
		}
		if _, err := t.Desk.MarkStep(ctx, t.staff.jelena, s.id, k.Key, in, alerts.Request{}); err != nil {
			return fmt.Errorf("step %s: %w", k.Key, err)
		}
	}
	return nil
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (t *teller) giveTasks(ctx context.Context, s *searching) error {
	for _, in := range []alerts.NewTask{
		{Title: "Ask the school for the list of his class and of the last excursion", Owner: t.staff.marko.ID, DueAt: t.now.Add(-30 * time.Minute), Note: "The class teacher answers in the afternoon."},
		{Title: "Bring the posters to the bus station in Novi Sad", Owner: t.staff.operator.ID, DueAt: t.now.Add(5 * time.Hour)},
		{Title: "Call the grandmother on the coast", Owner: t.staff.jelena.ID, DueAt: t.now.Add(-20 * time.Hour)},
	} {
		v, err := t.Desk.AddTask(ctx, t.staff.jelena, s.id, in, alerts.Request{})
		if err != nil {
			return err
		}
		if in.Owner == t.staff.jelena.ID {
			if _, err := t.Desk.ActOnTask(ctx, t.staff.jelena, s.id, v.ID, alerts.TaskAct{State: "done", Note: "He has not been there and has not called. She calls us if he does."}, alerts.Request{}); err != nil {
				return err
			}
		}
	}
	_, err := t.Desk.AddShiftNote(ctx, t.staff.jelena, s.id, alerts.NewShiftNote{Text: "The father is on the road to Novi Sad and has no signal until seven. Call the mother first."}, alerts.Request{})
	return err
}

func (t *teller) tellOfEarlier(ctx context.Context, s *searching) error {
	v, err := t.Desk.Case(ctx, t.staff.jelena, s.id)
	if err != nil {
		return err
	}
	_, err = t.Desk.AddEpisode(ctx, t.staff.jelena, s.id, alerts.NewEpisode{Child: v.Children[0].ID, Episode: alerts.Episode{
		Began: t.now.AddDate(0, -5, 0).Format("2006-01"), Days: 2, Found: "At a friend's weekend house; she came back by herself.", Source: "the mother",
	}}, alerts.Request{})
	if err != nil {
		return err
	}
	_, err = t.Desk.AddTask(ctx, t.staff.jelena, s.id, alerts.NewTask{
		Title: "Ask the friend for the account of the older man whom she writes to", DueAt: t.now.Add(2 * time.Hour),
	}, alerts.Request{})
	return err
}

func (t *teller) linkSiblings(ctx context.Context, s *searching) error {
	sister := t.byKey("nadia")
	_, err := t.Desk.LinkCases(ctx, t.staff.jelena, s.id, alerts.NewLink{
		Case: sister.id, Kind: "sibling", Reason: "They came together and left the reception centre two days apart.",
	}, alerts.Request{})
	return err
}

func (t *teller) noteForShift(ctx context.Context, s *searching) error {
	_, err := t.Desk.AddShiftNote(ctx, t.staff.jelena, s.id, alerts.NewShiftNote{
		Text: "The inspector wants every sighting of a white van by telephone, at once, also at night.",
	}, alerts.Request{})
	return err
}

// handOver hands a shift over and has it taken, shortly before the story ends.
func (t *teller) handOver(ctx context.Context) error {
	v, err := t.Desk.MakeHandover(ctx, t.staff.jelena, partners.NewHandover{Note: "The second telephone line is being repaired until ten."}, alerts.Request{})
	if err != nil {
		return fmt.Errorf("hand the shift over: %w", err)
	}
	if _, err := t.Desk.TakeHandover(ctx, t.staff.marko, v.ID, alerts.Request{}); err != nil {
		return fmt.Errorf("take the shift over: %w", err)
	}
	return nil
}
