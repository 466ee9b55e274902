package geo

import (
	"bytes"
	"cmp"
	"math"
	"slices"
)

// Box returns up to limit rows that lie in the box and pass the filter, newest
// first and then by id, behind the cursor. The last row's Cursor asks for the
// next page; a page with fewer than limit rows is the last.
func (x *SightingIndex) Box(b Box, f Filter, limit int, after Cursor) []Row {
	if limit <= 0 {
		return nil
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	l := lister{test: f.prepare(), windows: fixedRects(b), after: after, limit: limit}
	l.spans = spans(l.windows)
	if after != (Cursor{}) {
		l.test.to = min(l.test.to, minute(after.At)+1)
	}
	// Months with the newest rows come first, and within a month such pages, so
	// that soon none of the others can hold a row that is still wanted.
	for end := len(x.pages); end > 0; {
		month := x.lows[end-1].code &^ placeMask
		begin, _ := slices.BinarySearchFunc(x.lows[:end], key{code: month}, key.compare)
		if newest := lastMinute(month); newest < l.test.from || l.over(newest) {
			break
		}
		for _, c := range x.newestFirst(&l, month, begin, end) {
			if l.over(c.newest) {
				break
			}
			l.scan(c.page)
		}
		end = begin
	}
	out := make([]Row, len(l.best))
	for i, r := range l.best {
		out[i] = l.scanned[r.page].row(int(r.at))
	}
	return out
}

// order compares by place in the list: negative when a stands before b.
func order(a, b Cursor) int {
	if a.At != b.At {
		return cmp.Compare(b.At, a.At)
	}
	return bytes.Compare(a.ID[:], b.ID[:])
}

type window struct{ w, s, e, n int32 }

func fixedRects(b Box) []window {
	var out []window
	for _, r := range b.rects() {
		out = append(out, window{fixed(r.w), fixed(r.s), fixed(r.e), fixed(r.n)})
	}
	return out
}

func (w window) has(lon, lat int32) bool { return lon >= w.w && lon <= w.e && lat >= w.s && lat <= w.n }

// ranked is a row with its place in the list: that of one of the scanned pages.
// It has no pointers, so that moving many of them is cheap.
type ranked struct {
	Cursor
	page, at int32
}

type lister struct {
	*test
	windows []window
	spans   []span
	after   Cursor
	limit   int
	// best are the rows found so far that stand first in the list, in its order.
	// A page is short, so that moving some of them costs less than a heap's
	// comparisons.
	best    []ranked
	scanned []*page
	sel     selection
}

// full tells whether another row can only take the place of the last.
func (l *lister) full() bool { return len(l.best) == l.limit }

func (l *lister) last() Cursor { return l.best[len(l.best)-1].Cursor }

// put gives a row that nothing rules out its place among the best.
func (l *lister) put(r ranked) {
	if l.full() {
		if order(r.Cursor, l.last()) >= 0 {
			return
		}
		l.best = l.best[:len(l.best)-1]
	}
	at, _ := slices.BinarySearchFunc(l.best, r.Cursor, func(b ranked, c Cursor) int { return order(b.Cursor, c) })
	l.best = slices.Insert(l.best, at, r)
}

// over tells whether rows of this minute and before it can no longer be wanted.
func (l *lister) over(newest int32) bool {
	return l.full() && int64(newest) < l.last().At
}

type candidate struct {
	newest int32
	page   *page
}

// newestFirst is the pages of a month, which stand from begin to before end,
// that may hold rows of the list, those with the newest row first. Pages whose
// places lie outside the list's spans are not looked at: a look at each of
// thousands costs more than the rows of the list.
func (x *SightingIndex) newestFirst(l *lister, month uint64, begin, end int) []candidate {
	var out []candidate
	next := begin
	for _, s := range l.spans {
		for i := max(next, x.pageOf(key{code: month | s.first})); i < end && x.lows[i].code <= month|s.last; i++ {
			next = i + 1
			if p := x.pages[i]; p.mayPass(l.test) && p.meets(l.windows) {
				out = append(out, candidate{p.newest, p})
			}
		}
	}
	slices.SortFunc(out, func(a, b candidate) int { return cmp.Compare(b.newest, a.newest) })
	return out
}

// lastMinute is the last that rows of a month may have.
func lastMinute(month uint64) int32 {
	m := int64(month >> placeBits)
	if m == lastMonth {
		return math.MaxInt32
	}
	return int32((m+1+firstMonth)*monthMinutes - 1)
}

// span is a run of places on the web map, as codes without the month.
type span struct{ first, last uint64 }

// spans are runs of places that cover the windows, in order: for each window the
// up to four squares, of the smallest size with which four are enough, that it
// touches.
func spans(windows []window) []span {
	var out []span
	for _, w := range windows {
		west, north := mercator(degrees(w.w), degrees(w.n))
		east, south := mercator(degrees(w.e), degrees(w.s))
		bits := 32 - placeBits/2
		for east>>bits-west>>bits > 1 || south>>bits-north>>bits > 1 {
			bits++
		}
		for y := uint64(north >> bits); y <= uint64(south>>bits); y++ {
			for x := uint64(west >> bits); x <= uint64(east>>bits); x++ {
				first := interleave(uint32(x<<bits), uint32(y<<bits)) >> (64 - placeBits)
				out = append(out, span{first, first | (1<<(2*bits-(64-placeBits)) - 1)})
			}
		}
	}
	slices.SortFunc(out, func(a, b span) int { return cmp.Compare(a.first, b.first) })
	return out
}

func (p *page) meets(windows []window) bool {
	for _, w := range windows {
		if p.west <= w.e && p.east >= w.w && p.south <= w.n && p.north >= w.s {
			return true
		}
	}
	return false
}

func (p *page) within(windows []window) bool {
	for _, w := range windows {
		if p.west >= w.w && p.east <= w.e && p.south >= w.s && p.north <= w.n {
			return true
		}
	}
	return false
}

func (l *lister) scan(p *page) {
	// Rows older than the last of the best need no other question.
	t := *l.test
	if l.full() {
		t.from = max(t.from, int32(l.last().At))
	}
	p.choose(&t, &l.sel)
	l.scanned = append(l.scanned, p)
	inside := p.within(l.windows)
	for k := range l.sel.n {
		i := l.sel.row(k)
		if !inside && !slices.ContainsFunc(l.windows, func(w window) bool { return w.has(p.lon[i], p.lat[i]) }) {
			continue
		}
		c := p.cursor(i)
		if l.after != (Cursor{}) && order(c, l.after) <= 0 {
			continue
		}
		l.put(ranked{c, int32(len(l.scanned) - 1), int32(i)})
	}
}
