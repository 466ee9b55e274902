package partners

import (
	"slices"
	"strings"
	"time"

	"homeward/alerts"
)

// OwnPast is one alert or drill that an organisation was told of and that has
// ended for it: when, of which level, and what the organisation did. Nothing of
// what it said is left.
type OwnPast struct {
	AlertID string `json:"alert_id"`
	Drill   bool   `json:"drill,omitempty"`
	// Level is empty once the alert itself has been erased.
	Level alerts.Level `json:"level"`
	// Ended is when, and EndedFor why: cancelled, expired, erased, not_addressed.
	Ended    time.Time `json:"ended_at"`
	EndedFor string    `json:"ended_for"`
	// Answer is the newest one, By who gave it; both empty without one.
	Answer DeliveryState `json:"answer,omitempty"`
	By     string        `json:"by"`
	Times  DeliveryTimes `json:"times"`
	// OpenedS and AnsweredS are whole seconds since the organisation was told,
	// null for what did not happen.
	OpenedS   *int `json:"opened_s"`
	AnsweredS *int `json:"answered_s"`
}

// longestHistory bounds an organisation's list of what is over.
const longestHistory = 500

// OwnHistory lists what the actor's organisation was told of and is over, the
// newest first.
func (d *Desk) OwnHistory(a alerts.Actor) ([]OwnPast, error) {
	if a.Partner == "" {
		return nil, missing("history of a partner")
	}
	out := d.board.past(a.Partner)
	slices.SortFunc(out, func(x, y OwnPast) int {
		if c := y.Ended.Compare(x.Ended); c != 0 {
			return c
		}
		return strings.Compare(x.AlertID, y.AlertID)
	})
	return out[:min(len(out), longestHistory)], nil
}

func (b *Board) past(partner string) []OwnPast {
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := []OwnPast{}
	for id, t := range b.told {
		p := t.places[partner]
		if p == nil {
			continue
		}
		al := b.released[id]
		s := sight(t.doc, al, p)
		if s.kind != KindWithdrawal {
			continue
		}
		line := b.viewDelivery(t, partner)
		one := OwnPast{AlertID: id, Drill: line.Drill, Ended: withdrawnAt(t.doc, al, p), EndedFor: s.reason, Times: line.Times}
		if al != nil && al.Current() != nil {
			one.Level = al.Current().Level
		}
		did := drillLine(line)
		one.Answer, one.By, one.OpenedS, one.AnsweredS = did.Answer, did.AnsweredBy, did.OpenedS, did.AnsweredS
		out = append(out, one)
	}
	return out
}
