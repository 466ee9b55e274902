package abduction

import "time"

// Span is a date as far as it is known: it lies between First and Last, which
// are the same for a full date. The zero value means that nothing is known.
type Span struct {
	First, Last Date
}

// Exactly returns the span of a full date.
func Exactly(d Date) Span { return Span{d, d} }

// ParseSpan reads a date or the known part of one: YYYY-MM-DD, YYYY-MM or YYYY.
// Nothing is the zero value.
func ParseSpan(s string) (Span, error) {
	if s == "" {
		return Span{}, nil
	}
	return parse(s)
}

// Known tells whether the span is a full date.
func (s Span) Known() bool { return !s.First.IsZero() && s.First == s.Last }

// IsZero tells whether nothing is known.
func (s Span) IsZero() bool { return s == Span{} }

// parse reads the three forms. Digits are ASCII and every part has its full
// width, so that a date has one spelling.
func parse(s string) (Span, error) {
	if len(s) != 4 && len(s) != 7 && len(s) != 10 {
		return Span{}, ErrDate
	}
	year, ok := digits(s[:4])
	if !ok || year < firstYear || year > lastYear {
		return Span{}, ErrDate
	}
	if len(s) == 4 {
		return Span{Date{year, time.January, 1}, Date{year, time.December, 31}}, nil
	}
	m, ok := digits(s[5:7])
	month := time.Month(m)
	if !ok || s[4] != '-' || month < time.January || month > time.December {
		return Span{}, ErrDate
	}
	if len(s) == 7 {
		return Span{Date{year, month, 1}, Date{year, month, daysIn(year, month)}}, nil
	}
	day, ok := digits(s[8:])
	if !ok || s[7] != '-' || day < 1 || day > daysIn(year, month) {
		return Span{}, ErrDate
	}
	return Exactly(Date{year, month, day}), nil
}

func digits(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = 10*n + int(s[i]-'0')
	}
	return n, true
}
