package geo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
)

// Cell is one segment of a search on a drawn map. Level, 0 to 4, is how dark it
// is; Class is a constant of the program, Label any text.
type Cell struct {
	Area  Shape
	Label string
	Class string
	Level int
}

// cells draws segments with their outlines.
func (s *sketch) cells(cells []Cell) {
	for _, c := range cells {
		fmt.Fprintf(&s.out, `<g class="cell %s" fill="#5b2a86" fill-opacity="%.2f" stroke="#5b2a86" stroke-width="1.5" fill-rule="evenodd">`,
			c.Class, 0.06+0.14*float64(max(0, min(c.Level, 4))))
		for i := range c.Area.parts {
			s.part(&c.Area.parts[i])
		}
		s.element("</g>")
	}
}

// ruler draws how long a round number of metres is, in the lower left corner, and
// returns what is to be written beside it.
func (s *sketch) ruler() *dot {
	middle := s.top + s.height/s.scale/2
	// On the plane a metre is longer by one over the cosine of the latitude,
	// which is the hyperbolic cosine of the height over the equator.
	metre := s.scale / (metresPerDeg * degreesPerTurn) * math.Cosh(math.Pi*(1-2*middle))
	length := 1.0
	for _, round := range []float64{50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000, 200_000} {
		if round*metre < s.width/3 {
			length = round
		}
	}
	y := s.height - 12
	fmt.Fprintf(&s.out, `<path class="ruler" fill="none" stroke="#33302a" stroke-width="2" d="M12 %.1fV%.1fH%.1fV%.1f"/>`, y-6, y, 12+length*metre, y-6)
	label := fmt.Sprintf("%.0f m", length)
	if length >= 1000 {
		label = fmt.Sprintf("%.0f km", length/1000)
	}
	return &dot{orb.Point{16 + length*metre, y + 2}, label}
}

// lines draws tracks.
func (s *sketch) lines(tracks []Track) {
	for _, t := range tracks {
		s.element(`<path class="track" fill="none" stroke="#1f5f3f" stroke-width="2" stroke-dasharray="6 3" d="`)
		for _, run := range t.Runs {
			line := make(orb.LineString, len(run))
			for i, p := range run {
				line[i] = onPlane(p.Lon(), p.Lat())
			}
			for _, turn := range s.turns() {
				for _, piece := range clip.LineString(s.frame(), s.pixels(line, turn)) {
					s.path(piece)
				}
			}
		}
		s.element(`"/>`)
	}
}
