package web

import (
	_ "embed" // the descriptions of the API

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// openAPIJSON describes the JSON API. People write openapi/openapi.yaml; a test
// makes this of it when it is run with -update, and fails where they differ.
//
//go:embed openapi/openapi.json
var openAPIJSON []byte

// asyncAPIJSON describes the websocket for partners.
//
//go:embed openapi/asyncapi.json
var asyncAPIJSON []byte

func (s *Server) openAPI(c *fiber.Ctx, _ alerts.Actor) error {
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Send(openAPIJSON)
}

func (s *Server) asyncAPI(c *fiber.Ctx, _ alerts.Actor) error {
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Send(asyncAPIJSON)
}
