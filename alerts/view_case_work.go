package alerts

import (
	"slices"
	"time"
)

// StepMarkView is one mark on a step of the clock.
type StepMarkView struct {
	Step   string    `json:"step"`
	State  string    `json:"state"`
	DoneAt time.Time `json:"done_at,omitzero"`
	Note   string    `json:"note,omitempty"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// TaskView is something that somebody has to do.
type TaskView struct {
	ID     string         `json:"id"`
	Title  string         `json:"title,omitempty"`
	Owner  string         `json:"owner"`
	DueAt  time.Time      `json:"due_at,omitzero"`
	State  string         `json:"state"`
	MadeBy string         `json:"made_by"`
	MadeAt time.Time      `json:"made_at"`
	Notes  []TaskNoteView `json:"notes,omitempty"`
	// From is the case that it comes from and FromNumber its number, where that
	// one is merged into the case that is read.
	From       string `json:"from_case,omitempty"`
	FromNumber string `json:"from_number,omitempty"`
}

// Open tells whether the task waits for its owner.
func (t TaskView) Open() bool { return t.State == "open" }

// TaskNoteView is one line of a task's history.
type TaskNoteView struct {
	Kind string    `json:"kind"`
	Text string    `json:"text,omitempty"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

// ShiftNoteView is what one shift told the next.
type ShiftNoteView struct {
	ID       string    `json:"id"`
	Text     string    `json:"text,omitempty"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Handover string    `json:"handover,omitempty"`
}

// LinkView is a link to another case, by its id: who reads it may not see that
// case.
type LinkView struct {
	ID          string    `json:"id"`
	Case        string    `json:"case"`
	Kind        string    `json:"kind"`
	Reason      string    `json:"reason"`
	By          string    `json:"by,omitempty"`
	At          time.Time `json:"at"`
	UnlinkedAt  time.Time `json:"unlinked_at,omitzero"`
	UnlinkedBy  string    `json:"unlinked_by,omitempty"`
	UnlinkedFor string    `json:"unlinked_for,omitempty"`
}

// ChangeView says what became of a field. Turns is empty where the reader may
// know that the field was changed and by whom, and not what it held.
type ChangeView struct {
	Version int       `json:"version"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Field   string    `json:"field"`
	Turns   []Turn    `json:"turns,omitempty"`
}

// workViews are the parts of a case that tell how it is worked on.
func workViews(l lens, c *Case, v *CaseView) {
	if l.sees(P3) {
		for _, k := range c.Links {
			v.Links = append(v.Links, LinkView{
				ID: k.ID, Case: k.Case, Kind: k.Kind, Reason: k.Reason, By: only(l, k.By, P10), At: k.At,
				UnlinkedAt: k.UnlinkedAt, UnlinkedBy: only(l, k.UnlinkedBy, P10), UnlinkedFor: k.UnlinkedFor,
			})
		}
	}
	if !l.sees(P10) {
		return
	}
	for _, s := range c.Steps {
		v.Steps = append(v.Steps, StepMarkView{s.Step, s.State, s.DoneAt, only(l, s.Note, P3), s.By, s.At})
	}
	for i := range c.Tasks {
		v.Tasks = append(v.Tasks, taskView(l, &c.Tasks[i]))
	}
	for _, n := range c.ShiftNotes {
		v.ShiftNotes = append(v.ShiftNotes, ShiftNoteView{n.ID, only(l, n.Text, P3), n.By, n.At, n.Handover})
	}
	for i := range c.Changes {
		v.Changes = append(v.Changes, changeView(l, &c.Changes[i]))
	}
}

func taskView(l lens, t *Task) TaskView {
	v := TaskView{ID: t.ID, Title: only(l, t.Title, P3), Owner: t.Owner, DueAt: t.DueAt, State: t.State, MadeBy: t.MadeBy, MadeAt: t.MadeAt}
	for _, n := range t.Notes {
		v.Notes = append(v.Notes, TaskNoteView{n.Kind, only(l, n.Text, P3), n.By, n.At})
	}
	return v
}

func changeView(l lens, c *Change) ChangeView {
	v := ChangeView{Version: c.Version, At: c.At, By: c.By, Field: c.Field}
	v.Turns = []Turn{
		only(l, c.Card, P0), only(l, c.Identity, P1), only(l, c.Place, P2), only(l, c.Family, P3),
		only(l, c.Needs, P4), only(l, c.Notes, P5), only(l, c.Audit, P10),
	}
	v.Turns = slices.DeleteFunc(v.Turns, func(t Turn) bool { return t == Turn{} })
	return v
}
