package partners

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"homeward/alerts"
	"homeward/partners/abduction"
)

// The longest texts, in characters.
const (
	lineLength = 200
	textLength = 8000
)

// clockSkew is how far ahead of ours a caller's clock may be.
const clockSkew = 5 * time.Minute

// checker collects the wrong fields of one input.
type checker struct {
	alerts.Fields
	zone  *time.Location
	now   time.Time
	today abduction.Date
}

func newChecker(now time.Time, zone *time.Location) *checker {
	return &checker{zone: zone, now: now, today: abduction.DateOf(now, zone)}
}

func (c *checker) oneOf(field, s string, allowed []string) {
	for _, a := range allowed {
		if s == a {
			return
		}
	}
	if s == "" {
		c.Add(field, "required", "This is needed.")
		return
	}
	c.Add(field, "unknown_value", "This value is not known. Choose one of: "+strings.Join(allowed, ", ")+".")
}

// line checks a text of one line.
func (c *checker) line(field, s string, required bool) { c.text(field, s, lineLength, required) }

func (c *checker) text(field, s string, limit int, required bool) {
	switch {
	case strings.TrimSpace(s) == "":
		if required {
			c.Add(field, "required", "This is needed.")
		}
	case !utf8.ValidString(s):
		c.Add(field, "text", "This is not readable text.")
	case utf8.RuneCountInString(s) > limit:
		c.Add(field, "too_long", "This is too long.")
	case limit == lineLength && strings.ContainsFunc(s, unicode.IsControl):
		c.Add(field, "text", "This must be one line.")
	}
}

// word checks a name for machines, such as a channel: small letters, digits
// and a few signs.
func (c *checker) word(field, s string) {
	if s == "" {
		c.Add(field, "required", "This is needed.")
		return
	}
	if len(s) > 40 || strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("_-+.", r)
	}) {
		c.Add(field, "word", "This must be small letters, digits and _ - + . only.")
	}
}

// country checks that a code is one of a country or territory (ISO 3166-1
// alpha-2, and XK for Kosovo as CLDR has it).
func (c *checker) country(field, s string) {
	if s == "" {
		c.Add(field, "required", "This is needed.")
		return
	}
	if r, err := language.ParseRegion(s); err != nil || r.String() != s || !r.IsCountry() {
		c.Add(field, "country", "This must be a country code of two capitals, such as RS.")
	}
}

// language checks a BCP 47 tag such as sr-Latn.
func (c *checker) language(field, s string) {
	if _, err := language.Parse(s); err != nil || len(s) > 40 {
		c.Add(field, "language", "This must be a language tag such as sr-Latn.")
	}
}

// few bounds the length of a list.
func (c *checker) few(field string, n int) {
	if n > 50 {
		c.Add(field, "too_many", "These are too many.")
	}
}

// date reads a civil date. An instant with its offset is taken as the day it
// falls on. What is not one is noted; nothing is the zero date.
func (c *checker) date(field, s string) abduction.Date {
	if s == "" {
		return abduction.Date{}
	}
	if d, err := abduction.ParseDate(s); err == nil {
		return d
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		if d, err := abduction.ParseDate(abduction.DateOf(t, c.zone).String()); err == nil {
			return d
		}
	}
	c.Add(field, "date", "This must be a date such as 2026-05-02.")
	return abduction.Date{}
}

// past reads a date that must not lie ahead, and returns it as it is stored.
func (c *checker) past(field, s string) abduction.Date {
	d := c.date(field, s)
	if c.today.Before(d) {
		c.Add(field, "future", "This date has not come yet.")
	}
	return d
}

// happened checks an instant that must not lie ahead.
func (c *checker) happened(field string, t time.Time) {
	switch {
	case t.IsZero():
		c.Add(field, "required", "This is needed.")
	case t.After(c.now.Add(clockSkew)):
		c.Add(field, "future", "This time has not come yet.")
	case t.Year() < 1900:
		c.Add(field, "date", "This is too long ago.")
	}
}
