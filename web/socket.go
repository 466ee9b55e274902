package web

import (
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// partnerSocket takes a partner's connection over once everything that can be
// refused with an ordinary answer has been checked.
func (s *Server) partnerSocket(c *fiber.Ctx, a alerts.Actor) error {
	return s.takeOver(c, a, s.Feeds.ServePartner)
}

// consoleSocket is partnerSocket for the console.
func (s *Server) consoleSocket(c *fiber.Ctx, a alerts.Actor) error {
	return s.takeOver(c, a, s.Feeds.ServeConsole)
}

func (s *Server) takeOver(c *fiber.Ctx, a alerts.Actor, serve func(net.Conn, *http.Request, alerts.Actor)) error {
	if !s.originListed(c) {
		return fiber.NewError(fiber.StatusForbidden, "This page may not open a connection here.")
	}
	r := copyRequest(c)
	if status := s.Feeds.Check(r); status != 0 {
		return fiber.NewError(status, "This is not a websocket handshake that can be answered.")
	}
	// The feed writes the handshake's answer itself. The HTTP engine gets its
	// buffers back while the feed runs.
	c.Context().HijackSetNoResponse(true)
	c.Context().Hijack(func(conn net.Conn) { go serve(conn, r, a) })
	return nil
}

// originListed tells whether the page that opens a connection is one of ours. A
// program sends no Origin; it must come with a token, never with a cookie.
func (s *Server) originListed(c *fiber.Ctx) bool {
	origin := c.Get(fiber.HeaderOrigin)
	if origin == "" {
		return s.tokenOf(c) != ""
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return false
	}
	if s.Config.Origin != "" {
		return strings.EqualFold(origin, s.Config.Origin)
	}
	return strings.EqualFold(u.Host, c.Hostname())
}

// copyRequest makes a request that outlives the handler: what the HTTP engine
// hands out is reused afterwards.
func copyRequest(c *fiber.Ctx) *http.Request {
	r := &http.Request{
		Method: strings.Clone(c.Method()), Host: strings.Clone(c.Hostname()),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{},
	}
	r.URL = &url.URL{Path: strings.Clone(c.Path()), RawQuery: string(c.Request().URI().QueryString())}
	for k, v := range c.Request().Header.All() {
		r.Header.Add(string(k), string(v))
	}
	return r
}
