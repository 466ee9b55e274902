package geo

import "math"

// Limits of a grid: the side of a cell in metres, and how many there may be.
const (
	MinCellM = 50
	MaxCellM = 20_000
	MaxCells = 200
)

// GridCell is one square of a grid. Row counts from the north, Column from the
// west, both from 0.
type GridCell struct {
	Row, Column int
	Area        Geometry
}

// Grid covers a shape with squares of a side in metres, row by row from the
// north-west. Squares that do not touch the shape are left out. When there would
// be more than MaxCells, or the side is out of bounds, it returns none and how
// many there would be.
func Grid(over Shape, sideM float64) (cells []GridCell, wanted int) {
	box := over.Bounds()
	if over.Empty() || !(sideM >= MinCellM && sideM <= MaxCellM) || box.West > box.East {
		return nil, 0
	}
	tall := sideM / metresPerDeg
	wide := tall / math.Max(0.02, math.Cos((box.North+box.South)/2*radiansPerDeg))
	rows, columns := steps(box.North-box.South, tall), steps(box.East-box.West, wide)
	if rows*columns > 100*MaxCells {
		return nil, rows * columns
	}
	// The grid lies over the middle of the box.
	north := (box.North+box.South)/2 + float64(rows)*tall/2
	west := (box.West+box.East)/2 - float64(columns)*wide/2
	for r := range rows {
		for c := range columns {
			area := square(west+float64(c)*wide, north-float64(r)*tall, wide, tall, 0)
			inner := square(west+float64(c)*wide, north-float64(r)*tall, wide, tall, 0.01)
			if over.Meets(newShape(nil, Area{Areas: []Geometry{inner}}.drawnParts()), 0) {
				cells = append(cells, GridCell{r, c, area})
			}
		}
	}
	if len(cells) > MaxCells {
		return nil, len(cells)
	}
	return cells, len(cells)
}

func steps(length, step float64) int { return max(1, int(math.Ceil(length/step-1e-6))) }

// square is a rectangle from its north-west corner, drawn in by a share of its
// sides, so that a neighbour that only shares an edge is not touched.
func square(west, north, wide, tall, in float64) Geometry {
	w, e, n, s := west+wide*in, west+wide*(1-in), north-tall*in, north-tall*(1-in)
	return Polygon([][2]float64{{w, s}, {e, s}, {e, n}, {w, n}, {w, s}})
}
