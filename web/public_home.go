package web

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// longestHome is how many appeals the first page shows, to stay small.
const longestHome = 24

// nearM is how far beyond its square a place may lie that an appeal is near to.
const nearM = 5_000

// appealCard is an appeal in the reader's language.
type appealCard struct {
	alerts.AppealView
	// Text is the text in the language nearest to the reader's.
	Text     alerts.DraftText
	TextLang string
	// Near is the largest place about the public card's square.
	Near string
}

type homeData struct {
	Appeals []appealCard
	More    int
}

func (s *Server) homePage(c *fiber.Ctx, _ alerts.Actor) error {
	var d homeData
	now, lang := s.Now().In(s.zone()), s.texts.languageOf(c)
	for _, al := range s.Alerts.Board.PublicAlerts() {
		cs, ok := s.Alerts.Board.Case(al.CaseID)
		if !ok {
			continue
		}
		if v, ok := alerts.AppealOf(cs, al, now); ok {
			d.Appeals = append(d.Appeals, s.appealCard(v, lang))
		}
	}
	slices.SortFunc(d.Appeals, func(a, b appealCard) int { return b.ReleasedAt.Compare(a.ReleasedAt) })
	if d.More = len(d.Appeals) - longestHome; d.More > 0 {
		d.Appeals = d.Appeals[:longestHome]
	}
	return s.render(c, layoutPublic, "home", d)
}

func (s *Server) appealCard(v alerts.AppealView, lang string) appealCard {
	return s.appealCardIn(v, lang, nearestLanguage(v.Texts, lang))
}

// appealCardIn is an appeal in one of the languages that it is written in; lang
// is for the names of places.
func (s *Server) appealCardIn(v alerts.AppealView, lang, text string) appealCard {
	card := appealCard{AppealView: v, TextLang: text}
	card.Text = v.Texts[text]
	if v.Area.Place != nil {
		if p, ok := s.Gazetteer.Largest(*v.Area.Place, nearM+v.Area.RadiusM); ok {
			card.Near = p.In(lang)
		}
	}
	return card
}

// nearestLanguage chooses among the languages of a text: the reader's own, the
// same language in another script, English, or whatever there is.
func nearestLanguage[T any](texts map[string]T, lang string) string {
	base := func(l string) string { b, _, _ := strings.Cut(l, "-"); return b }
	rank := func(l string) int {
		switch {
		case strings.EqualFold(l, lang):
			return 0
		case strings.EqualFold(base(l), base(lang)):
			return 1
		case base(l) == English:
			return 2
		}
		return 3
	}
	best := ""
	for l := range texts {
		if best == "" || cmp.Or(cmp.Compare(rank(l), rank(best)), strings.Compare(l, best)) < 0 {
			best = l
		}
	}
	return best
}
