package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type matterListData struct {
	Items  []partners.MatterListItem
	Next   string
	Form   *Form
	States []string
}

func (s *Server) mattersPage(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := partners.MatterFilter{State: q.one("state", partners.MatterStates())}
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	list, err := s.Partners.Matters(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "matter_list", matterListData{list.Items, orEmpty(list.Next), s.newForm("state", in.State), partners.MatterStates()})
}
