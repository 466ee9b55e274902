package partners

import (
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
)

// SearchTaskState is how far a task got.
type SearchTaskState string

// The states of a task. None says that a segment is cleared: it was searched,
// with a probability of detection.
const (
	TaskPlanned  SearchTaskState = "planned"
	TaskAccepted SearchTaskState = "accepted"
	TaskStarted  SearchTaskState = "started"
	TaskDone     SearchTaskState = "done"
	TaskStopped  SearchTaskState = "stopped"
)

// SearchTaskStates returns the states in their order.
func SearchTaskStates() []SearchTaskState {
	return []SearchTaskState{TaskPlanned, TaskAccepted, TaskStarted, TaskDone, TaskStopped}
}

// SearchTask sends one team to one segment. Its leader has a code and no
// account. It belongs to the case's erasure unit.
type SearchTask struct {
	journal.Head `bson:",inline"`
	SearchID     string          `bson:"search_id" class:"ref"`
	CaseID       string          `bson:"case_id" class:"ref"`
	N            int             `bson:"n" class:"ref"` // from 1, within the search
	State        SearchTaskState `bson:"state" class:"ref"`
	SegmentID    string          `bson:"segment_id" class:"ref"`
	Tactic       string          `bson:"tactic" class:"P2"`
	// PlannedAt is when the team is to start.
	PlannedAt time.Time `bson:"planned_at,omitempty" class:"P2"`
	// Searchers and WidthM, in metres, are what the coverage is computed with.
	Searchers int         `bson:"searchers" class:"P2"`
	WidthM    float64     `bson:"width_m" class:"P2"`
	Brief     SearchBrief `bson:"brief" class:"P2,sealed"`
	// Receipt is the hash of the leader's code; the code itself is not kept.
	Receipt    []byte    `bson:"receipt,omitempty" class:"kept"`
	AcceptedAt time.Time `bson:"accepted_at,omitempty" class:"P2"`
	StartedAt  time.Time `bson:"started_at,omitempty" class:"P2"`
	EndedAt    time.Time `bson:"ended_at,omitempty" class:"P2"`
	// Report is what the team said at the end; nil before.
	Report *TeamReport `bson:"report,omitempty" class:"P2,sealed"`
	// Track is where the leader walked, thinned: runs of [longitude, latitude].
	Track [][][2]float64 `bson:"track,omitempty" class:"P2,sealed"`
	// TrackM is its whole length and InsideM what of it lies in the segment.
	TrackM     float64 `bson:"track_m,omitempty" class:"P2"`
	InsideM    float64 `bson:"inside_m,omitempty" class:"P2"`
	SweepID    string  `bson:"sweep_id,omitempty" class:"ref"`
	SightingID string  `bson:"sighting_id,omitempty" class:"ref"`
	MadeBy     string  `bson:"made_by" class:"P10"`
}

// SearchBrief is what a team is told, and who leads it.
type SearchBrief struct {
	Team    string `bson:"team" json:"team"`
	Leader  string `bson:"leader,omitempty" json:"leader,omitempty"`
	Contact string `bson:"contact,omitempty" json:"contact,omitempty"`
	Text    string `bson:"text,omitempty" json:"text,omitempty"`
}

// TeamReport is what a team found: nothing, a clue, somebody who may be the
// child, or the child.
type TeamReport struct {
	Found string `bson:"found" json:"found"`
	Text  string `bson:"text,omitempty" json:"text,omitempty"`
	// NotCovered is which part was not searched and why.
	NotCovered string     `bson:"not_covered,omitempty" json:"not_covered,omitempty"`
	At         time.Time  `bson:"at,omitempty" json:"at,omitzero"`
	Place      *geo.Point `bson:"place,omitempty" json:"place,omitempty"`
	Searchers  int        `bson:"searchers,omitempty" json:"searchers,omitempty"`
}

// Collection is "search_tasks".
func (*SearchTask) Collection() string { return "search_tasks" }

// Unit is the case's.
func (t *SearchTask) Unit(string) string { return "cases/" + t.CaseID }

// TeamFinds are what a team can have found.
func TeamFinds() []string { return []string{"nothing", "clue", "sighting", "child"} }

// open tells whether a team still has the task before it.
func (t *SearchTask) open() bool { return t.State != TaskDone && t.State != TaskStopped }

// over says why the team no longer sees its task, "" while it does.
func (t *SearchTask) over(s *Search, c *alerts.Case) string {
	if s == nil {
		return "search"
	}
	if why := s.over(c); why != "" {
		return why
	}
	if t.State == TaskStopped {
		return "task"
	}
	return ""
}

// NewSearchTask sends a team to a segment.
type NewSearchTask struct {
	SegmentID string    `json:"segment_id"`
	Tactic    string    `json:"tactic"`
	Team      string    `json:"team"`
	Leader    string    `json:"leader,omitempty"`
	Contact   string    `json:"contact,omitempty"`
	Brief     string    `json:"brief,omitempty"`
	PlannedAt time.Time `json:"planned_at,omitzero"`
	// Searchers and WidthM are the plan's when they are left out.
	Searchers int     `json:"searchers,omitempty"`
	WidthM    float64 `json:"width_m,omitempty"`
}

// TeamAct is what a team, or the desk for it, does with a task. Each act takes
// only some of the fields.
type TeamAct struct {
	Code string `json:"code,omitempty"`
	// Found is one of TeamFinds.
	Found      string     `json:"found,omitempty"`
	Text       string     `json:"text,omitempty"`
	NotCovered string     `json:"not_covered,omitempty"`
	At         time.Time  `json:"at,omitzero"`
	Place      *geo.Point `json:"place,omitempty"`
	Searchers  int        `json:"searchers,omitempty"`
	// GPX is a recorded track.
	GPX string `json:"gpx,omitempty"`
}
