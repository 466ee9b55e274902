package partners

import (
	"context"
	"strconv"
	"time"

	"homeward/alerts"
	"homeward/partners/abduction"
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

	Kind                 string              `json:"kind,omitempty"`
	WrongfulDate         string              `json:"wrongful_date,omitempty"`
	WrongfulDateBasis    string              `json:"wrongful_date_basis,omitempty"`
	FromState            string              `json:"from_state,omitempty"`
	ToState              string              `json:"to_state,omitempty"`
	LegalRoute           string              `json:"legal_route,omitempty"`
	HabitualResidence    string              `json:"habitual_residence,omitempty"`
	LeftBehind           string              `json:"left_behind,omitempty"`
	TakingPerson         string              `json:"taking_person,omitempty"`
	CustodyBasis         string              `json:"custody_basis,omitempty"`
	Whereabouts          string              `json:"whereabouts,omitempty"`
	ProceedingsStartedAt string              `json:"proceedings_started_at,omitempty"`
	Instances            []Instance          `json:"instances,omitempty"`
	Owner                string              `json:"owner,omitempty"`
	Legal                []string            `json:"legal,omitempty"`
	Contacts             []MatterContactView `json:"contacts,omitempty"`
	// OverdueContacts counts the contacts that are overdue now.
	OverdueContacts int `json:"overdue_contacts,omitempty"`
}

// MatterContactView is one entry of the contact log as a reader gets it.
type MatterContactView struct {
	N               int       `json:"n"`
	InstitutionID   string    `json:"institution_id"`
	InstitutionName string    `json:"institution_name"`
	Direction       string    `json:"direction"`
	Channel         string    `json:"channel"`
	At              time.Time `json:"at"`
	Matter          string    `json:"matter,omitempty"`
	Person          string    `json:"person,omitempty"`
	Request         string    `json:"request,omitempty"`
	LegalBasis      string    `json:"legal_basis,omitempty"`
	Reference       string    `json:"reference,omitempty"`
	NoReply         bool      `json:"no_reply,omitempty"`
	PromisedDate    string    `json:"promised_date,omitempty"`
	StatutoryDate   string    `json:"statutory_date,omitempty"`
	StatutoryRule   string    `json:"statutory_rule,omitempty"`
	StatutorySource string    `json:"statutory_source,omitempty"`
	// StatutoryVerified tells whether the rule was checked against its source.
	StatutoryVerified bool              `json:"statutory_verified,omitempty"`
	Corrects          int               `json:"corrects,omitempty"`
	Answer            *MatterAnswerView `json:"answer"`
	State             ContactState      `json:"state"`
	Overdue           bool              `json:"overdue"`
	// Due is the day by which an answer is owed, and DaysLate how many days it
	// is or came after that.
	Due        string    `json:"due,omitempty"`
	DaysLate   int       `json:"days_late,omitempty"`
	RecordedBy string    `json:"recorded_by,omitempty"`
	RecordedAt time.Time `json:"recorded_at"`
}

// MatterAnswerView is an answer as a reader gets it.
type MatterAnswerView struct {
	At        time.Time `json:"at"`
	Text      string    `json:"text"`
	Satisfied string    `json:"satisfied"`
	By        string    `json:"by,omitempty"`
}

// Matter returns a matter as the actor sees it.
func (d *Desk) Matter(ctx context.Context, a alerts.Actor, id string) (MatterView, error) {
	m, c, err := d.visibleMatter(a, id)
	if err != nil {
		return MatterView{}, err
	}
	return d.matterView(ctx, a, m, c)
}

// MattersOfCase returns the matters of a case as the actor sees them, oldest
// first.
func (d *Desk) MattersOfCase(ctx context.Context, a alerts.Actor, caseID string) ([]MatterView, error) {
	out := []MatterView{}
	var failure error
	for _, m := range d.board.MattersOf(caseID) {
		c, err := d.matterCase(a, caseID, m)
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
	law, zone, err := d.board.rules()
	if err != nil {
		return MatterView{}, err
	}
	today := abduction.DateOf(d.Now(), zone)
	v.fill(m)
	who := d.Matrix.May(a, alerts.P10, c.State, d.onMatter(a, c, m))
	if who {
		v.Owner, v.Legal = m.Owner, list(m.Legal)
	}
	for i := range m.Contacts {
		cv := d.contactView(m, i, m.standing(i, today, zone, m.ended(c, zone)), law, who)
		if cv.Overdue {
			v.OverdueContacts++
		}
		v.Contacts = append(v.Contacts, cv)
	}
	return v, nil
}

func (v *MatterView) fill(m *Matter) {
	v.Kind, v.WrongfulDate, v.WrongfulDateBasis = m.Kind, m.WrongfulDate, m.WrongfulDateBasis
	v.FromState, v.ToState, v.LegalRoute, v.HabitualResidence = m.FromState, m.ToState, m.LegalRoute, m.HabitualResidence
	v.LeftBehind, v.TakingPerson, v.CustodyBasis, v.Whereabouts = m.LeftBehind, m.TakingPerson, m.CustodyBasis, m.Whereabouts
	v.ProceedingsStartedAt, v.Instances = m.ProceedingsStartedAt, list(m.Instances)
	v.Contacts = []MatterContactView{}
}

// contactView is the allow-list of one entry; who tells whether it names the
// staff who wrote it.
func (d *Desk) contactView(m *Matter, i int, s standing, law *abduction.Law, who bool) MatterContactView {
	e := &m.Contacts[i]
	v := MatterContactView{
		N: e.N, InstitutionID: e.InstitutionID, InstitutionName: d.institutionName(e.InstitutionID),
		Direction: e.Direction, Channel: e.Channel, At: e.At, Matter: e.Matter, Person: e.Person, Request: e.Request,
		LegalBasis: e.LegalBasis, Reference: e.Reference, NoReply: e.NoReply, PromisedDate: e.PromisedDate,
		StatutoryDate: e.StatutoryDate, StatutoryRule: e.StatutoryRule, Corrects: e.Corrects,
		State: s.state, Overdue: s.state == ContactOverdue, Due: s.due.String(), DaysLate: s.late,
		RecordedAt: e.RecordedAt,
	}
	if b, ok := law.Rule(e.StatutoryRule); ok {
		v.StatutorySource, v.StatutoryVerified = b.Source, b.Verified
	}
	if e.Answer != nil {
		v.Answer = &MatterAnswerView{At: e.Answer.At, Text: e.Answer.Text, Satisfied: e.Answer.Satisfied}
	}
	if !who {
		return v
	}
	v.RecordedBy = e.RecordedBy
	if e.Answer != nil {
		v.Answer.By = e.Answer.By
	}
	return v
}

func (d *Desk) institutionName(id string) string {
	if i, ok := d.board.Institution(id); ok {
		return i.Name
	}
	return ""
}

// instanceName numbers instances from 1.
func instanceName(n int) string { return strconv.Itoa(n + 1) }
