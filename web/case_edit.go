package web

import (
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type caseEditData struct {
	caseFrame
	Form       *Form
	Categories []alerts.Category
	Sexes      []string
	Kinds      []string
	Grades     []string
	Staff      []Choice
	// Was is the case as it stood when the form was made, so that only what
	// somebody touched is sent.
	Was string
	// Collisions say who changed what meanwhile, and Theirs the fields that
	// both changed, with what the other wrote.
	Collisions []alerts.EditView
	Theirs     []collision
}

// collision is a field that two people changed: what the other one wrote.
type collision struct{ Field, Theirs string }

func (s *Server) caseEditPage(c *fiber.Ctx, a alerts.Actor) error {
	frame, err := s.caseFrameOf(c, a, "overview")
	if err != nil {
		return err
	}
	f := s.caseForm(&frame.Case)
	return s.showCaseEdit(c, caseEditData{caseFrame: frame, Form: f, Was: f.Values.Encode()})
}

func (s *Server) showCaseEdit(c *fiber.Ctx, d caseEditData) error {
	d.Categories, d.Sexes, d.Kinds = alerts.Categories(), alerts.Sexes(), alerts.NameKinds()
	d.Grades, d.Staff = alerts.RiskGrades(), s.staff()
	return s.render(c, layoutConsole, "case_edit", d)
}

// caseEdited saves what somebody changed. When somebody else was faster nothing
// is saved: the form comes back with what both wrote.
func (s *Server) caseEdited(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	f.tidyChildren()
	was, err := url.ParseQuery(f.Get("was"))
	if err != nil {
		return fiber.NewError(fiber.StatusBadRequest, "The form could not be read.")
	}
	version, _ := strconv.Atoi(f.Get("version"))
	grew := s.formGrew(c, f)
	if !grew {
		in := f.patch(&Form{Values: was, zone: f.zone})
		if len(f.Errors) == 0 {
			_, err = s.Alerts.PatchCase(c.UserContext(), a, c.Params("id"), version, in, s.request(c, a, c.Body()))
			if err == nil {
				return c.Redirect("/desk/cases/"+c.Params("id"), fiber.StatusSeeOther)
			}
		}
	}
	frame, errFrame := s.caseFrameOf(c, a, "overview")
	if errFrame != nil {
		return errFrame
	}
	d := caseEditData{caseFrame: frame, Form: f, Was: f.Get("was")}
	switch {
	case grew:
		d.Case.Version = version
		return s.showCaseEdit(c, d)
	case alerts.CodeOf(err) == alerts.Stale:
		s.collide(&d, was, version)
		c.Status(fiber.StatusPreconditionFailed)
	case err == nil || f.Refused(err):
		d.Case.Version = version
		c.Status(fiber.StatusUnprocessableEntity)
	default:
		return err
	}
	return s.showCaseEdit(c, d)
}
