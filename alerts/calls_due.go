package alerts

import (
	"context"
	"time"

	"homeward/journal"
)

// forgetAtOnce bounds how many records one change forgets.
const forgetAtOnce = 100

// ForgetCalls destroys calls of which nobody made a contact in time, calls whose
// contact is gone, and blocks that ended long ago. Any node may call it at any
// time: what is gone is not taken again.
func (d *Desk) ForgetCalls(ctx context.Context, now time.Time) error {
	due := d.forgettable(now)
	if len(due) == 0 {
		return nil
	}
	_, err := d.Do(ctx, System(), "call.forget", Request{}, func(v *journal.View) (journal.Outcome, error) {
		var out journal.Outcome
		for _, k := range due {
			if d.stillDue(v, k) {
				out.Forget = append(out.Forget, k)
			}
		}
		return out, nil
	})
	return err
}

func (d *Desk) forgettable(now time.Time) []journal.Key {
	var due []journal.Key
	for _, c := range d.Board.callsUntil(now.Add(-d.callTerms.Keep)) {
		if d.forgets(c, now) {
			due = append(due, journal.KeyOf(c))
		}
		if len(due) == forgetAtOnce {
			return due
		}
	}
	for _, b := range d.Board.Blocks() {
		if now.Sub(b.over()) >= d.callTerms.KeepBlock {
			due = append(due, journal.KeyOf(b))
		}
		if len(due) == forgetAtOnce {
			return due
		}
	}
	return due
}

// forgets is the rule for a call: one that became a contact lasts as long as that.
func (d *Desk) forgets(c *Call, now time.Time) bool {
	return now.Sub(c.At()) >= d.callTerms.Keep && (c.ContactID == "" || !d.Board.hasContact(c.ContactID))
}

// stillDue asks again inside the change, as a contact may have been made since.
func (d *Desk) stillDue(v *journal.View, k journal.Key) bool {
	if k.Collection == "blocks" {
		b, err := journal.Load[*Block](v, k.Collection, k.ID)
		return err == nil && v.Now.Sub(b.over()) >= d.callTerms.KeepBlock
	}
	c, err := journal.Load[*Call](v, k.Collection, k.ID)
	return err == nil && d.forgets(c, v.Now)
}

func (b *Board) hasContact(id string) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.contacts.byID[id] != nil
}
