package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

func (s *Server) readSilence(c *fiber.Ctx, a alerts.Actor) error {
	board, err := s.Partners.Silence(a)
	if err != nil {
		return err
	}
	return c.JSON(board)
}

func (s *Server) listCalls(c *fiber.Ctx, a alerts.Actor) error {
	calls, err := s.Partners.Calls(a)
	if err != nil {
		return err
	}
	return c.JSON(whole(calls))
}

func (s *Server) answerCall(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.CallResult](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.AnswerCall(c.UserContext(), a, c.Params("id"), c.Params("partner"), params(c, "n"), in, r)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) readOwnOrganisation(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.OwnOrganisation(c.UserContext(), a)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) patchOwnOrganisation(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.OwnPatch](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.PatchOwnOrganisation(c.UserContext(), a, in, ifMatch(c), r)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) setWebhook(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewWebhook](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.SetWebhook(c.UserContext(), a, whose(c, a), in, r)
	if err != nil {
		return err
	}
	return created(c, "", 0, v)
}

func (s *Server) rotateWebhook(c *fiber.Ctx, a alerts.Actor) error {
	r, err := s.bare(c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.RotateWebhook(c.UserContext(), a, whose(c, a), r)
	if err != nil {
		return err
	}
	return created(c, "", 0, v)
}

func (s *Server) switchWebhook(do bareCommand[partners.WebhookView]) handler {
	return func(c *fiber.Ctx, a alerts.Actor) error {
		r, err := s.bare(c, a)
		if err != nil {
			return err
		}
		v, err := do(c.UserContext(), a, whose(c, a), r)
		if err != nil {
			return err
		}
		return c.JSON(v)
	}
}

func (s *Server) testChannel(c *fiber.Ctx, a alerts.Actor) error {
	in, _, err := take[partners.TestRequest](s, c, a)
	if err != nil {
		return err
	}
	res, err := s.test(c, a, in)
	if err != nil {
		return err
	}
	return c.JSON(res)
}
