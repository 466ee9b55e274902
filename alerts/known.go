package alerts

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"homeward/alerts/names"
	"homeward/geo"
	"homeward/geo/script"
)

// Apart is somebody's judgement that another record, such as "cases/ID" or
// "contacts/ID", is not about the same child.
type Apart struct {
	Of string    `bson:"of"`
	By string    `bson:"by"`
	At time.Time `bson:"at"`
	// Reason is what shows it, empty when nobody said.
	Reason string `bson:"reason,omitempty" class:"P3,sealed"`
}

// ApartView is such a judgement as readers see it.
type ApartView struct {
	Of string    `json:"of"`
	By string    `json:"by"`
	At time.Time `json:"at"`
	// Reason is what shows it, empty when nobody said.
	Reason string `json:"reason,omitempty"`
}

func apartViews(l lens, all []Apart) []ApartView {
	if !l.sees(P10) {
		return nil
	}
	var out []ApartView
	for _, a := range all {
		out = append(out, ApartView{a.Of, a.By, a.At, only(l, a.Reason, P3)})
	}
	return out
}

// setApart is the judgement of an actor about each of some records.
func setApart(of []string, a Actor, now time.Time) []Apart {
	var out []Apart
	for _, key := range of {
		if !apart(out, key) {
			out = append(out, Apart{Of: key, By: a.ID, At: now})
		}
	}
	return out
}

// apart refuses what names no case and no contact.
func (i *inspection) apart(of []string) {
	if len(of) > maxApart {
		i.Add("not_same", "too_many", fmt.Sprintf("At most %d records.", maxApart))
		return
	}
	for k, key := range of {
		kind, id, _ := strings.Cut(key, "/")
		if kind != "cases" && kind != "contacts" || id == "" || len(id) > 64 {
			i.Add(fmt.Sprintf("not_same[%d]", k), "unknown_value", "Name a record such as cases/ID.")
		}
	}
}

// maxApart is how many records somebody can set apart at once.
const maxApart = 100

// KnownQuery asks whether a child or a caller is known already. What is empty is
// not compared.
type KnownQuery struct {
	Children []KnownChild
	// Place is where the child was last seen, in words, At the point.
	Place string
	At    *geo.Point
	// Phone and Caller are those of whoever tells.
	Phone, Caller string
	// Except are records, such as "cases/ID", that were judged not to be it.
	Except []string
	// Of is the record that somebody is at, such as "contacts/ID": neither it nor
	// what was judged not to be about its child is shown. Empty for none.
	Of string
}

// KnownChild is a child as far as somebody knows it. BirthDate is YYYY-MM-DD,
// YYYY-MM or YYYY.
type KnownChild struct {
	Names     []Name
	BirthDate string
}

// KnownView lists what may be about the same child or caller, the likeliest
// first. It is a suggestion: a person decides.
type KnownView struct {
	Items []KnownItem `json:"items"`
}

// KnownItem is one record that may be about the same child. Score is from 0 to
// 1; Why are the reasons, such as name_nickname or birth_same.
type KnownItem struct {
	Kind      string    `json:"kind"` // case or contact
	ID        string    `json:"id"`
	Number    string    `json:"number,omitempty"`
	State     State     `json:"state,omitempty"`
	Name      string    `json:"name,omitempty"`
	BirthDate string    `json:"birth_date,omitempty"`
	Place     string    `json:"place,omitempty"`
	At        time.Time `json:"at,omitzero"`
	Score     float64   `json:"score"`
	Why       []string  `json:"why"`
}

// Key names the record, such as "cases/ID".
func (i *KnownItem) Key() string { return i.Kind + "s/" + i.ID }

// How many records are looked at and shown.
const (
	knownCases    = 40
	knownContacts = 300
	knownShown    = 8
	// nearPlace is how close two places are that count as one, in metres.
	nearPlace = 10_000
)

// Known returns what of the actor's records may be about the same child or
// caller. What the actor may not see is left out before anything is compared,
// so that it changes neither the answer nor its order. Each asking is recorded,
// and each record that it shows.
func (d *Desk) Known(ctx context.Context, a Actor, q KnownQuery) (KnownView, error) {
	out := KnownView{Items: []KnownItem{}}
	if err := d.may(a, "known.look"); err != nil {
		return out, err
	}
	i := &inspection{now: d.Now(), regions: d.Regions}
	q.inspect(i)
	if err := i.Err(); err != nil {
		return out, err
	}
	if err := d.leaveApart(ctx, a, &q); err != nil {
		return out, err
	}
	asked := q.asked()
	if !slices.ContainsFunc(asked, func(c askedChild) bool { return len(c.names) > 0 }) && q.Phone == "" && q.Caller == "" {
		return out, nil
	}
	out.Items = append(append(out.Items, d.knownCases(a, q, asked)...), d.knownContacts(ctx, a, q, asked)...)
	slices.SortFunc(out.Items, func(x, y KnownItem) int { return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(x.Key(), y.Key())) })
	out.Items = out.Items[:min(len(out.Items), knownShown)]
	return out, d.recordKnown(ctx, a, q, out.Items)
}

// leaveApart excepts the record that somebody is at and what was judged not to be
// about its child.
func (d *Desk) leaveApart(ctx context.Context, a Actor, q *KnownQuery) error {
	if q.Of == "" || d.seesRecord(ctx, a, q.Of) != nil {
		return nil
	}
	own, err := d.ownApart(ctx, q.Of)
	q.Except = slices.Concat(q.Except, []string{q.Of}, d.keysApart(q.Of, own))
	return err
}

// recordKnown writes down that somebody asked, by what and not in which words,
// and what the answer shows them.
func (d *Desk) recordKnown(ctx context.Context, a Actor, q KnownQuery, items []KnownItem) error {
	subject := fmt.Sprintf("known?name=%t&place=%t&phone=%t", len(q.Children) > 0, q.Place != "" || q.At != nil, q.Phone != "")
	if err := d.Reads.Record(ctx, a, subject, P1, P2, P6); err != nil {
		return err
	}
	for k := range items {
		classes := []Class{P1, P2}
		if items[k].Kind == "contact" {
			classes = []Class{P6}
		}
		if err := d.Reads.Record(ctx, a, items[k].Key(), classes...); err != nil {
			return err
		}
	}
	return nil
}

func (q *KnownQuery) inspect(i *inspection) {
	if len(q.Children) > maxChildren {
		i.Add("children", "too_many", fmt.Sprintf("At most %d children.", maxChildren))
		return
	}
	for k := range q.Children {
		c, at := &q.Children[k], fmt.Sprintf("children[%d]", k)
		if len(c.Names) > maxNames {
			i.Add(at+".names", "too_many", fmt.Sprintf("At most %d names.", maxNames))
			continue
		}
		for n := range c.Names {
			i.text(fmt.Sprintf("%s.names[%d].given", at, n), &c.Names[n].Given, maxNameText)
			i.text(fmt.Sprintf("%s.names[%d].family", at, n), &c.Names[n].Family, maxNameText)
		}
		if _, err := partialDay(c.BirthDate); err != nil {
			c.BirthDate = "" // it may be half typed
		}
	}
	i.text("place", &q.Place, maxLine)
	i.text("phone", &q.Phone, maxNameText)
	i.text("caller", &q.Caller, maxNameText)
}

type askedChild struct {
	names []names.Name
	birth string
}

func (q *KnownQuery) asked() []askedChild {
	out := make([]askedChild, len(q.Children))
	for k, c := range q.Children {
		out[k].birth = c.BirthDate
		for _, n := range c.Names {
			if read := names.Read(n.Given, n.Family); !read.Empty() {
				out[k].names = append(out[k].names, read)
			}
		}
	}
	return out
}

func (d *Desk) knownCases(a Actor, q KnownQuery, asked []askedChild) []KnownItem {
	var all []names.Name
	for _, c := range asked {
		all = append(all, c.names...)
	}
	if len(all) == 0 {
		return nil
	}
	may := d.seesClass(a, P1)
	var out []KnownItem
	for _, c := range d.Board.casesNamed(all, knownCases, func(c *Case) bool { return may(c) && !slices.Contains(q.Except, "cases/"+c.ID) }) {
		if item, ok := compareCase(d.lensOn(a, c), c, &q, asked); ok {
			out = append(out, item)
		}
	}
	return out
}

// compareCase judges a case by the child of it that is likest.
func compareCase(l lens, c *Case, q *KnownQuery, asked []askedChild) (KnownItem, bool) {
	var best KnownItem
	for k := range c.Children {
		child := &c.Children[k]
		for _, n := range child.Names {
			for _, ask := range asked {
				score, why := judge(ask, names.Read(n.Given, n.Family), child.BirthDate)
				if score > best.Score {
					best = KnownItem{Score: score, Why: why, Name: strings.TrimSpace(n.Given + " " + n.Family), BirthDate: child.BirthDate}
				}
			}
		}
	}
	best.Kind, best.ID, best.Number, best.State = "case", c.ID, c.CaseNumber, c.State
	if l.sees(P2) {
		best.Place, best.At = c.LastSeen.Label, c.LastSeen.At
		if samePlace(q, c.LastSeen.Label, c.LastSeen.Place) {
			best.supported("place", 0.2)
		}
	}
	return best, best.Score >= names.Maybe
}

// judge compares one name and one date of birth with what was asked. A date
// that contradicts leaves only names that agree entirely.
func judge(ask askedChild, known names.Name, birth string) (float64, []string) {
	var best names.Match
	for _, n := range ask.names {
		if m := names.Compare(n, known); m.Score > best.Score {
			best = m
		}
	}
	if best.Score < names.Maybe {
		return 0, nil
	}
	item := KnownItem{Score: best.Score}
	for _, r := range best.Reasons {
		item.Why = append(item.Why, "name_"+string(r))
	}
	switch agreed := compareBirth(ask.birth, birth); agreed {
	case birthUnknown:
	case birthSame:
		item.supported(agreed, 0.5)
	case birthFits, birthNear:
		item.supported(agreed, 0.2)
	default:
		item.Score *= 0.6
		item.Why = append(item.Why, agreed)
	}
	return item.Score, item.Why
}

// supported raises the score by a share of what is missing to certainty.
func (i *KnownItem) supported(why string, share float64) {
	i.Score += (1 - i.Score) * share
	i.Why = append(i.Why, why)
}

// samePlace tells whether two places are one: within a few kilometres, or by a
// longer word that both names have.
func samePlace(q *KnownQuery, label string, at *geo.Point) bool {
	if q.At != nil && at != nil && geo.Distance(*q.At, *at) <= nearPlace {
		return true
	}
	known := strings.Fields(script.Fold(label))
	return slices.ContainsFunc(strings.Fields(script.Fold(q.Place)), func(w string) bool { return len(w) > 3 && slices.Contains(known, w) })
}
