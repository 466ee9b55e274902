package alerts

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"homeward/geo"
)

// ReachInput asks for the area that somebody can have got to. From and Since
// left out are where and when the child was last seen.
type ReachInput struct {
	From  *geo.Point `json:"from,omitempty"`
	Since time.Time  `json:"since,omitzero"`
	// HoursAhead is how far beyond now to look; Until says the time instead.
	HoursAhead float64   `json:"hours_ahead,omitempty"`
	Until      time.Time `json:"until,omitzero"`
	// Modes are of travel.csv: foot, bicycle, bus, train, car.
	Modes []string `json:"modes"`
}

// AreaOrigin says why the area of a revision is what it is: what was asked for
// and what was taken for it. What it gave is part of the area.
type AreaOrigin struct {
	Reach *geo.Reach `bson:"reach,omitempty" json:"reach,omitempty"`
	// Ways are how far each way of travelling went, with the speeds as they
	// were then.
	Ways     []geo.Way     `bson:"ways,omitempty" json:"ways,omitempty"`
	Corridor *geo.Corridor `bson:"corridor,omitempty" json:"corridor,omitempty"`
}

// Area is what the origin gives.
func (o *AreaOrigin) Area() geo.Area {
	var a geo.Area
	if o == nil {
		return a
	}
	if o.Reach != nil && len(o.Ways) > 0 {
		// Not worked out anew: the speeds may be others by now.
		a.Circles = append(a.Circles, geo.Circle{Center: o.Reach.From.Coordinates, RadiusM: max(1, o.Ways[0].RadiusM)})
	}
	if o.Corridor != nil {
		a.Areas = append(a.Areas, o.Corridor.Area().Areas...)
	}
	return a
}

// String is the origin in plain English, such as "reach: 4 h by car from
// 45.1,19.8".
func (o *AreaOrigin) String() string {
	var parts []string
	if o != nil && o.Reach != nil && len(o.Ways) > 0 {
		w, at := o.Ways[0], o.Reach.From
		parts = append(parts, fmt.Sprintf("reach: %g h by %s from %.1f,%.1f", math.Round(w.Hours*10)/10, w.Mode, at.Lat(), at.Lon()))
	}
	if o != nil && o.Corridor != nil {
		parts = append(parts, fmt.Sprintf("corridor: %g km to either side of a line of %.0f km", o.Corridor.WidthKM, o.Corridor.LengthM()/1000))
	}
	return strings.Join(parts, "; ")
}

// fingerprint covers what the origin says, in a form that storing does not
// change; empty for none.
func (o *AreaOrigin) fingerprint() string {
	if o == nil {
		return ""
	}
	out := o.String()
	if r := o.Reach; r != nil {
		out += fmt.Sprintf(" %v %d %d %v", r.From.Coordinates, r.Since.Unix(), r.Until.Unix(), r.Modes)
	}
	if c := o.Corridor; c != nil {
		out += fmt.Sprintf(" %v %q", c.Line, c.Places)
	}
	return out
}

// Explains tells whether a partner matched by what the origin gave, rather than
// by a region that the author named.
func (o *AreaOrigin) Explains(a geo.Area, w geo.Why) bool {
	return o != nil && (w.Code != "region" || !slices.Contains(a.Regions, w.Region))
}

// areaWish is what an author asks for besides an area.
type areaWish struct {
	reach    *ReachInput
	corridor *geo.Corridor
}

// OriginOf works out what an author asks for, with everything that is wrong
// with it; nil when nothing was asked for.
func OriginOf(c *Case, reach *ReachInput, corridor *geo.Corridor, now time.Time) (*AreaOrigin, error) {
	var f Fields
	o := areaWish{reach, corridor}.origin(c, now, &f)
	return o, f.Err()
}

func (w areaWish) origin(c *Case, now time.Time, f *Fields) *AreaOrigin {
	if w.reach == nil && w.corridor == nil {
		return nil
	}
	o := &AreaOrigin{}
	if w.reach != nil {
		r := w.reach.settled(c, now)
		problemFields(f, "reach", r.Validate())
		o.Reach, o.Ways = &r, r.Ways()
	}
	if w.corridor != nil {
		problemFields(f, "corridor", w.corridor.Validate())
		if n := len(w.corridor.Places); n > 0 && n != len(w.corridor.Line) {
			f.Add("corridor.places", "too_many", "Name each place of the line, or none.")
		}
		for _, name := range w.corridor.Places {
			textField(f, "corridor.places", name, maxNameText)
		}
		o.Corridor = w.corridor
	}
	return o
}

// settled fills in what was left out.
func (in *ReachInput) settled(c *Case, now time.Time) geo.Reach {
	r := geo.Reach{Since: in.Since.UTC().Truncate(time.Second), Until: in.Until.UTC().Truncate(time.Second), Modes: slices.Clone(in.Modes)}
	switch {
	case in.From != nil:
		r.From = *in.From
	case c.LastSeen.Place != nil:
		r.From = *c.LastSeen.Place
	}
	if in.Since.IsZero() {
		r.Since = c.LastSeen.At.UTC().Truncate(time.Second)
	}
	if in.Until.IsZero() {
		// Whole minutes, so that the same request gives the same area.
		r.Until = now.UTC().Truncate(time.Minute).Add(time.Duration(in.HoursAhead * float64(time.Hour)))
	}
	return r
}

func problemFields(f *Fields, under string, problems []geo.Problem) {
	for _, p := range problems {
		f.Add(under+"."+p.Field, p.Code, strings.ToUpper(p.Message[:1])+p.Message[1:]+".")
	}
}

// originate adds what an author asked for to the area of a revision.
func (r *Revision) originate(w areaWish, c *Case, now time.Time, f *Fields) {
	o := w.origin(c, now, f)
	if o == nil {
		return
	}
	r.Origin = o
	if len(*f) == 0 {
		more := o.Area()
		r.Area.Circles = append(slices.Clone(r.Area.Circles), more.Circles...)
		r.Area.Areas = append(slices.Clone(r.Area.Areas), more.Areas...)
	}
}
