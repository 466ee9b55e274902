package partners

import (
	"slices"
	"time"

	"homeward/partners/abduction"
)

// ContactState is how a contact stands.
type ContactState string

// The states of a contact.
const (
	ContactOpen      ContactState = "open"      // an answer is owed
	ContactOverdue   ContactState = "overdue"   // an answer is owed and late
	ContactAnswered  ContactState = "answered"  // with what was wanted
	ContactCorrected ContactState = "corrected" // a later entry stands for it
	ContactEscalated ContactState = "escalated" // taken to a higher rung
	ContactWithdrawn ContactState = "withdrawn" // taken back
	ContactNoReply   ContactState = "no_reply"  // an attempt nobody answered
	ContactNoted     ContactState = "noted"     // nothing is owed
)

// contactLog is the entries of one log, in their order.
type contactLog []MatterContact

// standing is how one contact stands on a day.
type standing struct {
	state ContactState
	// due is the earlier of the promised and the statutory date, zero without
	// either.
	due abduction.Date
	// at is the moment that the law sets, where that is what is due.
	at time.Time
	// late is by how many days the answer is late, or came late.
	late int
}

// standing works out how the ith contact stands now. The due day itself is in
// time, unless the law sets the moment. Nothing is overdue once what it is about
// has ended.
func (l contactLog) standing(i int, now time.Time, zone *time.Location, ended abduction.Date) standing {
	e := &l[i]
	s := standing{due: e.due()}
	if s.due.String() == e.StatutoryDate {
		s.at = e.StatutoryAt
	}
	if e.Answer != nil && e.Answer.Satisfied == "yes" {
		s.state = ContactAnswered
		s.lateAt(e.Answer.At, zone)
		return s
	}
	switch {
	case l.linked(e.N, corrects):
		s.state = ContactCorrected
		return s
	case l.linked(e.N, withdraws):
		s.state = ContactWithdrawn
		return s
	case e.NoReply:
		s.state = ContactNoReply
		return s
	case e.Withdraws > 0, e.Direction == "in" && s.due.IsZero():
		s.state = ContactNoted
		return s
	}
	s.state = ContactOpen
	if !ended.IsZero() {
		return s
	}
	s.lateAt(now, zone)
	switch {
	case l.linked(e.N, escalates):
		s.state = ContactEscalated
	case s.late > 0:
		s.state = ContactOverdue
	}
	return s
}

// lateAt counts the days by which a moment is late: what passes the moment that
// the law sets is late by a day at once.
func (s *standing) lateAt(t time.Time, zone *time.Location) {
	if s.due.IsZero() {
		return
	}
	s.late = max(0, s.due.DaysUntil(abduction.DateOf(t, zone)))
	if !s.at.IsZero() && t.After(s.at) {
		s.late = max(1, s.late)
	}
}

// due is the earlier of the promised and the statutory date.
func (e *MatterContact) due() abduction.Date {
	promised, _ := parseDay(e.PromisedDate)
	statutory, ok := parseDay(e.StatutoryDate)
	if promised.IsZero() || ok && statutory.Before(promised) {
		return statutory
	}
	return promised
}

func corrects(e *MatterContact) int  { return e.Corrects }
func withdraws(e *MatterContact) int { return e.Withdraws }
func escalates(e *MatterContact) int { return e.Escalates }

// linked tells whether a later entry names the nth in this way.
func (l contactLog) linked(n int, by func(*MatterContact) int) bool {
	return slices.ContainsFunc(l, func(e MatterContact) bool { return by(&e) == n })
}

// stepOpen tells whether the next step of the ith entry is still to be done: a
// later entry that goes on from it does it too.
func (l contactLog) stepOpen(i int) bool {
	e := &l[i]
	return e.Next != nil && e.Next.DoneAt.IsZero() &&
		!slices.ContainsFunc(l, func(o MatterContact) bool {
			return o.Follows == e.N || o.Escalates == e.N || o.Withdraws == e.N || o.Corrects == e.N
		})
}
