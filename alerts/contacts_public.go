package alerts

import (
	"context"
	"time"

	"homeward/journal"
)

// NewReport is a member of the public's report of a missing child.
type NewReport struct {
	PublicReport
	Relation string    `json:"relation,omitempty"`
	Language string    `json:"language,omitempty"`
	Contact  *Reporter `json:"contact,omitempty"`
}

func (in *NewReport) validate(now time.Time) Fields {
	i := &inspection{now: now}
	i.text("child_name", &in.ChildName, maxNameText)
	i.text("child_age", &in.ChildAge, maxNameText)
	i.past("last_seen_at", in.LastSeenAt)
	i.text("last_seen_where", &in.LastSeenWhere, maxLine)
	i.text("circumstances", &in.Circumstances, maxNote)
	i.text("description", &in.Description, maxNote)
	i.text("police_told", &in.PoliceTold, maxLine)
	i.text("relation", &in.Relation, maxLine)
	i.language("language", in.Language)
	i.reporter("contact", in.Contact)
	if in.ChildName == "" && in.Description == "" {
		i.Add("child_name", "required", "Write the child's name, or describe the child.")
	}
	if in.LastSeenWhere == "" && in.Circumstances == "" {
		i.Add("last_seen_where", "required", "Say where the child was last seen, or what happened.")
	}
	return i.Fields
}

// ReportChild takes a report of a missing child from the public. It stays a
// contact until staff have made a case of it: nothing of it goes further before.
func (d *Desk) ReportChild(ctx context.Context, a Actor, in NewReport, r Request) (Receipt, error) {
	if err := d.may(a, "report.public"); err != nil {
		return Receipt{}, err
	}
	if err := in.validate(d.Now()).Err(); err != nil {
		return Receipt{}, err
	}
	hourly := given(in.Contact) == nil
	in.LastSeenAt = cut(in.LastSeenAt, hourly)
	id, code := d.idFor("contact", r), d.codeFor(r)
	_, err := d.Do(ctx, a, "report.public", r, func(v *journal.View) (journal.Outcome, error) {
		report := in.PublicReport
		ct := &Contact{
			Head: journal.Head{ID: id}, Channel: channelPublic, At: cut(v.Now, hourly), Language: in.Language,
			Kind: KindNewDisappearance, Relation: in.Relation, Caller: given(in.Contact), RecordedBy: a.ID,
			Receipt: HashSecret(NormalCode(code)), Report: &report, CallerKey: d.callerKey(in.Contact),
		}
		return journal.Outcome{Documents: []journal.Document{ct}, Hourly: hourly}, nil
	})
	if err != nil {
		return Receipt{}, err
	}
	return Receipt{code}, nil
}

// CaseFromReport makes a case of a public report, in one change with the report
// that now belongs to it. The input is what staff made of it after they spoke
// to whoever reported.
func (d *Desk) CaseFromReport(ctx context.Context, a Actor, contactID string, in NewCase, r Request) (CaseView, error) {
	if err := d.may(a, "case.transcribe"); err != nil {
		return CaseView{}, err
	}
	if _, _, err := d.visibleContact(ctx, a, contactID); err != nil {
		return CaseView{}, err
	}
	if err := in.validate(d.Now(), d.Regions, d.knownAccount).Err(); err != nil {
		return CaseView{}, err
	}
	id := NewID(d.Random)
	done, err := d.Do(ctx, a, "case.transcribe", r, func(v *journal.View) (journal.Outcome, error) {
		ct, err := journal.Load[*Contact](v, "contacts", contactID)
		if err != nil {
			return journal.Outcome{}, err
		}
		if ct.CaseID != "" {
			return journal.Outcome{}, Errorf(Conflict, "This report belongs to a case already.")
		}
		next := *ct
		next.CaseID = id
		c := openRule(&in, a, id, d.freeNumber(v), v.Now, d.Random)
		c.apartAs(ct.NotSame)
		return journal.Outcome{Documents: []journal.Document{c, &next}}, nil
	})
	if err != nil {
		return CaseView{}, err
	}
	return d.answerCase(ctx, a, done)
}
