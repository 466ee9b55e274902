package alerts

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"homeward/alerts/names"
	"homeward/journal"
)

// contactShelfOfNames remembers what contacts say that can be compared, so that
// asking while somebody types opens each of them once. It forgets what the
// board no longer lists.
type contactShelfOfNames struct {
	mu   sync.Mutex
	byID map[string]contactFacts
}

// contactFacts is what of a contact is compared. Number is the change that
// wrote it.
type contactFacts struct {
	number        uint64
	phone         string
	caller, child names.Name
	name, where   string
	age           int
	at            time.Time
}

// knownContacts compares with the latest contacts that the actor may see.
func (d *Desk) knownContacts(ctx context.Context, a Actor, q KnownQuery, asked []askedChild) []KnownItem {
	caller := names.Read(q.Caller, "")
	var out []KnownItem
	listed := d.Board.contactsLately(knownContacts, d.seesClass(a, P6))
	d.known.keep(listed)
	for _, m := range listed {
		facts, ok := d.factsOf(ctx, m)
		item := KnownItem{Kind: "contact", ID: m.id}
		if !ok || slices.Contains(q.Except, item.Key()) {
			continue
		}
		if c, known := d.Board.Case(m.caseID); known {
			item.Number = c.CaseNumber
		}
		item.Name, item.Place, item.At = facts.name, facts.where, facts.at
		facts.compare(&item, &q, asked, caller)
		if item.Score >= names.Maybe {
			out = append(out, item)
		}
	}
	return out
}

func (f *contactFacts) compare(item *KnownItem, q *KnownQuery, asked []askedChild, caller names.Name) {
	for _, ask := range asked {
		if score, why := judge(ask, f.child, f.birthYear(ask.birth)); score > item.Score {
			item.Score, item.Why = score, why
		}
	}
	if item.Score > 0 && samePlace(q, f.where, nil) {
		item.supported("place", 0.2)
	}
	if q.Phone != "" && samePhone(q.Phone, f.phone) {
		item.Score = max(item.Score, 0.85)
		item.supported("phone", 0.3)
	}
	if m := names.Compare(caller, f.caller); m.Score >= names.Same && caller.Words() > 1 {
		item.Score = max(item.Score, 0.65)
		item.supported("caller", 0.2)
	}
}

// birthYear is the year in which a child of this age was born, as it best fits
// a date that was asked for.
func (f *contactFacts) birthYear(asked string) string {
	if f.age == 0 {
		return ""
	}
	year := f.at.Year() - f.age
	if earlier := strconv.Itoa(year - 1); strings.HasPrefix(asked, earlier) {
		return earlier
	}
	return strconv.Itoa(year)
}

// factsOf returns what of a contact is compared, opening it when that is not
// remembered. One that cannot be opened now is left out: it was erased since.
func (d *Desk) factsOf(ctx context.Context, m contactMark) (contactFacts, bool) {
	d.known.mu.Lock()
	facts, ok := d.known.byID[m.id]
	d.known.mu.Unlock()
	if ok && facts.number == m.number {
		return facts, true
	}
	doc, err := d.Journal.Document(ctx, journal.Key{Collection: "contacts", ID: m.id})
	ct, isContact := doc.(*Contact)
	if err != nil || !isContact {
		return contactFacts{}, false
	}
	facts = contactFacts{number: m.number, at: ct.At}
	if r := ct.Caller; r != nil {
		facts.phone, facts.caller = r.Phone, names.Read(r.Name, "")
	}
	if r := ct.Report; r != nil {
		facts.name, facts.where = r.ChildName, r.LastSeenWhere
		facts.child = names.Read(r.ChildName, "")
		facts.age, _ = strconv.Atoi(digitsOf(r.ChildAge))
	}
	d.known.mu.Lock()
	defer d.known.mu.Unlock()
	if d.known.byID == nil {
		d.known.byID = map[string]contactFacts{}
	}
	d.known.byID[m.id] = facts
	return facts, true
}

// keep forgets contacts once many more are remembered than are listed, so that
// what was erased does not stay.
func (s *contactShelfOfNames) keep(listed []contactMark) {
	s.mu.Lock()
	defer s.mu.Unlock()
	still := make(map[string]contactFacts, len(listed))
	for _, m := range listed {
		if f, ok := s.byID[m.id]; ok {
			still[m.id] = f
		}
	}
	s.byID = still
}
