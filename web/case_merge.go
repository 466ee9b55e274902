package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type caseMergeData struct {
	caseFrame
	Form *Form
	// Known are the cases that look like this one.
	Known []alerts.KnownItem
}

func (s *Server) caseMergePage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showCaseMerge(c, a, s.newForm("into", c.Query("into")))
}

func (s *Server) showCaseMerge(c *fiber.Ctx, a alerts.Actor, f *Form) error {
	frame, err := s.caseFrameOf(c, a, "overview")
	if err != nil {
		return err
	}
	d := caseMergeData{caseFrame: frame, Form: f}
	q := alerts.KnownQuery{Of: "cases/" + frame.Case.ID}
	for _, child := range frame.Case.Children {
		q.Children = append(q.Children, alerts.KnownChild{Names: child.Names, BirthDate: child.BirthDate})
	}
	v, err := s.Alerts.Known(c.UserContext(), a, q)
	if err != nil {
		return err
	}
	for _, i := range v.Items {
		if i.Kind == "case" {
			d.Known = append(d.Known, i)
		}
	}
	return s.render(c, layoutConsole, "case_merge", d)
}

// caseMerged merges this case into the one whose number was typed.
func (s *Server) caseMerged(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := alerts.MergeCase{Reason: f.Get("reason")}
	if number := f.Get("into"); number != "" {
		cs, ok := s.caseNumbered(a, number)
		if !ok {
			f.Errors.Add("into", "unknown_case", "There is no such case.")
		} else {
			in.Into = cs.ID
		}
	}
	if len(f.Errors) == 0 {
		_, err = s.Alerts.MergeCase(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
		switch {
		case err == nil:
			return c.Redirect("/desk/cases/"+in.Into+"#aliases", fiber.StatusSeeOther)
		case f.unmergeable(err):
			c.Status(fiber.StatusConflict)
			return s.showCaseMerge(c, a, f)
		case !f.Refused(err):
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showCaseMerge(c, a, f)
}

// unmergeable takes over why two cases cannot be merged as they stand.
func (f *Form) unmergeable(err error) bool {
	var e *alerts.Error
	if !errors.As(err, &e) || e.Code != alerts.Conflict || len(e.Fields) == 0 {
		return false
	}
	f.Errors = append(f.Errors, e.Fields...)
	return true
}

// caseUnmerged takes a merge back.
func (s *Server) caseUnmerged(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	_, err = s.Alerts.UnmergeCase(c.UserContext(), a, c.Params("id"), alerts.Reason{Reason: f.Get("reason")}, s.request(c, a, c.Body()))
	if err == nil {
		return c.Redirect("/desk/cases/"+c.Params("id"), fiber.StatusSeeOther)
	}
	if !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showCaseMerge(c, a, f)
}

// Aliases are the cases that are merged into this one.
func (p *Page) Aliases(id string) []alerts.CaseListItem { return p.s.Alerts.Aliases(p.Actor, id) }

func (s *Server) mergeCase(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.MergeCase, caseVersion)
}

func (s *Server) unmergeCase(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.UnmergeCase, caseVersion)
}
