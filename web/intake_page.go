package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// The hidden fields of a form that is kept while it is filled in.
const (
	intakeID      = "intake"
	intakeVersion = "intake_version"
	intakeTab     = "intake_tab"
)

// intakeData is how a form that is being filled in stands.
type intakeData struct {
	// SavedAt is when it was last saved, zero for never.
	SavedAt time.Time
	// By is who is at it beside the reader, empty for nobody; Mine that it is
	// another page of the reader's own.
	By   string
	Mine bool
	// Stale says that it could not be saved, because somebody else has.
	Stale bool
}

// resumed fills the form of a new case with one that was kept.
func (s *Server) resumed(c *fiber.Ctx, a alerts.Actor, id string) (*Form, *intakeData, error) {
	in, err := s.Alerts.ReadIntake(c.UserContext(), a, id)
	if err != nil {
		return nil, nil, err
	}
	f := s.newForm()
	for name, values := range in.Values {
		f.Values[name] = values
	}
	f.Set(intakeID, in.ID)
	f.Set(intakeVersion, strconv.Itoa(in.Version))
	f.Set(intakeTab, incidentID())
	d := &intakeData{SavedAt: in.SavedAt}
	if in.OpenBy("", s.Now()) {
		d.By, d.Mine = in.SavedBy, in.SavedBy == a.ID
	}
	return f, d, nil
}

// startIntake gives a fresh form its place to be kept at.
func (s *Server) startIntake(f *Form) {
	if f.Get(intakeID) == "" {
		f.Set(intakeID, alerts.NewID(s.Alerts.Random))
		f.Set(intakeVersion, "0")
		f.Set(intakeTab, incidentID())
	}
}

// keepIntake saves what stands in a form.
func (s *Server) keepIntake(c *fiber.Ctx, a alerts.Actor, f *Form) (alerts.Intake, error) {
	values := url.Values{}
	for name, v := range f.Values {
		if name != keyField && name != "act" && !strings.HasPrefix(name, intakeID) {
			values[name] = v
		}
	}
	version, _ := strconv.Atoi(f.Get(intakeVersion))
	return s.Alerts.KeepIntake(c.UserContext(), a, alerts.SaveIntake{
		ID: f.Get(intakeID), Values: values, Version: version, Tab: f.Get(intakeTab), Own: f.On("restricted"),
	})
}

// intakeSaved is what the page's script sends while somebody types.
func (s *Server) intakeSaved(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in, err := s.keepIntake(c, a, f)
	answer := fiber.Map{"version": in.Version, "saved_at": in.SavedAt.In(s.zone()).Format("15:04:05")}
	switch alerts.CodeOf(err) {
	case alerts.Stale, alerts.Conflict:
		name := ""
		if acc, ok := s.Alerts.Board.Account(in.SavedBy); ok && in.SavedBy != a.ID {
			name = acc.Name
		}
		answer["by"] = name
		return c.Status(fiber.StatusConflict).JSON(answer)
	}
	if err != nil {
		return err
	}
	return c.JSON(answer)
}

// intakeGoesOn saves the form without a script and brings it back.
func (s *Server) intakeGoesOn(c *fiber.Ctx, a alerts.Actor, f *Form) error {
	in, err := s.keepIntake(c, a, f)
	switch {
	case err == nil:
		return c.Redirect("/desk/cases/new?intake="+in.ID, fiber.StatusSeeOther)
	case alerts.CodeOf(err) == alerts.Stale:
		f.Set(intakeVersion, strconv.Itoa(in.Version)) // whoever saves again has been told
		c.Status(fiber.StatusPreconditionFailed)
		return s.showCase(c, a, caseNewData{Form: f, Intake: &intakeData{SavedAt: in.SavedAt, By: in.SavedBy, Mine: in.SavedBy == a.ID, Stale: true}})
	}
	return err
}

// intakeDone is the case that was opened with a form already, empty for none: a
// form sent twice leads to one case.
func (s *Server) intakeDone(c *fiber.Ctx, a alerts.Actor, f *Form) string {
	in, err := s.Alerts.ReadIntake(c.UserContext(), a, f.Get(intakeID))
	if err != nil {
		return ""
	}
	return in.CaseID
}

type intakesData struct {
	List []alerts.Intake
}

// intakesPage lists the forms of new cases that are being filled in.
func (s *Server) intakesPage(c *fiber.Ctx, a alerts.Actor) error {
	list, err := s.Alerts.Intakes(c.UserContext(), a)
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "intake_list", intakesData{list})
}

func (s *Server) intakeDropped(c *fiber.Ctx, a alerts.Actor) error {
	if err := s.Alerts.DropIntake(c.UserContext(), a, c.Params("id")); err != nil {
		return err
	}
	return c.Redirect("/desk/intake", fiber.StatusSeeOther)
}

// IntakeName is what a form that is being filled in is called in a list.
func (p *Page) IntakeName(in alerts.Intake) string {
	v := url.Values(in.Values)
	name := strings.TrimSpace(v.Get("children[0].names[0].given") + " " + v.Get("children[0].names[0].family"))
	if name == "" {
		name = p.T("desk.unnamed")
	}
	return name
}

// IntakeOpen tells whether somebody is at a form now.
func (p *Page) IntakeOpen(in alerts.Intake) bool { return in.OpenBy("", p.Now) }
