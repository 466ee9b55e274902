package alerts

import (
	_ "embed" // retention.csv
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed retention.csv
var retentionCSV string

// The parts that a rule of retention is about: the whole file of a case, what
// outlives it, or how long the decision to erase one can be stopped.
const (
	retentionFile  = "file"
	retentionStays = "stays"
	retentionWait  = "wait"
)

// RetentionRule says how long the file of a case is kept after the case has
// ended, or what is left of it afterwards. The texts say what the time is for
// and not how the case ended, which few may read.
type RetentionRule struct {
	Key  string `json:"key"`
	Part string `json:"part"` // file, stays, wait
	// Days count from the closing, or from the decision. UntilAge is the age that the youngest child
	// must have reached besides, by the end of a year; 0 for none.
	Days      int    `json:"days,omitempty"`
	UntilAge  int    `json:"until_age,omitempty"`
	Country   string `json:"country"` // "*" for any
	English   string `json:"en"`
	Serbian   string `json:"sr"` // in Cyrillic; Latin is made from it
	Source    string `json:"source"`
	ValidFrom string `json:"valid_from"`
	Verified  bool   `json:"verified"`
	// outcomes and categories are those that the rule is for; nil for all.
	outcomes   []string
	categories []Category
}

// LoadRetention reads and checks the embedded rules. The first that fits counts,
// and one fits every way in which a case can end.
func LoadRetention() ([]RetentionRule, error) {
	rows, err := csv.NewReader(strings.NewReader(retentionCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read retention.csv: %w", err)
	}
	var out []RetentionRule
	for _, row := range rows[1:] {
		r, err := retentionRule(row)
		if err == nil {
			err = r.check(out)
		}
		if err != nil {
			return nil, fmt.Errorf("read retention.csv: %s: %w", row[0], err)
		}
		out = append(out, r)
	}
	if waitRule(out) == nil {
		return nil, fmt.Errorf("read retention.csv: no rule for the wait before a file is erased")
	}
	for _, o := range Outcomes() {
		for _, c := range Categories() {
			if fileRule(out, o, c) == nil {
				return nil, fmt.Errorf("read retention.csv: no rule for %s, %s", o, c)
			}
		}
	}
	return out, nil
}

func retentionRule(row []string) (RetentionRule, error) {
	r := RetentionRule{Key: row[0], Part: row[1], Country: row[4], English: row[7], Serbian: row[8], Source: row[9], ValidFrom: row[10]}
	if row[2] != "*" {
		r.outcomes = strings.Fields(row[2])
	}
	if row[3] != "*" {
		r.categories = categoriesIn(row[3])
	}
	var err error
	if r.Days, err = strconv.Atoi(row[5]); err != nil {
		return r, fmt.Errorf("days: %w", err)
	}
	if r.UntilAge, err = strconv.Atoi(row[6]); err != nil {
		return r, fmt.Errorf("until age: %w", err)
	}
	if r.Verified, err = strconv.ParseBool(row[11]); err != nil {
		return r, fmt.Errorf("verified: %w", err)
	}
	return r, nil
}

func (r *RetentionRule) check(before []RetentionRule) error {
	_, err := time.Parse(time.DateOnly, r.ValidFrom)
	switch {
	case err != nil:
		return fmt.Errorf("valid from: %w", err)
	case r.Key == "" || slices.ContainsFunc(before, func(o RetentionRule) bool { return o.Key == r.Key }):
		return fmt.Errorf("its key is empty or there twice")
	case r.Part != retentionFile && r.Part != retentionStays && r.Part != retentionWait:
		return fmt.Errorf("the part %q is not known", r.Part)
	case r.Part != retentionStays && r.Days < 1 || r.Part == retentionStays && r.Days != 0 || r.UntilAge < 0:
		return fmt.Errorf("the time is missing, or does not belong here")
	case r.English == "" || r.Serbian == "" || r.Source == "" || r.Country == "":
		return fmt.Errorf("a text, the country or the source is missing")
	case slices.ContainsFunc(r.outcomes, func(o string) bool { return !slices.Contains(Outcomes(), o) }),
		slices.ContainsFunc(r.categories, func(c Category) bool { return !slices.Contains(Categories(), c) }):
		return fmt.Errorf("an outcome or a category is not known")
	}
	return nil
}

func (r *RetentionRule) fits(outcome string, c Category) bool {
	return (r.outcomes == nil || slices.Contains(r.outcomes, outcome)) && (r.categories == nil || slices.Contains(r.categories, c))
}

// RetentionRule returns the rule with this key, nil where there is none any more.
func (d *Desk) RetentionRule(key string) *RetentionRule {
	return firstRule(d.retention, func(r *RetentionRule) bool { return r.Key == key })
}

// waitRule returns the rule for how long the decision to erase a file can be
// stopped, nil when there is none.
func waitRule(rules []RetentionRule) *RetentionRule {
	return firstRule(rules, func(r *RetentionRule) bool { return r.Part == retentionWait })
}

// fileRule returns the rule for the file of a case, nil when there is none.
func fileRule(rules []RetentionRule, outcome string, c Category) *RetentionRule {
	return firstRule(rules, func(r *RetentionRule) bool { return r.Part == retentionFile && r.fits(outcome, c) })
}

func firstRule(rules []RetentionRule, chosen func(*RetentionRule) bool) *RetentionRule {
	for i := range rules {
		if chosen(&rules[i]) {
			return &rules[i]
		}
	}
	return nil
}

// dueAt is when the time of a closed case is over. Without a whole birth date the
// latest day that it can be counts, and without any the day of the closing: what
// is not known never makes the time shorter. An age is reached at the end of its
// year, because who reads the day need not know the birthday.
func (r *RetentionRule) dueAt(c *Case) time.Time {
	due := c.Closing.ClosedAt.AddDate(0, 0, r.Days)
	if r.UntilAge == 0 {
		return due
	}
	for i := range c.Children {
		born := lastBirth(c.Children[i].BirthDate, c.Closing.ClosedAt)
		due = later(due, time.Date(born.Year()+r.UntilAge+1, time.January, 1, 0, 0, 0, 0, time.UTC))
	}
	return due
}

// lastBirth is the latest day on which somebody can have been born, from a birth
// date as far as it is known; unknown when nothing is.
func lastBirth(birth string, unknown time.Time) time.Time {
	first, err := partialDay(birth)
	switch {
	case err != nil:
		return unknown
	case len(birth) == len("2006"):
		return first.AddDate(1, 0, -1)
	case len(birth) == len("2006-01"):
		return first.AddDate(0, 1, -1)
	}
	return first
}
