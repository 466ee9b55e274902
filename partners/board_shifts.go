package partners

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"homeward/journal"
)

// shiftBoard holds handovers whole. Board embeds it by value; the zero value is
// ready for use. It has a lock of its own.
type shiftBoard struct {
	shiftMu   sync.RWMutex
	handovers map[string]*Handover
}

func (b *shiftBoard) install(d journal.Document) bool {
	h, ok := d.(*Handover)
	if !ok {
		return false
	}
	b.shiftMu.Lock()
	defer b.shiftMu.Unlock()
	if b.handovers == nil {
		b.handovers = map[string]*Handover{}
	}
	if was := b.handovers[h.ID]; was == nil || was.Number <= h.Number {
		b.handovers[h.ID] = h
	}
	return true
}

func (b *shiftBoard) forget(k journal.Key) {
	b.shiftMu.Lock()
	defer b.shiftMu.Unlock()
	if k.Collection == "handovers" {
		delete(b.handovers, k.ID)
	}
}

func (b *shiftBoard) lookup(k journal.Key) (journal.Document, bool) {
	if k.Collection != "handovers" {
		return nil, false
	}
	h, ok := b.Handover(k.ID)
	return h, ok
}

// Handover returns a handover.
func (b *shiftBoard) Handover(id string) (*Handover, bool) {
	b.shiftMu.RLock()
	defer b.shiftMu.RUnlock()
	h, ok := b.handovers[id]
	return h, ok
}

// Handovers returns all handovers, oldest first.
func (b *shiftBoard) Handovers() []*Handover {
	b.shiftMu.RLock()
	defer b.shiftMu.RUnlock()
	out := make([]*Handover, 0, len(b.handovers))
	for _, h := range b.handovers {
		out = append(out, h)
	}
	slices.SortFunc(out, func(x, y *Handover) int {
		return cmp.Or(x.CreatedAt.Compare(y.CreatedAt), strings.Compare(x.ID, y.ID))
	})
	return out
}
