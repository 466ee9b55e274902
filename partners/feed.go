package partners

import (
	"fmt"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// Withdrawal is the CAP identity of the message that takes an alert back from a
// partner. It says nothing of the child, and can be made after the alert has
// been erased.
type Withdrawal struct {
	Sender     string    `json:"sender"`
	Identifier string    `json:"identifier"`
	Sent       time.Time `json:"sent"`
	References string    `json:"references"`
}

// Withdrawal returns the CAP identity of a withdrawal that a partner is owed.
func (b *Board) Withdrawal(partner string, it Item) (Withdrawal, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	t := b.told[it.AlertID]
	if t == nil || t.places[partner] == nil {
		return Withdrawal{}, fmt.Errorf("withdrawal of alert %s: %w", it.AlertID, journal.ErrNotFound)
	}
	w := Withdrawal{
		Sender: t.doc.Sender, Identifier: alerts.CAPCancelIdentifier(it.AlertID),
		Sent: withdrawnAt(t.doc, b.released[it.AlertID], t.places[partner]), References: references(t.doc),
	}
	if it.Reason == ReasonNotAddressed {
		// The alert goes on for others: this is not its Cancel.
		w.Identifier = fmt.Sprintf("%s.%s.%d", it.AlertID, ReasonNotAddressed, it.Revision)
	}
	return w, nil
}

// references names every revision that was released, as CAP does.
func references(t *Told) string {
	out := make([]string, len(t.Sent))
	for i, s := range t.Sent {
		out[i] = t.Sender + "," + s.Identifier + "," + alerts.CAPTime(s.Sent)
	}
	return strings.Join(out, " ")
}

// PartnerStands tells whether an organisation may receive anything now.
func (d *Desk) PartnerStands(id string) bool {
	p, ok := d.board.Partner(id)
	return ok && (p.State == PartnerPending || p.excluded(d.Now()) == "")
}

// MayHear tells whether a change of a document may be named to a member of the
// staff, by id only, and which case it belongs to, "" for none.
func (d *Desk) MayHear(a alerts.Actor, k journal.Key) (caseID string, ok bool) {
	switch k.Collection {
	case "cases":
		caseID = k.ID
	case "sightings", "contacts":
		caseID = d.Board.CaseOf(k)
	case "alerts", "told":
		caseID = d.caseOfAlert(k.ID)
	case "deliveries":
		alert, _, _ := strings.Cut(k.ID, ".")
		caseID = d.caseOfAlert(alert)
	case "matters":
		if m, found := d.board.Matter(k.ID); found {
			caseID = m.CaseID
		}
	case "partners", "institutions":
		return "", true
	default:
		return "", false
	}
	if caseID == "" {
		// What belongs to no case is the whole desk's.
		return "", k.Collection == "sightings" || k.Collection == "contacts"
	}
	_, err := d.VisibleCase(a, caseID)
	return caseID, err == nil
}

func (d *Desk) caseOfAlert(id string) string {
	if al, ok := d.Board.Alert(id); ok {
		return al.CaseID
	}
	return ""
}
