package geo

import "math"

// between returns a lower bound of the distance in metres between the outlines
// of two polygons, 0 when their edges meet, and limit when they are farther
// apart than that. It is exact to about one part in a hundred below 88 degrees
// of latitude; nearer the poles only latitudes count, so that nobody is missed.
// shift is added to the second outline's longitudes.
func between(a, b *outline, shift, limit float64) float64 {
	far := limit / metresPerDeg
	p := pairing{a: a, b: b, shift: shift, best: far * far, bend: bend(limit)}
	p.nodes(len(a.levels)-1, 0, len(b.levels)-1, 0)
	if p.best < far*far {
		return min(limit, math.Sqrt(p.best)*metresPerDeg)
	}
	return limit
}

// pairing measures in degrees of latitude, squared.
type pairing struct {
	a, b  *outline
	shift float64
	best  float64
	bend  float64
}

// bend makes up for what a great circle saves against a parallel over a
// distance of m metres at the highest latitude that is measured so, 88 degrees
// (tan² 820): nothing at ten kilometres, three in a hundred at two hundred.
func bend(m float64) float64 {
	arc := m / earthRadiusM
	return 1 - min(1-2/math.Pi, arc*arc*820/24)
}

// nodes compares two nodes and goes down on the side with the higher one.
func (p *pairing) nodes(la, ia, lb, ib int) {
	na, nb := &p.a.levels[la][ia], &p.b.levels[lb][ib]
	if p.best <= 0 || p.apart(na, nb) >= p.best {
		return
	}
	switch {
	case la == 0 && lb == 0:
		p.leaves(ia*fanout, ib*fanout)
	case la >= lb:
		for k := ia * fanout; k < min((ia+1)*fanout, len(p.a.levels[la-1])); k++ {
			p.nodes(la-1, k, lb, ib)
		}
	default:
		for k := ib * fanout; k < min((ib+1)*fanout, len(p.b.levels[lb-1])); k++ {
			p.nodes(la, ia, lb-1, k)
		}
	}
}

func (p *pairing) apart(a, b *node) float64 {
	dx, dy := b.w+p.shift-a.e, b.s-a.n
	if west := a.w - b.e - p.shift; west > dx {
		dx = west
	}
	if south := a.s - b.n; south > dy {
		dy = south
	}
	sum := 0.0
	if dy > 0 {
		sum = dy * dy
	}
	if dx > 0 {
		shrink := a.shrink
		if b.shrink < shrink {
			shrink = b.shrink
		}
		dx *= shrink * p.bend
		sum += dx * dx
	}
	return sum
}

// leaves compares up to eight edges with eight. Most pairs are told apart by
// their rectangles alone.
func (p *pairing) leaves(ia, ib int) {
	nb := &p.b.levels[0][ib/fanout]
	for i := ia; i < min(ia+fanout, len(p.a.edges)); i++ {
		e := &p.a.edges[i]
		na := e.node()
		if p.apart(&na, nb) >= p.best {
			continue
		}
		for j := ib; j < min(ib+fanout, len(p.b.edges)); j++ {
			f := p.b.edges[j]
			nf := f.node()
			if p.apart(&na, &nf) < p.best {
				f.ax, f.bx = f.ax+p.shift, f.bx+p.shift
				p.best = min(p.best, edgesApart(e, &f, p.bend))
			}
		}
	}
}

// edgesApart is the squared distance of two edges in degrees of latitude, on the
// plane, with the smaller cosine of both.
func edgesApart(e, f *edge, bend float64) float64 {
	if edgesCross(e, f) {
		return 0
	}
	k := min(e.shrink, f.shrink) * bend
	d := min(
		min(sidePoint(e, f.ax, f.ay, k), sidePoint(e, f.bx, f.by, k)),
		min(sidePoint(f, e.ax, e.ay, k), sidePoint(f, e.bx, e.by, k)))
	return d
}

func edgesCross(e, f *edge) bool {
	t := func(g *edge, x, y float64) float64 { return (g.bx-g.ax)*(y-g.ay) - (g.by-g.ay)*(x-g.ax) }
	return t(e, f.ax, f.ay)*t(e, f.bx, f.by) <= 0 && t(f, e.ax, e.ay)*t(f, e.bx, e.by) <= 0 &&
		max(e.ax, e.bx) >= min(f.ax, f.bx) && max(f.ax, f.bx) >= min(e.ax, e.bx) &&
		max(e.ay, e.by) >= min(f.ay, f.by) && max(f.ay, f.by) >= min(e.ay, e.by)
}

// sidePoint is the squared distance in degrees of latitude from a position to
// an edge, longitudes weighted by k.
func sidePoint(e *edge, x, y, k float64) float64 {
	dx, dy := (e.bx-e.ax)*k, e.by-e.ay
	px, py := (x-e.ax)*k, y-e.ay
	t := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		t = max(0, min(1, (px*dx+py*dy)/length))
	}
	px, py = px-t*dx, py-t*dy
	return px*px + py*py
}
