package partners

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"homeward/journal"
)

// compareBoard holds agreements to compare, matches, and what was decided for
// single cases. Board embeds it by value; the zero value is ready for use. It
// has a lock of its own.
type compareBoard struct {
	compareMu   sync.RWMutex
	comparisons map[string]*Comparison
	matches     map[string]*Match
	choices     map[string]*CompareChoice
	// byToken leads from the hash of a token to the agreement that it opens.
	byToken map[[32]byte]string
}

func (b *compareBoard) install(d journal.Document) bool {
	b.compareMu.Lock()
	defer b.compareMu.Unlock()
	if b.comparisons == nil {
		b.comparisons, b.matches, b.choices, b.byToken = map[string]*Comparison{}, map[string]*Match{}, map[string]*CompareChoice{}, map[[32]byte]string{}
	}
	switch d := d.(type) {
	case *Comparison:
		if was := b.comparisons[d.ID]; was == nil || was.Number <= d.Number {
			b.putComparison(was, d)
		}
	case *Match:
		if was := b.matches[d.ID]; was == nil || was.Number <= d.Number {
			b.matches[d.ID] = d
		}
	case *CompareChoice:
		if was := b.choices[d.ID]; was == nil || was.Number <= d.Number {
			b.choices[d.ID] = d
		}
	default:
		return false
	}
	return true
}

func (b *compareBoard) putComparison(was, now *Comparison) {
	if was != nil && len(was.Token) > 0 {
		delete(b.byToken, hashKey(was.Token))
	}
	b.comparisons[now.ID] = now
	if len(now.Token) > 0 {
		b.byToken[hashKey(now.Token)] = now.ID
	}
}

func (b *compareBoard) forget(k journal.Key) {
	b.compareMu.Lock()
	defer b.compareMu.Unlock()
	switch k.Collection {
	case "comparisons":
		if was := b.comparisons[k.ID]; was != nil {
			delete(b.byToken, hashKey(was.Token))
		}
		delete(b.comparisons, k.ID)
	case "matches":
		delete(b.matches, k.ID)
	case "compare_choices":
		delete(b.choices, k.ID)
	case "cases":
		delete(b.choices, k.ID)
		for id, m := range b.matches {
			if m.CaseID == k.ID {
				delete(b.matches, id)
			}
		}
	}
}

func (b *compareBoard) lookup(k journal.Key) (journal.Document, bool) {
	switch k.Collection {
	case "comparisons":
		if c, ok := b.Comparison(k.ID); ok {
			return c, true
		}
	case "matches":
		if m, ok := b.Match(k.ID); ok {
			return m, true
		}
	case "compare_choices":
		if c, ok := b.choice(k.ID); ok {
			return c, true
		}
	}
	return nil, false
}

// Comparison returns an agreement to compare.
func (b *compareBoard) Comparison(id string) (*Comparison, bool) {
	b.compareMu.RLock()
	defer b.compareMu.RUnlock()
	c, ok := b.comparisons[id]
	return c, ok
}

// ComparisonWith returns the newest agreement with an organisation.
func (b *compareBoard) ComparisonWith(partner string) (*Comparison, bool) {
	for _, c := range slices.Backward(b.Comparisons()) {
		if c.PartnerID == partner {
			return c, true
		}
	}
	return nil, false
}

// Comparisons returns all agreements to compare, oldest first.
func (b *compareBoard) Comparisons() []*Comparison {
	b.compareMu.RLock()
	defer b.compareMu.RUnlock()
	out := make([]*Comparison, 0, len(b.comparisons))
	for _, c := range b.comparisons {
		out = append(out, c)
	}
	slices.SortFunc(out, func(x, y *Comparison) int {
		return cmp.Or(x.CreatedAt.Compare(y.CreatedAt), strings.Compare(x.ID, y.ID))
	})
	return out
}

func (b *compareBoard) comparisonByToken(hash []byte) (*Comparison, bool) {
	b.compareMu.RLock()
	defer b.compareMu.RUnlock()
	c, ok := b.comparisons[b.byToken[hashKey(hash)]]
	return c, ok
}

// Match returns a match.
func (b *compareBoard) Match(id string) (*Match, bool) {
	b.compareMu.RLock()
	defer b.compareMu.RUnlock()
	m, ok := b.matches[id]
	return m, ok
}

// Matches returns all matches, oldest first.
func (b *compareBoard) Matches() []*Match {
	b.compareMu.RLock()
	defer b.compareMu.RUnlock()
	out := make([]*Match, 0, len(b.matches))
	for _, m := range b.matches {
		out = append(out, m)
	}
	slices.SortFunc(out, func(x, y *Match) int {
		return cmp.Or(x.CreatedAt.Compare(y.CreatedAt), strings.Compare(x.ID, y.ID))
	})
	return out
}

func (b *compareBoard) choice(caseID string) (*CompareChoice, bool) {
	b.compareMu.RLock()
	defer b.compareMu.RUnlock()
	c, ok := b.choices[caseID]
	return c, ok
}

// comparedKeys returns the records of a case about comparing: whoever erases the
// case forgets them in the same change.
func (b *compareBoard) comparedKeys(caseID string) []journal.Key {
	var out []journal.Key
	for _, m := range b.Matches() {
		if m.CaseID == caseID {
			out = append(out, journal.Key{Collection: "matches", ID: m.ID})
		}
	}
	if _, ok := b.choice(caseID); ok {
		out = append(out, journal.Key{Collection: "compare_choices", ID: caseID})
	}
	return out
}
