package abduction

import (
	"errors"
	"fmt"
	"time"
)

// Date is a civil date: a day on the calendar without a time zone. The zero
// value means that the date is not known.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ErrDate is returned for text that is not a date.
var ErrDate = errors.New("not a date as YYYY-MM-DD between 1900 and 2199")

// The years that are taken for dates; others are slips of the pen.
const firstYear, lastYear = 1900, 2199

// NewDate returns the date with these parts, carried over like time.Date does.
func NewDate(year int, month time.Month, day int) Date {
	return on(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateOf returns the date that an instant falls on in a time zone.
func DateOf(t time.Time, zone *time.Location) Date { return on(t.In(zone)) }

func on(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads YYYY-MM-DD, exactly.
func ParseDate(s string) (Date, error) {
	p, err := parse(s)
	if err != nil || len(s) != len("2006-01-02") {
		return Date{}, ErrDate
	}
	return p.First, nil
}

// String returns YYYY-MM-DD, or nothing for the zero value.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// IsZero tells whether the date is not known.
func (d Date) IsZero() bool { return d == Date{} }

// Compare returns -1, 0 or 1 as d is before, on or after e.
func (d Date) Compare(e Date) int { return d.midnight().Compare(e.midnight()) }

// Before tells whether d is before e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

// AddDays returns the date n days later.
func (d Date) AddDays(n int) Date { return NewDate(d.Year, d.Month, d.Day+n) }

// AddMonths returns the corresponding day n months later, or the last day of
// that month when it has no such day: one month after 31 January is the last
// day of February, and one year after 29 February is 28 February. This is the
// rule of Regulation (EEC, Euratom) No 1182/71, Article 3(2)(c), used here for
// all periods of months and years.
func (d Date) AddMonths(n int) Date {
	first := NewDate(d.Year, d.Month+time.Month(n), 1)
	return Date{first.Year, first.Month, min(d.Day, daysIn(first.Year, first.Month))}
}

// DaysUntil returns how many days e is after d, negative when it is before.
func (d Date) DaysUntil(e Date) int {
	return int(e.midnight().Sub(d.midnight()) / (24 * time.Hour))
}

// midnight counts in UTC, where every day has 24 hours.
func (d Date) midnight() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// MarshalJSON writes the date as a string, or null when it is not known.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return []byte(`"` + d.String() + `"`), nil
}

// UnmarshalText reads what ParseDate does, and nothing as the zero value.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = ParseDate(string(b))
	return err
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
