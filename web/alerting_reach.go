package web

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
	"homeward/geo/search"
)

// What an area is proposed to be worked out with: hours beyond now, and
// kilometres to either side of a line.
const (
	firstAhead = "2"
	firstWidth = "10"
	// mostPlaces is how many names of one line are looked up: one more than a
	// line may have.
	mostPlaces = 21
)

// workedArea is what was worked out for an area, with what it meets.
type workedArea struct {
	Origin *alerts.AreaOrigin
	Met    geo.Met
}

// nearestShown is how many countries a page names.
const nearestShown = 12

// Nearest are the countries that a page names, Beyond how many more there are.
func (w *workedArea) Nearest() []geo.Neighbor {
	return w.Met.Countries[:min(len(w.Met.Countries), nearestShown)]
}

// Beyond is how many countries are met that the page does not name.
func (w *workedArea) Beyond() int { return max(0, len(w.Met.Countries)-nearestShown) }

// originField keeps, in an editor's form, what the area was worked out from.
const originField = "area.origin"

// origin is what the area of a form was worked out from, nil for nothing.
func (f *Form) origin() *alerts.AreaOrigin {
	var o alerts.AreaOrigin
	text := f.Get(originField)
	if text == "" || json.Unmarshal([]byte(text), &o) != nil {
		return nil
	}
	if o.Reach != nil && o.Reach.Validate() != nil || o.Corridor != nil && o.Corridor.Validate() != nil || o.Reach == nil && o.Corridor == nil {
		return nil
	}
	o.Ways = nil
	if o.Reach != nil {
		o.Ways = o.Reach.Ways()
	}
	return &o
}

// setOrigin keeps what an area was worked out from, and fills in the fields.
func (f *Form) setOrigin(o *alerts.AreaOrigin) {
	f.Set(originField, "")
	if o == nil {
		return
	}
	if raw, err := json.Marshal(o); err == nil {
		f.Set(originField, string(raw))
	}
	if o.Reach != nil {
		f.Values["reach.modes"] = o.Reach.Modes
		f.SetWhen("reach.since", o.Reach.Since)
	}
	if o.Corridor != nil {
		f.Set("corridor.width_km", strconv.FormatFloat(o.Corridor.WidthKM, 'f', -1, 64))
		f.Set("corridor.places", strings.Join(lineNames(o.Corridor), "; "))
	}
}

// proposeReach fills in what an area can be worked out from, where nothing
// stands.
func (f *Form) proposeReach(v alerts.CaseView) {
	for field, value := range map[string]string{"reach.hours_ahead": firstAhead, "corridor.width_km": firstWidth} {
		if f.Get(field) == "" {
			f.Set(field, value)
		}
	}
	if v.LastSeen != nil && f.Get("reach.since.date") == "" {
		f.SetWhen("reach.since", v.LastSeen.At)
	}
}

// lineNames are the places of a corridor, by name or by coordinates as they are
// read.
func lineNames(c *geo.Corridor) []string {
	if len(c.Places) == len(c.Line) {
		return c.Places
	}
	var out []string
	for _, p := range c.Line {
		out = append(out, strconv.FormatFloat(p[1], 'f', 4, 64)+" "+strconv.FormatFloat(p[0], 'f', 4, 64))
	}
	return out
}

// apart takes from an area what an origin gave, and tells whether all of it
// was there: whoever drew it anew has another area.
func apart(a geo.Area, o *alerts.AreaOrigin) (geo.Area, bool) {
	gone := o.Area()
	whole := true
	for _, c := range gone.Circles {
		at := slices.Index(a.Circles, c)
		if at < 0 {
			whole = false
			continue
		}
		a.Circles = slices.Delete(slices.Clone(a.Circles), at, at+1)
	}
	for _, g := range gone.Areas {
		at := slices.IndexFunc(a.Areas, func(x geo.Geometry) bool { return reflect.DeepEqual(x.Coordinates, g.Coordinates) })
		if at < 0 {
			whole = false
			continue
		}
		a.Areas = slices.Delete(slices.Clone(a.Areas), at, at+1)
	}
	return a, whole
}

// workedFrom puts into an alert what its form's area was worked out from. The
// parts are taken out of the area: the command works them out again and keeps
// why.
func workedFrom(f *Form, in *alerts.NewAlert) {
	o := f.origin()
	if o == nil {
		return
	}
	rest, whole := apart(in.Area, o)
	if !whole {
		return // it was drawn anew: the area is the author's own
	}
	in.Area, in.Corridor = rest, o.Corridor
	if r := o.Reach; r != nil {
		in.Reach = &alerts.ReachInput{From: &r.From, Since: r.Since, Until: r.Until, Modes: r.Modes}
	}
}

// areaWorked carries out the buttons that work an area out or drop what was
// worked out. It tells whether one was pressed.
func (s *Server) areaWorked(c *fiber.Ctx, f *Form, v alerts.CaseView) bool {
	act := f.Get("act")
	if act != "work_reach" && act != "work_corridor" && act != "drop_origin" {
		return false
	}
	old := f.origin()
	next := alerts.AreaOrigin{}
	if old != nil {
		next = *old
	}
	switch act {
	case "work_reach":
		next.Reach, next.Ways = s.reachOf(c, f, v), nil
	case "work_corridor":
		next.Corridor = s.corridorOf(c, f)
	case "drop_origin":
		next = alerts.AreaOrigin{}
	}
	if len(f.Errors) > 0 {
		return true
	}
	a, _ := apart(f.area("area", nil), old)
	if act == "work_reach" && old == nil {
		a.Circles = slices.DeleteFunc(a.Circles, func(x geo.Circle) bool { return proposed(x, v) })
	}
	if next.Reach == nil && next.Corridor == nil {
		f.setOrigin(nil)
	} else {
		if next.Reach != nil {
			next.Ways = next.Reach.Ways()
		}
		more := next.Area()
		a.Circles, a.Areas = append(a.Circles, more.Circles...), append(a.Areas, more.Areas...)
		f.setOrigin(&next)
	}
	for _, part := range []string{"areas", "circles"} {
		f.Set("area."+part, "")
	}
	f.setArea("area", &a)
	delete(f.Values, "area.clear") // it was about what was drawn before
	return true
}

// proposed tells whether a circle is the one that the page proposed, which
// nobody asked for.
func proposed(x geo.Circle, v alerts.CaseView) bool {
	at := lastSeenOf(v)
	return at != nil && x == geo.Circle{Center: at.Coordinates, RadiusM: firstRadius}
}

// reachOf reads a reach from its fields; what is wrong with it is noted.
func (s *Server) reachOf(c *fiber.Ctx, f *Form, v alerts.CaseView) *geo.Reach {
	ahead := f.Decimal("reach.hours_ahead")
	r := geo.Reach{Since: f.When("reach.since").UTC(), Modes: f.All("reach.modes")}
	if at := lastSeenOf(v); at != nil {
		r.From = *at
	}
	if text := f.Get("reach.place"); text != "" {
		p, ok := s.placeOf(c, text)
		if !ok {
			f.Errors.Add("reach.place", "unknown_place", "No such place was found.")
		}
		f.credit("reach.place", p)
		r.From = p.Point
	}
	r.Until = s.Now().UTC().Truncate(time.Minute).Add(time.Duration(ahead * float64(time.Hour)))
	for _, p := range r.Validate() {
		f.Errors.Add("reach."+reachField(p.Field), p.Code, p.Message)
	}
	return &r
}

// reachField is the field of the form that a part of a reach comes from.
func reachField(part string) string {
	switch {
	case part == "from":
		return "place"
	case part == "until":
		return "hours_ahead"
	case strings.HasPrefix(part, "modes"):
		return "modes"
	}
	return part
}

// corridorOf reads a corridor from its fields.
func (s *Server) corridorOf(c *fiber.Ctx, f *Form) *geo.Corridor {
	k := &geo.Corridor{WidthKM: f.Decimal("corridor.width_km")}
	for _, name := range strings.FieldsFunc(f.Get("corridor.places"), func(r rune) bool { return r == ';' || r == '\n' }) {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		p, ok := s.placeOf(c, name)
		if !ok {
			f.Errors.Add("corridor.places", "unknown_place", "No such place was found.")
			continue
		}
		f.credit("corridor.places", p)
		k.Line, k.Places = append(k.Line, p.Point.Coordinates), append(k.Places, placeLabel(p))
	}
	if f.Errors != nil {
		return k
	}
	for _, p := range k.Validate() {
		field := "corridor.places"
		if p.Field == "width_km" {
			field = "corridor.width_km"
		}
		f.Errors.Add(field, p.Code, p.Message)
	}
	return k
}

// placeOf reads a place: latitude and longitude as people write them, or the
// name of a populated place or of one of the operator's own, of which the
// likeliest is taken.
func (s *Server) placeOf(c *fiber.Ctx, text string) (search.Answer, bool) {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
	if len(parts) == 2 {
		lat, errLat := strconv.ParseFloat(parts[0], 64)
		lon, errLon := strconv.ParseFloat(parts[1], 64)
		if p := geo.At(lon, lat); errLat == nil && errLon == nil {
			return search.Answer{Name: text, Point: p}, p.Validate() == nil
		}
	}
	found, _ := s.Gazetteer.Answers(s.Own, text, s.texts.languageOf(c), geo.At(homeLon, homeLat), 1)
	if len(found) == 0 {
		return search.Answer{}, false
	}
	return found[0], true
}

// worked is what the area of a form was worked out from, with what it meets.
func (s *Server) worked(o *alerts.AreaOrigin) *workedArea {
	if o == nil {
		return nil
	}
	from := geo.Point{}
	switch {
	case o.Reach != nil:
		from = o.Reach.From
	case o.Corridor != nil:
		from = geo.At(o.Corridor.Line[0][0], o.Corridor.Line[0][1])
	}
	met, err := s.Regions.Meets(o.Area(), from)
	if err != nil {
		return nil // the embedded list cannot be read: a test of it fails first
	}
	return &workedArea{o, met}
}

// findLine gives a corridor that names only places its line.
func (s *Server) findLine(c *fiber.Ctx, k *geo.Corridor) error {
	if k == nil || len(k.Line) > 0 {
		return nil
	}
	var f alerts.Fields
	for i, name := range k.Places[:min(len(k.Places), mostPlaces)] {
		p, ok := s.placeOf(c, name)
		if !ok {
			f.Add(fmt.Sprintf("corridor.places[%d]", i), "unknown_place", "No such place was found.")
			continue
		}
		k.Line, k.Places[i] = append(k.Line, p.Point.Coordinates), placeLabel(p)
	}
	return f.Err()
}
