package web

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// outgoingWays is what this server knows of the ways out. Who is connected to
// another node is not known while the store does not answer.
func (s *Server) outgoingWays(ctx context.Context) partners.Outgoing {
	connected, err := s.Feeds.Connected(ctx)
	if err != nil {
		s.Log.Warn("who is connected elsewhere is not known", "error", err)
	}
	return partners.Outgoing{Mail: s.Config.Mails, Connected: connected}
}

// readiness answers what is to be looked at before a draft goes out.
func (s *Server) readiness(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Readiness(a, c.Params("id"), s.outgoingWays(c.UserContext()))
	if err != nil {
		return err
	}
	return c.JSON(v)
}

// readyList is the same for a page: only what asks for attention.
type readyList struct {
	partners.ReadinessView
	// OffDuty have nobody on duty now, Unreached no channel that works.
	OffDuty, Unreached []partners.ReadinessItem
}

func readyOf(v partners.ReadinessView) readyList {
	l := readyList{ReadinessView: v}
	for _, i := range v.Partners {
		if !i.Staffed {
			l.OffDuty = append(l.OffDuty, i)
		}
		if !i.Reachable {
			l.Unreached = append(l.Unreached, i)
		}
	}
	return l
}

// Calm tells whether nothing asks for attention.
func (l readyList) Calm() bool {
	return len(l.OffDuty)+len(l.Unreached)+len(l.MissingLanguages)+len(l.Excluded) == 0
}

// Broken are the channels of a partner that are known not to work.
func (p *Page) Broken(i partners.ReadinessItem) []partners.ReadinessChannel {
	return slices.DeleteFunc(slices.Clone(i.Channels), func(c partners.ReadinessChannel) bool { return c.State == partners.ChannelWorks })
}
