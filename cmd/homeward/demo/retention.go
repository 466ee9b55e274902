package demo

import (
	"context"
	"time"

	"homeward/alerts"
)

// What was decided about files of the last year, by their place in its list: the
// first is held for good, and a hold on the second waits for another person; so
// does the erasing of a third, and a fourth was erased.
const (
	heldFile = iota
	_
	erasingFile
	erasedFile
)

// holdFile keeps the file of a case from being forgotten.
func (t *teller) holdFile(ctx context.Context, id string, proposed bool) error {
	in := alerts.HoldAct{Ground: "proceedings", Reason: "The court in Primerovac has asked that nothing is destroyed until its decision is final.", Reference: "DEMO P 12"}
	if proposed {
		in = alerts.HoldAct{Ground: "subject_request", Reason: "The family asks for a copy and wants the file kept until it has it."}
	}
	v, err := t.Desk.ActOnRetention(ctx, t.staff.jelena, id, "propose", in, alerts.Request{})
	if err != nil || proposed {
		return err
	}
	_, err = t.Desk.ActOnRetention(ctx, t.staff.duty, id, "confirm", alerts.HoldAct{Hold: v.Holds[0].ID}, alerts.Request{})
	return err
}

// eraseFile has the file of a case erased, or proposes it only.
func (t *teller) eraseFile(ctx context.Context, id string, proposed bool) error {
	in := alerts.HoldAct{Reason: "The family asks for it in writing. DEMO Z 4"}
	v, err := t.Desk.ActOnRetention(ctx, t.staff.jelena, id, "erase", in, alerts.Request{})
	if err != nil || proposed {
		return err
	}
	_, err = t.Desk.ActOnRetention(ctx, t.staff.duty, id, "confirm_erase", alerts.HoldAct{Erasing: v.Erasing.ID}, alerts.Request{})
	return err
}

// interview plans the offer of a return interview, and what became of it.
func (t *teller) interview(s *searching) {
	if s.stage == "void" {
		return
	}
	what := []alerts.NewInterview{{State: "offered", With: "hotline"}, {State: "held", With: "social_work", Note: "The record is at the centre."}}
	if s.key == keyHarmed {
		what[1] = alerts.NewInterview{State: "declined", With: "hotline", Note: "We ask again in two weeks."}
	}
	for i, in := range what {
		t.on(s, s.ended.Add(time.Duration(7+20*i)*time.Hour), func(ctx context.Context) error {
			_, err := t.Desk.AddInterview(ctx, t.staff.jelena, s.id, in, alerts.Request{})
			return err
		})
	}
}
