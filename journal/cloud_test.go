package journal

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// cloud is a shared store in memory. Its steps of settling can be called one by
// one, so that nodes that settle at once can be interleaved.
type cloud struct {
	mu      sync.Mutex
	changes []Change
	docs    map[Key]Loaded
	mark    uint64
	wakers  map[int]func()
	next    int
	alone   bool // only one process writes: Follow returns at once
	index   bool // requests are unique
	// stored is called, with mu held, for each change that gets in.
	stored func(*Change)

	// fixed, when set, is the mark that Load gives whatever the changes say.
	fixed *Position

	// Planted bugs.
	overwrite, noCompare, noTombstone bool
}

func newCloud() *cloud {
	return &cloud{docs: map[Key]Loaded{}, wakers: map[int]func(){}, index: true}
}

func (c *cloud) tip() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return uint64(len(c.changes))
}

func (c *cloud) position(number uint64) Position {
	if number == 0 {
		return Position{}
	}
	return Position{number, c.changes[number-1].Chain}
}

func (c *cloud) Load(_ context.Context, each func(Loaded) error) (Position, error) {
	c.mu.Lock()
	mark := c.position(min(c.mark, uint64(len(c.changes))))
	if c.fixed != nil {
		mark = *c.fixed
	}
	docs := slices.Collect(maps.Values(c.docs))
	c.mu.Unlock()
	errs := make(chan error, 2)
	for half := range 2 {
		go func() {
			for i := half; i < len(docs); i += 2 {
				if err := each(docs[i]); err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	first, second := <-errs, <-errs
	if first == nil {
		first = second
	}
	return mark, first
}

func (c *cloud) Append(_ context.Context, changes []Change) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range changes {
		if !c.insert(changes[i]) {
			return i, ErrTaken
		}
	}
	for _, wake := range c.wakers {
		go wake()
	}
	return len(changes), nil
}

func (c *cloud) insert(n Change) bool {
	taken := n.Number != uint64(len(c.changes))+1
	if c.overwrite && n.Number <= uint64(len(c.changes)) {
		c.changes = c.changes[:n.Number-1]
		taken = false
	}
	if taken || c.index && n.Request != nil && slices.ContainsFunc(c.changes, func(o Change) bool {
		return bytes.Equal(o.Request, n.Request)
	}) {
		return false
	}
	n.Lines = slices.Clone(n.Lines)
	c.changes = append(c.changes, n)
	if c.stored != nil {
		c.stored(&n)
	}
	return true
}

func (c *cloud) Last(context.Context) (uint64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return uint64(len(c.changes)), nil
}

func (c *cloud) Changes(_ context.Context, after uint64, limit int) ([]Change, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	from := min(after, uint64(len(c.changes)))
	to := min(from+uint64(limit), uint64(len(c.changes)))
	return copied(c.changes[from:to]), nil
}

// copied clones lines, too: settling strips the images of the originals.
func copied(changes []Change) []Change {
	out := slices.Clone(changes)
	for i := range out {
		out[i].Lines = slices.Clone(out[i].Lines)
	}
	return out
}

func (c *cloud) Requests(_ context.Context, since time.Time, each func(Change) error) error {
	c.mu.Lock()
	changes := copied(c.changes)
	c.mu.Unlock()
	for i := range changes {
		if changes[i].Request == nil || changes[i].At.Before(since) {
			continue
		}
		if err := each(changes[i]); err != nil {
			return err
		}
	}
	return nil
}

func (c *cloud) Documents(_ context.Context, keys []Key) ([][]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	images := make([][]byte, len(keys))
	for i, key := range keys {
		images[i] = c.docs[key].Image
	}
	return images, nil
}

func (c *cloud) Settle(context.Context) (uint64, error) {
	for {
		batch := c.unsettled()
		if len(batch) == 0 {
			return c.raise(0), nil
		}
		for i := range batch {
			c.settleOne(&batch[i])
		}
		c.strip(c.raise(batch[len(batch)-1].Number))
	}
}

// unsettled returns changes above the mark with their images.
func (c *cloud) unsettled() []Change {
	c.mu.Lock()
	defer c.mu.Unlock()
	from := min(c.mark, uint64(len(c.changes)))
	return copied(c.changes[from:min(from+8, uint64(len(c.changes)))])
}

func (c *cloud) settleOne(n *Change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range n.Lines {
		was, ok := c.docs[l.Key]
		switch {
		case ok && was.Number >= n.Number && !c.noCompare:
		case l.Forgotten && c.noTombstone:
			delete(c.docs, l.Key)
		case l.Forgotten:
			c.docs[l.Key] = Loaded{Key: l.Key, Number: n.Number}
		case l.Image != nil: // nil: another node has settled it
			c.docs[l.Key] = Loaded{l.Key, l.Image, n.Number}
		}
	}
}

func (c *cloud) raise(mark uint64) uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mark = max(c.mark, mark)
	return c.mark
}

func (c *cloud) strip(mark uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.changes[:min(mark, uint64(len(c.changes)))] {
		for k := range c.changes[i].Lines {
			c.changes[i].Lines[k].Image = nil
		}
	}
}

func (c *cloud) Follow(ctx context.Context, wake func()) error {
	if c.alone {
		return nil
	}
	c.mu.Lock()
	id := c.next
	c.next++
	c.wakers[id] = wake
	c.mu.Unlock()
	wake()
	<-ctx.Done()
	c.mu.Lock()
	delete(c.wakers, id)
	c.mu.Unlock()
	return ctx.Err()
}

// shelf is a board that holds the collections named in whole.
type shelf struct {
	mu       sync.Mutex
	whole    map[string]bool
	docs     map[Key]Document
	tip      uint64
	installs int
	// before and after are called around each Install, when set.
	before func([]Installed)
}

func newShelf(whole ...string) *shelf {
	s := &shelf{whole: map[string]bool{}, docs: map[Key]Document{}}
	for _, w := range whole {
		s.whole[w] = true
	}
	return s
}

func (s *shelf) Install(batch []Installed) {
	if s.before != nil {
		s.before(batch)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.installs++
	for _, in := range batch {
		s.tip = max(s.tip, in.Change.Number)
		for _, d := range in.Documents {
			s.docs[KeyOf(d)] = d
		}
		for _, k := range in.Forgotten {
			delete(s.docs, k)
		}
	}
}

func (s *shelf) Lookup(key Key) (Document, bool) {
	if !s.whole[key.Collection] {
		return nil, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.docs[key]
	return d, ok
}

func (s *shelf) number(key Key) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.docs[key]; d != nil {
		return d.DocumentHead().Number
	}
	return 0
}
