package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// chapter is how long events may lie apart and still be carried out at one
// setting of the clock, which is that of the last of them. What happened long
// ago is told in longer ones: all of a chapter shares a few flushes, so that the
// load is fast, and nobody asks what minute it was.
func chapter(ago time.Duration) time.Duration {
	const day = 24 * time.Hour
	switch {
	case ago > 21*day:
		return 8 * time.Hour
	case ago > 7*day:
		return 4 * time.Hour
	case ago > 2*day:
		return 2 * time.Hour
	}
	return time.Hour
}

// apart is how much later than at an event must be to be in a later chapter for
// certain.
func (t *teller) apart(at time.Time) time.Duration { return chapter(t.now.Sub(at) + 8*time.Hour) }

// atOnce bounds how many lanes of a chapter run at the same time.
const atOnce = 128

// event is something that happens in the story. Events of one lane follow each
// other; those of different lanes in one chapter happen at once.
type event struct {
	at   time.Time
	lane string
	do   func(context.Context) error
}

// story is a list of events, in any order until it is told.
type story struct {
	events []event
	// between is done after each chapter.
	between func(context.Context) error
}

func (s *story) add(at time.Time, lane string, do func(context.Context) error) {
	s.events = append(s.events, event{at, lane, do})
}

// tell carries out what lies before until, in the order of time, and stops at
// the first chapter in which something fails.
func (s *story) tell(ctx context.Context, clock *Clock, until time.Time) error {
	events := slices.DeleteFunc(slices.Clone(s.events), func(e event) bool { return e.at.After(until) })
	slices.SortStableFunc(events, func(a, b event) int { return a.at.Compare(b.at) })
	for len(events) > 0 {
		n, length := 1, chapter(until.Sub(events[0].at))
		for n < len(events) && events[n].at.Sub(events[0].at) < length {
			n++
		}
		clock.stop(events[n-1].at)
		if err := tellChapter(ctx, events[:n]); err != nil {
			return err
		}
		if s.between != nil {
			if err := s.between(ctx); err != nil {
				return err
			}
		}
		events = events[n:]
	}
	return nil
}

func tellChapter(ctx context.Context, events []event) error {
	lanes := map[string][]event{}
	var order []string
	for _, e := range events {
		if lanes[e.lane] == nil {
			order = append(order, e.lane)
		}
		lanes[e.lane] = append(lanes[e.lane], e)
	}
	return together(len(order), func(i int) error {
		for _, e := range lanes[order[i]] {
			if err := e.do(ctx); err != nil {
				return fmt.Errorf("%s at %s: %w", e.lane, e.at.Format(time.DateTime), err)
			}
		}
		return nil
	})
}

// together calls do for 0 to n-1, several at a time, and returns the failure
// with the lowest number.
func together(n int, do func(i int) error) error {
	var wg sync.WaitGroup
	turns := make(chan struct{}, atOnce)
	failures := make([]error, n)
	for i := range n {
		turns <- struct{}{}
		wg.Go(func() {
			defer func() { <-turns }()
			failures[i] = do(i)
		})
	}
	wg.Wait()
	return cmp.Or(failures...)
}
