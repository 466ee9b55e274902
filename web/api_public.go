package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// Reports that one network may send in an hour: beyond the first number a
// sighting is trusted less, beyond the second nothing more is taken. The second
// is high because whole towns share an address on some mobile networks.
const (
	apiSightingsAnHour = 60
	mostReportsAnHour  = 2000
)

// reportSighting takes a sighting from anybody. The answer says nothing about
// the case number in it.
func (s *Server) reportSighting(c *fiber.Ctx, a alerts.Actor) error {
	if s.limits.over(s.client(c), "report", mostReportsAnHour) {
		return tooMany()
	}
	in, r, err := take[alerts.NewSighting](s, c, a)
	if err != nil {
		return err
	}
	if s.limits.over(s.client(c), "sighting", apiSightingsAnHour) {
		in.Doubt = []string{"flood"}
	}
	if behind, _ := s.effort.enter(false); behind { // a program is never refused, it waits behind
		in.Doubt = append(in.Doubt, "not_proven")
	}
	in.Network = network(s.client(c))
	v, err := s.Alerts.ReportSighting(c.UserContext(), a, in, r)
	if err != nil {
		return err
	}
	return created(c, "", 0, v)
}

func (s *Server) reportChild(c *fiber.Ctx, a alerts.Actor) error {
	if s.limits.over(s.client(c), "report", mostReportsAnHour) {
		return tooMany()
	}
	in, r, err := take[alerts.NewReport](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.ReportChild(c.UserContext(), a, in, r)
	if err != nil {
		return err
	}
	return created(c, "", 0, v)
}

// followRequest asks what became of a report. The code stands in the body, as
// addresses end up in logs. At most one act comes with it.
type followRequest struct {
	Code string `json:"code"`
	// Text is a message to the desk; empty to read only.
	Text string `json:"text,omitempty"`
	// WithdrawConsent is the id of a consent to take back.
	WithdrawConsent string `json:"withdraw_consent,omitempty"`
	// Object is what is said against publication.
	Object *alerts.NewObjection `json:"object,omitempty"`
}

func (s *Server) followReport(c *fiber.Ctx, a alerts.Actor) error {
	if s.limits.over(s.client(c), "follow", followsAnHour) {
		return tooMany()
	}
	in, r, err := take[followRequest](s, c, a)
	if err != nil {
		return err
	}
	if err := s.followAct(c, a, in, r); err != nil {
		return err
	}
	v, err := s.Alerts.Follow(c.UserContext(), in.Code, s.Partners.ToldAbout)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

// followAct carries out what came with a code, if anything did.
func (s *Server) followAct(c *fiber.Ctx, a alerts.Actor, in followRequest, r alerts.Request) error {
	acts := 0
	for _, given := range []bool{in.Text != "", in.WithdrawConsent != "", in.Object != nil} {
		if given {
			acts++
		}
	}
	switch {
	case acts > 1:
		var f alerts.Fields
		f.Add("", "one_at_a_time", "Send a message, a consent to take back, or an objection: one at a time.")
		return f.Err()
	case in.Text != "":
		return s.Alerts.FollowMessage(c.UserContext(), a, in.Code, alerts.NewMessage{Text: in.Text}, r)
	case in.WithdrawConsent != "":
		return s.Alerts.FollowWithdraw(c.UserContext(), a, in.Code, in.WithdrawConsent, r)
	case in.Object != nil:
		return s.Alerts.FollowObject(c.UserContext(), a, in.Code, *in.Object, r)
	}
	return nil
}
