package search

import (
	"math"
	"slices"
	"strings"

	"homeward/geo"
	"homeward/geo/script"
)

// joined makes one place of the pieces of a street or a square in one town, and
// keeps other places once. The order is that of the file.
func joined(pieces []piece) []OwnPlace {
	var out []OwnPlace
	var lines [][][]geo.Point
	at := map[string]int{}
	for _, p := range pieces {
		key := strings.Join([]string{p.Kind, script.Fold(p.Name), script.Fold(p.Town)}, "\x00")
		if p.Kind != KindStreet && p.Kind != KindSquare {
			m := middle(p.lines)
			key += "\x00" + degrees(m.Lat()) + degrees(m.Lon())
		}
		i, known := at[key]
		if !known {
			i = len(out)
			at[key] = i
			out, lines = append(out, p.OwnPlace), append(lines, nil)
		}
		lines[i] = append(lines[i], p.lines...)
		for _, o := range p.Others {
			if !slices.Contains(out[i].Others, o) && len(out[i].Others) < maxOthers {
				out[i].Others = append(out[i].Others, o)
			}
		}
	}
	for i := range out {
		out[i].Point = middle(lines[i])
	}
	return out
}

// middle is the point of some lines that is nearest to their centre, so that it
// lies on the street and not in the bend of it.
func middle(lines [][]geo.Point) geo.Point {
	lon, lat, weight := 0.0, 0.0, 0.0
	for _, l := range lines {
		for i := 1; i < len(l); i++ {
			w := geo.Distance(l[i-1], l[i])
			lon, lat, weight = lon+w*(l[i-1].Lon()+l[i].Lon())/2, lat+w*(l[i-1].Lat()+l[i].Lat())/2, weight+w
		}
	}
	if weight == 0 { // only points
		for _, l := range lines {
			for _, p := range l {
				lon, lat, weight = lon+p.Lon(), lat+p.Lat(), weight+1
			}
		}
	}
	if weight == 0 {
		return geo.Point{}
	}
	centre := geo.At(lon/weight, lat/weight)
	best, near := centre, math.Inf(1)
	for _, l := range lines {
		for i := range l {
			p := onto(centre, l[max(0, i-1)], l[i])
			if d := geo.Distance(centre, p); d < near {
				best, near = p, d
			}
		}
	}
	return best
}

// onto is the point between a and b that is nearest to c, on a plane: streets
// are short.
func onto(c, a, b geo.Point) geo.Point {
	k := math.Cos(c.Lat() * math.Pi / 180)
	x, y := (b.Lon()-a.Lon())*k, b.Lat()-a.Lat()
	if x == 0 && y == 0 {
		return b
	}
	t := ((c.Lon()-a.Lon())*k*x + (c.Lat()-a.Lat())*y) / (x*x + y*y)
	t = math.Max(0, math.Min(1, t))
	return geo.At(a.Lon()+t*(b.Lon()-a.Lon()), a.Lat()+t*(b.Lat()-a.Lat()))
}
