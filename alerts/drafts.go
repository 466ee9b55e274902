package alerts

import (
	"context"
	"fmt"
	"slices"
	"time"

	"homeward/geo"
	"homeward/journal"
)

// DraftText is an alert's text in one language as it is sent.
type DraftText struct {
	Headline    string `json:"headline"`
	Description string `json:"description"`
	Instruction string `json:"instruction,omitempty"`
}

// NewAlert is what a first draft of an alert is made of. Texts are by BCP 47
// language.
type NewAlert struct {
	Level      Level         `json:"level"`
	DecisionID string        `json:"decision_id,omitempty"`
	Severity   string        `json:"severity"`
	ExpiresAt  time.Time     `json:"expires_at"`
	PhotoID    string        `json:"photo_id,omitempty"`
	HoldBack   string        `json:"hold_back,omitempty"`
	Criteria   *NewChecklist `json:"criteria,omitempty"`
	// Area may be left out where Reach or Corridor gives one; with both, it is
	// what is added to them.
	Area     geo.Area             `json:"area"`
	Reach    *ReachInput          `json:"reach,omitempty"`
	Corridor *geo.Corridor        `json:"corridor,omitempty"`
	Texts    map[string]DraftText `json:"texts"`
}

// AlertUpdate is what a draft changes: fields that are nil are taken from the
// draft that there is, or else from the current revision.
type AlertUpdate struct {
	Level      *Level        `json:"level,omitempty"`
	DecisionID *string       `json:"decision_id,omitempty"`
	Severity   *string       `json:"severity,omitempty"`
	ExpiresAt  *time.Time    `json:"expires_at,omitempty"`
	PhotoID    *string       `json:"photo_id,omitempty"`
	HoldBack   *string       `json:"hold_back,omitempty"`
	Criteria   *NewChecklist `json:"criteria,omitempty"`
	// Area, Reach and Corridor together replace the area that there was.
	Area     *geo.Area            `json:"area,omitempty"`
	Reach    *ReachInput          `json:"reach,omitempty"`
	Corridor *geo.Corridor        `json:"corridor,omitempty"`
	Texts    map[string]DraftText `json:"texts,omitempty"`
}

// DraftView is what is answered to the author of a draft. Whoever releases it
// sends ContentHash back, so that nothing else can go out in its place.
type DraftView struct {
	ID          string     `json:"id"`
	CaseID      string     `json:"case_id"`
	Revision    int        `json:"revision"`
	State       AlertState `json:"state"`
	ContentHash string     `json:"content_hash"`
	Version     int        `json:"version"`
	CreatedAt   time.Time  `json:"created_at"`
	UpdatedAt   time.Time  `json:"updated_at"`
	// Warnings are what somebody should look at again; they refuse nothing.
	Warnings []FieldError `json:"warnings,omitempty"`
}

// DraftAlert writes the first draft of an alert of a case.
func (d *Desk) DraftAlert(ctx context.Context, a Actor, caseID string, in NewAlert, r Request) (DraftView, error) {
	if _, err := d.VisibleCase(a, caseID); err != nil {
		return DraftView{}, err
	}
	id := NewID(d.Random)
	done, err := d.Do(ctx, a, "alert.draft", r, func(v *journal.View) (journal.Outcome, error) {
		c, err := d.loadCase(v, a, caseID)
		if err != nil {
			return journal.Outcome{}, err
		}
		al := &Alert{Head: journal.Head{ID: id}, CaseID: c.ID, CaseNumber: c.CaseNumber, State: AlertDraft, Sender: d.Sender}
		al, err = draftRule(c, al, in.revision(), draftWish{in.Criteria, areaWish{in.Reach, in.Corridor}}, a, d.Regions, v.Now)
		if err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{al}}, nil
	})
	if err != nil {
		return DraftView{}, err
	}
	return d.draftView(ctx, done)
}

// UpdateAlert makes a draft revision of an alert, or changes the one there is.
// What has been released goes on until the draft is released in its place.
func (d *Desk) UpdateAlert(ctx context.Context, a Actor, alertID string, in AlertUpdate, r Request) (DraftView, error) {
	if _, err := d.VisibleAlert(a, alertID); err != nil {
		return DraftView{}, err
	}
	done, err := d.Do(ctx, a, "alert.update", r, func(v *journal.View) (journal.Outcome, error) {
		c, al, err := LoadAlert(v, alertID)
		if err != nil {
			return journal.Outcome{}, err
		}
		if al.State.Ended() {
			return journal.Outcome{}, Errorf(Conflict, "This alert has ended. Make a new one.")
		}
		al, err = draftRule(c, al, in.over(al), draftWish{in.Criteria, areaWish{in.Reach, in.Corridor}}, a, d.Regions, v.Now)
		if err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{al}}, nil
	})
	if err != nil {
		return DraftView{}, err
	}
	return d.draftView(ctx, done)
}

// VisibleAlert returns an alert of a case that the actor can see. One that does
// not exist and one that is not theirs to see give the same NotFound.
func (d *Desk) VisibleAlert(a Actor, alertID string) (*Alert, error) {
	al, ok := d.Board.Alert(alertID)
	if !ok {
		return nil, coded(fmt.Errorf("alert %s: %w", alertID, journal.ErrNotFound))
	}
	if _, err := d.VisibleCase(a, al.CaseID); err != nil {
		return nil, err
	}
	return al, nil
}

// LoadAlert returns an alert with its case, as a rule needs both.
func LoadAlert(v *journal.View, alertID string) (*Case, *Alert, error) {
	al, err := journal.Load[*Alert](v, "alerts", alertID)
	if err != nil {
		return nil, nil, err
	}
	c, err := journal.Load[*Case](v, "cases", al.CaseID)
	if err != nil {
		return nil, nil, err
	}
	return c, al, nil
}

// draftView answers with the draft as it stands now. When it has been released
// or dropped since, the answer tells of the newest revision.
func (d *Desk) draftView(ctx context.Context, done journal.Done) (DraftView, error) {
	doc, err := d.Journal.Document(ctx, done.Keys[0])
	if err != nil {
		return DraftView{}, coded(err)
	}
	al := doc.(*Alert)
	r, state := al.Draft, AlertDraft
	if r == nil {
		r, state = al.Current(), al.State
	}
	v := DraftView{ID: al.ID, CaseID: al.CaseID, State: state, Version: al.Version, CreatedAt: al.CreatedAt, UpdatedAt: al.UpdatedAt}
	if r != nil {
		v.Revision, v.ContentHash = r.Number, r.ContentHash
		if c, ok := d.Board.Case(al.CaseID); ok {
			v.Warnings = revisionWarnings(r, c)
		}
	}
	return v, nil
}

// draftWish is what a draft is made from besides its content.
type draftWish struct {
	criteria *NewChecklist
	areaWish
}

// draftRule makes r the draft of al. It reports everything that is wrong at
// once. Consent is asked for at release: drafting may go on while the family is
// being asked.
func draftRule(c *Case, al *Alert, r Revision, wish draftWish, a Actor, regions *geo.Regions, now time.Time) (*Alert, error) {
	if c.State.Ended() {
		return nil, Errorf(Conflict, "The search is over: this case takes no more alerts.")
	}
	limits, err := draftHours()
	if err != nil {
		return nil, err
	}
	tidy(&r)
	var f Fields
	r.originate(wish.areaWish, c, now, &f)
	more := revisionFields(&r, c, regions, now, limits)
	if len(f) > 0 { // that there is no area follows from what is wrong with it
		more = slices.DeleteFunc(more, func(e FieldError) bool { return e.Field == "area" && e.Code == "empty" })
	}
	f = append(f, more...)
	if wish.criteria != nil {
		r.Criteria = wish.criteria.checklist(&f, now)
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	return al.drafted(a, r, now), nil
}

// drafted returns the alert with a revision, whose fields are right, as its
// draft.
func (a *Alert) drafted(by Actor, r Revision, now time.Time) *Alert {
	r.Area = r.Area.Normalize()
	r.Number = len(a.Revisions) + 1
	r.Author, r.AuthorKind, r.WrittenAt = by.ID, by.Kind, now
	r.ContentHash = contentHash(a, &r)
	next := *a
	next.Draft = &r
	return &next
}

func (in *NewAlert) revision() Revision {
	return Revision{
		Level: in.Level, DecisionID: in.DecisionID, Severity: in.Severity, ExpiresAt: in.ExpiresAt,
		PhotoID: in.PhotoID, HoldBack: in.HoldBack, Area: in.Area, Texts: draftTexts(in.Texts),
	}
}

// over returns the content of a draft that changes only what in has.
func (in *AlertUpdate) over(al *Alert) Revision {
	base := al.Draft
	if base == nil {
		base = al.Current()
	}
	r := Revision{
		Level: base.Level, DecisionID: base.DecisionID, Severity: base.Severity, ExpiresAt: base.ExpiresAt,
		PhotoID: base.PhotoID, HoldBack: base.HoldBack, Criteria: base.Criteria, Area: base.Area, Origin: base.Origin, Texts: slices.Clone(base.Texts),
	}
	set(&r.Level, in.Level)
	set(&r.DecisionID, in.DecisionID)
	set(&r.Severity, in.Severity)
	set(&r.ExpiresAt, in.ExpiresAt)
	set(&r.PhotoID, in.PhotoID)
	set(&r.HoldBack, in.HoldBack)
	if in.Area != nil || in.Reach != nil || in.Corridor != nil {
		r.Area, r.Origin = geo.Area{}, nil
	}
	set(&r.Area, in.Area)
	if in.Texts != nil {
		r.Texts = draftTexts(in.Texts)
	}
	return r
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}
