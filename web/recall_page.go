package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// recall answers every place to which a version of an alert went.
func (s *Server) recall(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.RecallNow(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) papersTakenDown(c *fiber.Ctx, a alerts.Actor) error {
	return onBare(s, c, a, s.Alerts.PapersTakenDown, alertVersion)
}

// papersGone notes that the desk's posters and images are taken down.
func (s *Server) papersGone(c *fiber.Ctx, a alerts.Actor) error {
	_, err := s.Alerts.PapersTakenDown(c.UserContext(), a, c.Params("id"), s.request(c, a, c.Body()))
	return s.alertDone(c, a, s.newForm(), err)
}

// paperMade notes that somebody of the desk fetches a poster or a share image of
// an appeal that is out, and leads to it. What the public fetches is
// only counted.
func (s *Server) paperMade(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	al, err := s.Alerts.VisibleAlert(a, c.Params("id"))
	if err != nil {
		return err
	}
	file := f.Get("file")
	if al.Slug == "" || !slices.Contains(alerts.PaperFiles(), file) {
		return alerts.Errorf(alerts.NotFound, "There is no such poster.")
	}
	if err := s.Alerts.MakePaper(c.UserContext(), a, al.ID, file); err != nil {
		return err
	}
	return c.Redirect("/appeals/"+al.Slug+"/"+file+"?lang="+s.texts.languageOf(c), fiber.StatusSeeOther)
}
