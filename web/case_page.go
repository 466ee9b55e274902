package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// caseFrame is what every page of a case shows: the header that stays and the
// tabs, which are addresses.
type caseFrame struct {
	Case alerts.CaseView
	// Tab is the section of this page.
	Tab string
	// Steps are the next promised ones, the earliest first.
	Steps []nextStep
}

// nextStep is something that is due on a case.
type nextStep struct {
	Key string
	At  time.Time
}

func (s *Server) caseFrameOf(c *fiber.Ctx, a alerts.Actor, tab string) (caseFrame, error) {
	return s.caseFrameFor(c, a, c.Params("id"), tab)
}

// caseFrameFor is for pages whose address names something else than the case.
func (s *Server) caseFrameFor(c *fiber.Ctx, a alerts.Actor, id, tab string) (caseFrame, error) {
	v, err := s.Alerts.Case(c.UserContext(), a, id)
	if err != nil {
		return caseFrame{}, err
	}
	f := caseFrame{Case: v, Tab: tab}
	if v.FollowUp != nil && !v.FollowUp.DueAt.IsZero() {
		f.Steps = append(f.Steps, nextStep{"case.next_call", v.FollowUp.DueAt})
	}
	if cl := v.Closing; cl != nil && cl.ConfirmedAt.IsZero() && v.State.Ended() {
		f.Steps = append(f.Steps, nextStep{"case.next_confirm", cl.ClosedAt.Add(alerts.ConfirmWithin)})
	}
	return f, nil
}

// Photo is the main photo of the case, nil without one.
func (f caseFrame) Photo() *alerts.PhotoView {
	for i := range f.Case.Photos {
		if f.Case.Photos[i].Main && f.Case.Photos[i].Removed == nil {
			return &f.Case.Photos[i]
		}
	}
	return nil
}

// Withheld tells whether the reader does not see a class of the case.
func (f caseFrame) Withheld(class string) bool {
	for _, w := range f.Case.Withheld {
		if string(w) == class {
			return true
		}
	}
	return false
}

// CaseTabs are the sections of a case that the reader may open.
func (p *Page) CaseTabs(id, here string) []RailItem {
	all := []struct{ name, path, icon string }{
		{"overview", "", "folder"}, {"work", "/work", "checks"}, {"timeline", "/timeline", "clock"}, {"sightings", "/sightings", "eye"}, {"map", "/map", "map"}, {"search", "/search", "search"},
		{"alerts", "/alerts", "bell"}, {"matters", "/matters", "border"}, {"inquiries", "/inquiries", "building"}, {"referrals", "/referrals", "out"}, {"conferences", "/conferences", "people"}, {"people", "/people", "people"}, {"photos", "/photos", "photo"}, {"documents", "/documents", "inbox"}, {"links", "/links", "people"},
	}
	var out []RailItem
	for _, t := range all {
		if p.May("GET /desk/cases/:id" + t.path) {
			out = append(out, RailItem{Path: "/desk/cases/" + id + t.path, Key: "case.tab_" + t.name, Icon: t.icon, Here: t.name == here})
		}
	}
	return out
}

type caseOverviewData struct {
	caseFrame
	// Alike is what may be about the same child, nil for nothing.
	Alike *alikeData
	// Kept is how long the file of a case that has ended is kept.
	Kept *alerts.Retention
}

func (s *Server) caseOverview(c *fiber.Ctx, a alerts.Actor) error {
	return s.showCaseOverview(c, a, nil)
}

func (s *Server) showCaseOverview(c *fiber.Ctx, a alerts.Actor, refused *Form) error {
	frame, err := s.caseFrameOf(c, a, "overview")
	if err != nil {
		return err
	}
	if m := frame.Case.Merged; m != nil && c.Query("alias") == "" {
		return c.Redirect("/desk/cases/"+m.Into+"#aliases", fiber.StatusSeeOther)
	}
	alike, err := s.alikeToCase(c, a, frame.Case.ID, refused)
	if err != nil {
		return err
	}
	kept, err := s.keptUntil(c, a, &frame.Case)
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "case", caseOverviewData{frame, alike, kept})
}

type caseAlertsData struct {
	caseFrame
	Alerts []alerts.AlertView
	// Ledgers has a line of counts per alert.
	Ledgers []liveAlert
}

func (s *Server) caseAlerts(c *fiber.Ctx, a alerts.Actor) error {
	frame, err := s.caseFrameOf(c, a, "alerts")
	if err != nil {
		return err
	}
	list, err := s.Alerts.Alerts(c.UserContext(), a, alerts.AlertQuery{CaseID: frame.Case.ID, Limit: 200})
	if err != nil {
		return err
	}
	d := caseAlertsData{caseFrame: frame, Alerts: list.Items}
	for _, al := range list.Items {
		d.Ledgers = append(d.Ledgers, s.liveAlerts(a, []alerts.WorkAlert{{ID: al.ID}})...)
	}
	return s.render(c, layoutConsole, "case_alerts", d)
}

type caseMattersData struct {
	caseFrame
	Matters []partners.MatterView
}

func (s *Server) caseMatters(c *fiber.Ctx, a alerts.Actor) error {
	frame, err := s.caseFrameOf(c, a, "matters")
	if err != nil {
		return err
	}
	list, err := s.Partners.MattersOfCase(c.UserContext(), a, frame.Case.ID)
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "case_matters", caseMattersData{frame, list})
}

type caseSightingsData struct {
	caseFrame
	sightingList
}

// caseSightingsLimit is how many sightings of a case one page shows.
const caseSightingsLimit = 50

func (s *Server) caseSightings(c *fiber.Ctx, a alerts.Actor) error {
	frame, err := s.caseFrameOf(c, a, "sightings")
	if err != nil {
		return err
	}
	list, err := s.sightingsOf(c, a, alerts.SightingQuery{Case: frame.Case.ID, Limit: caseSightingsLimit})
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "case_sightings", caseSightingsData{frame, list})
}
