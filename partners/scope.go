package partners

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/geo"
)

// maxScope bounds the regions that a key is limited to.
const maxScope = 64

// scopeRegions checks the regions that a key is to be limited to and returns
// them as they are kept. None of them is of use where the organisation has no
// coverage.
func scopeRegions(p *Partner, wanted []string, regions *geo.Regions, f *alerts.Fields) []string {
	var out []string
	for _, code := range wanted {
		if code = strings.ToUpper(strings.TrimSpace(code)); code != "" {
			out = append(out, code)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) > maxScope {
		f.Add("regions", "too_many", fmt.Sprintf("A key is limited to %d regions at most.", maxScope))
		return nil
	}
	covered := regions.Compile(p.Coverage)
	for _, code := range out {
		if _, known := regions.Lookup(code); !known {
			f.Add("regions", "unknown_value", "There is no country or region "+code+".")
		} else if !p.Coverage.IsEmpty() && !regions.Compile(geo.Area{Regions: []string{code}}).Meets(covered, 0) {
			f.Add("regions", "outside_coverage", "The organisation does not cover "+code+".")
		}
	}
	return out
}

// inScope tells whether a key gets a revision. People of the organisation, and
// keys that are limited to nothing, get what the organisation gets. An exercise
// has no place: it goes to every key of its level.
func (d *Desk) inScope(a alerts.Actor, r *alerts.Revision) bool {
	if len(a.Levels) > 0 && !slices.Contains(a.Levels, r.Level) {
		return false
	}
	if len(a.Regions) == 0 || r.Area.IsEmpty() {
		return true
	}
	key := d.Regions.Compile(geo.Area{Regions: a.Regions})
	// Whole countries that touch are not each other's, so named regions meet by
	// name only; what was drawn meets by its shape, in doubt too.
	named, drawn := geo.Area{Regions: r.Area.Regions}, r.Area
	drawn.Regions = nil
	return key.Shares(d.Regions.Compile(named)) || !drawn.IsEmpty() && key.Meets(d.Regions.Compile(drawn), d.limits.ToleranceM)
}

// Through returns an item of the feed as one key of the organisation sees it,
// false for nothing: an alert outside the key's levels and areas is not shown.
// One of which the key could see an earlier revision is withdrawn from it as not
// addressed. Withdrawals go to every key: they hold nothing, and are owed, also
// when the alert came by a key that has been replaced.
func (d *Desk) Through(a alerts.Actor, it Item) (Item, bool) {
	if it.Kind != KindAlert || len(a.Levels)+len(a.Regions) == 0 {
		return it, true
	}
	al := d.board.behind(it.AlertID)
	if al == nil || al.Current() == nil || d.inScope(a, al.Current()) {
		return it, true
	}
	last, left := 0, time.Time{}
	for i := range al.Revisions {
		switch r := &al.Revisions[i]; {
		case r.Number < it.From || r.Number > it.Revision:
		case d.inScope(a, r):
			last, left = r.Number, time.Time{}
		case left.IsZero():
			left = r.Sent
		}
	}
	if last == 0 {
		return Item{}, false
	}
	it.Kind, it.Reason, it.Revision, it.Left, it.From, it.Level = KindWithdrawal, ReasonNotAddressed, last, left, 0, ""
	return it, true
}

// throughKey tells how a key sees one alert now, for whoever fetches it.
func (d *Desk) throughKey(a alerts.Actor, alertID string) (Item, bool) {
	it, ok := d.board.Look(a.Partner, alertID)
	if !ok {
		return Item{}, false
	}
	return d.Through(a, it)
}

// LeftKey returns the withdrawal of an alert that goes on for the organisation
// and no longer for the key that asks; false when there is none.
func (d *Desk) LeftKey(a alerts.Actor, alertID string) (Item, bool) {
	it, ok := d.throughKey(a, alertID)
	return it, ok && !it.Left.IsZero()
}

// InScope tells whether a key may have a revision of an alert.
func (d *Desk) InScope(a alerts.Actor, r *alerts.Revision) bool { return d.inScope(a, r) }

// LeftKeys are the alerts that go on without the key that asks, which it is to
// remove, in the order in which they changed.
func (d *Desk) LeftKeys(a alerts.Actor) []Item {
	var out []Item
	for _, it := range d.board.Owed(a.Partner, 0) {
		if it, ok := d.Through(a, it); ok && !it.Left.IsZero() {
			out = append(out, it)
		}
	}
	return out
}

// outsideKey refuses what a key says about an alert that it does not see. That it
// removed one that has left it is taken and changes nothing: the organisation
// sees it still.
func (d *Desk) outsideKey(a alerts.Actor, alertID string, state DeliveryState) (left bool, err error) {
	it, told := d.board.Look(a.Partner, alertID)
	if !told {
		return false, nil
	}
	it, sees := d.Through(a, it)
	switch {
	case !sees:
		return false, missing("alert " + alertID + " for key " + a.ID)
	case it.Left.IsZero():
		return false, nil
	case state == DeliveryRemoved:
		return true, nil
	}
	return false, goneFor(ReasonNotAddressed)
}

// behind is the alert that goes by an id, of an exercise too; nil for none.
func (b *Board) behind(id string) *alerts.Alert {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.released[id]
}
