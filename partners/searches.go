package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
)

// Limits of one search.
const (
	maxSegments  = 300
	maxSweeps    = 2000
	maxPoints    = 1000
	maxTasks     = 500
	maxEstimates = 200
)

// The plan of a search that says nothing else: a share of the rest of the world
// that is never too sure, and a team of five on foot.
const (
	firstRest      = 30
	firstSearchers = 5
	firstSpeedKMH  = 1.5
	firstWidthM    = 20
)

// SearchAct is what somebody does with a search. Each act takes the part that it
// is named after.
type SearchAct struct {
	Plan     *SearchPlan  `json:"plan,omitempty"`
	Segments []NewSegment `json:"segments,omitempty"`
	Grid     *NewGrid     `json:"grid,omitempty"`
	Drop     *DropSegment `json:"drop,omitempty"`
	Estimate *NewEstimate `json:"estimate,omitempty"`
	Sweep    *NewSweep    `json:"sweep,omitempty"`
	Undo     *UndoSweep   `json:"undo,omitempty"`
	Points   []NewPoint   `json:"points,omitempty"`
	Point    *PointDone   `json:"point,omitempty"`
}

// NewSegment is a segment that was drawn. Without a name it gets the next
// number.
type NewSegment struct {
	Name string       `json:"name,omitempty"`
	Area geo.Geometry `json:"area"`
	Note string       `json:"note,omitempty"`
}

// NewGrid cuts an area into squares of a side in metres.
type NewGrid struct {
	Area  geo.Area `json:"area"`
	SideM float64  `json:"side_m"`
}

// DropSegment takes back a segment that was drawn by mistake.
type DropSegment struct {
	SegmentID string `json:"segment_id"`
}

// NewEstimate is what a planner thinks, in percentages that add up to 100.
type NewEstimate struct {
	Rest   float64        `json:"rest_percent"`
	Shares []SegmentShare `json:"shares"`
}

// NewSweep is a search of a segment that did not find the child. PODPercent
// stands for a judgement in place of track, searchers and width.
type NewSweep struct {
	SegmentID  string   `json:"segment_id"`
	Tactic     string   `json:"tactic"`
	Target     string   `json:"target"`
	TrackM     float64  `json:"track_m,omitempty"`
	Searchers  int      `json:"searchers,omitempty"`
	WidthM     float64  `json:"width_m,omitempty"`
	PODPercent *float64 `json:"pod_percent,omitempty"`
	Note       string   `json:"note,omitempty"`
}

// UndoSweep takes back a sweep that was written down wrongly.
type UndoSweep struct {
	SweepID string `json:"sweep_id"`
	Reason  string `json:"reason"`
}

// NewPoint is a place or street for posters and canvassing.
type NewPoint struct {
	Kind  string `json:"kind"`
	Label string `json:"label"`
}

// PointDone says that a point was done, or with Open that it was not.
type PointDone struct {
	PointID string `json:"point_id"`
	Open    bool   `json:"open,omitempty"`
	Note    string `json:"note,omitempty"`
}

// searchCase returns a case whose search the actor may see: where it looks for a
// child tells where the child may be.
func (d *Desk) searchCase(a alerts.Actor, caseID string) (*alerts.Case, error) {
	c, err := d.VisibleCase(a, caseID)
	if err != nil || !d.Matrix.May(a, alerts.P2, c.State, d.Assigned(a, c)) {
		return nil, missing("search of case " + caseID)
	}
	return c, nil
}

func (d *Desk) visibleSearch(a alerts.Actor, id string) (*Search, *alerts.Case, error) {
	s, ok := d.board.Search(id)
	if !ok {
		return nil, nil, missing("search " + id)
	}
	c, err := d.searchCase(a, s.CaseID)
	if err != nil {
		return nil, nil, missing("search " + id)
	}
	return s, c, nil
}

// OpenSearch begins a search on the ground for a case. Fields of the plan that
// are zero get their first values. There is one search for a case at a time.
func (d *Desk) OpenSearch(ctx context.Context, a alerts.Actor, caseID string, in SearchPlan, r alerts.Request) (SearchView, error) {
	if _, err := d.searchCase(a, caseID); err != nil {
		return SearchView{}, err
	}
	id := alerts.NewID(d.Random)
	done, err := d.Do(ctx, a, "search.open", r, func(v *journal.View) (journal.Outcome, error) {
		c, err := journal.Load[*alerts.Case](v, "cases", caseID)
		if err != nil {
			return journal.Outcome{}, err
		}
		if c.State.Ended() {
			return journal.Outcome{}, alerts.Errorf(alerts.Conflict, "This case is closed. Reopen it first.")
		}
		if err := c.Working(); err != nil {
			return journal.Outcome{}, err
		}
		for _, id := range append([]string{caseID}, d.Desk.Board.MergedInto(caseID)...) {
			if old, ok := d.board.searchOf(id); ok && old.EndedAt.IsZero() {
				return journal.Outcome{}, alerts.Errorf(alerts.Conflict, "A search for this case is going on already.")
			}
		}
		for _, p := range v.Pending("searches") {
			if s, ok := p.(*Search); ok && s.CaseID == caseID {
				return journal.Outcome{}, alerts.Errorf(alerts.Conflict, "A search for this case is going on already.")
			}
		}
		check := newChecker(v.Now, time.UTC)
		plan := in.or(firstPlan())
		check.plan(plan)
		if err := check.Err(); err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{&Search{Head: journal.Head{ID: id}, CaseID: caseID, OpenedBy: a.ID, Plan: plan}}}, nil
	})
	if err != nil {
		return SearchView{}, err
	}
	return d.Search(ctx, a, done.Keys[0].ID)
}

// or fills fields that are zero from another plan.
func (p SearchPlan) or(other SearchPlan) SearchPlan {
	if p.Rest == 0 {
		p.Rest = other.Rest
	}
	if p.Target == "" {
		p.Target = other.Target
	}
	if p.Searchers == 0 {
		p.Searchers = other.Searchers
	}
	if p.SpeedKMH == 0 {
		p.SpeedKMH = other.SpeedKMH
	}
	if p.WidthM == 0 {
		p.WidthM = other.WidthM
	}
	return p
}

func firstPlan() SearchPlan {
	return SearchPlan{Rest: firstRest, Target: "responsive", Searchers: firstSearchers, SpeedKMH: firstSpeedKMH, WidthM: firstWidthM}
}

// searchStep is one act on one search, as its rule sees it.
type searchStep struct {
	desk  *Desk
	actor alerts.Actor
	in    SearchAct
	check *checker
	// also are other documents that the act changes.
	also []journal.Document
	// load reads the search's tasks as they stand in this change.
	load func() []*SearchTask
}

func (s *searchStep) id() string { return alerts.NewID(s.desk.Random) }

// searchRules are the acts on a search.
func searchRules() map[string]func(*searchStep, *Search) error {
	return map[string]func(*searchStep, *Search) error{
		"plan": (*searchStep).plan, "segments": (*searchStep).segments, "grid": (*searchStep).grid, "drop": (*searchStep).drop,
		"estimate": (*searchStep).estimate, "sweep": (*searchStep).sweep, "undo": (*searchStep).undo,
		"points": (*searchStep).points, "point": (*searchStep).point, "end": (*searchStep).end,
	}
}

// ActOnSearch carries out one act on a search that goes on: plan, segments,
// grid, drop, estimate, sweep, undo, points, point or end.
func (d *Desk) ActOnSearch(ctx context.Context, a alerts.Actor, id, act string, in SearchAct, r alerts.Request) (SearchView, error) {
	if _, _, err := d.visibleSearch(a, id); err != nil {
		return SearchView{}, err
	}
	rule := searchRules()[act]
	if rule == nil {
		return SearchView{}, missing("act " + act)
	}
	_, err := d.Do(ctx, a, "search."+act, r, func(v *journal.View) (journal.Outcome, error) {
		old, c, err := loadSearch(v, id)
		if err != nil {
			return journal.Outcome{}, err
		}
		if err := goesOn(old, c); err != nil {
			return journal.Outcome{}, err
		}
		next := *old
		step := &searchStep{desk: d, actor: a, in: in, check: newChecker(v.Now, time.UTC), load: func() []*SearchTask { return d.tasksIn(v, id) }}
		if err := rule(step, &next); err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: append([]journal.Document{&next}, step.also...)}, step.check.Err()
	})
	if err != nil {
		return SearchView{}, err
	}
	return d.Search(ctx, a, id)
}

func loadSearch(v *journal.View, id string) (*Search, *alerts.Case, error) {
	s, err := journal.Load[*Search](v, "searches", id)
	if err != nil {
		return nil, nil, err
	}
	c, err := journal.Load[*alerts.Case](v, "cases", s.CaseID)
	return s, c, err
}

func goesOn(s *Search, c *alerts.Case) error {
	switch s.over(c) {
	case "case":
		return alerts.Errorf(alerts.Conflict, "This case is closed. Reopen it first.")
	case "search":
		return alerts.Errorf(alerts.Conflict, "This search has ended.")
	}
	return nil
}

// tasksIn returns the tasks of a search with what this batch has decided.
func (d *Desk) tasksIn(v *journal.View, searchID string) []*SearchTask {
	all := d.board.tasksOf(searchID)
	for _, p := range v.Pending("search_tasks") {
		t, ok := p.(*SearchTask)
		if !ok || t.SearchID != searchID {
			continue
		}
		if i := slices.IndexFunc(all, func(o *SearchTask) bool { return o.ID == t.ID }); i >= 0 {
			all[i] = t
		} else {
			all = append(all, t)
		}
	}
	return all
}
