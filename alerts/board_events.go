package alerts

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sync"
	"time"

	"homeward/geo"
)

// sightingMarks are what the order of triage needs of a row beside place and
// time.
type sightingMarks struct {
	signs   []string
	sources []uint64
	doubt   bool
	apart   bool
	with    string
}

func (m *sightingMarks) has(sign string) bool { return m != nil && slices.Contains(m.signs, sign) }

// marksFrom returns nil for a row that has none, as most of old ones.
func (b *Board) marksFrom(r *SightingRow) *sightingMarks {
	if len(r.Signs)+len(r.Sources)+len(r.Doubt) == 0 && !r.Apart && r.With == "" {
		return nil
	}
	m := &sightingMarks{doubt: len(r.Doubt) > 0, apart: r.Apart, with: r.With}
	for _, source := range r.Sources {
		if len(source) == sourceBytes {
			m.sources = append(m.sources, binary.BigEndian.Uint64(source))
		}
	}
	for _, s := range r.Signs {
		m.signs = append(m.signs, b.word(s))
	}
	return m
}

// gathers keeps the groups of cases by place and time. Readers of the board
// build and settle them, so they take turns.
type gathers struct {
	mu sync.Mutex
}

var gatherRules = sync.OnceValues(geo.NewGatherRules)

// gather puts a row into its case's groups once those have been built.
func (g *gathers) gather(s *sighting) {
	if s.of.events == nil || !s.placed {
		return
	}
	rules, err := gatherRules()
	if err != nil {
		return // they were read when the groups were built
	}
	s.of.events.Add(s.report(rules))
}

func (c *caseSightings) scatter(id string) {
	if c.events != nil {
		c.events.Remove(id)
	}
}

func (s *sighting) report(rules *geo.GatherRules) geo.Report {
	p := geo.At(s.lon, s.lat)
	return geo.Report{ID: s.id, Fix: s.fix(), Arrived: s.reported, Open: rules.Open(p)}
}

func (s *sighting) fix() geo.Fix {
	return geo.Fix{
		Place: geo.At(s.lon, s.lat), AccuracyM: float64(s.accuracyM), At: time.UnixMilli(s.observed),
		Slack: time.Duration(s.slackMin) * time.Minute,
	}
}

// grouped returns the groups of a case's sightings; gathers.mu is held.
func (b *Board) grouped(g *caseSightings) (*geo.Gathering, error) {
	if g.events != nil {
		return g.events, nil
	}
	rules, err := gatherRules()
	if err != nil {
		return nil, err
	}
	events := geo.NewGathering(rules)
	var rows []*sighting
	for id := range g.ids {
		if s := b.sightings.byID[id]; s.placed {
			rows = append(rows, s)
		}
	}
	slices.SortFunc(rows, inOrder)
	for _, s := range rows {
		events.Add(s.report(rules))
	}
	g.events = events
	return events, nil
}

func inOrder(a, b *sighting) int {
	return cmp.Or(cmp.Compare(a.reported, b.reported), cmp.Compare(a.id, b.id))
}

// eventKey names the event of a sighting: by the first report of its group, or
// by itself when it stands by itself.
type eventKey struct {
	group bool
	id    string
}

// eventOf follows what people have put together by hand, and else place and
// time; gathers.mu is held.
func (b *Board) eventOf(s *sighting, events *geo.Gathering) eventKey {
	for range longestChain {
		next := s.duplicateOf
		if s.marks != nil && s.marks.with != "" {
			next = s.marks.with
		}
		o, ok := b.sightings.byID[next]
		if !ok || o.of != s.of || o == s {
			break
		}
		s = o
	}
	if s.marks != nil && s.marks.apart || !s.placed {
		return eventKey{id: s.id}
	}
	return eventKey{true, events.Leader(s.id)}
}

// event is what several reports may be of.
type event struct {
	caseID  string
	members []*sighting // in the order in which they came in
	// sources counts independent ones, last is the latest observation.
	sources int
	last    int64
	passage string
	weight  float64
}

func (e *event) any(is func(*sighting) bool) bool { return slices.ContainsFunc(e.members, is) }
func (e *event) all(is func(*sighting) bool) bool {
	return !e.any(func(s *sighting) bool { return !is(s) })
}

func (e *event) has(sign string) bool {
	return e.any(func(s *sighting) bool { return s.marks.has(sign) })
}

// events returns the events that have a report that the filter chooses, of the
// cases that the viewer sees, in no order.
func (b *Board) events(f SightingFilter, v sight, now time.Time) ([]*event, error) {
	weights, err := triageWeights()
	if err != nil {
		return nil, err
	}
	speeds, err := passages()
	if err != nil {
		return nil, err
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	b.sightings.gathers.mu.Lock()
	defer b.sightings.gathers.mu.Unlock()
	f = b.withMerged(f)
	see := b.remembering(v.sees)
	var out []*event
	for id, g := range b.sightings.byCase {
		if f.Case != "" && !b.together(id, f.Case) || onlyNew(f.States) && g.fresh == 0 || !see(id) {
			continue
		}
		found, err := b.eventsOf(g, &f)
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			b.measure(e, speeds)
			e.weight = weights.weight(e, now)
		}
		out = append(out, found...)
	}
	return out, nil
}

func onlyNew(states []SightingState) bool { return len(states) == 1 && states[0] == SightingNew }

func (b *Board) eventsOf(g *caseSightings, f *SightingFilter) ([]*event, error) {
	groups, err := b.grouped(g)
	if err != nil {
		return nil, err
	}
	found := map[eventKey]*event{}
	keys := make(map[*sighting]eventKey, len(g.ids))
	for id := range g.ids {
		s := b.sightings.byID[id]
		keys[s] = b.eventOf(s, groups)
		if f.chooses(s) && found[keys[s]] == nil {
			found[keys[s]] = &event{caseID: g.caseID}
		}
	}
	for s, k := range keys {
		if e := found[k]; e != nil {
			e.members = append(e.members, s)
		}
	}
	out := make([]*event, 0, len(found))
	for _, e := range found {
		slices.SortFunc(e.members, inOrder)
		out = append(out, e)
	}
	return out, nil
}

// measure counts an event's sources and says how the child can have come there
// from where it was last seen.
func (b *Board) measure(e *event, speeds *geo.Passages) {
	for _, s := range e.members {
		e.last = max(e.last, s.observed)
	}
	e.sources = e.independent()
	held := b.cases.byID[e.caseID]
	if held == nil || held.LastSeen.Place == nil || held.LastSeen.At.IsZero() {
		return
	}
	l := held.LastSeen
	from := geo.Fix{Place: *l.Place, AccuracyM: l.AccuracyM, At: l.At, Slack: time.Duration(l.PrecisionMin) * time.Minute}
	e.passage = geo.PassageImpossible
	for _, s := range e.members {
		mode := ""
		if s.placed {
			mode = speeds.Between(from, s.fix()).Mode
		}
		if mode != geo.PassageImpossible && mode != geo.PassageAir {
			e.passage = ""
			return
		}
		if mode == geo.PassageAir {
			e.passage = mode
		}
	}
}

// independent counts the sources of what has not been excluded.
func (e *event) independent() int {
	var of [][]uint64
	for _, s := range e.members {
		switch {
		case s.state == SightingExcluded:
		case s.marks == nil:
			of = append(of, nil)
		default:
			of = append(of, s.marks.sources)
		}
	}
	return IndependentSources(of)
}

// caseOfSighting returns the case that a sighting is linked to, "" for none.
func (b *Board) caseOfSighting(id string) string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if s, ok := b.sightings.byID[id]; ok {
		return s.of.caseID
	}
	return ""
}

// siblings returns the reports of a sighting's event in the order in which they
// came in, with how many independent sources they have.
func (b *Board) siblings(id string) (ids []string, sources int, err error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	s, ok := b.sightings.byID[id]
	if !ok {
		return nil, 0, nil
	}
	b.sightings.gathers.mu.Lock()
	defer b.sightings.gathers.mu.Unlock()
	groups, err := b.grouped(s.of)
	if err != nil {
		return nil, 0, err
	}
	key, e := b.eventOf(s, groups), event{caseID: s.of.caseID}
	for other := range s.of.ids {
		if o := b.sightings.byID[other]; b.eventOf(o, groups) == key {
			e.members = append(e.members, o)
		}
	}
	slices.SortFunc(e.members, inOrder)
	for _, m := range e.members {
		ids = append(ids, m.id)
	}
	return ids, e.independent(), nil
}
