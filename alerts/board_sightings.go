package alerts

import (
	"math"

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
	gathers gathers
	handles uint32
	// oddIDs leads back from the map to ids that are not 128 bits in base32.
	oddIDs map[[16]byte]string
	// standings are the cases that have sightings, by who may see them.
	standings map[string]*standing
	excluded  excluded
}

// sighting is one row, as small as a million of them on one machine asks for.
type sighting struct {
	id, duplicateOf string
	of              *caseSightings
	state           SightingState
	channel         string
	via             string // alert and way, "" when not known
	number          uint64
	observed        int64 // Unix milliseconds, as is reported
	reported        int64
	lon, lat        float64
	accuracyM       float32
	placed          bool
	grade           Grade
	slackMin        uint16 // how far off the time may be, in minutes
	receipt         receipt
	marks           *sightingMarks // nil for most
}

// caseSightings are the sightings of one case.
type caseSightings struct {
	caseID string
	handle uint32 // of the case on maps; 0 is no case
	ids    map[string]struct{}
	fresh  int // how many are new
	// standing is where the case stands, and place where among those there.
	standing string
	stands   bool
	place    int
	// events groups them by place and time, nil until somebody asks.
	events *geo.Gathering
}

func newSightingShelf() sightingShelf {
	return sightingShelf{
		byID: map[string]*sighting{}, byCase: map[string]*caseSightings{},
		placed: &geo.SightingIndex{}, oddIDs: map[[16]byte]string{},
		standings: map[string]*standing{}, excluded: excluded{known: map[string]excludedSet{}},
	}
}

func rowOfSighting(s *Sighting) *SightingRow {
	r := &SightingRow{
		Head: s.Head, CaseID: s.CaseID, State: s.State, ObservedAt: s.ObservedAt, ReportedAt: s.ReportedAt,
		Place: s.Place, AccuracyM: s.AccuracyM, Channel: s.Channel, DuplicateOf: s.DuplicateOf, Receipt: s.Receipt,
		Via: s.Via, PrecisionMin: s.PrecisionMin, Doubt: s.Doubt, Signs: s.Signs, Sources: s.Sources, Apart: s.Apart, With: s.With,
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
		id: r.ID, duplicateOf: r.DuplicateOf, of: b.group(r.CaseID),
		state: SightingState(b.word(string(r.State))), channel: b.word(r.Channel), via: b.word(r.Via.row()), number: r.Number,
		observed: r.ObservedAt.UnixMilli(), reported: r.ReportedAt.UnixMilli(),
		accuracyM: float32(r.AccuracyM), receipt: receiptOf(r.Receipt),
		slackMin: uint16(min(max(r.PrecisionMin, 0), math.MaxUint16)), marks: b.marksFrom(r), //nolint:gosec // bounded here
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
	b.sightings.gathers.gather(s)
	if s.state == SightingNew {
		s.of.fresh++
	}
	if s.receipt != (receipt{}) {
		b.receipts[s.receipt] = journal.Key{Collection: "sightings", ID: s.id}
	}
}

func (b *Board) group(caseID string) *caseSightings {
	s := &b.sightings
	g, ok := s.byCase[caseID]
	if !ok {
		g = &caseSightings{caseID: caseID, ids: map[string]struct{}{}}
		if caseID != "" {
			s.handles++
			g.handle = s.handles
		}
		s.byCase[caseID] = g
		b.regroup(caseID)
	}
	return g
}

// regroup looks again who may see the sightings of a case.
func (b *Board) regroup(caseID string) {
	var c *Case
	if held := b.cases.byID[caseID]; held != nil {
		c = held.Case
	}
	b.sightings.stand(b.sightings.byCase[caseID], c)
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
	s.of.scatter(id)
	if s.state == SightingNew {
		s.of.fresh--
	}
	if len(s.of.ids) == 0 {
		b.sightings.leave(s.of)
		delete(b.sightings.byCase, s.of.caseID)
	}
	delete(b.receipts, s.receipt)
}
