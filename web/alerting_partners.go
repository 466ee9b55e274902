package web

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type partnerListData struct {
	Items []partners.PartnerView
	Next  string
	// Cares are what has to be done about organisations, for who may.
	Cares []partners.Care
}

func (s *Server) partnersPage(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	cursor, limit := q.page()
	if err := q.Err(); err != nil {
		return err
	}
	list, err := s.Partners.Partners(a, cursor, limit)
	if err != nil {
		return err
	}
	d := partnerListData{Items: list.Items, Next: orEmpty(list.Next)}
	if s.Matrix.Can(a.Role, "partner.approve") {
		if d.Cares, err = s.Partners.PartnersToLookAfter(a); err != nil {
			return err
		}
	}
	return s.render(c, layoutConsole, "organisation_list", d)
}

type partnerData struct {
	View partners.PartnerView
	Form *Form
	// Made is a key that was made just now: its token is shown this once.
	Made   *partners.MadeKey
	Levels []alerts.Level
	// Vetting is the form of whoever looks at it.
	Vetting *Form
	// Own is set when the reader entered the organisation, who cannot approve it.
	Own bool
	reachData
}

// KeyEnded tells whether a key opens nothing any more.
func (d partnerData) KeyEnded(k partners.KeyView, p *Page) bool {
	return k.RevokedAt != nil || k.ExpiresAt.Before(p.Now)
}

func (s *Server) partnerPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showPartner(c, a, partnerData{Form: s.newForm()})
}

func (s *Server) showPartner(c *fiber.Ctx, a alerts.Actor, d partnerData) error {
	var err error
	if d.View, err = s.Partners.Partner(c.UserContext(), a, c.Params("id")); err != nil {
		return err
	}
	d.Levels, d.Own = levels()[1:], d.View.MadeBy == a.ID
	if len(d.Form.All("levels")) == 0 {
		d.Form.Values["levels"] = words(d.Levels)
	}
	if d.Vetting == nil {
		d.Vetting = s.newForm()
	}
	slices.Reverse(d.View.Keys)
	slices.Reverse(d.View.Vettings)
	d.reachData = s.reach(a, d.View, "/desk/partners/"+d.View.ID, d.reachData)
	return s.render(c, layoutConsole, "organisation", d)
}

func partnerAddress(id string) string { return "/desk/partners/" + id }

// partnerVetted approves an organisation, or notes that it was looked at again.
func (s *Server) partnerVetted(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	_, err = s.Partners.VetPartner(c.UserContext(), a, c.Params("id"), partners.NewVetting{Note: f.Get("note")}, s.request(c, a, c.Body()))
	if f.Refused(err) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showPartner(c, a, partnerData{Form: s.newForm(), Vetting: f})
	}
	if err != nil {
		return err
	}
	return c.Redirect(partnerAddress(c.Params("id")), fiber.StatusSeeOther)
}

// partnerStep is suspending: one button, one change.
func (s *Server) partnerStep(do func(context.Context, alerts.Actor, string, alerts.Request) (partners.PartnerView, error)) handler {
	return func(c *fiber.Ctx, a alerts.Actor) error {
		if _, err := do(c.UserContext(), a, c.Params("id"), s.request(c, a, c.Body())); err != nil {
			return err
		}
		return c.Redirect(partnerAddress(c.Params("id")), fiber.StatusSeeOther)
	}
}

// partnerKeyMade makes a key and shows its token, which is not kept. Loading
// the answer again shows the same token: the form carries its own key.
func (s *Server) partnerKeyMade(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := partners.NewKey{Name: f.Get("name"), Levels: named[alerts.Level](f.All("levels")), Regions: f.All("regions"), ExpiresAt: f.endOfDay("expires_at")}
	made, err := s.Partners.CreateKey(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
	if f.Refused(err) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showPartner(c, a, partnerData{Form: f})
	}
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return s.showPartner(c, a, partnerData{Form: s.newForm(), Made: &made})
}

func (s *Server) partnerKeyRevoked(c *fiber.Ctx, a alerts.Actor) error {
	_, err := s.Partners.RevokeKey(c.UserContext(), a, c.Params("id"), c.Params("key"), s.request(c, a, c.Body()))
	if err != nil {
		return err
	}
	return c.Redirect(partnerAddress(c.Params("id"))+"#keys", fiber.StatusSeeOther)
}

// endOfDay reads a date of a form as the end of that day; the zero time without one.
func (f *Form) endOfDay(name string) time.Time {
	text := f.Get(name)
	if text == "" {
		return time.Time{}
	}
	t, err := time.ParseInLocation(time.DateOnly, text, f.zone)
	if err != nil {
		f.Errors.Add(name, "not_a_date", "Write the date as YYYY-MM-DD.")
		return time.Time{}
	}
	return t.AddDate(0, 0, 1).Add(-time.Second)
}
