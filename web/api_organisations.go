package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

func partnerVersion(v partners.PartnerView) int { return v.Version }

func institutionVersion(v partners.InstitutionView) int { return v.Version }

func (s *Server) createPartner(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewPartner](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.CreatePartner(c.UserContext(), a, in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+"/partners/"+v.ID, v.Version, v)
}

func (s *Server) listPartners(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	cursor, limit := q.page()
	if err := q.Err(); err != nil {
		return err
	}
	page, err := s.Partners.Partners(a, cursor, limit)
	if err != nil {
		return err
	}
	return c.JSON(page)
}

func (s *Server) readPartner(c *fiber.Ctx, a alerts.Actor) error {
	return read(c, a, s.Partners.Partner, partnerVersion)
}

func (s *Server) patchPartner(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.PartnerPatch](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.PatchPartner(c.UserContext(), a, c.Params("id"), in, ifMatch(c), r)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) approvePartner(c *fiber.Ctx, a alerts.Actor) error {
	var in partners.NewVetting
	if len(c.Request().Body()) > 0 {
		if err := s.decode(c, &in); err != nil {
			return err
		}
	}
	v, err := s.Partners.VetPartner(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Request().Body()))
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

// partnersToLookAfter lists what has to be done about organisations.
func (s *Server) partnersToLookAfter(c *fiber.Ctx, a alerts.Actor) error {
	all, err := s.Partners.PartnersToLookAfter(a)
	if err != nil {
		return err
	}
	return c.JSON(whole(all))
}

func (s *Server) suspendPartner(c *fiber.Ctx, a alerts.Actor) error {
	return onBare(s, c, a, s.Partners.SuspendPartner, partnerVersion)
}

func (s *Server) createKey(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewKey](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.CreateKey(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+"/partners/"+c.Params("id")+"/tokens/"+v.ID, 0, v)
}

func (s *Server) revokeKey(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.RevokeKey(c.UserContext(), a, c.Params("id"), c.Params("token"), s.request(c, a, nil))
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) createInstitution(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewInstitution](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.CreateInstitution(c.UserContext(), a, in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+"/institutions/"+v.ID, v.Version, v)
}

func (s *Server) listInstitutions(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := partners.InstitutionFilter{
		Kind: q.one("kind", partners.InstitutionKinds()), Country: q.text("country"), Region: q.text("region"), Role: q.text("role"), Language: q.text("language"), Text: q.text("q"),
		Freshness: partners.Freshness(q.one("freshness", words([]partners.Freshness{partners.Verified, partners.StaleEntry, partners.ToBeVerified}))),
	}
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	page, err := s.Partners.Institutions(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	return c.JSON(page)
}

func (s *Server) readInstitution(c *fiber.Ctx, a alerts.Actor) error {
	return read(c, a, s.Partners.Institution, institutionVersion)
}

func (s *Server) patchInstitution(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.InstitutionPatch](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.PatchInstitution(c.UserContext(), a, c.Params("id"), ifMatch(c), in, r)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}
