package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type matterFactsData struct {
	matterFrame
	Dangers []dangerView
}

// matterFactsPage shows what is known of a matter, by section, each of which is
// changed on a page of its own.
func (s *Server) matterFactsPage(c *fiber.Ctx, a alerts.Actor) error {
	frame, err := s.matterFrameOf(c, a, "facts")
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "matter_facts", matterFactsData{frame, s.dangersOf(frame.View)})
}
