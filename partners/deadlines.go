package partners

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/partners/abduction"
)

// DeadlineKind says what kind of promise or duty a deadline is.
type DeadlineKind string

// The kinds of deadline.
const (
	DeadlineContact   DeadlineKind = "contact"   // an institution owes an answer
	DeadlineClock     DeadlineKind = "clock"     // a clock of an abduction matter
	DeadlineFollowUp  DeadlineKind = "follow_up" // the family is to be called
	DeadlinePromise   DeadlineKind = "promise"   // promised to somebody who called
	DeadlineStep      DeadlineKind = "step"      // our next step with an institution
	DeadlineProcedure DeadlineKind = "procedure" // a step of an abduction matter
	DeadlineRemedy    DeadlineKind = "remedy"    // our time for a remedy runs out
	DeadlineJourney   DeadlineKind = "journey"   // a child may be taken abroad
	DeadlineStay      DeadlineKind = "stay"      // an agreed stay abroad ends
	DeadlineMeasure   DeadlineKind = "measure"   // a measure against a removal ends
	DeadlineReferral  DeadlineKind = "referral"  // who was asked for a service owes an answer
)

// DeadlineKinds returns the kinds of deadline.
func DeadlineKinds() []DeadlineKind {
	return []DeadlineKind{DeadlineContact, DeadlineStep, DeadlineRemedy, DeadlineClock, DeadlineProcedure, DeadlineFollowUp, DeadlinePromise, DeadlineJourney, DeadlineStay, DeadlineMeasure, DeadlineReferral, DeadlineCaseStep, DeadlineTask, DeadlineConference, DeadlineAction}
}

// DeadlineItem is one line of the list of deadlines.
type DeadlineItem struct {
	Kind  DeadlineKind `json:"kind"`
	State string       `json:"state"` // running, overdue
	// Due is the day, and DueAt the instant for what is due at a time of day.
	// Due is null for a clock whose end is not known.
	Due      *string    `json:"due"`
	DueAt    *time.Time `json:"due_at,omitempty"`
	DaysLeft *int       `json:"days_left"`

	CaseID     string `json:"case_id,omitempty"`
	CaseNumber string `json:"case_number,omitempty"`
	MatterID   string `json:"matter_id,omitempty"`
	// N is the number of the contact in the log of its matter, or of its case
	// when there is no MatterID.
	N int `json:"n,omitempty"`
	// ContactID is the hotline contact of a promise.
	ContactID string `json:"contact_id,omitempty"`
	// PreventionID is the prevention record of a journey, a stay or a measure,
	// PreventionNumber what it is called.
	PreventionID     string `json:"prevention_id,omitempty"`
	PreventionNumber string `json:"prevention_number,omitempty"`
	// ReferralID and ReferralNumber are of a referral, Receiver who was asked.
	ReferralID     string `json:"referral_id,omitempty"`
	ReferralNumber string `json:"referral_number,omitempty"`
	Receiver       string `json:"receiver,omitempty"`
	// ConferenceID and ConferenceNumber are of a case conference, or of what an
	// organisation took on there; Receiver is then the organisation.
	ConferenceID     string `json:"conference_id,omitempty"`
	ConferenceNumber string `json:"conference_number,omitempty"`
	ChildID          string `json:"child_id,omitempty"`
	// Step is the step of the procedure; N is then its round.
	Step            string `json:"step,omitempty"`
	InstitutionID   string `json:"institution_id,omitempty"`
	InstitutionName string `json:"institution_name,omitempty"`
	// Person is the account that looks after it.
	Person     string `json:"person,omitempty"`
	PersonName string `json:"person_name,omitempty"`
	Rule       string `json:"rule,omitempty"`
	Source     string `json:"source,omitempty"`
	// Verified tells whether the rule was checked; promises have no rule.
	Verified   bool   `json:"verified"`
	NextStep   string `json:"next_step,omitempty"`
	NextStepID string `json:"next_step_id,omitempty"`
	// sub tells two deadlines of one prevention record apart.
	sub string
}

// DeadlineCount sums up what one person looks after or one institution owes.
type DeadlineCount struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Overdue int    `json:"overdue"`
	Running int    `json:"running"`
}

// DeadlineList is a page of deadlines, soonest first, with sums over all that
// the filter chooses. Next is nil on the last page.
type DeadlineList struct {
	Items        []DeadlineItem  `json:"items"`
	Next         *string         `json:"next"`
	Overdue      int             `json:"overdue"`
	Running      int             `json:"running"`
	Persons      []DeadlineCount `json:"persons"`
	Institutions []DeadlineCount `json:"institutions"`
}

// DeadlineFilter chooses deadlines. Zero fields choose all.
type DeadlineFilter struct {
	Person, Institution, Case string
	Kind                      DeadlineKind
	State                     string // running, overdue
	// Until is the last day to list, YYYY-MM-DD; what has no known end is then
	// left out.
	Until  string
	Cursor string
	Limit  int // 50 when it is 0, at most 200
}

// Deadlines lists everything that is overdue or coming, across all cases that
// the actor may see. Clocks that have stopped are not in it.
func (d *Desk) Deadlines(ctx context.Context, a alerts.Actor, f DeadlineFilter) (DeadlineList, error) {
	out := DeadlineList{Items: []DeadlineItem{}, Persons: []DeadlineCount{}, Institutions: []DeadlineCount{}}
	after, err := openCursor(f.Cursor)
	if err != nil {
		return out, err
	}
	g, err := d.gather(a, f.Kind)
	if err != nil {
		return out, err
	}
	if err := f.check(newChecker(g.now, g.zone)); err != nil {
		return out, err
	}
	chosen := slices.DeleteFunc(g.items, func(i DeadlineItem) bool { return !f.chooses(&i) })
	slices.SortStableFunc(chosen, func(x, y DeadlineItem) int { return slices.Compare(x.place(), y.place()) })
	if len(g.classes) > 0 {
		if err := d.Reads.Record(ctx, a, f.subject(), g.classes...); err != nil {
			return out, err
		}
	}
	out.sum(chosen)
	out.page(chosen, after, pageLimit(f.Limit))
	return out, nil
}

// subject names the list in read records.
func (f *DeadlineFilter) subject() string {
	return fmt.Sprintf("deadlines?person=%s&institution=%s&case=%s&kind=%s&state=%s&until=%s", f.Person, f.Institution, f.Case, f.Kind, f.State, f.Until)
}

func (f *DeadlineFilter) check(c *checker) error {
	if f.Kind != "" {
		var kinds []string
		for _, k := range DeadlineKinds() {
			kinds = append(kinds, string(k))
		}
		c.oneOf("kind", string(f.Kind), kinds)
	}
	if f.State != "" {
		c.oneOf("state", f.State, []string{string(abduction.Running), string(abduction.Overdue)})
	}
	f.Until = c.date("until", f.Until).String()
	for field, s := range map[string]string{"person": f.Person, "institution": f.Institution, "case": f.Case} {
		c.line(field, s, false)
	}
	return c.Err()
}

func (f *DeadlineFilter) chooses(i *DeadlineItem) bool {
	return (f.Person == "" || f.Person == i.Person) &&
		(f.Institution == "" || f.Institution == i.InstitutionID) &&
		(f.Case == "" || f.Case == i.CaseID) &&
		(f.Kind == "" || f.Kind == i.Kind) &&
		(f.State == "" || f.State == i.State) &&
		(f.Until == "" || i.Due != nil && *i.Due <= f.Until)
}

// place is what the list is ordered by: the soonest first, what has no known
// end last, ties by what it is.
func (i *DeadlineItem) place() []string {
	due, at := "9999", ""
	if i.Due != nil {
		due = *i.Due
	}
	if i.DueAt != nil {
		at = i.DueAt.UTC().Format("2006-01-02T15:04:05.000")
	}
	return []string{due, at, string(i.Kind), i.CaseNumber, i.MatterID + i.ContactID + i.PreventionID + i.ReferralID + i.ConferenceID + i.sub, fmt.Sprintf("%08d", i.N), i.Rule, i.ChildID}
}

// Identity is the same for one deadline whatever its day becomes.
func (i *DeadlineItem) Identity() string {
	n := i.N
	if i.Kind == DeadlineCaseStep {
		n = 0 // there it counts the steps that are overdue, which grows by itself
	}
	return strings.Join([]string{string(i.Kind), i.CaseID, i.MatterID, i.ContactID, i.PreventionID + i.ReferralID + i.ConferenceID, i.sub, strconv.Itoa(n), i.Rule, i.ChildID}, " ")
}

func (l *DeadlineList) page(chosen []DeadlineItem, after []string, limit int) {
	for i := range chosen {
		if after != nil && slices.Compare(chosen[i].place(), after) <= 0 {
			continue
		}
		if len(l.Items) == limit {
			next := sealCursor(l.Items[limit-1].place())
			l.Next = &next
			return
		}
		l.Items = append(l.Items, chosen[i])
	}
}

func (l *DeadlineList) sum(chosen []DeadlineItem) {
	persons, institutions := map[string]*DeadlineCount{}, map[string]*DeadlineCount{}
	for i := range chosen {
		it := &chosen[i]
		all := DeadlineCount{Overdue: l.Overdue, Running: l.Running}
		all.add(it)
		l.Overdue, l.Running = all.Overdue, all.Running
		count(persons, it.Person, it.PersonName, it)
		count(institutions, it.InstitutionID, it.InstitutionName, it)
	}
	l.Persons, l.Institutions = counts(persons), counts(institutions)
}

func count(of map[string]*DeadlineCount, id, name string, it *DeadlineItem) {
	if id == "" {
		return
	}
	if of[id] == nil {
		of[id] = &DeadlineCount{ID: id, Name: name}
	}
	of[id].add(it)
}

func (c *DeadlineCount) add(it *DeadlineItem) {
	if it.State == string(abduction.Overdue) {
		c.Overdue++
	} else {
		c.Running++
	}
}

// counts puts those with the most overdue first.
func counts(of map[string]*DeadlineCount) []DeadlineCount {
	out := make([]DeadlineCount, 0, len(of))
	for _, c := range of {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(x, y DeadlineCount) int {
		return cmp.Or(y.Overdue-x.Overdue, y.Running-x.Running, strings.Compare(x.Name, y.Name), strings.Compare(x.ID, y.ID))
	})
	return out
}

// subjectNumber is the number of an instance, 0 for none.
func subjectNumber(c *abduction.Clock) int {
	n, err := strconv.Atoi(c.Subject)
	if c.Kind != "instance" || err != nil {
		return 0
	}
	return n
}
