package journal

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// install puts own committed changes on the boards. j.mu is held.
func (j *Journal) install(batch []decided) {
	if len(batch) == 0 {
		return
	}
	in := make([]Installed, len(batch))
	for i, d := range batch {
		in[i] = Installed{Change: stripped(d.change), Documents: d.documents, Forgotten: d.forget}
	}
	j.put(in)
}

func stripped(c Change) Change {
	lines := make([]Line, len(c.Lines))
	for i, l := range c.Lines {
		l.Image = nil
		lines[i] = l
	}
	c.Lines = lines
	return c
}

// put installs changes that follow the tip and wakes readers. j.mu is held.
func (j *Journal) put(in []Installed) {
	for i := range in {
		j.requests.remember(&in[i].Change)
		j.recent.keep(&in[i])
	}
	for _, b := range j.o.Boards {
		b.Install(in)
	}
	j.forget(in)
	last := in[len(in)-1].Change
	j.tip = Position{last.Number, last.Chain}
	old := j.position.Load()
	j.position.Store(&reached{j.tip, make(chan struct{})})
	close(old.moved)
	for _, fn := range j.subscribers {
		fn(in)
	}
	select {
	case j.settle <- struct{}{}:
	default:
	}
}

// forget destroys keys of forgotten units. A failure is retried at every start,
// where all tombstones are seen again.
func (j *Journal) forget(in []Installed) {
	for i := range in {
		if len(in[i].Forgotten) == 0 {
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), appendPatience)
		err := j.o.Codec.Forget(ctx, in[i].Forgotten)
		cancel()
		if err != nil {
			j.o.Log.Error("destroy keys of forgotten documents", "change", in[i].Change.Number, "error", err)
		}
	}
}

// catchUp installs what other nodes have appended after the tip. j.mu is held.
func (j *Journal) catchUp(ctx context.Context) error {
	for {
		changes, err := j.o.Backend.Changes(ctx, j.tip.Number, BatchSize)
		if err != nil {
			return fmt.Errorf("read changes after %d: %w", j.tip.Number, err)
		}
		if len(changes) == 0 {
			return nil
		}
		in := make([]Installed, 0, len(changes))
		place := j.tip
		for i := range changes {
			c := &changes[i]
			if c.Number != place.Number+1 {
				break // a later number became visible first: only tip + 1 is installed
			}
			if link(place.Chain, c) != c.Chain {
				return j.broken(c.Number)
			}
			one, err := j.open(ctx, c)
			if err != nil {
				return err
			}
			in = append(in, one)
			place = Position{c.Number, c.Chain}
		}
		if len(in) == 0 {
			return nil
		}
		j.put(in)
	}
}

// open decodes the documents of a change that another node wrote. A change that
// is settled already has no images: its documents are loaded as they stand now,
// which may be later than the change. Changes between the two then leave such a
// document alone, so that it never goes back on a board. j.mu is held.
func (j *Journal) open(ctx context.Context, c *Change) (Installed, error) {
	in := Installed{Change: stripped(*c)}
	for _, l := range c.Lines {
		if l.Forgotten {
			in.Forgotten = append(in.Forgotten, l.Key)
			continue
		}
		if j.ahead[l.Key] > c.Number {
			continue
		}
		delete(j.ahead, l.Key)
		image := l.Image
		if image != nil && Digest(image) != l.Digest {
			return in, j.broken(c.Number)
		}
		if image == nil {
			images, err := j.o.Backend.Documents(ctx, []Key{l.Key})
			if err != nil {
				return in, fmt.Errorf("load %s of change %d: %w", l.Key, c.Number, err)
			}
			if image = images[0]; image == nil {
				continue // forgotten since
			}
		}
		d, err := j.o.Codec.Decode(l.Key, image, false)
		if err != nil {
			return in, fmt.Errorf("decode %s of change %d: %w", l.Key, c.Number, err)
		}
		if n := d.DocumentHead().Number; n > c.Number {
			j.ahead[l.Key] = n
		}
		in.Documents = append(in.Documents, d)
	}
	return in, nil
}

// broken ends the journal: what the store holds is not what was written, and
// nothing may be decided on it.
func (j *Journal) broken(number uint64) error {
	err := fmt.Errorf("change %d: %w", number, ErrChain)
	j.fail(err)
	return err
}

// load fills the boards at start: settled documents, then the unsettled tail.
func (j *Journal) load(ctx context.Context) error {
	all, mark, err := j.loadDocuments(ctx)
	if err != nil {
		return fmt.Errorf("load documents: %w", err)
	}
	for _, b := range j.o.Boards {
		b.Install([]Installed{all})
	}
	if len(all.Forgotten) > 0 {
		if err := j.o.Codec.Forget(ctx, all.Forgotten); err != nil {
			return fmt.Errorf("destroy keys of forgotten documents: %w", err)
		}
	}
	j.tip = mark
	j.position.Store(&reached{mark, make(chan struct{})})
	since := j.o.Now().Add(-RequestsKept)
	err = j.o.Backend.Requests(ctx, since, func(c Change) error {
		if c.Number <= mark.Number {
			j.requests.remember(&c)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("load requests: %w", err)
	}
	return j.catchUp(ctx)
}

// loadDocuments reads what is settled. Rows go onto the boards while they are
// read, as a million of them would otherwise be in memory twice. Other nodes
// settle meanwhile, so a document may already stand at a change past the mark.
func (j *Journal) loadDocuments(ctx context.Context) (all Installed, mark Position, err error) {
	l := loading{boards: j.o.Boards}
	mark, err = j.o.Backend.Load(ctx, func(one Loaded) error {
		if one.Image == nil {
			l.forgotten(one)
			return nil
		}
		row := j.o.Rows[one.Key.Collection]
		d, err := j.o.Codec.Decode(one.Key, one.Image, row)
		if err != nil {
			return fmt.Errorf("decode %s: %w", one.Key, err)
		}
		l.document(d, one.Number, row)
		return nil
	})
	if err != nil {
		return all, mark, err
	}
	l.install(l.rows)
	for _, at := range l.standing {
		if at.number > mark.Number {
			j.ahead[at.key] = at.number
		}
	}
	return l.all, mark, nil
}

// Follow installs what other nodes append and settles what is unsettled, until
// ctx ends or the store fails for good. Both have ended when it returns.
func (j *Journal) Follow(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	settled := make(chan struct{})
	go func() {
		defer close(settled)
		defer cancel() // after a failure nothing is left to follow for
		j.settling(ctx)
	}()
	err := j.o.Backend.Follow(ctx, func() { j.wake(ctx) })
	if err != nil {
		cancel()
	}
	<-settled // a store of one process has nothing to follow but is still settled
	if failure := j.Err(); failure != nil {
		return failure
	}
	return err
}

func (j *Journal) wake(ctx context.Context) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.Err() != nil {
		return
	}
	if err := j.catchUp(ctx); err != nil && ctx.Err() == nil {
		j.o.Log.Error("catch up with other nodes", "error", err)
	}
}

// settling keeps the entity collections close behind the journal.
func (j *Journal) settling(ctx context.Context) {
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-j.failed:
			return
		case <-j.settle:
		case <-pause.C:
		}
		select {
		case <-j.settle: // one round is enough for all that was installed before it
		default:
		}
		mark, err := j.o.Backend.Settle(ctx)
		if errors.Is(err, ErrBroken) {
			j.fail(fmt.Errorf("settle documents: %w", err))
			return
		}
		if err != nil && ctx.Err() == nil {
			j.o.Log.Error("settle documents", "error", err)
		}
		j.refuse(err)
		j.recent.release(mark)
		pause.Reset(time.Second)
	}
}

// refuse stops the intake while the store refuses a document of the journal: it
// is never skipped, so everything behind it would pile up unsettled. One round
// may have met a moment's trouble; the second in a row is believed. The intake
// goes on when a round succeeds.
func (j *Journal) refuse(err error) {
	switch {
	case err == nil:
		j.refusals = 0
		j.refused.Store(nil)
	case errors.Is(err, ErrRefused):
		if j.refusals++; j.refusals > 1 {
			j.refused.Store(&err)
		}
	}
}
