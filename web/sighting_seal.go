package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/alerts/cover"
)

// blurredPhoto answers a thumbnail of a picture that came with a sighting, of
// which nobody can tell what is on it.
func (s *Server) blurredPhoto(c *fiber.Ctx, a alerts.Actor) error {
	b, err := s.Alerts.SightingThumb(c.UserContext(), a, c.Params("id"), c.Params("photo"))
	if err != nil {
		return err
	}
	var p alerts.Picture
	if err := s.decoded(c.UserContext(), func() (err error) { p, err = cover.Blurred(b); return err }); err != nil {
		return err
	}
	return sendPicture(c, p.JPEG)
}

// pictureSealed and the like carry out the forms about a picture that must not
// be looked at. What is wrong with them stands above the picture.
func (s *Server) pictureSealed(c *fiber.Ctx, a alerts.Actor) error {
	return s.onPicture(c, a, func(f *Form, r alerts.Request) error {
		_, err := s.Alerts.SealPicture(c.UserContext(), a, c.Params("id"), c.Params("photo"), alerts.RemovePhoto{Why: f.Get("why")}, r)
		return err
	})
}

func (s *Server) pictureViewers(c *fiber.Ctx, a alerts.Actor) error {
	return s.onPicture(c, a, func(f *Form, r alerts.Request) error {
		in := alerts.NameViewers{Viewers: f.All("viewers")}
		_, err := s.Alerts.NameViewers(c.UserContext(), a, c.Params("id"), c.Params("photo"), in, r)
		return err
	})
}

func (s *Server) pictureHanded(c *fiber.Ctx, a alerts.Actor) error {
	return s.onPicture(c, a, func(f *Form, r alerts.Request) error {
		in := alerts.Handover{At: f.When("at"), Unit: f.Get("unit"), Person: f.Get("person"), Reference: f.Get("reference")}
		if len(f.Errors) > 0 {
			return nil
		}
		_, err := s.Alerts.HandPicture(c.UserContext(), a, c.Params("id"), c.Params("photo"), in, r)
		return err
	})
}

func (s *Server) pictureUnsealed(c *fiber.Ctx, a alerts.Actor) error {
	return s.onPicture(c, a, func(f *Form, r alerts.Request) error {
		_, err := s.Alerts.UnsealPicture(c.UserContext(), a, c.Params("id"), c.Params("photo"), alerts.RemovePhoto{Why: f.Get("why")}, r)
		return err
	})
}

func (s *Server) onPicture(c *fiber.Ctx, a alerts.Actor, do func(*Form, alerts.Request) error) error {
	return s.onSighting(c, a, func(f *Form, r alerts.Request) error {
		err := do(f, r)
		if code := alerts.CodeOf(err); code == alerts.Forbidden {
			f.Errors.Add("", "needs_viewer", err.Error())
			return nil
		}
		return err
	}, func(r *sightingRecord, f *Form) { r.Seal, r.Sealing = f, c.Params("photo") })
}

// SealViewers are the people who may be named to open a sealed picture.
func (p *Page) SealViewers() []Choice {
	var out []Choice
	for _, a := range p.s.Alerts.Board.Accounts() {
		if a.Kind == alerts.KindPerson && a.DisabledAt.IsZero() && p.s.Alerts.Matrix.Can(a.Role, "sighting.seal_open") {
			out = append(out, Choice{a.ID, p.AccountName(a.ID) + " · " + p.Word("role", a.Role)})
		}
	}
	return out
}

// SealForm is the form about one picture: what was typed, or an empty one.
func (r sightingRecord) SealForm(photo string, p *Page) *Form {
	if r.Sealing == photo && r.Seal != nil {
		return r.Seal
	}
	f := p.s.newForm()
	f.SetWhen("at", p.Now)
	return f
}
