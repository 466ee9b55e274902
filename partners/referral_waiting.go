package partners

import (
	"cmp"
	"slices"
	"strings"

	"homeward/alerts"
)

// WaitingReferral is a referral that waits for an organisation's answer: what
// may be said of it over the feed, and nothing of whom it is about.
type WaitingReferral struct {
	ID     string
	Number string // its public number
	// Change is the number of the change that last added to its history.
	Change uint64
}

// WaitingReferrals are the referrals that wait for an answer of the actor's
// organisation, in the order in which they changed.
func (d *Desk) WaitingReferrals(a alerts.Actor) []WaitingReferral {
	all := d.board.referralsWaiting(a.Partner)
	if len(all) == 0 {
		return nil // the usual case costs nothing
	}
	if p, ok := d.board.Partner(a.Partner); !ok || p.excluded(d.Now()) != "" {
		return nil
	}
	var out []WaitingReferral
	for _, r := range all {
		if c, ok := d.Desk.Board.Case(r.CaseID); ok && r.over(c) == "" {
			out = append(out, WaitingReferral{r.ID, r.PublicNumber, r.change})
		}
	}
	slices.SortFunc(out, func(x, y WaitingReferral) int {
		return cmp.Or(cmp.Compare(x.Change, y.Change), strings.Compare(x.ID, y.ID))
	})
	return out
}

// noteWaiting keeps which referrals wait for which organisation, with the change
// that said something new to it: was is the referral before, nil for none. That
// it was opened or that an e-mail left is nothing new. The caller holds the lock.
func (b *protectBoard) noteWaiting(was, r *Referral) {
	if r.PartnerID == "" {
		return
	}
	if !r.waits() {
		delete(b.waiting[r.PartnerID], r.ID)
		return
	}
	if b.waiting == nil {
		b.waiting = map[string]map[string]uint64{}
	}
	if b.waiting[r.PartnerID] == nil {
		b.waiting[r.PartnerID] = map[string]uint64{}
	}
	if last := b.waiting[r.PartnerID][r.ID]; last == 0 || was == nil || len(was.Entries) != len(r.Entries) {
		b.waiting[r.PartnerID][r.ID] = r.Number
	}
}

// waitingOne is a referral that waits, with the change that said something new.
type waitingOne struct {
	*Referral
	change uint64
}

func (b *protectBoard) referralsWaiting(partner string) []waitingOne {
	b.protectMu.RLock()
	defer b.protectMu.RUnlock()
	var out []waitingOne
	for id, change := range b.waiting[partner] {
		if r := b.referrals[id]; r != nil { // it may have been forgotten
			out = append(out, waitingOne{r, change})
		}
	}
	return out
}

// allWaiting are the referrals that wait for any organisation.
func (b *protectBoard) allWaiting() []*Referral {
	b.protectMu.RLock()
	defer b.protectMu.RUnlock()
	var out []*Referral
	for _, ids := range b.waiting {
		for id := range ids {
			if r := b.referrals[id]; r != nil {
				out = append(out, r)
			}
		}
	}
	return out
}

// news tells whether the receiver wrote last: whoever referred has something to
// read.
func (r *Referral) news() bool {
	n := len(r.Entries)
	return n > 0 && r.Entries[n-1].Theirs
}
