package partners

import (
	"context"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// MatchAnswer is what somebody here says about a match. Agreeing needs whom the
// other side may talk to, declining a reason.
type MatchAnswer struct {
	Contact   string `json:"contact,omitempty"`
	Reach     string `json:"reach,omitempty"`
	Reference string `json:"reference,omitempty"`
	Why       string `json:"why,omitempty"`
}

// MatchView is a match as staff see it: nothing of the other side's but, once
// both have agreed, whom to talk to.
type MatchView struct {
	ID         string     `json:"id"`
	PartnerID  string     `json:"partner_id"`
	Partner    string     `json:"partner"`
	CaseID     string     `json:"case_id"`
	CaseNumber string     `json:"case_number"`
	ChildID    string     `json:"child_id"`
	Child      string     `json:"child,omitempty"`
	State      MatchState `json:"state"`
	YearOnly   bool       `json:"year_only"`
	FoundAt    time.Time  `json:"found_at"`
	AnsweredBy string     `json:"answered_by,omitempty"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
	Why        string     `json:"why,omitempty"`
	// Ours is what the other side gets once it has agreed too.
	Ours   *MatchContact `json:"ours,omitempty"`
	Theirs *MatchContact `json:"theirs,omitempty"`
	BothAt *time.Time    `json:"both_at,omitempty"`
	// Ended says that comparing with the organisation has ended, Closed that our
	// case has.
	Ended  bool `json:"ended"`
	Closed bool `json:"closed"`
	// Acts are what can be done with it now: agree, decline.
	Acts    []string `json:"acts"`
	Version int      `json:"version"`
}

// matchCase returns the case of a match that the actor may know of.
func (d *Desk) matchCase(a alerts.Actor, m *Match) (*alerts.Case, bool) {
	c, ok := d.Board.Case(m.CaseID)
	if !ok || a.Partner != "" || !d.Sees(a, c) {
		return nil, false
	}
	return c, d.Matrix.May(a, alerts.P1, c.State, d.Assigned(a, c))
}

// Match returns a match.
func (d *Desk) Match(ctx context.Context, a alerts.Actor, id string) (MatchView, error) {
	m, ok := d.board.Match(id)
	if !ok {
		return MatchView{}, missing("match " + id)
	}
	c, ok := d.matchCase(a, m)
	if !ok {
		return MatchView{}, missing("match " + id)
	}
	if err := d.Reads.Record(ctx, a, "matches/"+id, alerts.P1, alerts.P3); err != nil {
		return MatchView{}, err
	}
	return d.matchView(a, m, c), nil
}

// MatchList lists the matches that the actor may know of: those that wait for an
// answer here first, then the newest.
func (d *Desk) MatchList(ctx context.Context, a alerts.Actor) ([]MatchView, error) {
	out := []MatchView{}
	for _, m := range slices.Backward(d.board.Matches()) {
		if c, ok := d.matchCase(a, m); ok {
			out = append(out, d.matchView(a, m, c))
		}
	}
	slices.SortStableFunc(out, func(x, y MatchView) int { return x.place() - y.place() })
	if len(out) == 0 {
		return out, nil
	}
	return out, d.Reads.Record(ctx, a, "matches", alerts.P1, alerts.P3)
}

func (v *MatchView) place() int {
	switch {
	case v.Waits():
		return 0
	case v.Closed || v.Ended:
		return 2
	}
	return 1
}

// Waits tells whether somebody here still has to answer.
func (v *MatchView) Waits() bool { return v.State == MatchWaiting && !v.Closed && !v.Ended }

// WaitingMatches is how many matches wait for an answer from somebody like the
// actor.
func (d *Desk) WaitingMatches(a alerts.Actor) int {
	n := 0
	for _, m := range d.board.Matches() {
		if m.State != MatchWaiting {
			continue
		}
		if c, ok := d.matchCase(a, m); ok && !c.State.Ended() {
			n++
		}
	}
	return n
}

// UnusualComparisons lists the organisations whose installations ask for more
// than their own children give rise to.
func (d *Desk) UnusualComparisons(a alerts.Actor) []*Partner {
	if a.Partner != "" || !d.Matrix.Can(a.Role, "compare.end") {
		return nil
	}
	var out []*Partner
	for _, c := range d.board.Comparisons() {
		if p, ok := d.board.Partner(c.PartnerID); ok && c.unusual(d.compare, d.Now()) {
			out = append(out, p)
		}
	}
	return out
}

// matchView is the allow-list of a match.
func (d *Desk) matchView(a alerts.Actor, m *Match, c *alerts.Case) MatchView {
	v := MatchView{
		ID: m.ID, PartnerID: m.PartnerID, CaseID: m.CaseID, CaseNumber: c.CaseNumber, ChildID: m.ChildID, State: m.State, YearOnly: m.YearOnly,
		FoundAt: m.CreatedAt, AnsweredAt: timeOf(m.AnsweredAt), BothAt: timeOf(m.BothAt), Closed: c.State.Ended(), Acts: []string{}, Version: m.Version,
	}
	if p, ok := d.board.Partner(m.PartnerID); ok {
		v.Partner = p.Name
	}
	if with, ok := d.board.Comparison(m.ComparisonID); !ok || with.State == ComparisonEnded {
		v.Ended = true
	}
	for i := range c.Children {
		if k := &c.Children[i]; k.ID == m.ChildID && len(k.Names) > 0 {
			v.Child = strings.TrimSpace(k.Names[0].Given + " " + k.Names[0].Family)
		}
	}
	if d.Matrix.May(a, alerts.P10, c.State, d.Assigned(a, c)) {
		v.AnsweredBy = m.AnsweredBy
	}
	if d.Matrix.May(a, alerts.P3, c.State, d.Assigned(a, c)) {
		v.Why = m.Why
		if m.Ours != (MatchContact{}) {
			ours := m.Ours
			v.Ours = &ours
		}
		if m.State == MatchBoth {
			theirs := m.Theirs
			v.Theirs = &theirs
		}
	}
	if v.Closed || v.Ended {
		return v
	}
	for _, act := range m.State.acts() {
		if d.Matrix.Can(a.Role, "match."+act) {
			v.Acts = append(v.Acts, act)
		}
	}
	return v
}

// acts are what can be said about a match: a mind may be changed until both have
// agreed.
func (s MatchState) acts() []string {
	switch s {
	case MatchWaiting:
		return []string{"agree", "decline"}
	case MatchAgreed:
		return []string{"decline"}
	case MatchDeclined:
		return []string{"agree"}
	}
	return nil
}

// ActOnMatch agrees to talk about a match with the other organisation, or
// declines. Only when both have agreed does either see the other's contact; a
// declining looks like no answer there.
func (d *Desk) ActOnMatch(ctx context.Context, a alerts.Actor, id, act string, in MatchAnswer, r alerts.Request) (MatchView, error) {
	if _, err := d.Match(ctx, a, id); err != nil {
		return MatchView{}, err
	}
	if act != "agree" && act != "decline" {
		return MatchView{}, missing("act " + act)
	}
	_, err := d.Do(ctx, a, "match."+act, r, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*Match](v, "matches", id)
		if err != nil {
			return journal.Outcome{}, err
		}
		c, err := journal.Load[*alerts.Case](v, "cases", old.CaseID)
		if err != nil {
			return journal.Outcome{}, err
		}
		with, err := journal.Load[*Comparison](v, "comparisons", old.ComparisonID)
		switch {
		case err != nil:
			return journal.Outcome{}, err
		case with.State != ComparisonOn || c.State.Ended():
			return journal.Outcome{}, alerts.Errorf(alerts.Conflict, "Comparing has ended, or the case has.")
		case old.State == MatchBoth:
			return journal.Outcome{}, alerts.Errorf(alerts.Conflict, "Both have agreed: each has the other's contact.")
		}
		next, err := matchActRule(old, c, a, act, in, v.Now)
		if err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	if err != nil {
		return MatchView{}, err
	}
	return d.Match(ctx, a, id)
}

func matchActRule(old *Match, of *alerts.Case, a alerts.Actor, act string, in MatchAnswer, now time.Time) (*Match, error) {
	check := newChecker(now, time.UTC)
	next := *old
	next.AnsweredBy, next.AnsweredAt, next.Why, next.Ours, next.NextAt, next.ClaimedUntil = a.ID, now, "", MatchContact{}, time.Time{}, time.Time{}
	if act == "decline" {
		check.text("why", in.Why, textLength, true)
		next.State, next.Why = MatchDeclined, in.Why
		return &next, check.Err()
	}
	next.State, next.Ours = MatchAgreed, MatchContact{Name: in.Contact, Reach: in.Reach, Reference: in.Reference}
	if in.Reference == "" {
		next.Ours.Reference = of.CaseNumber
	}
	check.line("contact", next.Ours.Name, true)
	check.line("reach", next.Ours.Reach, true)
	check.line("reference", next.Ours.Reference, true)
	check.telling(of, "reference", in.Reference)
	return &next, check.Err()
}
