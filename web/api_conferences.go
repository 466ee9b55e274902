package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

func conferenceVersion(v partners.ConferenceView) int { return v.Version }

// conferenceRoutes are case conferences, for staff and for the organisations that
// are invited.
func (s *Server) conferenceRoutes() []route {
	return []route{
		api("GET", "/cases/:id/conferences", s.caseConferenceList),
		api("POST", "/cases/:id/conferences", s.callConference),
		api("GET", "/conferences/:id", func(c *fiber.Ctx, a alerts.Actor) error {
			return read(c, a, s.Partners.Conference, conferenceVersion)
		}),
		api("GET", "/conferences/:id/for/:invitation", s.conferenceFor),
		api("POST", "/conferences/:id/:act", s.actOnConference),
		api("GET", "/partner/conferences", func(c *fiber.Ctx, a alerts.Actor) error {
			return c.JSON(fiber.Map{"items": s.Partners.OwnConferences(a)})
		}),
		api("GET", "/partner/conferences/:id", func(c *fiber.Ctx, a alerts.Actor) error { return read(c, a, s.Partners.OwnConference, nil) }),
		api("POST", "/partner/conferences/:id/:act", s.actOnOwnConference),
	}
}

func (s *Server) caseConferenceList(c *fiber.Ctx, a alerts.Actor) error {
	items, err := s.Partners.ConferencesOf(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"items": items})
}

func (s *Server) callConference(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewConference](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.CallConference(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+"/conferences/"+v.ID, v.Version, v)
}

func (s *Server) conferenceFor(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.ConferenceFor(c.UserContext(), a, c.Params("id"), c.Params("invitation"))
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) actOnConference(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.ConferenceAct](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.ActOnConference(c.UserContext(), a, c.Params("id"), c.Params("act"), in, r)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) actOnOwnConference(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.ConferenceAct](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.ActOnOwnConference(c.UserContext(), a, c.Params("id"), c.Params("act"), in, r)
	if err != nil {
		return err
	}
	return c.JSON(v)
}
