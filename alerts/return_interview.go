package alerts

import (
	"context"
	"slices"
	"time"

	"homeward/journal"
)

// ReturnInterview is one thing that was done about the conversation with a child
// that came back. What the child said is not written down here.
type ReturnInterview struct {
	ID    string `bson:"id"`
	Child string `bson:"child,omitempty"`
	// State is one of InterviewStates, At when, With one of InterviewPeople.
	State string    `bson:"state"`
	At    time.Time `bson:"at"`
	With  string    `bson:"with"`
	Note  string    `bson:"note,omitempty" class:"P5,sealed"`
	By    string    `bson:"by"`
	Noted time.Time `bson:"noted"`
}

// InterviewView is an entry about a return interview as a reader sees it.
type InterviewView struct {
	ID    string    `json:"id"`
	Child string    `json:"child,omitempty"`
	State string    `json:"state"`
	At    time.Time `json:"at"`
	With  string    `json:"with"`
	Note  string    `json:"note,omitempty"`
	By    string    `json:"by"`
	Noted time.Time `json:"noted_at"`
}

// InterviewStates are what can become of a return interview.
func InterviewStates() []string { return []string{"offered", "held", "declined", "not_possible"} }

// InterviewPeople are those who offer or hold it.
func InterviewPeople() []string {
	return []string{"hotline", "social_work", "police", "school", "organisation", "other"}
}

// The most entries about return interviews of a case, and the longest note.
const (
	maxInterviews    = 200
	maxInterviewNote = 300
)

// NewInterview says what became of a return interview.
type NewInterview struct {
	Child string    `json:"child,omitempty"`
	State string    `json:"state"`
	At    time.Time `json:"at,omitzero"` // now when it is left out
	With  string    `json:"with"`
	// Note is a line at most: where the record of the conversation is kept, say.
	Note string `json:"note,omitempty"`
}

func (in *NewInterview) validate(now time.Time) Fields {
	i := &inspection{now: now}
	oneOf(i, "state", in.State, InterviewStates())
	oneOf(i, "with", in.With, InterviewPeople())
	i.past("at", in.At)
	i.text("note", &in.Note, maxInterviewNote)
	return i.Fields
}

// AddInterview writes down what became of a return interview, once the search has
// ended and for as long as aftercare goes on.
func (d *Desk) AddInterview(ctx context.Context, a Actor, caseID string, in NewInterview, r Request) (CaseView, error) {
	if err := d.caseCommand(a, "case.interview", caseID, in.validate); err != nil {
		return CaseView{}, err
	}
	id := d.idFor("interview", r)
	return d.changeCase(ctx, a, "case.interview", caseID, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		return interviewRule(c, in, id, a, v.Now)
	})
}

func interviewRule(c *Case, in NewInterview, id string, a Actor, now time.Time) ([]journal.Document, error) {
	switch {
	case c.Merged != nil:
		return nil, Errorf(Conflict, "The case is merged into another one. Write it there.")
	case c.State != StateFound:
		return nil, Errorf(Conflict, "A return interview is noted after the child was found and before aftercare ends.")
	case len(c.Interviews) >= maxInterviews:
		return nil, Errorf(TooMany, "This case takes no more entries.")
	case in.Child != "" && !slices.ContainsFunc(c.Children, func(o Child) bool { return o.ID == in.Child }):
		var f Fields
		f.Add("child", "unknown_child", "This case has no child with this id.")
		return nil, f.Err()
	}
	if in.At.IsZero() {
		in.At = now
	}
	next := *c
	next.Interviews = append(slices.Clone(c.Interviews), ReturnInterview{
		ID: id, Child: in.Child, State: in.State, At: in.At, With: in.With, Note: in.Note, By: a.ID, Noted: now,
	})
	next.edited(a, now, "interviews")
	return []journal.Document{&next}, nil
}

// interviewed tells whether the interview took place, or the child did not want
// it: then the step of the clock is done.
func (c *Case) interviewed() bool {
	since := time.Time{}
	if c.Closing != nil {
		since = c.Closing.ClosedAt
	}
	return slices.ContainsFunc(c.Interviews, func(n ReturnInterview) bool {
		return !n.Noted.Before(since) && (n.State == "held" || n.State == "declined")
	})
}

func interviewViews(l lens, list []ReturnInterview) (out []InterviewView) {
	if !l.sees(P10) {
		return nil
	}
	for _, n := range list {
		out = append(out, InterviewView{n.ID, n.Child, n.State, n.At, n.With, only(l, n.Note, P5), n.By, n.Noted})
	}
	return out
}
