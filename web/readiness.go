package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// connections tells who is connected; the live feeds may know.
type connections interface {
	Connected(partner string) bool
}

// outgoingWays is what this server knows of the ways out.
func (s *Server) outgoingWays() partners.Outgoing {
	out := partners.Outgoing{Mail: s.Config.Mails}
	if c, ok := s.Feeds.(connections); ok {
		out.Connected = c.Connected
	}
	return out
}

// readiness answers what is to be looked at before a draft goes out.
func (s *Server) readiness(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Readiness(a, c.Params("id"), s.outgoingWays())
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
