package web

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
	"homeward/partners"
)

// The layers that a reader may put on the map of all sightings.
const (
	layerHeat     = "heat"
	layerCoverage = "coverage"
)

// MapCover is an area that one or more organisations cover.
type MapCover struct {
	Area    geo.Geometry `json:"area"`
	Circles []geo.Circle `json:"circles,omitempty"`
	Label   string       `json:"label"`
}

// MapHeat is a square of the heat: its weight against the heaviest.
type MapHeat struct {
	Lon   float64 `json:"lon"`
	Lat   float64 `json:"lat"`
	Share float64 `json:"share"`
}

// mapLayers are what stands on the map beside the sightings, in words too.
type mapLayers struct {
	// Offered are the layers that the reader may ask for, Shown those asked for.
	Offered, Shown []string
	Heat           alerts.HeatMap
	// Warmest are the first squares of the heat with what they are in words.
	Warmest []warmPlace
	// Covers are the organisations that cover what is shown.
	Covers []coverLine
	// Track is that of the one case that the filter names.
	Track alerts.Track
}

// warmPlace is one square of the heat in words.
type warmPlace struct {
	At    geo.Point
	Count int
	// Share is of all the weight, in a hundred; Box leads to the place.
	Share int
	Box   string
}

// coverLine is one organisation with what it covers.
type coverLine struct {
	ID, Name string
	Area     geo.Area
}

const (
	// warmestShown is how many squares stand in words.
	warmestShown = 8
	// coverDetail is how far a drawn boundary may lie off, in degrees.
	coverDetail = 0.005
	// aroundPlace is how far the map reaches around a place that it is led to, in
	// degrees.
	aroundPlace = 0.05
)

// Shows tells whether a layer was asked for.
func (l mapLayers) Shows(layer string) bool { return slices.Contains(l.Shown, layer) }

// layersOf puts together what the address asks for and the reader may see.
func (s *Server) layersOf(c *fiber.Ctx, a alerts.Actor, f *Form, q alerts.SightingQuery) (mapLayers, error) {
	l := mapLayers{Offered: []string{layerHeat}}
	if s.Matrix.Route(a.Role, "GET /desk/partners") {
		l.Offered = append(l.Offered, layerCoverage)
	}
	for _, layer := range l.Offered {
		if slices.Contains(f.All("layer"), layer) {
			l.Shown = append(l.Shown, layer)
		}
	}
	if q.Case != "" {
		if err := s.trackOf(c, a, q.Case, &l); err != nil {
			return l, err
		}
		l.Track = trackWithin(l.Track, q)
	}
	if l.Shows(layerCoverage) {
		if err := s.coversOf(a, q.Box, &l); err != nil {
			return l, err
		}
	}
	if !l.Shows(layerHeat) {
		return l, nil
	}
	var err error
	if l.Heat, err = s.Alerts.Heat(c.UserContext(), a, q); err != nil {
		return l, err
	}
	l.Warmest = warmest(l.Heat.Squares)
	return l, nil
}

// trackOf adds the track of the case that a filter names by id or number.
func (s *Server) trackOf(c *fiber.Ctx, a alerts.Actor, name string, l *mapLayers) error {
	cs, err := s.Alerts.VisibleCase(a, name)
	if err != nil {
		number, _ := alerts.NormalCaseNumber(name)
		found, ok := s.Alerts.Board.CaseByNumber(number)
		if !ok {
			return nil // said beside the field
		}
		if cs, err = s.Alerts.VisibleCase(a, found.ID); err != nil {
			return nil //nolint:nilerr // said beside the field
		}
	}
	l.Track, err = s.Alerts.Track(c.UserContext(), a, cs.ID)
	return err
}

// trackWithin keeps the stops of a time.
func trackWithin(t alerts.Track, q alerts.SightingQuery) alerts.Track {
	t.Stops = slices.DeleteFunc(t.Stops, func(stop alerts.TrackStop) bool {
		return !q.From.IsZero() && stop.At.Before(q.From) || !q.To.IsZero() && stop.At.After(q.To)
	})
	if len(t.Stops) < 2 {
		t = alerts.Track{}
	}
	return t
}

// coversOf adds the approved organisations whose area reaches into a box, all
// without one.
func (s *Server) coversOf(a alerts.Actor, box *geo.Box, l *mapLayers) error {
	for cursor := ""; ; {
		page, err := s.Partners.Partners(a, cursor, 0)
		if err != nil {
			return err
		}
		for _, p := range page.Items {
			if p.State == partners.PartnerApproved && s.reachesInto(p.Coverage, box) {
				l.Covers = append(l.Covers, coverLine{p.ID, p.Name, p.Coverage})
			}
		}
		if page.Next == nil {
			return nil
		}
		cursor = *page.Next
	}
}

func (s *Server) reachesInto(area geo.Area, box *geo.Box) bool {
	return box == nil || s.Regions.Compile(area).Bounds().Meets(*box)
}

// warmest are the first squares in words.
func warmest(squares []geo.Warmth) []warmPlace {
	all := 0.0
	for _, q := range squares {
		all += q.Weight
	}
	var out []warmPlace
	for _, q := range squares[:min(len(squares), warmestShown)] {
		box := fmt.Sprintf("%.3f,%.3f,%.3f,%.3f", q.Lon-aroundPlace, q.Lat-aroundPlace, q.Lon+aroundPlace, q.Lat+aroundPlace)
		out = append(out, warmPlace{At: geo.At(q.Lon, q.Lat), Count: q.Count, Share: int(math.Round(100 * q.Weight / all)), Box: box})
	}
	return out
}

// put adds the layers to what the map draws. Areas that several organisations
// share are drawn once, with all their names.
func (l mapLayers) put(p *Page, d *MapData) {
	d.Lines = lineOf(l.Track)
	for _, q := range l.Heat.Squares {
		d.Heat = append(d.Heat, MapHeat{Lon: q.Lon, Lat: q.Lat, Share: math.Round(q.Weight/l.Heat.Squares[0].Weight*1000) / 1000})
	}
	at := map[string]int{}
	for _, c := range l.Covers {
		key := fmt.Sprint(c.Area.Regions, c.Area.Circles, len(c.Area.Areas))
		if len(c.Area.Areas) > 0 {
			key = c.ID
		}
		if i, ok := at[key]; ok {
			d.Covers[i].Label += ", " + c.Name
			continue
		}
		at[key] = len(d.Covers)
		d.Covers = append(d.Covers, MapCover{Area: p.s.Regions.Compile(c.Area).Drawn(coverDetail), Circles: c.Area.Circles, Label: c.Name})
	}
}

// drawn adds the layers to a map that the server draws.
func (l mapLayers) drawn(s *Server, d *geo.Drawing) {
	d.Heat, d.Ways = l.Heat.Squares, lineOf(l.Track)
	var area geo.Area
	for _, c := range l.Covers {
		area.Regions = append(area.Regions, c.Area.Regions...)
		area.Areas = append(area.Areas, c.Area.Areas...)
		area.Circles = append(area.Circles, c.Area.Circles...)
	}
	if !area.IsEmpty() {
		d.Areas = append(d.Areas, s.Regions.Compile(area))
	}
}

// onLiveMaps are the lines of the legend of every map that can be moved.
func onLiveMaps() []string { return []string{"accuracy", "group"} }

// legend are the lines of a legend beside the shapes, for what else is on the
// map.
func (l mapLayers) legend() []string {
	var out []string
	if len(l.Track.Stops) > 1 {
		out = append(out, "track")
	}
	return append(out, l.Shown...)
}

// HeatHours is the half-life of the heat in hours.
func (l mapLayers) HeatHours() string {
	return strconv.FormatFloat(l.Heat.HalfLife.Hours(), 'f', -1, 64)
}
