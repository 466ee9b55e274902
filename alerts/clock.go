package alerts

import (
	_ "embed" // clock.csv
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed clock.csv
var clockCSV string

// ClockRule is one step that a kind of case calls for, and by when. The rules
// choose by category, age and risk; they are data that an organisation changes.
type ClockRule struct {
	Key string `json:"key"`
	// Phase is search, or after for what follows the end of the search.
	Phase string `json:"phase"`
	// Categories are those that the step is for; empty means all.
	Categories []Category `json:"categories,omitempty"`
	// AgeFrom and AgeTo are whole years, both included. A child whose age nobody
	// knows counts as of every age.
	AgeFrom int `json:"age_from"`
	AgeTo   int `json:"age_to"`
	// Risk is the lowest grade that calls for the step; empty for every case.
	Risk string `json:"risk,omitempty"`
	// From is what the time counts from: opened, last_seen or ended.
	From   string        `json:"from"`
	Within time.Duration `json:"-"`
	// Proof names the part of the record that shows by itself that the step was
	// done; empty where only a person can say so.
	Proof    string `json:"proof,omitempty"`
	English  string `json:"en"`
	Serbian  string `json:"sr"` // in Cyrillic; Latin is made from it
	Source   string `json:"source"`
	Verified bool   `json:"verified"`
	// ValidFrom is a day YYYY-MM-DD in UTC: cases opened before it do not get the step.
	ValidFrom string `json:"valid_from"`
	validFrom time.Time
}

// proofPolice is the referral to the police: nobody can say that it was made
// without entering it.
const proofPolice = "police"

// clockProofs are the parts of a case that prove a step.
func clockProofs() []string {
	return []string{"", proofPolice, "risk", "last_seen", "photo", "follow_up", "alert", "indicators", "interview"}
}

// LoadClock reads and checks the embedded rules, in their order.
func LoadClock() ([]ClockRule, error) {
	rows, err := csv.NewReader(strings.NewReader(clockCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read clock.csv: %w", err)
	}
	var out []ClockRule
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		r, err := clockRule(row)
		if err == nil && seen[r.Key] {
			err = fmt.Errorf("the step is there twice")
		}
		if err != nil {
			return nil, fmt.Errorf("read clock.csv: %s: %w", row[0], err)
		}
		seen[r.Key] = true
		out = append(out, r)
	}
	return out, nil
}

func clockRule(row []string) (ClockRule, error) {
	r := ClockRule{Key: row[0], Phase: row[1], Risk: row[5], From: row[6], Proof: row[8], English: row[9], Serbian: row[10], Source: row[11], ValidFrom: row[12]}
	var failed error
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 {
			failed = fmt.Errorf("%q is not a whole number", s)
		}
		return n
	}
	r.AgeFrom, r.AgeTo, r.Within = number(row[3]), number(row[4]), time.Duration(number(row[7]))*time.Minute
	for word := range strings.FieldsSeq(row[2]) {
		if word == "*" {
			continue
		}
		if !slices.Contains(Categories(), Category(word)) {
			return r, fmt.Errorf("%q is no category", word)
		}
		r.Categories = append(r.Categories, Category(word))
	}
	var err error
	if r.Verified, err = strconv.ParseBool(row[13]); err != nil {
		return r, fmt.Errorf("verified: %w", err)
	}
	if r.validFrom, err = time.Parse(time.DateOnly, r.ValidFrom); err != nil {
		return r, fmt.Errorf("valid_from: %w", err)
	}
	switch {
	case failed != nil:
		return r, failed
	case r.Key == "" || r.English == "" || r.Serbian == "" || r.Source == "" || r.AgeTo < r.AgeFrom || r.Within == 0:
		return r, fmt.Errorf("the key, the texts, the source, the ages or the time are missing")
	case r.Phase == "search" && r.From != "opened" && r.From != "last_seen", r.Phase == "after" && r.From != "ended", r.Phase != "search" && r.Phase != "after":
		return r, fmt.Errorf("%q does not count from %q", r.Phase, r.From)
	case r.Risk != "" && !slices.Contains(RiskGrades(), r.Risk), !slices.Contains(clockProofs(), r.Proof):
		return r, fmt.Errorf("the risk or the proof is not known")
	}
	return r, nil
}

// clockCase is a case as the rules look at it: what is worked out once.
type clockCase struct {
	*Case
	// ages are the youngest and the oldest that each child may be.
	ages [][2]int
}

// oldest is past every age that a rule names.
const oldest = 1000

func newClockCase(c *Case) clockCase {
	k := clockCase{Case: c}
	at := c.LastSeen.At
	if at.IsZero() {
		at = c.CreatedAt
	}
	for i := range c.Children {
		low, high := ageBetween(c.Children[i].BirthDate, at)
		k.ages = append(k.ages, [2]int{low, high})
	}
	return k
}

func (c *clockCase) hasAge(from, to int) bool {
	return len(c.ages) == 0 || slices.ContainsFunc(c.ages, func(a [2]int) bool { return a[0] <= to && a[1] >= from })
}

// ageBetween is how old in years somebody is, at least and at most, from a birth
// date as far as it is known.
func ageBetween(birth string, at time.Time) (low, high int) {
	first, err := partialDay(birth)
	if err != nil {
		return 0, oldest
	}
	last := first
	switch len(birth) {
	case len("2006"):
		last = first.AddDate(1, 0, -1)
	case len("2006-01"):
		last = first.AddDate(0, 1, -1)
	}
	return max(0, yearsFrom(last, at)), max(0, yearsFrom(first, at))
}

func yearsFrom(born, at time.Time) int {
	years := at.Year() - born.Year()
	if at.Month() < born.Month() || at.Month() == born.Month() && at.Day() < born.Day() {
		years--
	}
	return years
}

// applies tells whether a case calls for the step, and since when it does: when
// a case becomes another kind of case, its new steps begin then.
func (r *ClockRule) applies(c *clockCase) (since time.Time, ok bool) {
	since = c.CreatedAt
	if len(r.Categories) > 0 {
		if !slices.Contains(r.Categories, c.Category) {
			return since, false
		}
		since = later(since, categorySince(c.Case, r.Categories))
	}
	if r.Risk != "" {
		at := riskSince(c.Case, r.Risk)
		if at.IsZero() {
			return since, false
		}
		since = later(since, at)
	}
	if r.From == "ended" && c.Closing != nil {
		since = later(since, c.Closing.ClosedAt)
	}
	return since, c.hasAge(r.AgeFrom, r.AgeTo) && !c.CreatedAt.Before(r.validFrom)
}

// categorySince is since when a case has been of one of these categories without
// a break.
func categorySince(c *Case, of []Category) time.Time {
	var since time.Time
	for i := len(c.Categories) - 1; i >= 0 && slices.Contains(of, c.Categories[i].Category); i-- {
		since = c.Categories[i].At
	}
	return since
}

// riskSince is since when the risk has been at least this grade without a break;
// zero when it is not.
func riskSince(c *Case, grade string) time.Time {
	var since time.Time
	grades := RiskGrades()
	floor := slices.Index(grades, grade)
	for i := len(c.Risks) - 1; i >= 0 && slices.Index(grades, c.Risks[i].Grade) >= floor; i-- {
		since = c.Risks[i].At
	}
	return since
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// proved tells whether the record itself shows that a step was done.
func (c *Case) proved(what string) bool {
	switch what {
	case proofPolice:
		return !c.Police.ReportedAt.IsZero()
	case "risk":
		return len(c.Risks) > 0
	case "last_seen":
		return !c.LastSeen.At.IsZero() && c.LastSeen.Place != nil
	case "photo":
		return len(c.Photos) > 0
	case "follow_up":
		return !c.FollowUp.DueAt.IsZero()
	case "alert":
		return c.State == StateActive || c.State == StatePublic
	case "interview":
		return c.interviewed()
	case "indicators":
		return slices.ContainsFunc(c.Risks, func(r RiskGrade) bool { return r.IndicatorsAsked })
	}
	return false
}
