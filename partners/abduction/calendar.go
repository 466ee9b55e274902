package abduction

import "time"

// Calendar says which days are not worked in a country.
type Calendar struct {
	Country   string `json:"country"`
	Source    string `json:"source"`
	Link      string `json:"link"`
	Verified  bool   `json:"verified"`
	ValidFrom Date   `json:"valid_from"`
	ValidTo   Date   `json:"valid_to"`
	// Weekend are the weekly days off, 0 for Sunday to 6 for Saturday.
	Weekend  []time.Weekday `json:"weekend"`
	Holidays []Holiday      `json:"holidays"`
}

// Holiday is one public holiday: on a fixed day of the year, or a number of
// days from Orthodox Easter.
type Holiday struct {
	ID    string     `json:"id"`
	Month time.Month `json:"month,omitempty"`
	Day   int        `json:"day,omitempty"`
	// Easter is the distance from Orthodox Easter Sunday in days; used when
	// Month is not set.
	Easter int `json:"easter,omitempty"`
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

// in returns the day of a holiday in a year.
func (h Holiday) in(year int) Date {
	if h.Month != 0 {
		return Date{year, h.Month, h.Day}
	}
	return OrthodoxEaster(year).AddDays(h.Easter)
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
		if h.Moves && day.Weekday() == time.Sunday && c.moved(day) == d {
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
