package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// Job is one message that this node has claimed and now sends. Nobody else
// sends it before Until.
type Job struct {
	AlertID, PartnerID string
	// Number is the try's, from 1; Attempt counts from 1.
	Number, Attempt int
	Kind, Channel   string
	Revision        int
	Until           time.Time
}

// most bounds the steps of one delivery in one change.
const most = 64

// TakeSteps takes every step of the silence clocks that is due for some
// partners of an alert, and claims messages that are due, as many as there are
// slots: in one change, before anything leaves. It returns what this node is to
// send, ends first. Any node may call it at any time; a step that was taken is
// not taken again, and what is not claimed stays due.
func (d *Desk) TakeSteps(ctx context.Context, alertID string, partners []string, slots int) ([]Job, error) {
	var jobs []Job
	_, err := d.Do(ctx, alerts.System(), "delivery.escalate", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		var out journal.Outcome
		all, err := d.laddersIn(v, alertID, partners)
		if err != nil {
			return out, err
		}
		changed := make([]bool, len(all))
		for i, l := range all {
			changed[i] = l.take(d.Officers)
		}
		jobs = claim(all, changed, slots) // anew when another node was faster
		for i, l := range all {
			if changed[i] {
				out.Documents = append(out.Documents, l.d)
			}
		}
		return out, nil
	})
	if err != nil {
		return nil, err
	}
	return jobs, nil
}

// laddersIn are the clocks of some partners with what the batch has decided.
func (d *Desk) laddersIn(v *journal.View, alertID string, partners []string) ([]*ladder, error) {
	t, err := journal.Load[*Told](v, "told", alertID)
	if err != nil {
		return nil, err
	}
	al, err := alertIn(v, alertID)
	if err != nil {
		return nil, err
	}
	var out []*ladder
	places := reach(t)
	for _, partner := range partners {
		if places[partner] == nil {
			continue
		}
		s := &answering{told: t, alert: al, place: places[partner], partner: partner}
		var p *Partner
		if s.delivery, err = optional[*Delivery](v, "deliveries", deliveryID(t.ID, partner)); err == nil {
			p, err = optional[*Partner](v, "partners", partner)
		}
		if err != nil {
			// One that cannot be read holds up no other.
			d.Log.Error("read delivery", "alert", alertID, "partner", partner, "error", err)
			continue
		}
		l := climb(s, p, d.board.silence, v.Now)
		l.d.Tries = slices.Clone(l.d.Tries)
		out = append(out, l)
	}
	return out, nil
}

// take notes every step that is due and drops what is not needed any more; it
// tells whether anything changed.
func (l *ladder) take(officers func() []*alerts.Account) (changed bool) {
	for i := range l.d.Tries {
		if t := &l.d.Tries[i]; t.State == TryOpen && !t.inFlight(l.now) && !l.needed(t) {
			t.State, t.Ended, changed = TryDropped, l.now, true
		}
	}
	for range most {
		if !l.takeOne() {
			break
		}
		changed = true
		if l.d.Tries[len(l.d.Tries)-1].Channel == ChannelCoordinator {
			l.tellDuty(officers())
		}
	}
	return changed
}

// takeOne takes the first step that is due.
func (l *ladder) takeOne() bool {
	for _, w := range l.wants() {
		if w.due.After(l.now) {
			continue
		}
		l.d.Tries = append(l.d.Tries, Try{
			Kind: w.kind, Revision: l.newest(), Times: l.place.times, Channel: w.channel, Person: w.person,
			Due: w.due, At: l.now, State: TryOpen, Held: w.held,
		})
		return true
	}
	return false
}

// claim takes the messages that are due for this node: withdrawals before
// alerts, and those whose receiver has been failing last and only with half of
// the slots, so that they hold up nobody else.
func claim(all []*ladder, changed []bool, slots int) []Job {
	var jobs []Job
	half := slots / 2
	for _, round := range []struct {
		kind    string
		failing bool
	}{{KindWithdrawal, false}, {KindAlert, false}, {KindHandover, false}, {KindDuty, false}, {KindWithdrawal, true}, {KindAlert, true}, {KindHandover, true}, {KindDuty, true}} {
		for i, l := range all {
			if l.failing() != round.failing {
				continue
			}
			for n := range l.d.Tries {
				t := &l.d.Tries[n]
				if t.Kind != round.kind || !t.ready(l.now) || slots <= 0 || round.failing && slots <= half {
					continue
				}
				t.Attempts++
				t.Begun = l.now
				t.NextAt = t.freeAt()
				changed[i], slots = true, slots-1
				jobs = append(jobs, Job{
					AlertID: l.d.AlertID, PartnerID: l.partner, Number: n + 1, Attempt: t.Attempts, Kind: t.Kind,
					Channel: t.Channel, Revision: t.Revision, Until: t.NextAt,
				})
			}
		}
	}
	return jobs
}

// ready tells whether an attempt may be made now.
func (t *Try) ready(now time.Time) bool {
	return t.sends() && t.State == TryOpen && !t.inFlight(now) && !t.NextAt.After(now)
}

// failing tells whether the organisation's program has not been taking
// messages.
func (l *ladder) failing() bool {
	return l.who != nil && l.who.Webhook != nil && !l.who.Webhook.FailingSince.IsZero()
}
