package alerts

import (
	"regexp"
	"strings"
)

// isE164 tells whether a telephone number has its international form, such as
// +38111000000.
func isE164(s string) bool { return regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`).MatchString(s) }

// internationalPhone writes a telephone number that somebody typed with its
// country code as +38111000000. It is false for one without: nobody can say then
// whose it is.
func internationalPhone(s string) (string, bool) {
	s = strings.TrimSpace(s)
	digits := digitsOf(s)
	switch {
	case strings.HasPrefix(s, "+"):
	case strings.HasPrefix(digits, "00"):
		digits = digits[2:]
	default:
		return "", false
	}
	number := "+" + digits
	return number, isE164(number)
}

// phoneTail is the part of a telephone number by which two spellings of one are
// alike, with or without the country code; empty for what is too short to tell.
func phoneTail(s string) string {
	const enough, least = 8, 6
	d := digitsOf(s)
	switch {
	case len(d) < least:
		return ""
	case len(d) <= enough:
		return d
	}
	return d[len(d)-enough:]
}

// callerKey is the keyed hash by which contacts of one telephone number are
// found, nil for none. Only this installation can compute it.
func (d *Desk) callerKey(r *Reporter) []byte {
	if r == nil {
		return nil
	}
	tail := phoneTail(r.Phone)
	if tail == "" {
		return nil
	}
	return d.Ring.MAC("caller", []byte(tail))
}

// What may be blocked.
const (
	blockPhone = "phone"
	blockEmail = "email"
)

// exactKey is the keyed hash of a whole number or address: a block must not fall
// on a number that only ends alike.
func (d *Desk) exactKey(kind, value string) []byte {
	return d.Ring.MAC("caller "+kind, []byte(strings.ToLower(value)))
}

// WholeNumber tells whether a telephone number was written with its country
// code.
func WholeNumber(s string) bool {
	_, ok := internationalPhone(s)
	return ok
}
