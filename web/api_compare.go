package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// comparesAnHour is how often one network may ask in an hour, whatever it asks
// with: what was agreed on is counted apart.
const comparesAnHour = 600

func comparisonVersion(v partners.ComparisonView) int { return v.Version }
func matchVersion(v partners.MatchView) int           { return v.Version }

// compareAPI is about comparing with other hotlines, for staff.
func (s *Server) compareAPI() []route {
	return []route{
		api("GET", "/partners/:id/comparison", func(c *fiber.Ctx, a alerts.Actor) error {
			return read(c, a, s.Partners.Comparison, comparisonVersion)
		}),
		api("POST", "/partners/:id/comparison", s.proposeComparison),
		api("POST", "/partners/:id/comparison/approve", s.comparisonStep(s.Partners.ApproveComparison)),
		api("POST", "/partners/:id/comparison/run", s.comparisonStep(s.Partners.CompareNow)),
		api("POST", "/partners/:id/comparison/end", s.comparisonStep(s.Partners.EndComparison)),
		api("GET", "/matches", s.listMatches),
		api("GET", "/matches/:id", func(c *fiber.Ctx, a alerts.Actor) error { return read(c, a, s.Partners.Match, matchVersion) }),
		api("POST", "/matches/:id/:act", s.actOnMatch),
		api("GET", "/cases/:id/comparing", func(c *fiber.Ctx, a alerts.Actor) error { return read(c, a, s.Partners.Choice, nil) }),
		api("POST", "/cases/:id/comparing", s.chooseComparing),
	}
}

// compareRoutes are for other installations. Who asks is told by the token
// alone: with none that is good the answer is that of an address that is not
// there.
func (s *Server) compareRoutes() []route {
	return []route{
		api("POST", "/compare", answering(s, s.Partners.AnswerCompare)),
		api("POST", "/compare/agreed", answering(s, s.Partners.AnswerAgreed)),
	}
}

// answering answers another installation.
func answering[In, Out any](s *Server, do func(context.Context, string, In) (Out, error)) handler {
	return func(c *fiber.Ctx, _ alerts.Actor) error {
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		token := bearerOf(c)
		if token == "" || s.limits.over(s.client(c), "compare", comparesAnHour) {
			return fiber.ErrNotFound
		}
		var in In
		wrong := s.decode(c, &in)
		if wrong != nil {
			in = *new(In)
		}
		out, err := do(ctx, token, in)
		if alerts.CodeOf(err) == alerts.NotFound {
			return fiber.ErrNotFound
		}
		if wrong != nil { // only somebody with a good token learns what is wrong
			return wrong
		}
		if err != nil {
			return err
		}
		return c.JSON(out)
	}
}

func (s *Server) comparisonStep(do bareCommand[partners.ComparisonView]) handler {
	return func(c *fiber.Ctx, a alerts.Actor) error { return onBare(s, c, a, do, comparisonVersion) }
}

func (s *Server) proposeComparison(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewComparison](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.ProposeComparison(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+"/partners/"+c.Params("id")+"/comparison", v.Version, v)
}

func (s *Server) listMatches(c *fiber.Ctx, a alerts.Actor) error {
	items, err := s.Partners.MatchList(c.UserContext(), a)
	if err != nil {
		return err
	}
	return c.JSON(whole(items))
}

func (s *Server) actOnMatch(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.MatchAnswer](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.ActOnMatch(c.UserContext(), a, c.Params("id"), c.Params("act"), in, r)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) chooseComparing(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewChoice](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.Choose(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return c.JSON(v)
}
