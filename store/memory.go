package store

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"homeward/journal"
)

// Memory keeps everything in memory, for tests and demonstrations. Like MongoDB
// it settles apart from appending, and several journals may share it as nodes
// share a database.
type Memory struct {
	// Now is the clock for the times of photos. Set it before use.
	Now func() time.Time

	mu        sync.Mutex
	changes   []journal.Change
	requests  map[string]bool
	documents map[journal.Key]journal.Loaded
	mark      int // how many changes are settled
	side      map[sideKey]sideRecord
	reads     map[string][][]byte
	blobs     map[string]memoryBlob
	keys      map[string][]byte
	// moved is closed and replaced when a change is appended.
	moved  chan struct{}
	closed bool
}

type sideKey struct{ kind, id string }

type sideRecord struct {
	data    []byte
	expires time.Time
}

type memoryBlob struct {
	data []byte
	at   time.Time
}

var (
	_ Store   = (*Memory)(nil)
	_ KeyHome = (*Memory)(nil)
)

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{
		Now:       time.Now,
		requests:  map[string]bool{},
		documents: map[journal.Key]journal.Loaded{},
		side:      map[sideKey]sideRecord{},
		reads:     map[string][][]byte{},
		blobs:     map[string]memoryBlob{},
		keys:      map[string][]byte{},
		moved:     make(chan struct{}),
	}
}

// hold locks the store until the returned function is called.
func (m *Memory) hold() func() {
	m.mu.Lock()
	return m.mu.Unlock
}

// Append adds changes up to the first whose place or request is taken.
func (m *Memory) Append(ctx context.Context, changes []journal.Change) (int, error) {
	if err := cmp.Or(ctx.Err(), checkChanges(changes)); err != nil || len(changes) == 0 {
		return 0, err
	}
	defer m.hold()()
	if m.closed {
		return 0, ErrClosed
	}
	for i := range changes {
		c := &changes[i]
		taken := c.Request != nil && m.requests[string(c.Request)]
		if place := uint64(len(m.changes)) + 1; c.Number < place || taken {
			return i, journal.ErrTaken
		} else if c.Number > place {
			return i, errGap(c.Number, place-1)
		}
		m.changes = append(m.changes, cloned(*c))
		if c.Request != nil {
			m.requests[string(c.Request)] = true
		}
		close(m.moved)
		m.moved = make(chan struct{})
	}
	return len(changes), nil
}

// cloned copies a change with everything that it points to.
func cloned(c journal.Change) journal.Change {
	c.At = c.At.UTC().Truncate(time.Millisecond)
	c.Request, c.Body = bytes.Clone(c.Request), bytes.Clone(c.Body)
	c.Lines = slices.Clone(c.Lines)
	for i := range c.Lines {
		c.Lines[i].Image = bytes.Clone(c.Lines[i].Image)
	}
	return c
}

// Last returns how many changes there are.
func (m *Memory) Last(context.Context) (uint64, error) {
	defer m.hold()()
	return uint64(len(m.changes)), nil
}

// Changes returns changes by number.
func (m *Memory) Changes(ctx context.Context, after uint64, limit int) ([]journal.Change, error) {
	defer m.hold()()
	var out []journal.Change
	for i := after; i < uint64(len(m.changes)) && len(out) < limit; i++ {
		out = append(out, cloned(m.changes[i]))
	}
	return out, ctx.Err()
}

// Requests gives changes with a request in their order.
func (m *Memory) Requests(ctx context.Context, since time.Time, each func(journal.Change) error) error {
	unlock := m.hold()
	var found []journal.Change
	for _, c := range m.changes {
		if c.Request != nil && !c.At.Before(since) {
			found = append(found, cloned(c))
		}
	}
	unlock()
	for _, c := range found {
		if err := cmp.Or(ctx.Err(), each(c)); err != nil {
			return err
		}
	}
	return nil
}

// Documents returns copies of documents' settled bytes.
func (m *Memory) Documents(_ context.Context, keys []journal.Key) ([][]byte, error) {
	defer m.hold()()
	images := make([][]byte, len(keys))
	for i, key := range keys {
		images[i] = bytes.Clone(m.documents[key].Image)
	}
	return images, nil
}

// Load gives the settled documents.
func (m *Memory) Load(ctx context.Context, each func(journal.Loaded) error) (journal.Position, error) {
	unlock := m.hold()
	documents := slices.Collect(maps.Values(m.documents))
	var p journal.Position
	if m.mark > 0 {
		last := m.changes[m.mark-1]
		p = journal.Position{Number: last.Number, Chain: last.Chain}
	}
	unlock()
	for _, l := range documents {
		l.Image = bytes.Clone(l.Image)
		if err := cmp.Or(ctx.Err(), each(l)); err != nil {
			return journal.Position{}, err
		}
	}
	return p, nil
}

// Settle moves the images of all changes into the documents.
func (m *Memory) Settle(context.Context) (uint64, error) {
	defer m.hold()()
	for ; m.mark < len(m.changes); m.mark++ {
		c := &m.changes[m.mark]
		for i := range c.Lines {
			l := &c.Lines[i]
			m.documents[l.Key] = journal.Loaded{Key: l.Key, Image: l.Image, Number: c.Number}
			l.Image = nil
		}
	}
	return uint64(m.mark), nil
}

// Follow wakes at every append, whoever made it.
func (m *Memory) Follow(ctx context.Context, wake func()) error {
	seen := 0
	for {
		unlock := m.hold()
		tip, moved := len(m.changes), m.moved
		unlock()
		if tip > seen {
			seen = tip
			wake()
			continue
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return nil
		}
	}
}

// Check says whether the store is closed.
func (m *Memory) Check(context.Context) error {
	defer m.hold()()
	if m.closed {
		return ErrClosed
	}
	return nil
}

// Close lets the store take no more changes.
func (m *Memory) Close() error {
	defer m.hold()()
	m.closed = true
	return nil
}
