package geo

import (
	"math"
	"slices"
)

// A tile is divided into tileCells × tileCells squares; MaxFeatures is how many
// features it may have.
const (
	MaxTileZoom = 22
	MaxFeatures = 500
	cellBits    = 3
	tileCells   = 1 << cellBits
)

// Cluster is one dot on a map: a single sighting, or several near each other.
type Cluster struct {
	Count        int
	Lon, Lat     float64 // of the sighting, or the middle of several
	Source, Info uint8   // the best grade among them, 0 for none
	Row          Row     // the sighting; zero for several
	x, y         uint32
}

// Tile returns what a map tile shows of the rows that pass the filter: each by
// itself while they are at most MaxFeatures, else one cluster for each of 64
// squares. The counts add up to exactly the rows whose place on the web map
// lies in the tile; latitudes beyond 85.05 stand on its edge. Tiles outside the
// zoom's range, or beyond MaxTileZoom, are empty.
func (x *SightingIndex) Tile(z, tx, ty int, f Filter) []Cluster {
	if !TileExists(z, tx, ty) {
		return nil
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	b := tileBuilder{test: f.prepare(), last: placeMask, shift: placeBits - 2*z - 2*cellBits}
	if z > 0 {
		b.first = interleave(uint32(tx)<<(32-z), uint32(ty)<<(32-z)) >> (64 - placeBits)
		b.last = b.first | placeMask>>(2*z)
	}
	for i := 0; i < len(x.pages); {
		month := x.lows[i].code &^ placeMask
		for k := max(i, x.pageOf(key{code: month | b.first})); k < len(x.pages) && x.lows[k].code <= month|b.last; k++ {
			b.take(x.pages[k])
		}
		i = x.after(month)
	}
	return b.clusters()
}

// after is the first page of a later month.
func (x *SightingIndex) after(month uint64) int {
	at, _ := slices.BinarySearchFunc(x.lows, key{code: month | placeMask, high: math.MaxUint64, low: math.MaxUint64}, key.compare)
	return at
}

// TileExists reports whether a tile's numbers make sense.
func TileExists(z, x, y int) bool {
	return z >= 0 && z <= MaxTileZoom && x >= 0 && y >= 0 && x < 1<<z && y < 1<<z
}

// cell gathers one square. The middle is taken over whole pages where a page
// lies in one square, which is exact enough for a dot and costs nothing.
type cell struct {
	count      int
	best       uint8
	sumX, sumY float64
	page       *page
	at         int
}

// single is a row of a tile that shows each of its rows.
type single struct {
	Cursor
	page *page
	at   int
}

type tileBuilder struct {
	*test
	first, last uint64
	shift       int
	cells       [tileCells * tileCells]cell
	total       int
	singles     []single
	sel         selection
}

func (b *tileBuilder) cellOf(code uint64) uint64 {
	return code >> b.shift & (tileCells*tileCells - 1)
}

// place is the part of a code without the month.
func place(code uint64) uint64 { return code & placeMask }

func (b *tileBuilder) take(p *page) {
	low, high := place(p.lowCode), place(p.highCode)
	if p.n == 0 || high < b.first || low > b.last || !p.mayPass(b.test) {
		return
	}
	p.choose(b.test, &b.sel)
	inside := low >= b.first && high <= b.last
	if !inside {
		b.sel.within(p, b.first, b.last)
	}
	if b.sel.n == 0 {
		return
	}
	b.total += b.sel.n
	if b.total <= MaxFeatures {
		for k := range b.sel.n {
			i := b.sel.row(k)
			b.singles = append(b.singles, single{p.cursor(i), p, i})
		}
	}
	if inside && b.cellOf(low) == b.cellOf(high) {
		b.whole(p)
		return
	}
	for k := range b.sel.n {
		b.one(p, b.sel.row(k))
	}
}

// whole counts the selected rows of a page that lies in one square.
func (b *tileBuilder) whole(p *page) {
	c := &b.cells[b.cellOf(p.lowCode)]
	n := float64(b.sel.n)
	c.sumX += float64(p.sumX) / float64(p.n) * n
	c.sumY += float64(p.sumY) / float64(p.n) * n
	if c.count == 0 {
		c.best = ungraded
	}
	c.count += b.sel.n
	switch {
	case p.best >= c.best: // no row of the page can be better
	case b.sel.all:
		c.best = p.best
	default:
		for _, i := range b.sel.rows[:b.sel.n] {
			c.best = min(c.best, p.class[i].grade())
		}
	}
	if c.page == nil {
		i := b.sel.row(0)
		c.page, c.at = p, i
	}
}

func (b *tileBuilder) one(p *page, i int) {
	c := &b.cells[b.cellOf(p.code[i])]
	x, y := planeOf(p.code[i])
	c.sumX, c.sumY = c.sumX+float64(x), c.sumY+float64(y)
	if c.count == 0 {
		c.best = ungraded
		c.page, c.at = p, i
	}
	c.count++
	c.best = min(c.best, p.class[i].grade())
}

func (b *tileBuilder) clusters() []Cluster {
	if b.total <= MaxFeatures {
		slices.SortFunc(b.singles, func(a, b single) int { return order(a.Cursor, b.Cursor) })
		out := make([]Cluster, len(b.singles))
		for k, s := range b.singles {
			out[k] = s.page.single(s.at)
		}
		return out
	}
	var out []Cluster
	for i := range b.cells {
		c := &b.cells[i]
		switch {
		case c.count == 1:
			out = append(out, c.page.single(c.at))
		case c.count > 1:
			out = append(out, c.cluster())
		}
	}
	return out
}

func (p *page) single(i int) Cluster {
	r := p.row(i)
	x, y := mercator(r.Lon, r.Lat)
	return Cluster{Count: 1, Lon: r.Lon, Lat: r.Lat, Source: r.Source, Info: r.Info, Row: r, x: x, y: y}
}

func (c *cell) cluster() Cluster {
	x, y := c.sumX/float64(c.count), c.sumY/float64(c.count)
	lon, lat := unmercator(x, y)
	out := Cluster{Count: c.count, Lon: lon, Lat: lat, x: uint32(x), y: uint32(y)}
	out.Source, out.Info = unpackGrade(c.best)
	return out
}
