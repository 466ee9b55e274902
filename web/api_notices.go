package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

func (s *Server) setDigest(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.NewDigest](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.SetDigest(c.UserContext(), a, in, r)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

// madeCalendar is the address of a private calendar: the one time that it is
// shown.
type madeCalendar struct {
	URL string `json:"url"`
}

func (s *Server) makeCalendar(c *fiber.Ctx, a alerts.Actor) error {
	r, err := s.bare(c, a)
	if err != nil {
		return err
	}
	made, err := s.Alerts.MakeCalendar(c.UserContext(), a, r)
	if err != nil {
		return err
	}
	return created(c, "", 0, madeCalendar{s.calendarAddress(c, made.Token)})
}

func (s *Server) revokeCalendar(c *fiber.Ctx, a alerts.Actor) error {
	r, err := s.bare(c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.RevokeCalendar(c.UserContext(), a, r)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) listDigests(c *fiber.Ctx, a alerts.Actor) error {
	items, err := s.Partners.Digests(a)
	if err != nil {
		return err
	}
	return c.JSON(whole(items))
}
