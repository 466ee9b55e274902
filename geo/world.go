package geo

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// world is Natural Earth as a topology: borders are arcs that neighbours
// share, so that simplifying an arc moves both countries alike.
type world struct {
	arcs      []orb.LineString
	countries []worldCountry
}

// worldCountry is polygons of rings of arcs; arc ^i is arc i backwards.
type worldCountry struct {
	code     string // "" for land that belongs to no code
	polygons [][][]int
}

func readWorld() (*world, error) {
	data, err := readZipped("world.bin.gz")
	if err != nil {
		return nil, err
	}
	r := &reader{data: data}
	var grid [4]float64
	for i := range grid {
		grid[i] = math.Float64frombits(binary.LittleEndian.Uint64(r.bytes(8)))
	}
	w := &world{arcs: make([]orb.LineString, r.count())}
	for i := range w.arcs {
		w.arcs[i] = make(orb.LineString, r.count())
		x, y := 0, 0
		for k := range w.arcs[i] {
			x, y = x+r.int(), y+r.int()
			w.arcs[i][k] = orb.Point{
				clamp(float64(x)*grid[0]+grid[2], 180),
				clamp(float64(y)*grid[1]+grid[3], 90),
			}
		}
	}
	w.countries = make([]worldCountry, r.count())
	for i := range w.countries {
		w.countries[i].code = strings.TrimSpace(string(r.bytes(2)))
		w.countries[i].polygons = make([][][]int, r.count())
		for j := range w.countries[i].polygons {
			w.countries[i].polygons[j] = readPolygon(r)
		}
	}
	return w, r.err
}

func readPolygon(r *reader) [][]int {
	rings := make([][]int, r.count())
	for i := range rings {
		rings[i] = make([]int, r.count())
		for k := range rings[i] {
			rings[i][k] = r.int()
		}
	}
	return rings
}

// clamp also rounds away the noise of the grid: 1e-6 degrees are 11 cm.
func clamp(v, limit float64) float64 {
	v = math.Round(v*1e6) / 1e6
	if limit-math.Abs(v) < 2e-3 {
		return math.Copysign(limit, v)
	}
	return v
}

// ring joins the arcs of one ring; the last position equals the first.
func (w *world) ring(arcs []int) [][2]float64 {
	var out [][2]float64
	for _, i := range arcs {
		n := len(w.arcs[max(i, ^i)])
		for k := range n {
			p := w.arcs[max(i, ^i)][k]
			if i < 0 {
				p = w.arcs[^i][n-1-k]
			}
			if len(out) == 0 || out[len(out)-1] != p {
				out = append(out, p)
			}
		}
	}
	return out
}

// geometry is a country's whole boundary. The source is stitched over the
// 180th meridian, so it is split like any other, and around the south pole,
// where it leaves a ring of nothing beside the coast.
func (c worldCountry) geometry(w *world) [][][][2]float64 {
	var g Geometry
	for _, arcs := range c.polygons {
		var rings [][][2]float64
		for _, ring := range arcs {
			if r := w.ring(ring); len(r) >= 4 && !slices.ContainsFunc(r, atPole) {
				rings = append(rings, r)
			}
		}
		if len(rings) > 0 {
			g.Coordinates = append(g.Coordinates, rings)
		}
	}
	return g.normalize().Coordinates
}

func atPole(p [2]float64) bool { return math.Abs(p[1]) == 90 }
