package web

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"homeward/alerts"
)

// textLanguage chooses the language of an appeal's text: the one asked for in
// the address, else the first that the browser wants and the appeal has, else
// the one nearest to the frame's. An appeal may speak languages that the
// program itself does not.
func (s *Server) textLanguage(c *fiber.Ctx, al *alerts.Alert, frame string) string {
	r := al.Current()
	if r == nil {
		return ""
	}
	texts := make(map[string]bool, len(r.Texts))
	for i := range r.Texts {
		texts[r.Texts[i].Language] = true
	}
	asked := c.Query("lang")
	if texts[asked] {
		return asked
	}
	if asked != frame && c.Cookies(languageCookie) != frame {
		wanted, _, err := language.ParseAcceptLanguage(c.Get(fiber.HeaderAcceptLanguage))
		for i := 0; err == nil && i < len(wanted); i++ {
			base, _ := wanted[i].Base()
			if inFrame(base.String()) {
				break // in which script is a question of the frame's
			}
			if sameLanguage(texts, wanted[i].String()) {
				return nearestLanguage(texts, wanted[i].String())
			}
		}
	}
	return nearestLanguage(texts, frame)
}

// inFrame tells whether the program speaks a language, or one that its readers
// are served instead.
func inFrame(base string) bool {
	return slices.Contains([]string{"en", "sr", "cnr", "sh", "bs"}, base)
}

func sameLanguage(texts map[string]bool, tag string) bool {
	base, _, _ := strings.Cut(tag, "-")
	for l := range texts {
		if b, _, _ := strings.Cut(l, "-"); strings.EqualFold(b, base) {
			return true
		}
	}
	return false
}

// ownLanguageName is what those who read a language call it.
func ownLanguageName(tag string) string {
	switch tag {
	case SerbianLatin:
		return "Srpski"
	case SerbianCyrillic:
		return "Српски"
	}
	t, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	name := display.Self.Name(t)
	if name == "" {
		return tag
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

// photoTaken is when a photo of a case was taken, as far as it is known.
func photoTaken(c *alerts.Case, id string) string {
	if c == nil || id == "" {
		return ""
	}
	for i := range c.Photos {
		if c.Photos[i].ID == id {
			return c.Photos[i].TakenOn
		}
	}
	return ""
}

// taken words when a photo was taken, to the month: "May 2025".
func (p *Page) taken(on string) string {
	parts := strings.Split(on, "-")
	if len(parts) < 2 {
		return on
	}
	m, err := strconv.Atoi(parts[1])
	if err != nil || m < 1 || m > 12 {
		return parts[0]
	}
	return p.T("date.month", "Month", p.T("month."+strconv.Itoa(m)), "Year", parts[0])
}
