package partners

import (
	"cmp"
	"slices"
	"time"

	"homeward/alerts"
)

// seen is what a partner's feed shows of one alert. An empty kind is nothing.
type seen struct {
	number   uint64
	kind     string
	revision int
	reason   string
}

// toldBoard is a Told with where each partner stands.
type toldBoard struct {
	doc    *Told
	places map[string]*place
}

// feed is what one partner is owed, in the order of numbers. Entries that a
// later one replaced stay until there are too many of them.
type feed struct {
	entries []entry
	current int // entries that are not replaced
}

type entry struct {
	number uint64
	alert  string
	place  *place // told keeps it for ever
}

// stands tells whether an entry is what the partner sees of the alert now.
func (e entry) stands() bool { return e.place.seen.kind != "" && e.place.seen.number == e.number }

func (b *Board) putTold(t *toldBoard, d *Told) {
	if t == nil {
		b.told[d.ID] = &toldBoard{d, reach(d)}
		return
	}
	// Told is never shortened: what was read before need not be read again.
	follow(t.places, d, min(len(t.doc.Rounds), len(d.Rounds)), min(len(t.doc.Ended), len(d.Ended)))
	t.doc = d
}

// refresh gives every partner told of an alert what it now sees of it.
func (b *Board) refresh(alertID string, number uint64) {
	t := b.told[alertID]
	if t == nil {
		return
	}
	al := b.released[alertID]
	number = max(number, t.doc.Number) // forgotten documents are loaded without one
	for partner, p := range t.places {
		b.show(alertID, partner, p, b.sight(t.doc, al, p, partner), number)
	}
}

func (b *Board) refreshOne(d *Delivery, number uint64) {
	t := b.told[d.AlertID]
	if t == nil {
		return
	}
	if p := t.places[d.PartnerID]; p != nil {
		b.show(d.AlertID, d.PartnerID, p, b.sight(t.doc, b.released[d.AlertID], p, d.PartnerID), number)
	}
}

func (b *Board) show(alertID, partner string, p *place, now seen, number uint64) {
	if now.kind == p.seen.kind && now.revision == p.seen.revision && now.reason == p.seen.reason {
		return
	}
	f := b.feeds[partner]
	if f == nil {
		f = &feed{}
		b.feeds[partner] = f
	}
	if p.seen.kind != "" {
		f.current--
	}
	now.number = number
	p.seen = now
	if now.kind == "" {
		return
	}
	f.current++
	f.add(entry{number, alertID, p})
	if len(f.entries) > 2*f.current+16 {
		f.entries = slices.DeleteFunc(f.entries, func(e entry) bool { return !e.stands() })
	}
}

func (f *feed) add(e entry) {
	if n := len(f.entries); n == 0 || f.entries[n-1].number < e.number {
		f.entries = append(f.entries, e)
		return
	}
	at := f.after(e.number)
	for i := at; i > 0 && f.entries[i-1].number == e.number; i-- {
		if f.entries[i-1] == e {
			return
		}
	}
	f.entries = slices.Insert(f.entries, at, e)
}

// after is the place of the first entry above a number.
func (f *feed) after(number uint64) int {
	at, _ := slices.BinarySearchFunc(f.entries, number+1, func(e entry, n uint64) int { return cmp.Compare(e.number, n) })
	return at
}

// sight is what a partner that was told sees of an alert now. A withdrawal is
// owed until its removal is confirmed.
func (b *Board) sight(t *Told, al *alerts.Alert, p *place, partner string) seen {
	s := sight(t, al, p)
	if s.kind == KindWithdrawal {
		if d := b.deliveries[deliveryID(t.ID, partner)]; d != nil && d.RemovedTimes >= p.times {
			return seen{}
		}
	}
	return s
}

// sight decides what a partner that was told sees of an alert, removal aside.
// al is nil once it has been forgotten.
func sight(t *Told, al *alerts.Alert, p *place) seen {
	s := seen{kind: KindWithdrawal, revision: lastRevision(t)}
	switch {
	case p.ended:
		s.reason, s.revision = ReasonNotAddressed, p.last
	case t.Erased || al == nil:
		s.reason = ReasonErased
	case al.State == alerts.AlertCancelled:
		s.reason = ReasonCancelled
	case al.State == alerts.AlertExpired:
		s.reason = ReasonExpired
	case al.Current() == nil:
		return seen{}
	default:
		return seen{kind: KindAlert, revision: al.Current().Number}
	}
	return s
}

func lastRevision(t *Told) int {
	if n := len(t.Sent); n > 0 {
		return t.Sent[n-1].Revision
	}
	return 0
}

// withdrawnAt is when a partner lost the alert for the last time.
func withdrawnAt(t *Told, al *alerts.Alert, p *place) time.Time {
	switch {
	case p.ended:
		return p.end
	case al != nil && al.Ending != nil:
		return al.Ending.At
	case t.Erased || al == nil:
		return t.UpdatedAt
	}
	return time.Time{}
}
