package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type exchangesData struct {
	alerts.ExchangesView
	Form *Form
	// Made is an exchange with the secret that is shown this once.
	Made *alerts.MadeExchange
	// Overlap is how long a replaced secret counts, Address where messages go.
	Overlap, Address string
}

// exchangesPage shows the administrators which exchanges may announce calls, and
// whether what they send arrives.
func (s *Server) exchangesPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showExchanges(c, a, exchangesData{})
}

func (s *Server) showExchanges(c *fiber.Ctx, a alerts.Actor, d exchangesData) error {
	var err error
	if d.ExchangesView, err = s.Alerts.Exchanges(c.UserContext(), a); err != nil {
		return err
	}
	if d.Form == nil {
		d.Form = s.newForm()
	}
	d.Overlap = s.page(c, "", nil).Days(s.Alerts.KeyOverlap())
	d.Address = s.origin(c) + apiPrefix + "/calls"
	return s.render(c, layoutConsole, "exchanges", d)
}

func (s *Server) exchangeMade(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	made, err := s.Alerts.MakeExchange(c.UserContext(), a, alerts.NewExchange{Name: f.Get("name")}, s.request(c, a, c.Body()))
	if err == nil {
		return s.showExchanges(c, a, exchangesData{Made: &made})
	}
	if !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showExchanges(c, a, exchangesData{Form: f})
}

func (s *Server) exchangeRotated(c *fiber.Ctx, a alerts.Actor) error {
	made, err := s.Alerts.RotateExchange(c.UserContext(), a, c.Params("id"), s.request(c, a, c.Body()))
	if err != nil {
		return err
	}
	return s.showExchanges(c, a, exchangesData{Made: &made})
}

func (s *Server) exchangeKeyRevoked(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	_, err = s.Alerts.RevokeExchangeKey(c.UserContext(), a, c.Params("id"), alerts.RevokeExchangeKey{Key: f.Get("key")}, s.request(c, a, c.Body()))
	if err != nil {
		return err
	}
	return c.Redirect("/desk/exchanges", fiber.StatusSeeOther)
}
