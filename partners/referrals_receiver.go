package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// OwnReferralItem is a referral in the list of the organisation that was asked:
// nothing about anybody. Of one that has ended only the number and the end stay.
type OwnReferralItem struct {
	ID      string        `json:"id"`
	Number  string        `json:"number"`
	Service string        `json:"service,omitempty"`
	Urgency string        `json:"urgency,omitempty"`
	State   ReferralState `json:"state"`
	AskedAt time.Time     `json:"asked_at"`
	DueAt   time.Time     `json:"due_at,omitzero"`
	// Ended says that what was shared is to be deleted.
	Ended bool `json:"ended"`
}

// OwnReferral is a referral as the organisation sees it that was asked: what was
// written to it and exactly the classes that were opened.
type OwnReferral struct {
	OwnReferralItem
	Purpose string         `json:"purpose"`
	Shared  ReferralShared `json:"shared"`
	// Entries are its history without what is the desk's.
	Entries []OwnReferralEntry `json:"entries"`
	Acts    []string           `json:"acts"`
}

// OwnReferralEntry is one step of the history for the receiver. By is one of its
// own people.
type OwnReferralEntry struct {
	At   time.Time `json:"at"`
	Kind string    `json:"kind"`
	Code string    `json:"code,omitempty"`
	Text string    `json:"text,omitempty"`
	Ours bool      `json:"ours"`
	By   string    `json:"by,omitempty"`
}

// ReferralShared is what a receiver sees of the case. Classes are those that are
// open now; what a class has but is hidden from a party is left out, and
// Incomplete says so without saying what.
type ReferralShared struct {
	Classes       []alerts.Class       `json:"classes"`
	Category      alerts.Category      `json:"category,omitempty"`
	Children      []SharedChild        `json:"children,omitempty"`
	LastSeen      *alerts.LastSeenView `json:"last_seen,omitempty"`
	Circumstances string               `json:"circumstances,omitempty"`
	PoliceUnit    string               `json:"police_unit,omitempty"`
	PoliceNumber  string               `json:"police_number,omitempty"`
	// Person is the party that it is about.
	Person     string         `json:"person,omitempty"`
	Callers    []SharedCaller `json:"callers,omitempty"`
	Incomplete bool           `json:"incomplete"`
}

// SharedChild is one child as far as its classes were opened.
type SharedChild struct {
	Names       []alerts.Name       `json:"names,omitempty"`
	Sex         string              `json:"sex,omitempty"`
	BirthDate   string              `json:"birth_date,omitempty"`
	Description *alerts.Description `json:"description,omitempty"`
	Home        string              `json:"home,omitempty"`
	Needs       string              `json:"needs,omitempty"`
}

// SharedCaller is somebody who called about the case.
type SharedCaller struct {
	Relation string `json:"relation,omitempty"`
	Name     string `json:"name,omitempty"`
	Phone    string `json:"phone,omitempty"`
	Email    string `json:"email,omitempty"`
}

// ownReferral returns a referral of the actor's organisation with its case. One
// that has ended is Gone; without a valid agreement nothing is shown.
func (d *Desk) ownReferral(a alerts.Actor, id string) (*Referral, *alerts.Case, error) {
	r, ok := d.board.Referral(id)
	if !ok || a.Partner == "" || r.PartnerID != a.Partner {
		return nil, nil, missing("referral " + id)
	}
	c, _ := d.Board.Case(r.CaseID)
	if r.over(c) != "" {
		return nil, nil, alerts.Errorf(alerts.Gone, "This referral has been withdrawn. Please delete what you have of it.")
	}
	if p, ok := d.board.Partner(a.Partner); !ok || p.excluded(d.Now()) != "" {
		return nil, nil, alerts.Errorf(alerts.Forbidden, "Without approval and a valid agreement nothing can be shown.")
	}
	return r, c, nil
}

// OwnReferrals lists what the actor's organisation was asked for, newest first.
func (d *Desk) OwnReferrals(a alerts.Actor) []OwnReferralItem {
	out := []OwnReferralItem{}
	for _, r := range d.board.Referrals() {
		if a.Partner != "" && r.PartnerID == a.Partner {
			c, _ := d.Board.Case(r.CaseID)
			out = append(out, r.ownItem(r.over(c)))
		}
	}
	slices.Reverse(out)
	return out
}

func (r *Referral) ownItem(why string) OwnReferralItem {
	v := OwnReferralItem{ID: r.ID, Number: r.PublicNumber, State: r.shownState(why), AskedAt: r.CreatedAt, Ended: why != ""}
	if why == "" {
		v.Service, v.Urgency, v.DueAt = r.Service, r.Urgency, r.DueAt
	}
	return v
}

// OwnReferral returns a referral as the organisation sees it that was asked. The
// read is recorded with the classes that it shows, and the first by a person is
// noted on the referral.
func (d *Desk) OwnReferral(ctx context.Context, a alerts.Actor, id string) (OwnReferral, error) {
	r, c, err := d.ownReferral(a, id)
	if err != nil {
		return OwnReferral{}, err
	}
	if err := d.noteOpened(ctx, a, r); err != nil {
		return OwnReferral{}, err
	}
	g := glass{desk: d, of: c, open: r.openClasses(c, d.Now())}
	if err := d.Reads.Record(ctx, a, "referrals/"+id, append(slices.Clone(g.open), alerts.P3)...); err != nil {
		return OwnReferral{}, err
	}
	v := OwnReferral{OwnReferralItem: r.ownItem(""), Purpose: g.words(r.Purpose), Entries: []OwnReferralEntry{}, Acts: d.referralActs(a, r, "", true)}
	v.Entries = d.ownEntries(r, &g)
	if v.Shared, err = g.shared(ctx, r.About); err != nil {
		return OwnReferral{}, err
	}
	return v, nil
}

func (d *Desk) ownEntries(r *Referral, g *glass) []OwnReferralEntry {
	out := []OwnReferralEntry{}
	for i := range r.Entries {
		e := &r.Entries[i]
		if e.Kind == "told" {
			continue // between the desk and the family
		}
		v := OwnReferralEntry{At: e.At, Kind: e.Kind, Code: e.Code, Text: g.words(e.Text), Ours: e.Theirs}
		if e.Theirs {
			v.Text = e.Text
			if acc, ok := d.Board.Account(e.By); ok {
				v.By = acc.Name
			}
		}
		out = append(out, v)
	}
	return out
}

// openClasses are the classes that the receiver sees now. Once it has refused or
// is done it needs none.
func (r *Referral) openClasses(c *alerts.Case, now time.Time) []alerts.Class {
	out := []alerts.Class{}
	if r.State == ReferralDeclined || r.State == ReferralDone {
		return out
	}
	return append(out, openNow(r.Shares, c, now)...)
}

// openNow are the classes that some shares open now.
func openNow(shares []Share, c *alerts.Case, now time.Time) []alerts.Class {
	out := []alerts.Class{}
	for i := range shares {
		if s := &shares[i]; s.inForce(c, now) && slices.Contains(ShareableClasses(), s.Class) {
			out = append(out, s.Class)
		}
	}
	return out
}

// glass is what a receiver sees a case through: the open classes, less what is
// hidden from any party, because nobody knows who stands beside the reader.
type glass struct {
	desk *Desk
	of   *alerts.Case
	open []alerts.Class
	less bool
}

func (g *glass) sees(c alerts.Class) bool { return slices.Contains(g.open, c) }

// fact tells whether a fact may be shown; one that is hidden leaves a gap.
func (g *glass) fact(field string) bool {
	if g.of.HiddenFrom("", field) {
		g.less = true
		return false
	}
	return true
}

// words are a text, empty when it tells what is hidden.
func (g *glass) words(s string) string {
	if len(g.of.HiddenIn("", s)) > 0 {
		g.less = true
		return ""
	}
	return s
}

// shared is what is open of the case; about is the one child or party that it is
// about, empty for the whole case.
func (g *glass) shared(ctx context.Context, about string) (ReferralShared, error) {
	v := ReferralShared{Classes: g.open}
	if g.sees(alerts.P0) {
		v.Category = g.of.Category
	}
	for i := range g.of.Children {
		k := &g.of.Children[i]
		if !g.sees(alerts.P0) && !g.sees(alerts.P1) && !g.sees(alerts.P2) && !g.sees(alerts.P4) {
			break
		}
		if alone := slices.ContainsFunc(g.of.Children, func(x alerts.Child) bool { return x.ID == about }); !alone || k.ID == about {
			v.Children = append(v.Children, g.child(k))
		}
	}
	if s := g.of.LastSeen; g.sees(alerts.P2) && g.fact(alerts.HideLastSeen) {
		v.LastSeen = &alerts.LastSeenView{At: s.At, PrecisionMin: s.PrecisionMin, Place: s.Place, AccuracyM: s.AccuracyM, Label: g.words(s.Label)}
	}
	if g.sees(alerts.P3) {
		g.family(&v, about)
	}
	var err error
	if g.sees(alerts.P6) && g.fact(alerts.HideContacts) {
		v.Callers, err = g.callers(ctx)
	}
	v.Incomplete = g.less
	return v, err
}

func (g *glass) child(k *alerts.Child) SharedChild {
	v := SharedChild{}
	if g.sees(alerts.P1) {
		v.Names, v.Sex, v.BirthDate = k.Names, k.Sex, k.BirthDate
	}
	if d := k.Description; g.sees(alerts.P0) && d != (alerts.Description{}) {
		for _, s := range []*string{&d.Build, &d.Hair, &d.Eyes, &d.Marks, &d.Clothing, &d.Other} {
			*s = g.words(*s)
		}
		v.Description = &d
	}
	if g.sees(alerts.P2) && k.Home != "" && g.fact(alerts.HideHome) {
		v.Home = g.words(k.Home)
	}
	if g.sees(alerts.P4) && k.Needs != "" && g.fact(alerts.HideHealth) {
		v.Needs = g.words(k.Needs)
	}
	return v
}

func (g *glass) family(v *ReferralShared, about string) {
	if g.of.Circumstances != "" && g.fact(alerts.HideCustody) {
		v.Circumstances = g.words(g.of.Circumstances)
	}
	if g.of.Police != (alerts.PoliceReport{}) && g.fact(alerts.HideProceedings) {
		v.PoliceUnit, v.PoliceNumber = g.words(g.of.Police.Unit), g.of.Police.Reference
	}
	for _, p := range g.of.Parties {
		if p.ID == about {
			v.Person = g.words(p.Name)
		}
	}
}

func (g *glass) callers(ctx context.Context) ([]SharedCaller, error) {
	var out []SharedCaller
	for _, id := range g.desk.Board.ContactsOf(g.of.ID) {
		doc, err := g.desk.Journal.Document(ctx, journal.Key{Collection: "contacts", ID: id})
		if err != nil {
			return nil, err
		}
		t, ok := doc.(*alerts.Contact)
		if !ok || t.Caller == nil {
			continue
		}
		out = append(out, SharedCaller{g.words(t.Relation), g.words(t.Caller.Name), g.words(t.Caller.Phone), g.words(t.Caller.Email)})
	}
	return out, nil
}
