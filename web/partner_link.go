package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// linkCookie keeps what a one-time link of an e-mail has opened: one alert, for
// two hours, on these pages only.
const linkCookie = "homeward_link"

// linkPath is where the pages behind such a link are.
const linkPath = "/partner/link"

// linksAnHour is how many codes one network may try in an hour.
const linksAnHour = 120

type linkData struct {
	Form *Form
	// Card is the alert once a code has been used, nil before.
	Card *partnerCard
	// Ended says that the alert is not theirs any more, Leaving that it goes on
	// without them; Removed that they have confirmed.
	Ended, Leaving, Removed bool
	Name                    string
}

// linkRoutes are the pages behind the link of an e-mail. Who has no code is told
// to sign in.
func (s *Server) linkRoutes() []route {
	return []route{
		{"GET", linkPath, s.linkPage},
		{"POST", linkPath, s.linkOpened},
		{"GET", linkPath + "/alert", s.linkAlert},
		{"GET", linkPath + "/photo", s.linkPhoto},
		{"POST", linkPath + "/answer", s.linkSays(s.Partners.Answer)},
		{"POST", linkPath + "/done", s.linkSays(s.Partners.Done)},
		{"POST", linkPath + "/removed", s.linkSays(s.Partners.Removed)},
	}
}

func (s *Server) linkPage(c *fiber.Ctx, _ alerts.Actor) error {
	return s.render(c, layoutPublic, "partner_link", linkData{Form: s.newForm()})
}

// linkOpened uses a code up. It comes in the form, never in the address, and
// only when somebody presses the button: programs that look at e-mails do not.
func (s *Server) linkOpened(c *fiber.Ctx, _ alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	if s.limits.over(s.client(c), "link", linksAnHour) {
		return tooMany()
	}
	token, _, _, err := s.Partners.OpenLink(c.UserContext(), f.Get("code"))
	if err != nil {
		return s.linkRefused(c, err)
	}
	c.Cookie(&fiber.Cookie{
		Name: linkCookie, Value: token, Path: linkPath, HTTPOnly: true, Secure: s.Config.Secure,
		SameSite: fiber.CookieSameSiteStrictMode, SessionOnly: true,
	})
	return c.Redirect(linkPath+"/alert", fiber.StatusSeeOther)
}

// linkRefused asks for a code again, or for signing in, where one is no good.
func (s *Server) linkRefused(c *fiber.Ctx, err error) error {
	if alerts.CodeOf(err) != alerts.Unauthenticated {
		return err
	}
	f := s.newForm()
	f.Errors.Add("code", "used_link", "This link has been used or is too old. Sign in to see the alert.")
	c.Status(fiber.StatusUnprocessableEntity)
	return s.render(c, layoutPublic, "partner_link", linkData{Form: f})
}

// linked is who opened a link, and the alert that it opens.
func (s *Server) linked(c *fiber.Ctx) (alerts.Actor, string, error) {
	token := c.Cookies(linkCookie)
	if token == "" {
		return alerts.Actor{}, "", alerts.Errorf(alerts.Unauthenticated, "Open the link in the e-mail, or sign in.")
	}
	return s.Partners.LinkActor(token)
}

func (s *Server) linkAlert(c *fiber.Ctx, _ alerts.Actor) error { return s.showLinked(c, s.newForm()) }

func (s *Server) showLinked(c *fiber.Ctx, f *Form) error {
	a, id, err := s.linked(c)
	if err != nil {
		return s.linkRefused(c, err)
	}
	d := linkData{Form: f, Name: a.Name}
	lines, err := s.Partners.OwnDeliveries(a)
	if err != nil {
		return err
	}
	al, err := s.Partners.PartnerAlert(c.UserContext(), a, id, s.linksFor(c))
	switch code := alerts.CodeOf(err); {
	case err == nil:
		card := s.partnerCard(c, al, lines, f)
		d.Card = &card
	case code == alerts.Gone || code == alerts.NotFound:
		d.Ended, d.Leaving = true, s.Partners.PartnerBoard().LostFor(a.Partner, id) == partners.ReasonNotAddressed
		d.Removed = s.confirmed(a.Partner, id)
		c.Status(fiber.StatusGone)
	default:
		return err
	}
	return s.render(c, layoutPublic, "partner_link", d)
}

// confirmed tells whether an organisation has confirmed to have removed an alert.
func (s *Server) confirmed(partner, alertID string) bool {
	_, owed := s.Partners.PartnerBoard().Look(partner, alertID)
	return !owed
}

func (s *Server) linkPhoto(c *fiber.Ctx, _ alerts.Actor) error {
	a, id, err := s.linked(c)
	if err != nil {
		return s.linkRefused(c, err)
	}
	return s.sendAlertPhoto(c, a, id)
}

// linkSays carries out an answer, an outcome or a confirmed removal of whoever
// opened the link.
func (s *Server) linkSays(do command[partners.Act, partners.DeliveryView]) handler {
	return func(c *fiber.Ctx, _ alerts.Actor) error {
		a, id, err := s.linked(c)
		if err != nil {
			return s.linkRefused(c, err)
		}
		f, err := s.formOf(c)
		if err != nil {
			return err
		}
		in := partners.Act{
			Answer: partners.DeliveryState(f.Get("answer")), Reason: f.Get("reason"), Outcome: f.Get("outcome"), Counts: f.doneCounts(),
			Revision: f.Number("revision"), By: a.Name, Channel: partners.ChannelEmail,
		}
		if len(f.Errors) > 0 {
			c.Status(fiber.StatusUnprocessableEntity)
			return s.showLinked(c, f)
		}
		_, err = do(c.UserContext(), a, id, in, s.request(c, a, c.Body()))
		if f.Refused(err) {
			c.Status(fiber.StatusUnprocessableEntity)
			return s.showLinked(c, f)
		}
		if err != nil && alerts.CodeOf(err) != alerts.Gone {
			return err
		}
		return c.Redirect(linkPath+"/alert", fiber.StatusSeeOther)
	}
}
