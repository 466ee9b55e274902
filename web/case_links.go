package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type caseLinksData struct {
	caseFrame
	Links         []alerts.LinkedCase
	Link, Episode *Form
	Kinds         []string
	Children      []Choice
}

func (s *Server) caseLinks(c *fiber.Ctx, a alerts.Actor) error {
	return s.showCaseLinks(c, a, caseLinksData{})
}

func (s *Server) showCaseLinks(c *fiber.Ctx, a alerts.Actor, d caseLinksData) error {
	frame, err := s.caseFrameOf(c, a, "links")
	if err != nil {
		return err
	}
	d.caseFrame, d.Kinds = frame, alerts.LinkKinds()
	if d.Links, err = s.Alerts.LinkedCases(c.UserContext(), a, &frame.Case); err != nil {
		return err
	}
	if d.Link == nil {
		d.Link = s.newForm()
	}
	if d.Episode == nil {
		d.Episode = s.newForm()
	}
	p := s.page(c, "", nil)
	for _, child := range frame.Case.Children {
		d.Children = append(d.Children, Choice{child.ID, p.ChildName(child)})
	}
	return s.render(c, layoutConsole, "case_links", d)
}

func linksPage(c *fiber.Ctx) string { return "/desk/cases/" + c.Params("id") + "/links" }

func (s *Server) caseLinked(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := alerts.NewLink{Case: f.Get("case"), Kind: f.Get("kind"), Reason: f.Get("reason")}
	_, err = s.Alerts.LinkCases(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
	if err == nil {
		return c.Redirect(linksPage(c), fiber.StatusSeeOther)
	}
	if !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showCaseLinks(c, a, caseLinksData{Link: f})
}

func (s *Server) caseUnlinked(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	_, err = s.Alerts.UnlinkCases(c.UserContext(), a, c.Params("id"), c.Params("link"), alerts.Reason{Reason: f.Get("reason")}, s.request(c, a, c.Body()))
	if err == nil {
		return c.Redirect(linksPage(c), fiber.StatusSeeOther)
	}
	if !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showCaseLinks(c, a, caseLinksData{Link: f})
}

func (s *Server) caseEpisodeAdded(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := alerts.NewEpisode{Child: f.Get("child"), Episode: alerts.Episode{Began: f.Get("began"), Days: f.Number("days"), Found: f.Get("found"), Source: f.Get("source")}}
	if len(f.Errors) == 0 {
		_, err = s.Alerts.AddEpisode(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
		if err == nil {
			return c.Redirect(linksPage(c)+"#episodes", fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showCaseLinks(c, a, caseLinksData{Episode: f})
}
