package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// ownDigest sets the hour of somebody's daily e-mail.
func (s *Server) ownDigest(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	return s.submit(c, f, "/account#notices", func() error {
		_, err := s.Alerts.SetDigest(c.UserContext(), a, alerts.NewDigest{At: f.Get("at")}, s.request(c, a, c.Body()))
		return err
	}, func(bool) error { return s.showOwnAccount(c, a, ownAccountData{Form: f}) })
}

// ownCalendar makes somebody's private calendar link and shows it this once.
func (s *Server) ownCalendar(c *fiber.Ctx, a alerts.Actor) error {
	made, err := s.Alerts.MakeCalendar(c.UserContext(), a, s.request(c, a, c.Body()))
	if err != nil {
		return err
	}
	return s.showOwnAccount(c, a, ownAccountData{Form: s.newForm(), Calendar: s.calendarAddress(c, made.Token)})
}

func (s *Server) ownCalendarRevoked(c *fiber.Ctx, a alerts.Actor) error {
	if _, err := s.Alerts.RevokeCalendar(c.UserContext(), a, s.request(c, a, c.Body())); err != nil {
		return err
	}
	return c.Redirect("/account#notices", fiber.StatusSeeOther)
}

// DigestHours are the hours at which a daily e-mail can be had.
func (p *Page) DigestHours() []Choice {
	var out []Choice
	for _, h := range alerts.DigestHours() {
		out = append(out, Choice{h, h})
	}
	return out
}

// Mails tells whether the installation can send e-mail.
func (p *Page) Mails() bool { return p.s.Config.Mails }

// DigestForm is the hour that somebody has chosen.
func (d ownAccountData) DigestForm(p *Page) *Form {
	if d.Form != nil && d.Form.Wrong("at") != nil {
		return d.Form
	}
	return p.s.newForm("at", d.View.Digest)
}

// digestsPage shows administrators how everybody's daily e-mail stands.
func (s *Server) digestsPage(c *fiber.Ctx, a alerts.Actor) error {
	items, err := s.Partners.Digests(a)
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "digest_list", items)
}

// DigestFailed tells whether a daily e-mail has failed.
func (p *Page) DigestFailed(v partners.DigestView) bool { return v.State == partners.DigestFailed }
