package geo

import "slices"

// A tile is divided into tileCells × tileCells squares; MaxFeatures is how many
// features it may have.
const (
	MaxTileZoom = 24
	MaxFeatures = 500
	cellBits    = 4
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
// itself while they are at most MaxFeatures, else one cluster for each of 256
// squares. The counts add up to exactly the rows whose place on the web map
// lies in the tile; latitudes beyond 85.05 stand on its edge. Tiles outside the
// zoom's range, or beyond MaxTileZoom, are empty.
func (x *SightingIndex) Tile(z, tx, ty int, f Filter) []Cluster {
	if !TileExists(z, tx, ty) {
		return nil
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	first := uint64(0)
	last := ^uint64(0)
	if z > 0 {
		first = interleave(uint32(tx)<<(32-z), uint32(ty)<<(32-z))
		last = first | ^uint64(0)>>(2*z)
	}
	b := tileBuilder{test: f.prepare(), first: first, last: last, shift: 64 - 2*z - 2*cellBits}
	if len(x.pages) > 0 {
		for i := x.pageOf(key{code: first}); i < len(x.pages) && x.lows[i].code <= last; i++ {
			b.take(x.pages[i])
		}
	}
	return b.clusters()
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

type tileBuilder struct {
	*test
	first, last uint64
	shift       int
	cells       [tileCells * tileCells]cell
	total       int
	singles     []ranked
	sel         selection
}

func (b *tileBuilder) cellOf(code uint64) uint64 {
	return code >> b.shift & (tileCells*tileCells - 1)
}

func (b *tileBuilder) take(p *page) {
	if p.n == 0 || p.highCode < b.first || p.lowCode > b.last || !p.mayPass(b.test) {
		return
	}
	p.choose(b.test, &b.sel)
	if p.lowCode < b.first || p.highCode > b.last {
		b.sel.within(p, b.first, b.last)
	}
	if b.sel.n == 0 {
		return
	}
	b.total += b.sel.n
	if b.total <= MaxFeatures {
		for k := range b.sel.n {
			i := b.sel.row(k)
			b.singles = append(b.singles, ranked{p.cursor(i), p, i})
		}
	}
	if b.cellOf(p.lowCode) == b.cellOf(p.highCode) && p.lowCode >= b.first && p.highCode <= b.last {
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
	if b.sel.all {
		c.best = min(c.best, p.best)
	} else {
		for _, i := range b.sel.rows[:b.sel.n] {
			c.best = min(c.best, p.grade[i])
		}
	}
	if c.page == nil {
		i := b.sel.row(0)
		c.page, c.at = p, i
	}
}

func (b *tileBuilder) one(p *page, i int) {
	c := &b.cells[b.cellOf(p.code[i])]
	x, y := separate(p.code[i])
	c.sumX, c.sumY = c.sumX+float64(x), c.sumY+float64(y)
	if c.count == 0 {
		c.best = ungraded
		c.page, c.at = p, i
	}
	c.count++
	c.best = min(c.best, p.grade[i])
}

func (b *tileBuilder) clusters() []Cluster {
	if b.total <= MaxFeatures {
		slices.SortFunc(b.singles, func(a, b ranked) int { return order(a.Cursor, b.Cursor) })
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
	x, y := separate(p.code[i])
	return Cluster{Count: 1, Lon: r.Lon, Lat: r.Lat, Source: r.Source, Info: r.Info, Row: r, x: x, y: y}
}

func (c *cell) cluster() Cluster {
	x, y := c.sumX/float64(c.count), c.sumY/float64(c.count)
	lon, lat := unmercator(x, y)
	out := Cluster{Count: c.count, Lon: lon, Lat: lat, x: uint32(x), y: uint32(y)}
	out.Source, out.Info = unpackGrade(c.best)
	return out
}
