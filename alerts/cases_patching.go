package alerts

import (
	"io"
	"slices"
	"strings"
	"time"

	"homeward/geo"
)

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
	p.family(in.Family)
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
	p.put("police", "police.person", &p.Police.Person, in.Person, maxNameText)
	p.put("police", "police.reference", &p.Police.Reference, in.Reference, maxNameText)
	before := p.Police
	p.put("police", "police.why_not", &p.Police.WhyNot, in.WhyNot, maxLine)
	again := p.Police.input()
	p.Police = again.report(before, p.now)
}

func (p *patching) risk(in *NewRisk) {
	if in == nil {
		return
	}
	copied := *in
	copied.Factors = slices.Clone(in.Factors)
	in = &copied
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
