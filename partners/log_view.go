package partners

import (
	"context"
	"time"

	"homeward/alerts"
	"homeward/partners/abduction"
)

// MatterContactView is one entry of a contact log as a reader gets it.
type MatterContactView struct {
	N               int              `json:"n"`
	InstitutionID   string           `json:"institution_id"`
	InstitutionName string           `json:"institution_name"`
	Direction       string           `json:"direction"`
	Channel         string           `json:"channel"`
	At              time.Time        `json:"at"`
	Matter          string           `json:"matter,omitempty"`
	Unit            string           `json:"unit,omitempty"`
	Person          string           `json:"person,omitempty"`
	Function        string           `json:"function,omitempty"`
	Request         string           `json:"request,omitempty"`
	LegalBasis      string           `json:"legal_basis,omitempty"`
	Reference       string           `json:"reference,omitempty"`
	OurReference    string           `json:"our_reference,omitempty"`
	Documents       []LoggedDocument `json:"documents,omitempty"`
	Proof           *DeliveryProof   `json:"proof,omitempty"`
	Language        string           `json:"language,omitempty"`
	Interpreter     string           `json:"interpreter,omitempty"`
	Confidential    string           `json:"confidential,omitempty"`
	FamilyNote      string           `json:"family_note,omitempty"`
	NoReply         bool             `json:"no_reply,omitempty"`
	PromisedDate    string           `json:"promised_date,omitempty"`
	PromisedBy      string           `json:"promised_by,omitempty"`
	// StatutoryDate is empty beside a StatutoryRule whose length the data does
	// not know; StatutoryNote then says what there is to know.
	StatutoryDate string `json:"statutory_date,omitempty"`
	// StatutoryAt is the moment, where the law counts hours.
	StatutoryAt     time.Time `json:"statutory_at,omitzero"`
	StatutoryRule   string    `json:"statutory_rule,omitempty"`
	StatutorySource string    `json:"statutory_source,omitempty"`
	// StatutoryVerified tells whether the rule was checked against its source.
	StatutoryVerified bool              `json:"statutory_verified,omitempty"`
	StatutoryNote     string            `json:"statutory_note,omitempty"`
	Corrects          int               `json:"corrects,omitempty"`
	Follows           int               `json:"follows,omitempty"`
	Escalates         int               `json:"escalates,omitempty"`
	Withdraws         int               `json:"withdraws,omitempty"`
	Rung              string            `json:"rung,omitempty"`
	Next              *NextStepView     `json:"next,omitempty"`
	Answer            *MatterAnswerView `json:"answer"`
	State             ContactState      `json:"state"`
	Overdue           bool              `json:"overdue"`
	// Due is the day by which an answer is owed, and DaysLate how many days it
	// is or came after that.
	Due      string `json:"due,omitempty"`
	DaysLate int    `json:"days_late,omitempty"`
	// Withheld marks an entry whose content only the desk reads.
	Withheld   bool      `json:"withheld,omitempty"`
	RecordedBy string    `json:"recorded_by,omitempty"`
	RecordedAt time.Time `json:"recorded_at"`
}

// NextStepView is a next step as a reader gets it.
type NextStepView struct {
	Text     string     `json:"text"`
	Owner    string     `json:"owner,omitempty"`
	Due      string     `json:"due"`
	Open     bool       `json:"open"`
	DoneAt   *time.Time `json:"done_at,omitempty"`
	DoneBy   string     `json:"done_by,omitempty"`
	DoneNote string     `json:"done_note,omitempty"`
}

// MatterAnswerView is an answer as a reader gets it.
type MatterAnswerView struct {
	At        time.Time        `json:"at"`
	Text      string           `json:"text"`
	Satisfied string           `json:"satisfied"`
	Person    string           `json:"person,omitempty"`
	Reference string           `json:"reference,omitempty"`
	Documents []LoggedDocument `json:"documents,omitempty"`
	By        string           `json:"by,omitempty"`
}

// LogView is a log as a reader gets it, with its sums.
type LogView struct {
	CaseID   string              `json:"case_id"`
	MatterID string              `json:"matter_id,omitempty"`
	Contacts []MatterContactView `json:"contacts"`
	Sums     LogSums             `json:"sums"`
}

// LogSums counts the entries of a log.
type LogSums struct {
	Entries  int `json:"entries"`
	Waiting  int `json:"waiting"` // an answer is owed, overdue ones among them
	Overdue  int `json:"overdue"`
	Answered int `json:"answered"`
	NoReply  int `json:"no_reply"` // attempts that nobody answered
}

// SumLog counts the entries of a log.
func SumLog(entries []MatterContactView) LogSums {
	s := LogSums{Entries: len(entries)}
	for i := range entries {
		switch entries[i].State {
		case ContactOverdue:
			s.Overdue++
			s.Waiting++
		case ContactOpen:
			s.Waiting++
		case ContactAnswered:
			s.Answered++
		case ContactNoReply:
			s.NoReply++
		}
	}
	return s
}

// confidentialStaff marks entries that only the desk reads.
const confidentialStaff = "staff"

// ContactLog returns a log as the actor sees it. The read is recorded first.
func (d *Desk) ContactLog(ctx context.Context, a alerts.Actor, of Log) (LogView, error) {
	doc, c, err := d.visibleLog(a, of)
	if err != nil {
		return LogView{}, err
	}
	v := LogView{CaseID: c.ID, Contacts: []MatterContactView{}}
	m, _ := doc.(*Matter)
	if m != nil {
		v.MatterID = m.ID
	}
	if !d.Matrix.May(a, alerts.P3, c.State, d.onMatter(a, c, m)) {
		return v, nil
	}
	if err := d.Reads.Record(ctx, a, of.collection+"/"+of.id, alerts.P3); err != nil {
		return LogView{}, err
	}
	v.Contacts, err = d.contactViews(doc, c, d.readsStaff(a, of))
	v.Sums = SumLog(v.Contacts)
	return v, err
}

// readsStaff tells whether the actor sees who of the desk does what.
func (d *Desk) readsStaff(a alerts.Actor, of Log) bool {
	doc, c, err := d.visibleLog(a, of)
	if err != nil {
		return false
	}
	m, _ := doc.(*Matter)
	return d.Matrix.May(a, alerts.P10, c.State, d.onMatter(a, c, m))
}

// contactViews are the views of a log's entries; who tells whether they name the
// staff.
func (d *Desk) contactViews(of logged, c *alerts.Case, who bool) ([]MatterContactView, error) {
	law, zone, err := d.board.rules()
	if err != nil {
		return nil, err
	}
	l, now, ended := of.log(), d.Now(), endedOn(of, c, zone)
	out := make([]MatterContactView, 0, len(l))
	for i := range l {
		out = append(out, d.contactView(l, i, l.standing(i, now, zone, ended), law, who))
	}
	return out, nil
}

// contactView is the allow-list of one entry; who tells whether it names the
// staff who wrote it, and shows what only the desk reads.
func (d *Desk) contactView(l contactLog, i int, s standing, law *abduction.Law, who bool) MatterContactView {
	e := &l[i]
	v := MatterContactView{
		N: e.N, InstitutionID: e.InstitutionID, InstitutionName: d.institutionName(e.InstitutionID),
		Direction: e.Direction, Channel: e.Channel, At: e.At, Matter: e.Matter, NoReply: e.NoReply,
		PromisedDate: e.PromisedDate, StatutoryDate: e.StatutoryDate, StatutoryAt: e.StatutoryAt, StatutoryRule: e.StatutoryRule,
		Corrects: e.Corrects, Follows: e.Follows, Escalates: e.Escalates, Withdraws: e.Withdraws, Rung: e.Rung,
		Confidential: e.Confidential, State: s.state, Overdue: s.state == ContactOverdue, Due: s.due.String(), DaysLate: s.late,
		RecordedAt: e.RecordedAt,
	}
	if b, ok := law.Rule(e.StatutoryRule); ok {
		v.StatutorySource, v.StatutoryVerified, v.StatutoryNote = b.Source, b.Verified, b.Note
	}
	if e.Confidential == confidentialStaff && !who {
		v.Withheld = true
		if e.Answer != nil {
			v.Answer = &MatterAnswerView{At: e.Answer.At, Satisfied: e.Answer.Satisfied}
		}
		return v
	}
	v.fill(e, l.stepOpen(i))
	if !who {
		return v
	}
	v.RecordedBy = e.RecordedBy
	if e.Answer != nil {
		v.Answer.By = e.Answer.By
	}
	if e.Next != nil {
		v.Next.Owner, v.Next.DoneBy = e.Next.Owner, e.Next.DoneBy
	}
	return v
}

// fill adds what was said, but not who of the staff did what.
func (v *MatterContactView) fill(e *MatterContact, open bool) {
	v.Unit, v.Person, v.Function, v.Request, v.LegalBasis = e.Unit, e.Person, e.Function, e.Request, e.LegalBasis
	v.Reference, v.OurReference, v.Documents, v.Proof = e.Reference, e.OurReference, e.Documents, e.Proof
	v.Language, v.Interpreter, v.FamilyNote, v.PromisedBy = e.Language, e.Interpreter, e.FamilyNote, e.PromisedBy
	if n := e.Next; n != nil {
		v.Next = &NextStepView{Text: n.Text, Due: n.Due, Open: open, DoneNote: n.DoneNote}
		if !n.DoneAt.IsZero() {
			v.Next.DoneAt = &n.DoneAt
		}
	}
	if an := e.Answer; an != nil {
		v.Answer = &MatterAnswerView{At: an.At, Text: an.Text, Satisfied: an.Satisfied, Person: an.Person, Reference: an.Reference, Documents: an.Documents}
	}
}

func (d *Desk) institutionName(id string) string {
	if i, ok := d.board.Institution(id); ok {
		return i.Name
	}
	return ""
}
