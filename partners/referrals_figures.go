package partners

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
)

// ReferralFigure counts what came of the referrals to one receiver, or to all
// (without ID). A count that is null was left out, so that nobody can be told
// apart by it. Asked is the sum of the four after it.
type ReferralFigure struct {
	ID       string `json:"id,omitempty"`
	Name     string `json:"name,omitempty"`
	Waiting  *int   `json:"waiting"`
	Accepted *int   `json:"accepted"`
	Declined *int   `json:"declined"`
	// Withdrawn were taken back before there was an answer to count.
	Withdrawn *int `json:"withdrawn"`
	Asked     *int `json:"asked"`
	// Declines says why, by reason; empty when a reason is rare.
	Declines []DeclineCount `json:"declines"`
	// MedianHours is from asking to the first answer; null without answers, or
	// with few of them.
	MedianHours *int `json:"median_hours"`

	counts [5]int
	hours  []int
}

// DeclineCount says how often a receiver gave one reason.
type DeclineCount struct {
	Code  string `json:"code"`
	Count int    `json:"count"`
}

// The columns of a figure, the sum last.
const (
	figureWaiting = iota
	figureAccepted
	figureDeclined
	figureWithdrawn
	figureAsked
)

// ReferralFigures counts the referrals of all cases that the actor may see, all
// receivers first, then those that were asked the most. Whole are the full
// counts, for those who work with the cases; what leaves is without small ones.
func (d *Desk) ReferralFigures(ctx context.Context, a alerts.Actor, whole bool) ([]ReferralFigure, error) {
	total, by := &ReferralFigure{}, map[string]*ReferralFigure{}
	for _, r := range d.board.Referrals() {
		c, err := d.referralCase(a, r.CaseID)
		if err != nil {
			continue
		}
		id := r.PartnerID + r.InstitutionID
		if by[id] == nil {
			by[id] = &ReferralFigure{ID: id, Name: d.receiverName(r)}
		}
		for _, f := range []*ReferralFigure{total, by[id]} {
			f.count(r, r.shownState(r.over(c)))
		}
	}
	out := []ReferralFigure{*total}
	for _, f := range by {
		out = append(out, *f)
	}
	slices.SortFunc(out[1:], func(x, y ReferralFigure) int {
		return cmp.Or(y.counts[figureAsked]-x.counts[figureAsked], strings.Compare(x.Name, y.Name), strings.Compare(x.ID, y.ID))
	})
	finishFigures(out, whole)
	return out, d.Reads.Record(ctx, a, "referral-figures", alerts.P3)
}

func (f *ReferralFigure) count(r *Referral, state ReferralState) {
	f.counts[figureAsked]++
	switch state {
	case ReferralAccepted, ReferralDone:
		f.counts[figureAccepted]++
	case ReferralDeclined, ReferralReview:
		f.counts[figureDeclined]++
		f.decline(r)
	case ReferralWithdrawn:
		f.counts[figureWithdrawn]++
	default:
		f.counts[figureWaiting]++
	}
	if at := r.answered(); !at.IsZero() {
		f.hours = append(f.hours, int(at.Sub(r.CreatedAt).Round(time.Hour)/time.Hour))
	}
}

func (f *ReferralFigure) decline(r *Referral) {
	e := r.last("declined")
	if e == nil {
		return
	}
	if i := slices.IndexFunc(f.Declines, func(d DeclineCount) bool { return d.Code == e.Code }); i >= 0 {
		f.Declines[i].Count++
		return
	}
	f.Declines = append(f.Declines, DeclineCount{e.Code, 1})
}

// finishFigures fills in what is shown. Unless all of it is, small counts are
// left out, and those that would give them away.
func finishFigures(rows []ReferralFigure, whole bool) {
	table := addends{}
	for i := range rows {
		table.parent = append(table.parent, min(i, 1)-1)
		table.values = append(table.values, rows[i].counts[:])
	}
	hidden := make([][]bool, len(rows))
	if !whole && len(rows) > 1 {
		hidden = table.hide()
	}
	for i := range rows {
		rows[i].show(hidden[i], whole)
	}
}

func (f *ReferralFigure) show(hidden []bool, whole bool) {
	for n, to := range []**int{&f.Waiting, &f.Accepted, &f.Declined, &f.Withdrawn, &f.Asked} {
		if hidden == nil || !hidden[n] {
			*to = &f.counts[n]
		}
	}
	slices.SortFunc(f.Declines, func(x, y DeclineCount) int { return cmp.Or(y.Count-x.Count, strings.Compare(x.Code, y.Code)) })
	rare := slices.ContainsFunc(f.Declines, func(d DeclineCount) bool { return d.Count < few })
	if f.Declines == nil || !whole && (rare || f.Declined == nil) {
		f.Declines = []DeclineCount{}
	}
	if n := len(f.hours); n >= few || whole && n > 0 {
		slices.Sort(f.hours)
		f.MedianHours = &f.hours[(n-1)/2]
	}
}
