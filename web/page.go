package web

import (
	"html/template"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// Page is what templates see: the reader's language and clock, who reads, and
// the data of the page.
type Page struct {
	s *Server
	// Name is the template's, Path the request's path, Lang the language.
	Name, Path, Lang string
	Actor            alerts.Actor
	Now              time.Time
	Zone             *time.Location
	// Key is a fresh idempotency key for the page's forms.
	Key  string
	Data any
	// query is what the page was asked for with, address the page that a link
	// in another language leads to.
	query   url.Values
	address string
}

func (s *Server) page(c *fiber.Ctx, name string, data any) *Page {
	return &Page{
		s: s, Name: name, Path: c.Path(), Lang: s.texts.languageOf(c),
		Actor: actorFrom(c), Now: s.Now(), Zone: s.zone(), Key: incidentID() + incidentID()[:4], Data: data, query: queryOf(c), address: s.pageAddress(c),
	}
}

// pageAddress is the page that was asked for. What answers a form may have no
// page at its own address: then it is the nearest one above it.
func (s *Server) pageAddress(c *fiber.Ctx) string {
	path := c.Path()
	if c.Method() == fiber.MethodGet {
		return path
	}
	for len(path) > 1 {
		if slices.ContainsFunc(s.addresses, func(pattern string) bool { return fiber.RoutePatternMatch(path, pattern) }) {
			return path
		}
		path = path[:strings.LastIndexByte(path, '/')]
	}
	return "/"
}

// queryOf is the query of the address; one that cannot be read is empty.
func queryOf(c *fiber.Ctx) url.Values {
	q, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return url.Values{}
	}
	return q
}

// zone is the installation's time zone.
func (s *Server) zone() *time.Location {
	if l, err := time.LoadLocation("Europe/Belgrade"); err == nil {
		return l
	}
	return time.UTC
}

// T returns a text; args are pairs of placeholder and value.
func (p *Page) T(key string, args ...any) string {
	data, err := dict(args...)
	if err != nil {
		return key
	}
	return p.s.texts.text(p.Lang, key, data, nil)
}

// N returns a text with the right plural for a count, which is also the
// placeholder Count.
func (p *Page) N(key string, count int, args ...any) string {
	data, err := dict(args...)
	if err != nil {
		return key
	}
	data["Count"] = p.Number(count)
	return p.s.texts.text(p.Lang, key, data, count)
}

// TOr returns a text, or a fallback where the catalogue has none.
func (p *Page) TOr(key, fallback string) string {
	if p.s.texts.has(p.Lang, key) {
		return p.T(key)
	}
	return fallback
}

// Field returns a field error in the reader's language: by its code, else its
// plain English message.
func (p *Page) Field(e alerts.FieldError) string { return p.TOr("field."+e.Code, e.Message) }

// PhotoBytes is how large a photo may be.
func (p *Page) PhotoBytes() int { return photoBytes }

// Asset is the address of an embedded file.
func (p *Page) Asset(name string) string { return p.s.assets.url(name) }

// Languages lists the languages of the interface with their own names.
func (p *Page) Languages() []Choice {
	return []Choice{{SerbianLatin, "Srpski"}, {SerbianCyrillic, "Српски"}, {English, "English"}}
}

// Choice is a value with what people call it.
type Choice struct{ Value, Label string }

// Organisation is what the installation is called.
func (p *Page) Organisation() string { return p.s.Config.Name }

// Demo is set in the demonstration.
func (p *Page) Demo() bool { return p.s.Config.Demo != nil }

// Number writes a whole number in the reader's way.
func (p *Page) Number(n int) string {
	sep := "."
	if p.Lang == English {
		sep = ","
	}
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	var parts []string
	for len(digits) > 3 {
		parts = append([]string{digits[len(digits)-3:]}, parts...)
		digits = digits[:len(digits)-3]
	}
	return sign + strings.Join(append([]string{digits}, parts...), sep)
}

// Distance writes metres in m below a kilometre and in km above.
func (p *Page) Distance(metres float64) string {
	if metres < 1000 {
		return p.Number(int(math.Round(metres))) + " m"
	}
	if metres < 10000 {
		out := strconv.FormatFloat(metres/1000, 'f', 1, 64)
		if p.Lang != English {
			out = strings.ReplaceAll(out, ".", ",")
		}
		return out + " km"
	}
	return p.Number(int(math.Round(metres/1000))) + " km"
}

// Date writes a day, such as 21. novembar 2026. or 21 November 2026.
func (p *Page) Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(p.Zone)
	return p.T("date.day", "Day", t.Day(), "Month", p.T("month."+strconv.Itoa(int(t.Month()))), "Year", t.Year())
}

// Day writes a civil date YYYY-MM-DD, or a part of one, as people do.
func (p *Page) Day(s string) string {
	t, err := time.ParseInLocation("2006-01-02", s, p.Zone)
	if err != nil {
		return s
	}
	return p.Date(t)
}

// Clock writes the time of day.
func (p *Page) Clock(t time.Time) string { return t.In(p.Zone).Format("15:04") }

// Time writes an instant as a time element: in words that people use, with the
// exact local time and zone beside it for who asks.
func (p *Page) Time(t time.Time) template.HTML {
	if t.IsZero() {
		return ""
	}
	local := t.In(p.Zone)
	exact := p.Date(t) + " " + local.Format("15:04 MST")
	var b strings.Builder
	b.WriteString(`<time datetime="` + local.Format(time.RFC3339) + `" title="`)
	template.HTMLEscape(&b, []byte(exact))
	b.WriteString(`">`)
	template.HTMLEscape(&b, []byte(p.Ago(t)))
	b.WriteString(`</time>`)
	return template.HTML(b.String()) //nolint:gosec // every part is escaped above
}

// Ago says how long ago or how far ahead, and past three days the date.
func (p *Page) Ago(t time.Time) string {
	d := p.Now.Sub(t)
	key := "ago."
	if d < 0 {
		d, key = -d, "in."
	}
	switch {
	case d < time.Minute:
		return p.T("ago.now")
	case d < time.Hour:
		return p.N(key+"minutes", int(d/time.Minute))
	case d < 24*time.Hour:
		return p.N(key+"hours", int(d/time.Hour))
	case d < 4*24*time.Hour:
		return p.N(key+"days", int(d/(24*time.Hour)))
	}
	return p.Date(t)
}
