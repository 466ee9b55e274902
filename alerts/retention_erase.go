package alerts

import (
	"slices"
	"time"
)

// Erasing is the decision of two people to erase the file of a case. It is
// carried out once the time to stop it is over.
type Erasing struct {
	ID string `bson:"id"`
	// Reason says why a file goes before its day; it may be empty after that.
	Reason      string    `bson:"reason,omitempty" class:"P10,sealed"`
	By          string    `bson:"by"`
	At          time.Time `bson:"at"`
	ConfirmedBy string    `bson:"confirmed_by,omitempty"`
	ConfirmedAt time.Time `bson:"confirmed_at,omitempty"`
	// ErasesAt is when the time to stop it is over; zero until it is confirmed.
	ErasesAt time.Time `bson:"erases_at,omitempty"`
}

// ErasingView is a decision to erase as a reader sees it. ErasesAt is set once
// another person has confirmed it.
type ErasingView struct {
	ID          string    `json:"id"`
	Reason      string    `json:"reason,omitempty"`
	By          string    `json:"by"`
	At          time.Time `json:"at"`
	ConfirmedBy string    `json:"confirmed_by,omitempty"`
	ConfirmedAt time.Time `json:"confirmed_at,omitzero"`
	ErasesAt    time.Time `json:"erases_at,omitzero"`
}

// ErasingActs are what can be done about erasing a file.
func ErasingActs() []string { return []string{"erase", "confirm_erase", "stop_erase"} }

func erasingView(l lens, e *Erasing) *ErasingView {
	if e == nil || !l.sees(P10) {
		return nil
	}
	return &ErasingView{ID: e.ID, Reason: e.Reason, By: e.By, At: e.At, ConfirmedBy: e.ConfirmedBy, ConfirmedAt: e.ConfirmedAt, ErasesAt: e.ErasesAt}
}

// ErasingRule returns the case after one act on erasing its file. kept is how the
// file stands: nothing is erased that something is in the way of.
func ErasingRule(c *Case, kept Retention, act string, in HoldAct, id string, a Actor, now time.Time) (*Case, error) {
	next := *c
	next.edited(a, now, "erasing")
	if act == "erase" {
		if err := mayErase(c, kept, &in); err != nil {
			return nil, err
		}
		next.Erasing = &Erasing{ID: id, Reason: in.Reason, By: a.ID, At: now}
		return &next, nil
	}
	if c.Erasing == nil || c.Erasing.ID != in.Erasing {
		return nil, Errorf(Conflict, "This decision does not stand any more. Look at the page again.")
	}
	if act == "stop_erase" {
		next.Erasing = nil
		return &next, nil
	}
	switch {
	case !c.Erasing.ConfirmedAt.IsZero():
		return nil, Errorf(Conflict, "This was confirmed already.")
	case c.Erasing.By == a.ID:
		return nil, Errorf(Forbidden, "Another person than the one who proposed to erase the file must confirm it.")
	case len(kept.InTheWay) > 0:
		return nil, errInTheWay()
	}
	confirmed := *c.Erasing
	confirmed.ConfirmedBy, confirmed.ConfirmedAt, confirmed.ErasesAt = a.ID, now, now.AddDate(0, 0, kept.WaitDays)
	next.Erasing = &confirmed
	return &next, nil
}

func mayErase(c *Case, kept Retention, in *HoldAct) error {
	switch {
	case kept.DueAt.IsZero():
		return Errorf(Conflict, "The case has not ended.")
	case c.Erasing != nil:
		return Errorf(Conflict, "Somebody has proposed this already.")
	case len(kept.InTheWay) > 0:
		return errInTheWay()
	}
	i := &inspection{}
	if kept.Standing == "due" {
		i.text("reason", &in.Reason, maxNote)
	} else {
		i.required("reason", &in.Reason, maxNote, "The day of this file has not come. Say why it is erased now.")
	}
	return i.Fields.Err()
}

func errInTheWay() error {
	return Errorf(Conflict, "Something is in the way: the file cannot be erased now.")
}

func (e *Erasing) due(now time.Time) bool {
	return e != nil && !e.ErasesAt.IsZero() && !now.Before(e.ErasesAt)
}

// ErasureStands tells whether a file is to be erased now: two people decided it,
// the time to stop them is over, and nothing is in the way. dropped says that the
// decision is to be taken off the case instead.
func (c *Case) ErasureStands(kept Retention, now time.Time) (stands, dropped bool) {
	if !c.Erasing.due(now) {
		return false, false
	}
	stands = !kept.DueAt.IsZero() && len(kept.InTheWay) == 0
	return stands, !stands
}

// WithoutErasing returns the case without the decision to erase it.
func (c *Case) WithoutErasing(a Actor, now time.Time) *Case {
	next := *c
	next.Erasing = nil
	next.edited(a, now, "erasing")
	return &next
}

// ErasuresDue returns the cases whose files two people decided to erase by now.
func (d *Desk) ErasuresDue(now time.Time) (ids []string) {
	d.Board.EachCase(func(c *Case) bool {
		if c.Erasing.due(now) {
			ids = append(ids, c.ID)
		}
		return true
	})
	slices.Sort(ids)
	return ids
}
