package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// tryPage says what to try in the demonstration, with one way in per role.
func (s *Server) tryPage(c *fiber.Ctx, _ alerts.Actor) error {
	if s.Config.Demo == nil {
		return fiber.ErrNotFound
	}
	return s.render(c, layoutPublic, "try", s.Config.Demo)
}
