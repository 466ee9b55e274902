package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// partnerHistoryPage shows what the organisation was told of and is over.
func (s *Server) partnerHistoryPage(c *fiber.Ctx, a alerts.Actor) error {
	past, err := s.Partners.OwnHistory(a)
	if err != nil {
		return err
	}
	return s.render(c, layoutPartner, "partner_history", struct{ Items []partners.OwnPast }{past})
}

func (s *Server) readOwnHistory(c *fiber.Ctx, a alerts.Actor) error {
	past, err := s.Partners.OwnHistory(a)
	if err != nil {
		return err
	}
	return c.JSON(whole(past))
}
