package partners

import (
	"context"
	"strconv"
	"time"

	"homeward/alerts"
)

// MatterView is what a reader gets of a matter. Fields of class P3 are there
// only for those whom the matrix allows it.
type MatterView struct {
	ID         string    `json:"id"`
	Version    int       `json:"version"`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
	CaseID     string    `json:"case_id"`
	CaseNumber string    `json:"case_number"`
	State      string    `json:"state"`

	Kind                 string     `json:"kind,omitempty"`
	WrongfulDate         string     `json:"wrongful_date,omitempty"`
	WrongfulDateBasis    string     `json:"wrongful_date_basis,omitempty"`
	FromState            string     `json:"from_state,omitempty"`
	ToState              string     `json:"to_state,omitempty"`
	LegalRoute           string     `json:"legal_route,omitempty"`
	HabitualResidence    string     `json:"habitual_residence,omitempty"`
	LeftBehind           string     `json:"left_behind,omitempty"`
	TakingPerson         string     `json:"taking_person,omitempty"`
	CustodyBasis         string     `json:"custody_basis,omitempty"`
	Whereabouts          string     `json:"whereabouts,omitempty"`
	ProceedingsStartedAt string     `json:"proceedings_started_at,omitempty"`
	Instances            []Instance `json:"instances,omitempty"`
	Owner                string     `json:"owner,omitempty"`
	Legal                []string   `json:"legal,omitempty"`
	ParentLegal          []string   `json:"parent_legal,omitempty"`
	// ShutOut says that ParentLegal see nothing of the matter now, because
	// something is hidden from the parent they act for.
	ShutOut bool `json:"shut_out,omitempty"`
	MatterFacts
	// Children are there for those who may see who they are.
	Children []MatterChild       `json:"children,omitempty"`
	Contacts []MatterContactView `json:"contacts,omitempty"`
	// OverdueContacts counts the contacts that are overdue now.
	OverdueContacts int `json:"overdue_contacts,omitempty"`
}

// MatterChild is a child of a matter's case.
type MatterChild struct {
	ID        string        `json:"id"`
	Names     []alerts.Name `json:"names"`
	BirthDate string        `json:"birth_date,omitempty"`
}

// Matter returns a matter as the actor sees it.
func (d *Desk) Matter(ctx context.Context, a alerts.Actor, id string) (MatterView, error) {
	m, c, err := d.visibleMatter(a, id)
	if err != nil {
		return MatterView{}, err
	}
	return d.matterView(ctx, a, m, c)
}

// mattersWith are the matters of a case, oldest first, and after them those of the
// cases merged into it.
func (d *Desk) mattersWith(caseID string) []*Matter {
	out := d.board.MattersOf(caseID)
	for _, alias := range d.Desk.Board.MergedInto(caseID) {
		out = append(out, d.board.MattersOf(alias)...)
	}
	return out
}

// MattersOfCase returns the matters of a case and of those merged into it as the
// actor sees them, oldest first.
func (d *Desk) MattersOfCase(ctx context.Context, a alerts.Actor, caseID string) ([]MatterView, error) {
	out := []MatterView{}
	var failure error
	for _, m := range d.mattersWith(caseID) {
		c, err := d.matterCase(a, m.CaseID, m)
		if failure = err; err != nil {
			continue
		}
		v, err := d.matterView(ctx, a, m, c)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	if len(out) > 0 {
		return out, nil
	}
	if failure == nil {
		_, failure = d.matterCase(a, caseID, nil)
	}
	return out, failure
}

// matterView makes the allow-list of a matter and records the read first.
func (d *Desk) matterView(ctx context.Context, a alerts.Actor, m *Matter, c *alerts.Case) (MatterView, error) {
	v := MatterView{
		ID: m.ID, Version: m.Version, CreatedAt: m.CreatedAt, UpdatedAt: m.UpdatedAt,
		CaseID: m.CaseID, CaseNumber: c.CaseNumber, State: m.State,
	}
	if !d.Matrix.May(a, alerts.P3, c.State, d.onMatter(a, c, m)) {
		return v, nil
	}
	if err := d.Reads.Record(ctx, a, "matters/"+m.ID, alerts.P3); err != nil {
		return MatterView{}, err
	}
	v.fill(m)
	if err := d.matterChildren(ctx, a, m, c, &v); err != nil {
		return MatterView{}, err
	}
	who := d.Matrix.May(a, alerts.P10, c.State, d.onMatter(a, c, m))
	if who {
		v.Owner, v.Legal, v.ParentLegal = m.Owner, list(m.Legal), m.ParentLegal
		v.ShutOut = len(m.ParentLegal) > 0 && len(c.Hidden.Fields(alerts.PartyLeftBehind)) > 0
	}
	var err error
	v.Contacts, err = d.contactViews(m, c, who)
	v.OverdueContacts = SumLog(v.Contacts).Overdue
	return v, err
}

// matterChildren adds the children by name, for those who may see who they are.
func (d *Desk) matterChildren(ctx context.Context, a alerts.Actor, m *Matter, c *alerts.Case, v *MatterView) error {
	if !d.Matrix.May(a, alerts.P1, c.State, d.onMatter(a, c, m)) {
		return nil
	}
	for i := range c.Children {
		k := &c.Children[i]
		v.Children = append(v.Children, MatterChild{ID: k.ID, Names: list(k.Names), BirthDate: k.BirthDate})
	}
	return d.Reads.Record(ctx, a, "matters/"+m.ID+"/children", alerts.P1)
}

func (v *MatterView) fill(m *Matter) {
	v.Kind, v.WrongfulDate, v.WrongfulDateBasis = m.Kind, m.WrongfulDate, m.WrongfulDateBasis
	v.FromState, v.ToState, v.LegalRoute, v.HabitualResidence = m.FromState, m.ToState, m.LegalRoute, m.HabitualResidence
	v.LeftBehind, v.TakingPerson, v.CustodyBasis, v.Whereabouts = m.LeftBehind, m.TakingPerson, m.CustodyBasis, m.Whereabouts
	v.ProceedingsStartedAt, v.Instances = m.ProceedingsStartedAt, list(m.Instances)
	v.MatterFacts = m.facts()
	v.Contacts = []MatterContactView{}
}

// instanceName numbers instances from 1.
func instanceName(n int) string { return strconv.Itoa(n + 1) }
