package geo

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"sync"
)

// SightingIndex holds one row per sighting and answers maps and lists. Readers
// run side by side; a writer waits for them, a few milliseconds at most. The
// zero value is ready. A million rows take about a hundred megabytes.
//
// Rows stand in pages ordered by month and then by place: lists want the newest
// rows, maps want a square, and most filters name a time.
type SightingIndex struct {
	mu    sync.RWMutex
	where map[[16]byte]uint64 // id to code
	pages []*page             // in the order of keys, each within one month
	lows  []key               // the lowest key that may stand in each page
}

const (
	// placeBits is how much of a code is the place on the web map: 26 bits an
	// axis, 60 cm. The bits above are the month.
	placeBits    = 52
	placeMask    = 1<<placeBits - 1
	lastMonth    = 1<<(64-placeBits) - 1
	monthMinutes = 30 * 24 * 60
	firstMonth   = -1000 // of thirty days, counted from 1970
)

// codeOf is a row's month and place. Times outside the years 1887 to 2224
// share the first and the last month.
func codeOf(r Row) uint64 {
	x, y := mercator(degrees(fixed(r.Lon)), degrees(fixed(r.Lat)))
	return monthOf(minute(r.At))<<placeBits | interleave(x, y)>>(64-placeBits)
}

func monthOf(at int32) uint64 {
	month := int64(math.Floor(float64(at)/monthMinutes)) - firstMonth
	return uint64(max(0, min(lastMonth, month)))
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
	code := codeOf(r)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(r.ID)
	if x.where == nil {
		x.where = map[[16]byte]uint64{}
	}
	x.where[r.ID] = code
	k := keyOf(code, r.ID)
	at := x.pageOf(k)
	if at < 0 || x.lows[at].code>>placeBits != code>>placeBits {
		at++
		x.pages = slices.Insert(x.pages, at, &page{summary: emptySummary()})
		x.lows = slices.Insert(x.lows, at, key{code: code &^ placeMask})
	}
	if x.pages[at].n == pageRows {
		x.split(at)
		at = x.pageOf(k)
	}
	x.pages[at].add(r, code)
}

// pageOf is the page in which a key stands or would stand, -1 before the first.
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
	switch {
	case p.n == 0:
		x.pages = slices.Delete(x.pages, at, at+1)
		x.lows = slices.Delete(x.lows, at, at+1)
	case at+1 < len(x.pages) && p.n+x.pages[at+1].n < pageRows/4 && x.lows[at].code>>placeBits == x.lows[at+1].code>>placeBits:
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
