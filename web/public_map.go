package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
)

// Where a search by name begins when nothing else is known: the middle of the
// country that the installation serves.
const homeLon, homeLat = 20.8, 44.0

// placesShown is how many places a search offers.
const placesShown = 6

// mapTile serves the basemap. It is the same for everybody until the program
// changes.
func (s *Server) mapTile(c *fiber.Ctx, _ alerts.Actor) error {
	var at [3]int
	for i, name := range []string{"z", "x", "y"} {
		n, err := strconv.Atoi(c.Params(name))
		if err != nil {
			return fiber.ErrNotFound
		}
		at[i] = n
	}
	if !geo.TileExists(at[0], at[1], at[2]) {
		return fiber.ErrNotFound
	}
	tile := s.Basemap.Tile(at[0], at[1], at[2])
	c.Set(fiber.HeaderCacheControl, "public, max-age=604800")
	if len(tile) == 0 {
		return c.SendStatus(fiber.StatusNoContent)
	}
	c.Set(fiber.HeaderContentType, "application/vnd.mapbox-vector-tile")
	return c.Send(tile)
}

// findPlaces fills a place field with what a search by name gives.
func (s *Server) findPlaces(c *fiber.Ctx, f *Form, name string) {
	lang := s.texts.languageOf(c)
	near := geo.At(homeLon, homeLat)
	if p := f.Point(name); p != nil {
		near = *p
	}
	f.Set(name+".lat", "")
	f.Set(name+".lon", "")
	var out []Choice
	answers, more := s.Gazetteer.Answers(s.Own, f.Get(name+".query"), lang, near, placesShown)
	for _, p := range answers {
		label := placeLabel(p)
		if r, ok := s.Regions.Lookup(p.Country); ok {
			label += ", " + r.Names.In(lang)
		}
		if word := s.kindOfPlace(c, p); word != "" {
			label += " · " + word
		}
		value := strconv.FormatFloat(p.Point.Lon(), 'f', 4, 64) + "," + strconv.FormatFloat(p.Point.Lat(), 'f', 4, 64)
		out = append(out, Choice{value, label})
	}
	f.SetFound(name, Found{Places: out, More: more, Credits: creditsOf(answers)})
	f.Errors = nil
	if len(out) > 0 {
		f.Set(name+".choice", out[0].Value)
	}
}
