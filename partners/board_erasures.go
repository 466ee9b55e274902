package partners

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"homeward/journal"
)

// erasureBoard holds what is left of erased files.
type erasureBoard struct {
	erasureMu sync.RWMutex
	erasures  map[string]*Erasure
	pages     map[string]bool
}

func (b *erasureBoard) install(d journal.Document) bool {
	e, ok := d.(*Erasure)
	if !ok {
		return false
	}
	b.erasureMu.Lock()
	defer b.erasureMu.Unlock()
	if b.erasures == nil {
		b.erasures, b.pages = map[string]*Erasure{}, map[string]bool{}
	}
	if was := b.erasures[e.ID]; was == nil || was.Number <= e.Number {
		b.erasures[e.ID] = e
		for _, page := range e.Pages {
			b.pages[page] = true
		}
	}
	return true
}

func (b *erasureBoard) lookup(k journal.Key) (journal.Document, bool) {
	if k.Collection != "erasures" {
		return nil, false
	}
	return b.Erasure(k.ID)
}

// PageErased tells whether there was a public page of this random name whose case
// was erased.
func (b *erasureBoard) PageErased(name string) bool {
	b.erasureMu.RLock()
	defer b.erasureMu.RUnlock()
	return b.pages[name]
}

// Erasure returns what is left of an erased file, by the id of its case.
func (b *erasureBoard) Erasure(id string) (*Erasure, bool) {
	b.erasureMu.RLock()
	defer b.erasureMu.RUnlock()
	e, ok := b.erasures[id]
	return e, ok
}

// Erasures returns what is left of all erased files, the latest first.
func (b *erasureBoard) Erasures() []*Erasure {
	b.erasureMu.RLock()
	defer b.erasureMu.RUnlock()
	out := make([]*Erasure, 0, len(b.erasures))
	for _, e := range b.erasures {
		out = append(out, e)
	}
	slices.SortFunc(out, func(x, y *Erasure) int {
		return cmp.Or(y.ErasedAt.Compare(x.ErasedAt), strings.Compare(x.ID, y.ID))
	})
	return out
}
