package alerts

import (
	"context"
	"io"
	"slices"
	"time"

	"homeward/journal"
)

// OpenCase opens a case and starts to verify it.
func (d *Desk) OpenCase(ctx context.Context, a Actor, in NewCase, r Request) (CaseView, error) {
	if err := d.may(a, "case.open"); err != nil {
		return CaseView{}, err
	}
	if err := in.validate(d.Now(), d.Regions, d.knownAccount).Err(); err != nil {
		return CaseView{}, err
	}
	id := NewID(d.Random)
	done, err := d.Do(ctx, a, "case.open", r, func(v *journal.View) (journal.Outcome, error) {
		c := openRule(&in, a, id, d.freeNumber(v), v.Now, d.Random)
		return journal.Outcome{Documents: []journal.Document{c}}, nil
	})
	if err != nil {
		return CaseView{}, err
	}
	return d.answerCase(ctx, a, done)
}

// CheckCase names every wrong field of a new case without opening it.
func (d *Desk) CheckCase(in NewCase) Fields { return in.validate(d.Now(), d.Regions, d.knownAccount) }

// may refuses an act before anything of its input is looked at.
func (d *Desk) may(a Actor, act string) error {
	if !d.Matrix.Can(a.Role, act) {
		return Errorf(Forbidden, "This account may not do that.")
	}
	return nil
}

func (d *Desk) knownAccount(id string) bool {
	a, ok := d.Board.Account(id)
	return ok && a.DisabledAt.IsZero()
}

// freeNumber draws a case number that neither the board nor the batch has.
func (d *Desk) freeNumber(v *journal.View) string {
	pending := v.Pending("cases")
	for {
		n := NewCaseNumber(d.Random)
		_, taken := d.Board.CaseByNumber(n)
		taken = taken || slices.ContainsFunc(pending, func(doc journal.Document) bool {
			c, ok := doc.(*Case)
			return ok && c.CaseNumber == n
		})
		if !taken {
			return n
		}
	}
}

// openRule makes the case of an input that has been validated.
func openRule(in *NewCase, a Actor, id, number string, now time.Time, random io.Reader) *Case {
	c := &Case{
		Head: journal.Head{ID: id}, CaseNumber: number, State: StateVerifying,
		Category:      in.Category,
		Categories:    []CategoryChange{{Category: in.Category, At: now, By: a.ID}},
		LastSeen:      LastSeen(in.LastSeen),
		Circumstances: in.Circumstances,
		Family:        CaseFamily(in.Family),
		Police:        in.Police.report(PoliceReport{}, now),
		Team:          teamOf(in.Team, in.Restricted, a),
		Restricted:    in.Restricted,
	}
	c.NotSame = setApart(in.NotSame, a, now)
	if in.Draft {
		c.State = StateDraft
	}
	for k := range in.Children {
		c.Children = append(c.Children, in.Children[k].child(NewID(random)))
	}
	if in.Risk != nil {
		c.Risks = []RiskGrade{in.Risk.grade(a, now)}
	}
	if in.FollowUp != nil {
		c.FollowUp = in.FollowUp.followUp(a)
	}
	c.edited(a, now, "opened")
	return c
}

func (in *NewChild) child(id string) Child {
	return Child{
		ID: id, Names: slices.Clone(in.Names), Sex: in.Sex, BirthDate: in.BirthDate,
		Description: in.Description, Home: in.Home, Needs: in.Needs,
	}
}

func (in *NewRisk) grade(a Actor, now time.Time) RiskGrade {
	return RiskGrade{
		Grade: in.Grade, Factors: slices.Clone(in.Factors), Indicators: slices.Clone(in.Indicators),
		IndicatorsAsked: in.IndicatorsAsked || len(in.Indicators) > 0, Note: in.Note, Assessor: a.ID, At: now,
	}
}

func (in *NewFollowUp) followUp(a Actor) FollowUp {
	f := FollowUp{Owner: in.Owner, DueAt: in.DueAt, Note: in.Note}
	if f.Owner == "" && !f.DueAt.IsZero() {
		f.Owner = a.ID
	}
	return f
}

// teamOf returns the team in one order, once each. Whoever restricts a case to
// a team is on it: else it would vanish before their eyes.
func teamOf(team []string, restricted bool, a Actor) []string {
	out := slices.Clone(team)
	if restricted && !slices.Contains(out, a.ID) {
		out = append(out, a.ID)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// maxEdits is how many edits a case remembers.
const maxEdits = 50

// edited notes on a case that is being changed who changes what. It makes a new
// slice, because the old one belongs to the older version.
func (c *Case) edited(a Actor, now time.Time, fields ...string) {
	old := c.Edits
	if len(old) >= maxEdits {
		old = old[len(old)-maxEdits+1:]
	}
	c.Edits = append(slices.Clone(old), Edit{Version: c.Version + 1, At: now, By: a.ID, Fields: fields})
}

// answerCase renders the first case of a command as it stands now.
func (d *Desk) answerCase(ctx context.Context, a Actor, done journal.Done) (CaseView, error) {
	for _, k := range done.Keys {
		if k.Collection == "cases" {
			return d.caseNow(ctx, a, k.ID)
		}
	}
	return CaseView{}, coded(journal.ErrNotFound)
}

// caseNow renders a case for somebody who has just changed it.
func (d *Desk) caseNow(ctx context.Context, a Actor, id string) (CaseView, error) {
	c, err := d.VisibleCase(a, id)
	if err != nil {
		return CaseView{}, err
	}
	if err := d.recordCase(ctx, a, c); err != nil {
		return CaseView{}, err
	}
	if err := d.recordMerged(ctx, a, c.ID); err != nil {
		return CaseView{}, err
	}
	return d.caseView(a, c), nil
}
