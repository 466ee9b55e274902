package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

func (s *Server) openSearch(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.SearchPlan](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.OpenSearch(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+"/searches/"+v.ID, v.Version, v)
}

func (s *Server) actOnSearch(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.SearchAct](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.ActOnSearch(c.UserContext(), a, c.Params("id"), c.Params("act"), in, r)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) sendTeam(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewSearchTask](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.SendTeam(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+"/search-tasks/"+v.ID, v.Version, v)
}

func (s *Server) actOnSearchTask(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.TeamAct](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.ActOnSearchTask(c.UserContext(), a, c.Params("id"), c.Params("act"), in, r)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

// teamActsAnHour is how often one network may come with a code in an hour: many
// teams share an address on some mobile networks, and no code can be guessed.
const teamActsAnHour = 1200

// teamCode asks for a task. The code stands in the body, as addresses end up in
// logs.
type teamCode struct {
	Code string `json:"code"`
}

func (s *Server) teamTask(c *fiber.Ctx, a alerts.Actor) error {
	if s.limits.over(s.client(c), "team", teamActsAnHour) {
		return tooMany()
	}
	in, _, err := take[teamCode](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.TeamTask(in.Code)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) actAsTeam(c *fiber.Ctx, a alerts.Actor) error {
	if s.limits.over(s.client(c), "team", teamActsAnHour) {
		return tooMany()
	}
	in, r, err := take[partners.TeamAct](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.ActAsTeam(c.UserContext(), a, c.Params("act"), in, r)
	if err != nil {
		return err
	}
	return c.JSON(v)
}
