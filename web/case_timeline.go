package web

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// moment is one line of a case's history.
type moment struct {
	At         time.Time
	Icon, Text string
	By         string
	Note       string
	Href       string
}

type timelineData struct {
	caseFrame
	Moments []moment
	// Sightings says that every sighting has a line; there may be hundreds.
	Sightings bool
}

// toldLimit is how many contacts and sightings a history lists.
const toldLimit = 200

// caseTimeline puts everything that happened to a case into one order, newest
// first.
func (s *Server) caseTimeline(c *fiber.Ctx, a alerts.Actor) error {
	frame, err := s.caseFrameOf(c, a, "timeline")
	if err != nil {
		return err
	}
	p, v := s.page(c, "", nil), &frame.Case
	moments := recordMoments(p, v)
	sightings := p.Query("with") == "sightings"
	more, err := s.reportMoments(c.UserContext(), p, v.ID, sightings)
	if err != nil {
		return err
	}
	moments = append(moments, more...)
	if al, err := s.alertMoments(c.UserContext(), p, v.ID); err == nil {
		moments = append(moments, al...)
	}
	slices.SortStableFunc(moments, func(x, y moment) int { return y.At.Compare(x.At) })
	return s.render(c, layoutConsole, "case_timeline", timelineData{frame, moments, sightings})
}

// recordMoments are those that the case itself tells of.
func recordMoments(p *Page, v *alerts.CaseView) []moment {
	var out []moment
	add := func(at time.Time, icon, by, text, note string) {
		out = append(out, moment{At: at, Icon: icon, By: by, Text: text, Note: note})
	}
	for _, e := range v.Edits {
		add(e.At, "edit", e.By, p.Edited(e), "")
	}
	if len(v.Edits) == 0 {
		add(v.CreatedAt, "plus", "", p.T("edit.opened"), "")
	}
	for i, h := range v.CategoryHistory {
		if i > 0 {
			add(h.At, "folder", h.By, p.T("case.at_category", "Category", p.Word("category", h.Category)), h.Reason)
		}
	}
	for _, r := range v.RiskHistory {
		add(r.At, "warning", r.Assessor, p.T("case.at_risk", "Risk", p.Word("risk", r.Grade)), r.Note)
	}
	for _, d := range v.Decisions {
		add(d.DecidedAt, "shield", d.RecordedBy, p.T("case.at_decision", "Level", p.Word("level", d.Level), "Authority", d.Authority), d.Reference)
	}
	for _, k := range v.Consents {
		if !k.WithdrawnAt.IsZero() {
			add(k.WithdrawnAt, "cross", "", p.T("case.at_withdrawn", "Class", p.Word("class", k.Class)), "")
		}
	}
	endings := v.Reopened
	if v.Closing != nil {
		endings = append(slices.Clone(endings), *v.Closing)
	}
	for _, e := range endings {
		add(e.ClosedAt, "check", e.By, p.T("case.at_closed", "Outcome", p.Word("outcome", e.Outcome)), e.Note)
		if !e.ConfirmedAt.IsZero() {
			add(e.ConfirmedAt, "checks", e.ConfirmedBy, p.T("case.at_confirmed"), "")
		}
		if !e.ReopenedAt.IsZero() {
			add(e.ReopenedAt, "refresh", e.ReopenedBy, p.T("case.at_reopened"), e.ReopenedFor)
		}
	}
	return out
}

// reportMoments are the contacts of the case that the reader may open, and its
// sightings when they are asked for.
func (s *Server) reportMoments(ctx context.Context, p *Page, id string, sightings bool) ([]moment, error) {
	var out []moment
	if p.May("GET /desk/contacts/:id") {
		list, err := s.Alerts.Contacts(ctx, p.Actor, alerts.ContactQuery{Case: id, Limit: toldLimit})
		if err != nil {
			return nil, err
		}
		for _, ct := range list.Items {
			text := p.T("case.at_contact", "Channel", p.Word("channel", ct.Channel), "Kind", p.Word("contact_kind", ct.Kind))
			out = append(out, moment{At: ct.At, Icon: "phone", By: ct.RecordedBy, Text: text, Note: p.Short(ct.Asked, 160), Href: "/desk/contacts/" + ct.ID})
		}
	}
	if sightings && p.May("GET /desk/sightings/:id") {
		list, err := s.Alerts.Sightings(ctx, p.Actor, alerts.SightingQuery{Case: id, Limit: toldLimit})
		if err != nil {
			return nil, err
		}
		for _, v := range viewsOf(list) {
			text := p.T("case.at_sighting", "State", p.Word("sighting_state", v.State), "Place", p.Near(v.Place))
			out = append(out, moment{At: v.ReportedAt, Icon: "eye", By: v.RecordedBy, Text: text, Note: p.Short(v.Text, 160), Href: "/desk/sightings/" + v.ID})
		}
	}
	return out, nil
}

func (s *Server) alertMoments(ctx context.Context, p *Page, id string) ([]moment, error) {
	if !p.May("GET /desk/alerts/:id") {
		return nil, nil
	}
	list, err := s.Alerts.Alerts(ctx, p.Actor, alerts.AlertQuery{CaseID: id, Limit: toldLimit})
	if err != nil {
		return nil, err
	}
	var out []moment
	for _, al := range list.Items {
		href := "/desk/alerts/" + al.ID
		for _, r := range al.Revisions {
			text := p.T("case.at_released", "Level", p.Word("level", r.Level), "Revision", r.Revision)
			out = append(out, moment{At: r.Sent, Icon: "live", By: r.ReleasedBy, Text: text, Href: href})
		}
		if e := al.Ending; e != nil {
			out = append(out, moment{At: e.At, Icon: "bell", By: e.By, Text: p.T("case.at_alert_ended", "State", p.Word("alert_state", e.State)), Note: e.Reason, Href: href})
		}
	}
	return out, nil
}

// Edited says in words which parts of a case somebody changed.
func (p *Page) Edited(e alerts.EditView) string {
	if len(e.Fields) == 1 && e.Fields[0] == "opened" {
		return p.T("edit.opened")
	}
	parts := ""
	for i, f := range e.Fields {
		if i > 0 {
			parts += ", "
		}
		parts += p.TOr("edit."+f, f)
	}
	return p.T("case.at_edited", "Parts", parts)
}
