package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// take reads the command of a request and what identifies the request.
func take[In any](s *Server, c *fiber.Ctx, a alerts.Actor) (In, alerts.Request, error) {
	var in In
	if err := s.decode(c, &in); err != nil {
		return in, alerts.Request{}, err
	}
	return in, s.request(c, a, c.Request().Body()), nil
}

// bare is a request without a body worth reading.
func (s *Server) bare(c *fiber.Ctx, a alerts.Actor) (alerts.Request, error) {
	return s.request(c, a, c.Request().Body()), nothing(c)
}

// Commands on one record take its id and answer with its view.
type (
	command[In, Out any] func(context.Context, alerts.Actor, string, In, alerts.Request) (Out, error)
	bareCommand[Out any] func(context.Context, alerts.Actor, string, alerts.Request) (Out, error)
	reading[Out any]     func(context.Context, alerts.Actor, string) (Out, error)
)

// on carries out a command on the record of the address. version says which
// version the answer has; nil for none.
func on[In, Out any](s *Server, c *fiber.Ctx, a alerts.Actor, do command[In, Out], version func(Out) int) error {
	in, r, err := take[In](s, c, a)
	if err != nil {
		return err
	}
	v, err := do(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return answer(c, versionOf(version, v), v)
}

// onBare is on for commands without a body.
func onBare[Out any](s *Server, c *fiber.Ctx, a alerts.Actor, do bareCommand[Out], version func(Out) int) error {
	r, err := s.bare(c, a)
	if err != nil {
		return err
	}
	v, err := do(c.UserContext(), a, c.Params("id"), r)
	if err != nil {
		return err
	}
	return answer(c, versionOf(version, v), v)
}

// read answers with the record of the address.
func read[Out any](c *fiber.Ctx, a alerts.Actor, do reading[Out], version func(Out) int) error {
	v, err := do(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return answer(c, versionOf(version, v), v)
}

func versionOf[Out any](version func(Out) int, v Out) int {
	if version == nil {
		return 0
	}
	return version(v)
}

// whole is a list that comes in one page.
func whole[T any](items []T) alerts.Page[T] {
	if items == nil {
		items = []T{}
	}
	return alerts.Page[T]{Items: items}
}
