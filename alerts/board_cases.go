package alerts

import (
	"slices"
	"strings"
	"time"

	"homeward/geo/script"
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
	// unreported are open cases without a report to the police.
	unreported map[string]bool
	// access counts the changes after which somebody may see another set of
	// cases than before.
	access uint64
}

type heldCase struct {
	*Case
	keys string // see searchKeys
}

func newCaseShelf() caseShelf {
	return caseShelf{byID: map[string]*heldCase{}, byNumber: map[string]string{}, unreported: map[string]bool{}}
}

// caseMarks are a case's places in the timelines; zero where it has none.
type caseMarks struct{ created, updated, lastSeen, followUp, closing mark }

func marksOf(c *Case) caseMarks {
	m := caseMarks{
		created:  markOf(c.CreatedAt, c.ID),
		updated:  markOf(c.UpdatedAt, c.ID),
		lastSeen: markOf(c.LastSeen.At, c.ID),
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
	was, ok := s.byID[c.ID]
	if ok {
		if was.Number > c.Number {
			return // a later change has been installed already
		}
		old = marksOf(was.Case)
		if was.CaseNumber != c.CaseNumber {
			delete(s.byNumber, was.CaseNumber)
		}
	}
	if !ok || was.State != c.State || was.Restricted != c.Restricted || !slices.Equal(was.Team, c.Team) {
		s.access++
	}
	s.move(old, marksOf(c))
	s.byID[c.ID] = &heldCase{c, keys}
	s.byNumber[c.CaseNumber] = c.ID
	if c.Police.ReportedAt.IsZero() && !c.State.Ended() {
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

func (s *caseShelf) drop(id string) {
	was, ok := s.byID[id]
	if !ok {
		return
	}
	s.access++
	s.move(marksOf(was.Case), caseMarks{})
	delete(s.byID, id)
	delete(s.byNumber, was.CaseNumber)
	delete(s.unreported, id)
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

// CaseOrder names a list's order, newest first.
type CaseOrder string

// The orders of the list of cases.
const (
	ByCreated  CaseOrder = "created_at"
	ByUpdated  CaseOrder = "updated_at"
	ByLastSeen CaseOrder = "last_seen_at"
)

// CaseFilter chooses cases. Zero fields choose all.
type CaseFilter struct {
	States   []State
	Category Category
	// Text is looked for at the start of words in names, in both scripts, and
	// in case numbers.
	Text  string
	Order CaseOrder
}

// caseWords are the folded words a search asks for. Each has its variants, of
// which one must stand at the start of a word.
func caseWords(text string) [][]string {
	var words [][]string
	for _, w := range strings.Fields(script.Fold(text)) {
		variants := script.Keys(w)
		for i, v := range variants {
			variants[i] = " " + v
		}
		words = append(words, variants)
	}
	return words
}

func (c *heldCase) matches(f *CaseFilter, words [][]string) bool {
	if len(f.States) > 0 && !slices.Contains(f.States, c.State) {
		return false
	}
	if f.Category != "" && f.Category != c.Category {
		return false
	}
	for _, variants := range words {
		if !containsAny(c.keys, variants) {
			return false
		}
	}
	return true
}

func containsAny(line string, words []string) bool {
	for _, w := range words {
		if strings.Contains(line, w) {
			return true
		}
	}
	return false
}

// casesBefore returns up to limit cases that the filter chooses and see lets
// through, newest first below after, and whether there are more. see must not
// call the board.
func (b *Board) casesBefore(f CaseFilter, after mark, limit int, see func(*Case) bool) (found []*Case, last mark, more bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	words := caseWords(f.Text)
	b.cases.line(f.Order).before(after, func(m mark, _ none) bool {
		c := b.cases.byID[m.id]
		if !c.matches(&f, words) || !see(c.Case) {
			return true
		}
		if len(found) == limit {
			more = true
			return false
		}
		found, last = append(found, c.Case), m
		return true
	})
	return found, last, more
}

func (s *caseShelf) line(o CaseOrder) *timeline[none] {
	switch o {
	case ByUpdated:
		return &s.updated
	case ByLastSeen:
		return &s.lastSeen
	}
	return &s.created
}

// FollowUpsUntil returns the cases, open or in aftercare, whose family was to be called by then,
// the longest overdue first.
func (b *Board) FollowUpsUntil(t time.Time) []*Case { return b.casesUntil(&b.cases.followUps, t) }

// ClosingsUntil returns the cases that were closed by then and that nobody has
// confirmed, oldest first.
func (b *Board) ClosingsUntil(t time.Time) []*Case { return b.casesUntil(&b.cases.closings, t) }

func (b *Board) casesUntil(line *timeline[none], t time.Time) []*Case {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var out []*Case
	line.until(t, func(m mark) bool {
		out = append(out, b.cases.byID[m.id].Case)
		return true
	})
	return out
}

// Unreported returns the open cases without a report to the police.
func (b *Board) Unreported() []*Case {
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := make([]*Case, 0, len(b.cases.unreported))
	for id := range b.cases.unreported {
		out = append(out, b.cases.byID[id].Case)
	}
	return out
}

// EachCase calls fn with every case, in no order, until it says stop. fn must
// not call the board.
func (b *Board) EachCase(fn func(*Case) bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, c := range b.cases.byID {
		if !fn(c.Case) {
			return
		}
	}
}
