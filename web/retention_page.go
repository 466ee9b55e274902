package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// retentionPages are the pages about what follows the end of a case.
func (s *Server) retentionPages() []route {
	return []route{
		{"GET", "/desk/cases/:id/after", s.caseAfter},
		{"POST", "/desk/cases/:id/interviews", s.caseInterviewed},
		{"GET", "/desk/retention", s.retentionList},
		{"GET", "/desk/retention/:id", s.retentionFile},
		{"POST", "/desk/retention/:id/:act", s.retentionActed},
	}
}

type caseAfterData struct {
	caseFrame
	Form     *Form
	Children []Choice
	// Clock are the steps that follow the search.
	Clock []alerts.ClockStep
	Kept  alerts.Retention
}

// caseAfter shows what follows the search: the return interview, the steps of
// aftercare, and how long the file is kept.
func (s *Server) caseAfter(c *fiber.Ctx, a alerts.Actor) error { return s.showAfter(c, a, nil) }

func (s *Server) showAfter(c *fiber.Ctx, a alerts.Actor, f *Form) error {
	frame, err := s.caseFrameOf(c, a, "overview")
	if err != nil {
		return err
	}
	d, p := caseAfterData{caseFrame: frame, Form: f}, s.page(c, "", nil)
	if d.Form == nil {
		d.Form = s.newForm()
		d.Form.SetWhen("at", s.Now())
	}
	for _, child := range frame.Case.Children {
		d.Children = append(d.Children, Choice{child.ID, p.ChildName(child)})
	}
	if d.Kept, err = s.Partners.CaseRetention(c.UserContext(), a, frame.Case.ID); err != nil {
		return err
	}
	steps, err := s.Alerts.CaseClock(c.UserContext(), a, frame.Case.ID)
	if err != nil {
		return err
	}
	for _, one := range steps {
		if one.Phase == "after" {
			d.Clock = append(d.Clock, one)
		}
	}
	return s.render(c, layoutConsole, "case_after", d)
}

func (s *Server) caseInterviewed(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := alerts.NewInterview{Child: f.Get("child"), State: f.Get("state"), At: f.When("at"), With: f.Get("with"), Note: f.Get("note")}
	return s.submit(c, f, "/desk/cases/"+c.Params("id")+"/after#interview", func() error {
		_, err := s.Alerts.AddInterview(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
		return err
	}, func(bool) error { return s.showAfter(c, a, f) })
}

// retentionList shows the files that people have to decide about.
func (s *Server) retentionList(c *fiber.Ctx, a alerts.Actor) error {
	list, err := s.Partners.Retention(c.UserContext(), a)
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "retention", list)
}

type retentionFileData struct {
	alerts.Retention
	// Refused is the form of a hold that was refused; Part is the hold's id, empty
	// for a new one, erasePart for the form that proposes to erase the file.
	Refused *Form
	Part    string
}

const erasePart = "erase"

// Form is what was typed for a hold, or an empty form.
func (d retentionFileData) Form(part string, p *Page) *Form {
	return partForm{d.Refused, d.Part}.of(part, p)
}

// retentionFile shows how long one file is kept, without opening it; or, once it
// was erased, what is left of it.
func (s *Server) retentionFile(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Erasure(c.UserContext(), a, c.Params("id"))
	if alerts.CodeOf(err) == alerts.NotFound {
		return s.showRetention(c, a, retentionFileData{})
	}
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "retention_erased", v)
}

func (s *Server) showRetention(c *fiber.Ctx, a alerts.Actor, d retentionFileData) error {
	var err error
	if d.Retention, err = s.Partners.CaseRetention(c.UserContext(), a, c.Params("id")); err != nil {
		return err
	}
	return s.render(c, layoutConsole, "retention_file", d)
}

func (s *Server) retentionActed(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := alerts.HoldAct{Hold: f.Get("hold"), Erasing: f.Get("erasing"), Ground: f.Get("ground"), Reason: f.Get("reason"), Reference: f.Get("reference")}
	part, back := in.Hold, "#holds"
	if slices.Contains(alerts.ErasingActs(), c.Params("act")) {
		part, back = erasePart, "#erase"
	}
	return s.submit(c, f, "/desk/retention/"+c.Params("id")+back, func() error {
		_, err := s.Partners.ActOnRetention(c.UserContext(), a, c.Params("id"), c.Params("act"), in, s.request(c, a, c.Body()))
		return err
	}, func(bool) error { return s.showRetention(c, a, retentionFileData{Refused: f, Part: part}) })
}

// RuleWhy is what the time of a rule is for, in the reader's language.
func (p *Page) RuleWhy(r alerts.RetentionRule) string { return p.inSerbian(r.English, r.Serbian) }

// HoldGrounds are the legal grounds on which a file is kept longer.
func (p *Page) HoldGrounds() []string { return alerts.HoldGrounds() }

// InterviewStates are what can become of a return interview.
func (p *Page) InterviewStates() []string { return alerts.InterviewStates() }

// InterviewPeople are those who offer or hold one.
func (p *Page) InterviewPeople() []string { return alerts.InterviewPeople() }

// keptUntil is how long the file of a case that has ended is kept; nil while it
// has not ended, and for who may not know.
func (s *Server) keptUntil(c *fiber.Ctx, a alerts.Actor, v *alerts.CaseView) (*alerts.Retention, error) {
	if v.Closing == nil || !s.Alerts.Matrix.Route(a.Role, "GET /desk/cases/:id/after") {
		return nil, nil
	}
	kept, err := s.Partners.CaseRetention(c.UserContext(), a, v.ID)
	return &kept, err
}
