package web

import (
	"crypto/rand"
	"encoding/base32"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// status is the one table from error codes to HTTP statuses.
var status = map[alerts.Code]int{
	alerts.Malformed:       fiber.StatusBadRequest,
	alerts.Invalid:         fiber.StatusUnprocessableEntity,
	alerts.Unauthenticated: fiber.StatusUnauthorized,
	alerts.Forbidden:       fiber.StatusForbidden,
	alerts.NotFound:        fiber.StatusNotFound,
	alerts.Conflict:        fiber.StatusConflict,
	alerts.Stale:           fiber.StatusPreconditionFailed,
	alerts.NeedsVersion:    fiber.StatusPreconditionRequired,
	alerts.RequestReused:   fiber.StatusUnprocessableEntity,
	alerts.Gone:            fiber.StatusGone,
	alerts.TooMany:         fiber.StatusTooManyRequests,
	alerts.TooLarge:        fiber.StatusRequestEntityTooLarge,
	alerts.Full:            fiber.StatusInsufficientStorage,
	alerts.Unavailable:     fiber.StatusServiceUnavailable,
	alerts.OutcomeUnknown:  fiber.StatusServiceUnavailable,
}

// problem is an error as RFC 9457 has it, with all wrong fields at once.
type problem struct {
	Type   string              `json:"type"`
	Title  string              `json:"title"`
	Status int                 `json:"status"`
	Detail string              `json:"detail,omitempty"`
	Code   string              `json:"code"`
	Errors []alerts.FieldError `json:"errors,omitempty"`
	// Incident finds the log entry of an internal error.
	Incident string `json:"incident,omitempty"`
	// Outcome is "unknown" when the write may or may not have happened.
	Outcome string `json:"outcome,omitempty"`
}

// answerError turns an error into the answer: the one place that does.
func (s *Server) answerError(c *fiber.Ctx, err error) error {
	p := s.problemOf(c, err)
	if p.Status == fiber.StatusTooManyRequests || p.Status == fiber.StatusServiceUnavailable {
		c.Set(fiber.HeaderRetryAfter, "30")
	}
	if p.Status == fiber.StatusUnauthorized && isAPI(c) {
		c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	if isAPI(c) {
		c.Status(p.Status)
		if err := c.JSON(p); err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, "application/problem+json")
		return nil
	}
	if p.Status == fiber.StatusUnauthorized && c.Method() == fiber.MethodGet {
		return c.Redirect("/sign-in?next="+queryEscape(c.OriginalURL()), fiber.StatusSeeOther)
	}
	return s.errorPage(c, p)
}

func isAPI(c *fiber.Ctx) bool { return strings.HasPrefix(c.Path(), "/api/") }

func (s *Server) problemOf(c *fiber.Ctx, err error) problem {
	var e *alerts.Error
	if errors.As(err, &e) {
		p := problem{Type: "about:blank", Title: e.Message, Status: status[e.Code], Code: string(e.Code), Errors: e.Fields}
		if e.Code == alerts.OutcomeUnknown {
			p.Outcome = "unknown"
		}
		if p.Status != 0 {
			if p.Status >= 500 {
				s.Log.Error("request failed", "route", routeOf(c), "code", p.Code, "error", e.Err)
			}
			return p
		}
	}
	var f *fiber.Error
	if errors.As(err, &f) && f.Code < 500 {
		return problem{Type: "about:blank", Title: plainStatus(f), Status: f.Code, Code: "http_" + httpCode(f.Code)}
	}
	incident := incidentID()
	s.Log.Error("request failed", "route", routeOf(c), "incident", incident, "error", err)
	return problem{
		Type: "about:blank", Title: "Something went wrong here. It has been noted.",
		Status: fiber.StatusInternalServerError, Code: "internal", Incident: incident,
	}
}

// plainStatus is a sentence for the errors that the HTTP engine makes itself;
// ours carry their own.
func plainStatus(f *fiber.Error) string {
	switch f.Code {
	case fiber.StatusNotFound:
		return "There is nothing here."
	case fiber.StatusMethodNotAllowed:
		return "This address does not take that method."
	case fiber.StatusRequestEntityTooLarge:
		return "That is too large. A photo may have up to 12 MB, everything else up to 512 kB."
	}
	return f.Message
}

func httpCode(status int) string {
	switch status {
	case fiber.StatusNotFound:
		return "not_found"
	case fiber.StatusMethodNotAllowed:
		return "method_not_allowed"
	case fiber.StatusRequestEntityTooLarge:
		return "too_large"
	case fiber.StatusUnsupportedMediaType:
		return "unsupported_media_type"
	}
	return "bad_request"
}

func incidentID() string {
	var b [10]byte
	_, _ = rand.Read(b[:])
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}

// routeOf is the route's pattern, never the address, which may hold ids.
func routeOf(c *fiber.Ctx) string {
	if r := c.Route(); r != nil {
		return r.Method + " " + r.Path
	}
	return c.Method()
}
