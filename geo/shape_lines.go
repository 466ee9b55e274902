package geo

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"
)

// Drawn returns the shape's regions and polygons as one geometry for drawing,
// each boundary simplified to within some degrees; circles are left to the
// caller, who has their centres. Nothing may be decided by it.
func (s Shape) Drawn(within float64) Geometry {
	g := Geometry{Type: "MultiPolygon"}
	for q := range s.all {
		if q.outline == nil {
			continue
		}
		var polygon [][][2]float64
		for _, ring := range q.outline.rings() {
			line := simplify.DouglasPeucker(within).LineString(ring)
			if len(line) < 4 {
				continue // smaller than what can be seen
			}
			var out [][2]float64
			for _, p := range line {
				out = append(out, [2]float64{math.Round(p[0]*1e4) / 1e4, math.Round(p[1]*1e4) / 1e4})
			}
			polygon = append(polygon, out)
		}
		if len(polygon) > 0 {
			g.Coordinates = append(g.Coordinates, polygon)
		}
	}
	return g
}

// rings are the closed rings that an outline was compiled from, with the corners
// that cutting long edges has added.
func (o *outline) rings() []orb.LineString {
	var out []orb.LineString
	var ring orb.LineString
	for i, e := range o.edges {
		ring = append(ring, orb.Point{e.ax, e.ay})
		if i+1 == len(o.edges) || o.edges[i+1].ax != e.bx || o.edges[i+1].ay != e.by {
			out = append(out, append(ring, orb.Point{e.bx, e.by}))
			ring = nil
		}
	}
	return out
}
