package alerts

import (
	"context"
	"reflect"
	"time"

	"homeward/journal"
)

// UndoLasts is how long a step of triage can be taken back by who took it.
const UndoLasts = 10 * time.Minute

// The steps of triage that can be taken back. What was passed to the police
// cannot: they know it.
const (
	UndoState     = "state"
	UndoGrade     = "grade"
	UndoCase      = "case"
	UndoDuplicate = "duplicate"
	UndoGroup     = "group"
)

// TriageBefore is what the last step of triage changed, so that a slip of the
// hand can be taken back.
type TriageBefore struct {
	What string    `bson:"what" class:"kept"`
	By   string    `bson:"by" class:"kept"`
	At   time.Time `bson:"at" class:"kept"`
	// What follows is as it was before the step.
	State       SightingState `bson:"state" class:"kept"`
	Assessment  *Assessment   `bson:"assessment,omitempty" class:"kept"`
	CaseID      string        `bson:"case_id,omitempty" class:"kept"`
	DuplicateOf string        `bson:"duplicate_of,omitempty" class:"kept"`
	Apart       bool          `bson:"apart,omitempty" class:"kept"`
	With        string        `bson:"with,omitempty" class:"kept"`
}

// UndoView says what the reader did last to a sighting, as long as it can be
// taken back.
type UndoView struct {
	What  string    `json:"what"`
	At    time.Time `json:"at"`
	Until time.Time `json:"until"`
}

// remember notes on a sighting what a step has changed. A step that cannot be
// taken back ends the way back to those before it.
func (s *Sighting) remember(was *Sighting, a Actor, now time.Time) {
	s.Before = nil
	what := ""
	switch {
	case len(s.HandedOver) != len(was.HandedOver):
		return
	case s.CaseID != was.CaseID:
		what = UndoCase
	case s.DuplicateOf != was.DuplicateOf:
		what = UndoDuplicate
	case s.Apart != was.Apart || s.With != was.With:
		what = UndoGroup
	case !reflect.DeepEqual(s.Assessment, was.Assessment):
		what = UndoGrade
	case s.State != was.State:
		what = UndoState
	default:
		return
	}
	s.Before = &TriageBefore{
		What: what, By: a.ID, At: now, State: was.State, Assessment: was.Assessment,
		CaseID: was.CaseID, DuplicateOf: was.DuplicateOf, Apart: was.Apart, With: was.With,
	}
}

// undoOf is the step that the actor can take back now, nil for none.
func (d *Desk) undoOf(a Actor, s *Sighting, now time.Time) *UndoView {
	b := s.Before
	if b == nil || b.By != a.ID || !d.Matrix.Can(a.Role, "sighting.undo") || !now.Before(b.At.Add(UndoLasts)) {
		return nil
	}
	return &UndoView{b.What, b.At, b.At.Add(UndoLasts)}
}

// Undo takes the actor's last step of triage back, within UndoLasts. It is a
// Conflict when somebody has done something since, or there is nothing to take
// back. The journal keeps both steps.
func (d *Desk) Undo(ctx context.Context, a Actor, id string, r Request) (SightingView, error) {
	return d.changeSighting(ctx, a, "sighting.undo", id, r, func(v *journal.View, s Sighting) (*Sighting, error) {
		if d.undoOf(a, &s, v.Now) == nil {
			return nil, Errorf(Conflict, "There is nothing here that you could take back. Steps can be taken back for ten minutes, by who took them last.")
		}
		b := s.Before
		if b.CaseID != s.CaseID && b.CaseID != "" {
			if _, err := d.VisibleCase(a, b.CaseID); err != nil {
				return nil, Errorf(Conflict, "The case that this report was linked to cannot be reached any more.")
			}
		}
		s.State, s.Assessment, s.CaseID, s.DuplicateOf, s.Apart, s.With = b.State, b.Assessment, b.CaseID, b.DuplicateOf, b.Apart, b.With
		s.Signs = d.signsOf(&s)
		return &s, noCycle(v, &s)
	})
}
