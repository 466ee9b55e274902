package alerts

import (
	"slices"

	"homeward/alerts/names"
)

// caseShelf holds the cases of a board.
type caseShelf struct {
	byID     map[string]*heldCase
	byNumber map[string]string
	created  timeline[none]
	updated  timeline[none]
	lastSeen timeline[none]
	// followUps is by when the family is to be called.
	followUps timeline[none]
	// closings are cases whose end nobody has confirmed yet, by closing time.
	closings timeline[none]
	// unreported are open cases without a report to the police and without a
	// reason why there is none.
	unreported map[string]bool
	// names finds cases by names that are like each other; nil until somebody asks.
	names *names.Index
	// merged leads from a case to its aliases.
	merged mergedShelf
	// apart leads from a record to the cases that were judged not to be about its
	// child.
	apart apartShelf
	// access counts the changes after which somebody may see another set of
	// cases than before.
	access uint64
}

type heldCase struct {
	*Case
	keys string // see searchKeys
}

func newCaseShelf() caseShelf {
	return caseShelf{byID: map[string]*heldCase{}, byNumber: map[string]string{}, unreported: map[string]bool{}, merged: mergedShelf{}, apart: apartShelf{}}
}

// caseMarks are a case's places in the timelines; zero where it has none.
type caseMarks struct{ created, updated, lastSeen, followUp, closing mark }

func marksOf(c *Case) caseMarks {
	m := caseMarks{
		created:  markOf(c.CreatedAt, c.ID),
		updated:  markOf(c.UpdatedAt, c.ID),
		lastSeen: markOf(c.LastSeen.At, c.ID),
	}
	if c.Merged != nil {
		return m // the case that it leads to is worked on
	}
	if !c.FollowUp.DueAt.IsZero() && (c.State == StateFound || !c.State.Ended()) {
		m.followUp = markOf(c.FollowUp.DueAt, c.ID)
	}
	if c.Closing != nil && c.Closing.ConfirmedAt.IsZero() {
		m.closing = markOf(c.Closing.ClosedAt, c.ID)
	}
	return m
}

func (s *caseShelf) put(c *Case, keys string) {
	var old caseMarks
	var merged *Merging
	var apart []Apart
	was, ok := s.byID[c.ID]
	if ok {
		if was.Number > c.Number {
			return // a later change has been installed already
		}
		old, merged, apart = marksOf(was.Case), was.Merged, was.NotSame
		if was.CaseNumber != c.CaseNumber {
			delete(s.byNumber, was.CaseNumber)
		}
	}
	if !ok || was.State != c.State || was.Restricted != c.Restricted || !slices.Equal(was.Team, c.Team) {
		s.access++
	}
	s.move(old, marksOf(c))
	s.merged.move(c.ID, merged, c.Merged)
	s.apart.move(c.ID, apart, c.NotSame)
	s.byID[c.ID] = &heldCase{c, keys}
	s.byNumber[c.CaseNumber] = c.ID
	if s.names != nil {
		s.names.Put(c.ID, namesOf(c)...)
	}
	if !c.Police.Settled() && !c.State.Ended() && c.Merged == nil {
		s.unreported[c.ID] = true
	} else {
		delete(s.unreported, c.ID)
	}
}

func (s *caseShelf) move(from, to caseMarks) {
	s.created.move(from.created, to.created, none{})
	s.updated.move(from.updated, to.updated, none{})
	s.lastSeen.move(from.lastSeen, to.lastSeen, none{})
	s.followUps.move(from.followUp, to.followUp, none{})
	s.closings.move(from.closing, to.closing, none{})
}

// gather and settle stand around a start, which puts in many cases at once.
func (s *caseShelf) gather() {
	for _, t := range s.timelines() {
		t.gather()
	}
}

func (s *caseShelf) settle() {
	for _, t := range s.timelines() {
		t.settle()
	}
}

func (s *caseShelf) timelines() [5]*timeline[none] {
	return [...]*timeline[none]{&s.created, &s.updated, &s.lastSeen, &s.followUps, &s.closings}
}

func (s *caseShelf) drop(id string) {
	was, ok := s.byID[id]
	if !ok {
		return
	}
	s.access++
	s.move(marksOf(was.Case), caseMarks{})
	s.merged.move(id, was.Merged, nil)
	s.apart.move(id, was.NotSame, nil)
	delete(s.byID, id)
	delete(s.byNumber, was.CaseNumber)
	delete(s.unreported, id)
	if s.names != nil {
		s.names.Drop(id)
	}
}

// Case returns a case by its id.
func (b *Board) Case(id string) (*Case, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if c, ok := b.cases.byID[id]; ok {
		return c.Case, true
	}
	return nil, false
}

// CaseByNumber returns a case by its public number in normal form.
func (b *Board) CaseByNumber(number string) (*Case, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if c, ok := b.cases.byID[b.cases.byNumber[number]]; ok {
		return c.Case, true
	}
	return nil, false
}
