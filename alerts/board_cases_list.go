package alerts

import (
	"slices"
	"strings"
	"time"

	"homeward/geo/script"
)

// CaseOrder names a list's order, newest first.
type CaseOrder string

// The orders of the list of cases.
const (
	ByCreated  CaseOrder = "created_at"
	ByUpdated  CaseOrder = "updated_at"
	ByLastSeen CaseOrder = "last_seen_at"
)

// CaseOrders returns the orders of the list of cases, the first of them taken when
// none is asked for.
func CaseOrders() []CaseOrder { return []CaseOrder{ByCreated, ByUpdated, ByLastSeen} }

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
