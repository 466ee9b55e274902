package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// childrenAnHour is how many missing children one network may report in an
// hour before it is asked to call instead.
const childrenAnHour = 30

type childData struct {
	Form *Form
	// More shows the second, longer part of the form.
	More bool
}

// thanksData is what a page says after a report.
type thanksData struct{ Code, Kind string }

func (s *Server) childForm(c *fiber.Ctx, _ alerts.Actor) error {
	f := s.newForm("shown", strconv.FormatInt(s.Now().Unix(), 10))
	return s.render(c, layoutPublic, "report_child", childData{Form: f})
}

// childSent takes a report of a missing child in two steps. The first asks only
// what a search needs at once; the second may be left empty.
func (s *Server) childSent(c *fiber.Ctx, _ alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	d := childData{Form: f, More: f.Get("act") == "more" || f.Get("step") == "2"}
	if f.Get("act") == "more" {
		return s.render(c, layoutPublic, "report_child", d)
	}
	if s.limits.over(s.client(c), "child", childrenAnHour) {
		return tooMany()
	}
	in := s.reportFrom(c, f)
	if len(f.Errors) == 0 {
		receipt, err := s.Alerts.ReportChild(c.UserContext(), alerts.Public(), in, s.request(c, alerts.Public(), c.Body()))
		if err == nil {
			return s.render(c, layoutPublic, "report_thanks", thanksData{Code: receipt.Code, Kind: "child"})
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.render(c, layoutPublic, "report_child", d)
}

func (s *Server) reportFrom(c *fiber.Ctx, f *Form) alerts.NewReport {
	return alerts.NewReport{
		PublicReport: alerts.PublicReport{
			ChildName: f.Get("child_name"), ChildAge: f.Get("child_age"), LastSeenAt: f.When("last_seen_at"),
			LastSeenWhere: f.Get("last_seen_where"), Circumstances: f.Get("circumstances"),
			Description: f.Get("description"), PoliceTold: f.Get("police_told"),
		},
		Relation: f.Get("relation"), Language: s.texts.languageOf(c), Contact: f.contact(),
	}
}
