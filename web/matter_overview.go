package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type matterData struct {
	matterFrame
	Clocks    []partners.ClockView
	Procedure partners.ProcedureView
	Route     partners.RouteView
	// Grave are the dangers that come first.
	Dangers []dangerView
}

// dangerView is a danger with what the data says of its code.
type dangerView struct {
	partners.Danger
	Grave bool
}

// matterPage is where a matter stands: its picture, its clocks, its next steps.
func (s *Server) matterPage(c *fiber.Ctx, a alerts.Actor) error {
	frame, err := s.matterFrameOf(c, a, "overview")
	if err != nil {
		return err
	}
	d := matterData{matterFrame: frame, Dangers: s.dangersOf(frame.View)}
	if d.Clocks, err = s.Partners.Clocks(c.UserContext(), a, d.View.ID); err != nil {
		return err
	}
	if d.Procedure, err = s.Partners.Procedure(c.UserContext(), a, d.View.ID); err != nil {
		return err
	}
	if d.Route, err = s.Partners.Route(c.UserContext(), a, d.View.ID); err != nil {
		return err
	}
	return s.render(c, layoutConsole, "matter", d)
}

// dangersOf are the dangers of a matter, the grave ones first.
func (s *Server) dangersOf(v partners.MatterView) []dangerView {
	var grave, others []dangerView
	for _, x := range v.Dangers {
		if s.Partners.Grave(x.Code) {
			grave = append(grave, dangerView{x, true})
		} else {
			others = append(others, dangerView{x, false})
		}
	}
	return append(grave, others...)
}

// NextSteps are the steps that are to be taken now, the most urgent first.
func (d matterData) NextSteps() []partners.MatterStepView {
	var out []partners.MatterStepView
	for _, i := range d.Procedure.Next {
		out = append(out, d.Procedure.Steps[i])
	}
	return out
}

// Running are the clocks that still run or have run out; Stopped the others.
func (d matterData) Running() []partners.ClockView { return d.clocks(false) }

// Stopped are the clocks that have stopped.
func (d matterData) Stopped() []partners.ClockView { return d.clocks(true) }

func (d matterData) clocks(stopped bool) []partners.ClockView {
	var out []partners.ClockView
	for _, k := range d.Clocks {
		if (k.State == "stopped") == stopped {
			out = append(out, k)
		}
	}
	return out
}

// OutcomeOf is how the matter ended for a child, nil while it goes on.
func (f matterFrame) OutcomeOf(childID string) *partners.ChildOutcome {
	for i := range f.View.Outcomes {
		if f.View.Outcomes[i].ChildID == childID {
			return &f.View.Outcomes[i]
		}
	}
	return nil
}

// MatterChildName is the first name that there is of a child of a matter.
func (p *Page) MatterChildName(v partners.MatterView, id string) string {
	for _, k := range v.Children {
		if k.ID != id {
			continue
		}
		for _, n := range k.Names {
			if name := wholeName(n); name != "" {
				return name
			}
		}
	}
	return p.T("matter.child")
}

// PartyName is the name of a party of a matter.
func (p *Page) PartyName(v partners.MatterView, id string) string {
	for _, x := range v.Parties {
		if x.ID == id {
			return x.Name
		}
	}
	return ""
}

// ClockOf says what a clock belongs to: a child, an instance, a document, an
// authorisation or a decision.
func (p *Page) ClockOf(v partners.MatterView, k partners.ClockView) string {
	switch {
	case k.ChildID != "":
		return p.MatterChildName(v, k.ChildID)
	case k.Instance != "":
		return p.T("matter.instance", "Number", k.Instance)
	}
	for _, x := range v.Documents {
		if x.ID == k.Of {
			return p.DocumentName(v, x)
		}
	}
	for _, x := range v.Authorisations {
		if x.ID == k.Of {
			return p.Word("authorisation_kind", x.Kind) + ": " + x.To
		}
	}
	for _, x := range v.Decisions {
		if x.ID == k.Of {
			return p.Word("decision_kind", x.What) + ", " + p.Day(x.Date)
		}
	}
	return ""
}

// soonDays is from how many days before its end a clock stands out.
const soonDays = 42

// Soon tells whether a running clock should stand out: one of its alarms has
// gone off, or its end is near.
func (p *Page) Soon(k partners.ClockView) bool {
	for _, a := range k.Alarms {
		if a.Reached {
			return true
		}
	}
	return k.DaysLeft != nil && *k.DaysLeft <= soonDays
}

// DocumentName says which travel document of whom it is.
func (p *Page) DocumentName(v partners.MatterView, x partners.TravelDocument) string {
	holder := p.PartyName(v, x.PartyID)
	if x.ChildID != "" {
		holder = p.MatterChildName(v, x.ChildID)
	}
	return p.Word("document_kind", x.Kind) + " " + x.State + ", " + holder
}

// RouteReason says in words how an answer about an instrument came about.
func (p *Page) RouteReason(r partners.ReasonView) string {
	return p.T("route_reason."+r.ID, "State", p.Region(r.State), "Other", p.Region(r.Other), "Date", p.Day(r.On))
}

// StepName is what a step is called, with its instance where there are several.
func (p *Page) StepName(s partners.MatterStepView) string {
	name := p.Word("matter_step", s.Step)
	if s.Round > 1 {
		name += " · " + p.T("matter.instance", "Number", s.Round)
	}
	return name
}
