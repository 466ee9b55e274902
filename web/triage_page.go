package web

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
)

// browsed tells whether somebody opened a page, and no script fetched it again:
// browsers that go to a page ask for XHTML too.
func browsed(c *fiber.Ctx) bool {
	return strings.Contains(c.Get(fiber.HeaderAccept), "application/xhtml+xml")
}

// opened takes a report for whoever opens its page, when it is free and there is
// still something to do about it, and tells who has it.
func (s *Server) opened(c *fiber.Ctx, a alerts.Actor, v *alerts.SightingView) error {
	if !browsed(c) || !s.Alerts.Matrix.Can(a.Role, "sighting.screen") {
		return nil
	}
	switch v.State {
	case alerts.SightingNew, alerts.SightingScreened, alerts.SightingAssessed:
	default:
		return nil
	}
	l, err := s.Alerts.Take(c.UserContext(), a, v.ID, alerts.TakeSighting{}, alerts.Request{})
	if alerts.CodeOf(err) == alerts.Conflict {
		return nil // the view says who has it
	}
	if err == nil {
		v.Lease = &l
	}
	return err
}

// fillUnread puts what nobody has read in the order of triage.
func (s *Server) fillUnread(c *fiber.Ctx, a alerts.Actor, d *sightingsData, q alerts.SightingQuery) error {
	q.States, q.Limit, q.Cursor = nil, unreadFirst, d.Form.Get("items")
	var err error
	d.Triage, err = s.Alerts.Triage(c.UserContext(), a, alerts.TriageQuery{SightingQuery: q, Order: d.Form.Get("order")})
	return err
}

// sightingTaken takes a report over from somebody else, or free.
func (s *Server) sightingTaken(c *fiber.Ctx, a alerts.Actor) error {
	return s.onSighting(c, a, func(_ *Form, r alerts.Request) error {
		_, err := s.Alerts.Take(c.UserContext(), a, c.Params("id"), alerts.TakeSighting{TakeOver: true}, r)
		return err
	}, func(r *sightingRecord, f *Form) { r.Assess = f })
}

// sightingFreed gives a report back and leaves its page. A page that is closed
// says when its report was taken.
func (s *Server) sightingFreed(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	since, err := time.Parse(time.RFC3339Nano, f.Get("since"))
	if err != nil {
		since = time.Time{}
	}
	if err := s.Alerts.GiveBack(c.UserContext(), a, c.Params("id"), since); err != nil {
		return err
	}
	return c.Redirect("/desk/sightings", fiber.StatusSeeOther)
}

// sightingUndone takes the reader's last step back.
func (s *Server) sightingUndone(c *fiber.Ctx, a alerts.Actor) error {
	return s.onSighting(c, a, func(_ *Form, r alerts.Request) error {
		_, err := s.Alerts.Undo(c.UserContext(), a, c.Params("id"), r)
		return err
	}, func(r *sightingRecord, f *Form) { r.Assess = f })
}

// sightingGrouped puts a report into a group or takes it out.
func (s *Server) sightingGrouped(c *fiber.Ctx, a alerts.Actor) error {
	return s.onSighting(c, a, func(f *Form, r alerts.Request) error {
		in := alerts.GroupSighting{}
		switch f.Get("group") {
		case "apart":
			in.Apart = true
		case "with":
			in.With = lastPart(f.Get("with"))
			if in.With == "" {
				f.Errors.Add("with", "required", "Name the other report.")
				return nil
			}
		}
		_, err := s.Alerts.Group(c.UserContext(), a, c.Params("id"), in, r)
		return err
	}, func(r *sightingRecord, f *Form) { r.Group = f })
}

// SignIcon is the picture beside a sign of a report.
func (p *Page) SignIcon(sign string) string {
	switch sign {
	case alerts.SignHeldBack:
		return "key"
	case alerts.SignPhoto:
		return "photo"
	case alerts.SignVehicle:
		return "out"
	}
	return "eye"
}

// Transports and YesNo are the choices of the questions about a sighting.
func (p *Page) Transports() []Choice { return p.Words("transport", alerts.Transports()) }

// YesNo are the answers of a plain question.
func (p *Page) YesNo() []Choice { return p.Words("yesno", alerts.YesNo()) }

// answers adds what the further questions of a form were answered with.
func (f *Form) answers(in alerts.NewSighting) alerts.NewSighting {
	in.Direction, in.Transport, in.Companions = f.Get("direction"), f.Get("transport"), f.Get("companions")
	in.Vehicle, in.SeenAppeal = f.Get("vehicle"), f.Get("seen_appeal")
	return in
}

// NearOf is the town that a point lies at.
func (p *Page) NearOf(at geo.Point) string { return p.Near(&at) }
