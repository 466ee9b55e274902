package web

import (
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
)

// deskMap is a map of sightings with what its script needs.
type deskMap struct {
	// Tiles is the address of the sightings' tiles, Center and Zoom where the
	// map begins.
	Tiles, Center string
	Zoom          int
	// Data are the markers and texts for the script, SVG what stands there
	// without one.
	Data MapData
	SVG  template.HTML
	// Box is what the map shows at first, as west,south,east,north; empty leaves
	// it to Center and Zoom.
	Box string
}

// starsShown is how many open cases one map shows.
const starsShown = 1000

type mapPageData struct {
	Form *Form
	sightingList
	mapLayers
	Map    deskMap
	States []alerts.SightingState
	// Stars counts the open cases on the map; Begin is the first day of the
	// slider, whose last is today.
	Stars    int
	Begin    string
	Filtered bool
	// Legend are its lines beside those of the shapes.
	Legend []string
}

// SliderDays is the last day of the slider, which is today.
func (mapPageData) SliderDays() int { return sliderDays }

// sliderDays is how far back the slider of the map reaches.
const sliderDays = 90

// mapPage shows all sightings that the reader may see. The list beside the map
// is complete without it.
func (s *Server) mapPage(c *fiber.Ctx, a alerts.Actor) error {
	d := mapPageData{Form: &Form{Values: queryOf(c), zone: s.zone()}, States: alerts.SightingStates()}
	q := d.Form.sightingFilter()
	now := s.Now().In(s.zone())
	d.Begin = now.AddDate(0, 0, -sliderDays).Format(time.DateOnly)
	d.Filtered = q.Case != "" || q.MinGrade != "" || len(q.States) > 0 || !q.From.IsZero() || !q.To.IsZero() || q.Box != nil
	if len(d.Form.Errors) == 0 {
		list, err := s.sightingsOf(c, a, q)
		if alerts.CodeOf(err) == alerts.NotFound {
			d.Form.Errors.Add("case", "unknown_case", "There is no such case.")
		} else if err != nil && !d.Form.Refused(err) {
			return err
		}
		d.sightingList = list
	}
	if len(d.Form.Errors) > 0 {
		c.Status(fiber.StatusUnprocessableEntity)
	}
	stars, err := s.stars(c, a, q.Case)
	if err != nil {
		return err
	}
	d.Stars = len(stars)
	if len(d.Form.Errors) == 0 {
		if d.mapLayers, err = s.layersOf(c, a, d.Form, q); err != nil {
			return err
		}
	}
	q.Box = nil
	p := s.page(c, "", nil)
	d.Map = s.deskMap(p, tilesFor(q), stars, d.List, &d.mapLayers)
	d.Legend = append(onLiveMaps(), d.legend()...)
	d.put(p, &d.Map.Data)
	return s.render(c, layoutConsole, "desk_map", d)
}

// stars are the places where the children of open cases were last seen, as far
// as the reader may see them.
func (s *Server) stars(c *fiber.Ctx, a alerts.Actor, only string) ([]MapMarker, error) {
	var open []string
	s.Alerts.Board.EachCase(func(cs *alerts.Case) bool {
		if !cs.State.Ended() && cs.LastSeen.Place != nil && (only == "" || cs.ID == only || cs.CaseNumber == only) {
			open = append(open, cs.ID)
		}
		return len(open) < starsShown
	})
	var out []MapMarker
	for _, id := range open {
		cs, err := s.Alerts.VisibleCase(a, id)
		if err != nil {
			continue
		}
		v := s.Alerts.ViewCase(a, cs)
		if v.LastSeen == nil || v.LastSeen.Place == nil {
			continue
		}
		out = append(out, star(&v, s.Alerts.ViewCaseItem(a, cs).FirstName))
	}
	return out, s.Alerts.Reads.Record(c.UserContext(), a, "map/last_seen", alerts.P1, alerts.P2)
}

func star(v *alerts.CaseView, name string) MapMarker {
	label := v.Number
	if name != "" {
		label = name + " · " + label
	}
	return MapMarker{
		ID: v.ID, Lon: v.LastSeen.Place.Lon(), Lat: v.LastSeen.Place.Lat(), Kind: "last_seen", Label: label,
		AccuracyM: v.LastSeen.AccuracyM, Href: "/desk/cases/" + v.ID,
	}
}

// deskMap puts a map together: its script shows stars and all sightings, the
// drawing those of the list.
func (s *Server) deskMap(p *Page, tiles string, stars []MapMarker, list []alerts.SightingView, layers *mapLayers) deskMap {
	m := deskMap{Tiles: tiles, Center: "20.8,44.2", Zoom: 6, Data: p.Map(MapData{Markers: stars})}
	var marks []MapMarker
	for i := range list {
		if list[i].Place != nil {
			marks = append(marks, markerFor(&list[i], ""))
		}
	}
	for _, star := range stars {
		if len(stars) > starsNamed {
			star.Label = ""
		}
		marks = append(marks, star)
	}
	drawing := geo.Drawing{Lang: p.Lang, Title: p.T("map.label")}
	for _, mark := range marks {
		drawing.Markers = append(drawing.Markers, markerOf(mark))
	}
	layers.drawn(s, &drawing)
	m.SVG = template.HTML(s.Basemap.SVG(boxOf(geo.Shape{}, marks, false), 900, 560, drawing)) //nolint:gosec // the drawing escapes every text
	return m
}

type caseMapData struct {
	caseFrame
	sightingList
	Map deskMap
	// Track is what of it fits together.
	Track alerts.Track
	Rings mapRings
	// Legend are its lines beside those of the shapes.
	Legend []string
}

// caseMap shows where a child was last seen and everything reported about it.
func (s *Server) caseMap(c *fiber.Ctx, a alerts.Actor) error {
	frame, err := s.caseFrameOf(c, a, "map")
	if err != nil {
		return err
	}
	q := alerts.SightingQuery{Case: frame.Case.ID, Limit: 200}
	list, err := s.sightingsOf(c, a, q)
	if err != nil {
		return err
	}
	var stars []MapMarker
	if l := frame.Case.LastSeen; l != nil && l.Place != nil {
		stars = append(stars, star(&frame.Case, ""))
		stars[0].Href = ""
	}
	p := s.page(c, "", nil)
	track, err := s.Alerts.Track(c.UserContext(), a, frame.Case.ID)
	if err != nil {
		return err
	}
	layers := mapLayers{Track: track}
	m := s.deskMap(p, tilesFor(q), stars, list.List, &layers)
	legend := append(onLiveMaps(), layers.legend()...)
	rings, err := s.ringsOf(c, &frame.Case)
	if err != nil {
		return err
	}
	m.Data.Lines = lineOf(track)
	if rings.Known {
		m.Data.Rings = rings.drawn(p, *frame.Case.LastSeen.Place)
	}
	if len(rings.Rings) > 0 {
		legend = append(legend, "rings")
	}
	marks := slices.Clone(stars)
	for _, v := range list.List {
		if v.Place != nil {
			marks = append(marks, MapMarker{Lon: v.Place.Lon(), Lat: v.Place.Lat()})
		}
	}
	if len(marks) > 0 {
		box := boxOf(geo.Shape{}, marks, false)
		m.Box = fmt.Sprintf("%.4f,%.4f,%.4f,%.4f", box.West, box.South, box.East, box.North)
	}
	return s.render(c, layoutConsole, "case_map", caseMapData{frame, list, m, track, rings, legend})
}

// lineOf is a track as the map draws it.
func lineOf(t alerts.Track) [][][2]float64 {
	var line [][2]float64
	for _, stop := range t.Stops {
		line = append(line, stop.Place.Coordinates)
	}
	if len(line) < 2 {
		return nil
	}
	return [][][2]float64{line}
}

// Export is where the file of a form is that holds what a page of the map shows.
func (p *Page) Export(form string) string {
	q := url.Values{}
	for name, values := range p.query {
		if name != "cursor" {
			q[name] = values
		}
	}
	if len(q) == 0 {
		return "/desk/map/export." + form
	}
	return "/desk/map/export." + form + "?" + q.Encode()
}

// PrintMap is where the sheet of paper is with what a page of the map shows.
func (p *Page) PrintMap() string {
	q := url.Values{}
	for name, values := range p.query {
		if name != "cursor" && name != "lang" {
			q[name] = values
		}
	}
	if len(q) == 0 {
		return "/desk/map/print"
	}
	return "/desk/map/print?" + q.Encode()
}

// Exports are the forms in which the reader may take sightings out.
func (p *Page) Exports() []string {
	return slices.DeleteFunc([]string{"csv", "geojson", "gpx", "kml"}, func(form string) bool { return !p.Can("sighting.export_" + form) })
}
