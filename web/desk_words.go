package web

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"homeward/alerts"
	"homeward/geo"
	"homeward/geo/script"
)

// AccountName is what an account is called on screen.
func (p *Page) AccountName(id string) string {
	switch id {
	case "":
		return ""
	case "public", "system":
		return p.Word("role", id)
	}
	if acc, ok := p.s.Alerts.Board.Account(id); ok && acc.Name != "" {
		return acc.Name
	}
	return p.T("desk.somebody")
}

// ChildName is the whole name that a child is called by, as far as the reader
// sees it.
func (p *Page) ChildName(c alerts.ChildView) string {
	best := ""
	for _, n := range c.Names {
		if best == "" || n.Kind == "used" {
			best = wholeName(n)
		}
	}
	switch {
	case best != "":
		return best
	case c.FirstName != "":
		return c.FirstName
	}
	return p.T("desk.unnamed")
}

func wholeName(n alerts.Name) string { return strings.TrimSpace(n.Given + " " + n.Family) }

// WholeName is a name as one line.
func (p *Page) WholeName(n alerts.Name) string { return wholeName(n) }

// serbianLatin are the letters of Serbian in Latin script.
const serbianLatin = "abcčćdđefghijklmnoprsštuvzž"

// OtherScript is a name in the other of the two Serbian scripts, empty where it
// would not come out as people write it.
func (p *Page) OtherScript(name string) string {
	if strings.IndexFunc(name, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) >= 0 {
		return script.ToLatin(name)
	}
	foreign := func(r rune) bool {
		return unicode.IsLetter(r) && !strings.ContainsRune(serbianLatin, unicode.ToLower(r))
	}
	if name == "" || strings.ContainsFunc(name, foreign) {
		return ""
	}
	return script.ToCyrillic(name)
}

// scriptOf names the script that a name is written in.
func scriptOf(name string) string {
	tables := []struct {
		code string
		of   *unicode.RangeTable
	}{{"Latn", unicode.Latin}, {"Cyrl", unicode.Cyrillic}, {"Grek", unicode.Greek}, {"Arab", unicode.Arabic}}
	for _, r := range name {
		for _, t := range tables {
			if unicode.Is(t.of, r) {
				return t.code
			}
		}
	}
	return ""
}

// Age is how old somebody is now, from a birth date as far as it is known.
func (p *Page) Age(birth string) string {
	born, err := time.Parse("2006-01-02", birth)
	about := ""
	if err != nil {
		if len(birth) < 4 {
			return ""
		}
		if born, err = time.Parse("2006-01", birth); err != nil {
			if born, err = time.Parse("2006", birth); err != nil {
				return ""
			}
			born, about = born.AddDate(0, 6, 0), p.T("desk.about")+" "
		}
	}
	now := p.Now.In(p.Zone)
	months := (now.Year()-born.Year())*12 + int(now.Month()) - int(born.Month())
	if now.Day() < born.Day() {
		months--
	}
	switch {
	case months < 0:
		return ""
	case months < 24:
		return about + p.N("desk.months", months)
	}
	return about + p.N("desk.years", months/12)
}

// Near says in words where a point is: the nearest town and how far it is.
func (p *Page) Near(at *geo.Point) string {
	if at == nil {
		return ""
	}
	place, metres, ok := p.s.Gazetteer.Nearest(*at)
	if !ok {
		return p.Coordinates(at)
	}
	name := place.In(p.Lang)
	if metres < 2500 {
		return name
	}
	return p.T("desk.near", "Distance", p.Distance(metres), "Place", name)
}

// Coordinates writes a point as people read it aloud: latitude, longitude.
func (p *Page) Coordinates(at *geo.Point) string {
	if at == nil {
		return ""
	}
	return strconv.FormatFloat(at.Lat(), 'f', 4, 64) + ", " + strconv.FormatFloat(at.Lon(), 'f', 4, 64)
}

// Away is how far two points are from each other; empty without both.
func (p *Page) Away(a, b *geo.Point) string {
	if a == nil || b == nil {
		return ""
	}
	return p.Distance(geo.Distance(*a, *b))
}

// Short is the beginning of a text, on one line.
func (p *Page) Short(s string, runes int) string {
	s = strings.Join(strings.Fields(s), " ")
	r := []rune(s)
	if len(r) <= runes {
		return s
	}
	return strings.TrimSpace(string(r[:runes])) + "…"
}

// Overdue tells whether an instant has passed.
func (p *Page) Overdue(t time.Time) bool { return !t.IsZero() && t.Before(p.Now) }

// Exact writes an instant as day and time of day.
func (p *Page) Exact(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return p.Date(t) + " " + p.Clock(t)
}

// Span writes minutes as an uncertainty, such as ± 2 h.
func (p *Page) Span(minutes int) string {
	switch {
	case minutes <= 0:
		return ""
	case minutes < 60:
		return "± " + p.Number(minutes) + " min"
	case minutes < 48*60:
		return "± " + p.Number((minutes+30)/60) + " h"
	}
	return "± " + p.N("desk.days", minutes/(24*60))
}

// AgeOf is how old a child of a case is; empty when nobody knows.
func (p *Page) AgeOf(c alerts.ChildView) string { return p.Age(c.BirthDate) }

// PhotoAge says how old a photo is, from the day it was taken.
func (p *Page) PhotoAge(taken string) string {
	if age := p.Age(taken); age != "" {
		return p.T("case.photo_old", "Age", age)
	}
	return ""
}

// AgeOnPhoto says how old the child is on a photo, and how old today; empty when
// nobody knows.
func (p *Page) AgeOnPhoto(c alerts.CaseView, v alerts.PhotoView) string {
	for _, child := range c.Children {
		if child.ID != v.Child && (v.Child != "" || len(c.Children) > 1) {
			continue
		}
		years, about, ok := alerts.AgeOn(child.BirthDate, v.TakenOn)
		if !ok {
			return ""
		}
		key := "photo.age_then"
		if about {
			key = "photo.age_then_about"
		}
		return p.N(key, years, "Today", p.Age(child.BirthDate))
	}
	return ""
}
