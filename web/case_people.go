package web

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type casePeopleData struct {
	caseFrame
	Team, Consent, Decision *Form
	Staff                   []Choice
	Classes                 []alerts.Class
	Audiences, Bases        []string
	Levels                  []alerts.Level
	// Stale says that somebody changed the case while the team was edited.
	Stale bool
}

func (s *Server) casePeople(c *fiber.Ctx, a alerts.Actor) error {
	return s.showPeople(c, a, casePeopleData{})
}

// showPeople shows the people tab; forms that are not given are fresh.
func (s *Server) showPeople(c *fiber.Ctx, a alerts.Actor, d casePeopleData) error {
	frame, err := s.caseFrameOf(c, a, "people")
	if err != nil {
		return err
	}
	d.caseFrame = frame
	if d.Team == nil {
		d.Team = s.newForm()
		d.Team.Values["team"] = frame.Case.Team
		if frame.Case.Restricted {
			d.Team.Set("restricted", "yes")
		}
	}
	if d.Consent == nil {
		d.Consent = s.newForm()
	}
	if d.Decision == nil {
		d.Decision = s.newForm()
		d.Decision.SetWhen("decided_at", s.Now())
	}
	d.Staff, d.Audiences, d.Bases = s.staff(), alerts.Audiences(), alerts.ConsentBases()
	d.Classes = []alerts.Class{alerts.P0, alerts.P1, alerts.P2, alerts.P3, alerts.P4, alerts.P6, alerts.P7}
	d.Levels = []alerts.Level{alerts.LevelInternal, alerts.LevelPartner, alerts.LevelPublicAppeal, alerts.LevelNationalMirror}
	return s.render(c, layoutConsole, "case_people", d)
}

func peoplePage(c *fiber.Ctx) string { return "/desk/cases/" + c.Params("id") + "/people" }

// caseTeamChanged sets who works on a case and whether it is theirs alone.
func (s *Server) caseTeamChanged(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	team, restricted := slices.Clone(f.All("team")), f.On("restricted")
	version, _ := strconv.Atoi(f.Get("version"))
	_, err = s.Alerts.PatchCase(c.UserContext(), a, c.Params("id"), version, alerts.CasePatch{Team: &team, Restricted: &restricted}, s.request(c, a, c.Body()))
	switch {
	case err == nil:
		return c.Redirect(peoplePage(c), fiber.StatusSeeOther)
	case alerts.CodeOf(err) == alerts.Stale:
		c.Status(fiber.StatusPreconditionFailed)
		return s.showPeople(c, a, casePeopleData{Team: f, Stale: true})
	case f.Refused(err):
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showPeople(c, a, casePeopleData{Team: f})
	}
	return err
}

func (s *Server) caseConsentGiven(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := alerts.NewConsent{
		Class: alerts.Class(f.Get("class")), Audience: f.Get("audience"), Purpose: f.Get("purpose"), Basis: f.Get("basis"),
		GivenBy: f.Get("given_by"), Party: f.Get("party"), ExpiresAt: f.When("expires_at"),
	}
	if len(f.Errors) == 0 {
		_, err := s.Alerts.AddConsent(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
		if err == nil {
			return c.Redirect(peoplePage(c)+"#consents", fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showPeople(c, a, casePeopleData{Consent: f})
}

func (s *Server) caseConsentWithdrawn(c *fiber.Ctx, a alerts.Actor) error {
	_, err := s.Alerts.WithdrawConsent(c.UserContext(), a, c.Params("id"), c.Params("consent"), s.request(c, a, c.Body()))
	if err != nil {
		return err
	}
	return c.Redirect(peoplePage(c)+"#consents", fiber.StatusSeeOther)
}

func (s *Server) caseDecided(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := alerts.NewDecision{
		Level: alerts.Level(f.Get("level")), Authority: f.Get("authority"), Person: f.Get("person"), Basis: f.Get("basis"),
		Reference: f.Get("reference"), DecidedAt: f.When("decided_at"),
	}
	if len(f.Errors) == 0 {
		_, err := s.Alerts.RecordDecision(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
		if err == nil {
			return c.Redirect(peoplePage(c)+"#decisions", fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showPeople(c, a, casePeopleData{Decision: f})
}
