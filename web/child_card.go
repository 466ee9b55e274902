package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type childCardData struct {
	Fields []cardField
	Sexes  []string
}

// cardField is one field of a child's card. Names are those of the card's form,
// version 1; labels and hints are keys of the catalogue.
type cardField struct {
	Name, Label, Hint, Class string
	Max, Rows                int
}

func cardFields() []cardField {
	return []cardField{
		{Name: "given", Label: "label.given", Max: 100},
		{Name: "family", Label: "label.family", Max: 100},
		{Name: "birth_date", Label: "label.birth_date", Hint: "case.birth_hint", Class: "short", Max: 10},
		{Name: "height_cm", Label: "case.height_cm", Class: "short", Max: 3},
		{Name: "hair", Label: "label.hair", Max: 100},
		{Name: "eyes", Label: "label.eyes", Max: 100},
		{Name: "marks", Label: "label.marks", Rows: 2},
		{Name: "languages", Label: "card.languages", Max: 200},
		{Name: "needs", Label: "card.needs", Hint: "card.needs_hint", Rows: 2},
		{Name: "home", Label: "card.home", Max: 200},
		{Name: "contacts", Label: "card.contacts", Hint: "card.contacts_hint", Rows: 3},
	}
}

// childCardPage is where a parent makes a child's card. The page is all that
// the server gives: what is typed never comes back here.
func (s *Server) childCardPage(c *fiber.Ctx, _ alerts.Actor) error {
	return s.render(c, layoutPublic, "child_card", childCardData{cardFields(), alerts.Sexes()})
}
