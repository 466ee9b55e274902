package partners

import (
	"context"

	"homeward/alerts"
)

// ReferralFilter chooses referrals. Zero fields choose all that go on.
type ReferralFilter struct {
	// State is one of ReferralStates, or AnyReferral for all of them.
	State string
	// Order is one of ReferralOrders; those whose answer is due first when it is
	// empty.
	Order  string
	Cursor string
	Limit  int // 50 when it is 0, at most 200
}

// AnyReferral chooses referrals in every state, also those that are over.
const AnyReferral = "all"

// ReferralChoices are the states that the list can be cut to.
func ReferralChoices() []string {
	out := []string{AnyReferral}
	for _, s := range ReferralStates() {
		out = append(out, string(s))
	}
	return out
}

// chooses tells whether the filter lets a referral in that state through.
func (f *ReferralFilter) chooses(s ReferralState) bool {
	switch f.State {
	case "":
		return s != ReferralDone && s != ReferralDeclined && s != ReferralWithdrawn
	case AnyReferral:
		return true
	}
	return f.State == string(s)
}

// ReferralOrders names the ways to sort the list of referrals.
func ReferralOrders() []string { return referralOrders().Names() }

// listedReferral is a referral with its case and the state that is shown.
type listedReferral struct {
	*Referral
	of    *alerts.Case
	shown ReferralState
}

// referralOrders put what was asked first first within each.
func referralOrders() alerts.Orders[listedReferral] {
	by := func(name string, first func(listedReferral) []string) alerts.Order[listedReferral] {
		return alerts.Order[listedReferral]{Name: name, Place: func(r listedReferral) []string { return append(first(r), alerts.Soonest(r.CreatedAt), r.ID) }}
	}
	return alerts.Orders[listedReferral]{
		by("due_at", func(r listedReferral) []string { return []string{alerts.Soonest(r.DueAt)} }),
		by("created_at", func(r listedReferral) []string { return []string{alerts.Latest(r.CreatedAt)} }),
		by("updated_at", func(r listedReferral) []string { return []string{alerts.Latest(r.UpdatedAt)} }),
		by("case_number", func(r listedReferral) []string { return []string{r.of.CaseNumber} }),
		by("state", func(r listedReferral) []string { return []string{alerts.Rank(r.shown, ReferralStates())} }),
	}
}

// Referrals lists the referrals of all cases that the actor may see, those that
// go on unless a state is asked for.
func (d *Desk) Referrals(ctx context.Context, a alerts.Actor, f ReferralFilter) (alerts.Page[ReferralView], error) {
	page := alerts.Page[ReferralView]{Items: []ReferralView{}}
	found, next, err := referralOrders().Page(func(yield func(listedReferral) bool) {
		for _, r := range d.board.Referrals() {
			c, err := d.referralCase(a, r.CaseID)
			if err != nil {
				continue
			}
			if l := (listedReferral{r, c, r.shownState(r.over(c))}); f.chooses(l.shown) && !yield(l) {
				return
			}
		}
	}, f.Order, f.Cursor, f.Limit)
	if err != nil {
		return page, err
	}
	if err := d.Reads.Record(ctx, a, "referrals?state="+f.State, alerts.P3); err != nil {
		return page, err
	}
	for _, l := range found {
		page.Items = append(page.Items, d.referralView(a, l.Referral, l.of))
	}
	page.Next = next
	return page, nil
}
