package alerts

import (
	"context"
	"fmt"
	"time"

	"homeward/geo"
	"homeward/journal"
)

// CasePatch changes a case. Fields that are not sent stay as they are.
type CasePatch struct {
	Category       *Category `json:"category,omitempty"`
	CategoryReason string    `json:"category_reason,omitempty"`
	// Children are matched by id; one without an id is new, and those that are
	// not named stay.
	Children      []ChildPatch   `json:"children,omitempty"`
	LastSeen      *LastSeenPatch `json:"last_seen,omitempty"`
	Circumstances *string        `json:"circumstances,omitempty"`
	Family        *FamilyPatch   `json:"family,omitempty"`
	Police        *PolicePatch   `json:"police,omitempty"`
	// Risk adds a grade to the history.
	Risk       *NewRisk       `json:"risk,omitempty"`
	FollowUp   *FollowUpPatch `json:"follow_up,omitempty"`
	Team       *[]string      `json:"team,omitempty"`
	Restricted *bool          `json:"restricted,omitempty"`
}

// ChildPatch changes one child, or adds one when it has no id.
type ChildPatch struct {
	ID          string       `json:"id,omitempty"`
	Names       *[]Name      `json:"names,omitempty"`
	Sex         *string      `json:"sex,omitempty"`
	BirthDate   *string      `json:"birth_date,omitempty"`
	Description *Description `json:"description,omitempty"`
	Home        *string      `json:"home,omitempty"`
	Needs       *string      `json:"needs,omitempty"`
	// Remove takes the child off the case: it was entered by mistake.
	Remove bool `json:"remove,omitempty"`
}

// LastSeenPatch changes parts of where and when the child was last seen.
type LastSeenPatch struct {
	At           Optional[time.Time]  `json:"at,omitzero"`
	PrecisionMin *int                 `json:"precision_min,omitempty"`
	Place        Optional[*geo.Point] `json:"place,omitzero"`
	AccuracyM    *float64             `json:"accuracy_m,omitempty"`
	Label        *string              `json:"label,omitempty"`
}

// PolicePatch changes parts of the report to the police.
type PolicePatch struct {
	Person *string `json:"person,omitempty"`
	// WhyNot is why the police are not told.
	WhyNot     *string             `json:"why_not,omitempty"`
	ReportedAt Optional[time.Time] `json:"reported_at,omitzero"`
	Unit       *string             `json:"unit,omitempty"`
	Reference  *string             `json:"reference,omitempty"`
}

// FollowUpPatch changes parts of the next promised contact with the family.
type FollowUpPatch struct {
	Owner *string             `json:"owner,omitempty"`
	DueAt Optional[time.Time] `json:"due_at,omitzero"`
	Note  *string             `json:"note,omitempty"`
}

// PatchCase changes a case that the caller holds in this version. Version 0 is
// none: the answer is NeedsVersion. When somebody else was faster the answer is
// Stale and names who changed which fields when.
func (d *Desk) PatchCase(ctx context.Context, a Actor, id string, version int, in CasePatch, r Request) (CaseView, error) {
	if err := d.may(a, "case.patch"); err != nil {
		return CaseView{}, err
	}
	if _, err := d.VisibleCase(a, id); err != nil {
		return CaseView{}, err
	}
	if version == 0 {
		return CaseView{}, Errorf(NeedsVersion, "Send If-Match with the version that you have read.")
	}
	done, err := d.Do(ctx, a, "case.patch", r, func(v *journal.View) (journal.Outcome, error) {
		c, err := d.loadCase(v, a, id)
		if err != nil {
			return journal.Outcome{}, err
		}
		if c.Version != version {
			return journal.Outcome{}, d.stale(c, version)
		}
		next, err := patchRule(c, in, a, v.Now, d.Regions, d.knownAccount, d.Random)
		if err != nil || next == nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	if err != nil {
		return CaseView{}, err
	}
	if len(done.Keys) == 0 {
		return d.caseNow(ctx, a, id) // nothing had to be changed
	}
	return d.answerCase(ctx, a, done)
}

// loadCase returns a case inside a rule, if the actor may know of it now and it
// is no alias of another one.
func (d *Desk) loadCase(v *journal.View, a Actor, id string) (*Case, error) {
	c, err := d.loadAlias(v, a, id)
	if err != nil {
		return nil, err
	}
	return c, c.Working()
}

// stale says who changed what since a version. Names are in the fields'
// messages, which are shown and never logged.
func (d *Desk) stale(c *Case, version int) error {
	e := Errorf(Stale, "Somebody else has changed this case since you read it. Read it again.")
	if version > c.Version {
		e.Message = "There is no such version of this case. Read it again."
		return e
	}
	for _, edit := range c.Edits {
		if edit.Version <= version {
			continue
		}
		for _, f := range edit.Fields {
			message := fmt.Sprintf("Changed by %s at %s.", d.nameOf(edit.By), edit.At.Format(time.RFC3339))
			e.Fields = append(e.Fields, FieldError{f, "changed", message})
		}
	}
	return e
}

// nameOf is what an account is called on screen.
func (d *Desk) nameOf(account string) string {
	if a, ok := d.Board.Account(account); ok && a.Name != "" {
		return a.Name
	}
	return account
}
