package partners

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// The kinds of frame that a partner is owed.
const (
	KindAlert      = "alert"
	KindWithdrawal = "withdrawal"
)

// The reasons of a withdrawal.
const (
	ReasonCancelled    = "cancelled"
	ReasonExpired      = "expired"
	ReasonErased       = "erased"
	ReasonNotAddressed = "not_addressed"
)

// Item is one frame that a partner is owed: how it stands with one alert now.
type Item struct {
	AlertID string
	// Number is the change that last altered what the partner sees of it.
	Number uint64
	// Cursor is where the reader stands once this item and all before it in the
	// same answer have been written. It passes over nothing that is still owed.
	Cursor uint64
	Kind   string
	// Revision is the one to show, or the last one that is withdrawn.
	Revision int
	Reason   string
}

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
}

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
	f.add(entry{number, alertID})
	if len(f.entries) > 2*f.current+16 {
		f.entries = slices.DeleteFunc(f.entries, func(e entry) bool { return !b.stands(partner, e) })
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

// stands tells whether an entry is what the partner sees of the alert now.
func (b *Board) stands(partner string, e entry) bool {
	t := b.told[e.alert]
	if t == nil {
		return false
	}
	p := t.places[partner]
	return p != nil && p.seen.kind != "" && p.seen.number == e.number
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

// Owed returns what a partner is owed after a number: one item for each alert
// of which it sees something else than before. Withdrawals come first, then
// alerts, each in the order of their numbers. Send Item.Cursor with each frame.
func (b *Board) Owed(partner string, after uint64) []Item {
	b.mu.RLock()
	defer b.mu.RUnlock()
	f := b.feeds[partner]
	if f == nil {
		return nil
	}
	var out []Item
	for _, e := range f.entries[f.after(after):] {
		if b.stands(partner, e) {
			out = append(out, b.item(partner, e.alert))
		}
	}
	return inOrder(out, after, b.number)
}

// Unconfirmed returns every withdrawal that a partner has not confirmed, which
// go first on each connect, whatever its cursor. They move no cursor.
func (b *Board) Unconfirmed(partner string) []Item {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.itemsOf(partner, KindWithdrawal)
}

// Current returns the ids of the alerts that a partner sees now, in the order
// in which they last changed for it.
func (b *Board) Current(partner string) []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var ids []string
	for _, i := range b.itemsOf(partner, KindAlert) {
		ids = append(ids, i.AlertID)
	}
	return ids
}

// Look returns how a partner stands with one alert now, for rendering at the
// last moment. It is false when there is nothing to show.
func (b *Board) Look(partner, alertID string) (Item, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if t := b.told[alertID]; t == nil || t.places[partner] == nil || t.places[partner].seen.kind == "" {
		return Item{}, false
	}
	return b.item(partner, alertID), true
}

// Number is the number of the last change on the board.
func (b *Board) Number() uint64 {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.number
}

func (b *Board) itemsOf(partner, kind string) []Item {
	f := b.feeds[partner]
	if f == nil {
		return nil
	}
	var out []Item
	for _, e := range f.entries {
		if b.stands(partner, e) && b.told[e.alert].places[partner].seen.kind == kind {
			out = append(out, b.item(partner, e.alert))
		}
	}
	return out
}

func (b *Board) item(partner, alertID string) Item {
	s := b.told[alertID].places[partner].seen
	return Item{AlertID: alertID, Number: s.number, Kind: s.kind, Revision: s.revision, Reason: s.reason}
}

// inOrder puts withdrawals first and gives each item a cursor below everything
// that comes after it.
func inOrder(items []Item, after, tip uint64) []Item {
	slices.SortStableFunc(items, func(x, y Item) int { return -cmp.Compare(x.Kind, y.Kind) })
	low := max(tip, after) + 1
	for i := len(items) - 1; i >= 0; i-- {
		items[i].Cursor = max(low-1, after)
		low = min(low, items[i].Number)
	}
	return items
}

// Concerned returns the partners that a batch of changes gives something to
// read or takes something from: their connections are to be woken.
func (b *Board) Concerned(batch []journal.Installed) []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	found := map[string]bool{}
	for i := range batch {
		number := batch[i].Change.Number
		for _, d := range batch[i].Documents {
			switch d := d.(type) {
			case *Partner:
				found[d.ID] = true
			case *alerts.Alert:
				b.shown(d.ID, number, found)
			case *Told:
				b.shown(d.ID, number, found)
			}
		}
		for _, k := range batch[i].Forgotten {
			if k.Collection == "alerts" {
				b.shown(k.ID, number, found)
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func (b *Board) shown(alertID string, number uint64, found map[string]bool) {
	if t := b.told[alertID]; t != nil {
		for id, p := range t.places {
			if p.seen.number >= number {
				found[id] = true
			}
		}
	}
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
