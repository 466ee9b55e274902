package partners

import (
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// Handover is what one shift left to the next: which cases needed somebody and
// for what, as ids and counts. What was written about a case is kept with the
// case, so that it goes when the case is erased.
type Handover struct {
	journal.Head `bson:",inline"`
	// Since is when the handover before this one was made.
	Since time.Time      `bson:"since" class:"P10"`
	Lines []HandoverLine `bson:"lines,omitempty" class:"P10"`
	// Note is about the shift as a whole, not about a case.
	Note string `bson:"note,omitempty" class:"P10,sealed"`
	By   string `bson:"by" class:"P10"`
	// TakenBy is who took over, empty while nobody has.
	TakenBy string    `bson:"taken_by,omitempty" class:"P10"`
	TakenAt time.Time `bson:"taken_at,omitempty" class:"P10"`
}

// HandoverLine is one case; an empty id stands for what belongs to no case.
type HandoverLine struct {
	CaseID string         `bson:"case_id,omitempty"`
	Items  []HandoverItem `bson:"items,omitempty"`
}

// HandoverItem is one reason why a case needs somebody.
type HandoverItem struct {
	// Kind is a kind of deadline, or one of opened, ended, confirm, unreported,
	// unread, alert_ends, alert_unanswered.
	Kind    string    `bson:"kind" json:"kind"`
	Count   int       `bson:"count" json:"count"`
	Overdue int       `bson:"overdue,omitempty" json:"overdue,omitempty"`
	DueAt   time.Time `bson:"due_at,omitempty" json:"due_at,omitzero"`
}

// Collection is "handovers".
func (*Handover) Collection() string { return "handovers" }

// Unit is the handover's own.
func (h *Handover) Unit(string) string { return "handovers/" + h.ID }

// HandoverView is a handover, or, without an id, what one made now would say.
type HandoverView struct {
	ID      string         `json:"id,omitempty"`
	Since   time.Time      `json:"since"`
	At      time.Time      `json:"at"`
	By      string         `json:"by,omitempty"`
	ByName  string         `json:"by_name,omitempty"`
	TakenBy string         `json:"taken_by,omitempty"`
	TakenAt time.Time      `json:"taken_at,omitzero"`
	Note    string         `json:"note,omitempty"`
	Cases   []HandoverCase `json:"cases"`
	// Loose is what belongs to no case.
	Loose []HandoverItem `json:"loose"`
	// Unseen is how many cases the reader may not see, or no longer.
	Unseen int `json:"unseen"`
}

// HandoverCase is one case of a handover as it stands now, with what was said of
// it then.
type HandoverCase struct {
	alerts.CaseListItem
	Items []HandoverItem         `json:"items"`
	Notes []alerts.ShiftNoteView `json:"notes"`
}

// Overdue counts what of a case is overdue.
func (c *HandoverCase) Overdue() int {
	n := 0
	for _, i := range c.Items {
		n += i.Overdue
	}
	return n
}
