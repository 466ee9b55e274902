package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type caseCloseData struct {
	caseFrame
	Form     *Form
	Outcomes []string
	// Going is what is taken back when the case ends or is held.
	Going []going
}

// going is one alert that ends with its case, and who has it now.
type going struct {
	alerts.AlertView
	// Names are the organisations that hold it.
	Names []string
}

// alertsGoing lists the alerts of a case that have not ended.
func (s *Server) alertsGoing(ctx context.Context, a alerts.Actor, caseID string) ([]going, error) {
	list, err := s.Alerts.Alerts(ctx, a, alerts.AlertQuery{CaseID: caseID, States: []alerts.AlertState{alerts.AlertDraft, alerts.AlertLive}, Limit: toldLimit})
	if err != nil {
		return nil, err
	}
	var out []going
	for _, al := range list.Items {
		g := going{AlertView: al}
		ledger, err := s.Partners.Deliveries(a, al.ID)
		if err != nil && alerts.CodeOf(err) != alerts.NotFound {
			return nil, err
		}
		for _, l := range ledger {
			if !l.Withdrawn {
				g.Names = append(g.Names, l.PartnerName)
			}
		}
		out = append(out, g)
	}
	return out, nil
}

// Public tells whether an alert that goes is on a public page.
func (g going) Public() bool { return g.Slug != "" && g.State == alerts.AlertLive }

func (s *Server) caseClosePage(c *fiber.Ctx, a alerts.Actor) error {
	f := s.newForm()
	f.SetWhen("at", s.Now())
	return s.showCaseEnd(c, a, "case_close", f)
}

func (s *Server) caseHoldPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showCaseEnd(c, a, "case_hold", s.newForm())
}

func (s *Server) caseReopenPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showCaseEnd(c, a, "case_reopen", s.newForm())
}

func (s *Server) showCaseEnd(c *fiber.Ctx, a alerts.Actor, page string, f *Form) error {
	frame, err := s.caseFrameOf(c, a, "overview")
	if err != nil {
		return err
	}
	d := caseCloseData{caseFrame: frame, Form: f, Outcomes: alerts.Outcomes()}
	if d.Going, err = s.alertsGoing(c.UserContext(), a, frame.Case.ID); err != nil {
		return err
	}
	return s.render(c, layoutConsole, page, d)
}

// caseClosed ends a case, by one person and at once.
func (s *Server) caseClosed(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := alerts.CloseCase{Outcome: f.Get("outcome"), At: f.When("at"), Note: f.Get("note"), Whereabouts: f.Get("whereabouts")}
	if len(f.Errors) == 0 {
		_, err := s.Alerts.CloseCase(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
		if err == nil {
			return c.Redirect("/desk/cases/"+c.Params("id"), fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showCaseEnd(c, a, "case_close", f)
}

func (s *Server) caseConfirmed(c *fiber.Ctx, a alerts.Actor) error {
	_, err := s.Alerts.ConfirmClosing(c.UserContext(), a, c.Params("id"), s.request(c, a, c.Body()))
	if err != nil {
		return err
	}
	return c.Redirect("/desk/cases/"+c.Params("id"), fiber.StatusSeeOther)
}

func (s *Server) caseReopened(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	_, err = s.Alerts.ReopenCase(c.UserContext(), a, c.Params("id"), alerts.Reason{Reason: f.Get("reason")}, s.request(c, a, c.Body()))
	if err == nil {
		return c.Redirect("/desk/cases/"+c.Params("id"), fiber.StatusSeeOther)
	}
	if !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showCaseEnd(c, a, "case_reopen", f)
}

// caseStepped takes one of the plain steps of a case.
func (s *Server) caseStepped(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	steps := map[string]func(context.Context, alerts.Actor, string, alerts.Request) (alerts.CaseView, error){
		"submit": s.Alerts.SubmitCase, "hold": s.Alerts.HoldCase, "resume": s.Alerts.ResumeCase, "finish": s.Alerts.FinishCase,
	}
	step, ok := steps[f.Get("step")]
	if !ok {
		return fiber.NewError(fiber.StatusBadRequest, "There is no such step.")
	}
	if _, err := step(c.UserContext(), a, c.Params("id"), s.request(c, a, c.Body())); err != nil {
		return err
	}
	return c.Redirect("/desk/cases/"+c.Params("id"), fiber.StatusSeeOther)
}
