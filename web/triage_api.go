package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
)

// boxOf reads the parameter bbox.
func (q *query) box() *geo.Box {
	text := q.text("bbox")
	if text == "" {
		return nil
	}
	box, err := geo.ParseBox(text)
	if err != nil {
		q.Add("bbox", "bad_box", "Write west,south,east,north in degrees.")
	}
	return &box
}

// triageSightings answers with events in the order in which they should be read.
func (s *Server) triageSightings(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := alerts.TriageQuery{SightingQuery: q.sightings(), Order: q.one("order", alerts.TriageOrders())}
	in.Box = q.box()
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	page, err := s.Alerts.Triage(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	return c.JSON(page)
}

func (s *Server) readSightingGroup(c *fiber.Ctx, a alerts.Actor) error {
	return read[alerts.SightingGroup](c, a, s.Alerts.GroupOf, nil)
}

func (s *Server) groupSighting(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.Group, sightingVersion)
}

func (s *Server) takeSighting(c *fiber.Ctx, a alerts.Actor) error {
	return on[alerts.TakeSighting, alerts.LeaseView](s, c, a, s.Alerts.Take, nil)
}

func (s *Server) giveBackSighting(c *fiber.Ctx, a alerts.Actor) error {
	if err := s.Alerts.GiveBack(c.UserContext(), a, c.Params("id"), time.Time{}); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *Server) checkHeldBack(c *fiber.Ctx, a alerts.Actor) error {
	return read[alerts.HeldBackCheck](c, a, s.Alerts.CheckHeldBack, nil)
}

func (s *Server) undoSighting(c *fiber.Ctx, a alerts.Actor) error {
	return onBare(s, c, a, s.Alerts.Undo, sightingVersion)
}

func (s *Server) caseTrack(c *fiber.Ctx, a alerts.Actor) error {
	return read[alerts.Track](c, a, s.Alerts.Track, nil)
}
