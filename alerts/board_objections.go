package alerts

import (
	"slices"
	"time"
)

// OpenObjection is a contact whose code holder objects to publication, and
// nobody at the desk has decided.
type OpenObjection struct {
	ContactID, CaseID string
	At                time.Time
	// Froze says that publication is frozen meanwhile.
	Froze bool
}

// openObjection is the oldest objection of a contact that waits for a decision.
func openObjection(r *ContactRow) (OpenObjection, bool) {
	out, found := OpenObjection{ContactID: r.ID, CaseID: r.CaseID}, false
	for _, o := range r.Objections {
		if !o.DecidedAt.IsZero() {
			continue
		}
		if !found {
			out.At = o.At
		}
		found, out.Froze = true, out.Froze || o.Froze
	}
	return out, found
}

// Objections returns the contacts with an objection that waits for a decision,
// the oldest first.
func (b *Board) Objections() []OpenObjection {
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := make([]OpenObjection, 0, len(b.contacts.objections))
	for _, o := range b.contacts.objections {
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b OpenObjection) int {
		return mark{a.At.UnixMilli(), a.ContactID}.compare(mark{b.At.UnixMilli(), b.ContactID})
	})
	return out
}
