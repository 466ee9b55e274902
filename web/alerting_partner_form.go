package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type partnerEditor struct {
	Form *Form
	// View is the organisation that is changed, nil for a new one.
	View *partners.PartnerView
	// Stale says that somebody else changed it meanwhile.
	Stale bool
}

// partnerPeople reads the rows that have something in them.
func (f *Form) partnerPeople() []partners.Person {
	var out []partners.Person
	for i, name := range f.Values["people.name"] {
		q := partners.Person{
			ID: f.nth("people.id", i), Name: name, Function: f.nth("people.function", i), Phone: f.nth("people.phone", i), Email: f.nth("people.email", i),
			Channels: strings.Fields(f.nth("people.channels", i)), Languages: splitWords(f.nth("people.languages", i)),
		}
		if q.Name+q.Function+q.Phone+q.Email != "" {
			out = append(out, q)
		}
	}
	return out
}

// nth is the value of a field in the nth of its rows.
func (f *Form) nth(name string, n int) string {
	if all := f.Values[name]; n < len(all) {
		return all[n]
	}
	return ""
}

func partnerForm(s *Server, v partners.PartnerView) *Form {
	f := s.newForm("name", v.Name, "agreement.reference", v.Agreement.Reference, "version", strconv.Itoa(v.Version))
	if !v.Agreement.ValidUntil.IsZero() {
		f.Set("agreement.valid_until", v.Agreement.ValidUntil.In(f.zone).Format(time.DateOnly))
	}
	f.Values["languages"] = v.Languages
	f.setArea("coverage", &v.Coverage)
	f.setReach(v)
	return f
}

func partnerFrom(f *Form) partners.NewPartner {
	return partners.NewPartner{
		Name: f.Get("name"), Coverage: f.area("coverage", nil), Languages: f.All("languages"),
		Agreement: partners.Agreement{Reference: f.Get("agreement.reference"), ValidUntil: f.endOfDay("agreement.valid_until")},
		People:    f.partnerPeople(), Zone: f.Get("zone"), Rota: f.rota(), Services: f.All("services"), Silence: f.silence(),
		PFIF: f.On("pfif"),
	}
}

func (s *Server) partnerNewPage(c *fiber.Ctx, _ alerts.Actor) error {
	f := s.newForm()
	f.setReach(partners.PartnerView{Zone: s.zone().String(), Policies: s.Partners.SilencePolicies()})
	return s.render(c, layoutConsole, "organisation_edit", partnerEditor{Form: f})
}

func (s *Server) partnerEntered(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := partnerFrom(f)
	if len(f.Errors) == 0 {
		v, err := s.Partners.CreatePartner(c.UserContext(), a, in, s.request(c, a, c.Body()))
		if err == nil {
			return c.Redirect(partnerAddress(v.ID), fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.render(c, layoutConsole, "organisation_edit", partnerEditor{Form: f})
}

func (s *Server) partnerEditPage(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Partner(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "organisation_edit", partnerEditor{Form: partnerForm(s, v), View: &v})
}

func (s *Server) partnerEdited(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Partner(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := partnerFrom(f)
	patch := partners.PartnerPatch{Name: &in.Name, Coverage: &in.Coverage, Languages: &in.Languages, Agreement: &in.Agreement, People: &in.People,
		Zone: &in.Zone, Rota: &in.Rota, Services: &in.Services, Silence: &in.Silence, PFIF: &in.PFIF}
	if len(f.Errors) == 0 {
		_, err := s.Partners.PatchPartner(c.UserContext(), a, v.ID, patch, f.version(), s.request(c, a, c.Body()))
		switch {
		case err == nil:
			return c.Redirect(partnerAddress(v.ID), fiber.StatusSeeOther)
		case alerts.CodeOf(err) == alerts.Stale:
			c.Status(fiber.StatusPreconditionFailed)
			return s.render(c, layoutConsole, "organisation_edit", partnerEditor{Form: f, View: &v, Stale: true})
		case !f.Refused(err):
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.render(c, layoutConsole, "organisation_edit", partnerEditor{Form: f, View: &v})
}

// version is the one that the form was filled from; one that cannot be read
// fits nothing.
func (f *Form) version() int {
	if n, err := strconv.Atoi(f.Get("version")); err == nil && n > 0 {
		return n
	}
	return -1
}
