package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/geo/poa"
)

// SearchView is a search as staff see it. Probabilities are from 0 to 1; Rest
// and those of the segments add up to one.
type SearchView struct {
	ID         string    `json:"id"`
	Version    int       `json:"version"`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
	CaseID     string    `json:"case_id"`
	CaseNumber string    `json:"case_number"`
	EndedAt    time.Time `json:"ended_at,omitzero"`
	// Over says why it takes nothing more: case or search.
	Over string     `json:"over,omitempty"`
	Plan SearchPlan `json:"plan"`
	// Rest is the rest of the world now; Success is how probable it was that the
	// sweeps would have found the child by now.
	Rest float64 `json:"rest"`
	// FirstRest is the rest of the world before any sweep.
	FirstRest float64       `json:"first_rest"`
	Success   float64       `json:"success"`
	Segments  []SegmentView `json:"segments"`
	// Next are the segments in the order in which an hour of a team is worth
	// most.
	Next      []NextSegment    `json:"next"`
	Estimates []EstimateView   `json:"estimates"`
	Sweeps    []SweepView      `json:"sweeps"`
	Points    []CanvassPoint   `json:"points"`
	Tasks     []SearchTaskView `json:"tasks"`
}

// SegmentView is a segment with how probable it was at first and is now, and how
// probable it is that its sweeps would have found the child there.
type SegmentView struct {
	Segment
	First float64 `json:"first"`
	Now   float64 `json:"now"`
	POD   float64 `json:"pod"`
	// Open tells that a team is being sent there or is there.
	Open bool `json:"open"`
	// Swept tells whether a sweep of it stands.
	Swept bool `json:"swept"`
}

// NextSegment is one segment as the next to search: the probability for each
// square kilometre, the chance of finding the child in a team's first hour, and
// the hours to a coverage of one.
type NextSegment struct {
	SegmentID string  `json:"segment_id"`
	Name      string  `json:"name"`
	Density   float64 `json:"density"`
	Success   float64 `json:"success"`
	Hours     float64 `json:"hours"`
}

// EstimateView is an estimate; Counts tells whether it is in the average now.
type EstimateView struct {
	SearchEstimate
	Counts bool `json:"counts"`
}

// SweepView is a sweep; Counts tells whether it moves the probabilities.
type SweepView struct {
	SearchSweep
	Segment string `json:"segment"`
	Counts  bool   `json:"counts"`
}

// SearchTaskView is a task as staff see it.
type SearchTaskView struct {
	ID         string          `json:"id"`
	Version    int             `json:"version"`
	CreatedAt  time.Time       `json:"created_at"`
	UpdatedAt  time.Time       `json:"updated_at"`
	SearchID   string          `json:"search_id"`
	CaseID     string          `json:"case_id"`
	CaseNumber string          `json:"case_number"`
	N          int             `json:"n"`
	State      SearchTaskState `json:"state"`
	SegmentID  string          `json:"segment_id"`
	Segment    string          `json:"segment"`
	Area       geo.Geometry    `json:"area"`
	Tactic     string          `json:"tactic"`
	PlannedAt  time.Time       `json:"planned_at,omitzero"`
	Searchers  int             `json:"searchers"`
	WidthM     float64         `json:"width_m"`
	Brief      SearchBrief     `json:"brief"`
	AcceptedAt time.Time       `json:"accepted_at,omitzero"`
	StartedAt  time.Time       `json:"started_at,omitzero"`
	EndedAt    time.Time       `json:"ended_at,omitzero"`
	Report     *TeamReport     `json:"report,omitempty"`
	Track      [][][2]float64  `json:"track,omitempty"`
	TrackM     float64         `json:"track_m,omitempty"`
	InsideM    float64         `json:"inside_m,omitempty"`
	SweepID    string          `json:"sweep_id,omitempty"`
	SightingID string          `json:"sighting_id,omitempty"`
	Acts       []string        `json:"acts"`
}

// TeamTaskView is all that the leader of a team sees: the own task, and nothing
// of the child but what the desk wrote for the team.
type TeamTaskView struct {
	N         int             `json:"n"`
	State     SearchTaskState `json:"state"`
	Segment   string          `json:"segment"`
	Area      geo.Geometry    `json:"area"`
	Tactic    string          `json:"tactic"`
	PlannedAt time.Time       `json:"planned_at,omitzero"`
	Searchers int             `json:"searchers"`
	WidthM    float64         `json:"width_m"`
	Team      string          `json:"team"`
	Leader    string          `json:"leader,omitempty"`
	Brief     string          `json:"brief,omitempty"`
	StartedAt time.Time       `json:"started_at,omitzero"`
	EndedAt   time.Time       `json:"ended_at,omitzero"`
	Report    *TeamReport     `json:"report,omitempty"`
	InsideM   float64         `json:"inside_m,omitempty"`
}

// Search returns a search as staff see it.
func (d *Desk) Search(ctx context.Context, a alerts.Actor, id string) (SearchView, error) {
	s, c, err := d.visibleSearch(a, id)
	if err != nil {
		return SearchView{}, err
	}
	if err := d.Reads.Record(ctx, a, "searches/"+id, alerts.P2); err != nil {
		return SearchView{}, err
	}
	return d.searchView(s, c), nil
}

// SearchOf returns the newest search of a case; without one it is NotFound.
func (d *Desk) SearchOf(ctx context.Context, a alerts.Actor, caseID string) (SearchView, error) {
	if _, err := d.searchCase(a, caseID); err != nil {
		return SearchView{}, err
	}
	for _, id := range d.Together(a, caseID) {
		if s, ok := d.board.searchOf(id); ok {
			if _, err := d.searchCase(a, id); err == nil {
				return d.Search(ctx, a, s.ID)
			}
		}
	}
	return SearchView{}, missing("search of case " + caseID)
}

// SearchTask returns a task as staff see it.
func (d *Desk) SearchTask(ctx context.Context, a alerts.Actor, id string) (SearchTaskView, error) {
	t, ok := d.board.SearchTask(id)
	if !ok {
		return SearchTaskView{}, missing("task " + id)
	}
	s, c, err := d.visibleSearch(a, t.SearchID)
	if err != nil {
		return SearchTaskView{}, missing("task " + id)
	}
	if err := d.Reads.Record(ctx, a, "search_tasks/"+id, alerts.P2); err != nil {
		return SearchTaskView{}, err
	}
	return taskView(t, s, c), nil
}

func (d *Desk) searchView(s *Search, c *alerts.Case) SearchView {
	out := SearchView{
		ID: s.ID, Version: s.Version, CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt, CaseID: s.CaseID, CaseNumber: c.CaseNumber,
		EndedAt: s.EndedAt, Over: s.over(c), Plan: s.Plan, Segments: []SegmentView{}, Next: []NextSegment{}, Estimates: []EstimateView{},
		Sweeps: []SweepView{}, Points: append([]CanvassPoint{}, s.Points...), Tasks: []SearchTaskView{},
	}
	for _, t := range d.board.tasksOf(s.ID) {
		out.Tasks = append(out.Tasks, taskView(t, s, c))
	}
	s.fillBelief(&out)
	counting := s.counting()
	for i := len(s.Estimates) - 1; i >= 0; i-- {
		e := s.Estimates[i]
		out.Estimates = append(out.Estimates, EstimateView{e, slices.ContainsFunc(counting, func(o *SearchEstimate) bool { return o.ID == e.ID })})
	}
	for i := len(s.Sweeps) - 1; i >= 0; i-- {
		w := s.Sweeps[i]
		out.Sweeps = append(out.Sweeps, SweepView{w, s.nameOf(w.SegmentID), w.UndoneAt.IsZero() && w.Target == s.Plan.Target && s.segment(w.SegmentID) != nil})
	}
	return out
}

// fillBelief computes what is believed now.
func (s *Search) fillBelief(out *SearchView) {
	segments, sweeps := s.segments(), s.standing()
	first := s.initial()
	now := first.After(sweeps)
	out.Rest, out.FirstRest, out.Success = now.Rest, first.Rest, first.Success(sweeps)
	for i, g := range segments {
		v := SegmentView{Segment: *g, First: first.Cells[i], Now: now.Cells[i]}
		var pods []float64
		for _, w := range sweeps {
			if w.Cell == i {
				pods = append(pods, w.POD)
			}
		}
		v.POD, v.Swept = poa.Together(pods...), len(pods) > 0
		v.Open = slices.ContainsFunc(out.Tasks, func(t SearchTaskView) bool {
			return t.SegmentID == g.ID && t.State != TaskDone && t.State != TaskStopped
		})
		out.Segments = append(out.Segments, v)
	}
	for _, n := range poa.Next(now, grounds(segments), s.Plan.team()) {
		out.Next = append(out.Next, NextSegment{segments[n.Cell].ID, segments[n.Cell].Name, n.Density, n.Success, n.Hours})
	}
}

func (s *Search) nameOf(segmentID string) string {
	for i := range s.Segments {
		if s.Segments[i].ID == segmentID {
			return s.Segments[i].Name
		}
	}
	return ""
}

func (s *Search) areaOf(segmentID string) geo.Geometry {
	for i := range s.Segments {
		if s.Segments[i].ID == segmentID {
			return s.Segments[i].Area
		}
	}
	return geo.Geometry{}
}

// taskView is the allow-list of a task for staff.
func taskView(t *SearchTask, s *Search, c *alerts.Case) SearchTaskView {
	out := SearchTaskView{
		ID: t.ID, Version: t.Version, CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt, SearchID: t.SearchID, CaseID: t.CaseID, CaseNumber: c.CaseNumber,
		N: t.N, State: t.State, SegmentID: t.SegmentID, Segment: s.nameOf(t.SegmentID), Area: s.areaOf(t.SegmentID), Tactic: t.Tactic, PlannedAt: t.PlannedAt,
		Searchers: t.Searchers, WidthM: t.WidthM, Brief: t.Brief, AcceptedAt: t.AcceptedAt, StartedAt: t.StartedAt, EndedAt: t.EndedAt,
		Report: t.Report, Track: t.Track, TrackM: t.TrackM, InsideM: t.InsideM, SweepID: t.SweepID, SightingID: t.SightingID, Acts: []string{},
	}
	switch {
	case t.over(s, c) != "":
	case t.open():
		out.Acts = append(out.Acts, "stop", "code", "done")
	case t.State == TaskDone && t.Track == nil:
		out.Acts = append(out.Acts, "track")
	}
	return out
}

// teamTaskView is the allow-list of a task for its team.
func teamTaskView(t *SearchTask, s *Search) TeamTaskView {
	return TeamTaskView{
		N: t.N, State: t.State, Segment: s.nameOf(t.SegmentID), Area: s.areaOf(t.SegmentID), Tactic: t.Tactic, PlannedAt: t.PlannedAt,
		Searchers: t.Searchers, WidthM: t.WidthM, Team: t.Brief.Team, Leader: t.Brief.Leader, Brief: t.Brief.Text,
		StartedAt: t.StartedAt, EndedAt: t.EndedAt, Report: t.Report, InsideM: t.InsideM,
	}
}
