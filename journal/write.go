package journal

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// appendPatience bounds how long the writer tries to find out what became of an
// append whose answer was lost before it gives the process up.
const appendPatience = 30 * time.Second

// write is the one goroutine that decides and appends.
func (j *Journal) write() {
	defer close(j.ended)
	for {
		select {
		case w := <-j.queue:
			j.commit(j.gather(w))
		case <-j.quit:
			for {
				select {
				case w := <-j.queue:
					j.commit(j.gather(w))
				default:
					return
				}
			}
		case <-j.failed:
			return
		}
	}
}

// gather takes what waits, without delay: under load the flush before it made
// the batch, and an idle server answers at once.
func (j *Journal) gather(first *waiting) []*waiting {
	batch := []*waiting{first}
	for len(batch) < BatchSize {
		select {
		case w := <-j.queue:
			batch = append(batch, w)
		default:
			return batch
		}
	}
	return batch
}

// takenPatience is how often in a row a place may turn out to be taken without
// anything new to be read before the writer gives a batch back.
const takenPatience = 50

// commit decides a batch and appends it until every command has its answer.
func (j *Journal) commit(batch []*waiting) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for taken := 0; len(batch) > 0; {
		if err := j.Err(); err != nil {
			reject(batch, err)
			return
		}
		r := j.decide(batch)
		n, err := j.append(r.ready)
		j.install(r.ready[:n])
		batch = r.answer(n)
		if err != nil && !errors.Is(err, ErrTaken) {
			reject(batch, err)
			return
		}
		if n > 0 {
			taken = 0
		}
		if err != nil || j.o.Shared && len(r.later) > 0 {
			if taken, err = j.follow(taken+1, batch); err != nil {
				reject(batch, err)
				return
			}
		}
	}
}

// round is a batch after its rules were run.
type round struct {
	// ready are to be appended, in order.
	ready []decided
	// held are answers without a change that may rest on changes that are ready.
	held []held
	// later have to be decided again after the append: a request that stands
	// twice in the batch, and, where other nodes write too, a refusal or an empty
	// outcome that may rest on what this node has not seen yet.
	later []*waiting
}

type held struct {
	w *waiting
	answer
	// after is how many of the ready changes must be in for the answer to hold.
	after int
}

// answer answers what the first n changes being in decides, and returns the
// commands that have to be decided again.
func (r *round) answer(n int) []*waiting {
	var again []*waiting
	for i, d := range r.ready {
		if i < n {
			d.w.answer <- answer{done: d.done}
		} else {
			again = append(again, d.w)
		}
	}
	for _, h := range r.held {
		if h.after <= n {
			h.w.answer <- h.answer
		} else {
			again = append(again, h.w)
		}
	}
	return append(again, r.later...)
}

// follow catches up between two tries at the same place, of which taken in a row
// brought nothing, and returns how many it is now. An unproductive try is
// followed by a short pause, so that a reader that lags behind its own store
// does not turn into a busy loop.
func (j *Journal) follow(taken int, batch []*waiting) (int, error) {
	before := j.tip
	ctx, cancel := context.WithTimeout(context.Background(), appendPatience)
	defer cancel()
	if err := j.catchUp(ctx); err != nil {
		return taken, err
	}
	switch {
	case j.tip != before:
		return 0, nil
	case taken < 2 || len(batch) == 0:
		return taken, nil
	case taken == 2:
		return taken, j.recall(ctx, batch[0].command.Request)
	case taken > takenPatience:
		return taken, fmt.Errorf("append after %d: %w", j.tip.Number, ErrTaken)
	}
	timer := time.NewTimer(time.Duration(taken) * 2 * time.Millisecond)
	<-timer.C
	return taken, nil
}

func reject(batch []*waiting, err error) {
	for _, w := range batch {
		w.answer <- answer{err: err}
	}
}
