package partners

import (
	"cmp"
	"slices"
	"strings"
)

func (b *protectBoard) putConference(f *Conference) {
	if b.conferences == nil {
		b.conferences = map[string]*Conference{}
	}
	if was := b.conferences[f.ID]; was == nil || was.Number <= f.Number {
		b.conferences[f.ID] = f
		b.noteInvited(f)
	}
}

// Conference returns a conference.
func (b *protectBoard) Conference(id string) (*Conference, bool) {
	b.protectMu.RLock()
	defer b.protectMu.RUnlock()
	f, ok := b.conferences[id]
	return f, ok
}

// Conferences returns all conferences, oldest first.
func (b *protectBoard) Conferences() []*Conference {
	b.protectMu.RLock()
	defer b.protectMu.RUnlock()
	out := make([]*Conference, 0, len(b.conferences))
	for _, f := range b.conferences {
		out = append(out, f)
	}
	slices.SortFunc(out, func(x, y *Conference) int {
		return cmp.Or(x.CreatedAt.Compare(y.CreatedAt), strings.Compare(x.ID, y.ID))
	})
	return out
}
