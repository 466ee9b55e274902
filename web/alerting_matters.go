package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type matterListData struct {
	Items          []partners.MatterListItem
	Next           string
	Form           *Form
	States, Orders []string
}

func (s *Server) mattersPage(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := matterFilter(q)
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	list, err := s.Partners.Matters(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "matter_list", matterListData{list.Items, orEmpty(list.Next), s.newForm("state", in.State, "sort", in.Order), partners.MatterStates(), partners.MatterOrders()})
}
