package web

import (
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
)

// sightingList is a page of sightings with the cursor of the next.
type sightingList struct {
	List []alerts.SightingView
	Next string
}

func (s *Server) sightingsOf(c *fiber.Ctx, a alerts.Actor, q alerts.SightingQuery) (sightingList, error) {
	if q.Cursor == "" {
		q.Cursor = queryOf(c).Get("cursor")
	}
	list, err := s.Alerts.Sightings(c.UserContext(), a, q)
	if err != nil {
		return sightingList{}, err
	}
	out := sightingList{List: viewsOf(list)}
	if list.Next != nil {
		out.Next = *list.Next
	}
	return out, nil
}

// sightingFilter is what the filter bars of lists and maps ask for, as it stands
// in the address. Days are whole days of the installation's zone.
func (f *Form) sightingFilter() alerts.SightingQuery {
	q := alerts.SightingQuery{Case: f.Get("case"), MinGrade: f.Get("min_grade"), Cursor: f.Get("cursor")}
	for _, state := range f.All("state") {
		q.States = append(q.States, alerts.SightingState(state))
	}
	q.From = f.day("from")
	if q.To = f.day("to"); !q.To.IsZero() {
		q.To = q.To.AddDate(0, 0, 1).Add(-time.Second)
	}
	if text := f.Get("bbox"); text != "" {
		box, err := geo.ParseBox(text)
		if err != nil {
			f.Errors.Add("bbox", "bad_box", "Write west,south,east,north in degrees.")
		}
		q.Box = &box
	}
	return q
}

func (f *Form) day(name string) time.Time {
	v := f.Get(name)
	if v == "" {
		return time.Time{}
	}
	t, err := time.ParseInLocation(time.DateOnly, v, f.zone)
	if err != nil {
		f.Errors.Add(name, "not_a_date", "Write a date such as 2026-05-02.")
	}
	return t
}

// tilesFor is the address of the map's tiles with the same filter as a list.
func tilesFor(q alerts.SightingQuery) string {
	v := url.Values{}
	if q.Case != "" {
		v.Set("case", q.Case)
	}
	if q.MinGrade != "" {
		v.Set("min_grade", q.MinGrade)
	}
	if len(q.States) > 0 {
		v.Set("state", strings.Join(words(q.States), ","))
	}
	if !q.From.IsZero() {
		v.Set("from", q.From.UTC().Format(time.RFC3339))
	}
	if !q.To.IsZero() {
		v.Set("to", q.To.UTC().Format(time.RFC3339))
	}
	address := "/api/v1/tiles/sightings/{z}/{x}/{y}.mvt"
	if len(v) > 0 {
		address += "?" + v.Encode()
	}
	return address
}

// Grades are the least grades that filters offer, as pairs of source and
// information.
func (p *Page) Grades() []Choice {
	out := []Choice{}
	for _, g := range []string{"A1", "B2", "C3", "D4", "E5"} {
		out = append(out, Choice{g, p.T("sighting.at_least", "Grade", g)})
	}
	return out
}

type sightingsData struct {
	Form *Form
	// Triage are the events that nobody has read; they come first, and the rest
	// is paged.
	Triage alerts.TriagePage
	sightingList
	States []alerts.SightingState
	// Open is the record beside the list, nil for none.
	Open *sightingRecord
	// Filtered says that a filter is set: then the list is one.
	Filtered bool
}

// unreadFirst is how many unread events stand on one page.
const unreadFirst = 50

// sightingsPage is for triage: what nobody has read comes first.
func (s *Server) sightingsPage(c *fiber.Ctx, a alerts.Actor) error {
	d := sightingsData{Form: &Form{Values: queryOf(c), zone: s.zone()}, States: alerts.SightingStates()}
	q := d.Form.sightingFilter()
	d.Filtered = len(q.States) > 0
	if len(d.Form.Errors) == 0 {
		err := s.fillSightings(c, a, &d, q)
		if alerts.CodeOf(err) == alerts.NotFound && q.Case != "" {
			d.Form.Errors.Add("case", "unknown_case", "There is no such case.")
		} else if err != nil && !d.Form.Refused(err) {
			return err
		}
	}
	if len(d.Form.Errors) > 0 {
		c.Status(fiber.StatusUnprocessableEntity)
	}
	if id := d.Form.Get("open"); id != "" {
		rec, err := s.sightingRecord(c, a, id)
		if err != nil && alerts.CodeOf(err) != alerts.NotFound {
			return err
		}
		if err == nil {
			rec.Back = c.OriginalURL()
			d.Open = &rec
		}
	}
	return s.render(c, layoutConsole, "desk_sightings", d)
}

func (s *Server) fillSightings(c *fiber.Ctx, a alerts.Actor, d *sightingsData, q alerts.SightingQuery) error {
	var err error
	if d.Filtered {
		d.sightingList, err = s.sightingsOf(c, a, q)
		return err
	}
	if q.Cursor == "" {
		if err := s.fillUnread(c, a, d, q); err != nil {
			return err
		}
	}
	if d.Form.Get("items") != "" {
		return nil // a later page of what is unread
	}
	q.States = alerts.SightingStates()[1:]
	d.sightingList, err = s.sightingsOf(c, a, q)
	return err
}
