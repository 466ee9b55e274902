package web

import (
	"encoding/xml"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/alerts/cap"
)

// atomFeed is a feed of the appeals that are public now, as RFC 4287 has it. It
// links and never embeds: what a reader keeps of it says nothing of a child. What
// has been replaced or has ended stands in it as deleted, as RFC 6721 has it.
type atomFeed struct {
	XMLName xml.Name      `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string        `xml:"http://www.w3.org/XML/1998/namespace lang,attr,omitempty"`
	ID      string        `xml:"id"`
	Title   string        `xml:"title"`
	Updated string        `xml:"updated"`
	Author  atomAuthor    `xml:"author"`
	Links   []atomLink    `xml:"link"`
	Entries []atomEntry   `xml:"entry"`
	Deleted []atomDeleted `xml:"http://purl.org/atompub/tombstones/1.0 deleted-entry"`
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
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Updated   string     `xml:"updated"`
	Published string     `xml:"published"`
	Summary   string     `xml:"summary"`
	Links     []atomLink `xml:"link"`
}

type atomDeleted struct {
	Ref  string `xml:"ref,attr"`
	When string `xml:"when,attr"`
}

// tombstonesFor is how long the feed says what is gone.
const tombstonesFor = 14 * 24 * time.Hour

func (s *Server) atomFeed(c *fiber.Ctx, _ alerts.Actor) error {
	origin, lang := s.origin(c), s.texts.languageOf(c)
	self := origin + apiPrefix + "/feeds/alerts.atom"
	f := atomFeed{
		Lang: lang, ID: self, Title: s.Config.Name, Author: atomAuthor{s.Config.Name},
		Updated: s.feedUpdated().Format(time.RFC3339),
		Links:   []atomLink{{"self", "application/atom+xml", self}, {"alternate", "text/html", origin + "/"}},
	}
	for _, al := range s.Alerts.Board.PublicAlerts() {
		if v, _, err := s.appeal(al.Slug); err == nil {
			f.Entries = append(f.Entries, s.atomEntryOf(al, v, origin, lang))
		}
	}
	f.Deleted = s.atomDeleted()
	b, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/atom+xml; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, shownControl)
	c.Vary(fiber.HeaderAcceptLanguage, fiber.HeaderCookie)
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

// atomID names one revision of an alert for ever: CAP identifiers of two senders
// may be the same.
func atomID(al *alerts.Alert, r *alerts.Revision) string {
	domain := al.Sender[strings.LastIndexByte(al.Sender, '@')+1:]
	return "tag:" + domain + "," + r.Sent.UTC().Format(time.DateOnly) + ":" + r.Identifier
}

// atomEntryOf is one entry: which case, and where to look. Every revision is an
// entry of its own.
func (s *Server) atomEntryOf(al *alerts.Alert, v alerts.AppealView, origin, lang string) atomEntry {
	r := al.Current()
	at := r.Sent.UTC().Format(time.RFC3339)
	page := origin + "/appeals/" + v.Slug + "?s=" + s.Alerts.Ring.SourceToken(al.ID, alerts.SourceFeed)
	return atomEntry{
		ID: atomID(al, r), Updated: at, Published: at,
		Title:   s.texts.text(lang, "feed.title", map[string]any{"Number": v.CaseNumber}, nil),
		Summary: s.texts.text(lang, "feed.summary", nil, nil),
		Links: []atomLink{
			{"alternate", "text/html", page},
			{"alternate", cap.MIMEType, origin + alertAddress(al.ID) + "/cap.xml"},
		},
	}
}

// atomDeleted names what readers of the feed may still have and should remove.
func (s *Server) atomDeleted() []atomDeleted {
	since := s.Now().Add(-tombstonesFor)
	var out []atomDeleted
	s.Alerts.Board.EachAlert(func(al *alerts.Alert) bool {
		for i := range al.Revisions {
			r := &al.Revisions[i]
			gone, ok := goneAt(al, i)
			if ok && r.Level.IsPublic() && gone.After(since) {
				out = append(out, atomDeleted{atomID(al, r), gone.UTC().Format(time.RFC3339)})
			}
		}
		return true
	})
	return out
}

// goneAt is when a revision was replaced or ended, false while it stands.
func goneAt(al *alerts.Alert, i int) (time.Time, bool) {
	if i+1 < len(al.Revisions) {
		return al.Revisions[i+1].Sent, true
	}
	if al.Ending != nil {
		return al.Ending.At, true
	}
	return time.Time{}, false
}
