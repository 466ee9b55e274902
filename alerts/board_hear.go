package alerts

import "homeward/journal"

// CaseOf returns the case that a sighting or contact belongs to, "" for none.
func (b *Board) CaseOf(k journal.Key) string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	switch k.Collection {
	case "sightings":
		if s := b.sightings.byID[k.ID]; s != nil {
			return s.of.caseID
		}
	case "contacts":
		if c := b.contacts.byID[k.ID]; c != nil {
			return c.caseID
		}
	}
	return ""
}
