package partners

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// maxReceipts is how many partners' receipts one change holds at most.
const maxReceipts = 1000

// Receipts gathers what machines report about frames, so that a release to
// thousands makes a few changes and not thousands. It is safe for concurrent
// use. What is gathered and not yet written is lost when the process dies; the
// partner's cursor then brings the frame, and the receipt, again.
type Receipts struct {
	desk  *Desk
	after func(time.Duration, func())

	mu      sync.Mutex
	waiting map[string][]noted // by alert
	closed  bool
	flushes sync.WaitGroup
}

// noted is a receipt as it comes in. Taking it is on the way of every frame, so
// it is sorted out later.
type noted struct {
	partner string
	receipt
}

type receipt struct {
	state    DeliveryState
	revision int
	channel  string
	at       time.Time
}

// NewReceipts returns a gatherer that writes through the desk. after calls a
// function once a time has passed; nil means the machine's timers.
func NewReceipts(d *Desk, after func(time.Duration, func())) *Receipts {
	if after == nil {
		after = func(t time.Duration, fn func()) { time.AfterFunc(t, fn) }
	}
	return &Receipts{desk: d, after: after, waiting: map[string][]noted{}}
}

// Sent notes that a frame has left towards a partner.
func (r *Receipts) Sent(partner, alertID string, revision int, channel string, at time.Time) {
	r.add(partner, alertID, receipt{DeliverySent, revision, channel, at})
}

// Received notes that a partner has confirmed to hold a revision.
func (r *Receipts) Received(partner, alertID string, revision int, channel string, at time.Time) {
	r.add(partner, alertID, receipt{DeliveryReceived, revision, channel, at})
}

func (r *Receipts) add(partner, alertID string, one receipt) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	if r.waiting[alertID] == nil {
		r.flushes.Add(1)
		r.after(r.desk.limits.Gather, func() {
			defer r.flushes.Done()
			r.flush(context.Background(), alertID)
		})
	}
	r.waiting[alertID] = append(r.waiting[alertID], noted{partner, one})
}

// Close writes what has been gathered and returns when it is in.
func (r *Receipts) Close(ctx context.Context) {
	r.mu.Lock()
	r.closed = true
	ids := slices.Sorted(maps.Keys(r.waiting))
	r.mu.Unlock()
	for _, id := range ids {
		r.flush(ctx, id)
	}
	r.flushes.Wait() // at most the gathering time: flushes that are under way
}

func (r *Receipts) flush(ctx context.Context, alertID string) {
	r.mu.Lock()
	all := r.waiting[alertID]
	delete(r.waiting, alertID)
	r.mu.Unlock()
	of := map[string][]receipt{}
	for _, n := range all {
		of[n.partner] = append(of[n.partner], n.receipt)
	}
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(of)), maxReceipts) {
		if err := r.desk.recordReceipts(ctx, alertID, chunk, of); err != nil {
			r.desk.Log.Error("write receipts", "alert", alertID, "partners", len(chunk), "error", err)
		}
	}
}

// recordReceipts writes the receipts of some partners for one alert in one
// change. A receipt that is refused, such as one of a revision that was never
// sent, is noted in the log and holds up no other.
func (d *Desk) recordReceipts(ctx context.Context, alertID string, partners []string, of map[string][]receipt) error {
	_, err := d.Do(ctx, alerts.System(), "delivery.received", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		t, err := journal.Load[*Told](v, "told", alertID)
		if err != nil {
			return journal.Outcome{}, err
		}
		al, err := alertIn(v, alertID)
		if err != nil {
			return journal.Outcome{}, err
		}
		var out journal.Outcome
		places := reach(t)
		for _, partner := range partners {
			s := &answering{told: t, alert: al, place: places[partner], partner: partner}
			if s.delivery, err = optional[*Delivery](v, "deliveries", deliveryID(alertID, partner)); err != nil {
				return journal.Outcome{}, err
			}
			next, refused := s.receive(of[partner])
			if refused > 0 {
				d.Log.Warn("receipts refused", "alert", alertID, "partner", partner, "refused", refused)
			}
			if next != nil {
				out.Documents = append(out.Documents, next)
			}
		}
		return out, nil
	})
	return err
}

// receive takes several receipts of one partner, and counts those of what was
// never sent to it. It returns nil when none of them says anything new.
func (s *answering) receive(all []receipt) (*Delivery, int) {
	if s.place == nil {
		return nil, len(all)
	}
	refused, changed := 0, false
	d := s.begin()
	for _, one := range all {
		if one.revision < 1 || one.revision > s.newest() {
			refused++
			continue
		}
		if d.take(one.state, one.revision, Act{Channel: one.channel}, one.at) {
			changed = true
		}
	}
	if !changed {
		return nil, refused
	}
	return d, refused
}
