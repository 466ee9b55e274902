package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type caseReferralsData struct {
	caseFrame
	Items []partners.ReferralView
}

type referralNewData struct {
	caseFrame
	Form                   *Form
	Receivers, Institution []Choice
}

type referralData struct {
	View partners.ReferralView
	Case alerts.CaseView
	// Refused is the form of the act that was refused.
	Refused partForm
}

type referralListData struct {
	Items          []partners.ReferralView
	Next           string
	Form           *Form
	States, Orders []string
	Figures        []partners.ReferralFigure
}

// referralPages are the pages of referrals for staff.
func (s *Server) referralPages() []route {
	return []route{
		{"GET", "/desk/cases/:id/referrals", s.caseReferrals},
		{"GET", "/desk/cases/:id/referrals/new", s.referralNewPage},
		{"POST", "/desk/cases/:id/referrals", s.referralOpened},
		{"GET", "/desk/referrals", s.referralsPage},
		{"GET", "/desk/referrals/:id", s.referralPage},
		{"POST", "/desk/referrals/:id/:act", s.referralActed},
	}
}

// partnerReferralPages are those for the organisations that were asked.
func (s *Server) partnerReferralPages() []route {
	return []route{
		{"GET", "/partner/referrals", s.partnerReferrals},
		{"GET", "/partner/referrals/:id", s.partnerReferralPage},
		{"POST", "/partner/referrals/:id/:act", s.partnerReferralActed},
	}
}

func referralPath(id string) string { return "/desk/referrals/" + id }

// caseReferrals lists what the family was offered and told.
func (s *Server) caseReferrals(c *fiber.Ctx, a alerts.Actor) error {
	frame, err := s.caseFrameOf(c, a, "referrals")
	if err != nil {
		return err
	}
	d := caseReferralsData{caseFrame: frame}
	if d.Items, err = s.Partners.ReferralsOf(c.UserContext(), a, frame.Case.ID); err != nil {
		return err
	}
	return s.render(c, layoutConsole, "case_referrals", d)
}

// referralsPage lists the referrals, those that go on unless a state is asked for,
// with the figures of all of them.
func (s *Server) referralsPage(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := referralFilter(q)
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	list, err := s.Partners.Referrals(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	d := referralListData{
		Items: list.Items, Next: orEmpty(list.Next), Form: s.newForm("state", in.State, "sort", in.Order),
		States: partners.ReferralChoices(), Orders: partners.ReferralOrders(),
	}
	if d.Figures, err = s.Partners.ReferralFigures(c.UserContext(), a, true); err != nil {
		return err
	}
	return s.render(c, layoutConsole, "referral_list", d)
}

func (s *Server) referralNewPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showReferralNew(c, a, s.newForm("service", c.Query("service"), "urgency", "this_week"))
}

func (s *Server) showReferralNew(c *fiber.Ctx, a alerts.Actor, f *Form) error {
	frame, err := s.caseFrameOf(c, a, "referrals")
	if err != nil {
		return err
	}
	d := referralNewData{caseFrame: frame, Form: f}
	if d.Institution, err = s.institutionChoices(c, a, ""); err != nil {
		return err
	}
	d.Receivers = s.receivers(s.texts.languageOf(c))
	return s.render(c, layoutConsole, "referral_new", d)
}

func (s *Server) referralOpened(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := partners.NewReferral{
		About: f.Get("about"), PartnerID: f.Get("partner_id"), InstitutionID: f.Get("institution_id"), Service: f.Get("service"),
		Purpose: f.Get("purpose"), Urgency: f.Get("urgency"), DueAt: f.When("due_at"), Share: f.shares(),
	}
	var next string
	if len(f.Errors) == 0 {
		v, err := s.Partners.OpenReferral(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
		if err != nil && !f.Refused(err) {
			return err
		}
		next = v.ID
	}
	if next != "" {
		return c.Redirect(referralPath(next), fiber.StatusSeeOther)
	}
	f.placeShares(in.Share)
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showReferralNew(c, a, f)
}

func (s *Server) referralPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showReferral(c, a, referralData{})
}

func (s *Server) showReferral(c *fiber.Ctx, a alerts.Actor, d referralData) error {
	v, err := s.Partners.Referral(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	d.View = v
	// Whoever sees the referral but not the case goes without its names.
	if of, err := s.Alerts.Case(c.UserContext(), a, v.CaseID); err == nil {
		d.Case = of
	} else if alerts.CodeOf(err) != alerts.NotFound {
		return err
	}
	return s.render(c, layoutConsole, "referral", d)
}

func (s *Server) referralActed(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := f.referralAct()
	return s.submit(c, f, referralPath(c.Params("id")), func() error {
		_, err := s.Partners.ActOnReferral(c.UserContext(), a, c.Params("id"), c.Params("act"), in, s.request(c, a, c.Body()))
		return err
	}, func(bool) error {
		f.placeShares(in.Share)
		return s.showReferral(c, a, referralData{Refused: partForm{f, c.Params("act")}})
	})
}

type partnerReferralData struct {
	View    partners.OwnReferral
	Refused partForm
}

func (s *Server) partnerReferrals(c *fiber.Ctx, a alerts.Actor) error {
	return s.render(c, layoutPartner, "partner_referrals", s.Partners.OwnReferrals(a))
}

func (s *Server) partnerReferralPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showPartnerReferral(c, a, partForm{})
}

func (s *Server) showPartnerReferral(c *fiber.Ctx, a alerts.Actor, refused partForm) error {
	v, err := s.Partners.OwnReferral(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return s.render(c, layoutPartner, "partner_referral", partnerReferralData{v, refused})
}

func (s *Server) partnerReferralActed(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	return s.submit(c, f, "/partner/referrals/"+c.Params("id"), func() error {
		_, err := s.Partners.ActOnOwnReferral(c.UserContext(), a, c.Params("id"), c.Params("act"), f.referralAct(), s.request(c, a, c.Body()))
		return err
	}, func(bool) error { return s.showPartnerReferral(c, a, partForm{f, c.Params("act")}) })
}
