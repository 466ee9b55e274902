package geo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
)

// heat draws squares of weight as discs, larger and darker the nearer they come
// to the heaviest.
func (s *sketch) heat(squares []Warmth) {
	most := 0.0
	for _, q := range squares {
		most = math.Max(most, q.Weight)
	}
	for i := len(squares) - 1; i >= 0; i-- { // the weightiest on top
		q := squares[i]
		share := q.Weight / most
		for _, turn := range s.turns() {
			p := s.pixel(onPlane(q.Lon, q.Lat), turn)
			if s.frame().Contains(p) {
				fmt.Fprintf(&s.out, `<circle class="heat" cx="%.1f" cy="%.1f" r="%.1f" fill="#b3261e" fill-opacity="%.2f"/>`, p[0], p[1], 10+18*math.Sqrt(share), 0.1+0.35*share)
			}
		}
	}
}

// circles draws rings around places without filling them.
func (s *sketch) circles(circles []Circle) {
	for _, c := range circles {
		for _, turn := range s.turns() {
			at := s.pixel(onPlane(c.Center[0], c.Center[1]), turn)
			r := c.RadiusM / metresPerDeg / degreesPerTurn * s.scale / math.Max(0.02, math.Cos(c.Center[1]*radiansPerDeg))
			if at[0] > -r && at[0] < s.width+r {
				fmt.Fprintf(&s.out, `<circle class="ring" cx="%.1f" cy="%.1f" r="%.1f" fill="none" stroke="#0d4f63" stroke-dasharray="2 4"/>`, at[0], at[1], r)
			}
		}
	}
}

// way draws lines from place to place, broken as ways that are supposed.
func (s *sketch) way(lines [][][2]float64) {
	for _, l := range lines {
		line := make(orb.LineString, len(l))
		for i, p := range l {
			line[i] = onPlane(p[0], p[1])
		}
		s.element(`<path class="way" fill="none" stroke="#a8201a" stroke-width="3" stroke-dasharray="3 5" d="`)
		for _, turn := range s.turns() {
			for _, piece := range clip.LineString(s.frame(), s.pixels(line, turn)) {
				s.path(piece)
			}
		}
		s.element(`"/>`)
	}
}

// sign draws a marker as a path in a square of 24 units around its place.
func (s *sketch) sign(m Marker, p orb.Point) {
	s.element(`<path class="marker `)
	s.escape(m.Class)
	s.element(`" fill="#b3261e" fill-rule="evenodd" stroke="#fff" stroke-width="2" paint-order="stroke" d="`)
	s.escape(m.Path)
	fmt.Fprintf(&s.out, `" transform="translate(%.1f %.1f) scale(0.75) translate(-12 -12)"/>`, p[0], p[1])
}
