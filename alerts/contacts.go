package alerts

import (
	"context"
	"fmt"
	"time"

	"homeward/journal"
)

// NewContact is a call, chat, letter, e-mail or visit. It may be entered late
// and may stand without a case.
type NewContact struct {
	Channel  string    `json:"channel"`
	At       time.Time `json:"at,omitzero"`
	Language string    `json:"language,omitempty"`
	Kind     string    `json:"kind"`
	CaseID   string    `json:"case_id,omitempty"`
	Relation string    `json:"relation,omitempty"`
	Caller   *Reporter `json:"caller,omitempty"`
	Asked    string    `json:"asked,omitempty"`
	Promised string    `json:"promised,omitempty"`
	// PromisedUntil may lie in the past: the promise may be written down late.
	PromisedUntil time.Time `json:"promised_until,omitzero"`
	Police        NewPolice `json:"police,omitzero"`
	// Interpreter is who interpreted and how; empty for nobody.
	Interpreter string `json:"interpreter,omitempty"`
	// MayBeTold is one of MayBeTold: what the caller may be told.
	MayBeTold string `json:"may_be_told,omitempty"`
	// Explained is what was said about rights and services, in ExplainedIn.
	Explained   string `json:"explained,omitempty"`
	ExplainedIn string `json:"explained_in,omitempty"`
	// TakenBy is the account of the colleague who took it, when that is not who
	// records it.
	TakenBy string `json:"taken_by,omitempty"`
}

// ContactKinds returns what a contact may be about. Support, advice, silent and
// abusive calls are contacts without a case.
func ContactKinds() []string {
	return []string{KindNewDisappearance, "follow_up", "sighting", "information", "support", "advice", KindPrevention, "police", "press", "complaint", "silent", "abusive", "test", "other"}
}

// KindPrevention is the kind of contact that fears for a child: a removal that
// is being prepared, a suspicious offer of work abroad.
const KindPrevention = "prevention"

// MayBeTold returns what a caller may be told of a case.
func MayBeTold() []string { return []string{"everything", "status", "ask_first", "nothing"} }

func (in *NewContact) validate(now time.Time) Fields {
	i := &inspection{now: now}
	oneOf(i, "channel", in.Channel, Channels())
	i.past("at", in.At)
	i.language("language", in.Language)
	i.text("interpreter", &in.Interpreter, maxLine)
	i.language("explained_in", in.ExplainedIn)
	i.text("explained", &in.Explained, maxNote)
	if in.MayBeTold != "" {
		oneOf(i, "may_be_told", in.MayBeTold, MayBeTold())
	}
	oneOf(i, "kind", in.Kind, ContactKinds())
	i.text("relation", &in.Relation, maxLine)
	i.reporter("caller", in.Caller)
	i.text("asked", &in.Asked, maxStory)
	i.text("promised", &in.Promised, maxNote)
	i.sane("promised_until", in.PromisedUntil)
	if in.Promised != "" && in.PromisedUntil.IsZero() {
		i.Add("promised_until", "required", "Say by when it was promised.")
	}
	in.Police.inspect(i)
	return i.Fields
}

// RecordContact records a contact.
func (d *Desk) RecordContact(ctx context.Context, a Actor, in NewContact, r Request) (ContactView, error) {
	if err := d.may(a, "contact.record"); err != nil {
		return ContactView{}, err
	}
	f := in.validate(d.Now())
	caseID := d.staffCase(a, in.CaseID, "", &f)
	if in.TakenBy != "" && !d.knownAccount(in.TakenBy) {
		f.Add("taken_by", "unknown_account", "There is no such account.")
	}
	if err := f.Err(); err != nil {
		return ContactView{}, err
	}
	id := d.idFor("contact", r)
	_, err := d.Do(ctx, a, "contact.record", r, func(v *journal.View) (journal.Outcome, error) {
		ct := in.contact(id, caseID, a, v.Now)
		ct.CallerKey = d.callerKey(ct.Caller)
		return journal.Outcome{Documents: []journal.Document{ct}}, nil
	})
	if err != nil {
		return ContactView{}, err
	}
	return d.Contact(ctx, a, id)
}

func (in *NewContact) contact(id, caseID string, a Actor, now time.Time) *Contact {
	ct := &Contact{
		Head: journal.Head{ID: id}, Channel: in.Channel, At: in.At, Language: in.Language, Kind: in.Kind, CaseID: caseID,
		Relation: in.Relation, Caller: given(in.Caller), Asked: in.Asked, Promised: in.Promised,
		PromisedUntil: in.PromisedUntil, Police: in.Police.report(PoliceReport{}, now), RecordedBy: a.ID,
		Interpreter: in.Interpreter, MayBeTold: in.MayBeTold, Explained: in.Explained, ExplainedIn: in.ExplainedIn, TakenBy: in.TakenBy,
	}
	if ct.At.IsZero() {
		ct.At = now
	}
	return ct
}

// visibleContact returns a contact with its case, nil for one that stands
// without. One that the actor may not see is NotFound.
func (d *Desk) visibleContact(ctx context.Context, a Actor, id string) (*Contact, *Case, error) {
	doc, err := d.Journal.Document(ctx, journal.Key{Collection: "contacts", ID: id})
	if err != nil {
		return nil, nil, coded(err)
	}
	ct, ok := doc.(*Contact)
	if !ok {
		return nil, nil, fmt.Errorf("contact %s: stored as %T", id, doc)
	}
	c, err := d.caseOf(a, ct.CaseID)
	if err != nil {
		return nil, nil, err
	}
	if !d.seesClass(a, P6)(c) {
		return nil, nil, coded(fmt.Errorf("contact %s: %w", id, journal.ErrNotFound))
	}
	return ct, c, nil
}

// Contact returns a contact as the actor sees it.
func (d *Desk) Contact(ctx context.Context, a Actor, id string) (ContactView, error) {
	ct, c, err := d.visibleContact(ctx, a, id)
	if err != nil {
		return ContactView{}, err
	}
	if err := d.Reads.Record(ctx, a, "contacts/"+id, d.ContactClasses(a, c)...); err != nil {
		return ContactView{}, err
	}
	return d.contactView(a, ct, c), nil
}

// ContactQuery asks for a page of contacts, latest first.
type ContactQuery struct {
	Case, Kind, Channel, Language string
	// TakenBy is the account that took it, or recorded it when nobody else did.
	TakenBy string
	// Open chooses reports of a missing child of which there is no case yet;
	// Unreferred those of which the police do not know; Promised contacts with a
	// promise that is not kept.
	Open, Unreferred, Promised bool
	// Order is one of ContactOrders, the latest first when it is empty.
	Order  string
	Cursor string
	Limit  int
}

// filter checks the query and returns what the board is asked for.
func (q *ContactQuery) filter() (ContactFilter, error) {
	i := &inspection{}
	if q.Kind != "" {
		oneOf(i, "kind", q.Kind, ContactKinds())
	}
	if q.Channel != "" {
		oneOf(i, "channel", q.Channel, append(Channels(), channelPublic))
	}
	i.language("language", q.Language)
	if q.Order != "" {
		oneOf(i, "sort", q.Order, ContactOrders())
	}
	f := ContactFilter{
		Case: q.Case, Kind: q.Kind, Channel: q.Channel, Language: q.Language, TakenBy: q.TakenBy,
		Open: q.Open, Unreferred: q.Unreferred, Promised: q.Promised,
	}
	return f, i.Err()
}

// Contacts returns a page of the contacts that the actor may see.
func (d *Desk) Contacts(ctx context.Context, a Actor, q ContactQuery) (Page[ContactView], error) {
	page := Page[ContactView]{Items: []ContactView{}}
	f, err := q.filter()
	if err != nil {
		return page, err
	}
	if _, err := d.caseOf(a, q.Case); err != nil {
		return page, err
	}
	ids, next, err := d.Board.contactsPage(f, &q, d.seesClass(a, P6))
	if err != nil {
		return page, err
	}
	for _, id := range ids {
		ct, c, err := d.visibleContact(ctx, a, id)
		if CodeOf(err) == NotFound {
			continue // erased, or taken from the actor's sight, since
		}
		if err != nil {
			return page, err
		}
		page.Items = append(page.Items, d.contactView(a, ct, c))
	}
	page.Next = next
	subject := fmt.Sprintf("contacts?case=%s&kind=%s&open=%t&unreferred=%t&promised=%t", q.Case, q.Kind, q.Open, q.Unreferred, q.Promised)
	if err := d.Reads.Record(ctx, a, subject, contactClasses()...); err != nil {
		return Page[ContactView]{}, err
	}
	return page, nil
}
