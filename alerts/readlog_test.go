package alerts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

type readHome struct {
	mu      sync.Mutex
	records [][]byte
	appends int
	fail    error
	// lost makes the next append succeed and say that it failed.
	lost bool
	gate chan struct{}
}

func (h *readHome) AppendReads(_ context.Context, _ string, records [][]byte) error {
	if h.gate != nil {
		<-h.gate
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.appends++
	if h.fail != nil && !h.lost {
		return h.fail
	}
	for _, r := range records {
		h.records = append(h.records, bytes.Clone(r))
	}
	if h.lost {
		h.lost = false
		return errors.New("the answer was lost")
	}
	return nil
}

func (h *readHome) Reads(_ context.Context, _ string, after uint64, limit int) ([][]byte, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if after >= uint64(len(h.records)) {
		return nil, nil
	}
	end := min(len(h.records), int(after)+limit)
	return slices.Clone(h.records[after:end]), nil
}

func (h *readHome) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.records)
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 8, 14, 10, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func newReadLog(t testing.TB, h ReadHome, c *clock) *ReadLog {
	t.Helper()
	l, err := NewReadLog(h, "node", c.now)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestReadsAreWrittenOncePerViewerRecordAndTenMinutes(t *testing.T) {
	t.Parallel()
	h, c := &readHome{}, newClock()
	l := newReadLog(t, h, c)
	ana, iva := Actor{ID: "ana", Role: RoleOperator}, Actor{ID: "iva", Role: RoleCoordinator}
	for i, step := range []struct {
		a       Actor
		subject string
		classes []Class
		pass    time.Duration
		want    int
	}{
		{ana, "cases/1", []Class{P1}, 0, 1},
		{ana, "cases/1", []Class{P1}, 9 * time.Minute, 1},
		{iva, "cases/1", []Class{P1}, 0, 2},
		{ana, "cases/2", []Class{P1}, 0, 3},
		{ana, "cases/1", []Class{P1, P2}, 0, 4}, // more than was written down
		{ana, "cases/1", []Class{P2, P1, P1}, 0, 4},
		{ana, "cases/1", []Class{P1}, time.Minute, 5},
		{ana, "cases/1", []Class{P1}, -time.Hour, 6}, // a clock that was set back hides nothing
	} {
		c.pass(step.pass)
		if err := l.Record(t.Context(), step.a, step.subject, step.classes...); err != nil {
			t.Fatal(err)
		}
		if h.count() != step.want {
			t.Fatalf("step %d: %d records, want %d", i, h.count(), step.want)
		}
	}
	if n, _, err := VerifyReads(t.Context(), h, "node"); err != nil || n != 6 {
		t.Fatalf("%d, %v", n, err)
	}
}

func TestNothingIsShownThatIsNotWrittenDown(t *testing.T) {
	t.Parallel()
	h, c := &readHome{fail: errors.New("the disk failed")}, newClock()
	l := newReadLog(t, h, c)
	a := Actor{ID: "ana"}
	for range 2 {
		if err := l.Record(t.Context(), a, "cases/1", P1); CodeOf(err) != Unavailable {
			t.Fatalf("%v", err)
		}
	}
	h.fail = nil
	if err := l.Record(t.Context(), a, "cases/1", P1); err != nil || h.count() != 1 {
		t.Fatalf("%v, %d records", err, h.count())
	}
	// An append whose answer is lost leaves no gap and no fork.
	h.lost = true
	if err := l.Record(t.Context(), a, "cases/2", P1); CodeOf(err) != Unavailable {
		t.Fatalf("%v", err)
	}
	if err := l.Record(t.Context(), a, "cases/2", P1); err != nil {
		t.Fatal(err)
	}
	if n, _, err := VerifyReads(t.Context(), h, "node"); err != nil || n != 3 {
		t.Fatalf("%d, %v", n, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	h.gate = make(chan struct{})
	if err := l.Record(ended, a, "cases/3", P1); CodeOf(err) != Unavailable {
		t.Fatalf("%v", err)
	}
	close(h.gate)
}

func TestManyReadersShareOneAppend(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, c := &readHome{gate: make(chan struct{})}, newClock()
		l := newReadLog(t, h, c)
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				if err := l.Record(t.Context(), Actor{ID: fmt.Sprint(i % 50)}, "cases/1", P1); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait() // one append is under way, all others wait
		close(h.gate)
		wg.Wait()
		if h.count() != 50 || h.appends != 2 {
			t.Errorf("%d records of 50 readers in %d appends", h.count(), h.appends)
		}
		if n, _, err := VerifyReads(t.Context(), h, "node"); err != nil || n != 50 {
			t.Fatalf("%d, %v", n, err)
		}
	})
}

func TestReadLogGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	h, c := &readHome{}, newClock()
	for i := range 70 {
		l := newReadLog(t, h, c)
		if l.n != uint64(i) {
			t.Fatalf("the log finds %d records of %d", l.n, i)
		}
		if err := l.Record(t.Context(), Actor{ID: "ana"}, fmt.Sprint(i), P1); err != nil {
			t.Fatal(err)
		}
	}
	if n, _, err := VerifyReads(t.Context(), h, "node"); err != nil || n != 70 {
		t.Fatalf("%d, %v", n, err)
	}
}

func TestTamperingWithReadsIsFound(t *testing.T) {
	t.Parallel()
	h, c := &readHome{}, newClock()
	l := newReadLog(t, h, c)
	for i := range 20 {
		if err := l.Record(t.Context(), Actor{ID: "ana"}, fmt.Sprint(i), P1); err != nil {
			t.Fatal(err)
		}
	}
	count, tip, err := VerifyReads(t.Context(), h, "node")
	if err != nil || count != 20 {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func([][]byte) [][]byte{
		"edited":    func(r [][]byte) [][]byte { r[7] = bytes.Replace(r[7], []byte("ana"), []byte("iva"), 1); return r },
		"deleted":   func(r [][]byte) [][]byte { return slices.Delete(r, 7, 8) },
		"inserted":  func(r [][]byte) [][]byte { return slices.Insert(r, 7, r[3]) },
		"reordered": func(r [][]byte) [][]byte { r[7], r[8] = r[8], r[7]; return r },
		"truncated": func(r [][]byte) [][]byte { return r[:15] },
		"last":      func(r [][]byte) [][]byte { r[19] = bytes.Replace(r[19], []byte("ana"), []byte("iva"), 1); return r },
	} {
		n, end, err := VerifyReads(t.Context(), &readHome{records: spoil(slices.Clone(h.records))}, "node")
		if err == nil && n == count && end == tip {
			t.Errorf("%s records are not found", name)
		}
	}
}

func BenchmarkRecord(b *testing.B) {
	h, c := &readHome{}, newClock()
	l := newReadLog(b, h, c)
	b.Run("new", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if err := l.Record(b.Context(), Actor{ID: "ana"}, fmt.Sprint(i), P1); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			if err := l.Record(b.Context(), Actor{ID: "ana"}, "0", P1); err != nil {
				b.Fatal(err)
			}
		}
	})
}
