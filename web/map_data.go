package web

import (
	"html/template"

	"homeward/geo"
)

// MapData is what a page puts on its map, and the words that its script needs.
type MapData struct {
	Texts   map[string]string `json:"texts"`
	Markers []MapMarker       `json:"markers,omitempty"`
	Areas   []geo.Geometry    `json:"areas,omitempty"`
	Circles []geo.Circle      `json:"circles,omitempty"`
	// Lines are drawn from position to position, broken as a way that is supposed.
	Lines [][][2]float64 `json:"lines,omitempty"`
	Rings []Ring         `json:"rings,omitempty"`
	// Covers are the areas that organisations cover, Heat the squares where
	// reports weigh most, against the heaviest.
	Covers []MapCover `json:"covers,omitempty"`
	Heat   []MapHeat  `json:"heat,omitempty"`
	// Base is the operator's own map with streets, nil for none.
	Base *MapBase `json:"base,omitempty"`
	// Fit shows everything that is on the map at first.
	Fit bool `json:"fit,omitempty"`
}

// MapMarker is one mark: kind is last_seen or sighting. Grade begins with the
// letter of the source.
type MapMarker struct {
	ID        string  `json:"id,omitempty"`
	Lon       float64 `json:"lon"`
	Lat       float64 `json:"lat"`
	Kind      string  `json:"kind"`
	Label     string  `json:"label,omitempty"`
	AccuracyM float64 `json:"accuracy_m,omitempty"`
	Href      string  `json:"href,omitempty"`
	State     string  `json:"state,omitempty"`
	Grade     string  `json:"grade,omitempty"`
}

// Map is a page's map with its words filled in.
func (p *Page) Map(d MapData) MapData {
	d.Texts, d.Base = p.MapTexts(), p.mapBase()
	return d
}

// MapCredit names the sources of the map; it stands wherever one is shown.
func (p *Page) MapCredit() string { return geo.Attribution }

// MapSVG draws what is on a map for readers without script or WebGL, with its
// regions. width and height are pixels.
func (p *Page) MapSVG(d MapData, regions []string, width, height int, title string) template.HTML {
	shape := p.s.Regions.Compile(geo.Area{Regions: regions, Areas: d.Areas, Circles: d.Circles})
	drawing := geo.Drawing{Lang: p.Lang, Title: title}
	if len(regions)+len(d.Areas)+len(d.Circles) > 0 {
		drawing.Areas = []geo.Shape{shape}
	}
	box := boxOf(shape, d.Markers, len(drawing.Areas) > 0)
	for _, m := range d.Markers {
		class := "marker"
		if m.Kind == "last_seen" {
			class = "marker last-seen"
		}
		drawing.Markers = append(drawing.Markers, geo.Marker{Point: geo.At(m.Lon, m.Lat), Label: m.Label, Class: class})
	}
	return template.HTML(p.s.Basemap.SVG(box, width, height, drawing)) //nolint:gosec // the drawing escapes every text
}

// boxOf is the part of the world that shows everything, with some room.
func boxOf(shape geo.Shape, markers []MapMarker, hasArea bool) geo.Box {
	var box geo.Box
	found := false
	if hasArea {
		box, found = shape.Bounds(), true
	}
	for _, m := range markers {
		if !found {
			box, found = geo.Box{West: m.Lon, South: m.Lat, East: m.Lon, North: m.Lat}, true
			continue
		}
		box.West, box.East = min(box.West, m.Lon), max(box.East, m.Lon)
		box.South, box.North = min(box.South, m.Lat), max(box.North, m.Lat)
	}
	if !found {
		return geo.Box{West: 18.8, South: 41.8, East: 23.1, North: 46.3}
	}
	const room = 0.15 // degrees, so that one place alone has its surroundings
	box.West, box.South, box.East, box.North = box.West-room, max(box.South-room, -90), box.East+room, min(box.North+room, 90)
	return box
}

// NoMap is a map with nothing on it.
func (p *Page) NoMap() MapData { return MapData{} }
