package alerts

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"homeward/journal"
)

// FileKeys returns the records that the file of one case consists of, in no
// particular order, but for those that other packages keep: the case and where
// its child was found, its alerts, its reports and contacts with whoever brought
// them, and the calls that those were made of. It sees what the batch of v has
// written before.
func (d *Desk) FileKeys(v *journal.View, caseID string) []journal.Key {
	out := []journal.Key{{Collection: "cases", ID: caseID}, {Collection: "where", ID: caseID}}
	add := func(ids map[string]bool, collections ...string) {
		for _, id := range slices.Sorted(maps.Keys(ids)) {
			for _, collection := range collections {
				out = append(out, journal.Key{Collection: collection, ID: id})
			}
		}
	}
	add(d.AlertsOfFile(v, caseID), "alerts")
	sightings := idSet(d.Board.SightingsOf(caseID))
	for _, doc := range v.Pending("sightings") {
		s := doc.(*Sighting)
		keepIn(sightings, s.ID, s.CaseID == caseID)
	}
	loose, _ := d.Board.repeatsOf(sightings)
	for _, id := range loose {
		sightings[id] = true
	}
	add(sightings, "sightings", "reporters")
	contacts := idSet(d.Board.ContactsOf(caseID))
	for _, doc := range v.Pending("contacts") {
		ct := doc.(*Contact)
		keepIn(contacts, ct.ID, ct.CaseID == caseID)
	}
	add(contacts, "contacts", "reporters")
	calls := map[string]bool{}
	for _, c := range d.Board.callsSince(time.Time{}) {
		keepIn(calls, c.ID, contacts[c.ContactID])
	}
	for _, doc := range v.Pending("calls") {
		c := doc.(*Call)
		keepIn(calls, c.ID, contacts[c.ContactID])
	}
	add(calls, "calls")
	return out
}

// AlertsOfFile returns the ids of the alerts about one case, with those that the
// batch of v has written.
func (d *Desk) AlertsOfFile(v *journal.View, caseID string) map[string]bool {
	ids := map[string]bool{}
	for _, al := range d.Board.AlertsOf(caseID) {
		ids[al.ID] = true
	}
	for _, doc := range v.Pending("alerts") {
		al := doc.(*Alert)
		keepIn(ids, al.ID, al.CaseID == caseID)
	}
	return ids
}

func idSet(ids []string) map[string]bool {
	out := make(map[string]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out
}

func keepIn(ids map[string]bool, id string, in bool) {
	if in {
		ids[id] = true
	} else {
		delete(ids, id)
	}
}

// Unfile returns the records that say something about one that is erased, such as
// a link from another case or a judgement that two are not the same, without it.
// Whoever erases writes them in the same change, or what was said would outlive
// it.
func (d *Desk) Unfile(v *journal.View, gone []journal.Key) ([]journal.Document, error) {
	names := make(map[string]bool, len(gone))
	for _, k := range gone {
		names[k.String()] = true
	}
	others := map[string]bool{}
	for _, k := range gone {
		if k.Collection != "cases" && k.Collection != "contacts" {
			continue
		}
		near, err := d.about(v, k)
		if err != nil {
			return nil, err
		}
		for _, name := range near {
			keepIn(others, name, !names[name])
		}
	}
	out, err := d.repeating(v, gone)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(others)) {
		doc, err := withoutGone(v, name, names)
		if err != nil {
			return nil, err
		}
		if doc != nil {
			out = append(out, doc)
		}
	}
	return out, nil
}

// repeating returns the reports of other cases that are said to repeat one that is
// gone, without that.
func (d *Desk) repeating(v *journal.View, gone []journal.Key) (out []journal.Document, err error) {
	reports := map[string]bool{}
	for _, k := range gone {
		if k.Collection == "sightings" {
			reports[k.ID] = true
		}
	}
	_, others := d.Board.repeatsOf(reports)
	for _, id := range others {
		s, err := journal.Load[*Sighting](v, "sightings", id)
		if errors.Is(err, journal.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		next := *s
		next.DuplicateOf = ""
		out = append(out, &next)
	}
	return out, nil
}

// about names the records that may say something about one.
func (d *Desk) about(v *journal.View, k journal.Key) ([]string, error) {
	if k.Collection == "contacts" {
		ct, err := journal.Load[*Contact](v, k.Collection, k.ID)
		if errors.Is(err, journal.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return d.keysApart(k.String(), ct.NotSame), nil
	}
	c, err := journal.Load[*Case](v, k.Collection, k.ID)
	if errors.Is(err, journal.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := d.keysApart(k.String(), c.NotSame)
	for _, l := range c.Links {
		out = append(out, "cases/"+l.Case)
	}
	return out, nil
}

// withoutGone returns a record without what it says about those that are gone;
// nil when it says nothing, or is gone itself.
func withoutGone(v *journal.View, name string, gone map[string]bool) (journal.Document, error) {
	kind, id, _ := strings.Cut(name, "/")
	k := journal.Key{Collection: kind, ID: id}
	apart := func(p Apart) bool { return gone[p.Of] }
	if k.Collection == "contacts" {
		ct, err := journal.Load[*Contact](v, k.Collection, k.ID)
		if errors.Is(err, journal.ErrNotFound) {
			return nil, nil
		}
		if err != nil || !slices.ContainsFunc(ct.NotSame, apart) {
			return nil, err
		}
		next := *ct
		next.NotSame = slices.DeleteFunc(slices.Clone(ct.NotSame), apart)
		return &next, nil
	}
	link := func(l CaseLink) bool { return gone["cases/"+l.Case] }
	c, err := journal.Load[*Case](v, k.Collection, k.ID)
	if errors.Is(err, journal.ErrNotFound) {
		return nil, nil
	}
	if err != nil || !slices.ContainsFunc(c.NotSame, apart) && !slices.ContainsFunc(c.Links, link) {
		return nil, err
	}
	next := *c
	next.NotSame = slices.DeleteFunc(slices.Clone(c.NotSame), apart)
	next.Links = slices.DeleteFunc(slices.Clone(c.Links), link)
	return &next, nil
}
