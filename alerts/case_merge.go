package alerts

import (
	"context"
	"fmt"
	"slices"
	"time"

	"homeward/journal"
)

// Merging makes a case an alias of another one: both are about the same child.
// Nothing is moved. While it stands, what belongs to the alias is shown with
// the other case, and only the other case is worked on.
type Merging struct {
	Into   string    `bson:"into"`
	Reason string    `bson:"reason" class:"P3,sealed"`
	By     string    `bson:"by" class:"P10"`
	At     time.Time `bson:"at"`
}

// MergingView says that a case is an alias: of which case, since when and why.
type MergingView struct {
	Into   string    `json:"into"`
	Number string    `json:"number"`
	Reason string    `json:"reason,omitempty"`
	By     string    `json:"by,omitempty"`
	At     time.Time `json:"at"`
}

// MergeCase names the case that another one is merged into, and says why.
type MergeCase struct {
	Into   string `json:"into"`
	Reason string `json:"reason"`
}

func (in *MergeCase) validate() Fields {
	i := &inspection{}
	if in.Into == "" {
		i.Add("into", "required", "Name the case that goes on.")
	}
	i.required("reason", &in.Reason, maxNote, "Say why.")
	return i.Fields
}

// MergeCase merges a case into another one of the same child. Only the case
// itself is changed: contacts and sightings stay where they are. UnmergeCase
// takes it back.
func (d *Desk) MergeCase(ctx context.Context, a Actor, id string, in MergeCase, r Request) (CaseView, error) {
	if err := d.may(a, "case.merge"); err != nil {
		return CaseView{}, err
	}
	f := in.validate()
	if in.Into != "" {
		if _, err := d.VisibleCase(a, in.Into); err != nil {
			f.Add("into", "unknown_case", "There is no such case.")
		}
	}
	if err := f.Err(); err != nil {
		return CaseView{}, err
	}
	return d.changeMerged(ctx, a, "case.merge", id, r, func(v *journal.View, c *Case) (*Case, error) {
		into, err := d.loadCase(v, a, in.Into)
		if err != nil {
			return nil, err
		}
		open, err := d.openAlerts(v, c.ID)
		if err != nil {
			return nil, err
		}
		aliases := len(d.Board.MergedInto(c.ID)) > 0 || slices.ContainsFunc(v.Pending("cases"), func(doc journal.Document) bool {
			o, ok := doc.(*Case)
			return ok && o.Merged != nil && o.Merged.Into == c.ID
		})
		return mergeRule(c, into, len(open), aliases, in.Reason, a, v.Now)
	})
}

// mergeRule refuses whatever would leave something outside without a case that
// somebody works on.
func mergeRule(c, into *Case, openAlerts int, aliases bool, reason string, a Actor, now time.Time) (*Case, error) {
	switch {
	case c.ID == into.ID:
		return nil, unmergeable("merge_itself", "A case cannot be merged into itself.")
	case c.Merged != nil:
		return nil, unmergeable("merge_already", "This case is merged into another one already. Undo that first.")
	case into.Merged != nil:
		return nil, unmergeable("merge_chain", "The other case is itself merged into a third one. Name that one.")
	case aliases:
		return nil, unmergeable("merge_aliases", "Other cases are merged into this one. Merge them into the case that goes on, then this one.")
	case c.State == StateSealed || c.State == StateErased || into.State == StateSealed || into.State == StateErased || into.State == StateVoid:
		return nil, unmergeable("merge_state", "A case that is sealed, erased or void takes no part in a merge.")
	case openAlerts > 0:
		return nil, unmergeable("merge_alerts", "This case has an alert or a draft. End it, or write it in the other case, before you merge: otherwise it would go on without a case that somebody works on.")
	case !c.State.Ended() && !c.FollowUp.DueAt.IsZero():
		return nil, unmergeable("merge_promise", "The family was promised a call in this case. Write the promise into the other case and take it out of this one before you merge, so that it is kept.")
	case c.Restricted && !into.Restricted:
		return nil, unmergeable("merge_restricted", "This case is open to its team only and the other one is not. Restrict the other case first, or merge the other one into this.")
	case c.PublicationFrozen() && !into.PublicationFrozen():
		return nil, unmergeable("merge_frozen", "The family of this case has stopped publication. Decide that first, or merge the other one into this, so that it stays stopped.")
	case hidesMore(c, into):
		return nil, unmergeable("merge_hidden", "This case hides facts from a party and the other one does not. Hide the same there first, or merge the other one into this.")
	}
	next := *c
	next.Merged = &Merging{Into: into.ID, Reason: reason, By: a.ID, At: now}
	next.edited(a, now, "merged")
	return &next, nil
}

// hidesMore tells whether a case hides from some party what another one would
// show it.
func hidesMore(c, other *Case) bool {
	return slices.ContainsFunc(c.Hidden, func(h Hiding) bool { return h.LiftedAt.IsZero() && !other.HiddenFrom(h.Party, h.Field) })
}

// aliasesOf returns the cases that are merged into one and have not ended, as
// they stand after everything decided so far.
func (d *Desk) aliasesOf(v *journal.View, id string) ([]*Case, error) {
	ids := d.Board.MergedInto(id)
	for _, doc := range v.Pending("cases") {
		if c, ok := doc.(*Case); ok && c.Merged != nil && c.Merged.Into == id && !slices.Contains(ids, c.ID) {
			ids = append(ids, c.ID)
		}
	}
	var out []*Case
	for _, other := range ids {
		c, err := journal.Load[*Case](v, "cases", other)
		if err != nil {
			return nil, err
		}
		if c.Merged != nil && c.Merged.Into == id && !c.State.Ended() {
			out = append(out, c)
		}
	}
	return out, nil
}

// unmergeable refuses a merge with a code, so that pages can say it in the
// reader's language.
func unmergeable(code, message string) error {
	return &Error{Code: Conflict, Message: message, Fields: Fields{{Field: "into", Code: code, Message: message}}}
}

// UnmergeCase takes a merge back: the case is again what it was.
func (d *Desk) UnmergeCase(ctx context.Context, a Actor, id string, in Reason, r Request) (CaseView, error) {
	if err := d.may(a, "case.merge"); err != nil {
		return CaseView{}, err
	}
	if err := in.validate().Err(); err != nil {
		return CaseView{}, err
	}
	return d.changeMerged(ctx, a, "case.merge", id, r, func(v *journal.View, c *Case) (*Case, error) {
		if c.Merged == nil {
			return nil, Errorf(Conflict, "This case is not merged into another one.")
		}
		next := *c
		next.Merged = nil
		next.edited(a, v.Now, "merged")
		return &next, nil
	})
}

// changeMerged changes a case although it may be an alias, which no other act
// does.
func (d *Desk) changeMerged(ctx context.Context, a Actor, act, id string, r Request, rule func(*journal.View, *Case) (*Case, error)) (CaseView, error) {
	if _, err := d.VisibleCase(a, id); err != nil {
		return CaseView{}, err
	}
	_, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		c, err := d.loadAlias(v, a, id)
		if err != nil {
			return journal.Outcome{}, err
		}
		next, err := rule(v, c)
		if err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	if err != nil {
		return CaseView{}, err
	}
	return d.caseNow(ctx, a, id)
}

// loadAlias is loadCase for a case that may be an alias.
func (d *Desk) loadAlias(v *journal.View, a Actor, id string) (*Case, error) {
	c, err := journal.Load[*Case](v, "cases", id)
	if err != nil {
		return nil, err
	}
	if !d.sees(a, c) {
		return nil, fmt.Errorf("case %s: %w", id, journal.ErrNotFound)
	}
	return c, nil
}

// Working refuses to work on a case that is merged into another one.
func (c *Case) Working() error {
	if c.Merged != nil {
		return Errorf(Conflict, "This case is merged into another one. Work on that one, or undo the merge.")
	}
	return nil
}

// Leads returns the case that an alias leads to, or the case itself where it is
// none, or where the actor may not know of the other one.
func (d *Desk) Leads(a Actor, c *Case) *Case {
	if c.Merged != nil {
		if into, err := d.VisibleCase(a, c.Merged.Into); err == nil {
			return into
		}
	}
	return c
}

// Aliases returns the cases merged into one that the actor may know of, oldest
// first.
func (d *Desk) Aliases(a Actor, id string) []CaseListItem {
	var out []CaseListItem
	for _, other := range d.Board.MergedInto(id) {
		if c, err := d.VisibleCase(a, other); err == nil {
			out = append(out, d.ViewCaseItem(a, c))
		}
	}
	return out
}

// mergingView is a merge as a reader of the alias sees it.
func mergingView(l lens, m *Merging) *MergingView {
	if m == nil || !l.sees(P10) {
		return nil
	}
	return &MergingView{Into: m.Into, Reason: only(l, m.Reason, P3), By: m.By, At: m.At}
}

// leading names the case that an alias leads to, for who may know of it; for
// others the merge is not told.
func (d *Desk) leading(a Actor, m *MergingView) *MergingView {
	if m == nil {
		return nil
	}
	into, err := d.VisibleCase(a, m.Into)
	if err != nil {
		return nil
	}
	m.Number = into.CaseNumber
	return m
}
