package alerts

import (
	"slices"
	"time"

	"homeward/geo"
)

// SightingFilter chooses sightings. Zero fields choose all.
type SightingFilter struct {
	Case     string
	merged   []string // cases merged into Case, whose sightings are shown with it
	Box      *geo.Box
	From, To time.Time // of the observation, both inclusive
	States   []SightingState
	MinGrade Grade
}

func (f *SightingFilter) chooses(s *sighting) bool {
	switch {
	case f.Case != "" && f.Case != s.of.caseID && !slices.Contains(f.merged, s.of.caseID),
		!f.From.IsZero() && s.observed < f.From.UnixMilli(),
		!f.To.IsZero() && s.observed > f.To.UnixMilli(),
		len(f.States) > 0 && !slices.Contains(f.States, s.state),
		!s.grade.AtLeast(f.MinGrade),
		f.Box != nil && !(s.placed && f.Box.Contains(geo.At(s.lon, s.lat))):
		return false
	}
	return true
}

// sightingsBefore returns up to limit sightings that the filter chooses and
// whose case the viewer sees (nil stands for no case), latest observation first
// below after, and whether there are more. The viewer is asked once for each
// case and must not call the board.
func (b *Board) sightingsBefore(f SightingFilter, after mark, limit int, v sight) (found []mark, more bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	f = b.withMerged(f)
	see := b.remembering(v.sees)
	take := func(m mark, s *sighting) bool {
		if !f.From.IsZero() && s.observed < f.From.UnixMilli() {
			return false // nothing later in the walk is younger
		}
		if !f.chooses(s) || !see(s.of.caseID) {
			return true
		}
		if len(found) == limit {
			more = true
			return false
		}
		found = append(found, m)
		return true
	}
	switch {
	case f.Case == "" && f.Box != nil:
		b.inBox(&f, after, limit, v, take)
		return found, more
	case f.Case == "":
		b.sightings.observed.before(after, take)
		return found, more
	}
	for _, m := range b.sightings.marksOf(append([]string{f.Case}, f.merged...)...) {
		if (after == mark{} || m.compare(after) < 0) && !take(m, b.sightings.byID[m.id]) {
			break
		}
	}
	return found, more
}

// marksOf returns the sightings of some cases, latest observation first.
func (s *sightingShelf) marksOf(cases ...string) []mark {
	var marks []mark
	for _, caseID := range cases {
		g, ok := s.byCase[caseID]
		if !ok {
			continue
		}
		marks = slices.Grow(marks, len(g.ids))
		for id := range g.ids {
			marks = append(marks, mark{s.byID[id].observed, id})
		}
	}
	slices.SortFunc(marks, func(a, b mark) int { return b.compare(a) })
	return marks
}

// remembering asks see once for each case; the board's lock is held. What
// belongs to a case that is gone belongs to nobody.
func (b *Board) remembering(see func(*Case) bool) func(caseID string) bool {
	known := map[string]bool{}
	return func(id string) bool {
		ok, asked := known[id]
		if asked {
			return ok
		}
		if c := b.cases.byID[id]; c != nil {
			ok = see(c.Case)
		} else if id == "" {
			ok = see(nil)
		}
		known[id] = ok
		return ok
	}
}

// SightingsOf returns the ids of a case's sightings, latest observation first.
func (b *Board) SightingsOf(caseID string) []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	marks := b.sightings.marksOf(caseID)
	ids := make([]string, len(marks))
	for i, m := range marks {
		ids[i] = m.id
	}
	return ids
}

// HasSighting tells whether there is a sighting with this id.
func (b *Board) HasSighting(id string) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	_, ok := b.sightings.byID[id]
	return ok
}

// NewSightings counts the sightings that nobody has looked at, of the cases
// that see lets through (nil stands for no case). see must not call the board.
func (b *Board) NewSightings(sees func(*Case) bool) int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	n, see := 0, b.remembering(sees)
	for id, g := range b.sightings.byCase {
		if g.fresh > 0 && see(id) {
			n += g.fresh
		}
	}
	return n
}

// UnreadByCase counts the sightings that nobody has looked at by their case; ""
// stands for no case.
func (b *Board) UnreadByCase() map[string]int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := map[string]int{}
	for id, g := range b.sightings.byCase {
		if g.fresh > 0 {
			out[id] = g.fresh
		}
	}
	return out
}

// SightingCount returns how many sightings there are.
func (b *Board) SightingCount() int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return len(b.sightings.byID)
}
