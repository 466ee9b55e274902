package alerts

import (
	"cmp"
	"maps"
	"slices"
)

// Rumour returns an entry of the rumour desk by its id.
func (b *Board) Rumour(id string) (*Rumour, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	r, ok := b.rumours[id]
	return r, ok
}

// Rumours returns all entries of the rumour desk, newest first.
func (b *Board) Rumours() []*Rumour {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return slices.SortedFunc(maps.Values(b.rumours), func(x, y *Rumour) int {
		return cmp.Or(y.CreatedAt.Compare(x.CreatedAt), cmp.Compare(x.ID, y.ID))
	})
}

func (b *Board) putRumour(r *Rumour) {
	if was, ok := b.rumours[r.ID]; !ok || was.Number <= r.Number {
		b.rumours[r.ID] = r
	}
}
