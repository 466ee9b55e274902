package abduction

import (
	"fmt"
	"slices"
)

// DeadlineRule is a rule by which an institution has to answer, or we have to
// act.
type DeadlineRule struct {
	Basis
	// AsOf is when the source was read. A rule without a first day of validity
	// counts for every day, because the data does not know when it became law.
	AsOf Date `json:"as_of"`
	// Start is what the period runs from: "" for the request itself; "answer"
	// (one that was not what was asked for), "silence" (the day an answer was
	// owed and did not come) and "event" for what we have to do ourselves.
	Start string `json:"start,omitempty"`
	// Matter is what the institution was asked for.
	Matter string `json:"matter"`
	// Kinds are the kinds of institution that it binds or concerns.
	Kinds []string `json:"kinds"`
	// Period is how long; its unit is "unknown" when there is a deadline, or
	// none that binds, whose length the data does not know, and "hours" when the
	// law counts from moment to moment.
	Period Period `json:"period"`
	// Shift moves a last day that is not worked to the next one that is.
	Shift bool `json:"shift,omitempty"`
}

// The units that only deadline rules have: a length that the data does not
// know, and one that runs from the moment of the request.
const (
	unknownPeriod = "unknown"
	hours         = "hours"
)

func (r *DeadlineRule) check(seen map[string]bool) error {
	p := r.Period
	if p.Unit == unknownPeriod {
		if r.Note == "" || r.Verified && r.Country != "" {
			return fmt.Errorf("rule %s: a period that is not known needs a note and is not verified", r.ID)
		}
		p.Unit = "days"
	}
	if p.Unit == hours {
		if r.Start != "" || r.Shift {
			return fmt.Errorf("rule %s: hours run from the request, over days off", r.ID)
		}
		p.Unit = "days"
	}
	if err := r.Basis.check(seen, p); err != nil {
		return err
	}
	switch {
	case r.Matter == "" || len(r.Kinds) == 0:
		return fmt.Errorf("rule %s: matter or kinds are missing", r.ID)
	case r.AsOf.IsZero():
		return fmt.Errorf("rule %s: as_of is missing", r.ID)
	case !slices.Contains([]string{"", "answer", "silence", "event"}, r.Start):
		return fmt.Errorf("rule %s: start %q", r.ID, r.Start)
	}
	return nil
}

// Asked is a request to an institution.
type Asked struct {
	// Country and Kind are the institution's; Matter is what it was asked for.
	Country, Kind, Matter string
	// Route is the matter's legal route.
	Route string
	On    Date
}

// Deadline is a day by which somebody has to act, by law.
type Deadline struct {
	Rule     string
	Source   string
	Verified bool
	Note     string
	// Due is zero when the data does not know the length of the period.
	Due Date
	// Hours is the length of a period that runs from the moment of the request,
	// 0 for one of days. Due is then the last day that it can end on.
	Hours int
}

// Deadline returns the earliest deadline that the law sets for the answer to a
// request, and whether there is any. The day of the request is not counted. A
// rule whose length is not known counts only where there is no other.
func (l *Law) Deadline(a Asked) (Deadline, bool) {
	var out Deadline
	for i := range l.DeadlineRules {
		r := &l.DeadlineRules[i]
		if r.Start != "" || !r.concerns(a) {
			continue
		}
		d := l.due(r, a.Country, a.On)
		if out.Rule == "" || out.Due.IsZero() && !d.Due.IsZero() || !d.Due.IsZero() && d.Due.Before(out.Due) {
			out = d
		}
	}
	return out, out.Rule != ""
}

// Remedies returns what we have to do by which day once a request was answered
// otherwise than asked (start "answer"), was not answered in time ("silence"),
// or something happened ("event") on a day.
func (l *Law) Remedies(a Asked, start string, on Date) []Deadline {
	var out []Deadline
	for i := range l.DeadlineRules {
		if r := &l.DeadlineRules[i]; start != "" && r.Start == start && r.concerns(a) {
			out = append(out, l.due(r, a.Country, on))
		}
	}
	return out
}

// DeadlineBy returns the deadline of one rule for something on a day, whatever
// it is about; ok is false when there is no such rule.
func (l *Law) DeadlineBy(rule, country string, on Date) (Deadline, bool) {
	for i := range l.DeadlineRules {
		if r := &l.DeadlineRules[i]; r.ID == rule {
			return l.due(r, country, on), true
		}
	}
	return Deadline{}, false
}

func (r *DeadlineRule) concerns(a Asked) bool {
	return r.Matter == a.Matter && (r.Country == "" || r.Country == a.Country) && slices.Contains(r.Kinds, a.Kind) && r.holds(a.On, a.Route)
}

func (l *Law) due(r *DeadlineRule, country string, on Date) Deadline {
	d := Deadline{Rule: r.ID, Source: r.Source, Verified: r.Verified, Note: r.Note}
	if r.Period.Unit == unknownPeriod {
		return d
	}
	if r.Period.Unit == hours {
		d.Hours, d.Due = r.Period.Amount, on.AddDays((r.Period.Amount+23)/24)
		return d
	}
	cal := l.Calendar(country)
	d.Due = r.Period.after(on, cal)
	if r.Shift {
		d.Due = cal.Shift(d.Due)
	}
	return d
}

// KnowsHolidays tells whether the data has the holidays of a country. Without
// them only Saturdays and Sundays count as days off.
func (l *Law) KnowsHolidays(country string) bool { return l.Calendar(country).Source != "" }

// Rule returns what a deadline rule rests on, by its id.
func (l *Law) Rule(id string) (Basis, bool) {
	for i := range l.DeadlineRules {
		if l.DeadlineRules[i].ID == id {
			return l.DeadlineRules[i].Basis, true
		}
	}
	return Basis{}, false
}

// Matters returns what institutions can be asked for, in the order of the data.
func (l *Law) Matters() []string {
	var out []string
	for i := range l.DeadlineRules {
		if r := &l.DeadlineRules[i]; !slices.Contains(out, r.Matter) {
			out = append(out, r.Matter)
		}
	}
	return out
}
