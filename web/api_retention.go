package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// retentionAPI is what follows the end of a case, for programs: return
// interviews, how long a file is kept, and holds.
func (s *Server) retentionAPI() []route {
	return []route{
		api("POST", "/cases/:id/interviews", onCase(s, s.Alerts.AddInterview)),
		api("GET", "/cases/:id/retention", func(c *fiber.Ctx, a alerts.Actor) error { return read(c, a, s.Partners.CaseRetention, nil) }),
		api("POST", "/cases/:id/retention/:act", onCasePart(s, "act", nil, s.Partners.ActOnRetention)),
		api("GET", "/retention", s.listRetention),
		api("GET", "/erasures/:id", func(c *fiber.Ctx, a alerts.Actor) error { return read(c, a, s.Partners.Erasure, nil) }),
	}
}

func (s *Server) listRetention(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Retention(c.UserContext(), a)
	if err != nil {
		return err
	}
	return c.JSON(v)
}
