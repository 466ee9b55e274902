package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"homeward/journal"
)

func testSwapSide(t *testing.T, h home) {
	s, ctx := h.open(t), t.Context()
	one, two := []byte("one"), []byte("two")
	for i, c := range []struct {
		was, data []byte
		taken     bool
		left      string
	}{
		{one, two, true, "[]"},
		{one, nil, true, "[]"},
		{nil, one, false, "[a=one]"},
		{nil, two, true, "[a=one]"},
		{two, one, true, "[a=one]"},
		{[]byte{}, two, true, "[a=one]"},
		{one, two, false, "[a=two]"},
		{one, nil, true, "[a=two]"},
		{two, two, false, "[a=two]"},
		{two, nil, false, "[]"},
		{nil, two, false, "[a=two]"},
	} {
		err := s.SwapSide(ctx, "lease", "a", c.was, at(10), c.data)
		if errors.Is(err, journal.ErrTaken) != c.taken || (err != nil) != c.taken {
			t.Errorf("%d: %v, taken should be %v", i, err, c.taken)
		}
		if got := sides(t, s, "lease"); got != c.left {
			t.Errorf("%d: left %s, want %s", i, got, c.left)
		}
	}
	if _, expires, err := s.Side(ctx, "lease", "a"); err != nil || !expires.Equal(at(10)) {
		t.Errorf("expires at %v, %v", expires, err)
	}
	if err := s.SwapSide(ctx, "lease", "a", two, time.Time{}, one); err != nil {
		t.Error(err)
	}
	if _, expires, err := s.Side(ctx, "lease", "a"); err != nil || !expires.IsZero() {
		t.Errorf("expires at %v, %v", expires, err)
	}
	if err := s.SwapSide(ctx, "lease", "a", nil, at(10), nil); err == nil || errors.Is(err, journal.ErrTaken) {
		t.Errorf("nothing for nothing: %v", err)
	}
	if err := s.SwapSide(ctx, "a/b", "a", nil, at(10), one); err == nil {
		t.Error("a kind with a slash was taken")
	}
}

// testSwapSideTogether lets several handles fight for a record: one wins each
// round, however the record stood before.
func testSwapSideTogether(t *testing.T, h home) {
	const rounds, fighters = 30, 4
	homes := make([]Store, fighters)
	for i := range homes {
		if i == 0 || h.shared {
			homes[i] = h.open(t)
		} else {
			homes[i] = homes[0]
		}
	}
	var was []byte
	for round := range rounds {
		var winner atomic.Int32
		var wins atomic.Int32
		var wg sync.WaitGroup
		for i, s := range homes {
			wg.Go(func() {
				err := s.SwapSide(context.Background(), "lease", "a", was, at(10), fmt.Appendf(nil, "%d-%d", round, i))
				switch {
				case err == nil:
					wins.Add(1)
					winner.Store(int32(i))
				case !errors.Is(err, journal.ErrTaken):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if wins.Load() != 1 {
			t.Fatalf("round %d has %d winners", round, wins.Load())
		}
		was = fmt.Appendf(nil, "%d-%d", round, winner.Load())
		got, _, err := homes[0].Side(t.Context(), "lease", "a")
		if err != nil || string(got) != string(was) {
			t.Fatalf("round %d: %s is there, %v; %s won", round, got, err, was)
		}
		if round%3 == 2 { // now and then it is not there before
			if err := homes[0].SwapSide(t.Context(), "lease", "a", was, time.Time{}, nil); err != nil {
				t.Fatal(err)
			}
			was = nil
		}
	}
}
