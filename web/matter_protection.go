package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type protectionData struct {
	matterFrame
	Case        alerts.CaseView
	Hidden      []HiddenFrom
	Preventions []partners.PreventionView
	Mediations  []partners.MediationView
	Yellow      []partners.YellowItem
	Offer       *Form
	Staff       []Choice
}

// YellowLacks counts what a request for a yellow notice still lacks.
func (d protectionData) YellowLacks() int {
	n := 0
	for _, y := range d.Yellow {
		if !y.There {
			n++
		}
	}
	return n
}

// Child returns a child of the case by its id, nil for none.
func (d protectionData) Child(id string) *alerts.ChildView {
	for i := range d.Case.Children {
		if d.Case.Children[i].ID == id {
			return &d.Case.Children[i]
		}
	}
	return nil
}

func (s *Server) matterProtectionPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showProtection(c, a, s.newForm())
}

func (s *Server) showProtection(c *fiber.Ctx, a alerts.Actor, offer *Form) error {
	frame, err := s.matterFrameOf(c, a, "protection")
	if err != nil {
		return err
	}
	d, ctx := protectionData{matterFrame: frame, Offer: offer, Staff: s.staff()}, c.UserContext()
	// A lawyer who is named on the matter may not open the case itself.
	if v, err := s.Alerts.Case(ctx, a, frame.View.CaseID); err == nil {
		d.Case, d.Hidden = v, hiddenNow(v)
	} else if alerts.CodeOf(err) != alerts.NotFound {
		return err
	}
	page, err := s.Partners.Preventions(ctx, a, partners.PreventionFilter{Case: frame.View.CaseID})
	if err != nil {
		return err
	}
	d.Preventions = page.Items
	if d.Mediations, err = s.Partners.MediationsOf(ctx, a, frame.View.ID); err != nil {
		return err
	}
	if d.Yellow, err = s.Partners.YellowCheck(ctx, a, frame.View.ID); err != nil {
		return err
	}
	return s.render(c, layoutConsole, "matter_protection", d)
}

func (s *Server) matterMediationOffered(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := partners.NewMediation{OfferedOn: f.Get("offered_on"), Named: f.All("named")}
	return s.submit(c, f, matterPath(c.Params("id"))+"/protection#mediation", func() error {
		_, err := s.Partners.OpenMediation(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
		return err
	}, func(bool) error { return s.showProtection(c, a, f) })
}
