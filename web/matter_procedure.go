package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type matterProcedureData struct {
	matterFrame
	Procedure partners.ProcedureView
	Route     partners.RouteView
	// Form is that of the decision on the route.
	Form   *Form
	Routes []string
}

func (s *Server) matterProcedurePage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showProcedure(c, a, nil)
}

// showProcedure shows the route and the steps; a form that is not given is
// fresh.
func (s *Server) showProcedure(c *fiber.Ctx, a alerts.Actor, f *Form) error {
	frame, err := s.matterFrameOf(c, a, "procedure")
	if err != nil {
		return err
	}
	d := matterProcedureData{matterFrame: frame, Form: f, Routes: partners.LegalRoutes()}
	if d.Procedure, err = s.Partners.Procedure(c.UserContext(), a, d.View.ID); err != nil {
		return err
	}
	if d.Route, err = s.Partners.Route(c.UserContext(), a, d.View.ID); err != nil {
		return err
	}
	if f == nil {
		d.Form = s.newForm("route", d.Route.Decided)
		if d.Route.Decided == "" {
			d.Form.Set("route", d.Route.Proposed)
		}
	}
	return s.render(c, layoutConsole, "matter_procedure", d)
}

// StepsOf are the steps of a phase.
func (d matterProcedureData) StepsOf(phase partners.PhaseView) []partners.MatterStepView {
	var out []partners.MatterStepView
	for _, i := range phase.Steps {
		out = append(out, d.Procedure.Steps[i])
	}
	return out
}

func (s *Server) matterRouteDecided(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := partners.NewRoute{Route: f.Get("route"), Why: f.Get("why")}
	_, err = s.Partners.DecideRoute(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
	if f.Refused(err) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showProcedure(c, a, f)
	}
	if err != nil {
		return err
	}
	return c.Redirect(matterPath(c.Params("id"))+"/procedure", fiber.StatusSeeOther)
}

type matterStepData struct {
	matterFrame
	Step         partners.MatterStepView
	Form         *Form
	States       []string
	Staff        []Choice
	Institutions []Choice
}

// stepIn finds a step of a matter by the path and the round in the query or the
// form.
func (s *Server) stepIn(c *fiber.Ctx, a alerts.Actor, round int) (partners.MatterStepView, error) {
	v, err := s.Partners.Procedure(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return partners.MatterStepView{}, err
	}
	for _, step := range v.Steps {
		if step.Step == c.Params("step") && step.Round == max(1, round) {
			return step, nil
		}
	}
	return partners.MatterStepView{}, fiber.ErrNotFound
}

func (s *Server) matterStepPage(c *fiber.Ctx, a alerts.Actor) error {
	step, err := s.stepIn(c, a, c.QueryInt("round", 1))
	if err != nil {
		return err
	}
	f := s.newForm("state", step.State, "done_on", step.DoneOn, "outcome", step.Outcome, "institution_id", step.InstitutionID,
		"reason", step.Reason, "note", step.Note, "owner", step.Owner, "round", strconv.Itoa(step.Round))
	if !step.DueByLaw {
		f.Set("due_on", step.Due)
	}
	f.Values["grounds"] = step.Grounds
	for _, d := range step.Documents {
		if d.There {
			f.Values.Add("documents", d.ID)
		}
	}
	return s.showStep(c, a, step, f)
}

func (s *Server) showStep(c *fiber.Ctx, a alerts.Actor, step partners.MatterStepView, f *Form) error {
	frame, err := s.matterFrameOf(c, a, "procedure")
	if err != nil {
		return err
	}
	if f.Get("owner") == frame.View.Owner {
		f.Set("owner", "") // so that the step goes with the matter to its next owner
	}
	d := matterStepData{matterFrame: frame, Step: step, Form: f, States: partners.StepStates(), Staff: s.staff()}
	if d.Institutions, err = s.institutionChoices(c, a, ""); err != nil {
		return err
	}
	return s.render(c, layoutConsole, "matter_step", d)
}

// Expected are the documents that the step needs, as choices.
func (d matterStepData) Expected(p *Page) []Choice {
	var out []Choice
	for _, x := range d.Step.Documents {
		out = append(out, Choice{x.ID, p.Word("step_document", x.ID)})
	}
	return out
}

func (s *Server) matterStepRecorded(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	round := f.Number("round")
	step, err := s.stepIn(c, a, round)
	if err != nil {
		return err
	}
	in := partners.StepPatch{
		Round: round, State: alerts.Some(f.Get("state")), DoneOn: alerts.Some(f.Get("done_on")), DueOn: alerts.Some(f.Get("due_on")),
		Outcome: alerts.Some(f.Get("outcome")), Grounds: alerts.Some(f.All("grounds")), Documents: alerts.Some(f.All("documents")),
		Owner: alerts.Some(f.Get("owner")), InstitutionID: alerts.Some(f.Get("institution_id")), Reason: alerts.Some(f.Get("reason")), Note: alerts.Some(f.Get("note")),
	}
	_, err = s.Partners.RecordStep(c.UserContext(), a, c.Params("id"), step.Step, in, s.request(c, a, c.Body()))
	if f.Refused(err) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showStep(c, a, step, f)
	}
	if err != nil {
		return err
	}
	return c.Redirect(matterPath(c.Params("id"))+"/procedure#step-"+step.Step+"-"+strconv.Itoa(step.Round), fiber.StatusSeeOther)
}
