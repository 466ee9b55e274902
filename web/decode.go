package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// jsonDepth bounds nesting; a GeoJSON MultiPolygon inside a command needs
// seven.
const jsonDepth = 24

// decode reads one JSON object into v, strictly: unknown, repeated and
// wrongly-cased fields, trailing data, deep nesting and bad UTF-8 are errors
// that name the fields, all of them at once.
func decode(c *fiber.Ctx, v any) error { return decodeKnown(c, v, &shelfOfNames{}) }

// decode is decode for what comes often.
func (s *Server) decode(c *fiber.Ctx, v any) error { return decodeKnown(c, v, &s.names) }

func decodeKnown(c *fiber.Ctx, v any, known *shelfOfNames) error {
	if kind, _, _ := strings.Cut(c.Get(fiber.HeaderContentType), ";"); !strings.EqualFold(strings.TrimSpace(kind), fiber.MIMEApplicationJSON) {
		return fiber.NewError(fiber.StatusUnsupportedMediaType, "Send application/json.")
	}
	return decodeBytes(c.Request().Body(), v, known)
}

func decodeBytes(body []byte, v any, known *shelfOfNames) error {
	if !utf8.Valid(body) {
		return invalidBody("", "encoding", "The body is not valid UTF-8.")
	}
	keys, ok := plainKeys(body)
	var err error
	if !ok {
		if keys, err = checkJSON(body); err != nil {
			return err
		}
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	err = d.Decode(v)
	if err == nil && isPlain(body, keys, known.of(reflect.TypeOf(v))) {
		return nil
	}
	if err := shapeOf(body, v); err != nil {
		return err
	}
	if err != nil {
		return jsonError(err)
	}
	return nil
}

func invalidBody(field, code, message string) error {
	f := alerts.FieldError{Field: field, Code: code, Message: message}
	return &alerts.Error{Code: alerts.Malformed, Message: "The body could not be read: " + message, Fields: []alerts.FieldError{f}}
}

func jsonError(err error) error {
	var t *json.UnmarshalTypeError
	if errors.As(err, &t) {
		return invalidBody(t.Field, "type", fmt.Sprintf("This should be %s, not %s.", kindName(t.Type.Kind().String()), t.Value))
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return invalidBody(strings.Trim(name, `"`), "unknown_field", "There is no such field.")
	}
	var e *alerts.Error
	if errors.As(err, &e) {
		return e
	}
	return invalidBody("", "json", "The body is not one JSON object: "+plainJSON(err))
}

func plainJSON(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "it ends too early."
	}
	var s *json.SyntaxError
	if errors.As(err, &s) {
		return fmt.Sprintf("there is a mistake at byte %d.", s.Offset)
	}
	return "a value in it has the wrong form."
}

func kindName(kind string) string {
	switch kind {
	case "string":
		return "text"
	case "slice", "array":
		return "a list"
	case "struct", "map", "ptr":
		return "an object"
	case "bool":
		return "true or false"
	}
	return "a number"
}

// checkJSON refuses what encoding/json lets pass: repeated keys, keys that
// differ only in case, deep nesting, and anything after the first value. It
// returns all keys there are.
func checkJSON(body []byte) (keys []string, err error) {
	d := json.NewDecoder(bytes.NewReader(body))
	type level struct {
		object bool
		key    bool // the next string is a key
		seen   map[string]bool
	}
	var stack []level
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return keys, nil
		}
		if err != nil {
			return nil, jsonError(err)
		}
		top := len(stack) - 1
		if s, ok := t.(string); ok && top >= 0 && stack[top].object && stack[top].key {
			k := strings.ToLower(s)
			if stack[top].seen[k] {
				return nil, invalidBody(s, "repeated_field", "This field is there twice.")
			}
			stack[top].seen[k] = true
			keys = append(keys, s)
			stack[top].key = false
			continue
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			if len(stack) == jsonDepth {
				return nil, invalidBody("", "depth", "The body is nested too deeply.")
			}
			l := level{object: t == json.Delim('{'), key: true}
			if l.object {
				l.seen = map[string]bool{}
			}
			stack = append(stack, l)
			continue
		case json.Delim('}'), json.Delim(']'):
			stack = stack[:top]
			top--
		}
		if top < 0 {
			if d.More() || len(bytes.TrimSpace(body[d.InputOffset():])) > 0 {
				return nil, invalidBody("", "json", "There is something after the first JSON object.")
			}
			return keys, nil
		}
		stack[top].key = true
	}
}
