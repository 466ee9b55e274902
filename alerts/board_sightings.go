package alerts

import (
	"slices"
	"sync"
	"time"

	"homeward/geo"
	"homeward/journal"
)

// sightingShelf holds the rows of sightings.
type sightingShelf struct {
	byID     map[string]*sighting
	byCase   map[string]*caseSightings // "" are the ones linked to no case
	observed timeline[*sighting]
	// placed holds those with a place, for maps and boxes.
	placed  *geo.SightingIndex
	handles uint32
	// oddIDs leads back from the map to ids that are not 128 bits in base32.
	oddIDs   map[[16]byte]string
	excluded excluded
}

// sighting is one row, as small as a million of them on one machine asks for.
type sighting struct {
	id, duplicateOf string
	of              *caseSightings
	state           SightingState
	channel         string
	number          uint64
	observed        int64 // Unix milliseconds, as is reported
	reported        int64
	lon, lat        float64
	accuracyM       float32
	placed          bool
	grade           Grade
	receipt         receipt
}

// caseSightings are the sightings of one case.
type caseSightings struct {
	caseID string
	handle uint32 // of the case on maps; 0 is no case
	ids    map[string]struct{}
	fresh  int // how many are new
}

// excluded remembers which cases a viewer must not see on maps, as long as
// neither the cases' access nor the handles change.
type excluded struct {
	mu    sync.Mutex
	known map[string]excludedSet
}

type excludedSet struct {
	access  uint64
	handles uint32
	cases   *geo.CaseSet
}

func newSightingShelf() sightingShelf {
	return sightingShelf{
		byID: map[string]*sighting{}, byCase: map[string]*caseSightings{},
		placed: &geo.SightingIndex{}, oddIDs: map[[16]byte]string{},
		excluded: excluded{known: map[string]excludedSet{}},
	}
}

func rowOfSighting(s *Sighting) *SightingRow {
	r := &SightingRow{
		Head: s.Head, CaseID: s.CaseID, State: s.State, ObservedAt: s.ObservedAt, ReportedAt: s.ReportedAt,
		Place: s.Place, AccuracyM: s.AccuracyM, Channel: s.Channel, DuplicateOf: s.DuplicateOf, Receipt: s.Receipt,
	}
	if s.Assessment != nil {
		r.Assessment = &RowGrade{s.Assessment.Source, s.Assessment.Information}
	}
	return r
}

func (b *Board) putSighting(r *SightingRow) {
	if was, ok := b.sightings.byID[r.ID]; ok {
		if was.number > r.Number {
			return
		}
		b.dropSighting(r.ID)
	}
	s := &sighting{
		id: r.ID, duplicateOf: r.DuplicateOf, of: b.sightings.group(r.CaseID),
		state: SightingState(b.word(string(r.State))), channel: b.word(r.Channel), number: r.Number,
		observed: r.ObservedAt.UnixMilli(), reported: r.ReportedAt.UnixMilli(),
		accuracyM: float32(r.AccuracyM), receipt: receiptOf(r.Receipt),
	}
	if r.Place != nil {
		s.placed, s.lon, s.lat = true, r.Place.Lon(), r.Place.Lat()
	}
	if r.Assessment != nil {
		s.grade = GradeOf(r.Assessment.Source, r.Assessment.Information)
	}
	b.sightings.byID[s.id] = s
	b.sightings.observed.add(mark{s.observed, s.id}, s)
	if s.placed {
		b.sightings.place(s)
	}
	s.of.ids[s.id] = struct{}{}
	if s.state == SightingNew {
		s.of.fresh++
	}
	if s.receipt != (receipt{}) {
		b.receipts[s.receipt] = journal.Key{Collection: "sightings", ID: s.id}
	}
}

func (s *sightingShelf) group(caseID string) *caseSightings {
	g, ok := s.byCase[caseID]
	if !ok {
		g = &caseSightings{caseID: caseID, ids: map[string]struct{}{}}
		if caseID != "" {
			s.handles++
			g.handle = s.handles
		}
		s.byCase[caseID] = g
	}
	return g
}

func (b *Board) dropSighting(id string) {
	s, ok := b.sightings.byID[id]
	if !ok {
		return
	}
	delete(b.sightings.byID, id)
	b.sightings.observed.remove(mark{s.observed, id})
	if s.placed {
		b.sightings.displace(s)
	}
	delete(s.of.ids, id)
	if s.state == SightingNew {
		s.of.fresh--
	}
	if len(s.of.ids) == 0 {
		delete(b.sightings.byCase, s.of.caseID)
	}
	delete(b.receipts, s.receipt)
}

// Grade is an Admiralty pair as one rank for filters: the source's place (A is
// 1) and the information's digit. It is never shown and never averaged. The
// zero Grade is a sighting that nobody has assessed.
type Grade struct{ Source, Information uint8 }

// GradeOf returns the grade of a source from A to F and an information digit
// from 1 to 6, the zero Grade for anything else.
func GradeOf(source string, information int) Grade {
	if len(source) != 1 || source[0] < 'A' || source[0] > 'F' || information < 1 || information > 6 {
		return Grade{}
	}
	return Grade{source[0] - 'A' + 1, uint8(information)}
}

// ParseGrade reads a grade such as "C3".
func ParseGrade(text string) (Grade, bool) {
	if len(text) != 2 {
		return Grade{}, false
	}
	g := GradeOf(text[:1], int(text[1])-'0')
	return g, g != Grade{}
}

// String returns the pair as it is written, such as "C3"; "" for the zero Grade.
func (g Grade) String() string {
	if g == (Grade{}) {
		return ""
	}
	return string([]byte{'A' + g.Source - 1, '0' + g.Information})
}

// AtLeast tells whether both halves are at least as good as those of low. F and
// 6 mean "cannot be judged" and rank last; a sighting that nobody has assessed
// is below every grade.
func (g Grade) AtLeast(low Grade) bool {
	return low == Grade{} || g != Grade{} && g.Source <= low.Source && g.Information <= low.Information
}

// SightingFilter chooses sightings. Zero fields choose all.
type SightingFilter struct {
	Case     string
	Box      *geo.Box
	From, To time.Time // of the observation, both inclusive
	States   []SightingState
	MinGrade Grade
}

func (f *SightingFilter) chooses(s *sighting) bool {
	switch {
	case f.Case != "" && f.Case != s.of.caseID,
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
// whose case see lets through (nil stands for no case), latest observation first
// below after, and whether there are more. see is asked once for each case and
// must not call the board.
func (b *Board) sightingsBefore(f SightingFilter, after mark, limit int, sees func(*Case) bool) (found []mark, more bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	see := b.remembering(sees)
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
		b.inBox(&f, after, take)
		return found, more
	case f.Case == "":
		b.sightings.observed.before(after, take)
		return found, more
	}
	for _, m := range b.sightings.marksOf(f.Case) {
		if (after == mark{} || m.compare(after) < 0) && !take(m, b.sightings.byID[m.id]) {
			break
		}
	}
	return found, more
}

// marksOf returns a case's sightings, latest observation first.
func (s *sightingShelf) marksOf(caseID string) []mark {
	g, ok := s.byCase[caseID]
	if !ok {
		return nil
	}
	marks := make([]mark, 0, len(g.ids))
	for id := range g.ids {
		marks = append(marks, mark{s.byID[id].observed, id})
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

// SightingCount returns how many sightings there are.
func (b *Board) SightingCount() int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return len(b.sightings.byID)
}
