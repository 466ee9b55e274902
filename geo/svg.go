package geo

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/simplify"
)

// Marker is a dot on a drawn map. Class becomes its CSS class and must be a
// constant of the program; Label is any text, empty for none.
type Marker struct {
	Point Point
	Label string
	Class string
	// Path draws it instead of a dot: an SVG path in a square of 24 units, and a
	// constant of the program.
	Path string
}

// Drawing is what stands on a map besides the basemap.
type Drawing struct {
	Lang    string // of the labels: "en", "sr-Latn", "sr-Cyrl"
	Title   string // read aloud in place of the picture
	Areas   []Shape
	Markers []Marker
	// Cells are the segments of a search, Tracks where teams walked.
	Cells  []Cell
	Tracks []Track
	// Heat are squares of weight, Rings circles that are not filled, Ways lines
	// from place to place. Scale draws a ruler.
	Heat  []Warmth
	Rings []Circle
	Ways  [][][2]float64
	Scale bool
}

// maxSVGSide bounds a drawing, in pixels.
const maxSVGSide = 4000

// SVG draws a map of the box for pages without script: land, borders, areas,
// markers and the names of the larger towns. The box is widened to fit width
// and height. Colours are attributes, so that the page's style sheet may
// change them by the classes sea, land, border, area, marker, town, country.
// Where a telephone would shrink the names of a wide drawing beyond reading, it
// has them twice: the style sheet shows the group names-narrow in place of
// names-wide on a narrow screen.
func (b *Basemap) SVG(box Box, width, height int, d Drawing) []byte {
	width, height = max(16, min(width, maxSVGSide)), max(16, min(height, maxSVGSide))
	s := &sketch{width: float64(width), height: float64(height), lang: d.Lang}
	s.fit(box)
	l := b.levels[s.zoom()]()
	fmt.Fprintf(&s.out, `<svg xmlns="http://www.w3.org/2000/svg" class="map" role="img" viewBox="0 0 %d %d" width="%d" height="%d">`, width, height, width, height)
	s.out.WriteString("<title>")
	s.escape(d.Title)
	s.out.WriteString("</title>")
	s.element(`<rect class="sea" width="100%" height="100%" fill="#dce9f2"/>`)
	s.land(l)
	s.borders(l)
	for _, a := range d.Areas {
		s.area(a)
	}
	s.heat(d.Heat)
	s.circles(d.Rings)
	s.cells(d.Cells)
	s.lines(d.Tracks)
	s.way(d.Ways)
	w := writing{cells: d.Cells, places: b.labels}
	if len(d.Cells) > 0 || d.Scale {
		w.ruler = s.ruler()
	}
	w.dots = s.markers(d.Markers)
	s.write(&w)
	s.element("</svg>")
	return s.out.Bytes()
}

// sketch is a drawing under way. Everything is drawn once for each turn of the
// Earth that the frame may show, so that maps across the 180th meridian work.
type sketch struct {
	out           bytes.Buffer
	width, height float64
	lang          string
	scale         float64 // pixels to the whole plane
	left, top     float64 // of the frame, on the plane
}

func (s *sketch) element(text string) { s.out.WriteString(text) }

func (s *sketch) escape(text string) {
	_ = xml.EscapeText(&s.out, []byte(text)) // a bytes.Buffer takes everything
}

// fit chooses the scale at which the box fills the frame, but for a margin,
// and no closer than zoom 16.
func (s *sketch) fit(box Box) {
	east := box.East
	if box.West > east {
		east += degreesPerTurn
	}
	a, c := onPlane(box.West, box.North), onPlane(east, box.South)
	wide, high := max(c[0]-a[0], 1e-9), max(c[1]-a[1], 1e-9)
	s.scale = min(s.width/wide, s.height/high, 256<<16) * 0.94
	s.scale = max(s.scale, s.width, s.height)
	s.left = (a[0]+c[0])/2 - s.width/s.scale/2
	s.top = (a[1]+c[1])/2 - s.height/s.scale/2
}

func (s *sketch) zoom() int {
	return max(0, min(BasemapMaxZoom, int(math.Round(math.Log2(s.scale/256)))))
}

func (s *sketch) pixel(p orb.Point, turn float64) orb.Point {
	return orb.Point{(p[0] + turn - s.left) * s.scale, (p[1] - s.top) * s.scale}
}

// turns is which copies of the plane the frame may show.
func (s *sketch) turns() []float64 { return []float64{-1, 0, 1} }

func (s *sketch) frame() orb.Bound {
	return orb.Bound{Min: orb.Point{-4, -4}, Max: orb.Point{s.width + 4, s.height + 4}}
}

func (s *sketch) pixels(line []orb.Point, turn float64) []orb.Point {
	out := make([]orb.Point, len(line))
	for i, p := range line {
		out[i] = s.pixel(p, turn)
	}
	return out
}

func (s *sketch) sees(b orb.Bound, turn float64) bool {
	return s.frame().Intersects(orb.Bound{Min: s.pixel(b.Min, turn), Max: s.pixel(b.Max, turn)})
}

// unseen is by how much, in pixels, a drawn line may leave the real one.
const unseen = 0.75

// path writes a line in steps of tenths of a pixel, without the points that
// nobody could see: on an old phone a map is the heaviest part of its page.
func (s *sketch) path(line []orb.Point) {
	if simple := simplify.DouglasPeucker(unseen).LineString(slices.Clone(orb.LineString(line))); len(simple) > 2 {
		line = simple // what is smaller than a pixel stays, as a dot
	}
	var x, y int
	for i, p := range line {
		toX, toY := tenths(p[0]), tenths(p[1])
		switch {
		case i == 0:
			s.number('M', toX)
		case toX == x && toY == y && i > 1:
			continue
		case i == 1:
			s.number('l', toX-x)
		default:
			s.number(' ', toX-x)
		}
		s.number(' ', toY-y)
		x, y = toX, toY
	}
}

func tenths(pixels float64) int { return int(math.Round(pixels * 10)) }

// number writes tenths as shortly as SVG allows, where a minus parts too.
func (s *sketch) number(before byte, tenths int) {
	b := s.out.AvailableBuffer()
	if before != ' ' || tenths >= 0 {
		b = append(b, before)
	}
	if tenths < 0 {
		b, tenths = append(b, '-'), -tenths
	}
	if tenths >= 10 || tenths == 0 {
		b = strconv.AppendInt(b, int64(tenths/10), 10)
	}
	if tenths%10 > 0 {
		b = append(b, '.', byte('0'+tenths%10))
	}
	s.out.Write(b)
}

func (s *sketch) land(l *level) {
	s.element(`<path class="land" fill="#f7f5ee" fill-rule="evenodd" d="`)
	for _, turn := range s.turns() {
		for _, piece := range l.land {
			if s.sees(piece.bound, turn) {
				for _, ring := range piece.rings {
					s.path(clip.Ring(s.frame(), s.pixels(ring, turn)))
				}
			}
		}
	}
	s.element(`"/>`)
}

func (s *sketch) borders(l *level) {
	for _, disputed := range []bool{false, true} {
		dash := ""
		if disputed {
			dash = ` stroke-dasharray="4 3"`
		}
		fmt.Fprintf(&s.out, `<path class="border" fill="none" stroke="#8a8577"%s d="`, dash)
		for _, turn := range s.turns() {
			for _, border := range l.borders {
				if border.disputed == disputed && s.sees(border.bound, turn) {
					for _, line := range clip.LineString(s.frame(), s.pixels(border.line, turn)) {
						s.path(line)
					}
				}
			}
		}
		s.element(`"/>`)
	}
}

// area draws the parts of a shape: regions without a line of their own, since
// the map's borders show them and the parts that make up one must not. A circle
// is drawn with its centre's scale, as web maps do; the Earth's curve shows only
// beyond a thousand kilometres.
func (s *sketch) area(shape Shape) {
	s.element(`<g class="area region" fill="#b3261e" fill-opacity="0.15" stroke="none" fill-rule="evenodd">`)
	for _, t := range shape.regions {
		for i := range t.parts {
			s.part(&t.parts[i])
		}
	}
	s.element(`</g><g class="area" fill="#b3261e" fill-opacity="0.15" stroke="#b3261e" fill-rule="evenodd">`)
	for i := range shape.parts {
		s.part(&shape.parts[i])
	}
	s.element("</g>")
}

func (s *sketch) part(part *part) {
	for _, turn := range s.turns() {
		if part.outline != nil {
			s.outline(part.outline, turn)
			continue
		}
		c := s.pixel(onPlane(part.lon, part.lat), turn)
		r := part.radius / metresPerDeg / degreesPerTurn * s.scale / math.Max(0.02, math.Cos(part.lat*radiansPerDeg))
		if c[0] > -r && c[0] < s.width+r {
			fmt.Fprintf(&s.out, `<circle cx="%.1f" cy="%.1f" r="%.1f"/>`, c[0], c[1], r)
		}
	}
}

func (s *sketch) outline(o *outline, turn float64) {
	if !s.sees(orb.Bound{Min: onPlane(o.box.w, o.box.n), Max: onPlane(o.box.e, o.box.s)}, turn) {
		return
	}
	s.element(`<path d="`)
	var ring orb.Ring
	for i, e := range o.edges {
		ring = append(ring, s.pixel(onPlane(e.ax, e.ay), turn))
		if i+1 == len(o.edges) || o.edges[i+1].ax != e.bx || o.edges[i+1].ay != e.by {
			s.path(clip.Ring(s.frame(), append(ring, s.pixel(onPlane(e.bx, e.by), turn))))
			ring = nil
		}
	}
	s.element(`"/>`)
}

// markers draws the dots and returns where they stand.
func (s *sketch) markers(markers []Marker) []dot {
	var dots []dot
	for _, m := range markers {
		for _, turn := range s.turns() {
			p := s.pixel(onPlane(m.Point.Lon(), m.Point.Lat()), turn)
			if !s.frame().Contains(p) {
				continue
			}
			if m.Path != "" {
				s.sign(m, p)
			} else {
				s.element(`<circle class="marker `)
				s.escape(m.Class)
				fmt.Fprintf(&s.out, `" cx="%.1f" cy="%.1f" r="6" fill="#b3261e" stroke="#fff" stroke-width="2"/>`, p[0], p[1])
			}
			dots = append(dots, dot{p, m.Label})
		}
	}
	return dots
}
