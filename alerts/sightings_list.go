package alerts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"homeward/geo"
	"homeward/journal"
)

// SightingQuery asks for sightings, latest observation first. From and To are
// of the observation, both inclusive.
type SightingQuery struct {
	// Case is a case's id or its public number.
	Case     string
	Box      *geo.Box
	From, To time.Time
	States   []SightingState
	// MinGrade is such as "C3": the source at least C and the information at
	// most 3. F and 6 rank last.
	MinGrade string
	Cursor   string
	Limit    int
}

// SightingList is a GeoJSON FeatureCollection with the cursor of its next page.
type SightingList struct {
	Type     string            `json:"type"`
	Features []SightingFeature `json:"features"`
	Next     *string           `json:"next"`
}

// SightingFeature is a sighting as a GeoJSON Feature; Geometry is nil for one
// without a place.
type SightingFeature struct {
	Type       string       `json:"type"`
	ID         string       `json:"id"`
	Geometry   *geo.Point   `json:"geometry"`
	Properties SightingView `json:"properties"`
}

// filter checks a query and turns it into what the board understands.
func (d *Desk) filter(a Actor, q *SightingQuery) (SightingFilter, error) {
	i := &inspection{}
	f := SightingFilter{Box: q.Box, From: q.From, To: q.To, States: q.States}
	for _, s := range q.States {
		oneOf(i, "state", s, SightingStates())
	}
	if q.Box != nil {
		if err := q.Box.Validate(); err != nil {
			i.Add("bbox", "bad_box", "Write west,south,east,north in degrees.")
		}
	}
	if !q.From.IsZero() && !q.To.IsZero() && q.To.Before(q.From) {
		i.Add("to", "before_from", "The end lies before the beginning.")
	}
	if q.MinGrade != "" {
		g, ok := ParseGrade(strings.ToUpper(q.MinGrade))
		if !ok {
			i.Add("min_grade", "bad_grade", "Write a grade such as C3: a letter from A to F and a digit from 1 to 6.")
		}
		f.MinGrade = g
	}
	if err := i.Err(); err != nil || q.Case == "" {
		return f, err
	}
	c, err := d.VisibleCase(a, q.Case)
	if err != nil {
		if c, err = d.visibleNumber(a, q.Case); err != nil {
			return f, err
		}
	}
	f.Case = c.ID
	return f, nil
}

func (d *Desk) visibleNumber(a Actor, number string) (*Case, error) {
	normal, _ := NormalCaseNumber(number)
	c, ok := d.Board.CaseByNumber(normal)
	if !ok {
		return nil, coded(fmt.Errorf("case by number: %w", journal.ErrNotFound))
	}
	return d.VisibleCase(a, c.ID)
}

// subject names a list or a tile in read records, one for each filter.
func (f *SightingFilter) subject(of string) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s?case=%s&state=%v&min_grade=%s", of, f.Case, f.States, f.MinGrade)
	if f.Box != nil {
		fmt.Fprintf(&s, "&bbox=%g,%g,%g,%g", f.Box.West, f.Box.South, f.Box.East, f.Box.North)
	}
	if !f.From.IsZero() || !f.To.IsZero() {
		fmt.Fprintf(&s, "&from=%s&to=%s", f.From.Format(time.RFC3339), f.To.Format(time.RFC3339))
	}
	return s.String()
}

// Sightings returns a page of the sightings that the actor may see.
func (d *Desk) Sightings(ctx context.Context, a Actor, q SightingQuery) (SightingList, error) {
	list := SightingList{Type: "FeatureCollection", Features: []SightingFeature{}}
	f, err := d.filter(a, &q)
	if err != nil {
		return list, err
	}
	after, err := parseCursor('s', q.Cursor)
	if err != nil {
		return list, err
	}
	marks, more := d.Board.sightingsBefore(f, after, pageSize(q.Limit), d.sight(a))
	keys := make([]journal.Key, len(marks))
	for i, m := range marks {
		keys[i] = journal.Key{Collection: "sightings", ID: m.id}
	}
	docs, err := d.Journal.Documents(ctx, keys...)
	if err != nil {
		return list, coded(err)
	}
	classes, sees := []Class{P2, P7}, d.seesSighting(a)
	list.Features = make([]SightingFeature, 0, len(docs))
	for _, doc := range docs {
		s, c, err := d.inSight(a, doc, sees)
		if CodeOf(err) == NotFound {
			continue // erased, or taken from the actor's sight, since
		}
		if err != nil {
			return list, err
		}
		l := d.lensOnSighting(a, s, c)
		for _, class := range sightingClasses() {
			if l.sees(class) && !slices.Contains(classes, class) {
				classes = append(classes, class)
			}
		}
		list.Features = append(list.Features, feature(d.sightingView(l, s, c)))
	}
	if more {
		list.Next = marks[len(marks)-1].cursor('s')
	}
	slices.Sort(classes)
	if err := d.Reads.Record(ctx, a, f.subject("sightings"), classes...); err != nil {
		return SightingList{}, err
	}
	return list, nil
}

func feature(v SightingView) SightingFeature {
	return SightingFeature{Type: "Feature", ID: v.ID, Geometry: v.Place, Properties: v}
}

// SightingTile returns what a map tile shows of the sightings that the actor may
// see: at most geo.MaxFeatures dots, whose counts add up to exactly those that
// the query chooses. One that does not exist has none.
func (d *Desk) SightingTile(ctx context.Context, a Actor, z, x, y int, q SightingQuery) ([]Dot, error) {
	q.Box = nil // the tile is the box
	f, err := d.filter(a, &q)
	if err != nil {
		return nil, err
	}
	if err := d.Reads.Record(ctx, a, f.subject("tiles"), P2); err != nil {
		return nil, err
	}
	return d.Board.dots(z, x, y, f, d.lookout(a)), nil
}

// NearestSightings returns up to n sightings within maxM metres of a point,
// nearest first.
func (d *Desk) NearestSightings(ctx context.Context, a Actor, p geo.Point, n int, maxM float64, q SightingQuery) ([]Dot, error) {
	i := &inspection{regions: d.Regions}
	i.place("place", &p)
	if err := i.Err(); err != nil {
		return nil, err
	}
	f, err := d.filter(a, &q)
	if err != nil {
		return nil, err
	}
	if err := d.Reads.Record(ctx, a, f.subject("sightings/nearest"), P2); err != nil {
		return nil, err
	}
	return d.Board.nearest(p, pageSize(n), maxM, f, d.sight(a)), nil
}

// lookout is the actor as a viewer of the live map: once a search has ended its
// sightings leave the map for everybody, as the alert leaves every surface.
// Those who may still read them find them on the case.
func (d *Desk) lookout(a Actor) sight {
	v := d.sight(a)
	sees := v.sees
	v.name = "map " + v.name
	v.sees = func(c *Case) bool { return sees(c) && (c == nil || !c.State.Ended()) }
	return v
}

// sight is the actor as a viewer of places. What they see depends on who they
// are and on their role, and on nothing else.
func (d *Desk) sight(a Actor) sight {
	return sight{string(a.Role) + " " + a.ID, d.seesClass(a, P2)}
}
