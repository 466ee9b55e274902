package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// caseWorkAPI is how a case is worked on, for programs.
func (s *Server) caseWorkAPI() []route {
	return []route{
		api("GET", "/indicators", s.listIndicators),
		api("GET", "/cases.csv", s.exportCases, "state", "category", "q", "sort"),
		api("GET", "/cases/:id/clock", s.readClock),
		api("POST", "/cases/:id/steps/:step", onCasePart(s, "step", caseVersion, s.Alerts.MarkStep)),
		api("POST", "/cases/:id/tasks", s.addTask),
		api("POST", "/cases/:id/tasks/:task", onCasePart(s, "task", nil, s.Alerts.ActOnTask)),
		api("POST", "/cases/:id/shift-notes", onCase(s, s.Alerts.AddShiftNote)),
		api("POST", "/cases/:id/links", onCase(s, s.Alerts.LinkCases)),
		api("POST", "/cases/:id/links/:link/unlink", onCasePart(s, "link", caseVersion, s.Alerts.UnlinkCases)),
		api("POST", "/cases/:id/episodes", onCase(s, s.Alerts.AddEpisode)),
		api("GET", "/handover", s.readHandoverNow),
		api("POST", "/handovers", s.makeHandover),
		api("GET", "/handovers", s.listHandovers),
		api("GET", "/handovers/:id", s.readHandover),
		api("POST", "/handovers/:id/take", s.takeHandover),
	}
}

// onCase makes a handler of a command that answers with the case.
func onCase[In any](s *Server, do command[In, alerts.CaseView]) handler {
	return func(c *fiber.Ctx, a alerts.Actor) error { return on(s, c, a, do, caseVersion) }
}

// casePartCommand is a command on a part of a case.
type casePartCommand[In, Out any] = func(ctx context.Context, a alerts.Actor, caseID, part string, in In, r alerts.Request) (Out, error)

// onCasePart makes a handler of a command on a part of a case, which param names.
func onCasePart[In, Out any](s *Server, param string, version func(Out) int, do casePartCommand[In, Out]) handler {
	return func(c *fiber.Ctx, a alerts.Actor) error {
		in, r, err := take[In](s, c, a)
		if err != nil {
			return err
		}
		v, err := do(c.UserContext(), a, c.Params("id"), c.Params(param), in, r)
		if err != nil {
			return err
		}
		return answer(c, versionOf(version, v), v)
	}
}

func (s *Server) listIndicators(c *fiber.Ctx, _ alerts.Actor) error {
	return c.JSON(fiber.Map{"items": s.Alerts.Indicators()})
}

func (s *Server) readClock(c *fiber.Ctx, a alerts.Actor) error {
	steps, err := s.Alerts.CaseClock(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"items": steps})
}

func (s *Server) addTask(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.NewTask](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.AddTask(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, caseAddress(c.Params("id")), 0, v)
}

func (s *Server) readHandoverNow(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.HandoverNow(c.UserContext(), a)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) makeHandover(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewHandover](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.MakeHandover(c.UserContext(), a, in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+"/handovers/"+v.ID, 0, v)
}

func (s *Server) listHandovers(c *fiber.Ctx, a alerts.Actor) error {
	return c.JSON(fiber.Map{"items": s.Partners.Handovers(a, handoversShown)})
}

func (s *Server) readHandover(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Handover(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) takeHandover(c *fiber.Ctx, a alerts.Actor) error {
	return onBare(s, c, a, s.Partners.TakeHandover, nil)
}
