package partners

import (
	"slices"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/geo/poa"
	"homeward/journal"
)

// Search is the plan of one search on the ground for a case: the segments, what
// planners think, and what was swept. How probable each segment is now is
// computed from these and stored nowhere. It belongs to the case's erasure unit,
// and all of its places are sealed.
type Search struct {
	journal.Head `bson:",inline"`
	CaseID       string `bson:"case_id" class:"ref"`
	// EndedAt is zero while the search goes on.
	EndedAt  time.Time `bson:"ended_at,omitempty" class:"ref"`
	EndedBy  string    `bson:"ended_by,omitempty" class:"P10"`
	OpenedBy string    `bson:"opened_by" class:"P10"`
	// Plan is what the search assumes.
	Plan SearchPlan `bson:"plan" class:"P2"`
	// Segments are only added to; one drawn by mistake is dropped and stays.
	Segments  []Segment        `bson:"segments,omitempty" class:"P2,sealed"`
	Estimates []SearchEstimate `bson:"estimates,omitempty" class:"P2,sealed"`
	Sweeps    []SearchSweep    `bson:"sweeps,omitempty" class:"P2,sealed"`
	Points    []CanvassPoint   `bson:"points,omitempty" class:"P2,sealed"`
}

// SearchPlan is what a search assumes: the share of the rest of the world while
// nobody has made an estimate, from 0 to 1; whom the sweeps are for; and what a
// team does in an hour.
type SearchPlan struct {
	Rest      float64 `bson:"rest_percent" json:"rest_percent"`
	Target    string  `bson:"target" json:"target"`
	Searchers int     `bson:"searchers" json:"searchers"`
	SpeedKMH  float64 `bson:"speed_kmh" json:"speed_kmh"`
	WidthM    float64 `bson:"width_m" json:"width_m"`
}

// Segment is what one team searches. Its name never changes.
type Segment struct {
	ID        string       `bson:"id" json:"id"`
	Name      string       `bson:"name" json:"name"`
	Area      geo.Geometry `bson:"area" json:"area"`
	GroundM2  float64      `bson:"ground_m2" json:"ground_m2"`
	Note      string       `bson:"note,omitempty" json:"note,omitempty"`
	DroppedAt time.Time    `bson:"dropped_at,omitempty" json:"-"`
}

// SearchEstimate is what one planner thinks: percentages for the rest of the
// world and for each segment, which add up to 100. The newest of each planner
// counts, while it names all segments that there are.
type SearchEstimate struct {
	ID     string         `bson:"id" json:"id"`
	By     string         `bson:"by" json:"by"`
	At     time.Time      `bson:"at" json:"at"`
	Rest   float64        `bson:"rest_percent" json:"rest_percent"`
	Shares []SegmentShare `bson:"shares" json:"shares"`
}

// SegmentShare is a percentage for one segment.
type SegmentShare struct {
	SegmentID string  `bson:"segment_id" json:"segment_id"`
	Percent   float64 `bson:"percent" json:"percent"`
}

// SearchSweep is one search of a segment that did not find the child. Before and
// After are what the segment and the rest of the world stood at when it was
// written down.
type SearchSweep struct {
	ID        string    `bson:"id" json:"id"`
	SegmentID string    `bson:"segment_id" json:"segment_id"`
	TaskID    string    `bson:"task_id,omitempty" json:"task_id,omitempty"`
	At        time.Time `bson:"at" json:"at"`
	Tactic    string    `bson:"tactic" json:"tactic"`
	Target    string    `bson:"target" json:"target"`
	// Coverage rests on the track of one searcher in metres, how many searched,
	// and the sweep width in metres; all are zero when POD was judged.
	TrackM    float64   `bson:"track_m,omitempty" json:"track_m,omitempty"`
	Searchers int       `bson:"searchers,omitempty" json:"searchers,omitempty"`
	WidthM    float64   `bson:"width_m,omitempty" json:"width_m,omitempty"`
	Coverage  float64   `bson:"coverage,omitempty" json:"coverage,omitempty"`
	POD       float64   `bson:"pod" json:"pod"`
	Note      string    `bson:"note,omitempty" json:"note,omitempty"`
	By        string    `bson:"by" json:"by"`
	Before    POAStep   `bson:"before" json:"before"`
	After     POAStep   `bson:"after" json:"after"`
	UndoneAt  time.Time `bson:"undone_at,omitempty" json:"undone_at,omitzero"`
	UndoneBy  string    `bson:"undone_by,omitempty" json:"undone_by,omitempty"`
	UndoneFor string    `bson:"undone_for,omitempty" json:"undone_for,omitempty"`
}

// POAStep is how probable a segment and the rest of the world were.
type POAStep struct {
	Segment float64 `bson:"segment" json:"segment"`
	Rest    float64 `bson:"rest" json:"rest"`
}

// CanvassPoint is a place or a street where a poster hangs, people are asked or
// recordings are looked at.
type CanvassPoint struct {
	ID     string    `bson:"id" json:"id"`
	Kind   string    `bson:"kind" json:"kind"`
	Label  string    `bson:"label" json:"label"`
	DoneAt time.Time `bson:"done_at,omitempty" json:"done_at,omitzero"`
	DoneBy string    `bson:"done_by,omitempty" json:"done_by,omitempty"`
	Note   string    `bson:"note,omitempty" json:"note,omitempty"`
}

// Collection is "searches".
func (*Search) Collection() string { return "searches" }

// Unit is the case's.
func (s *Search) Unit(string) string { return "cases/" + s.CaseID }

// SearchTargets are whom a probability of detection is for: a child who answers,
// one who does not, or traces. Sweeps for traces never move the child.
func SearchTargets() []string { return []string{"responsive", "unresponsive", "clue"} }

// SearchTactics are the ways in which a segment is searched.
func SearchTactics() []string {
	return []string{"hasty", "loose_grid", "tight_grid", "dogs", "drone", "boat", "vehicle", "door_to_door", "other"}
}

// CanvassKinds are what is done at a point.
func CanvassKinds() []string { return []string{"poster", "door_to_door", "camera", "transport"} }

// over says why teams may no longer see the search: the case or the search has
// ended; "" while neither has. c is nil once the case has been erased.
func (s *Search) over(c *alerts.Case) string {
	switch {
	case c == nil || c.State.Ended():
		return "case"
	case !s.EndedAt.IsZero():
		return "search"
	}
	return ""
}

// segment returns a segment that was not dropped, nil when there is none.
func (s *Search) segment(id string) *Segment {
	i := slices.IndexFunc(s.Segments, func(g Segment) bool { return g.ID == id && g.DroppedAt.IsZero() })
	if i < 0 {
		return nil
	}
	return &s.Segments[i]
}

// segments are those that were not dropped.
func (s *Search) segments() []*Segment {
	var out []*Segment
	for i := range s.Segments {
		if s.Segments[i].DroppedAt.IsZero() {
			out = append(out, &s.Segments[i])
		}
	}
	return out
}

func grounds(segments []*Segment) []float64 {
	out := make([]float64, len(segments))
	for i, g := range segments {
		out[i] = g.GroundM2
	}
	return out
}

// counting are the estimates that count: the newest of each planner, when it
// names exactly the segments that there are.
func (s *Search) counting() []*SearchEstimate {
	newest := map[string]*SearchEstimate{}
	var order []string
	for i := range s.Estimates {
		e := &s.Estimates[i]
		if newest[e.By] == nil {
			order = append(order, e.By)
		}
		newest[e.By] = e
	}
	segments := s.segments()
	var out []*SearchEstimate
	for _, by := range order {
		e := newest[by]
		if len(e.Shares) == len(segments) && !slices.ContainsFunc(e.Shares, func(p SegmentShare) bool { return s.segment(p.SegmentID) == nil }) {
			out = append(out, e)
		}
	}
	return out
}

// initial is what was believed before any sweep.
func (s *Search) initial() poa.Belief {
	segments := s.segments()
	estimates := s.counting()
	if len(estimates) == 0 || len(segments) == 0 {
		return poa.Even(s.Plan.Rest/100, grounds(segments))
	}
	all := make([]poa.Belief, 0, len(estimates))
	for _, e := range estimates {
		b := poa.Belief{Rest: e.Rest, Cells: make([]float64, len(segments))}
		for i, g := range segments {
			for _, p := range e.Shares {
				if p.SegmentID == g.ID {
					b.Cells[i] = p.Percent
				}
			}
		}
		all = append(all, b)
	}
	return poa.Consensus(all)
}

// standing are the sweeps that move the child: those for the target of the plan
// that were not taken back.
func (s *Search) standing() []poa.Sweep {
	segments := s.segments()
	var out []poa.Sweep
	for i := range s.Sweeps {
		w := &s.Sweeps[i]
		if w.UndoneAt.IsZero() && w.Target == s.Plan.Target {
			out = append(out, poa.Sweep{Cell: slices.IndexFunc(segments, func(g *Segment) bool { return g.ID == w.SegmentID }), POD: w.POD})
		}
	}
	return out
}

// step is how probable a segment and the rest of the world are now.
func (s *Search) step(segmentID string) POAStep {
	now := s.initial().After(s.standing())
	out := POAStep{Rest: now.Rest}
	for i, g := range s.segments() {
		if g.ID == segmentID {
			out.Segment = now.Cells[i]
		}
	}
	return out
}

func (p SearchPlan) team() poa.Team {
	return poa.Team{Searchers: p.Searchers, SpeedMH: p.SpeedKMH * 1000, WidthM: p.WidthM}
}
