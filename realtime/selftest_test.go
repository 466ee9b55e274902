package realtime_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"homeward/alerts"
	"homeward/partners"
	"homeward/realtime"
)

// faults are what is broken on the way of a self-test; it may be changed while
// the test runs.
type faults struct{ asleep, refusing, hanging atomic.Bool }

// tested is a hub with a self-test over a source, in a bubble of its own time.
func tested(f *faults) (*realtime.Hub, *realtime.SelfTest, *atomic.Int64) {
	s := newSource()
	hub := realtime.NewHub(realtime.Options{
		Partners: s, Console: s, Journal: s, Seal: plainTokens{}, StillMay: func(alerts.Actor) bool { return true },
		Log: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	runs := new(atomic.Int64)
	t := realtime.NewSelfTest(hub, realtime.SelfTestOptions{
		Actor: alerts.Actor{Kind: alerts.KindPartner, Partner: "p1", Session: "selftest"},
		Every: 5 * time.Minute, Within: 30 * time.Second, Limit: 11 * time.Minute, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Write: func(ctx context.Context) (int, error) {
			runs.Add(1)
			if f.refusing.Load() {
				return 0, errors.New("the disk is full")
			}
			if f.hanging.Load() {
				<-ctx.Done()
				return 0, ctx.Err()
			}
			s.change("selftest", partners.KindAlert)
			if !f.asleep.Load() {
				hub.WakePartners([]string{"p1"}) // as the journal's subscriber does
			}
			it, _ := s.Look("p1", "selftest")
			return it.Revision, nil
		},
	})
	return hub, t, runs
}

// pass passes time and lets everything come to rest.
func pass(d time.Duration) {
	t := time.NewTimer(d)
	<-t.C
	synctest.Wait()
}

func TestASelfTestSeesAStuckWay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault func(*faults) *atomic.Bool
		want  string
	}{
		"nobody is woken":      {func(f *faults) *atomic.Bool { return &f.asleep }, realtime.StuckReading},
		"the journal refuses":  {func(f *faults) *atomic.Bool { return &f.refusing }, realtime.StuckWriting},
		"the journal is stuck": {func(f *faults) *atomic.Bool { return &f.hanging }, realtime.StuckWriting},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := &faults{}
				hub, self, runs := tested(f)
				ctx, cancel := context.WithCancel(t.Context())
				go self.Run(ctx)
				pass(time.Hour)
				if s := self.State(); s.Stuck != "" || runs.Load() != 14 || self.Err() != nil {
					t.Fatalf("a sound way after %d runs: %+v", runs.Load(), s)
				}
				if n, _ := hub.Counts(); n != 0 {
					t.Errorf("%d connections are open between the runs", n)
				}
				broken := time.Now()
				c.fault(f).Store(true)
				pass(6 * time.Minute)
				s := self.State()
				if s.Stuck != c.want || s.Since.Before(broken) || !s.LastGood.Equal(broken) {
					t.Errorf("a broken way: %+v, want %s", s, c.want)
				}
				var stuck *realtime.Stuck
				if err := self.Err(); !errors.As(err, &stuck) || stuck.Code() != c.want {
					t.Errorf("the error is %v", err)
				}
				since := s.Since
				pass(10 * time.Minute)
				if s = self.State(); !s.Since.Equal(since) {
					t.Errorf("the beginning moved from %v to %v", since, s.Since)
				}
				c.fault(f).Store(false)
				pass(5 * time.Minute)
				if s = self.State(); s.Stuck != "" {
					t.Errorf("a mended way: %+v", s)
				}
				cancel()
				synctest.Wait()
			})
		})
	}
}

// A self-test that nobody makes is as bad as one that fails.
func TestASelfTestThatIsNotMadeIsLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, self, _ := tested(&faults{})
		pass(11 * time.Minute)
		if self.Err() != nil {
			t.Fatal("late before its time")
		}
		began := time.Now().Add(-11 * time.Minute)
		pass(time.Second)
		if s := self.State(); s.Stuck != realtime.StuckLate || !s.Since.Equal(began) {
			t.Errorf("state %+v", s)
		}
		self.Once(t.Context())
		if self.Err() != nil {
			t.Error("still late after a good one")
		}
		pass(12 * time.Minute)
		if s := self.State(); s.Stuck != realtime.StuckLate {
			t.Errorf("frozen after a good one: %+v", s)
		}
	})
}

func TestASelfTestOfAHubThatStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hub, self, _ := tested(&faults{})
		if err := hub.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		self.Once(t.Context())
		if s := self.State(); s.Stuck != realtime.StuckConnecting {
			t.Errorf("state %+v", s)
		}
	})
}

// A stop in the middle of a run is no failure.
func TestAStopIsNoFailureOfTheSelfTest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &faults{}
		f.hanging.Store(true)
		_, self, _ := tested(f)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); self.Run(ctx) }()
		pass(time.Second)
		cancel()
		<-ended
		if err := self.Err(); err != nil {
			t.Error(err)
		}
	})
}
