package partners

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"homeward/alerts"
)

// RetentionList is what people have to decide about: files whose day has come,
// files that are held, and those whose day comes soon, earliest first; with those
// that were erased.
type RetentionList struct {
	Due []alerts.Retention `json:"due"`
	// Erasing are those that somebody has decided to erase; they are in no other
	// list.
	Erasing []alerts.Retention `json:"erasing"`
	Held    []alerts.Retention `json:"held"`
	Soon    []alerts.Retention `json:"soon"`
	// Running counts the closed cases whose day is further away.
	Running int `json:"running"`
	// Erased are the files that were erased, the latest first.
	Erased []ErasureView `json:"erased"`
}

// CaseRetention says how long the file of a case is kept, and what stands in the
// way of forgetting it. The reading is recorded.
func (d *Desk) CaseRetention(ctx context.Context, a alerts.Actor, caseID string) (alerts.Retention, error) {
	c, err := d.RetentionCase(a, caseID)
	if err != nil {
		return alerts.Retention{}, err
	}
	if err := d.Reads.Record(ctx, a, "cases/"+caseID+"/retention", alerts.P10); err != nil {
		return alerts.Retention{}, err
	}
	return d.retentionOf(a, c), nil
}

// ActOnRetention proposes, confirms or ends a hold or the erasing of the file, and
// answers with how long it is kept now.
func (d *Desk) ActOnRetention(ctx context.Context, a alerts.Actor, caseID, act string, in alerts.HoldAct, r alerts.Request) (alerts.Retention, error) {
	if slices.Contains(alerts.ErasingActs(), act) {
		return d.ActOnErasing(ctx, a, caseID, act, in, r)
	}
	if err := d.ActOnHold(ctx, a, caseID, act, in, r); err != nil {
		return alerts.Retention{}, err
	}
	return d.CaseRetention(ctx, a, caseID)
}

// Retention lists the closed cases that people have to decide about.
func (d *Desk) Retention(ctx context.Context, a alerts.Actor) (RetentionList, error) {
	out := RetentionList{Due: []alerts.Retention{}, Erasing: []alerts.Retention{}, Held: []alerts.Retention{}, Soon: []alerts.Retention{}, Erased: []ErasureView{}}
	cases, err := d.RetentionCases(ctx, a)
	if err != nil {
		return out, err
	}
	for _, c := range cases {
		switch v := d.retentionOf(a, c); {
		case v.Erasing != nil:
			out.Erasing = append(out.Erasing, v)
		case v.Standing == "due":
			out.Due = append(out.Due, v)
		case v.Standing == "held":
			out.Held = append(out.Held, v)
		case v.Standing == "soon":
			out.Soon = append(out.Soon, v)
		default:
			out.Running++
		}
	}
	for _, list := range [][]alerts.Retention{out.Due, out.Erasing, out.Held, out.Soon} {
		slices.SortFunc(list, func(x, y alerts.Retention) int {
			return cmp.Or(x.DueAt.Compare(y.DueAt), strings.Compare(x.Number, y.Number))
		})
	}
	for _, e := range d.board.Erasures() {
		if e.Into != "" || !e.seenBy(a) {
			continue
		}
		out.Erased = append(out.Erased, d.viewErasure(e))
	}
	return out, nil
}

// retentionOf adds to a case's retention what hangs on it here: matters, and the
// records that whoever erases the case forgets with it.
func (d *Desk) retentionOf(a alerts.Actor, c *alerts.Case) alerts.Retention {
	v := d.RetentionOf(a, c)
	files := []string{c.ID}
	for _, alias := range v.Aliases {
		files = append(files, alias.CaseID)
	}
	n, open := map[string]int{}, false
	for _, id := range files {
		for _, m := range d.mattersWith(id) {
			if m.CaseID == id {
				n["matters"]++
				open = open || m.EndedAt.IsZero()
			}
		}
		for _, k := range d.PartnerBoard().ErasureKeys(id) {
			n[k.Collection]++
		}
	}
	if open && !v.DueAt.IsZero() {
		v.InTheWay = append(v.InTheWay, "matter")
	}
	for _, kind := range erasureKinds() {
		if n[kind] > 0 {
			v.Goes = append(v.Goes, alerts.RetentionCount{Kind: kind, Count: n[kind]})
		}
	}
	return v
}

// erasureKinds are the collections that ErasureKeys names, and matters.
func erasureKinds() []string {
	return []string{"matters", "mediations", "preventions", "referrals", "conferences", "searches", "search_tasks", "matches", "compare_choices"}
}
