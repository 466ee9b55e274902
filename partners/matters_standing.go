package partners

import (
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
	ContactNoReply   ContactState = "no_reply"  // an attempt nobody answered
	ContactNoted     ContactState = "noted"     // nothing is owed
)

// standing is how one contact stands on a day.
type standing struct {
	state ContactState
	// due is the earlier of the promised and the statutory date, zero without
	// either.
	due abduction.Date
	// late is by how many days the answer is late, or came late.
	late int
}

// standing works out how the ith contact stands. The due day itself is in time.
// Nothing is overdue in a matter that has ended.
func (m *Matter) standing(i int, today abduction.Date, zone *time.Location, ended abduction.Date) standing {
	e := &m.Contacts[i]
	s := standing{due: e.due()}
	if e.Answer != nil && e.Answer.Satisfied == "yes" {
		s.state = ContactAnswered
		s.lateOn(abduction.DateOf(e.Answer.At, zone))
		return s
	}
	switch {
	case m.corrected(e.N):
		s.state = ContactCorrected
		return s
	case e.NoReply:
		s.state = ContactNoReply
		return s
	case e.Direction == "in" && s.due.IsZero():
		s.state = ContactNoted
		return s
	}
	s.state = ContactOpen
	if !ended.IsZero() {
		return s
	}
	if s.lateOn(today); s.late > 0 {
		s.state = ContactOverdue
	}
	return s
}

func (s *standing) lateOn(day abduction.Date) {
	if !s.due.IsZero() {
		s.late = max(0, s.due.DaysUntil(day))
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

// corrected tells whether a later entry takes the place of the nth.
func (m *Matter) corrected(n int) bool {
	for i := range m.Contacts {
		if m.Contacts[i].Corrects == n {
			return true
		}
	}
	return false
}
