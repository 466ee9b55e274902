package web

import (
	"encoding/hex"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// accountPages are the pages with which people come in and go.
func (s *Server) accountPages() []route {
	return []route{
		{"GET", "/sign-in", s.signInPage},
		{"POST", "/sign-in", s.signIn},
		{"GET", "/invitation", s.invitationPage},
		{"POST", "/invitation", s.acceptInvitation},
		{"POST", "/sign-out", s.signOut},
		{"GET", "/account", s.ownAccount},
		{"POST", "/account/tokens", s.ownToken},
		{"POST", "/account/tokens/:token/revoke", s.ownTokenRevoked},
		{"POST", "/account/step-up", s.stepUp},
	}
}

type signInData struct {
	Form *Form
	// Failed says that address and password, or the code, were not right.
	Failed string
}

func (s *Server) signInPage(c *fiber.Ctx, a alerts.Actor) error {
	if a.Kind == alerts.KindPerson {
		return c.Redirect(homeOf(a), fiber.StatusSeeOther)
	}
	return s.render(c, layoutPublic, "sign_in", signInData{Form: s.newForm("next", c.Query("next"))})
}

// signIn begins a session, with an address and a password or, in the
// demonstration, with a code. A code of an invitation leads on to its page.
func (s *Server) signIn(c *fiber.Ctx, _ alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	if code := f.Get("code"); code != "" {
		return s.signInByCode(c, f, code)
	}
	token, a, err := s.Door.SignIn(c.UserContext(), alerts.Credentials{
		Email: f.Get("email"), Password: f.Values.Get("password"), Network: s.networkKey(c),
	})
	if alerts.CodeOf(err) == alerts.Unauthenticated {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.render(c, layoutPublic, "sign_in", signInData{Form: f, Failed: "sign_in.failed"})
	}
	if err != nil {
		return err
	}
	return s.comeIn(c, token, a, f.Get("next"))
}

func (s *Server) signInByCode(c *fiber.Ctx, f *Form, code string) error {
	if s.Config.Demo.opens(code) {
		token, a, err := s.enterDemo(c, code)
		if err != nil {
			return err
		}
		return s.comeIn(c, token, a, f.Get("next"))
	}
	return s.showInvitation(c, f, "")
}

func (s *Server) comeIn(c *fiber.Ctx, token string, a alerts.Actor, next string) error {
	s.setSession(c, token)
	if !ownPath(next) {
		next = homeOf(a)
	}
	return c.Redirect(next, fiber.StatusSeeOther)
}

// ownPath tells whether an address stays on this server.
func ownPath(p string) bool {
	return strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "//") && !strings.ContainsAny(p, "\\\r\n\t")
}

func homeOf(a alerts.Actor) string {
	if a.Partner != "" {
		return "/partner"
	}
	return "/desk"
}

// networkKey stands for where somebody comes from without naming it.
func (s *Server) networkKey(c *fiber.Ctx) string {
	return hex.EncodeToString(s.Alerts.Ring.MAC("network", network(s.client(c))))
}

func (s *Server) invitationPage(c *fiber.Ctx, _ alerts.Actor) error {
	return s.showInvitation(c, s.newForm(), "")
}

func (s *Server) showInvitation(c *fiber.Ctx, f *Form, failed string) error {
	return s.render(c, layoutPublic, "invitation", signInData{Form: f, Failed: failed})
}

// acceptInvitation sets the password of an account and begins its session.
func (s *Server) acceptInvitation(c *fiber.Ctx, _ alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	if f.Values.Get("password") != f.Values.Get("again") {
		f.Errors.Add("again", "passwords_differ", "The two passwords differ.")
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showInvitation(c, f, "")
	}
	token, a, err := s.Door.Accept(c.UserContext(), alerts.Acceptance{
		Code: f.Get("code"), Name: f.Get("name"), Email: f.Get("email"), Password: f.Values.Get("password"), Network: s.networkKey(c),
	})
	switch {
	case err == nil:
		return s.comeIn(c, token, a, "")
	case f.Refused(err):
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showInvitation(c, f, "")
	case alerts.CodeOf(err) == alerts.Unauthenticated:
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showInvitation(c, f, "invitation.failed")
	}
	return err
}

func (s *Server) signOut(c *fiber.Ctx, _ alerts.Actor) error {
	if token := c.Cookies(s.sessionCookie()); token != "" {
		if err := s.Door.SignOut(c.UserContext(), token); err != nil {
			return err
		}
	}
	s.dropSession(c)
	return c.Redirect("/sign-in", fiber.StatusSeeOther)
}
