package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type appealData struct {
	Card appealCard
	// Address is the page's full address, for sharing.
	Address string
}

// appealPage shows an appeal. Once the search has ended the page says only
// that: no name, no photo.
func (s *Server) appealPage(c *fiber.Ctx, _ alerts.Actor) error {
	v, _, err := s.appeal(c.Params("slug"))
	if alerts.CodeOf(err) == alerts.Gone {
		c.Status(fiber.StatusGone)
		return s.render(c, layoutPublic, "appeal_ended", nil)
	}
	if err != nil {
		return err
	}
	d := appealData{Card: s.appealCard(v, s.texts.languageOf(c)), Address: s.origin(c) + "/appeals/" + v.Slug}
	return s.render(c, layoutPublic, "appeal", d)
}

// appeal returns an appeal and its case by the page's name: NotFound when there
// never was one, Gone when it is over.
func (s *Server) appeal(slug string) (alerts.AppealView, *alerts.Case, error) {
	al, ok := s.Alerts.Board.AlertBySlug(slug)
	if !ok || slug == "" {
		return alerts.AppealView{}, nil, alerts.Errorf(alerts.NotFound, "There is no such page.")
	}
	cs, ok := s.Alerts.Board.Case(al.CaseID)
	if !ok {
		return alerts.AppealView{}, nil, alerts.Errorf(alerts.Gone, "This search has ended.")
	}
	v, ok := alerts.AppealOf(cs, al, s.Now().In(s.zone()))
	if !ok {
		return alerts.AppealView{}, nil, alerts.Errorf(alerts.Gone, "This search has ended.")
	}
	return v, cs, nil
}

func (s *Server) appealPhoto(c *fiber.Ctx, _ alerts.Actor) error {
	v, cs, err := s.appeal(c.Params("slug"))
	if err != nil {
		return err
	}
	if v.PhotoID == "" {
		return alerts.Errorf(alerts.NotFound, "This appeal has no photo.")
	}
	jpeg, err := s.Alerts.OpenPhoto(c.UserContext(), cs, v.PhotoID)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "image/jpeg")
	return c.Send(jpeg)
}

// origin is the address that people reach the server at.
func (s *Server) origin(c *fiber.Ctx) string {
	if s.Config.Origin != "" {
		return s.Config.Origin
	}
	scheme := "http://"
	if s.Config.Secure {
		scheme = "https://"
	}
	return scheme + c.Hostname()
}
