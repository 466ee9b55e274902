package alerts

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/alerts/names"
	"homeward/journal"
)

// AlikeFor is how long after its end a case is still shown as one that may be
// about the same child.
const AlikeFor = 180 * 24 * time.Hour

// alikeShown is how many cases stand beside a record at most.
const alikeShown = 5

// AlikeView lists the cases that may be about the same child as a record, the
// likeliest first, and those that somebody has judged to be about another one.
// It is a suggestion: a person decides.
type AlikeView struct {
	Items []KnownItem `json:"items"`
	Apart []ApartItem `json:"apart"`
}

// ApartItem is a judgement that two records are not about the same child. Kind
// and ID name the other record, Number the case that it is or belongs to.
type ApartItem struct {
	Kind   string    `json:"kind"` // case or contact
	ID     string    `json:"id"`
	Number string    `json:"number,omitempty"`
	Name   string    `json:"name,omitempty"`
	Reason string    `json:"reason,omitempty"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// Key names the record, such as "cases/ID".
func (i *ApartItem) Key() string { return i.Kind + "s/" + i.ID }

// AlikeCase returns which other cases may be about the same child as a case.
// What the actor may not see is left out before anything is compared.
func (d *Desk) AlikeCase(ctx context.Context, a Actor, id string) (AlikeView, error) {
	if err := d.may(a, "known.look"); err != nil {
		return AlikeView{}, err
	}
	c, err := d.VisibleCase(a, id)
	if err != nil {
		return AlikeView{}, err
	}
	l := d.lensOn(a, c)
	v, err := d.apartItems(ctx, a, "cases/"+id, apartViews(l, c.NotSame))
	if err != nil {
		return v, err
	}
	if c.Merged == nil && l.sees(P1) {
		q := KnownQuery{Except: append(d.keysApart("cases/"+id, c.NotSame), "cases/"+id)}
		if l.sees(P2) {
			q.Place, q.At = c.LastSeen.Label, c.LastSeen.Place
		}
		for i := range c.Children {
			q.Children = append(q.Children, KnownChild{Names: c.Children[i].Names, BirthDate: c.Children[i].BirthDate})
		}
		v.Items = d.alike(a, q, d.Board.casesOfCallers(d.Board.callersOf(id, d.seesClass(a, P6))))
	}
	return v, d.recordAlike(ctx, a, "cases/"+id, &v)
}

// AlikeContact returns which cases may be about the child that a contact tells
// of. One that belongs to a case is compared with none: its case is.
func (d *Desk) AlikeContact(ctx context.Context, a Actor, id string) (AlikeView, error) {
	if err := d.may(a, "known.look"); err != nil {
		return AlikeView{}, err
	}
	ct, c, err := d.visibleContact(ctx, a, id)
	if err != nil {
		return AlikeView{}, err
	}
	v, err := d.apartItems(ctx, a, "contacts/"+id, apartViews(d.lensOn(a, c), ct.NotSame))
	if err != nil {
		return v, err
	}
	if ct.CaseID == "" {
		q := KnownQuery{Except: d.keysApart("contacts/"+id, ct.NotSame)}
		if r := ct.Report; r != nil {
			child := KnownChild{Names: []Name{{Given: r.ChildName}}}
			if age, err := strconv.Atoi(digitsOf(r.ChildAge)); err == nil && age > 0 && age < 30 {
				child.BirthDate = strconv.Itoa(ct.At.Year() - age)
			}
			q.Children, q.Place = []KnownChild{child}, r.LastSeenWhere
		}
		v.Items = d.alike(a, q, d.Board.casesOfCallers([]receipt{receiptOf(ct.CallerKey)}))
	}
	return v, d.recordAlike(ctx, a, "contacts/"+id, &v)
}

// alike compares with the cases that are open or have ended lately, by what they
// say and by who called about them.
func (d *Desk) alike(a Actor, q KnownQuery, called map[string]bool) []KnownItem {
	may, now := d.seesClass(a, P1), d.Now()
	at := func(c *Case) bool { return c.comparable(now) && may(c) && !slices.Contains(q.Except, "cases/"+c.ID) }
	byID := map[string]KnownItem{}
	for _, item := range d.knownCases(a, q, q.asked()) {
		if c, ok := d.Board.Case(item.ID); ok && at(c) {
			byID[item.ID] = item
		}
	}
	calls := d.seesClass(a, P6)
	for id := range called {
		c, ok := d.Board.Case(id)
		if !ok || !at(c) || !calls(c) {
			continue
		}
		item, found := byID[id]
		if !found {
			if q.bornOtherwise(c) {
				continue // one caller, two children
			}
			item = d.plainItem(a, c)
			item.Score = names.Maybe
		}
		item.supported("phone", 0.3)
		byID[id] = item
	}
	out := make([]KnownItem, 0, len(byID))
	for _, item := range byID {
		out = append(out, item)
	}
	slices.SortFunc(out, func(x, y KnownItem) int { return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(x.ID, y.ID)) })
	return out[:min(len(out), alikeShown)]
}

// bornOtherwise tells whether the dates of birth that are known say that no child
// of a case is one that was asked for.
func (q *KnownQuery) bornOtherwise(c *Case) bool {
	compared := false
	for _, asked := range q.Children {
		for i := range c.Children {
			if compareBirth(asked.BirthDate, c.Children[i].BirthDate) != birthDiffers {
				return false
			}
			compared = true
		}
	}
	return compared
}

// comparable tells whether a case is open, or ended not long ago, and leads to no
// other one.
func (c *Case) comparable(now time.Time) bool {
	switch {
	case c.Merged != nil || c.State == StateSealed || c.State == StateErased:
		return false
	case !c.State.Ended():
		return true
	case c.Closing != nil:
		return now.Sub(c.Closing.ClosedAt) < AlikeFor
	}
	return now.Sub(c.UpdatedAt) < AlikeFor
}

// plainItem is a case that nothing of a child's own was compared with.
func (d *Desk) plainItem(a Actor, c *Case) KnownItem {
	item := KnownItem{Kind: "case", ID: c.ID, Number: c.CaseNumber, State: c.State}
	l := d.lensOn(a, c)
	if l.sees(P1) && len(c.Children) > 0 {
		item.BirthDate = c.Children[0].BirthDate
		if n := c.Children[0].Names; len(n) > 0 {
			item.Name = strings.TrimSpace(n[0].Given + " " + n[0].Family)
		}
	}
	if l.sees(P2) {
		item.Place, item.At = c.LastSeen.Label, c.LastSeen.At
	}
	return item
}

// keysApart are the records that were judged not to be about the child of one,
// whichever of the two holds the judgement.
func (d *Desk) keysApart(key string, own []Apart) []string {
	var out []string
	for _, p := range own {
		out = append(out, p.Of)
	}
	for id := range d.Board.casesApartFrom(key) {
		if other := "cases/" + id; !slices.Contains(out, other) {
			out = append(out, other)
		}
	}
	return out
}

// ownApart are the judgements that a record itself holds.
func (d *Desk) ownApart(ctx context.Context, key string) ([]Apart, error) {
	kind, id, _ := strings.Cut(key, "/")
	if kind == "cases" {
		if c, ok := d.Board.Case(id); ok {
			return c.NotSame, nil
		}
		return nil, nil
	}
	doc, err := d.Journal.Document(ctx, journal.Key{Collection: "contacts", ID: id})
	if err != nil {
		return nil, coded(err)
	}
	if ct, ok := doc.(*Contact); ok {
		return ct.NotSame, nil
	}
	return nil, nil
}

// apartSeen leaves out of a case's judgements those about a case that the actor
// may not know of.
func (d *Desk) apartSeen(a Actor, all []ApartView) []ApartView {
	return slices.DeleteFunc(all, func(p ApartView) bool {
		id, isCase := strings.CutPrefix(p.Of, "cases/")
		if !isCase {
			c, ok := d.Board.caseOfContact(strings.TrimPrefix(p.Of, "contacts/"))
			return !ok || !d.seesClass(a, P6)(c)
		}
		_, err := d.VisibleCase(a, id)
		return err != nil
	})
}

// apartAs takes over what was judged about the contact of which a case is made.
func (c *Case) apartAs(of []Apart) {
	for _, p := range of {
		if !apart(c.NotSame, p.Of) {
			c.NotSame = append(c.NotSame, p)
		}
	}
}

// apartItems are the judgements about a record, as far as the actor may know of
// the other one, the latest first. Own are those that the record itself holds.
func (d *Desk) apartItems(ctx context.Context, a Actor, key string, own []ApartView) (AlikeView, error) {
	v := AlikeView{Items: []KnownItem{}, Apart: []ApartItem{}}
	all := slices.Clone(own)
	for id, p := range d.Board.casesApartFrom(key) {
		other := "cases/" + id
		c, err := d.VisibleCase(a, id)
		if err != nil || slices.ContainsFunc(all, func(p ApartView) bool { return p.Of == other }) {
			continue
		}
		p.Of = other
		all = append(all, apartViews(d.lensOn(a, c), []Apart{p})...)
	}
	for _, p := range all {
		item, ok, err := d.apartItem(ctx, a, p)
		if err != nil {
			return v, err
		}
		if ok {
			v.Apart = append(v.Apart, item)
		}
	}
	slices.SortFunc(v.Apart, func(x, y ApartItem) int { return cmp.Or(y.At.Compare(x.At), cmp.Compare(x.Key(), y.Key())) })
	return v, nil
}

// apartItem is one judgement with the other record; not ok when the actor may
// not know of that, or it has been erased.
func (d *Desk) apartItem(ctx context.Context, a Actor, p ApartView) (ApartItem, bool, error) {
	out := ApartItem{Reason: p.Reason, By: p.By, At: p.At}
	id, isCase := strings.CutPrefix(p.Of, "cases/")
	if isCase {
		c, err := d.VisibleCase(a, id)
		if err != nil || !d.seesClass(a, P1)(c) {
			return out, false, nil
		}
		item := d.plainItem(a, c)
		out.Kind, out.ID, out.Number, out.Name = "case", id, c.CaseNumber, item.Name
		return out, true, nil
	}
	ct, c, err := d.visibleContact(ctx, a, strings.TrimPrefix(p.Of, "contacts/"))
	if err != nil {
		if CodeOf(err) == NotFound {
			err = nil
		}
		return out, false, err
	}
	out.Kind, out.ID = "contact", ct.ID
	if c != nil {
		out.Number = c.CaseNumber
	}
	if ct.Report != nil {
		out.Name = ct.Report.ChildName
	}
	return out, true, nil
}

// recordAlike writes down that somebody asked what is like a record, and what
// the answer shows them.
func (d *Desk) recordAlike(ctx context.Context, a Actor, key string, v *AlikeView) error {
	if len(v.Items)+len(v.Apart) == 0 {
		return nil
	}
	if err := d.Reads.Record(ctx, a, fmt.Sprintf("%s/alike", key), P1, P2, P6); err != nil {
		return err
	}
	for i := range v.Items {
		if err := d.Reads.Record(ctx, a, v.Items[i].Key(), P1, P2); err != nil {
			return err
		}
	}
	for i := range v.Apart {
		class := P1
		if v.Apart[i].Kind == "contact" {
			class = P6
		}
		if err := d.Reads.Record(ctx, a, v.Apart[i].Key(), class); err != nil {
			return err
		}
	}
	return nil
}
