package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type sightingNewData struct {
	Form           *Form
	Channels, Sure []string
	PhotoKept      bool
	// Case is the case that the sighting is of, nil while none is named.
	Case *alerts.CaseListItem
}

// lastPart is the id in an address that somebody pasted, or what they wrote.
func lastPart(s string) string {
	s, _, _ = strings.Cut(s, "?")
	s = strings.TrimSuffix(s, "/")
	return s[strings.LastIndexByte(s, '/')+1:]
}

func (s *Server) sightingNewPage(c *fiber.Ctx, a alerts.Actor) error {
	f := s.newForm("case_number", c.Query("case"), "channel", "phone", "precision_min", "30", "accuracy_m", "200")
	f.SetWhen("observed_at", s.Now())
	return s.showSightingNew(c, a, f)
}

func (s *Server) showSightingNew(c *fiber.Ctx, a alerts.Actor, f *Form) error {
	d := sightingNewData{Form: f, Channels: alerts.Channels(), Sure: alerts.Sures(), PhotoKept: len(f.All("photos")) > 0}
	if cs, ok := s.caseNumbered(a, f.Get("case_number")); ok {
		v := s.Alerts.ViewCaseItem(a, cs)
		d.Case = &v
	}
	return s.render(c, layoutConsole, "sighting_new", d)
}

// caseNumbered finds a case that the actor may know of by the number as it was
// typed.
func (s *Server) caseNumbered(a alerts.Actor, number string) (*alerts.Case, bool) {
	normal, ok := alerts.NormalCaseNumber(number)
	if !ok {
		return nil, false
	}
	cs, ok := s.Alerts.Board.CaseByNumber(normal)
	if !ok {
		return nil, false
	}
	cs, err := s.Alerts.VisibleCase(a, cs.ID)
	if err != nil {
		return nil, false
	}
	return s.Alerts.Leads(a, cs), true
}

// sightingRecorded takes what somebody told the desk.
func (s *Server) sightingRecorded(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	if err := s.keepPhoto(c, f); err != nil {
		return err
	}
	switch f.Get("act") {
	case "find":
		s.findPlaces(c, f, "place")
		return s.showSightingNew(c, a, f)
	case "drop_photo":
		f.Values.Del("photos")
		return s.showSightingNew(c, a, f)
	}
	in := alerts.NewSighting{
		CaseNumber: f.Get("case_number"), ObservedAt: f.When("observed_at"), PrecisionMin: f.Number("precision_min"), Place: f.Point("place"),
		AccuracyM: f.Decimal("accuracy_m"), Text: f.Get("text"), Sure: f.Get("sure"), Channel: f.Get("channel"), Photos: f.All("photos"), Contact: f.contact(),
	}
	in = f.answers(in)
	if len(f.Errors) == 0 {
		v, err := s.Alerts.RecordSighting(c.UserContext(), a, in, s.request(c, a, c.Body()))
		if err == nil {
			return c.Redirect("/desk/sightings/"+v.ID, fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showSightingNew(c, a, f)
}
