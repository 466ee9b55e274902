package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type caseHiddenData struct {
	caseFrame
	Hide, Party *Form
	// Lift is the form of the hiding that was refused, by its id.
	Lift partForm
}

// LiftForm is the form that lifts one hiding.
func (d caseHiddenData) LiftForm(id string, p *Page) *Form { return d.Lift.of(id, p) }

func hiddenPath(c *fiber.Ctx) string { return "/desk/cases/" + c.Params("id") + "/hidden" }

func (s *Server) caseHidden(c *fiber.Ctx, a alerts.Actor) error {
	return s.showHidden(c, a, caseHiddenData{})
}

func (s *Server) showHidden(c *fiber.Ctx, a alerts.Actor, d caseHiddenData) error {
	frame, err := s.caseFrameOf(c, a, "people")
	if err != nil {
		return err
	}
	d.caseFrame = frame
	if d.Hide == nil {
		d.Hide = s.newForm()
	}
	if d.Party == nil {
		d.Party = s.newForm()
	}
	return s.render(c, layoutConsole, "case_hidden", d)
}

func (s *Server) caseFactsHidden(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := alerts.NewHiding{Party: f.Get("party"), Fields: f.All("fields"), Why: f.Get("why"), Words: strings.Split(f.Get("words"), "\n")}
	return s.submit(c, f, hiddenPath(c), func() error {
		_, err := s.Alerts.HideFacts(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
		return err
	}, func(bool) error { return s.showHidden(c, a, caseHiddenData{Hide: f}) })
}

func (s *Server) casePartyAdded(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	return s.submit(c, f, hiddenPath(c), func() error {
		_, err := s.Alerts.AddParty(c.UserContext(), a, c.Params("id"), alerts.NewParty{Kind: f.Get("kind"), Name: f.Get("name")}, s.request(c, a, c.Body()))
		return err
	}, func(bool) error { return s.showHidden(c, a, caseHiddenData{Party: f}) })
}

func (s *Server) caseHidingLifted(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	id := c.Params("hiding")
	return s.submit(c, f, hiddenPath(c), func() error {
		_, err := s.Alerts.LiftHiding(c.UserContext(), a, c.Params("id"), id, alerts.Lifting{Reason: f.Get("reason")}, s.request(c, a, c.Body()))
		return err
	}, func(bool) error { return s.showHidden(c, a, caseHiddenData{Lift: partForm{f, id}}) })
}

// HiddenFields are the facts that can be hidden.
func (p *Page) HiddenFields() []string { return alerts.HiddenFields() }

// PartyKinds are the kinds of party that are named.
func (p *Page) PartyKinds() []string { return alerts.PartyKinds() }
