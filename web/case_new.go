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
}

func (s *Server) caseNewPage(c *fiber.Ctx, a alerts.Actor) error {
	f := s.newForm("last_seen.accuracy_m", "200", "last_seen.precision_min", "30")
	if id := c.Query("contact"); id != "" {
		v, err := s.Alerts.Contact(c.UserContext(), a, id)
		if err != nil {
			return err
		}
		f = s.reportForm(&v)
	}
	f.SetWhen("follow_up.due_at", s.tomorrow())
	return s.showCaseNew(c, a, f)
}

func (s *Server) showCaseNew(c *fiber.Ctx, a alerts.Actor, f *Form) error {
	d := caseNewData{Form: f, Categories: alerts.Categories(), Sexes: alerts.Sexes(), Kinds: alerts.NameKinds(), Grades: alerts.RiskGrades(), Staff: s.staff()}
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
	if s.formGrew(c, f) {
		return s.showCaseNew(c, a, f)
	}
	in := newCaseFrom(f)
	if len(f.Errors) == 0 {
		var open opener = s.Alerts.OpenCase
		if id := f.Get("contact"); id != "" {
			open = s.fromReport(id)
		}
		v, err := open(c.UserContext(), a, in, s.request(c, a, c.Body()))
		if err == nil {
			return c.Redirect("/desk/cases/"+v.ID, fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	} else {
		f.also(s.Alerts.CheckCase(in))
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showCaseNew(c, a, f)
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
