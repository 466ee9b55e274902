package geo

import "math"

// fanout is how many edges, or nodes, share one node of an outline's tree.
const fanout = 8

// maxExtraEdges bounds how many pieces long edges may be cut into.
const maxExtraEdges = 20000

// outline is one polygon compiled for questions: its edges in ring order, under
// a tree of rectangles over runs of eight. Neighbouring edges are near each
// other, so the tree needs no sorting. It never crosses the 180th meridian.
type outline struct {
	edges  []edge
	levels [][]node // levels[0] is over edges, the last has one node
	box    rect
	first  [2]float64 // a corner of the outer ring
	raster *raster    // nil for small outlines
}

// edge is straight in degrees. shrink is a lower bound of the cosine of the
// latitude along it: metres east-west are never overrated with it.
type edge struct {
	ax, ay, bx, by, shrink float64
}

type node struct {
	rect
	shrink float64
}

// newOutline compiles closed rings, the outer one first.
func newOutline(rings [][][2]float64) *outline {
	o := &outline{first: rings[0][0]}
	budget := maxExtraEdges
	for _, ring := range rings {
		for i := 0; i+1 < len(ring); i++ {
			o.addEdge(ring[i], ring[i+1], &budget)
		}
	}
	o.build()
	if len(o.edges) >= rasterEdges {
		o.raster = newRaster(o)
	}
	return o
}

// addEdge cuts edges that span more than a quarter of a degree of latitude,
// beyond which one cosine would be too coarse.
func (o *outline) addEdge(a, b [2]float64, budget *int) {
	pieces := min(int(math.Abs(b[1]-a[1])*4)+1, 1+*budget)
	*budget -= pieces - 1
	from := a
	for i := 1; i <= pieces; i++ {
		to := b
		if i < pieces {
			t := float64(i) / float64(pieces)
			to = [2]float64{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
		}
		o.edges = append(o.edges, edge{from[0], from[1], to[0], to[1], shrinkAt(math.Max(math.Abs(from[1]), math.Abs(to[1])))})
		from = to
	}
}

// shrinkAt is the cosine of a latitude, and 0 near the poles, where the way
// over the pole may be shorter than any way along a parallel.
func shrinkAt(lat float64) float64 {
	if lat > polarLatitude {
		return 0
	}
	return math.Cos(lat * radiansPerDeg)
}

func (o *outline) build() {
	level := make([]node, 0, len(o.edges)/fanout+1)
	for i, e := range o.edges {
		level = gather(level, i, e.node())
	}
	o.levels = append(o.levels, level)
	for len(level) > 1 {
		var up []node
		for i, n := range level {
			up = gather(up, i, n)
		}
		o.levels, level = append(o.levels, up), up
	}
	o.box = level[0].rect
}

// node is the rectangle around one edge.
func (e *edge) node() node {
	return node{rect{min(e.ax, e.bx), min(e.ay, e.by), max(e.ax, e.bx), max(e.ay, e.by)}, e.shrink}
}

func gather(level []node, i int, n node) []node {
	if i%fanout == 0 {
		return append(level, n)
	}
	last := &level[len(level)-1]
	last.rect, last.shrink = last.union(n.rect), math.Min(last.shrink, n.shrink)
	return level
}

// contains is the even-odd rule; the boundary counts as inside.
func (o *outline) contains(lon, lat float64) bool {
	if !o.box.has(lon, lat) {
		return false
	}
	if o.raster != nil {
		if c := o.raster.at(lon, lat); c != mixed {
			return c == inside
		}
	}
	return o.search(lon, lat)
}

func (o *outline) search(lon, lat float64) bool {
	odd, on := o.count(len(o.levels)-1, 0, lon, lat)
	return odd || on
}

// count follows the ray eastward from the position through one node.
func (o *outline) count(level, i int, lon, lat float64) (odd, on bool) {
	n := &o.levels[level][i]
	if lat < n.s || lat > n.n || lon > n.e {
		return false, false
	}
	from := i * fanout
	if level > 0 {
		for k := from; k < min(from+fanout, len(o.levels[level-1])); k++ {
			o2, on := o.count(level-1, k, lon, lat)
			if on {
				return false, true
			}
			odd = odd != o2
		}
		return odd, false
	}
	for k := from; k < min(from+fanout, len(o.edges)); k++ {
		e := &o.edges[k]
		cross := (e.bx-e.ax)*(lat-e.ay) - (e.by-e.ay)*(lon-e.ax)
		if cross == 0 && lon >= min(e.ax, e.bx) && lon <= max(e.ax, e.bx) && lat >= min(e.ay, e.by) && lat <= max(e.ay, e.by) {
			return false, true
		}
		// The sign of cross tells the side; whether that is east of the
		// position depends on which way the edge runs.
		if (e.ay > lat) != (e.by > lat) && (cross > 0) == (e.by > e.ay) {
			odd = !odd
		}
	}
	return odd, false
}

// distanceM is the great-circle distance to the nearest edge when it is less
// than limit, else limit. It does not ask whether the position is inside.
func (o *outline) distanceM(lon, lat, limit float64) float64 {
	return o.nearest(len(o.levels)-1, 0, lon, lat, limit)
}

func (o *outline) nearest(level, i int, lon, lat, best float64) float64 {
	if o.levels[level][i].distanceM(lon, lat) >= best {
		return best
	}
	from := i * fanout
	if level > 0 {
		for k := from; k < min(from+fanout, len(o.levels[level-1])); k++ {
			best = o.nearest(level-1, k, lon, lat, best)
		}
		return best
	}
	for k := from; k < min(from+fanout, len(o.edges)); k++ {
		best = o.edges[k].distanceM(lon, lat, best)
	}
	return best
}

// distanceM halves edges longer than two degrees and searches the rest for the
// nearest place; along a short edge the distance has a single lowest point.
func (e *edge) distanceM(lon, lat, best float64) float64 {
	box := rect{min(e.ax, e.bx), min(e.ay, e.by), max(e.ax, e.bx), max(e.ay, e.by)}
	if box.distanceM(lon, lat) >= best {
		return best
	}
	if box.e-box.w > 2 {
		mx, my := (e.ax+e.bx)/2, (e.ay+e.by)/2
		best = (&edge{e.ax, e.ay, mx, my, e.shrink}).distanceM(lon, lat, best)
		return (&edge{mx, my, e.bx, e.by, e.shrink}).distanceM(lon, lat, best)
	}
	low, high := 0.0, 1.0
	for range 32 {
		third := (high - low) / 3
		l, h := e.at(low+third), e.at(high-third)
		if haversine(lon, lat, l[0], l[1]) < haversine(lon, lat, h[0], h[1]) {
			high -= third
		} else {
			low += third
		}
	}
	best = math.Min(best, math.Min(haversine(lon, lat, e.ax, e.ay), haversine(lon, lat, e.bx, e.by)))
	p := e.at((low + high) / 2)
	return math.Min(best, haversine(lon, lat, p[0], p[1]))
}

func (e *edge) at(t float64) [2]float64 {
	return [2]float64{e.ax + t*(e.bx-e.ax), e.ay + t*(e.by-e.ay)}
}
