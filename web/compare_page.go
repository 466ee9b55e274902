package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type comparisonData struct {
	Partner partners.PartnerView
	// View is the newest agreement to compare, nil before there was one.
	View *partners.ComparisonView
	Form *Form
	// Made is a secret that was made just now: it is shown this once.
	Made string
	// Own is set when the reader proposed it, who cannot approve it.
	Own bool
}

// Open tells whether an agreement waits or is on.
func (d comparisonData) Open() bool {
	return d.View != nil && d.View.State != partners.ComparisonEnded
}

// startOfDay reads a date of a form as the begin of that day; the zero time
// without one.
func (f *Form) startOfDay(name string) time.Time {
	end := f.endOfDay(name)
	if end.IsZero() {
		return end
	}
	return end.AddDate(0, 0, -1).Add(time.Second)
}

type matchData struct {
	View    partners.MatchView
	Refused partForm
}

// ActForm is the form of one act.
func (d matchData) ActForm(act string, p *Page) *Form {
	return d.Refused.of(act, p, "reference", d.View.CaseNumber)
}

type comparingData struct {
	caseFrame
	Choice partners.ChoiceView
	Form   *Form
}

// comparePages are about comparing with other hotlines.
func (s *Server) comparePages() []route {
	return []route{
		{"GET", "/desk/partners/:id/comparison", s.comparisonPage},
		{"POST", "/desk/partners/:id/comparison", s.comparisonProposed},
		{"POST", "/desk/partners/:id/comparison/approve", s.comparisonStepped(s.Partners.ApproveComparison)},
		{"POST", "/desk/partners/:id/comparison/run", s.comparisonStepped(s.Partners.CompareNow)},
		{"POST", "/desk/partners/:id/comparison/end", s.comparisonStepped(s.Partners.EndComparison)},
		{"GET", "/desk/matches", s.matchesPage},
		{"GET", "/desk/matches/:id", s.matchPage},
		{"POST", "/desk/matches/:id/:act", s.matchActed},
		{"GET", "/desk/cases/:id/comparing", s.caseComparingPage},
		{"POST", "/desk/cases/:id/comparing", s.caseComparingChosen},
	}
}

func comparisonPath(id string) string { return partnerAddress(id) + "/comparison" }

func (s *Server) comparisonPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showComparison(c, a, comparisonData{Form: s.newForm()})
}

func (s *Server) showComparison(c *fiber.Ctx, a alerts.Actor, d comparisonData) error {
	var err error
	if d.Partner, err = s.Partners.Partner(c.UserContext(), a, c.Params("id")); err != nil {
		return err
	}
	v, err := s.Partners.Comparison(c.UserContext(), a, c.Params("id"))
	switch {
	case err == nil:
		d.View, d.Own = &v, v.MadeBy == a.ID
	case alerts.CodeOf(err) != alerts.NotFound:
		return err
	}
	return s.render(c, layoutConsole, "comparison", d)
}

// comparisonProposed shows the secret that was made, which is not shown again.
// Loading the answer again shows the same: the form carries its own key.
func (s *Server) comparisonProposed(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := partners.NewComparison{
		URL: f.Get("url"), Secret: f.Get("secret"), Purpose: f.Get("purpose"), Basis: f.Get("basis"), From: f.startOfDay("from"), Until: f.endOfDay("until"),
	}
	if len(f.Errors) == 0 {
		made, err := s.Partners.ProposeComparison(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
		if err == nil {
			return s.showComparison(c, a, comparisonData{Form: s.newForm(), Made: made.Secret})
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showComparison(c, a, comparisonData{Form: f})
}

func (s *Server) comparisonStepped(do bareCommand[partners.ComparisonView]) handler {
	return func(c *fiber.Ctx, a alerts.Actor) error {
		if _, err := do(c.UserContext(), a, c.Params("id"), s.request(c, a, c.Body())); err != nil {
			return err
		}
		return c.Redirect(comparisonPath(c.Params("id")), fiber.StatusSeeOther)
	}
}

func (s *Server) matchesPage(c *fiber.Ctx, a alerts.Actor) error {
	items, err := s.Partners.MatchList(c.UserContext(), a)
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "match_list", items)
}

func (s *Server) matchPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showMatch(c, a, partForm{})
}

func (s *Server) showMatch(c *fiber.Ctx, a alerts.Actor, refused partForm) error {
	v, err := s.Partners.Match(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "match", matchData{v, refused})
}

func (s *Server) matchActed(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	id, act := c.Params("id"), c.Params("act")
	in := partners.MatchAnswer{Contact: f.Get("contact"), Reach: f.Get("reach"), Reference: f.Get("reference"), Why: f.Get("why")}
	return s.submit(c, f, "/desk/matches/"+id, func() error {
		_, err := s.Partners.ActOnMatch(c.UserContext(), a, id, act, in, s.request(c, a, c.Body()))
		return err
	}, func(bool) error { return s.showMatch(c, a, partForm{f, act}) })
}

func (s *Server) caseComparingPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showComparing(c, a, s.newForm())
}

func (s *Server) showComparing(c *fiber.Ctx, a alerts.Actor, f *Form) error {
	frame, err := s.caseFrameOf(c, a, "people")
	if err != nil {
		return err
	}
	d := comparingData{caseFrame: frame, Form: f}
	if d.Choice, err = s.Partners.Choice(c.UserContext(), a, frame.Case.ID); err != nil {
		return err
	}
	return s.render(c, layoutConsole, "case_comparing", d)
}

func (s *Server) caseComparingChosen(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := partners.NewChoice{Allowed: f.Get("allowed") == "allow", Why: f.Get("why")}
	if f.Get("allowed") == "" {
		f.Errors.Add("allowed", "required", "Say yes or no.")
	}
	return s.submit(c, f, "/desk/cases/"+c.Params("id")+"/comparing", func() error {
		_, err := s.Partners.Choose(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
		return err
	}, func(bool) error { return s.showComparing(c, a, f) })
}

// ComparingChoices are the answers to whether a case is compared.
func (p *Page) ComparingChoices() []string { return []string{"allow", "keep_out"} }
