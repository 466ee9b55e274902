package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// onSighting carries out what a form asks for and goes back to where it stood;
// with faults the sighting is shown with the form as it was filled in.
func (s *Server) onSighting(c *fiber.Ctx, a alerts.Actor, do func(*Form, alerts.Request) error, put func(*sightingRecord, *Form)) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	err = do(f, s.request(c, a, c.Body()))
	if err == nil && len(f.Errors) == 0 {
		back := f.Get("back")
		if !ownPath(back) {
			back = "/desk/sightings/" + c.Params("id")
		}
		return c.Redirect(back, fiber.StatusSeeOther)
	}
	c.Status(fiber.StatusUnprocessableEntity)
	switch {
	case alerts.CodeOf(err) == alerts.Conflict: // what was typed stays on the page
		f.Errors.Add("", "conflict", err.Error())
		c.Status(fiber.StatusConflict)
	case err != nil && !f.Refused(err):
		return err
	}
	return s.showSightingPage(c, a, func(r *sightingRecord) {
		if ownPath(f.Get("back")) {
			r.Back = f.Get("back")
		}
		put(r, f)
	})
}

func (s *Server) sightingScreened(c *fiber.Ctx, a alerts.Actor) error {
	return s.onSighting(c, a, func(f *Form, r alerts.Request) error {
		_, err := s.Alerts.ScreenSighting(c.UserContext(), a, c.Params("id"), alerts.Screen{State: alerts.SightingState(f.Get("state"))}, r)
		return err
	}, func(r *sightingRecord, f *Form) { r.Assess = f })
}

func (s *Server) sightingAssessed(c *fiber.Ctx, a alerts.Actor) error {
	return s.onSighting(c, a, func(f *Form, r alerts.Request) error {
		in := alerts.Assess{Source: f.Get("source"), Information: f.Number("information"), Handling: f.Get("handling"), Note: f.Get("note")}
		if len(f.Errors) > 0 {
			return nil
		}
		_, err := s.Alerts.AssessSighting(c.UserContext(), a, c.Params("id"), in, r)
		return err
	}, func(r *sightingRecord, f *Form) { r.Assess = f })
}

// sightingLinked attaches a sighting to a case by its number, or takes it off
// when the number is empty.
func (s *Server) sightingLinked(c *fiber.Ctx, a alerts.Actor) error {
	return s.onSighting(c, a, func(f *Form, r alerts.Request) error {
		in := alerts.LinkSighting{CaseNumber: alerts.Some(f.Get("case_number"))}
		_, err := s.Alerts.Link(c.UserContext(), a, c.Params("id"), in, r)
		return err
	}, func(r *sightingRecord, f *Form) { r.Link = f })
}

// sightingRepeats marks a sighting as one that repeats another; the other may
// be named by its address.
func (s *Server) sightingRepeats(c *fiber.Ctx, a alerts.Actor) error {
	return s.onSighting(c, a, func(f *Form, r alerts.Request) error {
		in := alerts.LinkSighting{DuplicateOf: alerts.Some(lastPart(f.Get("duplicate_of")))}
		_, err := s.Alerts.Link(c.UserContext(), a, c.Params("id"), in, r)
		return err
	}, func(r *sightingRecord, f *Form) { r.Duplicate = f })
}

func (s *Server) sightingHandedOver(c *fiber.Ctx, a alerts.Actor) error {
	return s.onSighting(c, a, func(f *Form, r alerts.Request) error {
		in := alerts.Handover{At: f.When("at"), Unit: f.Get("unit"), Person: f.Get("person"), Reference: f.Get("reference")}
		if len(f.Errors) > 0 {
			return nil
		}
		_, err := s.Alerts.HandOver(c.UserContext(), a, c.Params("id"), in, r)
		return err
	}, func(r *sightingRecord, f *Form) { r.Handover = f })
}

func (s *Server) sightingMessaged(c *fiber.Ctx, a alerts.Actor) error {
	return s.onSighting(c, a, func(f *Form, r alerts.Request) error {
		_, err := s.Alerts.MessageTipster(c.UserContext(), a, c.Params("id"), alerts.NewMessage{Text: f.Get("text")}, r)
		return err
	}, func(r *sightingRecord, f *Form) { r.Words = f })
}
