package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

func (s *Server) matterRoute(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Route(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) decideMatterRoute(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewRoute](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.DecideRoute(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) matterProcedure(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Procedure(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) recordMatterStep(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.StepPatch](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.RecordStep(c.UserContext(), a, c.Params("id"), c.Params("step"), in, r)
	if err != nil {
		return err
	}
	return c.JSON(v)
}
