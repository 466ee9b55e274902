package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
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

// decided is a command with the change it becomes.
type decided struct {
	w         *waiting
	change    Change
	documents []Document
	forget    []Key
	done      Done
}

// decide runs the rules of a batch one after another, each on what the ones
// before it have decided. Requests that were carried out before are answered.
func (j *Journal) decide(batch []*waiting) (r round) {
	ctx, cancel := context.WithTimeout(context.Background(), appendPatience)
	defer cancel()
	v := &View{Now: j.o.Now().UTC().Truncate(time.Millisecond), ctx: ctx, j: j, pending: map[Key]Document{}}
	r.ready = make([]decided, 0, len(batch))
	place := j.tip
	asked := map[string]bool{}
	for _, w := range batch {
		request := string(w.command.Request)
		if request != "" && asked[request] {
			r.later = append(r.later, w)
			continue
		}
		if done, known, err := j.repeated(w.command); known {
			w.answer <- answer{done, err}
			continue
		}
		d, err := j.outcome(v, w, place)
		switch {
		case err == nil && d.change.Number > 0:
			v.add(d.documents, d.forget)
			place = Position{d.change.Number, d.change.Chain}
			r.ready = append(r.ready, d)
			asked[request] = true
		case j.o.Shared && !w.again:
			w.again = true
			r.later = append(r.later, w)
		default:
			r.held = append(r.held, held{w, answer{err: err}, len(r.ready)})
		}
	}
	return r
}

// outcome runs one rule and makes its change. A rule that panics has refused:
// nothing of it is kept, and neither its caller nor the writer hangs on it.
func (j *Journal) outcome(v *View, w *waiting, place Position) (d decided, err error) {
	defer func() {
		if p := recover(); p != nil {
			j.o.Log.Error("a rule panicked", "action", w.command.Action, "stack", string(debug.Stack()))
			d, err = decided{}, fmt.Errorf("decide %s: %w", w.command.Action, ErrPanicked)
		}
	}()
	o, err := w.command.Decide(v)
	if err != nil {
		return decided{}, err
	}
	if err := o.check(); err != nil {
		return decided{}, fmt.Errorf("decide %s: %w", w.command.Action, err)
	}
	return j.prepare(v, w, o, place)
}

// prepare stamps the documents of an outcome and makes the change after place.
func (j *Journal) prepare(v *View, w *waiting, o Outcome, place Position) (decided, error) {
	d := decided{w: w, documents: o.Documents, forget: o.Forget}
	if len(o.Documents) == 0 && len(o.Forget) == 0 {
		return d, nil
	}
	at := v.Now
	if o.Hourly {
		at = at.Truncate(time.Hour)
	}
	c := Change{
		Number: place.Number + 1, At: at,
		Actor: w.command.Actor, Action: w.command.Action,
		Request: w.command.Request, Body: w.command.Body,
		Lines: make([]Line, 0, len(o.Documents)+len(o.Forget)),
	}
	salts := make([]byte, 16*(len(o.Documents)+1))
	if _, err := io.ReadFull(j.o.Random, salts); err != nil {
		return d, fmt.Errorf("draw random bytes: %w", err)
	}
	copy(c.Token[:], salts)
	for i, doc := range o.Documents {
		h := doc.DocumentHead()
		h.Number, h.Salt, h.UpdatedAt = c.Number, salts[16*(i+1):16*(i+2):16*(i+2)], at
		h.Version++
		if h.CreatedAt.IsZero() {
			h.CreatedAt = at
		}
		image, err := j.o.Codec.Encode(doc)
		if err != nil {
			return d, fmt.Errorf("encode %s: %w", KeyOf(doc), err)
		}
		c.Lines = append(c.Lines, Line{Key: KeyOf(doc), Digest: Digest(image), Image: image})
		d.done.Keys = append(d.done.Keys, KeyOf(doc))
	}
	for _, k := range o.Forget {
		c.Lines = append(c.Lines, Line{Key: k, Forgotten: true})
	}
	c.Chain = link(place.Chain, &c)
	d.change, d.done.Number = c, c.Number
	return d, nil
}

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
