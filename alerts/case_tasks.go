package alerts

import (
	"context"
	"slices"
	"time"

	"homeward/journal"
)

// The most tasks of a case, and the most notes of a task.
const (
	maxTasks     = 500
	maxTaskNotes = 200
)

// NewTask gives somebody something to do about a case. Owner is an account id,
// the actor's when it is empty.
type NewTask struct {
	Title string    `json:"title"`
	Owner string    `json:"owner,omitempty"`
	DueAt time.Time `json:"due_at,omitzero"`
	Note  string    `json:"note,omitempty"`
}

func (in *NewTask) validate(known func(string) bool) Fields {
	i := &inspection{}
	i.required("title", &in.Title, maxLine, "Say what is to be done.")
	i.text("note", &in.Note, maxNote)
	i.sane("due_at", in.DueAt)
	if in.Owner != "" && !known(in.Owner) {
		i.Add("owner", "unknown_account", "There is no such account.")
	}
	return i.Fields
}

// TaskAct is what somebody does with a task. Fields that are not sent stay.
type TaskAct struct {
	// State is open, done or dropped; empty leaves it.
	State string              `json:"state,omitempty"`
	Owner *string             `json:"owner,omitempty"`
	DueAt Optional[time.Time] `json:"due_at,omitzero"`
	// Note is required for a task that is dropped: why.
	Note string `json:"note,omitempty"`
}

// TaskStates are the states of a task.
func TaskStates() []string { return []string{"open", "done", "dropped"} }

func (in *TaskAct) validate(known func(string) bool) Fields {
	i := &inspection{}
	if in.State != "" {
		oneOf(i, "state", in.State, TaskStates())
	}
	i.text("note", &in.Note, maxNote)
	if in.State == "dropped" && in.Note == "" {
		i.Add("note", "required", "Say why this is not done.")
	}
	i.sane("due_at", in.DueAt.Value)
	if in.Owner != nil && !known(*in.Owner) {
		i.Add("owner", "unknown_account", "There is no such account.")
	}
	return i.Fields
}

// AddTask gives somebody something to do about a case.
func (d *Desk) AddTask(ctx context.Context, a Actor, caseID string, in NewTask, r Request) (TaskView, error) {
	if err := d.caseCommand(a, "case.task", caseID, func(time.Time) Fields { return in.validate(d.knownAccount) }); err != nil {
		return TaskView{}, err
	}
	id := d.idFor("task", r)
	v, err := d.changeCase(ctx, a, "case.task", caseID, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		next, err := addTask(c, in, id, a, v.Now)
		if err != nil {
			return nil, err
		}
		return []journal.Document{next}, nil
	})
	if err != nil {
		return TaskView{}, err
	}
	return byID(v.Tasks, func(t TaskView) bool { return t.ID == id })
}

// AddTaskRule is AddTask as a rule, for what changes more than the case: the task
// that comes out of a conference. It checks the input as AddTask does.
func (d *Desk) AddTaskRule(c *Case, in NewTask, id string, a Actor, now time.Time) (*Case, error) {
	if err := in.validate(d.knownAccount).Err(); err != nil {
		return nil, err
	}
	return addTask(c, in, id, a, now)
}

// addTask returns the case with one more task.
func addTask(c *Case, in NewTask, id string, a Actor, now time.Time) (*Case, error) {
	if err := workable(c); err != nil {
		return nil, err
	}
	if len(c.Tasks) >= maxTasks {
		return nil, Errorf(TooMany, "This case takes no more tasks.")
	}
	t := Task{ID: id, Title: in.Title, Owner: in.Owner, DueAt: in.DueAt, State: "open", MadeBy: a.ID, MadeAt: now}
	if t.Owner == "" {
		t.Owner = a.ID
	}
	if in.Note != "" {
		t.Notes = []TaskNote{{Kind: "note", Text: in.Note, By: a.ID, At: now}}
	}
	next := *c
	next.Tasks = append(slices.Clone(c.Tasks), t)
	next.edited(a, now, "tasks")
	return &next, nil
}

// ActOnTask writes a note on a task, ends it, or gives it to somebody else.
func (d *Desk) ActOnTask(ctx context.Context, a Actor, caseID, taskID string, in TaskAct, r Request) (TaskView, error) {
	if err := d.caseCommand(a, "case.task", caseID, func(time.Time) Fields { return in.validate(d.knownAccount) }); err != nil {
		return TaskView{}, err
	}
	v, err := d.changeTasks(ctx, a, "case.task", caseID, d.holds(a, caseID, taskID), r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		return taskRule(c, taskID, in, a, v.Now)
	})
	if err != nil {
		return TaskView{}, err
	}
	return byID(v.Tasks, func(t TaskView) bool { return t.ID == taskID })
}

func taskRule(c *Case, taskID string, in TaskAct, a Actor, now time.Time) ([]journal.Document, error) {
	n := slices.IndexFunc(c.Tasks, func(t Task) bool { return t.ID == taskID })
	if n < 0 {
		return nil, coded(journal.ErrNotFound)
	}
	if err := workable(c); err != nil {
		return nil, err
	}
	t := c.Tasks[n]
	t.Notes = slices.Clone(t.Notes)
	note := func(kind string) {
		t.Notes = append(t.Notes, TaskNote{Kind: kind, Text: in.Note, By: a.ID, At: now})
		in.Note = ""
	}
	if in.State != "" && in.State != t.State {
		t.State = in.State
		note(in.State)
	}
	if in.Owner != nil && *in.Owner != t.Owner {
		t.Owner = *in.Owner
		note("owner")
	}
	if in.DueAt.Set && !in.DueAt.Value.Equal(t.DueAt) {
		t.DueAt = in.DueAt.Value
		note("due")
	}
	if in.Note != "" {
		note("note")
	}
	switch {
	case len(t.Notes) == len(c.Tasks[n].Notes):
		return nil, nil
	case len(t.Notes) > maxTaskNotes:
		return nil, Errorf(TooMany, "This task takes no more notes.")
	}
	next := *c
	next.Tasks = slices.Clone(c.Tasks)
	next.Tasks[n] = t
	next.edited(a, now, "tasks")
	return []journal.Document{&next}, nil
}
