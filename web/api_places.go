package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
	"homeward/geo/search"
)

// placesAnswered is how many places the API answers at most.
const placesAnswered = 20

type placesAnswer struct {
	Items []placeFound `json:"items"`
	// More tells that places of the operator's own fit beyond these.
	More bool `json:"more"`
}

// placeFound is a town, or a street or another place of the operator's own.
type placeFound struct {
	Name    string    `json:"name"`
	Kind    string    `json:"kind"`
	Town    string    `json:"town,omitempty"`
	Country string    `json:"country,omitempty"`
	Point   geo.Point `json:"point"`
	Credit  string    `json:"credit,omitempty"`
}

// places answers the towns, streets and other places of a name.
func (s *Server) places(c *fiber.Ctx, _ alerts.Actor) error {
	q := queryIn(c)
	text := q.text("q")
	if text == "" {
		q.Add("q", "required", "Write what to look for.")
	}
	if err := q.Err(); err != nil {
		return err
	}
	found, more := s.Gazetteer.Answers(s.Own, text, s.texts.languageOf(c), geo.At(homeLon, homeLat), placesAnswered)
	out := placesAnswer{Items: []placeFound{}, More: more}
	for _, p := range found {
		out.Items = append(out.Items, answered(p))
	}
	return c.JSON(out)
}

func answered(p search.Answer) placeFound {
	return placeFound{Name: p.Name, Kind: p.Kind, Town: p.Town, Country: p.Country, Point: p.Point, Credit: p.Credit}
}
