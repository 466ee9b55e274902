package geo

import (
	"math"
	"slices"
	"time"
)

// TrackGapM is the longest step between two points of a track that counts as
// walked. A longer one means that the recording had stopped.
const TrackGapM = 500

// Track is where somebody walked: runs of positions without a break.
type Track struct {
	Runs [][]Point
	// From and To are the first and last time in it, zero without times.
	From, To time.Time
}

// Points counts the positions.
func (t Track) Points() int {
	n := 0
	for _, run := range t.Runs {
		n += len(run)
	}
	return n
}

// LengthM is how far the track goes, gaps left out.
func (t Track) LengthM() float64 {
	return t.measure(func(a, b Point) float64 { return Distance(a, b) })
}

// InsideM is how much of the track lies inside the drawn polygons of a shape,
// gaps left out. Its regions and circles are not looked at.
func (t Track) InsideM(s Shape) float64 {
	return t.measure(func(a, b Point) float64 { return s.stepInside(a, b) })
}

func (t Track) measure(step func(a, b Point) float64) float64 {
	total := 0.0
	for _, run := range t.Runs {
		for i := 0; i+1 < len(run); i++ {
			if Distance(run[i], run[i+1]) <= TrackGapM {
				total += step(run[i], run[i+1])
			}
		}
	}
	return total
}

// Thin leaves out points evenly until at most n are left, the ends of each run
// always among them.
func (t Track) Thin(n int) Track {
	if every := (t.Points() + n - 1) / max(1, n); every > 1 {
		runs := make([][]Point, 0, len(t.Runs))
		for _, run := range t.Runs {
			var kept []Point
			for i, p := range run {
				if i%every == 0 || i == len(run)-1 {
					kept = append(kept, p)
				}
			}
			runs = append(runs, kept)
		}
		t.Runs = runs
	}
	return t
}

// stepInside is how much of one step lies inside: the step is cut at every
// boundary that it crosses, and the middle of each piece tells for the piece.
func (s Shape) stepInside(a, b Point) float64 {
	on := rect{min(a.Lon(), b.Lon()), min(a.Lat(), b.Lat()), max(a.Lon(), b.Lon()), max(a.Lat(), b.Lat())}
	cuts := []float64{0, 1}
	near := false
	for i := range s.parts {
		o := s.parts[i].outline
		if o == nil || !o.box.meets(on) {
			continue
		}
		near = true
		for _, e := range o.edges {
			if t, ok := stepCrosses(a, b, e); ok {
				cuts = append(cuts, t)
			}
		}
	}
	if !near {
		return 0
	}
	slices.Sort(cuts)
	share := 0.0
	for i := 0; i+1 < len(cuts); i++ {
		if from, to := cuts[i], cuts[i+1]; to > from && s.Contains(alongStep(a, b, (from+to)/2)) {
			share += to - from
		}
	}
	return share * Distance(a, b)
}

func alongStep(a, b Point, t float64) Point {
	return At(a.Lon()+t*(b.Lon()-a.Lon()), a.Lat()+t*(b.Lat()-a.Lat()))
}

// stepCrosses is where a step meets an edge, as a share of the step. Steps along an
// edge have no such place: their middle is asked.
func stepCrosses(a, b Point, e edge) (float64, bool) {
	dx, dy, ex, ey := b.Lon()-a.Lon(), b.Lat()-a.Lat(), e.bx-e.ax, e.by-e.ay
	cross := dx*ey - dy*ex
	if math.Abs(cross) < 1e-18 {
		return 0, false
	}
	qx, qy := e.ax-a.Lon(), e.ay-a.Lat()
	t, u := (qx*ey-qy*ex)/cross, (qx*dy-qy*dx)/cross
	return t, t > 0 && t < 1 && u >= 0 && u <= 1
}
