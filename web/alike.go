package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// alikeRoutes are the answers to what may be about the same child as a case or
// a contact.
func (s *Server) alikeRoutes() []route {
	return []route{
		{"POST", "/desk/cases/:id/apart", s.caseSetApart},
		{"POST", "/desk/cases/:id/apart-back", s.caseApartBack},
		{"POST", "/desk/contacts/:id/apart", s.contactSetApart},
		{"POST", "/desk/contacts/:id/apart-back", s.contactApartBack},
		api("GET", "/cases/:id/alike", func(c *fiber.Ctx, a alerts.Actor) error { return read(c, a, s.Alerts.AlikeCase, nil) }),
		api("POST", "/cases/:id/apart", func(c *fiber.Ctx, a alerts.Actor) error { return on(s, c, a, s.Alerts.SetCaseApart, nil) }),
		api("POST", "/cases/:id/apart-back", func(c *fiber.Ctx, a alerts.Actor) error { return on(s, c, a, s.Alerts.CaseApartBack, nil) }),
		api("GET", "/contacts/:id/alike", func(c *fiber.Ctx, a alerts.Actor) error { return read(c, a, s.Alerts.AlikeContact, nil) }),
		api("POST", "/contacts/:id/apart", func(c *fiber.Ctx, a alerts.Actor) error { return on(s, c, a, s.Alerts.SetContactApart, nil) }),
		api("POST", "/contacts/:id/apart-back", func(c *fiber.Ctx, a alerts.Actor) error { return on(s, c, a, s.Alerts.ContactApartBack, nil) }),
	}
}

// alikeData is what may be about the same child as the record of a page.
type alikeData struct {
	alerts.AlikeView
	// Base is the page's address. Contact says that it is a contact's.
	Base    string
	Contact bool
	// Refused is the form that was refused, nil for none.
	Refused *Form
}

// alikeTo looks for what may be about the same child, for who may look; nil for
// nothing.
func (s *Server) alikeTo(c *fiber.Ctx, a alerts.Actor, base string, look func(*fiber.Ctx) (alerts.AlikeView, error), refused *Form) (*alikeData, error) {
	if !s.Matrix.Can(a.Role, "known.look") {
		return nil, nil
	}
	v, err := look(c)
	if err != nil || len(v.Items)+len(v.Apart) == 0 && refused == nil {
		return nil, err
	}
	return &alikeData{AlikeView: v, Base: base, Refused: refused}, nil
}

func (s *Server) alikeToCase(c *fiber.Ctx, a alerts.Actor, id string, refused *Form) (*alikeData, error) {
	return s.alikeTo(c, a, "/desk/cases/"+id, func(c *fiber.Ctx) (alerts.AlikeView, error) {
		return s.Alerts.AlikeCase(c.UserContext(), a, id)
	}, refused)
}

func (s *Server) alikeToContact(c *fiber.Ctx, a alerts.Actor, id string, refused *Form) (*alikeData, error) {
	d, err := s.alikeTo(c, a, "/desk/contacts/"+id, func(c *fiber.Ctx) (alerts.AlikeView, error) {
		return s.Alerts.AlikeContact(c.UserContext(), a, id)
	}, refused)
	if d != nil {
		d.Contact = true
	}
	return d, err
}

func (s *Server) caseSetApart(c *fiber.Ctx, a alerts.Actor) error {
	return s.pairJudged(c, "/desk/cases/"+c.Params("id"), s.setApartBy(a, s.Alerts.SetCaseApart), func(f *Form) error { return s.showCaseOverview(c, a, f) })
}

func (s *Server) contactSetApart(c *fiber.Ctx, a alerts.Actor) error {
	return s.pairJudged(c, "/desk/contacts/"+c.Params("id"), s.setApartBy(a, s.Alerts.SetContactApart), func(f *Form) error { return s.showContact(c, a, contactData{Apart: f}) })
}

func (s *Server) caseApartBack(c *fiber.Ctx, a alerts.Actor) error {
	return s.pairJudged(c, "/desk/cases/"+c.Params("id"), s.apartBackBy(a, s.Alerts.CaseApartBack), func(f *Form) error { return s.showCaseOverview(c, a, f) })
}

func (s *Server) contactApartBack(c *fiber.Ctx, a alerts.Actor) error {
	return s.pairJudged(c, "/desk/contacts/"+c.Params("id"), s.apartBackBy(a, s.Alerts.ContactApartBack), func(f *Form) error { return s.showContact(c, a, contactData{Apart: f}) })
}

func (s *Server) setApartBy(a alerts.Actor, do command[alerts.NewApart, alerts.AlikeView]) func(*fiber.Ctx, *Form) error {
	return func(c *fiber.Ctx, f *Form) error {
		in := alerts.NewApart{Of: f.Get("of"), Reason: f.Get("apart_reason")}
		_, err := do(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
		return err
	}
}

func (s *Server) apartBackBy(a alerts.Actor, do command[alerts.ApartBack, alerts.AlikeView]) func(*fiber.Ctx, *Form) error {
	return func(c *fiber.Ctx, f *Form) error {
		_, err := do(c.UserContext(), a, c.Params("id"), alerts.ApartBack{Of: f.Get("of")}, s.request(c, a, c.Body()))
		return err
	}
}

// pairJudged answers a judgement on a page: back to its place, or the page again
// with what is wrong.
func (s *Server) pairJudged(c *fiber.Ctx, page string, do func(*fiber.Ctx, *Form) error, show func(*Form) error) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	err = do(c, f)
	if err == nil {
		return c.Redirect(page+"#alike", fiber.StatusSeeOther)
	}
	if !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return show(f)
}
