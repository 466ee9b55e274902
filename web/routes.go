package web

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"

	"homeward/alerts"
)

// handler answers one route for one actor.
type handler func(c *fiber.Ctx, a alerts.Actor) error

// route is one line of the route tables. Who may use it stands in the matrix
// under "METHOD path".
type route struct {
	method, path string
	handle       handler
}

// mount puts the middleware and every route in place. A route that the matrix
// does not know stops the start, as does a line of the matrix without a route.
func (s *Server) mount() error {
	s.app.Use(s.calm, s.logged, s.secured, plainBody, s.sameOrigin)
	tables := [][]route{s.systemRoutes(), s.accountRoutes(), s.apiRoutes(), s.publicRoutes(), s.consoleRoutes(), s.partnerRoutes(), s.partnerReferralPages(), s.partnerConferencePages(), s.deliveryRoutes(), s.linkRoutes(), s.publicationPages(), s.publicationRoutes()}
	idle := map[string]bool{} // what the matrix names and no route is mounted for
	for _, name := range s.Matrix.Routes() {
		idle[name] = true
	}
	for _, table := range tables {
		for _, r := range table {
			name := r.method + " " + r.path
			if !s.Matrix.Names(name) {
				return fmt.Errorf("the matrix says nothing about %s", name)
			}
			delete(idle, name)
			if r.method == fiber.MethodGet {
				s.addresses = append(s.addresses, r.path)
			}
			s.app.Add(r.method, r.path, s.waited, s.known, s.allowed(name), s.placed, s.handled(r.handle))
		}
	}
	for _, r := range slices.Concat(s.openRoutes(), s.compareRoutes()) {
		name := r.method + " " + r.path
		if !s.Matrix.Route(alerts.RolePublic, name) {
			return fmt.Errorf("the matrix does not open %s to everybody", name)
		}
		delete(idle, name)
		if r.method == fiber.MethodGet {
			s.addresses = append(s.addresses, r.path)
		}
		s.app.Add(r.method, r.path, s.handled(r.handle))
	}
	if len(idle) > 0 {
		return fmt.Errorf("the matrix names what is no route: %s", strings.Join(slices.Sorted(maps.Keys(idle)), ", "))
	}
	s.app.Use(s.known, func(*fiber.Ctx) error { return fiber.ErrNotFound })
	return nil
}

// allowed refuses who may not use a route: somebody unknown is asked to sign
// in, somebody known is told no.
func (s *Server) allowed(name string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		a := actorFrom(c)
		switch {
		case s.Matrix.Route(a.Role, name):
			return c.Next()
		case a.Kind == alerts.KindPublic:
			return alerts.Errorf(alerts.Unauthenticated, "Please sign in first.")
		}
		return alerts.Errorf(alerts.Forbidden, "This account may not do that.")
	}
}

func (s *Server) handled(h handler) fiber.Handler {
	return func(c *fiber.Ctx) error { return h(c, actorFrom(c)) }
}

// systemRoutes are for whoever runs the server.
func (s *Server) systemRoutes() []route {
	metrics := adaptor.HTTPHandler(s.Metrics)
	return []route{
		{"GET", "/healthz", func(c *fiber.Ctx, _ alerts.Actor) error { return c.SendString("ok\n") }},
		{"GET", "/readyz", s.ready},
		{"GET", "/metrics", func(c *fiber.Ctx, _ alerts.Actor) error { return metrics(c) }},
		{"GET", "/static/:hash/*", func(c *fiber.Ctx, _ alerts.Actor) error { return s.assets.serve(c) }},
		{"GET", "/robots.txt", func(c *fiber.Ctx, _ alerts.Actor) error { return c.SendString("User-agent: *\nDisallow: /\n") }},
		{"GET", "/api/v1/ws/partner", s.partnerSocket},
		{"GET", "/api/v1/ws/console", s.consoleSocket},
	}
}

func (s *Server) ready(c *fiber.Ctx, _ alerts.Actor) error {
	if err := s.Ready(c.UserContext()); err != nil {
		s.Log.Error("not ready", "error", err)
		var known interface{ Code() string }
		if errors.As(err, &known) {
			return c.Status(fiber.StatusServiceUnavailable).SendString("not ready: " + known.Code() + "\n")
		}
		return c.Status(fiber.StatusServiceUnavailable).SendString("not ready\n")
	}
	return c.SendString("ready\n")
}
