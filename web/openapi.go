package web

import (
	_ "embed" // the descriptions of the API

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// openAPIJSON describes the JSON API; it is written as openapi/openapi.yaml.
//
//go:embed openapi/openapi.json
var openAPIJSON []byte

// asyncAPIJSON describes the websocket for partners; it is written as
// openapi/asyncapi.yaml.
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
