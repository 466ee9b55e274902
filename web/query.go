package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// query reads the parameters of a list and notes every wrong one.
type query struct {
	values url.Values
	alerts.Fields
}

// knownQuery refuses parameters that a route does not take, and those that are
// there twice but are no lists: a filter that is passed over in silence shows
// what nobody asked for.
func knownQuery(c *fiber.Ctx, names []string) error {
	values, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return badRequest("", "query", "The part of the address after ? cannot be read.")
	}
	var f alerts.Fields
	for name, all := range values {
		switch {
		case !slices.Contains(names, name):
			f.Add(name, "unknown_parameter", "There is no such parameter here.")
		case len(all) > 1 && name != "state":
			f.Add(name, "repeated_parameter", "This parameter is there twice.")
		}
	}
	if len(f) == 0 {
		return nil
	}
	slices.SortFunc(f, func(x, y alerts.FieldError) int { return strings.Compare(x.Field, y.Field) })
	return &alerts.Error{Code: alerts.Malformed, Message: "The address has parameters that cannot be used.", Fields: f}
}

func badRequest(field, code, message string) error {
	f := []alerts.FieldError{{Field: field, Code: code, Message: message}}
	return &alerts.Error{Code: alerts.Malformed, Message: message, Fields: f}
}

func queryIn(c *fiber.Ctx) *query { return &query{values: queryOf(c)} }

func (q *query) text(name string) string { return q.values.Get(name) }

// list reads a parameter that is repeated or has commas.
func (q *query) list(name string) []string {
	var out []string
	for _, v := range q.values[name] {
		for _, part := range strings.Split(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// one checks a parameter that has a fixed list of values.
func (q *query) one(name string, allowed []string) string {
	v := q.text(name)
	if v != "" && !slices.Contains(allowed, v) {
		q.Add(name, "unknown_value", "Use one of: "+strings.Join(allowed, ", ")+".")
	}
	return v
}

func (q *query) time(name string) time.Time {
	v := q.text(name)
	if v == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, v)
	if err != nil {
		q.Add(name, "not_a_time", "Write a time with its offset, such as 2026-05-02T14:30:00+02:00; a + is written %2B.")
	}
	return t
}

func (q *query) day(name string) string {
	v := q.text(name)
	if _, err := time.Parse(time.DateOnly, v); v != "" && err != nil {
		q.Add(name, "not_a_date", "Write a date such as 2026-05-02.")
	}
	return v
}

func (q *query) flag(name string) bool {
	switch v := q.text(name); v {
	case "", "false":
		return false
	case "true":
		return true
	}
	q.Add(name, "unknown_value", "Use true or false.")
	return false
}

// page reads the parameters that every list has. A list gives no more than its
// most, whatever limit is asked for.
func (q *query) page() (cursor string, limit int) {
	if v := q.text("limit"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			q.Add("limit", "out_of_range", "Write how many to give, 1 or more.")
		}
		limit = n
	}
	return q.text("cursor"), limit
}

// words are values of a named string type as plain strings.
func words[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// named turns plain strings into a named string type.
func named[T ~string](values []string) []T {
	out := make([]T, len(values))
	for i, v := range values {
		out[i] = T(v)
	}
	return out
}
