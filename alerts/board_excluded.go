package alerts

import (
	"strings"
	"sync"

	"homeward/geo"
)

// sight is a viewer of maps: what they may see of a class, and a name under
// which that is remembered. Of a case they may ask for its state, its team and
// whether it is restricted, and for nothing else.
type sight struct {
	name string
	sees func(*Case) bool
}

// standing is all cases with sightings that every viewer either sees or does
// not see alike, so that a viewer is asked a few times and not once for each
// case.
type standing struct {
	of      *Case // what they share; nil for cases that are gone, which nobody sees
	handles []uint32
	groups  []*caseSightings // beside the handles
}

// standingOf names what a viewer may ask a case for.
func standingOf(c *Case) string {
	if c == nil {
		return ""
	}
	name := string(c.State)
	if c.Restricted {
		name += " restricted"
	}
	return name + " " + strings.Join(c.Team, " ")
}

// stand puts the sightings of a case where the case stands now; c is nil for one
// that is gone. Those linked to no case stand nowhere.
func (s *sightingShelf) stand(g *caseSightings, c *Case) {
	if g == nil || g.caseID == "" {
		return
	}
	name := standingOf(c)
	if g.standing == name && g.stands {
		return
	}
	s.leave(g)
	t := s.standings[name]
	if t == nil {
		t = &standing{}
		if c != nil { // no more of it than is asked for: it may be forgotten
			t.of = &Case{State: c.State, Restricted: c.Restricted, Team: c.Team}
		}
		s.standings[name] = t
	}
	g.standing, g.stands, g.place = name, true, len(t.groups)
	t.groups, t.handles = append(t.groups, g), append(t.handles, g.handle)
}

// leave takes them from where they stand; the last one there fills the gap.
func (s *sightingShelf) leave(g *caseSightings) {
	if !g.stands {
		return
	}
	t := s.standings[g.standing]
	last := len(t.groups) - 1
	t.groups[g.place], t.handles[g.place] = t.groups[last], t.handles[last]
	t.groups[g.place].place = g.place
	t.groups[last] = nil
	t.groups, t.handles = t.groups[:last], t.handles[:last]
	g.stands = false
	if last == 0 {
		delete(s.standings, g.standing)
	}
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

// mostViewers is for how many viewers it is remembered what they must not see.
const mostViewers = 256

// excluded returns the cases whose sightings a viewer must not see on maps. The
// board's lock is held. A map asks for many tiles in a row, so the answer is
// kept until it may change.
func (b *Board) excluded(v sight) *geo.CaseSet {
	x := &b.sightings.excluded
	x.mu.Lock()
	was, ok := x.known[v.name]
	x.mu.Unlock()
	now := excludedSet{access: b.cases.access, handles: b.sightings.handles}
	if ok && was.access == now.access && was.handles == now.handles {
		return was.cases
	}
	now.cases = geo.NewCaseSet()
	if !v.sees(nil) {
		now.cases.Add(0)
	}
	for _, t := range b.sightings.standings {
		if t.of != nil && v.sees(t.of) {
			continue
		}
		for _, handle := range t.handles {
			now.cases.Add(handle)
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.known) >= mostViewers {
		clear(x.known)
	}
	x.known[v.name] = now
	return now.cases
}
