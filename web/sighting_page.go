package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
)

// sightingRecord is one sighting with the forms of everything that can be done
// with it.
type sightingRecord struct {
	View alerts.SightingView
	// LastSeen is where the child of its case was last seen, nil if unknown.
	LastSeen *alerts.LastSeenView
	// Near are sightings close by in place, which may be of the same event.
	Near []alerts.Dot
	// Event are the reports that may be of the same event, itself among them.
	Event                                           alerts.SightingGroup
	Assess, Link, Duplicate, Handover, Words, Group *Form
	// Held is what the case holds back, read when it is asked for.
	Held *alerts.HeldBackCheck
	// Seal is the refused form about the picture Sealing.
	Seal    *Form
	Sealing string
	// Back is where the forms return to.
	Back string
	// Whole says that the record is a page of its own.
	Whole bool
}

// A sighting within this way of another, in metres, may be of the same event.
const (
	sameEventM = 2000
	sameEvents = 6
)

func (s *Server) sightingRecord(c *fiber.Ctx, a alerts.Actor, id string) (sightingRecord, error) {
	ctx := c.UserContext()
	v, err := s.Alerts.Sighting(ctx, a, id)
	if err != nil {
		return sightingRecord{}, err
	}
	if err := s.opened(c, a, &v); err != nil {
		return sightingRecord{}, err
	}
	r := sightingRecord{View: v, Group: s.newForm("with", ""), Assess: s.newForm(), Link: s.newForm("case_number", v.GivenNumber), Duplicate: s.newForm("duplicate_of", v.DuplicateOf), Handover: s.newForm(), Words: s.newForm()}
	if v.CaseNumber != "" {
		r.Link.Set("case_number", v.CaseNumber)
	}
	r.Handover.SetWhen("at", s.Now())
	if g := v.Assessment; g != nil {
		r.Assess = s.newForm("source", g.Source, "information", plain(g.Information), "handling", g.Handling, "note", g.Note)
	}
	if cs, err := s.Alerts.VisibleCase(a, v.CaseID); err == nil {
		r.LastSeen = s.Alerts.ViewCase(a, cs).LastSeen
	}
	if r.Event, err = s.Alerts.GroupOf(ctx, a, id); err != nil {
		return r, err
	}
	if c.Query("held") != "" && v.May["check_held_back"] {
		held, err := s.Alerts.CheckHeldBack(ctx, a, id)
		if err != nil {
			return r, err
		}
		r.Held = &held
	}
	if v.Place != nil {
		r.Near, err = s.near(ctx, a, &v)
	}
	return r, err
}

func (s *Server) near(ctx context.Context, a alerts.Actor, v *alerts.SightingView) ([]alerts.Dot, error) {
	dots, err := s.Alerts.NearestSightings(ctx, a, *v.Place, sameEvents+1, sameEventM, alerts.SightingQuery{Case: v.CaseID})
	if err != nil {
		return nil, err
	}
	var out []alerts.Dot
	for _, d := range dots {
		if d.ID != "" && d.ID != v.ID {
			out = append(out, d)
		}
	}
	return out, nil
}

// DotAt is where a dot stands.
func (p *Page) DotAt(d alerts.Dot) *geo.Point {
	at := geo.At(d.Lon, d.Lat)
	return &at
}

// Sources and Pieces are the letters and digits of the Admiralty pair with what
// they mean.
func (p *Page) Sources() []Choice { return p.graded("source", "A", "B", "C", "D", "E", "F") }

// Pieces are the digits of the pair: how likely the information is.
func (p *Page) Pieces() []Choice { return p.graded("information", "1", "2", "3", "4", "5", "6") }

func (p *Page) graded(group string, values ...string) []Choice {
	out := make([]Choice, len(values))
	for i, v := range values {
		out[i] = Choice{v, v + " · " + p.Word(group, v)}
	}
	return out
}

type sightingPageData struct{ Open *sightingRecord }

func (s *Server) sightingPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showSightingPage(c, a, func(*sightingRecord) {})
}

// showSightingPage shows one sighting; put puts a form with faults in its place.
func (s *Server) showSightingPage(c *fiber.Ctx, a alerts.Actor, put func(*sightingRecord)) error {
	r, err := s.sightingRecord(c, a, c.Params("id"))
	if err != nil {
		return err
	}
	r.Back, r.Whole = "/desk/sightings/"+r.View.ID, true
	put(&r)
	return s.render(c, layoutConsole, "sighting", sightingPageData{&r})
}
