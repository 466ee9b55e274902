package web

import (
	"encoding/xml"
	"maps"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/alerts/cap"
)

// atomFeed is a feed of the appeals that are public now, as RFC 4287 has it.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  atomAuthor  `xml:"author"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	Lang      string     `xml:"http://www.w3.org/XML/1998/namespace lang,attr,omitempty"`
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Updated   string     `xml:"updated"`
	Published string     `xml:"published"`
	Summary   string     `xml:"summary"`
	Links     []atomLink `xml:"link"`
}

func (s *Server) atomFeed(c *fiber.Ctx, _ alerts.Actor) error {
	origin := s.origin(c)
	f := atomFeed{
		ID: origin + apiPrefix + "/feeds/alerts.atom", Title: s.Config.Name, Author: atomAuthor{s.Config.Name},
		Updated: s.feedUpdated().Format(time.RFC3339),
		Links:   []atomLink{{"self", "application/atom+xml", origin + apiPrefix + "/feeds/alerts.atom"}, {"alternate", "text/html", origin + "/"}},
	}
	for _, al := range s.Alerts.Board.PublicAlerts() {
		v, _, err := s.appeal(al.Slug)
		if err == nil {
			f.Entries = append(f.Entries, atomEntryOf(al, v, origin, c.Query("lang")))
		}
	}
	b, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/atom+xml; charset=utf-8")
	return c.Send(append([]byte(xml.Header), b...))
}

// feedUpdated is when an appeal last came out, changed or ended.
func (s *Server) feedUpdated() time.Time {
	last := time.Unix(0, 0).UTC()
	s.Alerts.Board.EachAlert(func(al *alerts.Alert) bool {
		if !everPublic(al) {
			return true
		}
		at := al.Current().Sent
		if al.Ending != nil {
			at = al.Ending.At
		}
		if at.After(last) {
			last = at.UTC()
		}
		return true
	})
	return last
}

func atomEntryOf(al *alerts.Alert, v alerts.AppealView, origin, lang string) atomEntry {
	text, ok := v.Texts[lang]
	if !ok {
		lang = slices.Sorted(maps.Keys(v.Texts))[0]
		text = v.Texts[lang]
	}
	e := atomEntry{
		Lang: lang, ID: origin + "/appeals/" + v.Slug, Title: text.Headline, Summary: text.Description,
		Updated: v.ReleasedAt.UTC().Format(time.RFC3339),
		Links: []atomLink{
			{"alternate", "text/html", origin + "/appeals/" + v.Slug},
			{"alternate", cap.MIMEType, origin + alertAddress(al.ID) + "/cap.xml"},
		},
	}
	e.Published = e.Updated
	for i := range al.Revisions {
		if r := &al.Revisions[i]; r.Level.IsPublic() {
			e.Published = r.Sent.UTC().Format(time.RFC3339)
			break
		}
	}
	return e
}
