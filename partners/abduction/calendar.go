package abduction

import (
	"fmt"
	"time"
)

// Calendar says which days are not worked in a country.
type Calendar struct {
	Country   string `json:"country"`
	Source    string `json:"source"`
	Link      string `json:"link"`
	Verified  bool   `json:"verified"`
	ValidFrom Date   `json:"valid_from"`
	ValidTo   Date   `json:"valid_to"`
	// Zone is the time zone in which the country's days begin and end.
	Zone string `json:"zone"`
	// Note says what the calendar does not know.
	Note string `json:"note,omitempty"`
	// Weekend are the weekly days off, 0 for Sunday to 6 for Saturday.
	Weekend  []time.Weekday `json:"weekend"`
	Holidays []Holiday      `json:"holidays"`
}

// Holiday is one public holiday: on a fixed day of the year, on the first given
// weekday on or after a day, or a number of days from Easter.
type Holiday struct {
	ID    string     `json:"id"`
	Month time.Month `json:"month,omitempty"`
	Day   int        `json:"day,omitempty"`
	// Weekday, when it is set, is looked for on and after Month and Day.
	Weekday time.Weekday `json:"weekday,omitempty"`
	// Easter is the distance from Easter Sunday in days; used when Month is not
	// set. Easter is the Orthodox one unless Western is set.
	Easter  int  `json:"easter,omitempty"`
	Western bool `json:"western,omitempty"`
	// Since is the first year in which it is kept, 0 for all of the calendar's.
	Since int `json:"since,omitempty"`
	// Moves says that a holiday on a Sunday takes the next working day as well.
	Moves bool `json:"moves,omitempty"`
}

// OrthodoxEaster returns Easter Sunday of the Orthodox churches that keep the
// Julian reckoning, as a date of the calendar in civil use (Meeus's method,
// years 1583 and later).
func OrthodoxEaster(year int) Date {
	d := (19*(year%19) + 15) % 30
	e := (2*(year%4) + 4*(year%7) - d + 34) % 7
	month, day := (d+e+114)/31, (d+e+114)%31+1
	gap := year/100 - year/400 - 2 // days between the two calendars
	return NewDate(year, time.Month(month), day+gap)
}

// WesternEaster returns Easter Sunday of the churches that keep the Gregorian
// reckoning (the anonymous method, years 1583 and later).
func WesternEaster(year int) Date {
	a, b, c := year%19, year/100, year%100
	g := (b - (b+8)/25 + 1) / 3
	h := (19*a + b - b/4 - g + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return Date{year, time.Month(n / 31), n%31 + 1}
}

// in returns the day of a holiday in a year, the zero date when it is not kept
// in that year.
func (h Holiday) in(year int) Date {
	if year < h.Since {
		return Date{}
	}
	if h.Month == 0 {
		if h.Western {
			return WesternEaster(year).AddDays(h.Easter)
		}
		return OrthodoxEaster(year).AddDays(h.Easter)
	}
	d := Date{year, h.Month, h.Day}
	for h.Weekday != 0 && d.Weekday() != h.Weekday {
		d = d.AddDays(1)
	}
	return d
}

// Holiday returns the id of the holiday on a day, "" when it is none. A
// holiday that has moved has the id of the one it comes from.
func (c *Calendar) Holiday(d Date) string {
	if !within(d, c.ValidFrom, c.ValidTo) {
		return ""
	}
	for _, h := range c.Holidays {
		if h.in(d.Year) == d {
			return h.ID
		}
	}
	for _, h := range c.Holidays {
		day := h.in(d.Year)
		if h.Moves && !day.IsZero() && day.Weekday() == time.Sunday && c.moved(day) == d {
			return h.ID
		}
	}
	return ""
}

// moved returns the day to which a holiday on a Sunday moves: the first day
// after it that is neither of the weekend nor a holiday in its own right.
func (c *Calendar) moved(sunday Date) Date {
	d := sunday.AddDays(1)
	for c.weekend(d) || c.fixed(d) {
		d = d.AddDays(1)
	}
	return d
}

func (c *Calendar) fixed(d Date) bool {
	for _, h := range c.Holidays {
		if h.in(d.Year) == d {
			return true
		}
	}
	return false
}

func (c *Calendar) weekend(d Date) bool {
	for _, w := range c.Weekend {
		if d.Weekday() == w {
			return true
		}
	}
	return false
}

// Working tells whether a day is worked.
func (c *Calendar) Working(d Date) bool { return !c.weekend(d) && c.Holiday(d) == "" }

// Shift returns d, or the next working day when d is not one.
func (c *Calendar) Shift(d Date) Date {
	for !c.Working(d) {
		d = d.AddDays(1)
	}
	return d
}

// AddWorking returns the nth working day after d.
func (c *Calendar) AddWorking(d Date, n int) Date {
	for n > 0 {
		if d = d.AddDays(1); c.Working(d) {
			n--
		}
	}
	return d
}

// within tells whether d is in force between two dates; a zero date is open.
func within(d, from, to Date) bool {
	return (from.IsZero() || !d.Before(from)) && (to.IsZero() || !to.Before(d))
}

// checkCalendars refuses calendars that are not complete.
func (l *Law) checkCalendars() error {
	seen := map[string]bool{}
	for i := range l.Calendars {
		c := &l.Calendars[i]
		if c.Country == "" || seen[c.Country] || c.Source == "" || c.Link == "" || c.Zone == "" || c.ValidFrom.IsZero() || len(c.Weekend) == 0 {
			return fmt.Errorf("calendar %q: country, source, link, zone, valid_from or weekend is missing, or it stands twice", c.Country)
		}
		seen[c.Country] = true
		for _, h := range c.Holidays {
			if h.ID == "" || h.Month != 0 && (h.Day < 1 || h.Day > daysIn(2024, h.Month)) {
				return fmt.Errorf("calendar %s: holiday %q has no id or no such day", c.Country, h.ID)
			}
		}
	}
	return nil
}
