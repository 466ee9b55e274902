package web

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
)

type partnerMapData struct{ Cards []partnerCard }

// partnerMapPage shows all that is asked of the organisation on one map, with
// the list beside it. Looking at it opens nothing.
func (s *Server) partnerMapPage(c *fiber.Ctx, a alerts.Actor) error {
	d, err := s.partnerAsked(c, a)
	if err != nil {
		return err
	}
	return s.render(c, layoutPartner, "partner_map", partnerMapData{d.Cards})
}

// Nth is the number of a card on the map, from 1.
func (partnerMapData) Nth(i int) int { return i + 1 }

// Drawing is the map of all alerts: each area, and its number in the list at the
// middle of what was drawn, else of the whole area. Alerts that have their middle
// at one place share a mark. Whole regions are shaded once, however many alerts
// name them; an exercise has no place.
func (d partnerMapData) Drawing(p *Page) template.HTML {
	drawing := geo.Drawing{Lang: p.Lang, Title: p.T("partner_map.drawing")}
	marks := map[string]int{} // the mark at a place
	var labels [][]string
	var box geo.Box
	var regions []string
	for i, card := range d.Cards {
		area := card.Alert.Area
		shape := p.s.Regions.Compile(geo.Area{Areas: area.Geometries, Circles: area.Circles})
		whole := p.s.Regions.Compile(geo.Area{Regions: area.Regions})
		if card.Alert.Drill || shape.Empty() && whole.Empty() {
			continue
		}
		for _, one := range []geo.Shape{whole, shape} {
			if !one.Empty() {
				box = around(box, one.Bounds(), box == geo.Box{})
			}
		}
		regions = append(regions, area.Regions...)
		at := whole.Centroid()
		if !shape.Empty() {
			at = shape.Centroid()
			drawing.Areas = append(drawing.Areas, shape)
		}
		place := fmt.Sprintf("%.2f %.2f", at.Lon(), at.Lat())
		n, known := marks[place]
		if !known {
			n = len(drawing.Markers)
			marks[place], labels = n, append(labels, nil)
			drawing.Markers = append(drawing.Markers, geo.Marker{Point: at, Class: "marker"})
		}
		labels[n] = append(labels[n], strconv.Itoa(d.Nth(i)))
	}
	for n := range drawing.Markers {
		drawing.Markers[n].Label = strings.Join(labels[n], ", ")
	}
	if shaded := p.s.Regions.Compile(geo.Area{Regions: regions}); !shaded.Empty() {
		drawing.Areas = append([]geo.Shape{shaded}, drawing.Areas...)
	}
	if len(drawing.Areas) == 0 {
		box = boxOf(geo.Shape{}, nil, false)
	}
	return template.HTML(p.s.Basemap.SVG(box, 720, 560, drawing)) //nolint:gosec // the drawing escapes every text
}

// around widens a box by another.
func around(box, with geo.Box, first bool) geo.Box {
	if first {
		return with
	}
	return geo.Box{
		West: math.Min(box.West, with.West), South: math.Min(box.South, with.South),
		East: math.Max(box.East, with.East), North: math.Max(box.North, with.North),
	}
}
