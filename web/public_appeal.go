package web

import (
	"html/template"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type appealData struct {
	Card appealCard
	// Address is the page's full address, for sharing, and Share what to say
	// with it.
	Address, Share string
	// Source is the token that the reader came with, handed on to the report.
	Source string
	// Links share the page by other programs.
	Links []shareLink
	// Texts are the other languages that the appeal is written in.
	Texts []Choice
	// Papers are posters and share images.
	Papers []paperLink
	// Taken is when the photo was taken, to the month; "" when nobody knows.
	Taken string
	// Photo is the photo's address.
	Photo string
	// Preview is set on the desk, before the appeal is out.
	Preview bool
}

type shareLink struct {
	Key string
	// Href is built here: templates let only web addresses through.
	Href template.URL
}

// appealPage shows an appeal. Once the search has ended the page says only
// that: no name, no photo.
func (s *Server) appealPage(c *fiber.Ctx, _ alerts.Actor) error {
	return s.show(c, "page", &s.shown.pages, func(c *fiber.Ctx, a appealNow, k shownKey) (shown, error) {
		p := s.openPage(c, "appeal", k)
		p.Data = s.appealData(a, k, p)
		return s.shownPage("appeal", fiber.StatusOK, p)
	})
}

// openPage is the page of something that everybody sees alike: of the request
// it knows nothing but what is in the key.
func (s *Server) openPage(c *fiber.Ctx, name string, k shownKey) *Page {
	p := &Page{s: s, Name: name, Path: c.Path(), Lang: k.lang, Actor: alerts.Public(), Now: s.Now(), Zone: s.zone(), query: url.Values{}}
	if k.source != "" {
		p.query.Set("s", s.Alerts.Ring.SourceToken(k.alert, k.source))
	}
	return p
}

func (s *Server) shownPage(name string, status int, p *Page) (shown, error) {
	out, err := s.pages.execute(layoutPublic, p)
	if err != nil {
		return shown{}, err
	}
	return shown{status: status, kind: fiber.MIMETextHTMLCharsetUTF8, body: out}, nil
}

func (s *Server) endedPage(c *fiber.Ctx, k shownKey) (shown, error) {
	p := s.openPage(c, "appeal_ended", k)
	p.query = url.Values{}
	return s.shownPage("appeal_ended", fiber.StatusGone, p)
}

func (s *Server) appealData(a appealNow, k shownKey, p *Page) appealData {
	d := appealData{Card: s.appealCardIn(a.AppealView, k.lang, k.text), Photo: "/appeals/" + a.Slug + "/photo"}
	if k.source != "" {
		d.Source = s.Alerts.Ring.SourceToken(k.alert, k.source)
	}
	address := func(source string) string {
		return k.origin + "/appeals/" + a.Slug + "?s=" + s.Alerts.Ring.SourceToken(k.alert, source)
	}
	d.Address = address(alerts.SourcePage)
	d.Share = p.T("appeal.share_text") + " "
	d.Links = shareLinks(d.Share, address, p.T("appeal.share_subject"))
	for _, l := range sortedLanguages(a.Texts) {
		if l != d.Card.TextLang {
			d.Texts = append(d.Texts, Choice{l, ownLanguageName(l)})
		}
	}
	d.Papers = s.paperLinks(a, k, p)
	d.Taken = p.taken(photoTaken(a.of, a.PhotoID))
	return d
}

// shareLinks open a message in another program with the page's address in it,
// and nothing of the child: what is sent cannot be called back.
func shareLinks(text string, address func(source string) string, subject string) []shareLink {
	// Programs on phones show a plus as a plus.
	esc := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	social := esc(text + address(alerts.SourceSocial))
	href := func(s string) template.URL { return template.URL(s) } //nolint:gosec // every part is escaped
	return []shareLink{
		{"appeal.by_viber", href("viber://forward?text=" + social)},
		{"appeal.by_whatsapp", href("https://wa.me/?text=" + social)},
		{"appeal.by_sms", href("sms:?body=" + social)},
		{"appeal.by_email", href("mailto:?subject=" + esc(subject) + "&body=" + esc(text+address(alerts.SourceEmail)))},
	}
}

// appeal returns an appeal and its case by the page's name: NotFound when there
// never was one, Gone when it is over.
func (s *Server) appeal(slug string) (alerts.AppealView, *alerts.Case, error) {
	al, cs, err := s.appealDocuments(slug)
	if err != nil {
		return alerts.AppealView{}, nil, err
	}
	if cs != nil {
		if v, ok := alerts.AppealOf(cs, al, s.Now().In(s.zone())); ok {
			return v, cs, nil
		}
	}
	return alerts.AppealView{}, nil, alerts.Errorf(alerts.Gone, "This search has ended.")
}

// origin is the address that people reach the server at.
func (s *Server) origin(c *fiber.Ctx) string {
	if s.Config.Origin != "" {
		return s.Config.Origin
	}
	scheme := "http://"
	if s.Config.Secure {
		scheme = "https://"
	}
	return scheme + c.Hostname()
}
