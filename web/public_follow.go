package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// followsAnHour is how many codes one network may try in an hour.
const followsAnHour = 120

type followData struct {
	Form *Form
	// View is nil until a code has been given that leads to a report.
	View *alerts.FollowView
	Sent bool
}

func (s *Server) followForm(c *fiber.Ctx, _ alerts.Actor) error {
	return s.render(c, layoutPublic, "follow", followData{Form: s.newForm()})
}

// followed shows what became of a report to whoever holds its code, and takes a
// message. The code comes in the form, never in the address.
func (s *Server) followed(c *fiber.Ctx, _ alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	if s.limits.over(s.client(c), "follow", followsAnHour) {
		return tooMany()
	}
	d := followData{Form: f}
	ctx, code := c.UserContext(), f.Get("code")
	if f.Get("act") == "send" {
		err := s.Alerts.FollowMessage(ctx, alerts.Public(), code, alerts.NewMessage{Text: f.Get("text")}, s.request(c, alerts.Public(), c.Body()))
		if err != nil && !f.Refused(err) && alerts.CodeOf(err) != alerts.NotFound {
			return err
		}
		if d.Sent = err == nil; d.Sent {
			f.Set("text", "")
		}
	}
	v, err := s.Alerts.Follow(ctx, code, s.toldOf)
	switch {
	case alerts.CodeOf(err) == alerts.NotFound:
		f.Errors.Add("code", "unknown_code", "This code does not lead to a report.")
	case err != nil:
		return err
	default:
		d.View = &v
	}
	if len(f.Errors) > 0 {
		c.Status(fiber.StatusUnprocessableEntity)
	}
	return s.render(c, layoutPublic, "follow", d)
}

// toldOf counts the organisations that have been told about a case.
func (s *Server) toldOf(caseID string) int {
	seen := map[string]bool{}
	for _, al := range s.Alerts.Board.AlertsOf(caseID) {
		told, ok := s.Partners.PartnerBoard().Told(al.ID)
		if !ok {
			continue
		}
		for _, r := range told.Rounds {
			for _, p := range r.Partners {
				seen[p] = true
			}
		}
	}
	return len(seen)
}
