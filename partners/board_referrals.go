package partners

import (
	"cmp"
	"slices"
	"strings"
)

func (b *protectBoard) putReferral(r *Referral) {
	if b.referrals == nil {
		b.referrals = map[string]*Referral{}
	}
	if was := b.referrals[r.ID]; was == nil || was.Number <= r.Number {
		b.referrals[r.ID] = r
		b.noteWaiting(was, r)
	}
}

// Referral returns a referral.
func (b *protectBoard) Referral(id string) (*Referral, bool) {
	b.protectMu.RLock()
	defer b.protectMu.RUnlock()
	r, ok := b.referrals[id]
	return r, ok
}

// Referrals returns all referrals, oldest first.
func (b *protectBoard) Referrals() []*Referral {
	b.protectMu.RLock()
	defer b.protectMu.RUnlock()
	out := make([]*Referral, 0, len(b.referrals))
	for _, r := range b.referrals {
		out = append(out, r)
	}
	slices.SortFunc(out, func(x, y *Referral) int {
		return cmp.Or(x.CreatedAt.Compare(y.CreatedAt), strings.Compare(x.ID, y.ID))
	})
	return out
}
