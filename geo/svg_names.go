package geo

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// writing is all that is to be written on a drawing.
type writing struct {
	cells  []Cell
	ruler  *dot // nil for none
	dots   []dot
	places []label
}

// dot is a place in the frame and what stands beside it, empty for nothing.
type dot struct {
	at   orb.Point
	name string
}

// The drawing as a telephone held upright shows it, in pixels of the screen: how
// wide it is there, and how high the smallest letters must be to be read.
const (
	narrowMap   = 320
	readable    = 11
	smallestPut = 12 // in the drawing's own pixels
)

// write writes every name, for a wide screen and, when that would shrink them too
// far, once more for a narrow one, larger and fewer.
func (s *sketch) write(w *writing) {
	grown := readable / float64(smallestPut) * s.width / narrowMap
	if grown <= 1 {
		(&pen{sketch: s, size: 1}).write(w)
		return
	}
	s.element(`<g class="names-wide">`)
	(&pen{sketch: s, size: 1}).write(w)
	s.element(`</g><g class="names-narrow" display="none">`)
	(&pen{sketch: s, size: grown, sparing: true}).write(w)
	s.element("</g>")
}

// pen writes names of one size.
type pen struct {
	*sketch
	size float64 // times that of a wide drawing
	// sparing leaves out names beside dots for which there is no room.
	sparing bool
	taken   []orb.Bound
}

func (p *pen) write(w *writing) {
	p.cellNames(w.cells)
	if w.ruler != nil {
		p.put("ruler-name", w.ruler.name, w.ruler.at, smallestPut, "start")
	}
	for _, d := range w.dots {
		p.taken = append(p.taken, orb.Bound{Min: orb.Point{d.at[0] - 7, d.at[1] - 7}, Max: orb.Point{d.at[0] + 7, d.at[1] + 7}})
	}
	for _, d := range w.dots {
		if d.name != "" {
			p.besideDot(d)
		}
	}
	p.placeNames(w.places)
}

// besideDot writes what stands beside a dot: to its right, or where that must not
// cover anything to its left, or not at all.
func (p *pen) besideDot(d dot) {
	const size = 13
	right, left := orb.Point{d.at[0] + 10, d.at[1] + 4*p.size}, orb.Point{d.at[0] - 10, d.at[1] + 4*p.size}
	switch {
	case !p.sparing || p.fits(textBound(d.name, right, size*p.size, "start")):
		p.put("label", d.name, right, size, "start")
	case p.fits(textBound(d.name, left, size*p.size, "end")):
		p.put("label", d.name, left, size, "end")
	}
}

// fits tells whether there is room that nothing else takes.
func (p *pen) fits(b orb.Bound) bool {
	return b.Min[0] >= 0 && b.Max[0] <= p.width && b.Min[1] >= 0 && b.Max[1] <= p.height && !slices.ContainsFunc(p.taken, b.Intersects)
}

// put writes a name with a halo and takes the room for it.
func (p *pen) put(class, text string, at orb.Point, size float64, anchor string) {
	size *= p.size
	fmt.Fprintf(&p.out, `<text class="%s" x="%.1f" y="%.1f" font-size="%.4g" text-anchor="%s" fill="#33302a" stroke="#f7f5ee" stroke-width="%.2g" paint-order="stroke">`,
		class, at[0], at[1], size, anchor, 3*p.size)
	p.escape(text)
	p.element("</text>")
	p.taken = append(p.taken, textBound(text, at, size, anchor))
}

// textBound is about how much room a name takes.
func textBound(text string, at orb.Point, size float64, anchor string) orb.Bound {
	wide := float64(len([]rune(text))) * size * 0.6
	x := at[0]
	switch anchor {
	case "middle":
		x -= wide / 2
	case "end":
		x -= wide
	}
	return orb.Bound{Min: orb.Point{x, at[1] - size}, Max: orb.Point{x + wide, at[1] + size/3}}
}

// cellNames writes the names of segments into their middle, where they fit.
func (p *pen) cellNames(cells []Cell) {
	const size = 14
	for _, c := range cells {
		middle := c.Area.Centroid()
		for _, turn := range p.turns() {
			at := p.pixel(onPlane(middle.Lon(), middle.Lat()), turn)
			at[1] += 5 * p.size
			if p.frame().Contains(at) && !slices.ContainsFunc(p.taken, textBound(c.Label, at, size*p.size, "middle").Intersects) {
				p.put("cell-name", c.Label, at, size, "middle")
			}
		}
	}
}

// placeNames writes the names of countries and towns, the weightiest first, where
// there is room.
func (p *pen) placeNames(labels []label) {
	room := max(6, int(p.width*p.height/16000/p.size/p.size))
	for _, l := range labels {
		spot := p.pixel(l.at, math.Round(p.left+p.width/p.scale/2-l.at[0]))
		if room == 0 || spot[0] < 0 || spot[1] < 14*p.size || spot[0] > p.width || spot[1] > p.height-4*p.size {
			continue
		}
		name, class, size, anchor, at := l.names.In(p.lang), "town", float64(smallestPut), "start", orb.Point{spot[0] + 5*p.size, spot[1] + 4*p.size}
		if l.country {
			if l.weight*p.scale < 2e10*p.size {
				continue // it would not fit into the country
			}
			class, size, anchor, at = "country", 14, "middle", spot
		}
		bound := textBound(name, at, size*p.size, anchor)
		if bound.Max[0] > p.width || bound.Min[0] < 0 || slices.ContainsFunc(p.taken, bound.Intersects) {
			continue
		}
		if !l.country {
			fmt.Fprintf(&p.out, `<circle class="dot" cx="%.1f" cy="%.1f" r="%.2g" fill="#33302a"/>`, spot[0], spot[1], 2*p.size)
		}
		p.put(class, name, at, size, anchor)
		room--
	}
}
