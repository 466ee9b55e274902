package alerts

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"homeward/journal"
)

// maxLinks is the most links of a case, those that were taken back among them.
const maxLinks = 200

// NewLink leads from a case to another. Case is an id or a case number.
type NewLink struct {
	Case   string `json:"case"`
	Kind   string `json:"kind"`
	Reason string `json:"reason"`
}

// LinkKinds are the ways in which two cases have to do with each other.
func LinkKinds() []string {
	return []string{"sibling", "same_child", "same_person", "same_place", "other"}
}

func (in *NewLink) validate() Fields {
	i := &inspection{}
	i.required("case", &in.Case, maxNameText, "Write the number of the other case.")
	oneOf(i, "kind", in.Kind, LinkKinds())
	i.required("reason", &in.Reason, maxNote, "Say what connects the two cases.")
	return i.Fields
}

// LinkCases links two cases with each other, in one change: both hold the link.
// The actor has to see both.
func (d *Desk) LinkCases(ctx context.Context, a Actor, caseID string, in NewLink, r Request) (CaseView, error) {
	if err := d.caseCommand(a, "case.link", caseID, func(time.Time) Fields { return in.validate() }); err != nil {
		return CaseView{}, err
	}
	other, err := d.otherCase(a, caseID, in.Case)
	if err != nil {
		return CaseView{}, err
	}
	id := d.idFor("link", r)
	return d.changeCase(ctx, a, "case.link", caseID, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		o, err := d.loadCase(v, a, other)
		if err != nil {
			return nil, err
		}
		return linkRule(c, o, in, id, a, v.Now)
	})
}

func (d *Desk) otherCase(a Actor, caseID, named string) (string, error) {
	c, ok := d.Board.Case(named)
	if number, _ := NormalCaseNumber(named); !ok && number != "" {
		c, ok = d.Board.CaseByNumber(number)
	}
	var f Fields
	switch {
	case !ok || !d.sees(a, c):
		f.Add("case", "unknown_case", "There is no such case that you can see.")
	case c.ID == caseID:
		f.Add("case", "same_case", "This is the case itself.")
	default:
		return c.ID, nil
	}
	return "", f.Err()
}

func linkRule(c, o *Case, in NewLink, id string, a Actor, now time.Time) ([]journal.Document, error) {
	for _, k := range []*Case{c, o} {
		if k.State == StateSealed || k.State == StateErased {
			return nil, Errorf(Conflict, "The case is %s and cannot be changed.", stateWords(k.State))
		}
		if len(k.Links) >= maxLinks {
			return nil, Errorf(TooMany, "This case takes no more links.")
		}
	}
	if slices.ContainsFunc(c.Links, func(l CaseLink) bool { return l.Case == o.ID && l.Kind == in.Kind && l.UnlinkedAt.IsZero() }) {
		return nil, Errorf(Conflict, "The two cases are linked in this way already.")
	}
	link := func(from, to *Case) *Case {
		next := *from
		next.Links = append(slices.Clone(from.Links), CaseLink{ID: id, Case: to.ID, Kind: in.Kind, Reason: in.Reason, By: a.ID, At: now})
		next.edited(a, now, "links")
		return &next
	}
	return []journal.Document{link(c, o), link(o, c)}, nil
}

// UnlinkCases takes a link back on both sides. It stays in the history with the
// reason.
func (d *Desk) UnlinkCases(ctx context.Context, a Actor, caseID, linkID string, in Reason, r Request) (CaseView, error) {
	if err := d.caseCommand(a, "case.link", caseID, func(time.Time) Fields { return in.validate() }); err != nil {
		return CaseView{}, err
	}
	return d.changeCase(ctx, a, "case.link", caseID, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		at := slices.IndexFunc(c.Links, func(l CaseLink) bool { return l.ID == linkID })
		if at < 0 {
			return nil, coded(journal.ErrNotFound)
		}
		if !c.Links[at].UnlinkedAt.IsZero() {
			return nil, nil
		}
		documents := []journal.Document{unlinked(c, linkID, in, a, v.Now)}
		// The other case may have been erased: then there is nothing to take back.
		if o, err := journal.Load[*Case](v, "cases", c.Links[at].Case); err == nil {
			documents = append(documents, unlinked(o, linkID, in, a, v.Now))
		}
		return documents, nil
	})
}

func unlinked(c *Case, id string, in Reason, a Actor, now time.Time) *Case {
	next := *c
	next.Links = slices.Clone(c.Links)
	for i := range next.Links {
		if l := &next.Links[i]; l.ID == id {
			l.UnlinkedAt, l.UnlinkedBy, l.UnlinkedFor = now, a.ID, in.Reason
		}
	}
	next.edited(a, now, "links")
	return &next
}

// NewEpisode tells of an earlier disappearance of a child of the case that has
// no case here.
type NewEpisode struct {
	Child string `json:"child"`
	Episode
}

// maxEpisodes is how many earlier disappearances a child has.
const maxEpisodes = 100

func (in *NewEpisode) validate(now time.Time) Fields {
	i := &inspection{now: now}
	i.day("began", in.Began)
	between(i, "days", in.Days, 0, 40*366)
	i.text("found", &in.Found, maxNote)
	i.text("source", &in.Source, maxLine)
	if in.Began == "" && in.Found == "" {
		i.Add("began", "required", "Say when it was, or where the child was found.")
	}
	return i.Fields
}

// AddEpisode records an earlier disappearance of a child.
func (d *Desk) AddEpisode(ctx context.Context, a Actor, caseID string, in NewEpisode, r Request) (CaseView, error) {
	if err := d.caseCommand(a, "case.patch", caseID, in.validate); err != nil {
		return CaseView{}, err
	}
	return d.changeCase(ctx, a, "case.patch", caseID, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		n := slices.IndexFunc(c.Children, func(k Child) bool { return k.ID == in.Child })
		if n < 0 {
			var f Fields
			f.Add("child", "unknown_child", "This case has no child with this id.")
			return nil, f.Err()
		}
		if err := workable(c); err != nil {
			return nil, err
		}
		if len(c.Children[n].Episodes) >= maxEpisodes {
			return nil, Errorf(TooMany, "%s", "At most "+strconv.Itoa(maxEpisodes)+" earlier disappearances.")
		}
		next := *c
		next.Children = slices.Clone(c.Children)
		next.Children[n].Episodes = append(slices.Clone(c.Children[n].Episodes), in.Episode)
		next.edited(a, v.Now, "episodes")
		return []journal.Document{&next}, nil
	})
}

// LinkedCase is another case as the reader of a link sees it.
type LinkedCase struct {
	LinkView
	// Other is nil when the reader may not know of the other case, or it has been
	// erased.
	Other *CaseListItem
}

// LinkedCases returns the links of a case with what the actor sees of the other
// cases, those that hold first.
func (d *Desk) LinkedCases(ctx context.Context, a Actor, v *CaseView) ([]LinkedCase, error) {
	out := make([]LinkedCase, 0, len(v.Links))
	for _, l := range v.Links {
		line := LinkedCase{LinkView: l}
		if c, err := d.VisibleCase(a, l.Case); err == nil {
			item := d.ViewCaseItem(a, c)
			line.Other = &item
		}
		out = append(out, line)
	}
	slices.SortStableFunc(out, func(x, y LinkedCase) int {
		if x.UnlinkedAt.IsZero() != y.UnlinkedAt.IsZero() {
			if x.UnlinkedAt.IsZero() {
				return -1
			}
			return 1
		}
		return y.At.Compare(x.At)
	})
	if len(out) == 0 {
		return out, nil
	}
	return out, d.Reads.Record(ctx, a, fmt.Sprintf("cases/%s/links", v.ID), P0, P1)
}
