package alerts

import "time"

// contactsBefore returns up to limit contacts that the filter chooses and whose
// case see lets through (nil stands for no case), latest first below after, and
// whether there are more. see must not call the board.
func (b *Board) contactsBefore(f ContactFilter, after mark, limit int, sees func(*Case) bool) (found []mark, more bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	see := b.remembering(sees)
	b.contacts.at.before(after, func(m mark, c *contact) bool {
		if !b.chooses(&f, c) || !see(c.caseID) {
			return true
		}
		if len(found) == limit {
			more = true
			return false
		}
		found = append(found, m)
		return true
	})
	return found, more
}

// ContactOrders names the ways to sort the list of contacts.
func ContactOrders() []string { return contactOrders(nil).Names() }

// contactOrders sort what took place latest first within each. The board is
// locked.
func contactOrders(b *Board) Orders[*contact] {
	by := func(name string, first func(*contact) []string) Order[*contact] {
		return Order[*contact]{name, func(c *contact) []string { return append(first(c), Latest(time.UnixMilli(c.at.at)), c.id) }}
	}
	return Orders[*contact]{
		by("at", func(*contact) []string { return nil }),
		by("promised_until", func(c *contact) []string {
			if c.promised == (mark{}) {
				return []string{unset}
			}
			return []string{Soonest(time.UnixMilli(c.promised.at))}
		}),
		by("case_number", func(c *contact) []string {
			if of := b.cases.byID[c.caseID]; of != nil {
				return []string{of.CaseNumber}
			}
			return []string{unset}
		}),
	}
}

// contactsPage returns the ids of a page of contacts and the cursor of the next.
// The latest first is how they are kept; for every other order all of them are
// gone through.
func (b *Board) contactsPage(f ContactFilter, q *ContactQuery, sees func(*Case) bool) (ids []string, next *string, err error) {
	if q.Order == "" || q.Order == "at" {
		after, err := parseCursor('t', q.Cursor)
		if err != nil {
			return nil, nil, err
		}
		marks, more := b.contactsBefore(f, after, pageSize(q.Limit), sees)
		for _, m := range marks {
			ids = append(ids, m.id)
		}
		if more {
			next = marks[len(marks)-1].cursor('t')
		}
		return ids, next, nil
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	see := b.remembering(sees)
	page, next, err := contactOrders(b).Page(func(yield func(*contact) bool) {
		b.contacts.at.before(mark{}, func(_ mark, c *contact) bool {
			return !b.chooses(&f, c) || !see(c.caseID) || yield(c)
		})
	}, q.Order, q.Cursor, q.Limit)
	for _, c := range page {
		ids = append(ids, c.id)
	}
	return ids, next, err
}
