package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// Reports that one network may send in an hour: beyond the first number a
// sighting is trusted less, beyond the second nothing more is taken. The second
// is high because whole towns share an address on some mobile networks.
const (
	apiSightingsAnHour = 60
	mostReportsAnHour  = 2000
)

// reportSighting takes a sighting from anybody. The answer says nothing about
// the case number in it.
func (s *Server) reportSighting(c *fiber.Ctx, a alerts.Actor) error {
	if s.limits.over(s.client(c), "report", mostReportsAnHour) {
		return tooMany()
	}
	in, r, err := take[alerts.NewSighting](s, c, a)
	if err != nil {
		return err
	}
	if s.limits.over(s.client(c), "sighting", apiSightingsAnHour) {
		in.Doubt = []string{"flood"}
	}
	v, err := s.Alerts.ReportSighting(c.UserContext(), a, in, r)
	if err != nil {
		return err
	}
	return created(c, "", 0, v)
}

func (s *Server) reportChild(c *fiber.Ctx, a alerts.Actor) error {
	if s.limits.over(s.client(c), "report", mostReportsAnHour) {
		return tooMany()
	}
	in, r, err := take[alerts.NewReport](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.ReportChild(c.UserContext(), a, in, r)
	if err != nil {
		return err
	}
	return created(c, "", 0, v)
}

// followRequest asks what became of a report. The code stands in the body, as
// addresses end up in logs.
type followRequest struct {
	Code string `json:"code"`
	// Text is a message to the desk; empty to read only.
	Text string `json:"text,omitempty"`
}

func (s *Server) followReport(c *fiber.Ctx, a alerts.Actor) error {
	if s.limits.over(s.client(c), "follow", followsAnHour) {
		return tooMany()
	}
	in, r, err := take[followRequest](s, c, a)
	if err != nil {
		return err
	}
	if in.Text != "" {
		if err := s.Alerts.FollowMessage(c.UserContext(), a, in.Code, alerts.NewMessage{Text: in.Text}, r); err != nil {
			return err
		}
	}
	v, err := s.Alerts.Follow(c.UserContext(), in.Code, s.toldOf)
	if err != nil {
		return err
	}
	return c.JSON(v)
}
