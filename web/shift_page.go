package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type handoverData struct {
	View partners.HandoverView
	Form *Form
	// Untaken is the last handover when nobody has taken it over, nil else.
	Untaken *partners.HandoverView
	Earlier []partners.HandoverView
	// Now says that this is what a handover made now would say.
	Now bool
}

// handoversShown is how many earlier handovers a page lists.
const handoversShown = 30

// handoverNow is what the leaving shift hands over: made by itself, with room
// for what it adds.
func (s *Server) handoverNow(c *fiber.Ctx, a alerts.Actor) error {
	return s.showHandover(c, a, s.newForm())
}

func (s *Server) showHandover(c *fiber.Ctx, a alerts.Actor, f *Form) error {
	v, err := s.Partners.HandoverNow(c.UserContext(), a)
	if err != nil {
		return err
	}
	d := handoverData{View: v, Form: f, Now: true, Earlier: s.Partners.Handovers(a, handoversShown)}
	for i := range d.View.Cases {
		of, err := s.Alerts.VisibleCase(a, d.View.Cases[i].ID)
		if err != nil {
			continue
		}
		for _, n := range s.Alerts.ViewCase(a, of).ShiftNotes {
			if n.Handover == "" {
				d.View.Cases[i].Notes = append(d.View.Cases[i].Notes, n)
			}
		}
	}
	if len(d.Earlier) > 0 && d.Earlier[0].TakenBy == "" {
		d.Untaken = &d.Earlier[0]
	}
	return s.render(c, layoutConsole, "shift", d)
}

func (s *Server) handoverMade(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	v, err := s.Partners.MakeHandover(c.UserContext(), a, partners.NewHandover{Note: f.Get("note")}, s.request(c, a, c.Body()))
	if err == nil {
		return c.Redirect("/desk/handovers/"+v.ID, fiber.StatusSeeOther)
	}
	if !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showHandover(c, a, f)
}

func (s *Server) handoverPage(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Handover(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "shift", handoverData{View: v, Form: s.newForm(), Earlier: s.Partners.Handovers(a, handoversShown)})
}

func (s *Server) handoverTaken(c *fiber.Ctx, a alerts.Actor) error {
	if _, err := s.Partners.TakeHandover(c.UserContext(), a, c.Params("id"), s.request(c, a, c.Body())); err != nil {
		return err
	}
	return c.Redirect("/desk/handovers/"+c.Params("id"), fiber.StatusSeeOther)
}

// HandoverKind words a reason why a case needs somebody.
func (p *Page) HandoverKind(kind string) string {
	return p.TOr("shift.kind_"+kind, p.TOr("deadline_kind."+kind, kind))
}
