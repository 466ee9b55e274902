package demo

import (
	"context"
	"time"

	"homeward/alerts"
)

// heldFiles is how many files of the last year are held: the first for good, the
// second waits for another person.
const heldFiles = 2

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
