package realtime

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"homeward/partners"
)

// Outgoing is the desk as the outbox needs it.
type Outgoing interface {
	// StepsDue names, by alert, the partners for whom something is due;
	// TakeSteps takes it, in one change, and claims up to some messages.
	StepsDue(now time.Time) map[string][]string
	TakeSteps(ctx context.Context, alertID string, partners []string, slots int) ([]partners.Job, error)
	// Prepare looks at the last moment what a claimed message is, and Report
	// notes what became of it.
	Prepare(j partners.Job, now time.Time) (partners.Dispatch, bool)
	Report(ctx context.Context, j partners.Job, res partners.Result, spread float64) error
}

// Courier sends one message over its channel, within the time of ctx.
type Courier func(ctx context.Context, d partners.Dispatch) partners.Result

// OutboxOptions are what an Outbox works with.
type OutboxOptions struct {
	Desk Outgoing
	// Couriers send, by channel. A message of a channel without one fails.
	Couriers map[string]Courier
	Now      func() time.Time
	// Spread returns a random number from 0 to 1.
	Spread func() float64
	Log    *slog.Logger
	// Slots is how many messages are on their way at once; 0 means 128.
	Slots int
}

// Outbox takes the steps of the silence clocks that are due and sends what they
// ask for. Each node of an installation runs one; a step is taken by one of them
// only. It is safe for concurrent use.
type Outbox struct {
	o       OutboxOptions
	wake    chan struct{}
	sending sync.WaitGroup

	mu   sync.Mutex
	free int
}

// NewOutbox returns an outbox. Run it.
func NewOutbox(o OutboxOptions) *Outbox {
	if o.Slots <= 0 {
		o.Slots = 128
	}
	return &Outbox{o: o, wake: make(chan struct{}, 1), free: o.Slots}
}

// Run looks each second, and whenever a message has ended, until ctx ends; then
// it waits for the messages that are on their way.
func (b *Outbox) Run(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	defer b.sending.Wait()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-b.wake:
		}
		b.Look(ctx)
	}
}

// Look takes what is due now and starts sending it.
func (b *Outbox) Look(ctx context.Context) {
	for alert, due := range b.o.Desk.StepsDue(b.o.Now()) {
		jobs, err := b.o.Desk.TakeSteps(ctx, alert, due, b.slots())
		if err != nil {
			if ctx.Err() == nil {
				b.o.Log.Error("take steps of a silence clock", "alert", alert, "error", err)
			}
			continue // one alert holds up no other
		}
		b.take(len(jobs))
		for _, j := range jobs {
			b.sending.Go(func() {
				defer b.release()
				b.send(ctx, j)
			})
		}
	}
}

// Wait returns when nothing is on its way.
func (b *Outbox) Wait() { b.sending.Wait() }

func (b *Outbox) slots() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.free
}

func (b *Outbox) take(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free -= n
}

func (b *Outbox) release() {
	b.mu.Lock()
	b.free++
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// send makes one attempt. A stop does not break off what is on its way: it has
// its own, short, time.
func (b *Outbox) send(ctx context.Context, j partners.Job) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), partners.SendTimeout(j.Channel))
	defer cancel()
	d, ok := b.o.Desk.Prepare(j, b.o.Now())
	res := partners.Result{Final: true, Note: "This channel is not set up here."}
	if courier := b.o.Couriers[j.Channel]; !ok {
		res = partners.Result{Unsent: true} // it has ended meanwhile, or is no longer ours
	} else if courier != nil {
		res = courier(ctx, d)
	}
	report, done := context.WithTimeout(context.WithoutCancel(ctx), partners.SendTimeout(j.Channel))
	defer done()
	if err := b.o.Desk.Report(report, j, res, b.o.Spread()); err != nil {
		// The claim runs out by itself, and the message is sent again under
		// the same id.
		b.o.Log.Error("note what became of a message", "alert", j.AlertID, "partner", j.PartnerID, "channel", j.Channel, "error", err)
	}
}
