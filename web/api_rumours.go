package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

func rumourVersion(v alerts.RumourView) int { return v.Version }

func (s *Server) writeRumour(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.NewRumour](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.WriteRumour(c.UserContext(), a, in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+"/rumours/"+v.ID, v.Version, v)
}

func (s *Server) listRumours(c *fiber.Ctx, a alerts.Actor) error {
	return c.JSON(whole(s.Alerts.Rumours(a)))
}

func (s *Server) readRumour(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Alerts.Rumour(a, c.Params("id"))
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) updateRumour(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.UpdateRumour, rumourVersion)
}

func (s *Server) approveRumour(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.PublishRumour, rumourVersion)
}

func (s *Server) retractRumour(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.TakeBackRumour, rumourVersion)
}

// publicRumours is the list beside the public page, for platforms and
// newsrooms.
func (s *Server) publicRumours(c *fiber.Ctx, _ alerts.Actor) error {
	c.Set(fiber.HeaderCacheControl, shownControl)
	return c.JSON(whole(s.Alerts.PublicRumours()))
}
