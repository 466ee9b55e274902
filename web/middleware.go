package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// Names of what goes with a request.
const (
	actorKey       = "actor"
	positionHeader = "Homeward-Position"
	positionCookie = "homeward_position"
	positionWait   = time.Second
)

// timeout bounds what a request may cause behind it.
const timeout = 40 * time.Second

// calm turns a panic into an ordinary error: the process lives, the peer learns
// nothing of it.
func (s *Server) calm(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.Log.Error("panic", "route", routeOf(c), "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			err = errPanic
		}
	}()
	return c.Next()
}

var errPanic = errors.New("panic in a handler")

// logged writes one line per request: the route's pattern, never the address,
// query or headers, which may hold ids or codes.
func (s *Server) logged(c *fiber.Ctx) error {
	start := s.Now()
	if err := c.Next(); err != nil {
		if err := s.answerError(c, err); err != nil {
			return err
		}
	}
	code := c.Response().StatusCode()
	took := s.Now().Sub(start)
	s.Observe(routeOf(c), code, took)
	s.Log.Debug("request", "route", routeOf(c), "status", code, "ms", took.Milliseconds())
	return nil
}

// secured sets the headers that every answer carries.
func (s *Server) secured(c *fiber.Ctx) error {
	h := &c.Response().Header
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "+
		"connect-src 'self'; worker-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "geolocation=(self), camera=(), microphone=(), interest-cohort=()")
	h.Set("X-Robots-Tag", "noindex, noarchive")
	h.Set("Cache-Control", "no-store")
	if s.Config.Secure {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
	return c.Next()
}

// sameOrigin refuses unsafe requests that another site made a browser send. A
// request with a bearer token carries its own proof.
func (s *Server) sameOrigin(c *fiber.Ctx) error {
	if m := c.Method(); bearerOf(c) != "" || m == fiber.MethodGet || m == fiber.MethodHead {
		return c.Next()
	}
	r := &http.Request{Method: c.Method(), Host: c.Hostname(), Header: http.Header{}}
	for _, k := range []string{"Sec-Fetch-Site", "Origin"} {
		if v := c.Get(k); v != "" {
			r.Header.Set(k, v)
		}
	}
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		return fiber.NewError(fiber.StatusForbidden, "This request came from another site.")
	}
	return c.Next()
}

func bearerOf(c *fiber.Ctx) string {
	scheme, token, _ := strings.Cut(c.Get(fiber.HeaderAuthorization), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// known finds out who asks. A token that is not good is refused rather than
// treated as nobody.
func (s *Server) known(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	c.SetUserContext(ctx)
	a, err := s.actorOf(ctx, c)
	if err != nil {
		return err
	}
	c.Locals(actorKey, a)
	return c.Next()
}

func (s *Server) actorOf(ctx context.Context, c *fiber.Ctx) (alerts.Actor, error) {
	if token := s.tokenOf(c); token != "" {
		return s.actorOfToken(ctx, token)
	}
	token := c.Cookies(s.sessionCookie())
	if token == "" {
		return alerts.Public(), nil
	}
	a, err := s.Door.Session(ctx, token)
	if alerts.CodeOf(err) == alerts.Unauthenticated {
		s.dropSession(c)
		return alerts.Public(), nil
	}
	return a, err
}

// tokenOf returns the request's token: from the header, or for a websocket
// handshake from its subprotocols. Never from the address.
func (s *Server) tokenOf(c *fiber.Ctx) string {
	if t := bearerOf(c); t != "" {
		return t
	}
	if strings.EqualFold(c.Get(fiber.HeaderUpgrade), "websocket") {
		for _, p := range strings.Split(c.Get("Sec-WebSocket-Protocol"), ",") {
			if t, ok := strings.CutPrefix(strings.TrimSpace(p), "bearer."); ok {
				return t
			}
		}
	}
	return ""
}

// actorOfToken returns whose token this is. One that is not good here may have
// been made on another node a moment ago, so it is refused only by what the store
// holds now.
func (s *Server) actorOfToken(ctx context.Context, token string) (alerts.Actor, error) {
	before := s.Position.TipNumber()
	a, err := s.tryToken(ctx, token)
	if alerts.CodeOf(err) != alerts.Unauthenticated {
		return a, err
	}
	ctx, cancel := context.WithTimeout(ctx, positionWait)
	defer cancel()
	if s.Position.Renew(ctx) != nil || s.Position.TipNumber() == before {
		return a, err
	}
	return s.tryToken(ctx, token)
}

// tryToken tries a token as an account's and as a partner's key.
func (s *Server) tryToken(ctx context.Context, token string) (alerts.Actor, error) {
	a, err := s.Door.Authenticate(ctx, token)
	if alerts.CodeOf(err) == alerts.Unauthenticated {
		return s.Partners.AuthenticateKey(ctx, token)
	}
	return a, err
}

func actorFrom(c *fiber.Ctx) alerts.Actor {
	a, ok := c.Locals(actorKey).(alerts.Actor)
	if !ok {
		return alerts.Public()
	}
	return a
}

// waited lets a reader see its own writes on every node: a request that carries a
// position waits until this node has it, a second at most. It comes before
// finding out who asks, whose account may be among those writes.
func (s *Server) waited(c *fiber.Ctx) error {
	p := c.Get(positionHeader)
	if p == "" {
		p = c.Cookies(positionCookie)
	}
	if n, err := strconv.ParseUint(p, 10, 64); err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), positionWait)
		defer cancel()
		_ = s.Position.Wait(ctx, n)
	}
	return c.Next()
}

// placed says up to where this node has come, in answers to writes.
func (s *Server) placed(c *fiber.Ctx) error {
	if err := c.Next(); err != nil {
		return err
	}
	if c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead || actorFrom(c).Kind == alerts.KindPublic {
		return nil
	}
	n := strconv.FormatUint(s.Position.TipNumber(), 10)
	c.Set(positionHeader, n)
	if bearerOf(c) == "" {
		c.Cookie(&fiber.Cookie{Name: positionCookie, Value: n, Path: "/", MaxAge: 60, HTTPOnly: true, Secure: s.Config.Secure, SameSite: fiber.CookieSameSiteLaxMode})
	}
	return nil
}

// sessionCookie is the cookie's name. The __Host- prefix ties it to this host;
// browsers take it over https only.
func (s *Server) sessionCookie() string {
	if s.Config.Secure {
		return "__Host-homeward"
	}
	return "homeward"
}

func (s *Server) setSession(c *fiber.Ctx, token string) {
	c.Cookie(&fiber.Cookie{
		Name: s.sessionCookie(), Value: token, Path: "/", HTTPOnly: true,
		Secure: s.Config.Secure, SameSite: fiber.CookieSameSiteLaxMode, SessionOnly: true,
	})
}

func (s *Server) dropSession(c *fiber.Ctx) {
	c.Cookie(&fiber.Cookie{
		Name: s.sessionCookie(), Path: "/", HTTPOnly: true, Secure: s.Config.Secure,
		SameSite: fiber.CookieSameSiteLaxMode, Expires: time.Unix(1, 0),
	})
}
