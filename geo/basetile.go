package geo

import (
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
)

const (
	tileBuffer     = 64 // steps drawn beyond a tile's edge
	labelsPerTile  = 80
	heaviestAtZoom = 8_000_000 // the weight that a town needs at zoom 0
)

// Tile returns a vector tile of the basemap, version 2: layers "land" (code,
// name, name_sr_latn, name_sr_cyrl), "boundaries" (disputed) and "places"
// (the names, code, kind country or town, rank, and order, 0 for the
// weightiest). Empty for a tile that is all sea, does not exist, or lies
// beyond BasemapMaxZoom. The bytes are shared and must not be changed.
func (b *Basemap) Tile(z, x, y int) []byte {
	if z > BasemapMaxZoom || !TileExists(z, x, y) {
		return nil
	}
	id := [3]int{z, x, y}
	b.mu.Lock()
	data, ok := b.cached[id]
	b.mu.Unlock()
	if ok {
		return data
	}
	data = b.draw(z, x, y)
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.cached) >= maxCachedTiles {
		clear(b.cached)
	}
	b.cached[id] = data
	return data
}

func (b *Basemap) draw(z, x, y int) []byte {
	v := view{scale: float64(uint64(tileExtent) << z), x: float64(x) * tileExtent, y: float64(y) * tileExtent}
	l := b.levels[z]()
	return marshalTile(v.land(l, b.countryNames()), v.boundaries(l), v.places(b.labels, z))
}

// view is how the plane is seen from one tile, in its steps.
type view struct{ scale, x, y float64 }

func (v view) point(p orb.Point) orb.Point {
	return orb.Point{p[0]*v.scale - v.x, p[1]*v.scale - v.y}
}

func (v view) frame() orb.Bound {
	return orb.Bound{Min: orb.Point{-tileBuffer, -tileBuffer}, Max: orb.Point{tileExtent + tileBuffer, tileExtent + tileBuffer}}
}

func (v view) sees(b orb.Bound) bool {
	return v.frame().Intersects(orb.Bound{Min: v.point(b.Min), Max: v.point(b.Max)})
}

func (v view) line(in []orb.Point) []orb.Point {
	out := make([]orb.Point, len(in))
	for i, p := range in {
		out[i] = v.point(p)
	}
	return out
}

func (v view) land(l *level, names map[string]Names) *tileLayer {
	out := newTileLayer("land")
	for _, piece := range l.land {
		if !v.sees(piece.bound) {
			continue
		}
		var polygon orb.Polygon
		for i, ring := range piece.rings {
			r := orb.Ring(snap(clip.Ring(v.frame(), v.line(ring))))
			// Whole steps may flatten or turn around a ring of a few.
			if (i == 0) == (ringArea(r) > 0) && ringArea(r) != 0 {
				polygon = append(polygon, r)
			} else if i == 0 {
				break
			}
		}
		if len(polygon) == 0 {
			continue
		}
		out.text("code", piece.code)
		out.names(names[piece.code])
		out.polygon(polygon)
	}
	return out
}

func (v view) boundaries(l *level) *tileLayer {
	out := newTileLayer("boundaries")
	for _, border := range l.borders {
		if !v.sees(border.bound) {
			continue
		}
		for _, line := range clip.LineString(v.frame(), v.line(border.line)) {
			if line = snap(line); len(line) >= 2 {
				out.flag("disputed", border.disputed)
				out.line(line)
			}
		}
	}
	return out
}

// places takes towns by weight, fewer on coarse zooms, and the countries that
// are large enough to carry their name.
func (v view) places(labels []label, z int) *tileLayer {
	out := newTileLayer("places")
	drawn := 0
	least := float64(heaviestAtZoom) / float64(uint64(1)<<(z*7/5))
	for i, l := range labels {
		p := v.point(l.at)
		if drawn >= labelsPerTile || p[0] < 0 || p[1] < 0 || p[0] >= tileExtent || p[1] >= tileExtent {
			continue
		}
		if !l.country && l.weight < least && z < BasemapMaxZoom {
			continue
		}
		kind := "town"
		if l.country {
			kind = "country"
		}
		out.text("code", l.code)
		out.text("kind", kind)
		out.names(l.names)
		out.number("order", int64(i))
		out.number("rank", int64(l.rank))
		out.point(int32(p[0]), int32(p[1]))
		drawn++
	}
	return out
}

// names writes those that there are.
func (l *tileLayer) names(n Names) {
	for _, one := range [][2]string{{"name", n.En}, {"name_sr_cyrl", n.SrCyrl}, {"name_sr_latn", n.SrLatn}} {
		if one[1] != "" {
			l.text(one[0], one[1])
		}
	}
}

func (b *Basemap) countryNames() map[string]Names {
	names := map[string]Names{}
	for _, l := range b.labels {
		if l.country {
			names[l.code] = l.names
		}
	}
	return names
}

// snap puts a line on whole steps and drops points that fall together.
func snap[T ~[]orb.Point](line T) T {
	out := line[:0]
	for _, p := range line {
		p = orb.Point{float64(int(p[0])), float64(int(p[1]))}
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	return out
}
