package journal

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// append writes the changes and returns how many are known to be in.
func (j *Journal) append(batch []decided) (int, error) {
	if len(batch) == 0 {
		return 0, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), appendPatience)
	defer cancel()
	if err := j.o.Codec.Flush(ctx); err != nil {
		return 0, fmt.Errorf("keep new keys: %w", err)
	}
	changes := make([]Change, len(batch))
	for i := range batch {
		changes[i] = batch[i].change
	}
	n, err := j.o.Backend.Append(ctx, changes)
	switch {
	case err == nil && n == len(changes):
		return n, nil
	case err == nil, errors.Is(err, ErrUnknown), errors.Is(err, ErrTaken):
		more, err := j.readBack(changes[n:], !errors.Is(err, ErrTaken))
		return n + more, err
	case errors.Is(err, ErrBroken):
		j.fail(fmt.Errorf("append change %d: %w", changes[0].Number, err))
	}
	return n, fmt.Errorf("append change %d: %w", changes[0].Number, err)
}

// readBack settles an append that did not plainly succeed: the places are read
// and the tokens tell which of the changes got in. When a reply was lost and a
// place looks empty, the write may still be under way, so the same changes are
// appended again until their tokens or somebody else's stand there: deciding
// anew could do a thing twice. When the store gives no clear answer in time the
// outcome stays unknown, and this node stops rather than guess.
func (j *Journal) readBack(changes []Change, lost bool) (int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), appendPatience)
	defer cancel()
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		n, foreign, err := j.ours(ctx, changes)
		switch {
		case err == nil && n == len(changes):
			return n, nil
		case err == nil && (foreign || !lost):
			return n, ErrTaken // the caller installs ours, catches up, and decides the rest again
		case err == nil:
			more, err := j.o.Backend.Append(ctx, changes[n:])
			if err == nil && n+more == len(changes) {
				return n + more, nil
			}
			if errors.Is(err, ErrBroken) {
				j.fail(fmt.Errorf("append change %d: %w", changes[0].Number, err))
				return n + more, err
			}
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			err := fmt.Errorf("append change %d: %w", changes[0].Number, ErrUnknown)
			j.fail(err)
			return 0, err
		}
	}
}

// ours counts how many of the changes stand at their places, and tells whether
// somebody else's stands at the next.
func (j *Journal) ours(ctx context.Context, changes []Change) (n int, foreign bool, err error) {
	stored, err := j.o.Backend.Changes(ctx, changes[0].Number-1, len(changes))
	if err != nil {
		return 0, false, err
	}
	for i := range stored {
		switch c := &stored[i]; {
		case c.Number != changes[i].Number:
			return n, false, nil // a later one became visible first
		case c.Token != changes[i].Token:
			return n, true, nil
		}
		n++
	}
	return n, false, nil
}
