package web

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// Names of what carries an idempotency key.
const (
	keyHeader = "Idempotency-Key"
	keyField  = "idempotency_key"
)

// request identifies what a caller sends, so that a repeat is answered and not
// done again: by the key in the header or in the form's hidden field, or not at
// all without one. For somebody known another body under the same key is an
// error; for somebody anonymous it is another request, as two strangers may
// draw the same key.
func (s *Server) request(c *fiber.Ctx, a alerts.Actor, body []byte) alerts.Request {
	key := c.Get(keyHeader)
	if key == "" {
		key = postedKey(c)
	}
	if key == "" {
		return alerts.Request{}
	}
	if strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
		body = formContent(c)
	}
	route := []byte(routeOf(c))
	// The pattern stands in the key, so the ids of the address are part of what
	// must be the same.
	r := alerts.Request{Body: s.Alerts.Ring.MAC("body", []byte(c.Path()), body)}
	if a.Kind == alerts.KindPublic {
		r.Key = s.Alerts.Ring.MAC("request", []byte("public"), route, []byte(key), body)
	} else {
		r.Key = s.Alerts.Ring.MAC("request", []byte(a.ID), route, []byte(key))
	}
	return r
}

// postedKey reads the hidden field from the form itself: other readers look at
// the address first.
func postedKey(c *fiber.Ctx) string {
	kind := c.Get(fiber.HeaderContentType)
	switch {
	case strings.HasPrefix(kind, fiber.MIMEApplicationForm):
		return string(c.Request().PostArgs().Peek(keyField))
	case strings.HasPrefix(kind, fiber.MIMEMultipartForm):
		if m, err := c.MultipartForm(); err == nil && len(m.Value[keyField]) > 0 {
			return m.Value[keyField][0]
		}
	}
	return ""
}

// formContent is what a multipart form says, without the boundaries, which
// differ each time the same form is sent.
func formContent(c *fiber.Ctx) []byte {
	m, err := c.MultipartForm()
	if err != nil {
		return nil
	}
	sum := sha256.New()
	write := func(b []byte) {
		_, _ = sum.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b))))
		_, _ = sum.Write(b)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Value)) {
		for _, v := range m.Value[name] {
			write([]byte(name))
			write([]byte(v))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.File)) {
		for _, f := range m.File[name] {
			write([]byte(name))
			if content, err := readPart(f); err == nil {
				write(content)
			}
		}
	}
	return sum.Sum(nil)
}

// ifMatch reads the version that a change is based on: 0 when none was sent,
// and one that fits nothing when it cannot be read.
func ifMatch(c *fiber.Ctx) int {
	v := strings.TrimSpace(c.Get(fiber.HeaderIfMatch))
	if v == "" {
		return 0
	}
	v = strings.TrimPrefix(v, "W/")
	if n, err := strconv.Atoi(strings.Trim(v, `"`)); err == nil && n > 0 {
		return n
	}
	return -1
}

// versioned is the ETag of a version.
func versioned(c *fiber.Ctx, version int) {
	c.Set(fiber.HeaderETag, `"`+strconv.Itoa(version)+`"`)
}

// answer sends a view with its version; version 0 is for what has none.
func answer(c *fiber.Ctx, version int, view any) error {
	if version > 0 {
		versioned(c, version)
	}
	return c.JSON(view)
}

// created answers what was made, with its address; an empty one is for what
// has none.
func created(c *fiber.Ctx, address string, version int, view any) error {
	if address != "" {
		c.Set(fiber.HeaderLocation, address)
	}
	c.Status(fiber.StatusCreated)
	return answer(c, version, view)
}

// nothing is the body of commands that need none: absent or an empty object.
func nothing(c *fiber.Ctx) error {
	if len(c.Request().Body()) == 0 {
		return nil
	}
	return decode(c, &struct{}{})
}
