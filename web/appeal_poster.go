package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/alerts/poster"
	"homeward/geo/script"
)

// paperKind is one form in which an appeal can be passed on: its file, its
// words, and the way that its code stands for.
type paperKind struct{ file, key, source string }

func paperKinds() []paperKind {
	return []paperKind{
		{"poster.pdf", "poster.pdf", alerts.SourcePoster},
		{"square.png", "poster.square", alerts.SourcePicture},
		{"portrait.png", "poster.portrait", alerts.SourcePicture},
	}
}

// paperLink is a poster or share image to fetch.
type paperLink struct{ Href, Key string }

func (s *Server) paperLinks(a appealNow, k shownKey, p *Page) []paperLink {
	c := s.posterContent(p, a, k)
	if !c.CanSet() {
		return nil
	}
	var out []paperLink
	for _, kind := range paperKinds() {
		out = append(out, paperLink{"/appeals/" + a.Slug + "/" + kind.file + "?lang=" + k.text, kind.key})
	}
	return out
}

// appealPaper answers a poster or a share image of an appeal that is out.
// What the public fetches is counted; the desk's own copies are noted apart.
func (s *Server) appealPaper(c *fiber.Ctx, _ alerts.Actor) error {
	file := c.Path()[strings.LastIndexByte(c.Path(), '/')+1:]
	if err := s.drawPaper(c, file); err != nil {
		return err
	}
	// A page that says the search is over, or that nothing is new, is no copy. Who
	// carries a session is not the public; whose it is is not looked up here.
	fetched := c.Method() == fiber.MethodGet && len(c.Response().Header.Peek(fiber.HeaderContentDisposition)) > 0
	signedIn := bearerOf(c) != "" || c.Cookies(s.sessionCookie()) != ""
	if al, _, err := s.appealDocuments(c.Params("slug")); fetched && !signedIn && err == nil {
		s.Partners.PaperTaken(al, file)
	}
	return nil
}

func (s *Server) drawPaper(c *fiber.Ctx, file string) error {
	return s.show(c, file, &s.shown.pictures, func(c *fiber.Ctx, a appealNow, k shownKey) (shown, error) {
		photo, err := s.smallPhoto(c, a)
		if err != nil {
			return shown{}, err
		}
		content := s.posterContent(s.openPage(c, "", k), a, k)
		content.Photo = photo
		if s.Config.Demo != nil {
			content.Mark = s.texts.text(frameOf(k), "poster.demo", nil, nil)
		}
		return drawn(file, content)
	})
}

// drawn draws one form of a poster.
func drawn(file string, c poster.Content) (shown, error) {
	if !c.CanSet() {
		return shown{}, alerts.Errorf(alerts.NotFound, "There is no poster in this script.")
	}
	e := shown{status: fiber.StatusOK, kind: "image/png", name: file}
	var err error
	switch file {
	case "poster.pdf":
		e.kind = "application/pdf"
		e.body, err = poster.PDF(c)
	case "square.png":
		e.body, err = poster.PNG(c, poster.Square())
	default:
		e.body, err = poster.PNG(c, poster.Portrait())
	}
	return e, err
}

// frameOf is the language of a poster's own words: that of its text where the
// program speaks it, else English.
func frameOf(k shownKey) string {
	if slices.Contains(languages(), k.text) {
		return k.text
	}
	return English
}

// posterContent words a poster. It holds what the page holds and no more.
func (s *Server) posterContent(of *Page, a appealNow, k shownKey) poster.Content {
	p := *of
	p.Lang = frameOf(k)
	card := s.appealCardIn(a.AppealView, p.Lang, k.text)
	c := poster.Content{
		Lang: k.text, Missing: p.T("poster.missing"), Headline: card.Text.Headline, Description: card.Text.Description, Instruction: card.Text.Instruction,
		Call: p.T("poster.call"), Scan: p.T("poster.scan"), At: a.ReleasedAt,
		Until: p.T("poster.until", "Day", p.Date(a.ExpiresAt)), From: p.Organisation() + " · " + p.T("poster.number", "Number", a.CaseNumber),
	}
	for _, child := range a.Children {
		c.Who = append(c.Who, p.childLine(child))
		c.Facts = append(c.Facts, p.lookFor(child.Description)...)
	}
	if len(a.Children) > 1 {
		c.Missing = p.T("poster.missing_many")
	}
	if taken := p.taken(photoTaken(a.of, a.PhotoID)); a.PhotoID != "" && taken != "" {
		c.PhotoNote = p.T("appeal.photo_from", "When", taken)
	}
	c.Seen = p.lastSeen(card)
	page := k.origin + "/appeals/" + a.Slug
	c.Address = page[strings.Index(page, "://")+len("://"):]
	c.Link = page + "?s=" + s.Alerts.Ring.SourceToken(k.alert, sourceOfPaper(k.what))
	c.Numbers = s.numbers(&p, a)
	return c
}

func sourceOfPaper(what string) string {
	for _, kind := range paperKinds() {
		if strings.HasSuffix(what, kind.file) {
			return kind.source
		}
	}
	return alerts.SourcePoster
}

// childLine names a child by what is public of the name and the age.
func (p *Page) childLine(c alerts.AppealChild) string {
	name := p.NameIn(c.Name)
	if name == "" {
		name = p.T("appeal.child")
	}
	if c.AgeBand == "" {
		return name
	}
	return name + ", " + p.Word("age", c.AgeBand)
}

// NameIn writes a first name in the reader's script. The spelling is derived for
// the eye only; a name with letters that Serbian does not have stays as it is.
func (p *Page) NameIn(name string) string {
	switch {
	case p.Lang == SerbianLatin || p.Lang == English:
		return script.ToLatin(name)
	case p.Lang == SerbianCyrillic && !strings.ContainsAny(strings.ToLower(name), "qwxyáéíóúäöüßàèçñăâîșțłńśźż"):
		return script.ToCyrillic(name)
	}
	return name
}

func (p *Page) lastSeen(card appealCard) string {
	var parts []string
	if d := card.LastSeen; d != nil {
		parts = append(parts, p.T("poster.seen", "Day", p.Day(d.Date), "Part", p.Word("part", d.Part)))
	}
	if card.Near != "" {
		parts = append(parts, p.T("appeal.near", "Place", card.Near))
	}
	return strings.Join(parts, ", ")
}

// lookFor lists what is known of a child's looks.
func (p *Page) lookFor(d *alerts.Description) []poster.Fact {
	if d == nil {
		return nil
	}
	var out []poster.Fact
	add := func(key, value string) {
		if value != "" {
			out = append(out, poster.Fact{Name: p.T(key), Value: value})
		}
	}
	if d.HeightCM > 0 {
		add("label.height_cm", strconv.Itoa(d.HeightCM)+" cm")
	}
	add("label.build", d.Build)
	add("label.hair", d.Hair)
	add("label.eyes", d.Eyes)
	add("label.marks", d.Marks)
	add("label.clothing", d.Clothing)
	add("appeal.other", d.Other)
	return out
}

// numbers are whom to call where the appeal is out.
func (s *Server) numbers(p *Page, a appealNow) []poster.Number {
	country := ""
	for _, region := range a.Area.Regions {
		country, _, _ = strings.Cut(region, "-")
		break
	}
	if country == "" && a.Area.Place != nil {
		country = s.Regions.Country(*a.Area.Place)
	}
	lines, err := poster.Lines(country)
	if err != nil {
		s.Log.Error("read the telephone numbers of posters", "error", err)
	}
	var out []poster.Number
	for _, l := range lines {
		out = append(out, poster.Number{Number: l.Number, Name: p.T("poster." + l.Kind)})
	}
	return out
}
