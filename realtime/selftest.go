package realtime

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"homeward/alerts"
)

// The reasons for which the way of an alert counts as stuck.
const (
	// StuckWriting: the journal did not take the self-test.
	StuckWriting = "self_test_not_written"
	// StuckConnecting: the feed let the internal reader not in.
	StuckConnecting = "self_test_not_connected"
	// StuckReading: what was written did not come out of the feed in time.
	StuckReading = "self_test_not_delivered"
	// StuckLate: no self-test has been made for too long.
	StuckLate = "self_test_late"
)

// SelfTestOptions are what a SelfTest works with.
type SelfTestOptions struct {
	// Actor is the internal partner that reads.
	Actor alerts.Actor
	// Write commits a run of the self-test and returns its number, which rises,
	// and under which the feed brings it to the actor.
	Write func(ctx context.Context) (run int, err error)
	// Every is how often, Within how long a run may take, and Limit how long ago
	// the last good one may be.
	Every, Within, Limit time.Duration
	Now                  func() time.Time
	Log                  *slog.Logger
}

// SelfTest sends something through the journal and the feed, again and again,
// and reads it as a partner's connection does: handshake, greeting, waking,
// rendering, frame; only the socket is missing, in its place is a pipe in memory.
// It is safe for concurrent use.
type SelfTest struct {
	hub *Hub
	o   SelfTestOptions

	mu    sync.Mutex
	state SelfTestState
	// began is when the first run was due.
	began time.Time

	// runs lets one run be made at a time and guards serving, which is closed
	// when the connection of the last run has ended.
	runs    sync.Mutex
	serving chan struct{}
}

// SelfTestState is how the way of an alert stood when it was last tried.
type SelfTestState struct {
	// LastGood is when a run last came out, Took how long it was on its way.
	LastGood time.Time
	Took     time.Duration
	// Stuck is one of the reasons, "" while all is well; Since is when that
	// began.
	Stuck string
	Since time.Time
}

// Stuck is the error of a way that is stuck.
type Stuck struct{ Reason string }

func (e *Stuck) Error() string { return "the self-test of the alert path failed: " + e.Reason }

// Code is the reason for programs.
func (e *Stuck) Code() string { return e.Reason }

// NewSelfTest returns a self-test through a hub. Run it.
func NewSelfTest(h *Hub, o SelfTestOptions) *SelfTest {
	// A heartbeat wakes the writer, and so hides that nothing else does.
	o.Within = min(o.Within, heartbeat-5*time.Second)
	return &SelfTest{hub: h, o: o, began: o.Now()}
}

// Run tries at once and then again and again until ctx ends.
func (t *SelfTest) Run(ctx context.Context) {
	tick := time.NewTicker(t.o.Every)
	defer tick.Stop()
	for {
		t.Once(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Once makes one run and notes what came of it, unless ctx has ended: a stop is
// no failure.
func (t *SelfTest) Once(ctx context.Context) {
	t.runs.Lock()
	defer t.runs.Unlock()
	run, cancel := context.WithTimeout(ctx, t.o.Within)
	defer cancel()
	start := time.Now() // how long it takes is no matter of the calendar
	reason, err := t.try(run)
	took := time.Since(start)
	if ctx.Err() != nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil {
		t.state = SelfTestState{LastGood: t.o.Now(), Took: took}
		return
	}
	t.o.Log.Error("self-test of the alert path", "reason", reason, "error", err)
	if t.state.Stuck == "" {
		t.state.Since = t.o.Now()
	}
	t.state.Stuck = reason
}

// State is how the way stands at this moment: a self-test that is not made any
// more is as bad as one that fails.
func (t *SelfTest) State() SelfTestState {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := t.state
	last := out.LastGood
	if last.IsZero() {
		last = t.began
	}
	if out.Stuck == "" && t.o.Now().Sub(last) > t.o.Limit {
		out.Stuck, out.Since = StuckLate, last
	}
	return out
}

// Err is nil while the way is not stuck, else a *Stuck.
func (t *SelfTest) Err() error {
	if s := t.State(); s.Stuck != "" {
		return &Stuck{s.Stuck}
	}
	return nil
}

var errStillServing = errors.New("the connection of the run before has not ended")

func (t *SelfTest) try(ctx context.Context) (reason string, err error) {
	ws, err := t.connect(ctx)
	if err != nil {
		return StuckConnecting, err
	}
	defer ws.Close()
	came := make(chan arrival, 64)
	go readArrivals(ws, came)
	first, err := next(ctx, came, func(a arrival) bool { return a.resync })
	if err != nil {
		return StuckConnecting, err
	}
	// What is owed on connecting is read without being woken. So the run that
	// counts is written once the writer has read that and rests: the run before
	// has come by then, or, the first time of all, one more that is written here.
	if first.owed {
		if _, err := next(ctx, came, func(a arrival) bool { return a.run > 0 }); err != nil {
			return StuckReading, err
		}
	} else if reason, err := t.through(ctx, came); err != nil {
		return reason, err
	}
	return t.through(ctx, came)
}

// through writes a run and waits until it has come.
func (t *SelfTest) through(ctx context.Context, came <-chan arrival) (reason string, err error) {
	run, err := t.o.Write(ctx)
	if err != nil {
		return StuckWriting, err
	}
	if _, err := next(ctx, came, func(a arrival) bool { return a.run >= run }); err != nil {
		return StuckReading, err
	}
	return "", nil
}

// arrival is what a frame says: a run of the self-test, or the end of the
// greeting and whether something is owed after it.
type arrival struct {
	run          int
	resync, owed bool
}

// next waits for a frame.
func next(ctx context.Context, came <-chan arrival, wanted func(arrival) bool) (arrival, error) {
	for {
		select {
		case <-ctx.Done():
			return arrival{}, ctx.Err()
		case a, open := <-came:
			switch {
			case !open:
				return a, errors.New("the connection was closed")
			case wanted(a):
				return a, nil
			}
		}
	}
}

// readArrivals reads frames until the connection ends.
func readArrivals(ws *websocket.Conn, came chan<- arrival) {
	defer close(came)
	for {
		_, body, err := ws.ReadMessage()
		if err != nil {
			return
		}
		var f struct {
			Type     string              `json:"type"`
			AlertIDs []string            `json:"alert_ids"`
			Alert    alerts.PartnerAlert `json:"alert"`
		}
		if json.Unmarshal(body, &f) != nil {
			continue
		}
		select {
		case came <- arrival{f.Alert.Revision, f.Type == "resync", len(f.AlertIDs) > 0}:
		default: // nobody takes them any more
		}
	}
}

// connect opens a connection of the internal partner and leaves the hub to
// serve it. One that has not ended is not joined by others.
func (t *SelfTest) connect(ctx context.Context) (*websocket.Conn, error) {
	if t.serving != nil {
		select {
		case <-t.serving:
		case <-ctx.Done():
			return nil, errStillServing
		}
	}
	ours, theirs := net.Pipe()
	if at, ok := ctx.Deadline(); ok {
		_ = ours.SetDeadline(at) // a pipe takes every deadline
	}
	serving := make(chan struct{})
	t.serving = serving
	go func() {
		defer close(serving)
		defer theirs.Close()
		r, err := http.ReadRequest(bufio.NewReader(theirs))
		if err == nil {
			t.hub.ServePartner(theirs, r, t.o.Actor)
		}
	}()
	d := websocket.Dialer{
		Subprotocols:   []string{Protocol},
		NetDialContext: func(context.Context, string, string) (net.Conn, error) { return ours, nil },
	}
	ws, answer, err := d.DialContext(ctx, "ws://self-test/", nil)
	if answer != nil {
		_ = answer.Body.Close() // empty, as the connection goes on
	}
	if err != nil {
		_ = ours.Close()
		return nil, err
	}
	return ws, nil
}
