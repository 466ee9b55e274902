package alerts

import (
	"context"
	"fmt"
	"slices"
	"time"

	"homeward/journal"
)

// RetentionSoon is how long before its day the file of a case is listed.
const RetentionSoon = 90 * 24 * time.Hour

// Retention is how long the file of a case is kept. Nothing is erased by its day:
// it says when people have to decide, what they decided, and what stands in the
// way.
type Retention struct {
	CaseID string `json:"case_id"`
	Number string `json:"number"`
	State  State  `json:"state"`
	// ClosedAt and DueAt are zero, and Rule is nil, while the search goes on.
	ClosedAt time.Time      `json:"closed_at,omitzero"`
	DueAt    time.Time      `json:"due_at,omitzero"`
	Rule     *RetentionRule `json:"rule,omitempty"`
	// Standing is open, running, soon, due or held.
	Standing string `json:"standing"`
	// InTheWay says why the file cannot be forgotten, whatever the day: merged,
	// hold, hold_proposed, frozen, unconfirmed, aftercare, alert or matter.
	InTheWay []string `json:"in_the_way"`
	// Goes counts what the file consists of; Stays is what outlives it.
	Goes  []RetentionCount `json:"goes"`
	Stays []RetentionRule  `json:"stays"`
	Holds []HoldView       `json:"holds"`
	// Erasing is the decision to erase the file, null while there is none. WaitDays
	// is how long it can be stopped after another person has confirmed it.
	Erasing  *ErasingView `json:"erasing"`
	WaitDays int          `json:"wait_days"`
	// Aliases are the cases that are merged into this one: their files go with it,
	// and a hold on one of them keeps all.
	Aliases []RetentionAlias `json:"aliases"`
}

// RetentionAlias is a case that is merged into the one whose file it is.
type RetentionAlias struct {
	CaseID string `json:"case_id"`
	Number string `json:"number"`
	Held   bool   `json:"held"`
}

// RetentionCount is how many records of one kind belong to a file.
type RetentionCount struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

// RetentionCase returns a case for whoever may see what was noted about it
// (class P10): the desk for its own cases, and the privacy officer, who opens no
// file for it.
func (d *Desk) RetentionCase(a Actor, id string) (*Case, error) {
	c, ok := d.Board.Case(id)
	if !ok || !d.SeesRetention(a, c) {
		return nil, coded(fmt.Errorf("case %s: %w", id, journal.ErrNotFound))
	}
	return c, nil
}

// SeesRetention tells whether the actor may know how long the file of a case is
// kept.
func (d *Desk) SeesRetention(a Actor, c *Case) bool {
	return d.lensOn(a, c).sees(P10)
}

// RetentionOf works out how long the file of a case is kept, as the actor sees
// it. It records no read.
func (d *Desk) RetentionOf(a Actor, c *Case) Retention {
	v := Retention{CaseID: c.ID, Number: c.CaseNumber, State: c.State, Standing: "open", InTheWay: []string{}, Goes: d.goes(c), Stays: []RetentionRule{}, Holds: []HoldView{}, Aliases: []RetentionAlias{}}
	v.Holds = append(v.Holds, holdViews(d.lensOn(a, c), c.Holds)...)
	v.Erasing, v.WaitDays = erasingView(d.lensOn(a, c), c.Erasing), waitRule(d.retention).Days
	for _, r := range d.retention {
		if r.Part == retentionStays {
			v.Stays = append(v.Stays, r)
		}
	}
	held := c.held()
	for _, alias := range d.aliasCases(c.ID) {
		why := alias.held()
		v.Aliases = append(v.Aliases, RetentionAlias{alias.ID, alias.CaseNumber, why != ""})
		if held != "hold" && why != "" {
			held = why
		}
	}
	if c.Closing == nil || !c.State.Ended() {
		return v
	}
	rule := fileRule(d.retention, c.Closing.Outcome, c.Category)
	if rule == nil {
		return v
	}
	v.Rule, v.ClosedAt, v.DueAt = rule, c.Closing.ClosedAt, rule.dueAt(c)
	v.InTheWay = append(v.InTheWay, d.inTheWay(c, held)...)
	switch now := d.Now(); {
	case held != "":
		v.Standing = "held"
	case !v.DueAt.After(now):
		v.Standing = "due"
	case !v.DueAt.After(now.Add(RetentionSoon)):
		v.Standing = "soon"
	default:
		v.Standing = "running"
	}
	return v
}

// inTheWay says why the file of a closed case cannot be forgotten.
func (d *Desk) inTheWay(c *Case, held string) (out []string) {
	if c.Merged != nil {
		out = append(out, "merged")
	}
	if held != "" {
		out = append(out, held)
	}
	files := append([]*Case{c}, d.aliasCases(c.ID)...)
	if slices.ContainsFunc(files, func(f *Case) bool { return d.Board.objectedTo(f) }) {
		out = append(out, "frozen")
	}
	if c.Closing.ConfirmedAt.IsZero() {
		out = append(out, "unconfirmed")
	}
	if c.State == StateFound {
		out = append(out, "aftercare")
	}
	if slices.ContainsFunc(files, func(f *Case) bool {
		return slices.ContainsFunc(d.Board.AlertsOf(f.ID), func(al *Alert) bool { return !al.State.Ended() })
	}) {
		out = append(out, "alert")
	}
	return out
}

// goes counts what the file of a case consists of, with what belongs to the cases
// that are merged into it.
func (d *Desk) goes(c *Case) []RetentionCount {
	n := map[string]int{}
	for _, one := range append([]*Case{c}, d.aliasCases(c.ID)...) {
		id := one.ID
		n["children"] += len(one.Children)
		n["photos"] += len(one.Photos)
		n["papers"] += one.Documents.count()
		n["sightings"] += len(d.Board.SightingsOf(id))
		n["contacts"] += len(d.Board.ContactsOf(id))
		n["alerts"] += len(d.Board.AlertsOf(id))
	}
	out := []RetentionCount{}
	for _, kind := range []string{"children", "photos", "papers", "sightings", "contacts", "alerts"} {
		if n[kind] > 0 {
			out = append(out, RetentionCount{kind, n[kind]})
		}
	}
	return out
}

func (d *Desk) aliasCases(id string) (out []*Case) {
	for _, other := range d.Board.MergedInto(id) {
		if c, ok := d.Board.Case(other); ok {
			out = append(out, c)
		}
	}
	return out
}

// RetentionCases returns the closed cases whose retention the actor sees, but for
// those merged into another, whose file they follow. The reading is recorded.
func (d *Desk) RetentionCases(ctx context.Context, a Actor) ([]*Case, error) {
	if err := d.may(a, "retention.read"); err != nil {
		return nil, err
	}
	var out []*Case
	d.Board.EachCase(func(c *Case) bool {
		if c.State.Ended() && c.Closing != nil && c.Merged == nil && d.SeesRetention(a, c) {
			out = append(out, c)
		}
		return true
	})
	if err := d.Reads.Record(ctx, a, "retention", P10); err != nil {
		return nil, err
	}
	return out, nil
}
