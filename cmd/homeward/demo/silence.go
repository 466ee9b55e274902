package demo

import (
	"context"
	"maps"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// untouched is how fresh a task must be for the demonstration to leave some to
// whoever looks around.
const untouched = 50 * time.Hour

// keepAsking does what the clock does between the chapters of the story: it
// tries silent partners again, and the desk telephones. Nothing is really sent.
func (t *teller) keepAsking(ctx context.Context) error {
	due := t.Desk.StepsDue(t.Clock.Now())
	for _, alert := range slices.Sorted(maps.Keys(due)) {
		slices.Sort(due[alert])
		jobs, err := t.Desk.TakeSteps(ctx, alert, due[alert], 1000)
		if err != nil {
			return err
		}
		err = together(len(jobs), func(i int) error {
			return t.Desk.Report(ctx, jobs[i], partners.Result{OK: true}, 0.5)
		})
		if err != nil {
			return err
		}
	}
	calls, err := t.Desk.Calls(t.staff.jelena)
	if err != nil {
		return err
	}
	return together(len(calls), func(i int) error { return t.telephone(ctx, calls[i]) })
}

// telephone carries out a task of the desk, unless it is fresh.
func (t *teller) telephone(ctx context.Context, c partners.CallTask) error {
	dice := newDice("call" + c.Channel + c.PartnerName + c.Person)
	if t.now.Sub(c.Due) < untouched && dice.chance(0.15) {
		return nil
	}
	in := partners.CallResult{Result: pick(dice, []partners.TryState{partners.TryNoAnswer, partners.TryNoAnswer, partners.TryMessage, partners.TryReached})}
	if c.Channel == partners.ChannelCoordinator {
		in = pick(dice, []partners.CallResult{
			{Result: partners.TryReached, Note: "Their duty officer will look at it tonight."},
			{Result: partners.TrySignedOff, Note: "Their office is closed until Monday; a neighbouring partner has it."},
			{Result: partners.TrySignedOff, Note: "Two other organisations act in the same place."},
		})
	}
	_, err := t.Desk.AnswerCall(ctx, pick(dice, []alerts.Actor{t.staff.operator, t.staff.jelena, t.staff.marko}), c.AlertID, c.PartnerID, c.Number, in, alerts.Request{})
	return err
}
