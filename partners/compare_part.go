package partners

import (
	"context"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// takesPart tells whether the children of a case are compared. One that is
// restricted, or keeps a fact from a party, does only where somebody of its team
// has allowed it: that it is held somewhere else may be what must not be known.
func (d *Desk) takesPart(c *alerts.Case) bool {
	if c.State.Ended() || c.State == alerts.StateDraft || c.Merged != nil {
		return false
	}
	if choice, ok := d.board.choice(c.ID); ok {
		return choice.Allowed
	}
	return !keptOut(c)
}

// keptOut tells whether a case takes part only where somebody allows it.
func keptOut(c *alerts.Case) bool {
	return c.Restricted || slices.ContainsFunc(c.Hidden, func(h alerts.Hiding) bool { return h.LiftedAt.IsZero() })
}

// takingPart counts the children that are compared, those that cannot be, and the
// open cases that are kept out.
func (d *Desk) takingPart() (children, without, kept int) {
	d.Board.EachCase(func(c *alerts.Case) bool {
		if !d.takesPart(c) {
			if !c.State.Ended() && c.State != alerts.StateDraft && c.Merged == nil {
				kept++
			}
			return true
		}
		for i := range c.Children {
			if keys, _, _ := childKeys(&c.Children[i]); len(keys) > 0 {
				children++
			} else {
				without++
			}
		}
		return true
	})
	return children, without, kept
}

// held is a child of an open case that answers to a hash.
type held struct {
	caseID, childID string
	hashes          []string
	yearOnly        bool
}

// heldOf returns the children that take part and answer to one of some hashes.
func (d *Desk) heldOf(key []byte, asked []string) []held {
	want := make(map[string]bool, len(asked))
	for _, h := range asked {
		want[h] = true
	}
	return d.eachCompared(func(c *alerts.Child) ([]string, bool) {
		var met []string
		yearOnly := true
		for hash, kind := range heldUnder(key, c) {
			if want[hash] {
				met = append(met, hash)
				yearOnly = yearOnly && kind == compareYear
			}
		}
		slices.Sort(met)
		return met, yearOnly
	})
}

// askingOf returns the children that take part with the hashes that we send.
func (d *Desk) askingOf(key []byte) []held {
	return d.eachCompared(func(c *alerts.Child) ([]string, bool) {
		_, err := time.Parse(time.DateOnly, c.BirthDate)
		return asking(key, c), err != nil
	})
}

// eachCompared gathers what a function finds of each child that takes part, the
// newest cases first.
func (d *Desk) eachCompared(find func(*alerts.Child) ([]string, bool)) []held {
	type one struct {
		held
		at time.Time
	}
	var found []one
	d.Board.EachCase(func(c *alerts.Case) bool {
		if !d.takesPart(c) {
			return true
		}
		for i := range c.Children {
			if hashes, yearOnly := find(&c.Children[i]); len(hashes) > 0 {
				found = append(found, one{held{c.ID, c.Children[i].ID, hashes, yearOnly}, c.CreatedAt})
			}
		}
		return true
	})
	slices.SortFunc(found, func(x, y one) int {
		if by := y.at.Compare(x.at); by != 0 {
			return by
		}
		return strings.Compare(x.caseID+x.childID, y.caseID+y.childID)
	})
	out := make([]held, len(found))
	for i := range found {
		out[i] = found[i].held
	}
	return out
}

// NewChoice decides whether the children of a case take part in comparing.
type NewChoice struct {
	Allowed bool `json:"allowed"`
	// Why is needed: somebody will ask later.
	Why string `json:"why"`
}

// ChoiceView is how a case stands with comparing.
type ChoiceView struct {
	CaseID string `json:"case_id"`
	// TakesPart tells whether its children are compared now; Cautious that it is
	// a case that does only where somebody allows it.
	TakesPart bool `json:"takes_part"`
	Cautious  bool `json:"cautious"`
	// Decided says that somebody has; By, At and Why are theirs.
	Decided bool       `json:"decided"`
	By      string     `json:"by,omitempty"`
	At      *time.Time `json:"at,omitempty"`
	Why     string     `json:"why,omitempty"`
}

// Choice returns how a case stands with comparing.
func (d *Desk) Choice(ctx context.Context, a alerts.Actor, caseID string) (ChoiceView, error) {
	c, ok := d.Board.Case(caseID)
	if !ok || a.Partner != "" || !d.Sees(a, c) || !d.Assigned(a, c) {
		return ChoiceView{}, missing("case " + caseID)
	}
	v := ChoiceView{CaseID: c.ID, TakesPart: d.takesPart(c), Cautious: keptOut(c)}
	choice, decided := d.board.choice(c.ID)
	if !decided {
		return v, nil
	}
	v.Decided, v.By, v.At = true, choice.By, timeOf(choice.At)
	if !d.Matrix.May(a, alerts.P5, c.State, true) {
		return v, nil
	}
	v.Why = choice.Why
	return v, d.Reads.Record(ctx, a, "cases/"+c.ID, alerts.P5)
}

// Choose decides whether the children of a case take part in comparing. Contacts
// that were exchanged stay; nothing more of the case is.
func (d *Desk) Choose(ctx context.Context, a alerts.Actor, caseID string, in NewChoice, r alerts.Request) (ChoiceView, error) {
	if _, err := d.Choice(ctx, a, caseID); err != nil {
		return ChoiceView{}, err
	}
	_, err := d.Do(ctx, a, "compare.choose", r, func(v *journal.View) (journal.Outcome, error) {
		check := newChecker(v.Now, time.UTC)
		check.text("why", in.Why, textLength, true)
		if err := check.Err(); err != nil {
			return journal.Outcome{}, err
		}
		next := &CompareChoice{Head: journal.Head{ID: caseID}}
		was, err := optional[*CompareChoice](v, "compare_choices", caseID)
		if err != nil {
			return journal.Outcome{}, err
		}
		if was != nil {
			next.Head = was.Head
		}
		next.Allowed, next.Why, next.By, next.At = in.Allowed, in.Why, a.ID, v.Now
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	if err != nil {
		return ChoiceView{}, err
	}
	return d.Choice(ctx, a, caseID)
}
