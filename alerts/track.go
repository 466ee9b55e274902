package alerts

import (
	"cmp"
	"context"
	"slices"
	"time"

	"homeward/geo"
)

// TrackStop is one stop of a track.
type TrackStop struct {
	// SightingID is the report that leads the event, empty for the place where the
	// child was last seen.
	SightingID string        `json:"sighting_id,omitempty"`
	State      SightingState `json:"state,omitempty"`
	Place      geo.Point     `json:"place"`
	At         time.Time     `json:"at"`
	Sources    int           `json:"sources"`
	// Mode is the slowest way of travelling that is fast enough to have come here
	// from the stop before, DistanceM the straight line; empty for the first.
	Mode      string  `json:"mode,omitempty"`
	DistanceM float64 `json:"distance_m,omitempty"`
}

// Track is the sequence of sightings of a case that fit together best: one child
// can have been seen by all of them. It is a help and proves nothing.
type Track struct {
	Stops []TrackStop `json:"stops"`
	// Beside are the confirmed sightings that do not fit: one of them, or one of
	// the track, is wrong.
	Beside []TrackStop `json:"beside"`
}

// trackStops bounds how many events one track is looked for in.
const trackStops = 300

// Track returns the track of a case. Only what is confirmed, graded as possibly
// true or better, or borne out by several independent sources takes part.
func (d *Desk) Track(ctx context.Context, a Actor, caseID string) (Track, error) {
	t := Track{Stops: []TrackStop{}, Beside: []TrackStop{}}
	c, err := d.VisibleCase(a, caseID)
	if err != nil {
		return t, err
	}
	if !d.seesClass(a, P2)(c) {
		return t, nil
	}
	if err := d.Reads.Record(ctx, a, "cases/"+c.ID+"/track", P2); err != nil {
		return t, err
	}
	speeds, err := passages()
	if err != nil {
		return t, err
	}
	events, err := d.Board.events(SightingFilter{Case: c.ID, States: SightingStates()}, d.sight(a), d.Now())
	if err != nil {
		return t, err
	}
	stops := trackable(events)
	l := c.LastSeen
	known := l.Place != nil && !l.At.IsZero()
	if known {
		stops = slices.DeleteFunc(stops, func(s trackStop) bool { return s.At.Before(l.At) })
		from := geo.Fix{Place: *l.Place, AccuracyM: l.AccuracyM, At: l.At, Slack: time.Duration(l.PrecisionMin) * time.Minute}
		stops = append([]trackStop{{Stop: geo.Stop{Fix: from, Weight: 1}, shown: TrackStop{Place: *l.Place, At: l.At}}}, stops...)
	}
	all := make([]geo.Stop, len(stops))
	for i := range stops {
		all[i] = stops[i].Stop
	}
	on := speeds.Sequence(all, known)
	for k, i := range on {
		s := stops[i].shown
		if k > 0 {
			p := speeds.Between(all[on[k-1]].Fix, all[i].Fix)
			s.Mode, s.DistanceM = p.Mode, p.DistanceM
		}
		t.Stops = append(t.Stops, s)
	}
	for i := range stops {
		if stops[i].shown.State == SightingConfirmed && !slices.Contains(on, i) {
			t.Beside = append(t.Beside, stops[i].shown)
		}
	}
	if len(t.Stops) < 2 {
		t.Stops = t.Stops[:0]
	}
	return t, nil
}

type trackStop struct {
	geo.Stop
	shown TrackStop
}

// trackable are the events that may be stops, the earliest first.
func trackable(events []*event) []trackStop {
	var out []trackStop
	for _, e := range events {
		var lead *sighting
		worth := 0.0
		for _, s := range e.members {
			if w := stopWeight(s, e.sources); s.placed && s.duplicateOf == "" && w > worth {
				lead, worth = s, w
			}
		}
		if lead == nil {
			continue
		}
		f := lead.fix()
		f.At = f.At.UTC()
		out = append(out, trackStop{geo.Stop{Fix: f, Weight: worth}, TrackStop{SightingID: lead.id, State: lead.state, Place: f.Place, At: f.At, Sources: e.sources}})
	}
	slices.SortFunc(out, func(a, b trackStop) int { return cmp.Compare(b.Weight, a.Weight) })
	out = out[:min(len(out), trackStops)]
	slices.SortFunc(out, func(a, b trackStop) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.shown.SightingID, b.shown.SightingID))
	})
	return out
}

// stopWeight is how much speaks for a sighting as a stop, 0 for nothing: the
// pair is compared and never averaged.
func stopWeight(s *sighting, sources int) float64 {
	switch {
	case s.state == SightingExcluded, s.state == SightingNotVerifiable:
		return 0
	case s.state == SightingConfirmed:
		return 100
	case s.grade != Grade{} && s.grade.Information <= 2:
		return 10
	case s.grade != Grade{} && s.grade.Information == 3:
		return 4
	case s.grade != Grade{}:
		return 0
	case sources >= 3:
		return 2
	}
	return 0
}
