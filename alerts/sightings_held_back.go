package alerts

import (
	"context"
	"slices"
	"strings"
)

// HeldBackCheck lays a report beside what the alerts of its case keep from the
// public: who tells of that has most likely seen the child.
type HeldBackCheck struct {
	Details []HeldBackDetail `json:"details"`
}

// HeldBackDetail is one detail. Told says that the report has the same words in
// it, in whatever script; people judge whether it tells the same in other words.
type HeldBackDetail struct {
	AlertID string `json:"alert_id"`
	Detail  string `json:"detail"`
	Told    bool   `json:"told"`
}

// said is everything that a reporter told in words.
func (s *Sighting) said() string {
	if s.Details == nil {
		return s.Text
	}
	return strings.Join([]string{s.Text, s.Details.Direction, s.Details.Companions, s.Details.Vehicle}, " ")
}

// CheckHeldBack shows the details that are held back for a report's case. It is
// asked for by itself, so that nobody reads them in passing, and kept in the log
// of reads.
func (d *Desk) CheckHeldBack(ctx context.Context, a Actor, id string) (HeldBackCheck, error) {
	out := HeldBackCheck{Details: []HeldBackDetail{}}
	s, c, err := d.visibleSighting(ctx, a, id)
	if err != nil {
		return out, err
	}
	if c == nil {
		return out, Errorf(Conflict, "This report is linked to no case.")
	}
	if !d.lensOn(a, c).sees(P5) {
		return out, Errorf(Forbidden, "This account may not see what is held back.")
	}
	for _, al := range d.Board.AlertsOf(s.CaseID) {
		for _, r := range []*Revision{al.Current(), al.Draft} {
			if r == nil || r.HoldBack == "" || slices.ContainsFunc(out.Details, func(h HeldBackDetail) bool { return h.Detail == r.HoldBack }) {
				continue
			}
			out.Details = append(out.Details, HeldBackDetail{al.ID, r.HoldBack, givesAway(r.HoldBack, s.said())})
		}
	}
	if err := d.Reads.Record(ctx, a, "sightings/"+id+"/held-back", P5); err != nil {
		return HeldBackCheck{}, err
	}
	return out, nil
}
