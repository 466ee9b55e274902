package web

import (
	"slices"

	"homeward/alerts"
	"homeward/geo"
)

// mapShape is how a kind of thing looks on every map: the shape alone tells what
// it is, the colour repeats it. js/map_shapes.js draws the same paths.
type mapShape struct{ Name, Tone, Path string }

func mapShapes() []mapShape {
	return []mapShape{
		{"last_seen", "live", "M12 1.5l3.2 7l7.6.8l-5.7 5.1l1.6 7.5l-6.7-3.9l-6.7 3.9l1.6-7.5l-5.7-5.1l7.6-.8z"},
		{"new", "wait", "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18zM12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8z"},
		{"screened", "accent", "M12 4a8 8 0 1 1 0 16a8 8 0 1 1 0-16z"},
		{"assessed", "accent", "M4 4h16v16h-16z"},
		{"handed_over", "done", "M12 2l10 10l-10 10l-10-10z"},
		{"confirmed", "done", "M12 3l10 18h-20z"},
		{"excluded", "quiet", "M6 3l6 6l6-6l3 3l-6 6l6 6l-3 3l-6-6l-6 6l-3-3l6-6l-6-6z"},
		{"not_verifiable", "quiet", "M4 8h16v8h-16z"},
	}
}

// MapShapes are the shapes of a legend.
func (p *Page) MapShapes() []mapShape { return mapShapes() }

// ShapeName is what a shape stands for.
func (p *Page) ShapeName(name string) string {
	if name == "last_seen" {
		return p.T("map.last_seen")
	}
	return p.Word("sighting_state", name)
}

// mapShapeOf is the path and the class of a marker on a map that the server draws.
func mapShapeOf(name string) (path, class string) {
	i := slices.IndexFunc(mapShapes(), func(s mapShape) bool { return s.Name == name })
	if i < 0 {
		return "", "marker"
	}
	s := mapShapes()[i]
	return s.Path, "tone-" + s.Tone
}

// markerOf is a marker as the server draws it; n is its number in the list, 0
// for none.
func markerOf(m MapMarker) geo.Marker {
	name := m.State
	if m.Kind == "last_seen" {
		name = m.Kind
	}
	path, class := mapShapeOf(name)
	return geo.Marker{Point: geo.At(m.Lon, m.Lat), Label: m.Label, Class: class, Path: path}
}

// markerFor is a sighting on a map that the server draws.
func markerFor(v *alerts.SightingView, label string) MapMarker {
	return MapMarker{Lon: v.Place.Lon(), Lat: v.Place.Lat(), Kind: "sighting", State: string(v.State), Label: label}
}
