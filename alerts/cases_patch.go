package alerts

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
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

// loadCase returns a case inside a rule, if the actor may know of it now.
func (d *Desk) loadCase(v *journal.View, a Actor, id string) (*Case, error) {
	c, err := journal.Load[*Case](v, "cases", id)
	if err != nil {
		return nil, err
	}
	if !d.sees(a, c) {
		return nil, fmt.Errorf("case %s: %w", id, journal.ErrNotFound)
	}
	return c, nil
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

// patchRule returns the case as the patch leaves it, nil when it changes
// nothing, or everything that is wrong.
func patchRule(c *Case, in CasePatch, a Actor, now time.Time, regions *geo.Regions, known func(string) bool, random io.Reader) (*Case, error) {
	if c.State.Ended() && c.State != StateFound {
		return nil, Errorf(Conflict, "The case is %s and cannot be changed.", stateWords(c.State))
	}
	p := &patching{inspection: inspection{now: now, regions: regions}, Case: *c, actor: a}
	p.category(in.Category, in.CategoryReason)
	p.lastSeen(in.LastSeen)
	p.children(in.Children, random)
	p.circumstances(in.Circumstances)
	p.police(in.Police)
	p.risk(in.Risk)
	p.followUp(in.FollowUp, known)
	p.access(in.Team, in.Restricted, known)
	if err := p.Err(); err != nil {
		return nil, err
	}
	if len(p.changed) == 0 {
		return nil, nil
	}
	next := p.Case
	next.edited(a, now, p.changed...)
	return &next, nil
}

// patching is a copy of a case while a patch is put on it.
type patching struct {
	inspection
	Case
	actor   Actor
	changed []string
}

func (p *patching) note(field string, changed bool) {
	if changed && !slices.Contains(p.changed, field) {
		p.changed = append(p.changed, field)
	}
}

// text tidies a sent text and puts it in its place.
func (p *patching) put(name, field string, to *string, sent *string, limit int) {
	if sent == nil {
		return
	}
	s := *sent
	p.inspection.text(field, &s, limit)
	p.note(name, s != *to)
	*to = s
}

func (p *patching) category(category *Category, reason string) {
	p.text("category_reason", &reason, maxNote)
	if category == nil || *category == p.Case.Category {
		return
	}
	oneOf(&p.inspection, "category", *category, Categories())
	p.Category = *category
	p.Categories = append(slices.Clone(p.Categories), CategoryChange{*category, p.now, p.actor.ID, reason})
	p.note("category", true)
}

func (p *patching) lastSeen(in *LastSeenPatch) {
	if in == nil {
		return
	}
	was := p.LastSeen
	in.At.into(&p.LastSeen.At)
	in.Place.into(&p.LastSeen.Place)
	set(&p.LastSeen.PrecisionMin, in.PrecisionMin)
	set(&p.LastSeen.AccuracyM, in.AccuracyM)
	set(&p.LastSeen.Label, in.Label)
	checked := NewLastSeen(p.LastSeen)
	checked.inspect(&p.inspection)
	p.LastSeen = LastSeen(checked)
	p.note("last_seen", !sameLastSeen(was, p.LastSeen))
}

func sameLastSeen(a, b LastSeen) bool {
	samePlace := a.Place == b.Place || a.Place != nil && b.Place != nil && *a.Place == *b.Place
	sameTime := a.At.Equal(b.At)
	a.Place, b.Place, a.At, b.At = nil, nil, time.Time{}, time.Time{}
	return samePlace && sameTime && a == b
}

func (p *patching) circumstances(s *string) {
	p.put("circumstances", "circumstances", &p.Circumstances, s, maxStory)
}

func (p *patching) police(in *PolicePatch) {
	if in == nil {
		return
	}
	was := p.Police.ReportedAt
	if in.ReportedAt.into(&p.Police.ReportedAt) {
		p.past("police.reported_at", p.Police.ReportedAt)
		p.note("police", !was.Equal(p.Police.ReportedAt))
	}
	p.put("police", "police.unit", &p.Police.Unit, in.Unit, maxLine)
	p.put("police", "police.reference", &p.Police.Reference, in.Reference, maxNameText)
}

func (p *patching) risk(in *NewRisk) {
	if in == nil {
		return
	}
	in = &NewRisk{in.Grade, slices.Clone(in.Factors), in.Note}
	in.inspect(&p.inspection)
	p.Risks = append(slices.Clone(p.Risks), in.grade(p.actor, p.now))
	p.note("risk", true)
}

func (p *patching) followUp(in *FollowUpPatch, known func(string) bool) {
	if in == nil {
		return
	}
	was := p.FollowUp
	in.DueAt.into(&p.FollowUp.DueAt)
	set(&p.FollowUp.Owner, in.Owner)
	set(&p.FollowUp.Note, in.Note)
	checked := NewFollowUp(p.FollowUp)
	checked.inspect(&p.inspection, known)
	p.FollowUp = checked.followUp(p.actor)
	p.note("follow_up", !was.DueAt.Equal(p.FollowUp.DueAt) || was.Owner != p.FollowUp.Owner || was.Note != p.FollowUp.Note)
}

func (p *patching) access(team *[]string, restricted *bool, known func(string) bool) {
	if team == nil && restricted == nil {
		return
	}
	was, wasTeam := p.Restricted, p.Team
	set(&p.Restricted, restricted)
	if team != nil {
		p.inspection.team(*team, known)
		p.Team = *team
	}
	p.Team = teamOf(p.Team, p.Restricted, p.actor)
	p.note("restricted", was != p.Restricted)
	p.note("team", strings.Join(wasTeam, " ") != strings.Join(p.Team, " "))
}
