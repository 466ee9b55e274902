package geo

import "math"

// pageRows is how many rows a page holds at most. Larger pages scan a little
// faster and split more slowly.
const pageRows = 512

// page is a run of rows that are neighbours on the Mercator plane: one array
// per column, so that a filter reads only what it asks for. What filters ask
// stands first: reading memory is what a scan waits for.
type page struct {
	n int
	summary
	class [pageRows]class
	at    [pageRows]int32
	cases [pageRows]uint32
	code  [pageRows]uint64 // month, and place on the plane with bits of x and y interleaved
	lon   [pageRows]int32
	lat   [pageRows]int32
	id    [pageRows][16]byte
}

// summary tells what a page may hold. Sums and the best grade are always exact;
// the rest may be too wide for a while after removals.
type summary struct {
	removed                  int
	oldest, newest           int32
	states                   uint32
	best                     uint8
	west, south, east, north int32
	sumX, sumY               uint64 // of Mercator positions
	hashes                   uint64 // one bit per hash of a case
	setFlags                 uint8
	lowCode, highCode        uint64
}

func emptySummary() summary {
	return summary{
		oldest: math.MaxInt32, newest: math.MinInt32, best: ungraded,
		west: math.MaxInt32, south: math.MaxInt32, east: math.MinInt32, north: math.MinInt32,
		lowCode: math.MaxUint64,
	}
}

func caseBit(handle uint32) uint64 { return 1 << (handle * 0x9e3779b1 >> 26) }

// note widens the summary by row i.
func (p *page) note(i int) {
	s := &p.summary
	s.oldest, s.newest = min(s.oldest, p.at[i]), max(s.newest, p.at[i])
	s.states |= 1 << p.class[i].state()
	s.best = min(s.best, p.class[i].grade())
	s.west, s.east = min(s.west, p.lon[i]), max(s.east, p.lon[i])
	s.south, s.north = min(s.south, p.lat[i]), max(s.north, p.lat[i])
	x, y := planeOf(p.code[i])
	s.sumX, s.sumY = s.sumX+uint64(x), s.sumY+uint64(y)
	s.hashes |= caseBit(p.cases[i])
	s.setFlags |= p.class[i].flags()
	s.lowCode, s.highCode = min(s.lowCode, p.code[i]), max(s.highCode, p.code[i])
}

func (p *page) summarize() {
	p.summary = emptySummary()
	for i := range p.n {
		p.note(i)
	}
}

// add appends a row; the page must have room.
func (p *page) add(r Row, code uint64) {
	i := p.n
	p.n++
	p.code[i], p.id[i] = code, r.ID
	p.at[i], p.cases[i], p.class[i] = minute(r.At), r.Case, classOf(r)
	p.lon[i], p.lat[i] = fixed(r.Lon), fixed(r.Lat)
	p.note(i)
}

func (p *page) row(i int) Row {
	c := p.class[i]
	source, info := unpackGrade(c.grade())
	return Row{
		ID: p.id[i], Lon: degrees(p.lon[i]), Lat: degrees(p.lat[i]), At: int64(p.at[i]), Case: p.cases[i],
		State: c.state(), Source: source, Info: info, Flags: c.flags(),
	}
}

func (p *page) cursor(i int) Cursor { return Cursor{int64(p.at[i]), p.id[i]} }

// copyRow copies row i of q to place k of p.
func (p *page) copyRow(k int, q *page, i int) {
	p.code[k], p.id[k], p.at[k], p.cases[k] = q.code[i], q.id[i], q.at[i], q.cases[i]
	p.class[k], p.lon[k], p.lat[k] = q.class[i], q.lon[i], q.lat[i]
}

// remove fills the gap with the last row.
func (p *page) remove(i int) {
	x, y := planeOf(p.code[i])
	p.sumX, p.sumY = p.sumX-uint64(x), p.sumY-uint64(y)
	best := p.class[i].grade() == p.best
	p.n--
	p.copyRow(i, p, p.n)
	if p.removed++; p.removed > pageRows/8 {
		p.summarize()
	} else if best {
		p.best = ungraded
		for _, c := range p.class[:p.n] {
			p.best = min(p.best, c.grade())
		}
	}
}

// planeOf is the middle of the spot that a code names on the web map.
func planeOf(code uint64) (x, y uint32) {
	const half = 1 << (31 - placeBits/2)
	x, y = separate(code << (64 - placeBits))
	return x + half, y + half
}

func fixed(deg float64) int32 { return int32(math.Round(deg * 1e7)) }

func degrees(fixed int32) float64 { return float64(fixed) / 1e7 }

// rect is the rectangle around the page's rows.
func (p *page) rect() rect {
	return rect{degrees(p.west), degrees(p.south), degrees(p.east), degrees(p.north)}
}

// selection is the rows of a page that pass: all of the first n, or a list.
type selection struct {
	all  bool
	n    int
	rows [pageRows]uint16
}

// mayPass answers from the summary alone whether any row can pass.
func (p *page) mayPass(t *test) bool {
	return p.newest >= t.from && p.oldest < t.to && p.states&t.states != 0 && p.setFlags&t.set == t.set &&
		(t.hashes == 0 || p.hashes&t.hashes != 0)
}

// choose fills sel with the rows that pass. What the summary already answers
// is not asked of the rows, and each question narrows the list of the last.
func (p *page) choose(t *test, sel *selection) {
	sel.all, sel.n = true, p.n
	if !p.mayPass(t) {
		sel.n = 0
		return
	}
	if p.oldest < t.from || p.newest >= t.to {
		sel.byTime(p, t)
	}
	if p.states&^t.states != 0 || !t.anyGrade || t.set|t.clear&p.setFlags != 0 {
		sel.byClass(p, t)
	}
	if t.cases != nil {
		sel.byCase(p, t.cases, 1)
	}
	if t.excluded != nil && p.hashes&t.excluded.hashes != 0 {
		sel.byCase(p, t.excluded, 0)
	}
}

// list writes all rows out, once a question is asked of them.
func (s *selection) list() []uint16 {
	if s.all {
		for i := range s.n {
			s.rows[i] = uint16(i)
		}
		s.all = false
	}
	return s.rows[:s.n]
}

// The loops below move each row to where the next one that passes belongs, and
// step on by 1 or 0: no processor could guess the answers, and a wrong guess
// costs more than the question.

func (s *selection) byTime(p *page, t *test) {
	n, span := 0, uint32(t.to)-uint32(t.from)
	if s.all {
		for i, at := range p.at[:s.n] {
			s.rows[n&(pageRows-1)] = uint16(i)
			n += less(uint32(at)-uint32(t.from), span)
		}
		s.all, s.n = false, n
		return
	}
	for _, i := range s.list() {
		s.rows[n] = i
		n += less(uint32(p.at[i&(pageRows-1)])-uint32(t.from), span)
	}
	s.n = n
}

// less is 1 when a is less than b, else 0, without a branch.
func less(a, b uint32) int { return int((uint64(a) - uint64(b)) >> 63) }

// byClass asks state, grade and flags at once.
func (s *selection) byClass(p *page, t *test) {
	n := 0
	states, grades, flags := t.states, t.grades, t.flags
	if s.all {
		for i, c := range p.class[:s.n] {
			s.rows[n&(pageRows-1)] = uint16(i)
			n += int(states>>(c&31)) & int(grades>>(c>>5&63)) & int(flags>>(c>>11&31)) & 1
		}
		s.all, s.n = false, n
		return
	}
	for _, i := range s.list() {
		s.rows[n] = i
		c := p.class[i&(pageRows-1)]
		n += int(states>>(c&31)) & int(grades>>(c>>5&63)) & int(flags>>(c>>11&31)) & 1
	}
	s.n = n
}

// byCase keeps the rows whose case is in the set (want 1) or is not (want 0).
func (s *selection) byCase(p *page, set *CaseSet, want int) {
	n := 0
	if s.all {
		for i, c := range p.cases[:s.n] {
			s.rows[n&(pageRows-1)] = uint16(i)
			n += set.bit(c) ^ want ^ 1
		}
		s.all, s.n = false, n
		return
	}
	for _, i := range s.list() {
		s.rows[n] = i
		n += set.bit(p.cases[i&(pageRows-1)]) ^ want ^ 1
	}
	s.n = n
}

// within keeps the rows whose codes lie between first and last.
func (s *selection) within(p *page, first, last uint64) {
	n := 0
	for _, i := range s.list() {
		s.rows[n] = i
		if c := place(p.code[i&(pageRows-1)]); c >= first && c <= last {
			n++
		}
	}
	s.n = n
}

// row is the k-th selected row's place in the page.
func (s *selection) row(k int) int {
	if s.all {
		return k
	}
	return int(s.rows[k])
}
