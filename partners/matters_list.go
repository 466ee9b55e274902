package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/partners/abduction"
)

// MatterListItem is one line of the list of matters. What is of class P3 is
// there only for those whom the matrix allows it.
type MatterListItem struct {
	ID         string    `json:"id"`
	CaseID     string    `json:"case_id"`
	CaseNumber string    `json:"case_number"`
	State      string    `json:"state"`
	CreatedAt  time.Time `json:"created_at"`
	Kind       string    `json:"kind,omitempty"`
	FromState  string    `json:"from_state,omitempty"`
	ToState    string    `json:"to_state,omitempty"`
	// NextDue is when the first running clock runs out, null without one.
	NextDue         *string `json:"next_due"`
	OverdueContacts int     `json:"overdue_contacts,omitempty"`
	OverdueClocks   int     `json:"overdue_clocks,omitempty"`
}

// MatterFilter chooses matters. Zero fields choose all.
type MatterFilter struct {
	State  string
	Cursor string
	Limit  int // 50 when it is 0, at most 200
}

// Matters lists the matters that the actor may see, newest first.
func (d *Desk) Matters(ctx context.Context, a alerts.Actor, f MatterFilter) (alerts.Page[MatterListItem], error) {
	page := alerts.Page[MatterListItem]{Items: []MatterListItem{}}
	after, err := openCursor(f.Cursor)
	if err != nil {
		return page, err
	}
	all := d.board.Matters()
	slices.Reverse(all)
	var last *Matter
	classes := []alerts.Class{}
	for _, m := range all {
		if after != nil && slices.Compare(m.place(), after) >= 0 || f.State != "" && f.State != m.State {
			continue
		}
		c, err := d.matterCase(a, m.CaseID, m)
		if err != nil {
			continue
		}
		if len(page.Items) == pageLimit(f.Limit) {
			next := sealCursor(last.place())
			page.Next = &next
			break
		}
		item, read, err := d.matterListItem(a, m, c)
		if err != nil {
			return page, err
		}
		page.Items, last, classes = append(page.Items, item), m, append(classes, read...)
	}
	if len(classes) == 0 {
		return page, nil
	}
	if err := d.Reads.Record(ctx, a, "matters?state="+f.State, classes...); err != nil {
		return alerts.Page[MatterListItem]{}, err
	}
	return page, nil
}

// place is what the list is ordered by, backwards.
func (m *Matter) place() []string {
	return []string{m.CreatedAt.UTC().Format("2006-01-02T15:04:05.000"), m.ID}
}

func (d *Desk) matterListItem(a alerts.Actor, m *Matter, c *alerts.Case) (MatterListItem, []alerts.Class, error) {
	v := MatterListItem{ID: m.ID, CaseID: m.CaseID, CaseNumber: c.CaseNumber, State: m.State, CreatedAt: m.CreatedAt}
	clocks, classes, err := d.clocks(a, m, c)
	if err != nil || len(classes) == 0 {
		return v, classes, err
	}
	_, zone, err := d.board.rules()
	if err != nil {
		return v, nil, err
	}
	v.Kind, v.FromState, v.ToState = m.Kind, m.FromState, m.ToState
	for i := range clocks {
		switch k := &clocks[i]; {
		case k.State == abduction.Overdue:
			v.OverdueClocks++
		case k.State == abduction.Running && v.NextDue == nil && !k.Due.IsZero():
			due := k.Due.String()
			v.NextDue = &due
		}
	}
	now, l := d.Now(), m.log()
	for i := range l {
		if l.standing(i, now, zone, m.ended(c, zone)).state == ContactOverdue {
			v.OverdueContacts++
		}
	}
	return v, classes, nil
}

// ContactMatters returns what an institution can be asked for so that a
// statutory date follows, in the words of NewMatterContact.Matter.
func (d *Desk) ContactMatters() ([]string, error) {
	law, _, err := d.board.rules()
	if err != nil {
		return nil, err
	}
	return law.Matters(), nil
}
