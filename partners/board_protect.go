package partners

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"homeward/journal"
)

// protectBoard holds prevention records, referrals, conferences and daily e-mails whole, and
// of mediations a row without what is in them. Board embeds it by value; the zero value is ready for use.
// It has a lock of its own.
type protectBoard struct {
	protectMu   sync.RWMutex
	mediations  map[string]*MediationRow
	preventions map[string]*Prevention
	digests     map[string]*Digest
	referrals   map[string]*Referral
	conferences map[string]*Conference
	// invited are the ids of the conferences that wait for an answer, by partner.
	invited map[string]map[string]bool
	// waiting are the ids of the referrals that wait for an answer, by partner.
	waiting map[string]map[string]uint64
}

// install puts a document on the board and tells whether it is one of those
// that this board keeps.
func (b *protectBoard) install(d journal.Document) bool {
	b.protectMu.Lock()
	defer b.protectMu.Unlock()
	switch d := d.(type) {
	case *Mediation:
		b.putMediation(rowOfMediation(d))
	case *MediationRow:
		b.putMediation(d)
	case *Prevention:
		if b.preventions == nil {
			b.preventions = map[string]*Prevention{}
		}
		if was := b.preventions[d.ID]; was == nil || was.Number <= d.Number {
			b.preventions[d.ID] = d
		}
	case *Digest:
		if b.digests == nil {
			b.digests = map[string]*Digest{}
		}
		if was := b.digests[d.ID]; was == nil || was.Number <= d.Number {
			b.digests[d.ID] = d
		}
	case *Referral:
		b.putReferral(d)
	case *Conference:
		b.putConference(d)
	default:
		return false
	}
	return true
}

func (b *protectBoard) putMediation(r *MediationRow) {
	if b.mediations == nil {
		b.mediations = map[string]*MediationRow{}
	}
	if was := b.mediations[r.ID]; was == nil || was.Number <= r.Number {
		b.mediations[r.ID] = r
	}
}

// forget takes a forgotten document off the board; a case takes what belongs to
// it along.
func (b *protectBoard) forget(k journal.Key) {
	b.protectMu.Lock()
	defer b.protectMu.Unlock()
	switch k.Collection {
	case "mediations":
		delete(b.mediations, k.ID)
	case "preventions":
		delete(b.preventions, k.ID)
	case "digests", "accounts":
		delete(b.digests, k.ID)
	case "referrals":
		delete(b.referrals, k.ID)
	case "conferences":
		delete(b.conferences, k.ID)
	case "cases":
		for id, m := range b.mediations {
			if m.CaseID == k.ID {
				delete(b.mediations, id)
			}
		}
		for id, p := range b.preventions {
			if p.CaseID == k.ID {
				delete(b.preventions, id)
			}
		}
		for id, r := range b.referrals {
			if r.CaseID == k.ID {
				delete(b.referrals, id)
			}
		}
		for id, f := range b.conferences {
			if f.CaseID == k.ID {
				delete(b.conferences, id)
			}
		}
	}
}

// lookup answers Board.Lookup for what is held whole: mediations are read from
// the store, because the board does not have what is in them.
func (b *protectBoard) lookup(k journal.Key) (journal.Document, bool) {
	switch k.Collection {
	case "preventions":
		if p, ok := b.Prevention(k.ID); ok {
			return p, true
		}
	case "digests":
		if g, ok := b.Digest(k.ID); ok {
			return g, true
		}
	case "referrals":
		if r, ok := b.Referral(k.ID); ok {
			return r, true
		}
	case "conferences":
		if f, ok := b.Conference(k.ID); ok {
			return f, true
		}
	}
	return nil, false
}

// MediationRow returns what the board knows of a mediation.
func (b *protectBoard) MediationRow(id string) (*MediationRow, bool) {
	b.protectMu.RLock()
	defer b.protectMu.RUnlock()
	m, ok := b.mediations[id]
	return m, ok
}

// MediationRows returns what the board knows of all mediations, oldest first.
func (b *protectBoard) MediationRows() []*MediationRow {
	b.protectMu.RLock()
	defer b.protectMu.RUnlock()
	out := make([]*MediationRow, 0, len(b.mediations))
	for _, m := range b.mediations {
		out = append(out, m)
	}
	slices.SortFunc(out, func(x, y *MediationRow) int {
		return cmp.Or(x.CreatedAt.Compare(y.CreatedAt), strings.Compare(x.ID, y.ID))
	})
	return out
}

// Prevention returns a prevention record.
func (b *protectBoard) Prevention(id string) (*Prevention, bool) {
	b.protectMu.RLock()
	defer b.protectMu.RUnlock()
	p, ok := b.preventions[id]
	return p, ok
}

// Preventions returns all prevention records, oldest first.
func (b *protectBoard) Preventions() []*Prevention {
	b.protectMu.RLock()
	defer b.protectMu.RUnlock()
	out := make([]*Prevention, 0, len(b.preventions))
	for _, p := range b.preventions {
		out = append(out, p)
	}
	slices.SortFunc(out, func(x, y *Prevention) int {
		return cmp.Or(x.CreatedAt.Compare(y.CreatedAt), strings.Compare(x.ID, y.ID))
	})
	return out
}

// Digest returns how the daily e-mail of an account stands.
func (b *protectBoard) Digest(account string) (*Digest, bool) {
	b.protectMu.RLock()
	defer b.protectMu.RUnlock()
	g, ok := b.digests[account]
	return g, ok
}

// ErasureKeys returns the records of a case that do not end with its key:
// whoever erases the case forgets them in the same change, or what
// they hold would outlive it.
func (b *protectBoard) ErasureKeys(caseID string) []journal.Key {
	var out []journal.Key
	for _, m := range b.MediationRows() {
		if m.CaseID == caseID {
			out = append(out, journal.Key{Collection: "mediations", ID: m.ID})
		}
	}
	for _, p := range b.Preventions() {
		if p.CaseID == caseID {
			out = append(out, journal.Key{Collection: "preventions", ID: p.ID})
		}
	}
	for _, r := range b.Referrals() {
		if r.CaseID == caseID { // its texts have the case's key; who was asked has not
			out = append(out, journal.Key{Collection: "referrals", ID: r.ID})
		}
	}
	for _, f := range b.Conferences() {
		if f.CaseID == caseID {
			out = append(out, journal.Key{Collection: "conferences", ID: f.ID})
		}
	}
	return out
}
