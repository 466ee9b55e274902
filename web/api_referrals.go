package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

func referralVersion(v partners.ReferralView) int { return v.Version }

// referralRoutes are the referrals of staff and of the organisations that were
// asked.
func (s *Server) referralRoutes() []route {
	return []route{
		api("GET", "/referral-words", func(c *fiber.Ctx, _ alerts.Actor) error { return c.JSON(s.Partners.ReferralData()) }),
		api("GET", "/referral-figures", s.referralFigures),
		api("GET", "/cases/:id/referrals", s.caseReferralList),
		api("POST", "/cases/:id/referrals", s.openReferral),
		api("GET", "/referrals", s.referralList, paged("state", "sort")...),
		api("GET", "/referrals/:id", func(c *fiber.Ctx, a alerts.Actor) error { return read(c, a, s.Partners.Referral, referralVersion) }),
		api("POST", "/referrals/:id/:act", s.actOnReferral),
		api("GET", "/partner/referrals", func(c *fiber.Ctx, a alerts.Actor) error { return c.JSON(whole(s.Partners.OwnReferrals(a))) }),
		api("GET", "/partner/referrals/:id", func(c *fiber.Ctx, a alerts.Actor) error { return read(c, a, s.Partners.OwnReferral, nil) }),
		api("POST", "/partner/referrals/:id/:act", s.actOnOwnReferral),
	}
}

// referralFigures are without small counts: who fetches them takes them along.
func (s *Server) referralFigures(c *fiber.Ctx, a alerts.Actor) error {
	items, err := s.Partners.ReferralFigures(c.UserContext(), a, false)
	if err != nil {
		return err
	}
	return c.JSON(whole(items))
}

func (s *Server) caseReferralList(c *fiber.Ctx, a alerts.Actor) error {
	items, err := s.Partners.ReferralsOf(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return c.JSON(whole(items))
}

func referralFilter(q *query) partners.ReferralFilter {
	return partners.ReferralFilter{State: q.one("state", partners.ReferralChoices()), Order: q.one("sort", partners.ReferralOrders())}
}

func (s *Server) referralList(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := referralFilter(q)
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	page, err := s.Partners.Referrals(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	return c.JSON(page)
}

func (s *Server) openReferral(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewReferral](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.OpenReferral(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+"/referrals/"+v.ID, v.Version, v)
}

func (s *Server) actOnReferral(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.ReferralAct](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.ActOnReferral(c.UserContext(), a, c.Params("id"), c.Params("act"), in, r)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) actOnOwnReferral(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.ReferralAct](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.ActOnOwnReferral(c.UserContext(), a, c.Params("id"), c.Params("act"), in, r)
	if err != nil {
		return err
	}
	return c.JSON(v)
}
