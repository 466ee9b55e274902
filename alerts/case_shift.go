package alerts

import (
	"context"
	"slices"
	"time"

	"homeward/journal"
)

// maxShiftNotes is how many notes between shifts a case keeps; the oldest fall
// off the front.
const maxShiftNotes = 200

// NewShiftNote is what one shift tells the next about a case.
type NewShiftNote struct {
	Text string `json:"text"`
}

func (in *NewShiftNote) validate() Fields {
	i := &inspection{}
	i.required("text", &in.Text, maxNote, "Write what the next shift has to know.")
	return i.Fields
}

// AddShiftNote writes a note for the next shift. It goes with the next handover.
func (d *Desk) AddShiftNote(ctx context.Context, a Actor, caseID string, in NewShiftNote, r Request) (CaseView, error) {
	if err := d.caseCommand(a, "case.shift_note", caseID, func(time.Time) Fields { return in.validate() }); err != nil {
		return CaseView{}, err
	}
	id := d.idFor("shift_note", r)
	return d.changeCase(ctx, a, "case.shift_note", caseID, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		if c.State == StateSealed || c.State == StateErased {
			return nil, Errorf(Conflict, "The case is %s and cannot be changed.", stateWords(c.State))
		}
		next := *c
		next.ShiftNotes = append(slices.Clone(c.ShiftNotes), ShiftNote{ID: id, Text: in.Text, By: a.ID, At: v.Now})
		next.ShiftNotes = next.ShiftNotes[max(0, len(next.ShiftNotes)-maxShiftNotes):]
		next.edited(a, v.Now, "shift_notes")
		return []journal.Document{&next}, nil
	})
}

// ShiftNotesWait tells whether a note waits for the next handover.
func (c *Case) ShiftNotesWait() bool {
	return slices.ContainsFunc(c.ShiftNotes, func(n ShiftNote) bool { return n.Handover == "" })
}

// HandOn returns the case with its waiting notes given to a handover, nil when
// none waits.
func (c *Case) HandOn(handover string) *Case {
	if !c.ShiftNotesWait() {
		return nil
	}
	next := *c
	next.ShiftNotes = slices.Clone(c.ShiftNotes)
	for i := range next.ShiftNotes {
		if n := &next.ShiftNotes[i]; n.Handover == "" {
			n.Handover = handover
		}
	}
	return &next
}
