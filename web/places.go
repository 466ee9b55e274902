package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"homeward/geo/search"
)

// placeLabel is a place's name, with the town that a street lies in.
func placeLabel(p search.Answer) string {
	if p.Town == "" || p.Town == p.Name {
		return p.Name
	}
	return p.Name + ", " + p.Town
}

// kindOfPlace says what a place of the operator's own is; "" for a town and for
// what has no kind of its own.
func (s *Server) kindOfPlace(c *fiber.Ctx, p search.Answer) string {
	if p.Kind == search.KindTown || p.Kind == search.KindOther {
		return ""
	}
	return s.page(c, "", nil).Word("place_kind", p.Kind)
}

// creditsOf is whom to thank for places, each once.
func creditsOf(answers []search.Answer) []string {
	var out []string
	for _, a := range answers {
		if a.Credit != "" && !slices.Contains(out, a.Credit) {
			out = append(out, a.Credit)
		}
	}
	return out
}

// credit keeps whom to thank for a place that a field found.
func (f *Form) credit(name string, p search.Answer) {
	var credits []string
	if old := f.Found(name); old != nil {
		credits = old.Credits
	}
	for _, c := range creditsOf([]search.Answer{p}) {
		if !slices.Contains(credits, c) {
			credits = append(credits, c)
		}
	}
	f.SetFound(name, Found{Credits: credits})
}

// PlaceSearch labels the search of a place by name: with streets where the
// operator has imported some.
func (p *Page) PlaceSearch() string {
	if p.s.Own.Len() > 0 {
		return p.T("place.search_streets")
	}
	return p.T("place.search")
}
