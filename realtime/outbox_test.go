package realtime_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"homeward/partners"
	"homeward/realtime"
)

// queue is a desk with messages to send: each is due until it is reported.
type queue struct {
	mu       sync.Mutex
	due      map[string]bool // by partner
	claimed  map[string]bool
	ended    map[string]bool // no longer to be sent
	reports  map[string]partners.Result
	sending  int
	atOnce   int
	failures int // times that TakeSteps fails
}

func newQueue(n int) *queue {
	q := &queue{due: map[string]bool{}, claimed: map[string]bool{}, ended: map[string]bool{}, reports: map[string]partners.Result{}}
	for i := range n {
		q.due[fmt.Sprintf("p%d", i)] = true
	}
	return q
}

func (q *queue) StepsDue(time.Time) map[string][]string {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := map[string][]string{}
	for p := range q.due {
		if !q.claimed[p] {
			out["alert"] = append(out["alert"], p)
		}
	}
	return out
}

func (q *queue) TakeSteps(_ context.Context, alert string, all []string, slots int) ([]partners.Job, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.failures > 0 {
		q.failures--
		return nil, errors.New("the store is away")
	}
	var out []partners.Job
	for _, p := range all {
		if len(out) < slots && !q.claimed[p] {
			q.claimed[p] = true
			out = append(out, partners.Job{AlertID: alert, PartnerID: p, Channel: partners.ChannelWebhook})
		}
	}
	return out, nil
}

func (q *queue) Prepare(j partners.Job, _ time.Time) (partners.Dispatch, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return partners.Dispatch{PartnerID: j.PartnerID}, !q.ended[j.PartnerID]
}

func (q *queue) Report(_ context.Context, j partners.Job, res partners.Result, _ float64) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.reports[j.PartnerID] = res
	delete(q.due, j.PartnerID)
	return nil
}

// courier takes a second for each message.
func (q *queue) courier(ctx context.Context, _ partners.Dispatch) partners.Result {
	q.mu.Lock()
	q.sending++
	q.atOnce = max(q.atOnce, q.sending)
	q.mu.Unlock()
	defer func() { q.mu.Lock(); q.sending--; q.mu.Unlock() }()
	select {
	case <-time.After(time.Second):
		return partners.Result{OK: true}
	case <-ctx.Done():
		return partners.Result{Note: "no time"}
	}
}

func (q *queue) outbox(couriers map[string]realtime.Courier) *realtime.Outbox {
	return realtime.NewOutbox(realtime.OutboxOptions{
		Desk: q, Couriers: couriers, Now: time.Now, Spread: func() float64 { return 0.5 }, Log: slog.New(slog.DiscardHandler), Slots: 10,
	})
}

func TestOutboxSendsEverythingAFewAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(95)
		q.ended["p7"], q.failures = true, 2
		// Of the bubble's clock: three seconds to start, ten rounds of a second.
		ctx, cancel := context.WithTimeout(t.Context(), 14*time.Second)
		defer cancel()
		q.outbox(map[string]realtime.Courier{partners.ChannelWebhook: q.courier}).Run(ctx)
		if len(q.reports) != 95 || q.atOnce != 10 {
			t.Errorf("%d were reported, %d at once", len(q.reports), q.atOnce)
		}
		if !q.reports["p7"].Unsent {
			t.Errorf("what had ended was %+v", q.reports["p7"])
		}
	})
}

func TestOutboxFinishesWhatIsOnItsWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(10)
		ctx, cancel := context.WithCancel(t.Context())
		box := q.outbox(map[string]realtime.Courier{partners.ChannelWebhook: q.courier})
		box.Look(ctx)
		cancel() // the server stops with ten messages on their way
		box.Wait()
		for p, res := range q.reports {
			if !res.OK {
				t.Errorf("%s was broken off: %+v", p, res)
			}
		}
		if len(q.reports) != 10 {
			t.Errorf("%d were reported", len(q.reports))
		}
	})
}

func TestOutboxWithoutACourierSaysSo(t *testing.T) {
	t.Parallel()
	q := newQueue(1)
	box := q.outbox(nil)
	box.Look(t.Context())
	box.Wait()
	if res := q.reports["p0"]; res.OK || !res.Final {
		t.Errorf("reported %+v", res)
	}
}
