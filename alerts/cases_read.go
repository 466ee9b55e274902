package alerts

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"homeward/journal"
)

// Assigned tells whether a case is the actor's: being on its team, or, for a
// case that is not restricted, being one of the desk. Duty officers have all.
func (d *Desk) Assigned(a Actor, c *Case) bool { return d.assigned(a, c) }

func (d *Desk) assigned(a Actor, c *Case) bool {
	switch a.Role {
	case RoleDutyOfficer:
		return true
	case RoleOperator, RoleCoordinator:
		return !c.Restricted || slices.Contains(c.Team, a.ID)
	}
	return slices.Contains(c.Team, a.ID)
}

// Sees tells whether the actor may know of a case at all.
func (d *Desk) Sees(a Actor, c *Case) bool { return d.sees(a, c) }

// sees tells whether the actor may know of a case at all: of a restricted one
// only its team and duty officers, whatever the matrix says of the role.
func (d *Desk) sees(a Actor, c *Case) bool {
	assigned := d.assigned(a, c)
	if c.Restricted && !assigned {
		return false
	}
	for _, class := range []Class{P0, P1, P2, P3, P9} {
		if d.Matrix.May(a, class, c.State, assigned) || d.Matrix.Part(a, class, c.State, Grounds{Assigned: assigned}) != "" {
			return true
		}
	}
	return false
}

// VisibleCase returns a case that the actor may know of. One that does not
// exist and one that is not theirs to see give the same NotFound.
func (d *Desk) VisibleCase(a Actor, id string) (*Case, error) {
	c, ok := d.Board.Case(id)
	if !ok || !d.sees(a, c) {
		return nil, coded(fmt.Errorf("case %s: %w", id, journal.ErrNotFound))
	}
	return c, nil
}

// seesClass returns a filter for lists: whether the actor may see a class of a
// case. Nil is what belongs to no case, which is the whole desk's.
// It is asked for up to every case there is, so it remembers: the answer only
// depends on the state and on whether the case is theirs. One filter is for one
// goroutine.
func (d *Desk) seesClass(a Actor, class Class) func(*Case) bool {
	type kind struct {
		state                State
		restricted, assigned bool
	}
	known := map[kind]bool{}
	return func(c *Case) bool {
		if c == nil {
			return d.Matrix.May(a, class, StateVerifying, true)
		}
		k := kind{c.State, c.Restricted, d.assigned(a, c)}
		ok, asked := known[k]
		if !asked {
			ok = d.sees(a, c) && d.Matrix.May(a, class, k.state, k.assigned)
			known[k] = ok
		}
		return ok
	}
}

// recordCase writes down that the actor reads a case, before it is shown.
func (d *Desk) recordCase(ctx context.Context, a Actor, c *Case) error {
	return d.Reads.Record(ctx, a, "cases/"+c.ID, d.CaseClasses(a, c)...)
}

// Case returns a case as the actor sees it.
func (d *Desk) Case(ctx context.Context, a Actor, id string) (CaseView, error) {
	return d.caseNow(ctx, a, id)
}

// CaseQuery asks for a page of cases, newest first.
type CaseQuery struct {
	States   []State
	Category Category
	// Text is looked for in names, in both scripts, and in case numbers.
	Text   string
	Order  CaseOrder
	Cursor string
	Limit  int
}

func (q *CaseQuery) validate() Fields {
	i := &inspection{}
	for _, s := range q.States {
		oneOf(i, "state", s, States())
	}
	if q.Category != "" {
		oneOf(i, "category", q.Category, Categories())
	}
	if q.Order != "" {
		oneOf(i, "sort", q.Order, CaseOrders())
	}
	i.text("q", &q.Text, maxNameText)
	return i.Fields
}

// subject names the list in read records: the filter without what was typed,
// which could be a child's name.
func (q *CaseQuery) subject() string {
	states := make([]string, len(q.States))
	for i, s := range q.States {
		states[i] = string(s)
	}
	return fmt.Sprintf("cases?state=%s&category=%s&searched=%t", strings.Join(states, ","), q.Category, q.Text != "")
}

// Cases returns a page of the cases that the actor may know of. Names are
// searched only where the actor may see them.
func (d *Desk) Cases(ctx context.Context, a Actor, q CaseQuery) (Page[CaseListItem], error) {
	page := Page[CaseListItem]{Items: []CaseListItem{}}
	if err := q.validate().Err(); err != nil {
		return page, err
	}
	kind := byte('c')
	if q.Order == ByUpdated {
		kind = 'u'
	} else if q.Order == ByLastSeen {
		kind = 'l'
	}
	after, err := parseCursor(kind, q.Cursor)
	if err != nil {
		return page, err
	}
	see := func(c *Case) bool { return d.sees(a, c) }
	if q.Text != "" {
		see = d.seesClass(a, P1)
	}
	f := CaseFilter{States: q.States, Category: q.Category, Text: q.Text, Order: q.Order}
	found, last, more := d.Board.casesBefore(f, after, pageSize(q.Limit), see)
	if err := d.Reads.Record(ctx, a, q.subject(), P0, P1); err != nil {
		return page, err
	}
	for _, c := range found {
		page.Items = append(page.Items, d.ViewCaseItem(a, c))
	}
	if more {
		page.Next = last.cursor(kind)
	}
	return page, nil
}

// CaseByNumber returns a case by its public number as somebody typed it.
func (d *Desk) CaseByNumber(ctx context.Context, a Actor, number string) (CaseView, error) {
	normal, _ := NormalCaseNumber(number)
	c, ok := d.Board.CaseByNumber(normal)
	if !ok {
		return CaseView{}, coded(fmt.Errorf("case by number: %w", journal.ErrNotFound))
	}
	return d.caseNow(ctx, a, c.ID)
}
