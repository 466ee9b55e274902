package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
)

// heatAnswer is a GeoJSON FeatureCollection of squares, the weightiest first.
type heatAnswer struct {
	Type     string        `json:"type"`
	Features []heatFeature `json:"features"`
	// At is the moment that ages count to.
	At            time.Time `json:"at"`
	HalfLifeHours float64   `json:"half_life_hours"`
	Reports       int       `json:"reports"`
	Cut           bool      `json:"cut"`
	Verified      bool      `json:"verified"`
}

type heatFeature struct {
	Type       string    `json:"type"`
	Geometry   geo.Point `json:"geometry"`
	Properties heatShare `json:"properties"`
}

type heatShare struct {
	Weight float64 `json:"weight"`
	Count  int     `json:"count"`
}

// sightingsHeat answers where the reports that the filters choose weigh most.
func (s *Server) sightingsHeat(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := q.sightings()
	if text := q.text("bbox"); text != "" {
		box, err := geo.ParseBox(text)
		if err != nil {
			q.Add("bbox", "bad_box", "Write west,south,east,north in degrees.")
		}
		in.Box = &box
	}
	if err := q.Err(); err != nil {
		return err
	}
	h, err := s.Alerts.Heat(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	out := heatAnswer{
		Type: "FeatureCollection", Features: []heatFeature{}, At: h.At.UTC(), HalfLifeHours: h.HalfLife.Hours(),
		Reports: h.Reports, Cut: h.Cut, Verified: !h.Unchecked,
	}
	for _, w := range h.Squares {
		out.Features = append(out.Features, heatFeature{"Feature", geo.At(w.Lon, w.Lat), heatShare{w.Weight, w.Count}})
	}
	return c.JSON(out, mimeGeoJSON)
}
