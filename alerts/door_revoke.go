package alerts

import (
	"time"

	"homeward/journal"
)

// openAccounts bounds how many accounts' sessions are remembered for revoking.
const openAccounts = 1 << 14

// note remembers a session that this process has seen.
func (d *Door) note(account, id string, ends time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	of := d.open[account]
	if of == nil {
		if len(d.open) >= openAccounts {
			d.open = map[string]map[string]time.Time{}
		}
		of = map[string]time.Time{}
		d.open[account] = of
	}
	if _, ok := of[id]; !ok {
		now := d.desk.Now()
		for old, end := range of {
			if end.Before(now) {
				delete(of, old)
			}
		}
	}
	of[id] = ends
}

func (d *Door) revoke(ids ...string) {
	d.mu.Lock()
	hooks := d.revoked
	d.mu.Unlock()
	for _, id := range ids {
		for _, fn := range hooks {
			fn(id)
		}
	}
}

// Watch is for journal.Subscribe: it tells of every session and token that a
// change has ended, whichever node made the change.
func (d *Door) Watch(batch []journal.Installed) {
	var ended []string
	for i := range batch {
		for _, doc := range batch[i].Documents {
			if acc, ok := doc.(*Account); ok {
				ended = append(ended, d.endedBy(acc)...)
			}
		}
		for _, k := range batch[i].Forgotten {
			if k.Collection == "accounts" {
				ended = append(ended, d.sessionsOf(k.ID)...)
			}
		}
	}
	d.revoke(ended...)
}

// endedBy lists what does not hold any more as the account stands now. Telling
// of one again does no harm.
func (d *Door) endedBy(acc *Account) []string {
	var out []string
	for _, t := range acc.Tokens {
		if !t.RevokedAt.IsZero() || !acc.DisabledAt.IsZero() {
			out = append(out, t.ID)
		}
	}
	if !acc.DisabledAt.IsZero() || acc.SessionsSince.Equal(acc.UpdatedAt) {
		out = append(out, d.sessionsOf(acc.ID)...)
	}
	return out
}

// sessionsOf forgets and returns the sessions of an account seen here.
func (d *Door) sessionsOf(account string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []string
	for id := range d.open[account] {
		out = append(out, id)
	}
	delete(d.open, account)
	return out
}
