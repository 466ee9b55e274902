package demo

import (
	"context"
	"fmt"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// fate is how far an alert gets with one organisation.
type fate int

const (
	fateWaiting fate = iota
	fateSent
	fateReceived
	fateOpened
	fateAccepted
	fateDeclined
	fateQuestion
	fateDone
)

// fateOf is the same each time it is asked. The organisation whose key and
// person one may try has something left to do.
func (t *teller) fateOf(s *searching, partner string) fate {
	if partner == t.bodies[0].name {
		switch s.key {
		case keyEmergency:
			return fateWaiting
		case "luka", "mila", "petar":
			return fateReceived
		}
	}
	d := newDice(s.key + partner).Float64()
	for i, share := range []float64{.06, .14, .28, .42, .62, .68, .76} {
		if d < share {
			return fate(i)
		}
	}
	return fateDone
}

// deliver plans what the organisations do with one revision.
func (t *teller) deliver(s *searching, revision int, released time.Time) {
	until := s.ended
	if s.key == keyExpired {
		until = t.expires(s)
	}
	for _, step := range []struct {
		after time.Duration
		do    func(context.Context, *searching, int) error
	}{
		{2 * time.Minute, t.receipts}, {50 * time.Minute, t.opened}, {2 * time.Hour, t.answered}, {11 * time.Hour, t.done},
	} {
		at := released.Add(step.after)
		if until.IsZero() || at.Before(until) {
			t.on(s, at, func(ctx context.Context) error { return step.do(ctx, s, revision) })
		}
	}
	if !s.ended.IsZero() && revision == 1 {
		t.on(s, s.ended.Add(90*time.Minute), func(ctx context.Context) error { return t.removed(ctx, s) })
	}
}

// ledger lists who was told of the case's alert, by name.
func (t *teller) ledger(s *searching) ([]partners.DeliveryView, error) {
	return t.Desk.Deliveries(t.staff.jelena, s.alertID)
}

// receipts reports what machines would.
func (t *teller) receipts(_ context.Context, s *searching, revision int) error {
	rows, err := t.ledger(s)
	if err != nil {
		return err
	}
	var flush []func()
	r := partners.NewReceipts(t.Desk, func(_ time.Duration, fn func()) { flush = append(flush, fn) })
	now := t.Clock.Now()
	for i, row := range rows {
		channel := []string{"websocket", "cap_feed", "websocket", "web"}[i%4]
		f := t.fateOf(s, row.PartnerName)
		if f >= fateSent {
			r.Sent(row.PartnerID, s.alertID, revision, channel, now.Add(time.Duration(i)*time.Millisecond))
		}
		if f >= fateReceived {
			r.Received(row.PartnerID, s.alertID, revision, channel, now.Add(time.Duration(300+7*i)*time.Millisecond))
		}
	}
	for _, fn := range flush {
		fn()
	}
	return nil
}

// each lets those organisations act whose fate is chosen.
func (t *teller) each(ctx context.Context, s *searching, chosen func(partners.DeliveryView, fate) bool, do func(alerts.Actor, fate) error) error {
	rows, err := t.ledger(s)
	if err != nil {
		return err
	}
	bodies := map[string]*organisation{}
	for i := range t.bodies {
		bodies[t.bodies[i].id] = &t.bodies[i]
	}
	return together(len(rows), func(i int) error {
		f, o := t.fateOf(s, rows[i].PartnerName), bodies[rows[i].PartnerID]
		if !chosen(rows[i], f) {
			return nil
		}
		if err := do(o.actor(), f); err != nil {
			return fmt.Errorf("%s: %w", o.name, err)
		}
		return nil
	})
}

func sees(low fate) func(partners.DeliveryView, fate) bool {
	return func(row partners.DeliveryView, f fate) bool { return f >= low && !row.Withdrawn }
}

func (t *teller) opened(ctx context.Context, s *searching, revision int) error {
	return t.each(ctx, s, sees(fateOpened), func(a alerts.Actor, _ fate) error {
		_, err := t.Desk.Opened(ctx, a, s.alertID, partners.Act{Revision: revision, Channel: "web"}, alerts.Request{})
		return err
	})
}

func (t *teller) answered(ctx context.Context, s *searching, revision int) error {
	if revision > 1 {
		return nil // they have answered the first one
	}
	return t.each(ctx, s, sees(fateAccepted), func(a alerts.Actor, f fate) error {
		in := partners.Act{Revision: revision, Answer: partners.DeliveryAccepted, Channel: "web"}
		switch f {
		case fateDeclined:
			in.Answer, in.Reason = partners.DeliveryDeclined, "Nobody of ours is in this area this week."
		case fateQuestion:
			in.Answer, in.Reason = partners.DeliveryQuestion, "May we show the photo on the screens in our vehicles?"
		}
		_, err := t.Desk.Answer(ctx, a, s.alertID, in, alerts.Request{})
		return err
	})
}

func (t *teller) done(ctx context.Context, s *searching, revision int) error {
	if revision > 1 {
		return nil
	}
	outcomes := []string{"Read out in the news at 18 h.", "Posters at twelve stops.", "All drivers were told.", "Shore searched, nothing found."}
	return t.each(ctx, s, sees(fateDone), func(a alerts.Actor, _ fate) error {
		outcome := pick(newDice(s.key+a.Name), outcomes)
		_, err := t.Desk.Done(ctx, a, s.alertID, partners.Act{Revision: revision, Outcome: outcome, Channel: "web"}, alerts.Request{})
		return err
	})
}

// removed is what most organisations do once the search is over; the others
// still owe it.
func (t *teller) removed(ctx context.Context, s *searching) error {
	withdrawn := func(row partners.DeliveryView, _ fate) bool {
		return row.Withdrawn && newDice("removed"+s.key+row.PartnerName).chance(0.75)
	}
	return t.each(ctx, s, withdrawn, func(a alerts.Actor, _ fate) error {
		_, err := t.Desk.Removed(ctx, a, s.alertID, partners.Act{Channel: "web"}, alerts.Request{})
		return err
	})
}
