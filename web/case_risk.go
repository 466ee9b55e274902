package web

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type caseRiskData struct {
	caseFrame
	Form   *Form
	Grades []string
	// Stale says that somebody changed the case while the form was filled in.
	Stale bool
	// Signs are the signs of trafficking by their group.
	Signs []signGroup
	// Referrals is whom the signs of the last grade call for.
	Referrals []string
}

type signGroup struct {
	Group string
	Signs []alerts.Indicator
}

// History is the grades of the risk, newest first.
func (d caseRiskData) History() []alerts.RiskView {
	out := slices.Clone(d.Case.RiskHistory)
	slices.Reverse(out)
	return out
}

// caseRisk is the assessment of the risk: grade, factors, signs of trafficking,
// and every grade before.
func (s *Server) caseRisk(c *fiber.Ctx, a alerts.Actor) error {
	return s.showCaseRisk(c, a, caseRiskData{})
}

func (s *Server) showCaseRisk(c *fiber.Ctx, a alerts.Actor, d caseRiskData) error {
	frame, err := s.caseFrameOf(c, a, "overview")
	if err != nil {
		return err
	}
	d.caseFrame, d.Grades = frame, alerts.RiskGrades()
	if d.Form == nil {
		d.Form = s.newForm()
		if r := frame.Case.Risk; r != nil {
			d.Form.Values["risk.factors"], d.Form.Values["risk.indicators"] = r.Factors, r.Indicators
		}
	}
	if r := frame.Case.Risk; r != nil {
		d.Referrals = s.Alerts.ReferralsFor(r.Indicators)
	}
	for _, g := range alerts.IndicatorGroups() {
		group := signGroup{Group: g}
		for _, i := range s.Alerts.Indicators() {
			if i.Group == g {
				group.Signs = append(group.Signs, i)
			}
		}
		d.Signs = append(d.Signs, group)
	}
	return s.render(c, layoutConsole, "case_risk", d)
}

func (s *Server) caseRiskGraded(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := alerts.NewRisk{
		Grade: f.Get("risk.grade"), Factors: f.All("risk.factors"), Note: f.Get("risk.note"),
		Indicators: f.All("risk.indicators"), IndicatorsAsked: f.On("risk.indicators_asked"),
	}
	version, _ := strconv.Atoi(f.Get("version"))
	_, err = s.Alerts.PatchCase(c.UserContext(), a, c.Params("id"), version, alerts.CasePatch{Risk: &in}, s.request(c, a, c.Body()))
	switch {
	case err == nil:
		return c.Redirect("/desk/cases/"+c.Params("id")+"/risk", fiber.StatusSeeOther)
	case alerts.CodeOf(err) == alerts.Stale:
		c.Status(fiber.StatusPreconditionFailed)
		return s.showCaseRisk(c, a, caseRiskData{Form: f, Stale: true})
	case f.Refused(err):
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showCaseRisk(c, a, caseRiskData{Form: f})
	}
	return err
}

// Sign words a sign of trafficking by its key.
func (p *Page) Sign(key string) string {
	for _, i := range p.s.Alerts.Indicators() {
		if i.Key == key {
			return p.InLanguage(i.English, i.Serbian)
		}
	}
	return key
}
