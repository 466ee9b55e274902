package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/alerts/cap"
	"homeward/partners"
)

// capAlert answers an alert as CAP 1.2, the newest revision or the one asked
// for.
func (s *Server) capAlert(c *fiber.Ctx, a alerts.Actor) error {
	n := 0
	if v := c.Query("revision"); v != "" {
		var err error
		if n, err = strconv.Atoi(v); err != nil || n < 1 {
			var f alerts.Fields
			f.Add("revision", "out_of_range", "Revisions are counted from 1.")
			return f.Err()
		}
	}
	out, err := s.outgoing(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	r, err := out.revision(n)
	if err != nil {
		return err
	}
	o := s.capOptions(c, out)
	if s.isDrill(out.alert.ID) {
		restricted := *r
		restricted.Level = alerts.LevelPartner // whatever it pretends to be, it is for partners only
		r, o.Exercise = &restricted, drillName
	}
	m, err := cap.Of(out.alert, r, o)
	if err != nil {
		return err
	}
	if !out.public {
		s.Partners.Fetched(a, out.alert.ID, r.Number)
	}
	return sendCAP(c, m)
}

func (s *Server) capOptions(c *fiber.Ctx, out outgoing) cap.Options {
	o := cap.Options{SenderName: s.Config.Name, PhotoType: "image/jpeg", Regions: s.Regions, Exercise: s.exercise()}
	links := s.alertLinks(c, out.alert)
	o.Page, o.Photo = links.Page, links.Photo
	if out.alert.Slug != "" {
		o.Page = s.capPage(c, out.alert)
	}
	if out.public {
		v, _, err := s.appeal(out.alert.Slug)
		if err != nil || v.PhotoID == "" {
			o.Photo = ""
		}
	}
	return o
}

// capPage is the page that a message of an alert leads to.
func (s *Server) capPage(c *fiber.Ctx, al *alerts.Alert) string {
	return s.origin(c) + "/appeals/" + al.Slug + "?s=" + s.Alerts.Ring.SourceToken(al.ID, alerts.SourceCAP)
}

// drillName is how a CAP message says that it belongs to an exercise.
const drillName = "Exercise of the alert system. No child is missing."

func (s *Server) isDrill(id string) bool {
	_, ok := s.Partners.PartnerBoard().Drill(id)
	return ok
}

// exercise marks what the demonstration sends.
func (s *Server) exercise() string {
	if s.Config.Demo == nil {
		return ""
	}
	return "Demonstration with invented data"
}

func sendCAP(c *fiber.Ctx, m cap.Message) error {
	b, err := cap.Write(m)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, cap.MIMEType)
	return c.Send(b)
}

// capCancel answers the Cancel of an alert that has ended, or that a partner is
// no longer addressed with. It has no name and no photo.
func (s *Server) capCancel(c *fiber.Ctx, a alerts.Actor) error {
	e, ok := s.endingFor(c, a, c.Params("id"))
	if !ok {
		return noAlert()
	}
	o := cap.Options{SenderName: s.Config.Name, Exercise: s.exercise()}
	if s.isDrill(c.Params("id")) {
		o.Exercise = drillName
	}
	m, err := cap.CancelOf(e, o)
	if err != nil {
		return err
	}
	return sendCAP(c, m)
}

func (s *Server) endingFor(c *fiber.Ctx, a alerts.Actor, id string) (cap.Ending, bool) {
	al, known := s.Alerts.Board.Alert(id)
	if a.Partner != "" {
		if e, ok := s.withdrawalFor(a, id, al); ok {
			return e, true
		}
	}
	if !known {
		return cap.Ending{}, false
	}
	may := everPublic(al)
	if a.Partner != "" {
		told, _ := s.Partners.PartnerBoard().ToldOf(a.Partner, id)
		may = may || told
	} else if s.Matrix.Route(a.Role, readAlertRoute) {
		_, err := s.Alerts.VisibleAlert(a, id)
		may = may || err == nil
	}
	if !may {
		return cap.Ending{}, false
	}
	return cap.EndingOf(al)
}

// withdrawalFor is the end that a partner is owed, which can be told also when
// the alert goes on without the partner, and when it has been erased.
func (s *Server) withdrawalFor(a alerts.Actor, id string, al *alerts.Alert) (cap.Ending, bool) {
	it, ok := s.Partners.PartnerBoard().Look(a.Partner, id)
	if left, gone := s.Partners.LeftKey(a, id); gone {
		it = left
	}
	if !ok || it.Kind != partners.KindWithdrawal {
		return cap.Ending{}, false
	}
	w, err := s.Partners.PartnerBoard().Withdrawal(a.Partner, it)
	if err != nil {
		return cap.Ending{}, false
	}
	e := cap.Ending{Sender: w.Sender, Identifier: w.Identifier, Sent: w.Sent, References: references(w.References), Restricted: al == nil || !everPublic(al), Leaving: it.Reason == partners.ReasonNotAddressed}
	if al == nil {
		return e, true
	}
	e.Incident = al.CaseNumber
	for i := range al.Revisions {
		for _, t := range al.Revisions[i].Texts {
			if !slices.Contains(e.Languages, t.Language) {
				e.Languages = append(e.Languages, t.Language)
			}
		}
	}
	return e, true
}

// references reads "sender,identifier,sent" with spaces between.
func references(text string) []cap.Reference {
	var out []cap.Reference
	for _, one := range strings.Fields(text) {
		parts := strings.Split(one, ",")
		if len(parts) != 3 {
			continue
		}
		sent, err := time.Parse(time.RFC3339, parts[2])
		if err != nil {
			continue
		}
		out = append(out, cap.Reference{Sender: parts[0], Identifier: parts[1], Sent: sent})
	}
	return out
}
