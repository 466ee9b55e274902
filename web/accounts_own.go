package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type ownAccountData struct {
	View alerts.AccountView
	Form *Form
	// Made is a token that has just been made: this is the one time it is shown.
	Made *alerts.MadeToken
	// Calendar is the address of a private calendar that has just been made:
	// this is the one time it is shown.
	Calendar string
	Next     string
}

// ownAccount shows somebody their own account.
func (s *Server) ownAccount(c *fiber.Ctx, a alerts.Actor) error {
	return s.showOwnAccount(c, a, ownAccountData{Form: s.newForm(), Next: c.Query("next")})
}

func (s *Server) showOwnAccount(c *fiber.Ctx, a alerts.Actor, d ownAccountData) error {
	v, err := s.Alerts.Account(a, a.ID)
	if err != nil {
		return err
	}
	d.View = v
	in := layoutConsole
	if a.Partner != "" {
		in = layoutPartner
	}
	return s.render(c, in, "my_account", d)
}

// ownToken makes a token for a program that acts for this person.
func (s *Server) ownToken(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	made, err := s.Alerts.CreateToken(c.UserContext(), a, a.ID, alerts.NewToken{Name: f.Get("name")}, s.request(c, a, c.Body()))
	if f.Refused(err) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showOwnAccount(c, a, ownAccountData{Form: f})
	}
	if err != nil {
		return err
	}
	return s.showOwnAccount(c, a, ownAccountData{Form: s.newForm(), Made: &made})
}

func (s *Server) ownTokenRevoked(c *fiber.Ctx, a alerts.Actor) error {
	if _, err := s.Alerts.RevokeToken(c.UserContext(), a, a.ID, c.Params("token"), s.request(c, a, c.Body())); err != nil {
		return err
	}
	return c.Redirect("/account", fiber.StatusSeeOther)
}

// stepUp asks for the password again, which the most guarded data need, and
// goes on to where the person wanted to be.
func (s *Server) stepUp(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	token, _, err := s.Door.StepUp(c.UserContext(), c.Cookies(s.sessionCookie()), f.Values.Get("password"), s.networkKey(c))
	if alerts.CodeOf(err) == alerts.Unauthenticated {
		f.Errors.Add("password", "wrong_password", "This is not the password.")
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showOwnAccount(c, a, ownAccountData{Form: f, Next: f.Get("next")})
	}
	if err != nil {
		return err
	}
	s.setSession(c, token)
	next := f.Get("next")
	if !ownPath(next) {
		next = "/account"
	}
	return c.Redirect(next, fiber.StatusSeeOther)
}
