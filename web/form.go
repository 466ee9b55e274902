package web

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
)

// Form is what somebody typed into a page, exactly as typed, and what is wrong
// with it. Its fields are named as those of the commands, such as
// "contact.email", so that a wrong field finds its place on the page.
type Form struct {
	Values url.Values
	Errors alerts.Fields
	zone   *time.Location
	found  map[string]*Found
}

// Found is what a search for a place gave.
type Found struct {
	// Asked tells whether there was a search at all.
	Asked bool
	// Places have "lon,lat" as their value.
	Places []Choice
	// More tells that places of the operator's own fit beyond those shown.
	More bool
	// Credits are whom to thank for the places.
	Credits []string
}

// Found is what the search of a place field gave; nil when there was none.
func (f *Form) Found(name string) *Found { return f.found[name] }

// SetFound keeps what a search gave.
func (f *Form) SetFound(name string, found Found) {
	if f.found == nil {
		f.found = map[string]*Found{}
	}
	found.Asked = true
	f.found[name] = &found
}

// formOf reads a posted form of either encoding; files are read elsewhere.
func (s *Server) formOf(c *fiber.Ctx) (*Form, error) {
	f := &Form{Values: url.Values{}, zone: s.zone()}
	if strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
		m, err := c.MultipartForm()
		if err != nil {
			return nil, fiber.NewError(fiber.StatusBadRequest, "The form could not be read.")
		}
		f.Values = m.Value
		return f, nil
	}
	values, err := url.ParseQuery(string(c.Body()))
	if err != nil {
		return nil, fiber.NewError(fiber.StatusBadRequest, "The form could not be read.")
	}
	f.Values = values
	return f, nil
}

// newForm is an empty form with some values filled in, as pairs.
func (s *Server) newForm(pairs ...string) *Form {
	f := &Form{Values: url.Values{}, zone: s.zone()}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Values.Set(pairs[i], pairs[i+1])
	}
	return f
}

// Get is a field's value without spaces around it.
func (f *Form) Get(name string) string { return strings.TrimSpace(f.Values.Get(name)) }

// Set gives a field a value.
func (f *Form) Set(name, value string) { f.Values.Set(name, value) }

// SetWhen fills the date and the time of a field.
func (f *Form) SetWhen(name string, t time.Time) {
	if !t.IsZero() {
		f.Set(name+".date", t.In(f.zone).Format("2006-01-02"))
		f.Set(name+".time", t.In(f.zone).Format("15:04"))
	}
}

// SetPoint fills the position of a field.
func (f *Form) SetPoint(name string, p *geo.Point) {
	if p != nil {
		f.Set(name+".lat", strconv.FormatFloat(p.Lat(), 'f', 5, 64))
		f.Set(name+".lon", strconv.FormatFloat(p.Lon(), 'f', 5, 64))
	}
}

// Has tells whether a value was chosen, for radios, checkboxes and lists.
func (f *Form) Has(name string, value any) bool {
	return slices.Contains(f.Values[name], plain(value))
}

// All returns every value of a field that is not empty.
func (f *Form) All(name string) []string {
	var out []string
	for _, v := range f.Values[name] {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// On tells whether a checkbox is ticked.
func (f *Form) On(name string) bool { return f.Get(name) != "" }

// Wrong returns what is wrong with a field, nil for nothing. A fault of a part
// of it, such as "place.coordinates", counts.
func (f *Form) Wrong(name string) *alerts.FieldError {
	for i, e := range f.Errors {
		if e.Field == name || strings.HasPrefix(e.Field, name+".") || strings.HasPrefix(e.Field, name+"[") {
			return &f.Errors[i]
		}
	}
	return nil
}

// Refused takes over the wrong fields of an error, and tells whether there were
// any: then the page is shown again with what was typed. A photo that is too
// large is a wrong field like any other.
func (f *Form) Refused(err error) bool {
	var e *alerts.Error
	if !errors.As(err, &e) || e.Code != alerts.Invalid && (e.Code != alerts.TooLarge || len(e.Fields) == 0) {
		return false
	}
	f.Errors = append(f.Errors, e.Fields...)
	if len(e.Fields) == 0 {
		f.Errors.Add("", "refused", e.Message)
	}
	return true
}

// When reads a date and a time of day, in the installation's zone. A missing
// time is noon, a missing date the zero time.
func (f *Form) When(name string) time.Time {
	day, clock := f.Get(name+".date"), f.Get(name+".time")
	if day == "" {
		if clock != "" {
			f.Errors.Add(name, "date_missing", "Say which day it was.")
		}
		return time.Time{}
	}
	if clock == "" {
		clock = "12:00"
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, f.zone)
	if err != nil {
		f.Errors.Add(name, "not_a_time", "Write the date as YYYY-MM-DD and the time as HH:MM.")
	}
	return t
}

// Number reads a whole number; an empty field is 0.
func (f *Form) Number(name string) int {
	s := f.Get(name)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		f.Errors.Add(name, "not_a_number", "Write a number.")
	}
	return n
}

// Decimal reads a number with a point or a comma; an empty field is 0.
func (f *Form) Decimal(name string) float64 {
	s := strings.ReplaceAll(f.Get(name), ",", ".")
	if s == "" {
		return 0
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		f.Errors.Add(name, "not_a_number", "Write a number.")
	}
	return n
}

// Point reads a position from NAME.lat and NAME.lon, or else from the place that
// was chosen by name; nil when there is none.
func (f *Form) Point(name string) *geo.Point {
	lat, lon := f.Get(name+".lat"), f.Get(name+".lon")
	if lat == "" && lon == "" {
		lon, lat, _ = strings.Cut(f.Get(name+".choice"), ",")
	}
	if lat == "" && lon == "" {
		return nil
	}
	y, errY := strconv.ParseFloat(strings.ReplaceAll(lat, ",", "."), 64)
	x, errX := strconv.ParseFloat(strings.ReplaceAll(lon, ",", "."), 64)
	if errX != nil || errY != nil {
		if f.Wrong(name) == nil {
			f.Errors.Add(name, "bad_place", "Write the latitude and the longitude as numbers, such as 44.81 and 20.46.")
		}
		return nil
	}
	p := geo.At(x, y)
	return &p
}

// Marked is the position that was marked on the map or by the device; nil when
// there is none, or a place was chosen by name.
func (f *Form) Marked(name string) *geo.Point {
	if f.Get(name+".lat") == "" {
		return nil
	}
	return f.Point(name)
}
