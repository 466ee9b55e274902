package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// sourceView is one way to an appeal: the address to use there, and how many
// sightings it has brought.
type sourceView struct {
	Source    string `json:"source"`
	Address   string `json:"address"`
	Sightings int    `json:"sightings"`
}

// sourcesOf lists the ways to an alert that has been public, none for another.
func (s *Server) sourcesOf(origin string, al *alerts.Alert) []sourceView {
	if al.Slug == "" {
		return nil
	}
	counts := s.Alerts.Board.SightingsVia(al)
	var out []sourceView
	for _, source := range alerts.Sources() {
		out = append(out, sourceView{source, origin + "/appeals/" + al.Slug + "?s=" + s.Alerts.Ring.SourceToken(al.ID, source), counts[source]})
	}
	return out
}

func (s *Server) alertSources(c *fiber.Ctx, a alerts.Actor) error {
	al, err := s.Alerts.VisibleAlert(a, c.Params("id"))
	if err != nil {
		return err
	}
	return c.JSON(whole(s.sourcesOf(s.origin(c), al)))
}
