package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
)

func sightingVersion(v alerts.SightingView) int { return v.Version }

const (
	mimeGeoJSON = "application/geo+json"
	mimeTile    = "application/vnd.mapbox-vector-tile"
)

func (s *Server) recordSighting(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.NewSighting](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.RecordSighting(c.UserContext(), a, in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+"/sightings/"+v.ID, v.Version, v)
}

// sightingQuery reads the filters that lists and tiles share.
func (q *query) sightings() alerts.SightingQuery {
	return alerts.SightingQuery{
		Case: q.text("case"), From: q.time("from"), To: q.time("to"),
		States: named[alerts.SightingState](q.list("state")), MinGrade: q.text("min_grade"),
	}
}

func (s *Server) listSightings(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := q.sightings()
	if text := q.text("bbox"); text != "" {
		box, err := geo.ParseBox(text)
		if err != nil {
			q.Add("bbox", "bad_box", "Write west,south,east,north in degrees.")
		}
		in.Box = &box
	}
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	list, err := s.Alerts.Sightings(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	return c.JSON(list, mimeGeoJSON)
}

func (s *Server) readSighting(c *fiber.Ctx, a alerts.Actor) error {
	return read(c, a, s.Alerts.Sighting, sightingVersion)
}

func (s *Server) sightingPhoto(c *fiber.Ctx, a alerts.Actor) error {
	jpeg, err := s.Alerts.SightingPhoto(c.UserContext(), a, c.Params("id"), c.Params("photo"))
	if err != nil {
		return err
	}
	return sendPicture(c, jpeg)
}

func (s *Server) screenSighting(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.ScreenSighting, sightingVersion)
}

func (s *Server) assessSighting(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.AssessSighting, sightingVersion)
}

func (s *Server) linkSighting(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.Link, sightingVersion)
}

func (s *Server) handOverSighting(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.HandOver, sightingVersion)
}

func (s *Server) messageTipster(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.MessageTipster, sightingVersion)
}

// sightingTile answers one tile of the map of sightings. One with nothing in it
// has no bytes.
func (s *Server) sightingTile(c *fiber.Ctx, a alerts.Actor) error {
	var at [3]int
	for i, name := range []string{"z", "x", "y"} {
		n, err := strconv.Atoi(c.Params(name))
		if err != nil {
			return fiber.ErrNotFound
		}
		at[i] = n
	}
	q := queryIn(c)
	in := q.sightings()
	if err := q.Err(); err != nil {
		return err
	}
	dots, err := s.Alerts.SightingTile(c.UserContext(), a, at[0], at[1], at[2], in)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, mimeTile)
	return c.Send(tileOf(dots, at[0], at[1], at[2]))
}

// tileOf writes dots as a vector tile, with ids and states as the rest of the
// API has them.
func tileOf(dots []alerts.Dot, z, x, y int) []byte {
	clusters := make([]geo.Cluster, len(dots))
	ids := make(map[[16]byte]string, len(dots))
	for i, d := range dots {
		clusters[i] = d.Cluster
		ids[d.Row.ID] = d.ID
	}
	states := alerts.SightingStates()
	return geo.EncodeTile(clusters, z, x, y, geo.TileLabels{
		ID:    func(id [16]byte) string { return ids[id] },
		State: func(state uint8) string { return string(states[min(int(state), len(states)-1)]) },
	})
}
