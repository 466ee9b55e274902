package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
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
		ready, later := j.decide(batch)
		n, err := j.append(ready)
		j.install(ready[:n])
		for _, d := range ready[:n] {
			d.w.answer <- answer{done: d.done}
		}
		batch = batch[:0]
		for _, d := range ready[n:] {
			batch = append(batch, d.w)
		}
		batch = append(batch, later...)
		if err != nil && !errors.Is(err, ErrTaken) {
			reject(batch, err)
			return
		}
		if err != nil || j.o.Shared && len(later) > 0 {
			if taken++; n > 0 {
				taken = 0
			}
			if err := j.follow(taken); err != nil {
				reject(batch, err)
				return
			}
		}
	}
}

// follow catches up between two tries at the same place. An unproductive try is
// followed by a short pause, so that a reader that lags behind its own store
// does not turn into a busy loop.
func (j *Journal) follow(taken int) error {
	before := j.tip
	ctx, cancel := context.WithTimeout(context.Background(), appendPatience)
	defer cancel()
	if err := j.catchUp(ctx); err != nil {
		return err
	}
	if j.tip != before || taken < 2 {
		return nil
	}
	if taken > takenPatience {
		return fmt.Errorf("append after %d: %w", j.tip.Number, ErrTaken)
	}
	timer := time.NewTimer(time.Duration(taken) * 2 * time.Millisecond)
	<-timer.C
	return nil
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

// decide runs the rules of a batch one after another. Commands that need no
// write are answered here. Those to be appended come back in order, and apart
// from them those that have to be decided again after the append: a request
// that stands twice in the batch, and, where other nodes write too, a refusal
// that may rest on what this node has not seen yet.
func (j *Journal) decide(batch []*waiting) (ready []decided, later []*waiting) {
	v := &View{Now: j.o.Now().UTC().Truncate(time.Millisecond), j: j, pending: map[Key]Document{}}
	ready = make([]decided, 0, len(batch))
	place := j.tip
	asked := map[string]bool{}
	for _, w := range batch {
		request := string(w.command.Request)
		if request != "" && asked[request] {
			later = append(later, w)
			continue
		}
		if done, known, err := j.repeated(w.command); known {
			w.answer <- answer{done, err}
			continue
		}
		v.ctx = w.ctx
		outcome, err := w.command.Decide(v)
		if err != nil && j.o.Shared && !w.again {
			w.again = true
			later = append(later, w)
			continue
		}
		d := decided{w: w}
		if err == nil {
			d, err = j.prepare(v, w, outcome, place)
		}
		if err != nil || d.change.Number == 0 {
			w.answer <- answer{err: err}
			continue
		}
		v.add(d.documents, d.forget)
		place = Position{d.change.Number, d.change.Chain}
		ready = append(ready, d)
		asked[request] = true
	}
	return ready, later
}

// prepare stamps the documents of an outcome and makes the change after place.
func (j *Journal) prepare(v *View, w *waiting, o Outcome, place Position) (decided, error) {
	d := decided{w: w, documents: o.Documents, forget: o.Forget}
	if len(o.Documents) == 0 && len(o.Forget) == 0 {
		return d, nil
	}
	c := Change{
		Number: place.Number + 1, At: v.Now,
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
		h.Number, h.Salt, h.UpdatedAt = c.Number, salts[16*(i+1):16*(i+2):16*(i+2)], v.Now
		h.Version++
		if h.CreatedAt.IsZero() {
			h.CreatedAt = v.Now
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
	case err == nil:
		return n, nil
	case errors.Is(err, ErrBroken):
		j.fail(fmt.Errorf("append change %d: %w", changes[0].Number, err))
		return n, err
	case errors.Is(err, ErrUnknown), errors.Is(err, ErrTaken):
		return j.readBack(ctx, changes, err)
	default:
		return n, fmt.Errorf("append change %d: %w", changes[0].Number, err)
	}
}

// readBack settles an append that did not plainly succeed: the places are read
// and the tokens tell which of the changes got in. It also installs what other
// nodes have put there. When the store cannot be read the outcome stays
// unknown, and this node stops rather than guess.
func (j *Journal) readBack(ctx context.Context, changes []Change, cause error) (int, error) {
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		stored, err := j.o.Backend.Changes(ctx, changes[0].Number-1, len(changes))
		if err == nil {
			n := 0
			for n < len(stored) && n < len(changes) && stored[n].Token == changes[n].Token {
				n++
			}
			if n < len(stored) {
				// Somebody else stands at the next place: install ours first,
				// then theirs; the caller decides the rest again.
				return n, ErrTaken
			}
			if n == len(changes) {
				return n, nil
			}
			if errors.Is(cause, ErrTaken) {
				// The request is known under another number, or the read was
				// early: decide the rest again.
				return n, ErrTaken
			}
			return n, fmt.Errorf("append change %d: %w", changes[n].Number, errNotWritten)
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

// errNotWritten is for a lost reply after which the place was found empty.
var errNotWritten = errors.New("the store did not write the change; it may be tried again")
