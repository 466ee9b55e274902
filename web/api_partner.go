package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// partnerList is what a partner sees now, with the withdrawals it has not
// confirmed.
type partnerList struct {
	alerts.Page[alerts.PartnerAlert]
	Withdrawals []withdrawalView `json:"withdrawals"`
}

type withdrawalView struct {
	AlertID  string              `json:"alert_id"`
	Revision int                 `json:"revision"`
	Reason   string              `json:"reason"`
	CAP      partners.Withdrawal `json:"cap"`
	Drill    bool                `json:"drill,omitempty"`
}

// partnerAlerts lists the alerts of a partner. It is told of them, and the read
// is recorded, before they are read.
func (s *Server) partnerAlerts(c *fiber.Ctx, a alerts.Actor) error {
	live, err := s.Partners.PartnerAlerts(c.UserContext(), a, s.linksFor(c))
	if err != nil {
		return err
	}
	board := s.Partners.PartnerBoard()
	out := partnerList{Page: whole(live), Withdrawals: []withdrawalView{}}
	for _, it := range append(board.Unconfirmed(a.Partner), s.Partners.LeftKeys(a)...) {
		w, err := board.Withdrawal(a.Partner, it)
		if err != nil {
			return err
		}
		out.Withdrawals = append(out.Withdrawals, withdrawalView{it.AlertID, it.Revision, it.Reason, w, it.Drill})
	}
	return c.JSON(out)
}

func (s *Server) partnerAlert(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.PartnerAlert(c.UserContext(), a, c.Params("id"), s.linksFor(c))
	if err != nil {
		return err
	}
	return c.JSON(v)
}

// linksFor gives the addresses of what belongs to an alert, as this request
// reaches the server.
func (s *Server) linksFor(c *fiber.Ctx) func(*alerts.Alert) alerts.Links {
	return func(al *alerts.Alert) alerts.Links { return s.alertLinks(c, al) }
}

// actBody is an act as it is sent over HTTP: as over the socket, where it names
// the alert too.
type actBody struct {
	AlertID string `json:"alert_id,omitempty"`
	partners.Act
}

// partnerAct answers what a partner does with an alert. The body may be left
// out where nothing needs saying.
func (s *Server) partnerAct(do command[partners.Act, partners.DeliveryView]) handler {
	return func(c *fiber.Ctx, a alerts.Actor) error {
		var in actBody
		if len(c.Request().Body()) > 0 {
			if err := s.decode(c, &in); err != nil {
				return err
			}
		}
		if in.AlertID != "" && in.AlertID != c.Params("id") {
			var f alerts.Fields
			f.Add("alert_id", "not_this_alert", "The address names another alert.")
			return f.Err()
		}
		in.Channel = partners.ChannelAPI
		v, err := do(c.UserContext(), a, c.Params("id"), in.Act, s.request(c, a, c.Request().Body()))
		if err != nil {
			return err
		}
		return c.JSON(v)
	}
}
