package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type preventionListData struct {
	Items []partners.PreventionView
	Next  string
	Form  *Form
}

type preventionData struct {
	View partners.PreventionView
	// Refused is the form of the part that was refused.
	Refused      partForm
	Facts        *Form
	Staff        []Choice
	Institutions []Choice
	Stale        bool
}

type preventionNewData struct {
	Form *Form
	// Case is what the record is for, zero without one.
	Case  alerts.CaseListItem
	Staff []Choice
}

// childRows is how many children the form takes; stateRows how many countries.
const (
	childRows = 3
	stateRows = 3
)

func preventionPath(id string) string { return "/desk/preventions/" + id }

func (s *Server) preventionsPage(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := partners.PreventionFilter{State: q.one("state", partners.PreventionStates()), Case: q.text("case")}
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	page, err := s.Partners.Preventions(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "prevention_list", preventionListData{page.Items, orEmpty(page.Next), s.newForm("state", in.State, "case", in.Case)})
}

func (s *Server) preventionNewPage(c *fiber.Ctx, a alerts.Actor) error {
	f := s.newForm("case_id", c.Query("case"), "contact_id", c.Query("contact"), "owner", a.ID)
	if err := s.preventionFromContact(c, a, f); err != nil {
		return err
	}
	return s.showPreventionNew(c, a, f)
}

func (s *Server) showPreventionNew(c *fiber.Ctx, a alerts.Actor, f *Form) error {
	d := preventionNewData{Form: f, Staff: s.staff()}
	if id := f.Get("case_id"); id != "" {
		known, err := s.Alerts.VisibleCase(a, id)
		if err != nil {
			return err
		}
		d.Case = s.Alerts.ViewCaseItem(a, known)
	}
	return s.render(c, layoutConsole, "prevention_new", d)
}

func (s *Server) preventionOpened(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := partners.NewPrevention{
		CaseID: f.Get("case_id"), ContactID: f.Get("contact_id"), Children: f.preventedChildren(), Worried: f.Get("worried"),
		Feared: f.Get("feared"), ToStates: f.states(), Owner: f.Get("owner"),
	}
	v, err := s.Partners.OpenPrevention(c.UserContext(), a, in, s.request(c, a, c.Body()))
	if f.Refused(err) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showPreventionNew(c, a, f)
	}
	if err != nil {
		return err
	}
	return c.Redirect(preventionPath(v.ID), fiber.StatusSeeOther)
}

func (s *Server) preventionPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showPrevention(c, a, preventionData{})
}

func (s *Server) showPrevention(c *fiber.Ctx, a alerts.Actor, d preventionData) error {
	v, err := s.Partners.Prevention(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	d.View, d.Staff = v, s.staff()
	if d.Facts == nil {
		d.Facts = s.preventionForm(a, v)
	}
	if d.Institutions, err = s.institutionChoices(c, a, ""); err != nil {
		return err
	}
	return s.render(c, layoutConsole, "prevention", d)
}

// preventionChanged changes what a record is about.
func (s *Server) preventionChanged(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := partners.PreventionPatch{
		State: alerts.Some(f.Get("state")), Children: alerts.Some(f.preventedChildren()), Worried: alerts.Some(f.Get("worried")),
		Feared: alerts.Some(f.Get("feared")), ToStates: alerts.Some(f.states()), Owner: alerts.Some(f.Get("owner")),
		CaseID: alerts.Some(s.numbered(a, f)),
	}
	return s.submit(c, f, preventionPath(c.Params("id")), func() error {
		_, err := s.Partners.PatchPrevention(c.UserContext(), a, c.Params("id"), f.version(), in, s.request(c, a, c.Body()))
		return err
	}, func(stale bool) error { return s.showPrevention(c, a, preventionData{Facts: f, Stale: stale}) })
}

// preventionPart makes a handler of a form of one part of a record; read makes
// the command of the form.
func preventionPart[In any](s *Server, part string, read func(*Form) In, do command[In, partners.PreventionView]) handler {
	return func(c *fiber.Ctx, a alerts.Actor) error {
		f, err := s.formOf(c)
		if err != nil {
			return err
		}
		in := read(f)
		return s.submit(c, f, preventionPath(c.Params("id"))+"#"+part, func() error {
			_, err := do(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
			return err
		}, func(bool) error { return s.showPrevention(c, a, preventionData{Refused: partForm{f, part}}) })
	}
}

// preventionEntry is preventionPart for one entry of a part.
func preventionEntry[In any](s *Server, part string, read func(*Form) In, do partCommand[In]) handler {
	return func(c *fiber.Ctx, a alerts.Actor) error {
		f, err := s.formOf(c)
		if err != nil {
			return err
		}
		in := read(f)
		return s.submit(c, f, preventionPath(c.Params("id"))+"#"+part, func() error {
			_, err := do(c.UserContext(), a, c.Params("id"), c.Params("part"), in, s.request(c, a, c.Body()))
			return err
		}, func(bool) error {
			return s.showPrevention(c, a, preventionData{Refused: partForm{f, c.Params("part")}})
		})
	}
}
