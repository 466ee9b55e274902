package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
)

// sightingRecord is one sighting with the forms of everything that can be done
// with it.
type sightingRecord struct {
	View alerts.SightingView
	// LastSeen is where the child of its case was last seen, nil if unknown.
	LastSeen *alerts.LastSeenView
	// Near are sightings close by in place, which may be of the same event.
	Near                                     []alerts.Dot
	Assess, Link, Duplicate, Handover, Words *Form
	// Back is where the forms return to.
	Back string
	// Whole says that the record is a page of its own.
	Whole bool
}

// A sighting within this way of another, in metres, may be of the same event.
const (
	sameEventM = 2000
	sameEvents = 6
)

func (s *Server) sightingRecord(c *fiber.Ctx, a alerts.Actor, id string) (sightingRecord, error) {
	ctx := c.UserContext()
	v, err := s.Alerts.Sighting(ctx, a, id)
	if err != nil {
		return sightingRecord{}, err
	}
	r := sightingRecord{View: v, Assess: s.newForm(), Link: s.newForm("case_number", v.GivenNumber), Duplicate: s.newForm("duplicate_of", v.DuplicateOf), Handover: s.newForm(), Words: s.newForm()}
	if v.CaseNumber != "" {
		r.Link.Set("case_number", v.CaseNumber)
	}
	r.Handover.SetWhen("at", s.Now())
	if g := v.Assessment; g != nil {
		r.Assess = s.newForm("source", g.Source, "information", plain(g.Information), "handling", g.Handling, "note", g.Note)
	}
	if cs, err := s.Alerts.VisibleCase(a, v.CaseID); err == nil {
		r.LastSeen = s.Alerts.ViewCase(a, cs).LastSeen
	}
	if v.Place != nil {
		r.Near, err = s.near(ctx, a, &v)
	}
	return r, err
}

func (s *Server) near(ctx context.Context, a alerts.Actor, v *alerts.SightingView) ([]alerts.Dot, error) {
	dots, err := s.Alerts.NearestSightings(ctx, a, *v.Place, sameEvents+1, sameEventM, alerts.SightingQuery{Case: v.CaseID})
	if err != nil {
		return nil, err
	}
	var out []alerts.Dot
	for _, d := range dots {
		if d.ID != "" && d.ID != v.ID {
			out = append(out, d)
		}
	}
	return out, nil
}

// DotAt is where a dot stands.
func (p *Page) DotAt(d alerts.Dot) *geo.Point {
	at := geo.At(d.Lon, d.Lat)
	return &at
}

// Sources and Pieces are the letters and digits of the Admiralty pair with what
// they mean.
func (p *Page) Sources() []Choice { return p.graded("source", "A", "B", "C", "D", "E", "F") }

// Pieces are the digits of the pair: how likely the information is.
func (p *Page) Pieces() []Choice { return p.graded("information", "1", "2", "3", "4", "5", "6") }

func (p *Page) graded(group string, values ...string) []Choice {
	out := make([]Choice, len(values))
	for i, v := range values {
		out[i] = Choice{v, v + " · " + p.Word(group, v)}
	}
	return out
}

type sightingPageData struct{ Open *sightingRecord }

func (s *Server) sightingPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showSightingPage(c, a, func(*sightingRecord) {})
}

// showSightingPage shows one sighting; put puts a form with faults in its place.
func (s *Server) showSightingPage(c *fiber.Ctx, a alerts.Actor, put func(*sightingRecord)) error {
	r, err := s.sightingRecord(c, a, c.Params("id"))
	if err != nil {
		return err
	}
	r.Back, r.Whole = "/desk/sightings/"+r.View.ID, true
	put(&r)
	return s.render(c, layoutConsole, "sighting", sightingPageData{&r})
}

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
	if err != nil && !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
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
