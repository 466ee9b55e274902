package web

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
)

// printedMost is how many sightings one printed map numbers and lists.
const printedMost = 200

// mapPrintData is a map on paper: drawn by the server, with its list.
type mapPrintData struct {
	mapLayers
	List []printedLine
	Map  template.HTML
	// Upright says that the sheet stands on its short side.
	Upright bool
	At      time.Time
	// Filters are what was asked for, in words.
	Filters []Choice
	Stars   int
	// More is how many sightings are not on the sheet.
	More  int
	Lines []string
	// Back leads to the map as it was.
	Back string
}

// printedLine is a sighting of the list; N is its number on the map, 0 without a
// place.
type printedLine struct {
	N int
	alerts.SightingView
}

// mapPrint shows what the map shows as a sheet of paper. It counts as an export:
// paper leaves the house.
func (s *Server) mapPrint(c *fiber.Ctx, a alerts.Actor) error {
	f := &Form{Values: queryOf(c), zone: s.zone()}
	q := f.sightingFilter()
	if len(f.Errors) > 0 {
		return f.Errors.Err()
	}
	q.Cursor = ""
	list, err := s.Alerts.ExportSightings(c.UserContext(), a, q, "print")
	if err != nil {
		return err
	}
	d := mapPrintData{Upright: f.Get("paper") == "upright", At: s.Now(), More: max(0, len(list)-printedMost), Back: "/desk/map" + queryWithout(c, "paper")}
	list = list[:min(len(list), printedMost)]
	if d.mapLayers, err = s.layersOf(c, a, f, q); err != nil {
		return err
	}
	stars, err := s.stars(c, a, q.Case)
	if err != nil {
		return err
	}
	d.Stars, d.Lines = len(stars), append([]string{"number"}, d.legend()...)
	p := s.page(c, "", nil)
	d.Filters = p.filtersInWords(f, q)
	var marks []MapMarker
	for i := range list {
		line := printedLine{SightingView: list[i]}
		if list[i].Place != nil {
			line.N = 1 + i
			marks = append(marks, markerFor(&list[i], strconv.Itoa(line.N)))
		}
		d.List = append(d.List, line)
	}
	marks = append(marks, starsIn(stars, q.Box)...)
	d.Map = s.printedMap(p, &d, marks, q.Box)
	return s.render(c, layoutConsole, "map_print", d)
}

// starsNamed is how many stars a drawn map names; more names would cover each
// other.
const starsNamed = 12

// starsIn are the stars within a box, all without one.
func starsIn(stars []MapMarker, box *geo.Box) []MapMarker {
	var out []MapMarker
	for _, m := range stars {
		if len(stars) > starsNamed {
			m.Label = ""
		}
		if box == nil || box.Contains(geo.At(m.Lon, m.Lat)) {
			out = append(out, m)
		}
	}
	return out
}

// printedMap draws the sheet's map: what was in view, else everything.
func (s *Server) printedMap(p *Page, d *mapPrintData, marks []MapMarker, view *geo.Box) template.HTML {
	box := boxOf(geo.Shape{}, marks, false)
	if view != nil {
		box = *view
	}
	width, height := 1000, 600
	if d.Upright {
		width, height = 680, 760
	}
	drawing := geo.Drawing{Lang: p.Lang, Title: p.T("map.label"), Scale: true}
	for _, m := range marks {
		drawing.Markers = append(drawing.Markers, markerOf(m))
	}
	d.drawn(s, &drawing)
	return template.HTML(s.Basemap.SVG(box, width, height, drawing)) //nolint:gosec // the drawing escapes every text
}

// filtersInWords are the filters of a sheet, so that nobody takes a part for the
// whole.
func (p *Page) filtersInWords(f *Form, q alerts.SightingQuery) []Choice {
	var out []Choice
	add := func(key, value string) {
		if value != "" {
			out = append(out, Choice{p.T(key), value})
		}
	}
	add("label.case_number", p.caseInWords(q.Case))
	var states []string
	for _, st := range q.States {
		states = append(states, p.Word("sighting_state", st))
	}
	add("label.state", strings.Join(states, ", "))
	add("sighting.grade", q.MinGrade)
	add("desk.from", f.Get("from"))
	add("desk.to", f.Get("to"))
	if q.Box != nil {
		add("map.part", fmt.Sprintf("%.2f, %.2f, %.2f, %.2f", q.Box.West, q.Box.South, q.Box.East, q.Box.North))
	}
	return out
}

// caseInWords is the number of a case that a filter names by id or number.
func (p *Page) caseInWords(name string) string {
	if c, ok := p.s.Alerts.Board.Case(name); ok {
		return c.CaseNumber
	}
	return name
}

// queryWithout is the query of a request without one parameter, with its mark.
func queryWithout(c *fiber.Ctx, name string) string {
	v := queryOf(c)
	v.Del(name)
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// Turned is the same sheet the other way round.
func (p *Page) Turned(upright bool) string {
	if upright {
		return p.With("paper", "wide")
	}
	return p.With("paper", "upright")
}

// DrawnCredit names the sources of a map that the server draws.
func (p *Page) DrawnCredit() string { return geo.Attribution }
