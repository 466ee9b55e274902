package geo

import (
	"cmp"
	"container/heap"
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
	if after != (Cursor{}) {
		l.test.to = min(l.test.to, minute(after.At)+1)
	}
	// Pages with the newest rows come first, so that soon none of the others
	// can hold a row that is still wanted.
	for _, c := range x.newestFirst(&l) {
		if len(l.best) == limit && int64(c.newest) < l.best[0].At {
			break
		}
		l.scan(c.page)
	}
	slices.SortFunc(l.best, func(a, b ranked) int { return order(a.Cursor, b.Cursor) })
	out := make([]Row, len(l.best))
	for i, r := range l.best {
		out[i] = r.page.row(r.at)
	}
	return out
}

// order compares by place in the list: negative when a stands before b.
func order(a, b Cursor) int {
	if a.At != b.At {
		return cmp.Compare(b.At, a.At)
	}
	return cmp.Compare(string(a.ID[:]), string(b.ID[:]))
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

// ranked is a row of a page with its place in the list.
type ranked struct {
	Cursor
	page *page
	at   int
}

// worstFirst is a heap with the last row of the list on top.
type worstFirst []ranked

func (h worstFirst) Len() int           { return len(h) }
func (h worstFirst) Less(i, j int) bool { return order(h[i].Cursor, h[j].Cursor) > 0 }
func (h worstFirst) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *worstFirst) Push(v any)        { *h = append(*h, v.(ranked)) }
func (h *worstFirst) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}

type lister struct {
	*test
	windows []window
	after   Cursor
	limit   int
	best    worstFirst
	sel     selection
}

type candidate struct {
	newest int32
	page   *page
}

// newestFirst is the pages that may hold rows of the list, those with the
// newest row first.
func (x *SightingIndex) newestFirst(l *lister) []candidate {
	var out []candidate
	for _, p := range x.pages {
		if p.mayPass(l.test) && p.meets(l.windows) {
			out = append(out, candidate{p.newest, p})
		}
	}
	slices.SortFunc(out, func(a, b candidate) int { return cmp.Compare(b.newest, a.newest) })
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
	// Rows older than the worst kept one need no other question.
	t := *l.test
	if len(l.best) == l.limit {
		t.from = max(t.from, int32(l.best[0].At))
	}
	p.choose(&t, &l.sel)
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
		if len(l.best) < l.limit {
			heap.Push(&l.best, ranked{c, p, i})
		} else if order(c, l.best[0].Cursor) < 0 {
			l.best[0] = ranked{c, p, i}
			heap.Fix(&l.best, 0)
		}
	}
}
