package alerts

import (
	"crypto/sha256"
	"slices"
	"time"

	"homeward/geo"
)

// SightingStates returns the states of sightings in the order of triage; a
// state's place is its number on maps.
func SightingStates() []SightingState {
	return []SightingState{SightingNew, SightingScreened, SightingAssessed, SightingHandedOver,
		SightingConfirmed, SightingExcluded, SightingNotVerifiable}
}

// FlagDuplicate marks sightings that are linked to another one, on maps.
const FlagDuplicate = 1

// mapID is a sighting's id as maps hold it: the 128 bits that it is made of.
// Any other id is odd: its hash stands for it.
func mapID(id string) (bits [16]byte, odd bool) {
	if bits, ok := bitsOf(id); ok {
		return bits, false
	}
	sum := sha256.Sum256([]byte(id))
	return [16]byte(sum[:16]), true
}

// bitsOf reads an id as NewID writes it. It is called for each of a million rows
// at start.
func bitsOf(id string) (out [16]byte, ok bool) {
	if len(id) != 26 {
		return out, false
	}
	held, bits, n := uint32(0), 0, 0
	for i := range len(id) {
		c := uint32(id[i])
		switch {
		case c >= 'a' && c <= 'z':
			c -= 'a'
		case c >= '2' && c <= '7':
			c -= '2' - 26
		default:
			return out, false
		}
		held, bits = held<<5|c, bits+5
		if bits >= 8 && n < len(out) {
			bits -= 8
			out[n] = byte(held >> bits)
			n++
		}
	}
	return out, held&3 == 0 // 26 letters hold two bits more than an id
}

// place puts a row on the map, and displace takes it off.
func (s *sightingShelf) place(row *sighting) {
	bits, odd := mapID(row.id)
	if odd {
		s.oddIDs[bits] = row.id
	}
	s.placed.Put(row.mapRow(bits))
}

func (s *sightingShelf) displace(row *sighting) {
	bits, _ := mapID(row.id)
	s.placed.Remove(bits)
	delete(s.oddIDs, bits)
}

// idFrom leads back from a map's id.
func (s *sightingShelf) idFrom(id [16]byte) string {
	if odd, ok := s.oddIDs[id]; ok {
		return odd
	}
	return idOf(id[:])
}

func (s *sighting) mapRow(id [16]byte) geo.Row {
	r := geo.Row{
		ID: id, Lon: s.lon, Lat: s.lat, At: minuteOf(s.observed), Case: s.of.handle,
		State: uint8(max(0, slices.Index(SightingStates(), s.state))), Source: s.grade.Source, Info: s.grade.Information,
	}
	if s.duplicateOf != "" {
		r.Flags = FlagDuplicate
	}
	return r
}

// minuteOf rounds Unix milliseconds down to minutes, also before 1970.
func minuteOf(ms int64) int64 { return time.UnixMilli(ms).Truncate(time.Minute).Unix() / 60 }

// mapFilter is the filter as maps know it. To the minute it lets through what
// the filter does, and no less. The board's lock is held.
func (b *Board) mapFilter(f *SightingFilter) geo.Filter {
	g := geo.Filter{MaxSource: f.MinGrade.Source, MaxInfo: f.MinGrade.Information}
	if !f.From.IsZero() {
		g.From = minuteOf(f.From.UnixMilli())
	}
	if !f.To.IsZero() {
		g.To = minuteOf(f.To.UnixMilli()) + 1
	}
	for _, s := range f.States {
		g.States |= 1 << max(0, slices.Index(SightingStates(), s))
	}
	if f.Case != "" {
		g.Cases = geo.NewCaseSet()
		for _, id := range append([]string{f.Case}, b.cases.merged[f.Case]...) {
			if one, ok := b.sightings.byCase[id]; ok {
				g.Cases.Add(one.handle)
			}
		}
	}
	return g
}

// Dot is one dot on a map: a sighting with its ids, or several near each other.
type Dot struct {
	geo.Cluster
	ID, CaseID  string
	State       SightingState
	AccuracyM   float64
	DuplicateOf string
	ObservedAt  time.Time
}

// dots returns what a map tile shows of the sightings that the filter chooses,
// of the cases that the viewer sees. Counts are exact. Times count to the minute.
func (b *Board) dots(z, x, y int, f SightingFilter, v sight) []Dot {
	b.mu.RLock()
	defer b.mu.RUnlock()
	g := b.mapFilter(&f)
	g.Excluded = b.excluded(v)
	clusters := b.sightings.placed.Tile(z, x, y, g)
	out := make([]Dot, len(clusters))
	for i, c := range clusters {
		out[i].Cluster = c
		if c.Count == 1 {
			b.name(&out[i])
		}
	}
	return out
}

func (b *Board) name(d *Dot) {
	if s, ok := b.sightings.byID[b.sightings.idFrom(d.Row.ID)]; ok {
		d.ID, d.CaseID, d.State, d.DuplicateOf = s.id, s.of.caseID, s.state, s.duplicateOf
		d.AccuracyM, d.ObservedAt = float64(s.accuracyM), time.UnixMilli(s.observed).UTC()
	}
}

// inBox walks the sightings in a box of the cases that the viewer sees, newest
// minute first and then by id, below after. It asks the map for a page and one
// more at a time. The lock is held.
func (b *Board) inBox(f *SightingFilter, after mark, page int, v sight, take func(mark, *sighting) bool) {
	g := b.mapFilter(f)
	g.Excluded = b.excluded(v)
	c := geo.Cursor{}
	if after != (mark{}) {
		c.At = minuteOf(after.at)
		c.ID, _ = mapID(after.id)
	}
	for {
		rows := b.sightings.placed.Box(*f.Box, g, page+1, c)
		for _, r := range rows {
			s := b.sightings.byID[b.sightings.idFrom(r.ID)]
			if !take(mark{s.observed, s.id}, s) {
				return
			}
		}
		if len(rows) <= page {
			return
		}
		c = rows[len(rows)-1].Cursor()
	}
}

// nearest returns up to n sightings within maxM metres of a point that the
// filter chooses, of the cases that the viewer sees, nearest first.
func (b *Board) nearest(p geo.Point, n int, maxM float64, f SightingFilter, v sight) []Dot {
	b.mu.RLock()
	defer b.mu.RUnlock()
	g := b.mapFilter(&f)
	g.Excluded = b.excluded(v)
	near := b.sightings.placed.Nearest(p, n, maxM, g)
	out := make([]Dot, len(near))
	for i, r := range near {
		out[i].Cluster = geo.Cluster{Count: 1, Lon: r.Lon, Lat: r.Lat, Source: r.Source, Info: r.Info, Row: r.Row}
		b.name(&out[i])
	}
	return out
}
