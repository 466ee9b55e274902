package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type caseNewData struct {
	Form       *Form
	Categories []alerts.Category
	Sexes      []string
	Kinds      []string
	Grades     []string
	Staff      []Choice
	// Report is the public report that the case is made of, nil for none.
	Report *alerts.ContactView
	// Known is what may be about the same child, nil for nothing.
	Known *knownData
	// Intake says how the form stands that is kept while it is filled in.
	Intake *intakeData
}

func (s *Server) caseNewPage(c *fiber.Ctx, a alerts.Actor) error {
	if id := c.Query(intakeID); id != "" {
		f, kept, err := s.resumed(c, a, id)
		if err != nil {
			return err
		}
		return s.showCase(c, a, caseNewData{Form: f, Intake: kept})
	}
	f := s.newForm("last_seen.accuracy_m", "200", "last_seen.precision_min", "30")
	if id := c.Query("contact"); id != "" {
		v, err := s.Alerts.Contact(c.UserContext(), a, id)
		if err != nil {
			return err
		}
		f = s.reportForm(&v)
	}
	f.SetWhen("follow_up.due_at", s.tomorrow())
	return s.showCaseNew(c, a, f, nil)
}

func (s *Server) showCaseNew(c *fiber.Ctx, a alerts.Actor, f *Form, known *knownData) error {
	return s.showCase(c, a, caseNewData{Form: f, Known: known})
}

// showCase shows the form of a new case.
func (s *Server) showCase(c *fiber.Ctx, a alerts.Actor, d caseNewData) error {
	f := d.Form
	s.startIntake(f)
	d.Categories, d.Sexes, d.Kinds, d.Grades, d.Staff = alerts.Categories(), alerts.Sexes(), alerts.NameKinds(), alerts.RiskGrades(), s.staff()
	if id := f.Get("contact"); id != "" {
		v, err := s.Alerts.Contact(c.UserContext(), a, id)
		if err != nil {
			return err
		}
		d.Report = &v
	}
	return s.render(c, layoutConsole, "case_new", d)
}

// caseOpened opens a case. The buttons that add a child or a name, or look for
// a place, bring the form back with what was typed.
func (s *Server) caseOpened(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	f.tidyChildren()
	if f.Get("act") == "keep" {
		return s.intakeGoesOn(c, a, f)
	}
	if id := s.intakeDone(c, a, f); id != "" {
		return c.Redirect("/desk/cases/"+id, fiber.StatusSeeOther)
	}
	anyway := f.decided()
	if s.formGrew(c, f) {
		known, err := s.knownTo(c, a, f)
		if err != nil {
			return err
		}
		return s.showCaseNew(c, a, f, known)
	}
	in := newCaseFrom(f)
	in.NotSame = f.All("not_same")
	papers, err := s.documentsOf(c, f)
	if err != nil {
		return err
	}
	if len(f.Errors) == 0 {
		if known, err := s.heldBack(c, a, f, anyway); err != nil || known != nil {
			return s.showHeldBack(c, err, func() error { return s.showCaseNew(c, a, f, known) })
		}
		var open opener = s.Alerts.OpenCase
		if id := f.Get("contact"); id != "" {
			open = s.fromReport(id)
		}
		r := s.request(c, a, c.Body())
		v, err := open(c.UserContext(), a, in, r)
		if err == nil {
			if err := s.keepDocuments(c, a, v.ID, papers, r); err != nil {
				return err
			}
			if err := s.Alerts.CloseIntake(c.UserContext(), a, f.Get(intakeID), v.ID); err != nil {
				s.Log.Warn("a form that was sent is still kept", "error", err)
			}
			return c.Redirect("/desk/cases/"+v.ID, fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	} else {
		f.also(s.Alerts.CheckCase(in))
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showCaseNew(c, a, f, nil)
}

// also adds faults of fields that have none yet, so that every fault of a form
// is told at once.
func (f *Form) also(more alerts.Fields) {
	for _, e := range more {
		if f.WrongAt(e.Field) == nil {
			f.Errors = append(f.Errors, e)
		}
	}
}

// formGrew carries out the buttons of the form that only change the form.
func (s *Server) formGrew(c *fiber.Ctx, f *Form) bool {
	if f.Get("not_this") != "" {
		return true
	}
	switch f.Get("act") {
	case "find":
		s.findPlaces(c, f, "last_seen.place")
	case "add_child":
		f.setCount("children", len(f.ChildBlocks())+1)
	default:
		return false
	}
	return true
}

// opener opens a case in one of the ways there are.
type opener func(ctx context.Context, a alerts.Actor, in alerts.NewCase, r alerts.Request) (alerts.CaseView, error)

func (s *Server) fromReport(contact string) opener {
	return func(ctx context.Context, a alerts.Actor, in alerts.NewCase, r alerts.Request) (alerts.CaseView, error) {
		return s.Alerts.CaseFromReport(ctx, a, contact, in, r)
	}
}
