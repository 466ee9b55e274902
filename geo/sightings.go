package geo

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sync"
)

// SightingIndex holds one row per sighting and answers maps and lists. Readers
// run side by side; a writer waits for them, a few milliseconds at most. The
// zero value is ready. A million rows take about a hundred megabytes.
type SightingIndex struct {
	mu    sync.RWMutex
	where map[[16]byte]uint64 // id to code
	pages []*page             // in the order of keys
	lows  []key               // the lowest key that may stand in each page
}

// key orders rows: by place, then by id, so that any number of rows at one
// place can be divided among pages.
type key struct{ code, high, low uint64 }

func keyOf(code uint64, id [16]byte) key {
	return key{code, binary.BigEndian.Uint64(id[:8]), binary.BigEndian.Uint64(id[8:])}
}

func (k key) compare(o key) int {
	if k.code != o.code {
		return cmp.Compare(k.code, o.code)
	}
	return cmp.Or(cmp.Compare(k.high, o.high), cmp.Compare(k.low, o.low))
}

// Put adds a row, or moves and changes the one with its id. The position must
// have passed Point.Validate.
func (x *SightingIndex) Put(r Row) {
	mx, my := mercator(r.Lon, r.Lat)
	code := interleave(mx, my)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(r.ID)
	if x.where == nil {
		x.where = map[[16]byte]uint64{}
	}
	x.where[r.ID] = code
	if len(x.pages) == 0 {
		x.pages, x.lows = []*page{{summary: emptySummary()}}, []key{{}}
	}
	k := keyOf(code, r.ID)
	at := x.pageOf(k)
	if x.pages[at].n == pageRows {
		x.split(at)
		at = x.pageOf(k)
	}
	x.pages[at].add(r, code)
}

// pageOf is the page in which a key stands or would stand.
func (x *SightingIndex) pageOf(k key) int {
	at, found := slices.BinarySearchFunc(x.lows, k, key.compare)
	if found {
		return at
	}
	return at - 1
}

// split moves the upper half of a full page into a new one behind it.
func (x *SightingIndex) split(at int) {
	p := x.pages[at]
	keys := make([]key, p.n)
	for i := range keys {
		keys[i] = keyOf(p.code[i], p.id[i])
	}
	slices.SortFunc(keys, key.compare)
	middle := keys[len(keys)/2]
	upper := &page{}
	kept := 0
	for i := range p.n {
		if keyOf(p.code[i], p.id[i]).compare(middle) >= 0 {
			upper.copyRow(upper.n, p, i)
			upper.n++
			continue
		}
		p.copyRow(kept, p, i)
		kept++
	}
	p.n = kept
	p.summarize()
	upper.summarize()
	x.pages = slices.Insert(x.pages, at+1, upper)
	x.lows = slices.Insert(x.lows, at+1, middle)
}

// Remove takes a row out; an id that is not there is no fault.
func (x *SightingIndex) Remove(id [16]byte) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(id)
}

func (x *SightingIndex) remove(id [16]byte) {
	code, ok := x.where[id]
	if !ok {
		return
	}
	delete(x.where, id)
	at := x.pageOf(keyOf(code, id))
	p := x.pages[at]
	p.remove(p.find(id))
	if at+1 < len(x.pages) && p.n+x.pages[at+1].n < pageRows/4 {
		x.merge(at)
	}
}

func (p *page) find(id [16]byte) int {
	for i := range p.n {
		if p.id[i] == id {
			return i
		}
	}
	return -1
}

// merge takes in the page behind, so that removals give memory back.
func (x *SightingIndex) merge(at int) {
	p, next := x.pages[at], x.pages[at+1]
	for i := range next.n {
		p.copyRow(p.n, next, i)
		p.n++
	}
	p.summarize()
	x.pages = slices.Delete(x.pages, at+1, at+2)
	x.lows = slices.Delete(x.lows, at+1, at+2)
}

// Get returns the row with an id.
func (x *SightingIndex) Get(id [16]byte) (Row, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	code, ok := x.where[id]
	if !ok {
		return Row{}, false
	}
	p := x.pages[x.pageOf(keyOf(code, id))]
	return p.row(p.find(id)), true
}

// Len is the number of rows.
func (x *SightingIndex) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.where)
}

// Clear removes every row.
func (x *SightingIndex) Clear() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.where, x.pages, x.lows = nil, nil, nil
}
