package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

func alertVersion(v alerts.AlertView) int { return v.Version }

func alertAddress(id string) string { return apiPrefix + "/alerts/" + id }

func (s *Server) draftAlert(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.NewAlert](s, c, a)
	if err != nil {
		return err
	}
	if err := s.findLine(c, in.Corridor); err != nil {
		return err
	}
	v, err := s.Alerts.DraftAlert(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, alertAddress(v.ID), v.Version, v)
}

func (s *Server) updateAlert(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.AlertUpdate](s, c, a)
	if err != nil {
		return err
	}
	if err := s.findLine(c, in.Corridor); err != nil {
		return err
	}
	v, err := s.Alerts.UpdateAlert(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, alertAddress(v.ID), v.Version, v)
}

func alertQuery(q *query) alerts.AlertQuery {
	return alerts.AlertQuery{CaseID: q.text("case"), States: named[alerts.AlertState](q.list("state")), Drafts: q.flag("drafts"), Order: q.one("sort", alerts.AlertOrders())}
}

func (s *Server) listAlerts(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := alertQuery(q)
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	page, err := s.Alerts.Alerts(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	return c.JSON(page)
}

func (s *Server) readAlert(c *fiber.Ctx, a alerts.Actor) error {
	return read(c, a, s.Alerts.Alert, alertVersion)
}

// audienceList is an audience as a list: items are those who would get the
// alert.
type audienceList struct {
	partners.AudienceView
	Partners *struct{}               `json:"partners,omitempty"` // they are the items
	Items    []partners.AudienceItem `json:"items"`
	Next     *string                 `json:"next"`
}

func (s *Server) audience(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Audience(a, c.Params("id"))
	if err != nil {
		return err
	}
	return c.JSON(audienceList{AudienceView: v, Items: v.Partners})
}

func (s *Server) deliveries(c *fiber.Ctx, a alerts.Actor) error {
	all, err := s.Partners.Deliveries(a, c.Params("id"))
	if err != nil {
		return err
	}
	return c.JSON(whole(all))
}

func (s *Server) releaseAlert(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Partners.Release, alertVersion)
}

// cancelAlert takes an alert back, by one person and at once: it asks for no
// version and no reason.
func (s *Server) cancelAlert(c *fiber.Ctx, a alerts.Actor) error {
	if len(c.Request().Body()) > 0 {
		return on(s, c, a, s.Alerts.CancelAlert, alertVersion)
	}
	v, err := s.Alerts.CancelAlert(c.UserContext(), a, c.Params("id"), alerts.Cancel{}, s.request(c, a, nil))
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) reviewAlert(c *fiber.Ctx, a alerts.Actor) error {
	return onBare(s, c, a, s.Alerts.ReviewAlert, alertVersion)
}
