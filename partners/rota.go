package partners

import (
	"fmt"
	"slices"
	"time"
)

// Shift is a part of an organisation's weekly rota: from one time of day to
// another, on some days, in the organisation's time zone. One that ends before
// it begins goes on into the next day; one that ends when it begins is a whole
// day.
type Shift struct {
	// Days are mo, tu, we, th, fr, sa, su: those on which the shift begins.
	Days []string `bson:"days" json:"days"`
	// From and To are times of day, such as 08:00.
	From string `bson:"from" json:"from"`
	To   string `bson:"to" json:"to"`
	// People are the ids of those on duty, in the order in which they are tried.
	People []string `bson:"people" json:"people"`
}

// zoneDefault is where an organisation is that names no time zone.
const zoneDefault = "Europe/Belgrade"

// weekdays are the days as Shift names them, by time.Weekday.
func weekdays() []string { return []string{"su", "mo", "tu", "we", "th", "fr", "sa"} }

// location is the organisation's time zone.
func (p *Partner) location() *time.Location {
	for _, name := range []string{p.Zone, zoneDefault} {
		if name == "" {
			continue
		}
		if l, err := time.LoadLocation(name); err == nil {
			return l
		}
	}
	return time.UTC
}

// spell is one shift on one day.
type spell struct {
	from, to time.Time
	people   []string
}

// spells are the shifts that begin within some days around an instant, by their
// beginning. Shifts of one beginning keep the order of the rota.
func (p *Partner) spells(around time.Time, before, after int) []spell {
	var out []spell
	zone := p.location()
	y, m, d := around.In(zone).Date()
	for offset := -before; offset <= after; offset++ {
		day := time.Date(y, m, d+offset, 12, 0, 0, 0, zone)
		for _, s := range p.Rota {
			if !slices.Contains(s.Days, weekdays()[day.Weekday()]) {
				continue
			}
			from, okFrom := onDay(day, s.From)
			to, okTo := onDay(day, s.To)
			if !okFrom || !okTo {
				continue
			}
			if !to.After(from) {
				to, _ = onDay(day.AddDate(0, 0, 1), s.To)
			}
			out = append(out, spell{from, to, s.People})
		}
	}
	slices.SortStableFunc(out, func(x, y spell) int { return x.from.Compare(y.from) })
	return out
}

// onDay is a time of day on a day, in the day's zone. A time that a change of
// the clocks leaves out is the moment after the gap.
func onDay(day time.Time, clock string) (time.Time, bool) {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		return time.Time{}, false
	}
	y, m, d := day.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), 0, 0, day.Location()), true
}

// onDuty are the people on duty at an instant, in the order in which they are
// tried, and when that changes next; the zero time when it never does. Without
// a rota everybody always is.
func (p *Partner) onDuty(at time.Time) ([]Person, time.Time) {
	if len(p.Rota) == 0 {
		return p.named(), time.Time{}
	}
	var people []Person
	var change time.Time
	sooner := func(t time.Time) {
		if t.After(at) && (change.IsZero() || t.Before(change)) {
			change = t
		}
	}
	for _, s := range p.spells(at, 1, 8) {
		sooner(s.from)
		sooner(s.to)
		if at.Before(s.from) || !at.Before(s.to) {
			continue
		}
		for _, id := range s.people {
			if q, ok := p.person(id); ok && !slices.ContainsFunc(people, func(x Person) bool { return x.ID == id }) {
				people = append(people, q)
			}
		}
	}
	return people, change
}

// nextDuty is when somebody who is on the rota is on duty next, at or after an
// instant; the zero time when nobody ever is.
func (p *Partner) nextDuty(at time.Time) time.Time {
	if people, _ := p.onDuty(at); len(people) > 0 {
		return at
	}
	for _, s := range p.spells(at, 1, 8) {
		if s.from.After(at) && slices.ContainsFunc(s.people, func(id string) bool { _, ok := p.person(id); return ok }) {
			return s.from
		}
	}
	return time.Time{}
}

// named are the people with an id each: those entered before people had ids are
// known by their place until somebody saves them again.
func (p *Partner) named() []Person {
	if !slices.ContainsFunc(p.People, func(q Person) bool { return q.ID == "" }) {
		return p.People
	}
	out := slices.Clone(p.People)
	for i := range out {
		if out[i].ID == "" {
			out[i].ID = fmt.Sprintf("place.%d", i+1)
		}
	}
	return out
}

func (p *Partner) person(id string) (Person, bool) {
	for _, q := range p.named() {
		if q.ID == id && id != "" {
			return q, true
		}
	}
	return Person{}, false
}
