package alerts

import "slices"

// objectedTo tells whether somebody objects to the publication of a case, and
// nobody has decided on it. An objection that was upheld is decided.
func (b *Board) objectedTo(c *Case) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	open := func(contact string) bool { _, ok := b.contacts.objections[contact]; return ok }
	for id := range b.contacts.byCase[c.ID] {
		if open(id) {
			return true
		}
	}
	return slices.ContainsFunc(c.Frozen, func(f Freeze) bool { return f.LiftedAt.IsZero() && open(f.ContactID) })
}

// repeatsOf returns the reports that repeat one of those given, directly or by way
// of another: loose ones, which belong to no case, and those of other cases, which
// only say that they repeat one of them or of the loose ones.
func (b *Board) repeatsOf(reports map[string]bool) (loose, others []string) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	repeating := map[string][]*sighting{} // by what they repeat
	for _, s := range b.sightings.byID {
		if s.duplicateOf != "" && !reports[s.id] {
			repeating[s.duplicateOf] = append(repeating[s.duplicateOf], s)
		}
	}
	var follow func(id string)
	follow = func(id string) {
		found := repeating[id]
		delete(repeating, id)
		for _, s := range found {
			if s.of.caseID != "" {
				others = append(others, s.id)
				continue
			}
			loose = append(loose, s.id)
			follow(s.id)
		}
	}
	for id := range reports {
		follow(id)
	}
	return loose, others
}

// HasFile tells whether a report, contact or alert belongs to a case, which itself may
// be gone.
func (b *Board) HasFile(caseID string) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	of := b.sightings.byCase[caseID]
	return of != nil && len(of.ids) > 0 || len(b.contacts.byCase[caseID]) > 0 || len(b.alerts.byCase[caseID]) > 0
}
