package partners

import (
	"fmt"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// Withdrawal is the CAP identity of the end of an alert for one partner. It
// holds no name, no photo and no outcome, and can be written after the alert
// itself has been erased.
type Withdrawal struct {
	Sender     string    `json:"sender"`
	Identifier string    `json:"identifier"`
	Sent       time.Time `json:"sent"`
	// References names every revision that is withdrawn, as CAP does:
	// "sender,identifier,sent" with spaces between.
	References string `json:"references"`
}

// Withdrawal returns the identity of the withdrawal that an item stands for.
func (b *Board) Withdrawal(partner string, it Item) (Withdrawal, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	t := b.told[it.AlertID]
	if t == nil || t.places[partner] == nil {
		return Withdrawal{}, fmt.Errorf("withdraw alert %s: %w", it.AlertID, journal.ErrNotFound)
	}
	p := *t.places[partner]
	if !it.Left.IsZero() {
		p.ended, p.end = true, it.Left
	}
	return withdrawalOf(t.doc, b.released[it.AlertID], &p, it.Revision), nil
}

// withdrawalOf names the end of all revisions up to one. Partners that lost
// sight of an alert at the same time get the same message.
func withdrawalOf(t *Told, al *alerts.Alert, p *place, revision int) Withdrawal {
	w := Withdrawal{Sender: t.Sender, Sent: withdrawnAt(t, al, p).UTC().Truncate(time.Second), Identifier: alerts.CAPCancelIdentifier(t.ID)}
	if p.ended {
		w.Identifier = fmt.Sprintf("%s.withdrawn.%d", t.ID, p.end.Unix())
	}
	var references []string
	for _, s := range t.Sent {
		if s.Revision <= revision {
			references = append(references, t.Sender+","+s.Identifier+","+alerts.CAPTime(s.Sent))
		}
	}
	w.References = strings.Join(references, " ")
	return w
}
