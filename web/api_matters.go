package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

func matterVersion(v partners.MatterView) int { return v.Version }

func matterAddress(id string) string { return apiPrefix + "/abductions/" + id }

func (s *Server) openMatter(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewMatter](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.OpenMatter(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, matterAddress(v.ID), v.Version, v)
}

func matterFilter(q *query) partners.MatterFilter {
	return partners.MatterFilter{State: q.one("state", partners.MatterStates()), Order: q.one("sort", partners.MatterOrders())}
}

func (s *Server) listMatters(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := matterFilter(q)
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	page, err := s.Partners.Matters(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	return c.JSON(page)
}

func (s *Server) readMatter(c *fiber.Ctx, a alerts.Actor) error {
	return read(c, a, s.Partners.Matter, matterVersion)
}

func (s *Server) patchMatter(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.MatterPatch](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.PatchMatter(c.UserContext(), a, c.Params("id"), ifMatch(c), in, r)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) clocks(c *fiber.Ctx, a alerts.Actor) error {
	all, err := s.Partners.Clocks(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return c.JSON(whole(all))
}

func (s *Server) listDeadlines(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := partners.DeadlineFilter{
		Person: q.text("person"), Institution: q.text("institution"), Case: q.text("case"),
		Kind: partners.DeadlineKind(q.text("kind")), State: q.text("state"), Until: q.day("until"),
	}
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	list, err := s.Partners.Deadlines(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	return c.JSON(list)
}
