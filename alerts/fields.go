package alerts

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"homeward/geo"
)

// The longest texts of records, in characters, and the longest lists.
const (
	maxNameText = 200
	maxLine     = 500
	maxNote     = 10_000
	maxStory    = 50_000
	maxChildren = 40
	maxNames    = 40
	maxTeam     = 200
	maxPhotos   = 10
	// clockSlack is how far ahead of ours a client's clock may be.
	clockSlack = 2 * time.Minute
)

// inspection goes through an input and collects everything that is wrong with
// it. It also tidies texts in place, so that what was checked is what is kept.
type inspection struct {
	Fields
	now     time.Time
	regions *geo.Regions
}

// text tidies a text and refuses one that is too long or cannot be shown.
func (i *inspection) text(field string, s *string, limit int) {
	*s = tidyText(*s)
	textField(&i.Fields, field, *s, limit)
}

// required refuses a text that is empty once it has been tidied.
func (i *inspection) required(field string, s *string, limit int, message string) {
	i.text(field, s, limit)
	if *s == "" {
		i.Add(field, "required", message)
	}
}

// oneOf refuses a word that is not in the list, and says what is.
func oneOf[T ~string](i *inspection, field string, word T, allowed []T) {
	list := make([]string, len(allowed))
	for k, w := range allowed {
		if w == word {
			return
		}
		list[k] = string(w)
	}
	if word == "" {
		i.Add(field, "required", "Choose one of: "+strings.Join(list, ", ")+".")
		return
	}
	i.Add(field, "unknown_value", "This value is not known. Choose one of: "+strings.Join(list, ", ")+".")
}

// past refuses a time that has not come yet. The zero time passes.
func (i *inspection) past(field string, t time.Time) {
	if t.After(i.now.Add(clockSlack)) {
		i.Add(field, "future", "This time has not come yet.")
	}
	i.sane(field, t)
}

// ahead refuses a time that has passed. The zero time passes.
func (i *inspection) ahead(field string, t time.Time) {
	if !t.IsZero() && t.Before(i.now.Add(-clockSlack)) {
		i.Add(field, "past", "This time has passed.")
	}
	i.sane(field, t)
}

// sane refuses years that no record of ours has and that some stores cannot
// hold.
func (i *inspection) sane(field string, t time.Time) {
	if !t.IsZero() && (t.Year() < 1900 || t.Year() > 2200) {
		i.Add(field, "bad_time", "This year cannot be right.")
	}
}

// between refuses a number outside the limits.
func between[T int | float64](i *inspection, field string, n, low, high T) {
	if !(n >= low && n <= high) {
		i.Add(field, "out_of_range", fmt.Sprintf("This must be between %v and %v.", low, high))
	}
}

// place refuses a point that is not on Earth, or whose coordinates look
// exchanged. Nil passes.
func (i *inspection) place(field string, p *geo.Point) {
	if p == nil {
		return
	}
	code := "bad_place"
	if p.Validate() == nil {
		code = "looks_swapped"
	}
	if err := i.regions.CheckPoint(*p); err != nil {
		i.Add(field, code, upperFirst(strings.TrimPrefix(err.Error(), errText(geo.ErrPoint)))+".")
	}
}

func errText(err error) string { return err.Error() + ": " }

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// day refuses what is not YYYY, YYYY-MM or YYYY-MM-DD, or lies ahead. An empty
// text passes. The first day it may mean is returned.
func (i *inspection) day(field, s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	first, err := partialDay(s)
	if err != nil {
		i.Add(field, "not_a_date", "Write the date as YYYY-MM-DD, or only YYYY-MM or YYYY when the rest is not known.")
		return time.Time{}
	}
	if first.After(i.now.Add(24 * time.Hour)) { // it may be tomorrow already where the child is
		i.Add(field, "future", "This date has not come yet.")
	}
	if first.Year() < 1900 {
		i.Add(field, "bad_time", "This year cannot be right.")
	}
	return first
}

var errDay = errors.New("not a date")

// partialDay reads a date as far as it is known.
func partialDay(s string) (time.Time, error) {
	for _, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		if len(s) == len(layout) {
			if t, err := time.Parse(layout, s); err == nil {
				return t, nil
			}
		}
	}
	return time.Time{}, errDay
}

// reporter tidies and checks who made a report. Nil passes.
func (i *inspection) reporter(field string, r *Reporter) {
	if r == nil {
		return
	}
	i.text(field+".name", &r.Name, maxNameText)
	i.text(field+".phone", &r.Phone, maxNameText)
	i.text(field+".email", &r.Email, maxNameText)
	if r.Email != "" && !strings.Contains(strings.Trim(r.Email, "@"), "@") {
		i.Add(field+".email", "bad_email", "This is not an e-mail address.")
	}
}

// given returns the reporter, or nil when nothing was filled in.
func given(r *Reporter) *Reporter {
	if r == nil || *r == (Reporter{}) {
		return nil
	}
	return r
}

// language refuses what has not the form of a language tag. Empty passes.
func (i *inspection) language(field, s string) {
	if s != "" && !isLanguage(s) {
		i.Add(field, "unknown_language", "Write a language tag such as sr-Latn or en.")
	}
}
