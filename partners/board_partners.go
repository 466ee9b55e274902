package partners

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"homeward/alerts"
	"homeward/geo"
)

// Partner returns an organisation.
func (b *Board) Partner(id string) (*Partner, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	p, ok := b.partners[id]
	return p, ok
}

// Partners returns all organisations, by name and id.
func (b *Board) Partners() []*Partner {
	b.mu.RLock()
	out := slices.Collect(maps.Values(b.partners))
	b.mu.RUnlock()
	slices.SortFunc(out, func(x, y *Partner) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID))
	})
	return out
}

// PartnerByKey returns the organisation and its key with this SHA-256, whatever
// state both are in.
func (b *Board) PartnerByKey(hash []byte) (*Partner, *Key, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	at, ok := b.keys[hashKey(hash)]
	if !ok || len(hash) != 32 {
		return nil, nil, false
	}
	p := b.partners[at.partner]
	for i := range p.Keys {
		if p.Keys[i].ID == at.key {
			return p, &p.Keys[i], true
		}
	}
	return nil, nil, false
}

// Told returns who was told of an alert.
func (b *Board) Told(alertID string) (*Told, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	t, ok := b.told[alertID]
	if !ok {
		return nil, false
	}
	return t.doc, true
}

// ToldOf tells whether a partner has been told of an alert and still sees it.
// Both are false for one who was never told.
func (b *Board) ToldOf(partner, alertID string) (told, sees bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if t := b.told[alertID]; t != nil {
		if p := t.places[partner]; p != nil {
			return true, p.seen.kind == KindAlert
		}
	}
	return false, false
}

// LostFor is why a partner that was told does not see an alert any more,
// whether or not it has confirmed the removal; "" when it sees it.
func (b *Board) LostFor(partner, alertID string) string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if t := b.told[alertID]; t != nil && t.places[partner] != nil {
		return sight(t.doc, b.released[alertID], t.places[partner]).reason
	}
	return ""
}

// Delivery returns what a partner did with an alert.
func (b *Board) Delivery(alertID, partner string) (*Delivery, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	d, ok := b.deliveries[deliveryID(alertID, partner)]
	return d, ok
}

func deliveryID(alertID, partner string) string { return alertID + "." + partner }

// Reindex compiles all coverage anew. It is called after boundaries have been
// imported: what was compiled before keeps the old ones.
func (b *Board) Reindex() {
	for _, p := range b.Partners() {
		if p.State != PartnerEnded {
			b.index.Put(p.ID, b.regions.Compile(p.Coverage))
		}
	}
}

// released and told alerts that go on, for rules; pending ones come from the
// view.
func (b *Board) liveAlerts() []*alerts.Alert {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var out []*alerts.Alert
	for _, a := range b.alerts.LiveAlerts() {
		if held := b.released[a.ID]; held != nil && held.State == alerts.AlertLive {
			out = append(out, held)
		}
	}
	return out
}

func sameArea(a, b geo.Area) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
