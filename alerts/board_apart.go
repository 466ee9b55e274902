package alerts

import (
	"maps"
	"slices"
)

// apartShelf leads from a record, such as "contacts/ID", to the cases that hold
// a judgement about it.
type apartShelf map[string]map[string]Apart

func (s apartShelf) move(id string, from, to []Apart) {
	for _, p := range from {
		if delete(s[p.Of], id); len(s[p.Of]) == 0 {
			delete(s, p.Of)
		}
	}
	for _, p := range to {
		if s[p.Of] == nil {
			s[p.Of] = map[string]Apart{}
		}
		s[p.Of][id] = p
	}
}

// casesApartFrom returns the judgements that cases hold about a record, by case.
func (b *Board) casesApartFrom(key string) map[string]Apart {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return maps.Clone(b.cases.apart[key])
}

// callersOf returns the keyed hashes of the telephone numbers from which people
// called about a case, as far as see lets the asker know of it.
func (b *Board) callersOf(caseID string, sees func(*Case) bool) []receipt {
	b.mu.RLock()
	defer b.mu.RUnlock()
	held := b.cases.byID[caseID]
	if held == nil || !sees(held.Case) {
		return nil
	}
	var out []receipt
	for id := range b.contacts.byCase[caseID] {
		if k := b.contacts.byID[id].caller; k != (receipt{}) && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// ownNumber is about how many cases people call from one number at most while
// that says something: an office, a school or a station calls about more.
const ownNumber = 3

// casesOfCallers returns the cases about which somebody called from one of these
// numbers, without numbers from which people call about many.
func (b *Board) casesOfCallers(callers []receipt) map[string]bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := map[string]bool{}
	for _, k := range callers {
		if k == (receipt{}) {
			continue
		}
		cases := map[string]bool{}
		for id := range b.contacts.byCaller[k] {
			if c := b.contacts.byID[id]; c.caseID != "" {
				cases[c.caseID] = true
			}
		}
		if len(cases) <= ownNumber {
			maps.Copy(out, cases)
		}
	}
	return out
}

// caseOfContact returns the case that a contact belongs to, nil for none; not ok
// when there is no such contact.
func (b *Board) caseOfContact(id string) (*Case, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	c, ok := b.contacts.byID[id]
	if !ok {
		return nil, false
	}
	if held := b.cases.byID[c.caseID]; held != nil {
		return held.Case, true
	}
	return nil, true
}
