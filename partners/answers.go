package partners

import (
	"context"
	"strings"

	"homeward/alerts"
	"homeward/journal"
)

// Act is what a partner sends about an alert. Revision 0 is the newest that was
// addressed to it. By names the person; for somebody who has signed in it is
// their own name, whatever is sent.
type Act struct {
	Revision int    `json:"revision,omitempty"`
	By       string `json:"by,omitempty"`
	// Answer is accepted, declined or question.
	Answer  DeliveryState `json:"answer,omitempty"`
	Reason  string        `json:"reason,omitempty"`
	Outcome string        `json:"outcome,omitempty"`
	// Counts are what was done, in numbers; only for the outcome.
	Counts DoneCounts `json:"counts,omitzero"`
	// Channel is the way it came in, set by the surface.
	Channel string `json:"-"`
}

// Opened notes that a person of the partner has looked at the alert.
func (d *Desk) Opened(ctx context.Context, a alerts.Actor, alertID string, in Act, r alerts.Request) (DeliveryView, error) {
	return d.act(ctx, a, "delivery.opened", alertID, DeliveryOpened, in, r)
}

// Answer notes what the organisation answers. A later answer replaces it until
// the organisation is done; other organisations' answers are untouched.
func (d *Desk) Answer(ctx context.Context, a alerts.Actor, alertID string, in Act, r alerts.Request) (DeliveryView, error) {
	var f alerts.Fields
	if !in.Answer.isAnswer() {
		f.Add("answer", "unknown_value", "An answer is accepted, declined or question.")
	}
	if in.Answer == DeliveryQuestion && strings.TrimSpace(in.Reason) == "" {
		f.Add("reason", "required", "Write what you ask.")
	}
	if err := f.Err(); err != nil {
		return DeliveryView{}, err
	}
	return d.act(ctx, a, "delivery.answer", alertID, in.Answer, in, r)
}

// Done notes the outcome of what the organisation had accepted to do.
func (d *Desk) Done(ctx context.Context, a alerts.Actor, alertID string, in Act, r alerts.Request) (DeliveryView, error) {
	return d.act(ctx, a, "delivery.done", alertID, DeliveryDone, in, r)
}

// Removed notes that the organisation has removed a withdrawn alert everywhere.
func (d *Desk) Removed(ctx context.Context, a alerts.Actor, alertID string, in Act, r alerts.Request) (DeliveryView, error) {
	return d.act(ctx, a, "delivery.removed", alertID, DeliveryRemoved, in, r)
}

func (d *Desk) act(ctx context.Context, a alerts.Actor, act, alertID string, state DeliveryState, in Act, r alerts.Request) (DeliveryView, error) {
	if a.Partner == "" {
		return DeliveryView{}, alerts.Errorf(alerts.Forbidden, "Only a partner organisation may answer.")
	}
	var f alerts.Fields
	in.By = line(&f, "by", in.By)
	if in.By == "" || a.Kind == alerts.KindPerson {
		in.By = a.Name
	}
	in.Reason, in.Outcome = line(&f, "reason", in.Reason), line(&f, "outcome", in.Outcome)
	in.Counts.check(&f)
	if err := f.Err(); err != nil {
		return DeliveryView{}, err
	}
	if left, err := d.outsideKey(a, alertID, state); left || err != nil {
		if err != nil {
			return DeliveryView{}, err
		}
		return d.ownDelivery(a.Partner, alertID)
	}
	_, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		s, err := loadAnswering(v, a.Partner, alertID)
		if err != nil {
			return journal.Outcome{}, err
		}
		next, err := s.act(state, in, v.Now)
		if err != nil || next == nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	if err != nil {
		return DeliveryView{}, err
	}
	return d.ownDelivery(a.Partner, alertID)
}
