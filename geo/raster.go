package geo

// An outline of many edges keeps a coarse picture of itself, so that most
// positions need one look instead of a search: partners' areas are asked for
// by the thousand.
const (
	rasterEdges = 64 // from how many edges on a picture pays
	rasterSide  = 48
)

// What is known of a square of the picture. Mixed squares are touched by an
// edge, or nearly; the others lie wholly inside or outside.
const (
	unknown = iota
	mixed
	inside
	outside
)

type raster struct {
	box        rect
	perX, perY float64 // squares to a degree
	cells      [rasterSide * rasterSide]uint8
}

func newRaster(o *outline) *raster {
	r := &raster{box: o.box, perX: rasterSide / max(o.box.e-o.box.w, 1e-9), perY: rasterSide / max(o.box.n-o.box.s, 1e-9)}
	for _, e := range o.edges {
		r.mark(e)
	}
	for y := range rasterSide {
		last := uint8(unknown)
		for x := range rasterSide {
			c := &r.cells[y*rasterSide+x]
			if *c == mixed {
				last = unknown
				continue
			}
			// Between two squares that no edge touches nothing changes.
			if last == unknown {
				last = outside
				if o.search(o.box.w+(float64(x)+0.5)/r.perX, o.box.s+(float64(y)+0.5)/r.perY) {
					last = inside
				}
			}
			*c = last
		}
	}
	return r
}

// mark makes every square mixed that the rectangle around an edge touches, a
// little widened against rounding. Edges are short beside the picture, so this
// is hardly more than the edge itself.
func (r *raster) mark(e edge) {
	const slack = 1e-6
	x0, y0 := r.square(min(e.ax, e.bx), min(e.ay, e.by), -slack)
	x1, y1 := r.square(max(e.ax, e.bx), max(e.ay, e.by), slack)
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			r.cells[y*rasterSide+x] = mixed
		}
	}
}

func (r *raster) square(lon, lat, slack float64) (x, y int) {
	x = int((lon-r.box.w)*r.perX + slack)
	y = int((lat-r.box.s)*r.perY + slack)
	return max(0, min(rasterSide-1, x)), max(0, min(rasterSide-1, y))
}

// avoids tells that nothing of the outline lies in a rectangle, as far as the
// picture shows: true is certain, false is not. The rectangle may run past the
// 180th meridian; what lies beyond it is not looked at, so then it is false.
func (r *raster) avoids(b rect) bool {
	if b.w < -180 || b.e > 180 {
		return false
	}
	if !r.box.meets(b) {
		return true
	}
	const slack = 1e-6
	x0, y0 := r.square(b.w, b.s, -slack)
	x1, y1 := r.square(b.e, b.n, slack)
	for y := y0; y <= y1; y++ {
		for _, c := range r.cells[y*rasterSide+x0 : y*rasterSide+x1+1] {
			if c != outside {
				return false
			}
		}
	}
	return true
}

// at is what is known of a position within the box.
func (r *raster) at(lon, lat float64) uint8 {
	x, y := r.square(lon, lat, 0)
	return r.cells[y*rasterSide+x]
}
