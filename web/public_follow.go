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
	// Sent names what was just done: message, withdrawn or objected.
	Sent string
}

func (s *Server) followForm(c *fiber.Ctx, _ alerts.Actor) error {
	return s.render(c, layoutPublic, "follow", followData{Form: s.newForm()})
}

// followed shows what became of a report to whoever holds its code, and takes a
// message, a consent back, or an objection. The code comes in the form, never in
// the address.
func (s *Server) followed(c *fiber.Ctx, _ alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	if s.limits.over(s.client(c), "follow", followsAnHour) {
		return tooMany()
	}
	d := followData{Form: f}
	if d.Sent, err = s.followedAct(c, f); err != nil {
		return err
	}
	v, err := s.Alerts.Follow(c.UserContext(), f.Get("code"), s.Partners.ToldAbout)
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

// followedAct carries out the button that was pressed and says what was done.
// What is wrong with it stands on the form; a code that leads nowhere is told
// afterwards.
func (s *Server) followedAct(c *fiber.Ctx, f *Form) (string, error) {
	in, done := followRequest{Code: f.Get("code")}, ""
	switch act := f.Get("act"); act {
	case "send":
		in.Text, done = f.Get("text"), "message"
		if in.Text == "" {
			f.Errors.Add("text", "required", "Write something.")
			return "", nil
		}
	case "withdraw":
		in.WithdrawConsent, done = f.Get("consent"), "withdrawn"
	case "object":
		in.Object, done = &alerts.NewObjection{Kind: f.Get("kind"), Text: f.Get("object_text")}, "objected"
	}
	err := s.followAct(c, alerts.Public(), in, s.request(c, alerts.Public(), c.Body()))
	switch {
	case err == nil:
		f.Set("text", "")
		f.Set("object_text", "")
		f.Set("kind", "")
		return done, nil
	case f.Refused(err), alerts.CodeOf(err) == alerts.NotFound:
		return "", nil
	}
	return "", err
}
