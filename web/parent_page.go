package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

func contactPath(c *fiber.Ctx) string { return "/desk/contacts/" + c.Params("id") }

// parentChecked opens the view by code to whoever holds it, once staff know who
// that is.
func (s *Server) parentChecked(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := alerts.NewParentCheck{
		Party: f.Get("party"), Identity: f.Get("identity"), Custody: f.Get("custody"), Orders: f.Get("orders"), Note: f.Get("note"),
	}
	return s.submit(c, f, contactPath(c)+"#check", func() error {
		_, err := s.Alerts.CheckParent(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
		return err
	}, func(bool) error { return s.showContact(c, a, contactData{Check: f}) })
}

func (s *Server) parentUnchecked(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	return s.submit(c, f, contactPath(c)+"#check", func() error {
		_, err := s.Alerts.UncheckParent(c.UserContext(), a, c.Params("id"), alerts.Reason{Reason: f.Get("reason")}, s.request(c, a, c.Body()))
		return err
	}, func(bool) error { return s.showContact(c, a, contactData{Uncheck: f}) })
}

func (s *Server) objectionDecided(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	id, in := c.Params("objection"), alerts.Decide{Decision: f.Get("decision"), Reason: f.Get("reason")}
	return s.submit(c, f, contactPath(c)+"#objection-"+id, func() error {
		_, err := s.Alerts.DecideObjection(c.UserContext(), a, c.Params("id"), id, in, s.request(c, a, c.Body()))
		return err
	}, func(bool) error { return s.showContact(c, a, contactData{Decide: partForm{f, id}}) })
}

// DecideForm is the form that decides one objection.
func (d contactData) DecideForm(id string, p *Page) *Form { return d.Decide.of(id, p) }

// CheckNow is the check that is in force, nil for none.
func (d contactData) CheckNow() *alerts.ParentCheckView {
	for i := range d.Contact.Checks {
		k := &d.Contact.Checks[i]
		if k.WithdrawnAt.IsZero() && k.CaseID == d.Contact.CaseID && k.Party == d.Contact.Party {
			return k
		}
	}
	return nil
}

// IdentityWays, CustodyWays, OrderWays and ObjectionKinds are the words that
// their fields take.
func (p *Page) IdentityWays() []Choice { return p.Words("identity_way", alerts.IdentityWays()) }

// CustodyWays are how the say over a child may have been checked.
func (p *Page) CustodyWays() []Choice { return p.Words("custody_way", alerts.CustodyWays()) }

// OrderWays are whom staff may have asked about protection orders.
func (p *Page) OrderWays() []Choice { return p.Words("order_way", alerts.OrderWays()) }

// ObjectionKinds are what the holder of a code may say against publication.
func (p *Page) ObjectionKinds() []Choice { return p.Words("objection", alerts.ObjectionKinds()) }

// CheckableParties are the parties of a case that a check may be about.
func (p *Page) CheckableParties(all []Choice) []Choice {
	var out []Choice
	for _, c := range all {
		if c.Value != alerts.PartyTaking {
			out = append(out, c)
		}
	}
	return out
}
