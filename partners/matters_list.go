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
	State string
	// Order is one of MatterOrders, the newest first when it is empty.
	Order  string
	Cursor string
	Limit  int // 50 when it is 0, at most 200
}

// MatterOrders names the ways to sort the list of matters.
func MatterOrders() []string { return matterOrders().Names() }

// byNextDue is the one order that takes reckoning the clocks of every matter.
const byNextDue = "next_due"

// listedMatter is a matter with its case, and its line once that is made.
type listedMatter struct {
	*Matter
	of      *alerts.Case
	line    MatterListItem
	classes []alerts.Class // that the line shows
}

// matterOrders sort by what the actor is shown, newest first within each: what is
// withheld from a line moves it nowhere.
func matterOrders() alerts.Orders[listedMatter] {
	by := func(name string, first func(listedMatter) []string) alerts.Order[listedMatter] {
		return alerts.Order[listedMatter]{Name: name, Place: func(m listedMatter) []string { return append(first(m), alerts.Latest(m.CreatedAt), m.ID) }}
	}
	return alerts.Orders[listedMatter]{
		by("created_at", func(listedMatter) []string { return nil }),
		by(byNextDue, func(m listedMatter) []string {
			if m.line.NextDue == nil {
				return []string{"~"} // after every date
			}
			return []string{*m.line.NextDue}
		}),
		by("case_number", func(m listedMatter) []string { return []string{m.of.CaseNumber} }),
		by("state", func(m listedMatter) []string { return []string{alerts.Rank(m.State, MatterStates())} }),
	}
}

// Matters lists the matters that the actor may see, newest first unless another
// order is asked for.
func (d *Desk) Matters(ctx context.Context, a alerts.Actor, f MatterFilter) (alerts.Page[MatterListItem], error) {
	page := alerts.Page[MatterListItem]{Items: []MatterListItem{}}
	chosen, err := d.mattersFor(a, f)
	if err != nil {
		return page, err
	}
	found, next, err := matterOrders().Page(slices.Values(chosen), f.Order, f.Cursor, f.Limit)
	if err != nil {
		return page, err
	}
	var classes []alerts.Class
	for i := range found {
		if err := d.makeLine(a, &found[i]); err != nil {
			return page, err
		}
		page.Items, classes = append(page.Items, found[i].line), append(classes, found[i].classes...)
	}
	page.Next = next
	if len(classes) == 0 {
		return page, nil
	}
	if err := d.Reads.Record(ctx, a, "matters?state="+f.State, classes...); err != nil {
		return alerts.Page[MatterListItem]{}, err
	}
	return page, nil
}

// mattersFor returns the matters that a filter chooses and that the actor may see.
func (d *Desk) mattersFor(a alerts.Actor, f MatterFilter) ([]listedMatter, error) {
	var chosen []listedMatter
	for _, m := range d.board.Matters() {
		c, err := d.matterCase(a, m.CaseID, m)
		if err != nil || f.State != "" && f.State != m.State {
			continue
		}
		listed := listedMatter{Matter: m, of: c}
		if f.Order == byNextDue {
			if err := d.makeLine(a, &listed); err != nil {
				return nil, err
			}
		}
		chosen = append(chosen, listed)
	}
	return chosen, nil
}

func (d *Desk) makeLine(a alerts.Actor, m *listedMatter) (err error) {
	if m.line.ID == "" {
		m.line, m.classes, err = d.matterListItem(a, m.Matter, m.of)
	}
	return err
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
