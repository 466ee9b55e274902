package alerts

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// callShelf holds calls, exchanges and blocks whole: there are few at a time, as
// calls are forgotten.
type callShelf struct {
	byID map[string]*Call
	at   timeline[*Call]
	// byCaller leads from the keyed hash of a number to its calls.
	byCaller  map[receipt]map[string]*Call
	exchanges map[string]*Exchange
	blocks    map[string]*Block
}

func newCallShelf() callShelf {
	return callShelf{byID: map[string]*Call{}, byCaller: map[receipt]map[string]*Call{}, exchanges: map[string]*Exchange{}, blocks: map[string]*Block{}}
}

func (s *callShelf) put(c *Call) {
	if was, ok := s.byID[c.ID]; ok {
		if was.Number > c.Number {
			return
		}
		s.drop(c.ID)
	}
	s.byID[c.ID] = c
	s.at.add(markOf(c.At(), c.ID), c)
	if len(c.FromKey) > 0 {
		k := receiptOf(c.FromKey)
		if s.byCaller[k] == nil {
			s.byCaller[k] = map[string]*Call{}
		}
		s.byCaller[k][c.ID] = c
	}
}

func (s *callShelf) drop(id string) {
	c, ok := s.byID[id]
	if !ok {
		return
	}
	delete(s.byID, id)
	s.at.remove(markOf(c.At(), c.ID))
	k := receiptOf(c.FromKey)
	delete(s.byCaller[k], id)
	if len(s.byCaller[k]) == 0 {
		delete(s.byCaller, k)
	}
}

func (s *callShelf) putExchange(e *Exchange) {
	if was, ok := s.exchanges[e.ID]; !ok || was.Number <= e.Number {
		s.exchanges[e.ID] = e
	}
}

func (s *callShelf) putBlock(b *Block) {
	if was, ok := s.blocks[b.ID]; !ok || was.Number <= b.Number {
		s.blocks[b.ID] = b
	}
}

// Call returns a call by its id.
func (b *Board) Call(id string) (*Call, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	c, ok := b.calls.byID[id]
	return c, ok
}

// callsBefore returns up to limit calls that keep lets through, latest first
// below after, and whether there are more. keep must not call the board.
func (b *Board) callsBefore(after mark, limit int, keep func(*Call) bool) (found []*Call, more bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	b.calls.at.before(after, func(_ mark, c *Call) bool {
		if !keep(c) {
			return true
		}
		if len(found) == limit {
			more = true
			return false
		}
		found = append(found, c)
		return true
	})
	return found, more
}

// callsSince returns the calls that began at or after a time, latest first.
func (b *Board) callsSince(t time.Time) []*Call {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var found []*Call
	b.calls.at.before(mark{}, func(_ mark, c *Call) bool {
		if c.At().Before(t) {
			return false
		}
		found = append(found, c)
		return true
	})
	return found
}

// callsFrom returns the calls whose number has this keyed hash, latest first.
func (b *Board) callsFrom(key []byte) []*Call {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if len(key) == 0 {
		return nil
	}
	return slices.SortedFunc(maps.Values(b.calls.byCaller[receiptOf(key)]), func(x, y *Call) int {
		return cmp.Or(y.At().Compare(x.At()), cmp.Compare(x.ID, y.ID))
	})
}

// callsUntil returns the calls that began at or before a time, oldest first.
func (b *Board) callsUntil(t time.Time) []*Call {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var found []*Call
	b.calls.at.until(t, func(m mark) bool {
		found = append(found, b.calls.byID[m.id])
		return true
	})
	return found
}

// Exchange returns an exchange by its id.
func (b *Board) Exchange(id string) (*Exchange, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	e, ok := b.calls.exchanges[id]
	return e, ok
}

// Exchanges returns all exchanges, the oldest first.
func (b *Board) Exchanges() []*Exchange {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return slices.SortedFunc(maps.Values(b.calls.exchanges), func(x, y *Exchange) int {
		return cmp.Or(x.CreatedAt.Compare(y.CreatedAt), cmp.Compare(x.ID, y.ID))
	})
}

// Block returns a block by its id.
func (b *Board) Block(id string) (*Block, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	one, ok := b.calls.blocks[id]
	return one, ok
}

// Blocks returns all blocks that are kept, the newest first.
func (b *Board) Blocks() []*Block {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return slices.SortedFunc(maps.Values(b.calls.blocks), func(x, y *Block) int {
		return cmp.Or(y.CreatedAt.Compare(x.CreatedAt), cmp.Compare(x.ID, y.ID))
	})
}

// blockOn returns the block in force that ends last on what has this keyed hash,
// nil for none.
func (b *Board) blockOn(key []byte, now time.Time) *Block {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var found *Block
	for _, one := range b.calls.blocks {
		if len(key) == 0 || receiptOf(one.ValueKey) != receiptOf(key) || !one.inForce(now) {
			continue
		}
		if found == nil || one.Until.After(found.Until) || one.Until.Equal(found.Until) && one.ID < found.ID {
			found = one
		}
	}
	return found
}

// contactsOfCaller returns the ids of contacts whose caller's number has this
// keyed hash, latest first.
func (b *Board) contactsOfCaller(key []byte) []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if len(key) == 0 {
		return nil
	}
	var marks []mark
	for id := range b.contacts.byCaller[receiptOf(key)] {
		marks = append(marks, b.contacts.byID[id].at)
	}
	slices.SortFunc(marks, func(x, y mark) int { return y.compare(x) })
	ids := make([]string, len(marks))
	for i, m := range marks {
		ids[i] = m.id
	}
	return ids
}
