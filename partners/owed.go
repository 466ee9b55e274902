package partners

import (
	"cmp"
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
	// From is the first revision of an alert that the partner was addressed
	// with, 0 for a withdrawal: what came before, it never got.
	From int
	// Level is the alert's, "" for a withdrawal.
	Level alerts.Level
	// Drill marks an exercise, its end too.
	Drill bool
	// Left is when an alert that goes on left the areas or levels of the key that
	// reads; zero for what holds for the whole organisation.
	Left time.Time
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
		if e.stands() {
			out = append(out, b.itemAt(e.alert, e.place))
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
	t := b.told[alertID]
	if t == nil {
		return Item{}, false
	}
	p := t.places[partner]
	if p == nil || p.seen.kind == "" {
		return Item{}, false
	}
	return b.itemAt(alertID, p), true
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
		if e.stands() && e.place.seen.kind == kind {
			out = append(out, b.itemAt(e.alert, e.place))
		}
	}
	return out
}

func (b *Board) item(partner, alertID string) Item {
	return b.itemAt(alertID, b.told[alertID].places[partner])
}

func (b *Board) itemAt(alertID string, p *place) Item {
	s := &p.seen
	it := Item{AlertID: alertID, Number: s.number, Kind: s.kind, Revision: s.revision, Reason: s.reason, Drill: b.drills[alertID] != nil}
	if s.kind == KindAlert {
		it.Level, it.From = b.released[alertID].Current().Level, p.from // what is seen is a current revision
	}
	return it
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
	var found []string
	since := map[string]uint64{} // by alert: a release changes it and its told
	for i := range batch {
		number := batch[i].Change.Number
		note := func(alertID string) {
			if _, known := since[alertID]; !known {
				since[alertID] = number
			}
		}
		for _, d := range batch[i].Documents {
			switch d := d.(type) {
			case *Partner:
				found = append(found, d.ID)
			case *Referral:
				if d.PartnerID != "" {
					found = append(found, d.PartnerID)
				}
			case *Conference:
				for n := range d.Invited {
					if p := d.Invited[n].PartnerID; p != "" {
						found = append(found, p)
					}
				}
			case *alerts.Alert:
				note(d.ID)
			case *Drill:
				note(d.ID)
			case *Told:
				note(d.ID)
			}
		}
		for _, k := range batch[i].Forgotten {
			if k.Collection == "alerts" {
				note(k.ID)
			}
		}
	}
	several := len(found)+len(since) > 1
	for alertID, number := range since {
		found = b.shown(alertID, number, found)
	}
	if several {
		slices.Sort(found)
		found = slices.Compact(found)
	}
	return found
}

func (b *Board) shown(alertID string, number uint64, found []string) []string {
	t := b.told[alertID]
	if t == nil {
		return found
	}
	found = slices.Grow(found, len(t.places))
	for id, p := range t.places {
		if p.seen.number >= number {
			found = append(found, id)
		}
	}
	return found
}
