package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
)

// alertEditor is the page on which an alert is written.
type alertEditor struct {
	Form       *Form
	Case       alerts.CaseView
	Levels     []alerts.Level
	Severities []string
	// Alert is the one that is changed, nil for a new one.
	Alert *alerts.AlertView
	// Worked is what the area was worked out from, nil where it was drawn.
	Worked *workedArea
}

// Back is where the editor was opened from.
func (e alertEditor) Back() string {
	if e.Alert != nil {
		return "/desk/alerts/" + e.Alert.ID
	}
	return "/desk/cases/" + e.Case.ID + "/alerts"
}

// LastSeen is the point that a circle can be drawn around.
func (e alertEditor) LastSeen() *geo.Point { return lastSeenOf(e.Case) }

func lastSeenOf(c alerts.CaseView) *geo.Point {
	if c.LastSeen == nil {
		return nil
	}
	return c.LastSeen.Place
}

// PublicConsent tells whether the family has agreed that the public is told.
func (e alertEditor) PublicConsent(p *Page) bool { return publicConsent(e.Case, p) }

func publicConsent(c alerts.CaseView, p *Page) bool {
	for _, n := range c.Consents {
		ended := !n.WithdrawnAt.IsZero() || !n.ExpiresAt.IsZero() && n.ExpiresAt.Before(p.Now)
		if n.Audience == "public" && (n.Class == alerts.P0 || n.Class == alerts.P1) && !ended {
			return true
		}
	}
	return false
}

func (s *Server) alertNewPage(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Alerts.Case(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	if v.State.Ended() {
		return c.Redirect("/desk/cases/"+v.ID+"/alerts", fiber.StatusSeeOther) // which offers no new one
	}
	f := s.newForm("level", string(alerts.LevelPartner), "severity", "severe")
	f.SetWhen("expires_at", s.Now().Add(firstLife))
	f.proposeReach(v)
	if at := lastSeenOf(v); at == nil {
		f.Values["area.regions"] = []string{nearCountries()[0]}
	} else {
		f.setArea("area", &geo.Area{Circles: []geo.Circle{{Center: [2]float64{at.Lon(), at.Lat()}, RadiusM: firstRadius}}})
	}
	for _, p := range v.Photos {
		if p.Main && p.Removed == nil && !p.ShowsOthers() {
			f.Set("photo_id", p.ID)
		}
	}
	return s.showEditor(c, f, v, nil)
}

func (s *Server) showEditor(c *fiber.Ctx, f *Form, v alerts.CaseView, al *alerts.AlertView) error {
	return s.render(c, layoutConsole, "alert_edit", alertEditor{Form: f, Case: v, Levels: levels(), Severities: severities(), Alert: al, Worked: s.worked(f.origin())})
}

// alertDrafted writes the first draft of an alert.
func (s *Server) alertDrafted(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Alerts.Case(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	if s.areaWorked(c, f, v) || alertGrew(f) {
		return s.showEditor(c, f, v, nil)
	}
	in := alertFrom(f, lastSeenOf(v))
	if len(f.Errors) == 0 {
		done, err := s.Alerts.DraftAlert(c.UserContext(), a, v.ID, in, s.request(c, a, c.Body()))
		if err == nil {
			return c.Redirect("/desk/alerts/"+done.ID, fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showEditor(c, f, v, nil)
}

// edited returns an alert that is to be changed, with its case.
func (s *Server) edited(c *fiber.Ctx, a alerts.Actor) (alerts.AlertView, alerts.CaseView, error) {
	al, err := s.Alerts.Alert(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return al, alerts.CaseView{}, err
	}
	v, err := s.Alerts.Case(c.UserContext(), a, al.CaseID)
	return al, v, err
}

func (s *Server) alertEditPage(c *fiber.Ctx, a alerts.Actor) error {
	al, v, err := s.edited(c, a)
	if err != nil {
		return err
	}
	r := al.RevisionView
	if al.Draft != nil {
		r = *al.Draft
	}
	f := s.alertForm(r)
	f.proposeReach(v)
	return s.showEditor(c, f, v, &al)
}

// alertEdited writes the draft of an alert anew. What is out stays until the
// draft is released in its place.
func (s *Server) alertEdited(c *fiber.Ctx, a alerts.Actor) error {
	al, v, err := s.edited(c, a)
	if err != nil {
		return err
	}
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	if s.areaWorked(c, f, v) || alertGrew(f) {
		return s.showEditor(c, f, v, &al)
	}
	in := alertFrom(f, lastSeenOf(v))
	if len(f.Errors) == 0 {
		_, err := s.Alerts.UpdateAlert(c.UserContext(), a, al.ID, updateOf(in), s.request(c, a, c.Body()))
		if err == nil {
			return c.Redirect("/desk/alerts/"+al.ID, fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showEditor(c, f, v, &al)
}
