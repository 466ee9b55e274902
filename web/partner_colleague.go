package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// Colleagues are the people of the reader's organisation to whom an alert can be
// handed; none for programs and for who came by a link.
func (s *Server) colleagues(a alerts.Actor) []Choice {
	p, ok := s.Partners.PartnerBoard().Partner(a.Partner)
	if !ok || a.Kind != alerts.KindPerson || !s.Matrix.Can(a.Role, "delivery.handover") {
		return nil
	}
	var out []Choice
	for _, q := range p.Colleagues() {
		label := q.Name
		if q.Function != "" {
			label += ", " + q.Function
		}
		out = append(out, Choice{q.ID, label})
	}
	return out
}

// partnerHandsOver hands an alert to a colleague, or takes it back.
func (s *Server) partnerHandsOver(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := partners.ToColleague{Person: f.Get("person"), Note: f.Get("note"), Channel: channelConsole}
	if in.Person == "" && f.Get("back") == "" {
		f.Errors.Add("person", "required", "Choose a colleague.")
		err = f.Errors.Err()
	} else {
		_, err = s.Partners.HandToColleague(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
		if f.Refused(err) {
			err = f.Errors.Err()
		}
	}
	if len(f.Errors) > 0 {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.partnerOne(c, a, f)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/partner/alerts/"+c.Params("id"), fiber.StatusSeeOther)
}

// handToColleague is the same over HTTP, for programs that act for a person who has
// signed in.
func (s *Server) handToColleague(c *fiber.Ctx, a alerts.Actor) error {
	var in partners.ToColleague
	if err := s.decode(c, &in); err != nil {
		return err
	}
	in.Channel = partners.ChannelAPI
	v, err := s.Partners.HandToColleague(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Request().Body()))
	if err != nil {
		return err
	}
	return c.JSON(v)
}
