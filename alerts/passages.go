package alerts

import (
	"context"
	"slices"
	"sync"
	"time"

	"homeward/geo"
	"homeward/journal"
)

// PassageView says how the child can have come from where it certainly was to a
// sighting, or from the sighting to where it certainly was later.
type PassageView struct {
	// SightingID is the confirmed sighting that this one is compared with, empty
	// for the place where the child was last seen.
	SightingID string    `json:"sighting_id,omitempty"`
	At         time.Time `json:"at"`
	// DistanceM is the straight line in metres and Hours the time between the
	// two, as they were given.
	DistanceM float64 `json:"distance_m"`
	Hours     float64 `json:"hours"`
	// Mode is the slowest way of travelling that was fast enough once both
	// uncertainties are taken off: foot, bicycle, bus, train, car, air, or
	// impossible. Impossible means that one of the two is wrong.
	Mode string `json:"mode"`
	// Verified tells whether the speeds were compared with a source.
	Verified bool `json:"verified"`
}

// passagesShown bounds what one sighting is compared with.
const passagesShown = 50

var passages = sync.OnceValues(geo.NewPassages)

// passages compares a sighting with where the child was last seen and with every
// confirmed sighting of the case, the earliest first. One without a place or a
// time, or without a case, is compared with nothing; one of them that repeats it
// is left out. The caller has recorded the read of places.
func (d *Desk) passages(ctx context.Context, a Actor, s *Sighting, c *Case) ([]PassageView, error) {
	if c == nil || s.Place == nil || s.ObservedAt.IsZero() || !d.lensOnSighting(a, s, c).sees(P2) {
		return nil, nil
	}
	speeds, err := passages()
	if err != nil {
		return nil, err
	}
	here := s.fix()
	var out []PassageView
	compare := func(id string, there geo.Fix) {
		p := speeds.Between(there, here)
		out = append(out, PassageView{
			SightingID: id, At: there.At, DistanceM: p.DistanceM, Hours: p.Between.Hours(), Mode: p.Mode, Verified: !speeds.Unchecked,
		})
	}
	if l := c.LastSeen; l.Place != nil && !l.At.IsZero() {
		compare("", geo.Fix{Place: *l.Place, AccuracyM: l.AccuracyM, At: l.At, Slack: time.Duration(l.PrecisionMin) * time.Minute})
	}
	marks, _ := d.Board.sightingsBefore(SightingFilter{Case: c.ID, States: []SightingState{SightingConfirmed}}, mark{}, passagesShown, d.sight(a))
	var keys []journal.Key
	for _, m := range marks {
		if m.id != s.ID {
			keys = append(keys, journal.Key{Collection: "sightings", ID: m.id})
		}
	}
	docs, err := d.Journal.Documents(ctx, keys...)
	if err != nil {
		return nil, coded(err)
	}
	for _, doc := range docs {
		if o, ok := doc.(*Sighting); ok && o.Place != nil && !o.ObservedAt.IsZero() && o.DuplicateOf != s.ID && s.DuplicateOf != o.ID {
			compare(o.ID, o.fix())
		}
	}
	slices.SortStableFunc(out, func(x, y PassageView) int { return x.At.Compare(y.At) })
	return out, nil
}

// fix is where and when a sighting that has both was.
func (s *Sighting) fix() geo.Fix {
	return geo.Fix{Place: *s.Place, AccuracyM: s.AccuracyM, At: s.ObservedAt, Slack: time.Duration(s.PrecisionMin) * time.Minute}
}
