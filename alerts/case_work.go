package alerts

import "time"

// StepMark says what was done about one step of a case's clock.
type StepMark struct {
	Step string `bson:"step"`
	// State is done, not_needed, or open for a mark that was taken back.
	State string `bson:"state"`
	// DoneAt is when it was done, as told.
	DoneAt time.Time `bson:"done_at,omitempty"`
	Note   string    `bson:"note,omitempty" class:"P3,sealed"`
	By     string    `bson:"by"`
	At     time.Time `bson:"at"`
}

// Task is something that one person has to do about a case by a time.
type Task struct {
	ID    string    `bson:"id"`
	Title string    `bson:"title" class:"P3,sealed"`
	Owner string    `bson:"owner"`
	DueAt time.Time `bson:"due_at,omitempty"`
	// State is open, done or dropped.
	State  string     `bson:"state"`
	MadeBy string     `bson:"made_by"`
	MadeAt time.Time  `bson:"made_at"`
	Notes  []TaskNote `bson:"notes,omitempty"`
}

// TaskNote is one line of a task's history: what somebody wrote or changed.
type TaskNote struct {
	// Kind is note, done, dropped, open, owner or due.
	Kind string    `bson:"kind"`
	Text string    `bson:"text,omitempty" class:"P3,sealed"`
	By   string    `bson:"by"`
	At   time.Time `bson:"at"`
}

// CaseLink leads to another case.
type CaseLink struct {
	ID   string `bson:"id"`
	Case string `bson:"case"`
	// Kind is sibling, same_child, same_person, same_place or other.
	Kind   string    `bson:"kind"`
	Reason string    `bson:"reason" class:"P3,sealed"`
	By     string    `bson:"by" class:"P10"`
	At     time.Time `bson:"at"`
	// UnlinkedAt is set once the link was taken back.
	UnlinkedAt  time.Time `bson:"unlinked_at,omitempty"`
	UnlinkedBy  string    `bson:"unlinked_by,omitempty" class:"P10"`
	UnlinkedFor string    `bson:"unlinked_for,omitempty" class:"P3,sealed"`
}

// Episode is an earlier disappearance of a child as the family or a document
// tells of it.
type Episode struct {
	// Began is YYYY-MM-DD, YYYY-MM or YYYY, as far as it is known.
	Began string `bson:"began,omitempty" class:"P3,sealed" json:"began,omitempty"`
	// Days is how long it lasted; 0 when nobody knows.
	Days int `bson:"days,omitempty" json:"days,omitempty"`
	// Found is where and with whom the child was found then.
	Found string `bson:"found,omitempty" class:"P3,sealed" json:"found,omitempty"`
	// Source is who tells of it.
	Source string `bson:"source,omitempty" class:"P3,sealed" json:"source,omitempty"`
}

// ShiftNote is what one shift tells the next about a case.
type ShiftNote struct {
	ID   string    `bson:"id"`
	Text string    `bson:"text" class:"P3,sealed"`
	By   string    `bson:"by"`
	At   time.Time `bson:"at"`
	// Handover is the handover that it went with; empty until there is one.
	Handover string `bson:"handover,omitempty"`
}

// Change is one field of a case that somebody changed. Exactly one of the turns
// is filled: the one of the field's class, which a reader needs to see it.
type Change struct {
	Version int       `bson:"version"`
	At      time.Time `bson:"at"`
	By      string    `bson:"by"`
	// Field is the path of the field, such as "last_seen.at"; a child's begins
	// with "children." and its id.
	Field    string `bson:"field"`
	Card     Turn   `bson:"p0,omitempty" class:"P0,sealed"`
	Identity Turn   `bson:"p1,omitempty" class:"P1,sealed"`
	Place    Turn   `bson:"p2,omitempty" class:"P2,sealed"`
	Family   Turn   `bson:"p3,omitempty" class:"P3,sealed"`
	Needs    Turn   `bson:"p4,omitempty" class:"P4,sealed"`
	Notes    Turn   `bson:"p5,omitempty" class:"P5,sealed"`
	Audit    Turn   `bson:"p10,omitempty" class:"P10,sealed"`
}

// Turn is what a field was and what it became, as text; a long text is cut.
type Turn struct {
	Was string `bson:"was,omitempty" json:"was,omitempty"`
	Now string `bson:"now,omitempty" json:"now,omitempty"`
}
