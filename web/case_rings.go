package web

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
)

// mapRings are the circles around the place where a child was last seen that a
// reader asks for, with what the reader can ask for.
type mapRings struct {
	Form *Form
	// Rings are drawn and listed, the widest last.
	Rings []mapRing
	// Terrains are those of the child's age; without one there are none.
	Terrains []string
	Hours    []Choice
	// Source says where distances of lost children come from, Unchecked that the
	// speeds were not compared with a source.
	Source    string
	Unchecked bool
	// Known says that there is a place to draw them around.
	Known bool
}

// mapRing is one circle: of a share of lost children, or of a way of travelling.
type mapRing struct {
	RadiusM float64
	Share   int    // in a hundred, 0 for a way of travelling
	Mode    string // "" for a share
}

// Ring is how a map draws it.
type Ring struct {
	Center  [2]float64 `json:"center"`
	RadiusM float64    `json:"radius_m"`
	Label   string     `json:"label"`
}

// ringHours are for how many hours a reach can be asked for.
func ringHours() []int { return []int{1, 2, 3, 6, 12, 24} }

// ringsOf works out the rings of a case's map.
func (s *Server) ringsOf(c *fiber.Ctx, cs *alerts.CaseView) (mapRings, error) {
	r := mapRings{Form: &Form{Values: queryOf(c), zone: s.zone()}}
	l := cs.LastSeen
	r.Known = l != nil && l.Place != nil
	p := s.page(c, "", nil)
	for _, h := range ringHours() {
		r.Hours = append(r.Hours, Choice{strconv.Itoa(h), p.N("rings.hours", h)})
	}
	if err := r.ofAge(s.ageIn(cs)); err != nil || !r.Known {
		return r, err
	}
	hours, err := strconv.Atoi(r.Form.Get("reach"))
	if err != nil || hours < 1 || hours > 24 {
		return r, nil //nolint:nilerr // nothing was asked for
	}
	return r, r.ofReach(*l.Place, time.Duration(hours)*time.Hour)
}

// ofAge adds the distances of lost children of an age in the terrain that was
// asked for.
func (r *mapRings) ofAge(age int) error {
	all, err := geo.AllDistances()
	if err != nil {
		return err
	}
	for _, d := range geo.DistancesAt(all, age) {
		r.Terrains = append(r.Terrains, d.Terrain)
		if d.Terrain != r.Form.Get("terrain") || !r.Known {
			continue
		}
		r.Source = d.Source
		for i, share := range geo.DistanceShares() {
			r.Rings = append(r.Rings, mapRing{RadiusM: d.RadiusM[i], Share: share})
		}
	}
	return nil
}

func (r *mapRings) ofReach(from geo.Point, in time.Duration) error {
	all, err := geo.Travels()
	if err != nil {
		return err
	}
	reach := geo.Reach{From: from, Since: time.Unix(0, 0), Until: time.Unix(0, 0).Add(in)}
	for _, t := range all {
		reach.Modes = append(reach.Modes, t.Mode)
		r.Unchecked = r.Unchecked || !t.Verified
	}
	ways := reach.Ways()
	for i := len(ways) - 1; i >= 0; i-- {
		r.Rings = append(r.Rings, mapRing{RadiusM: ways[i].RadiusM, Mode: ways[i].Mode})
	}
	return nil
}

// drawn are the rings as the map takes them.
func (r *mapRings) drawn(p *Page, at geo.Point) []Ring {
	var out []Ring
	for _, ring := range r.Rings {
		out = append(out, Ring{Center: at.Coordinates, RadiusM: ring.RadiusM, Label: p.RingLabel(ring)})
	}
	return out
}

// RingLabel says what a ring means.
func (p *Page) RingLabel(r mapRing) string {
	if r.Mode != "" {
		return p.Word("passage", r.Mode) + ", " + p.Distance(r.RadiusM)
	}
	return p.T("rings.share", "Share", r.Share) + ", " + p.Distance(r.RadiusM)
}

// ageIn is the age of the youngest child of a case that has a birth date or a
// part of one, in whole years; -1 when none has.
func (s *Server) ageIn(cs *alerts.CaseView) int {
	age := -1
	now := s.Now().In(s.zone())
	for _, child := range cs.Children {
		if len(child.BirthDate) < len("2006") {
			continue
		}
		born, err := time.Parse("2006-01-02"[:min(len(child.BirthDate), len(time.DateOnly))], child.BirthDate)
		if err != nil {
			continue
		}
		years := now.Year() - born.Year()
		if now.Month() < born.Month() || now.Month() == born.Month() && now.Day() < born.Day() {
			years--
		}
		if age < 0 || years < age {
			age = years
		}
	}
	return age
}
