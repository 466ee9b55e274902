package abduction

import "slices"

// Asked is a request to an institution.
type Asked struct {
	// Country and Kind are the institution's; Matter is what it was asked for.
	Country, Kind, Matter string
	// Route is the matter's legal route.
	Route string
	On    Date
}

// Deadline is the day by which an institution has to answer, by law.
type Deadline struct {
	Rule     string
	Source   string
	Verified bool
	Due      Date
}

// Deadline returns the earliest deadline that the law sets for a request, and
// whether there is any. The day of the request is not counted.
func (l *Law) Deadline(a Asked) (Deadline, bool) {
	var out Deadline
	for i := range l.DeadlineRules {
		r := &l.DeadlineRules[i]
		if r.Matter != a.Matter || r.Country != "" && r.Country != a.Country ||
			!slices.Contains(r.Kinds, a.Kind) || !r.holds(a.On, a.Route) {
			continue
		}
		cal := l.Calendar(a.Country)
		due := r.Period.after(a.On, cal)
		if r.Shift {
			due = cal.Shift(due)
		}
		if out.Rule == "" || due.Before(out.Due) {
			out = Deadline{r.ID, r.Source, r.Verified, due}
		}
	}
	return out, out.Rule != ""
}

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
	for _, r := range l.DeadlineRules {
		if !slices.Contains(out, r.Matter) {
			out = append(out, r.Matter)
		}
	}
	return out
}
