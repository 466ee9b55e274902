package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// callLimit is the longest message of an exchange, in bytes.
const callLimit = 16 << 10

// hearCall takes a message of a telephone exchange. Who sent it is told by its
// signature alone; whoever else may be signed in is not asked.
func (s *Server) hearCall(c *fiber.Ctx, _ alerts.Actor) error {
	body := c.Request().Body()
	if len(body) > callLimit {
		return alerts.Errorf(alerts.TooLarge, "A message about a call has up to 16 kB.")
	}
	m := alerts.SignedMessage{
		ID: c.Get("webhook-id"), Timestamp: c.Get("webhook-timestamp"), Signature: c.Get("webhook-signature"), Body: body,
	}
	exchange, err := s.Alerts.CallerOf(c.UserContext(), m)
	if err != nil {
		return err
	}
	var in alerts.NewCall
	if err := s.decode(c, &in); err != nil {
		s.Alerts.RefuseBody(c.UserContext(), exchange)
		return err
	}
	v, err := s.Alerts.HearCall(c.UserContext(), exchange, m, in)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) listIncoming(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := alerts.CallQuery{State: q.text("state"), Waiting: q.flag("waiting")}
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	page, err := s.Alerts.IncomingCalls(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	return c.JSON(page)
}

func incomingVersion(v alerts.CallWithKnown) int { return v.Version }

func (s *Server) readIncoming(c *fiber.Ctx, a alerts.Actor) error {
	return read(c, a, s.Alerts.Call, incomingVersion)
}

func (s *Server) takeIncoming(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.TakeCall, incomingVersion)
}

func (s *Server) callIncomingBack(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.CallBack, incomingVersion)
}

func (s *Server) recordIncoming(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.NewContact](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.RecordCall(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+"/contacts/"+v.ID, v.Version, v)
}

// blockList is every block in one list.
type blockList struct {
	Items []alerts.BlockView `json:"items"`
}

func blockVersion(v alerts.BlockView) int { return v.Version }

func (s *Server) listBlocks(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	ended := q.flag("ended")
	if err := q.Err(); err != nil {
		return err
	}
	items, err := s.Alerts.Blocks(c.UserContext(), a, ended)
	if err != nil {
		return err
	}
	return c.JSON(blockList{items})
}

func (s *Server) blockCaller(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.NewBlock](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.BlockCaller(c.UserContext(), a, in, r)
	if err != nil {
		return err
	}
	return created(c, "", v.Version, v)
}

func (s *Server) confirmBlock(c *fiber.Ctx, a alerts.Actor) error {
	return onBare(s, c, a, s.Alerts.ConfirmBlock, blockVersion)
}

func (s *Server) endBlock(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.EndBlock, blockVersion)
}

func (s *Server) listExchanges(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Alerts.Exchanges(c.UserContext(), a)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) makeExchange(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.NewExchange](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.MakeExchange(c.UserContext(), a, in, r)
	if err != nil {
		return err
	}
	return created(c, "", v.Version, v)
}

func (s *Server) rotateExchange(c *fiber.Ctx, a alerts.Actor) error {
	r, err := s.bare(c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.RotateExchange(c.UserContext(), a, c.Params("id"), r)
	if err != nil {
		return err
	}
	return created(c, "", v.Version, v)
}

func (s *Server) revokeExchangeKey(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.RevokeExchangeKey, func(v alerts.ExchangeView) int { return v.Version })
}
