package web

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// ownData is the page on which an organisation's people keep whom to reach.
type ownData struct {
	View partners.PartnerView
	Form *Form
	// Stale says that somebody else changed it meanwhile, Edits that the reader
	// may change it.
	Stale, Edits bool
	// Made is a key that was made just now: its token is shown this once. Keys
	// says that the reader may replace and revoke keys.
	Made *partners.MadeKey
	Keys bool
	reachData
}

func (s *Server) partnerOwnPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showOwn(c, a, ownData{})
}

func (s *Server) showOwn(c *fiber.Ctx, a alerts.Actor, d ownData) error {
	var err error
	if d.View, err = s.Partners.OwnOrganisation(c.UserContext(), a); err != nil {
		return err
	}
	if d.Form == nil {
		d.Form = s.newForm("version", strconv.Itoa(d.View.Version))
		d.Form.Values["languages"] = d.View.Languages
		d.Form.setReach(d.View)
	}
	d.Edits = s.Matrix.Can(a.Role, "partner.own") && a.Kind == alerts.KindPerson
	d.Keys = s.Matrix.Can(a.Role, "partner.key_rotate") && a.Kind == alerts.KindPerson
	slices.Reverse(d.View.Keys)
	d.reachData = s.reach(a, d.View, "/partner", d.reachData)
	d.Manages = d.Manages && a.Kind == alerts.KindPerson
	return s.render(c, layoutPartner, "partner_organisation", d)
}

// partnerOwnSaved changes people, rota and languages of the reader's own
// organisation.
func (s *Server) partnerOwnSaved(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	languages, services, people, zone, rota := f.All("languages"), f.All("services"), f.partnerPeople(), f.Get("zone"), f.rota()
	in := partners.OwnPatch{Languages: &languages, Services: &services, People: &people, Zone: &zone, Rota: &rota}
	_, err = s.Partners.PatchOwnOrganisation(c.UserContext(), a, in, f.version(), s.request(c, a, c.Body()))
	switch {
	case err == nil:
		return c.Redirect("/partner/organisation", fiber.StatusSeeOther)
	case alerts.CodeOf(err) == alerts.Stale:
		c.Status(fiber.StatusPreconditionFailed)
		return s.showOwn(c, a, ownData{Form: f, Stale: true})
	case f.Refused(err):
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showOwn(c, a, ownData{Form: f})
	}
	return err
}
