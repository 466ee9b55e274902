package demo

import (
	"homeward/alerts"
	"homeward/geo"
)

// Alerts whose area was worked out rather than drawn.
const (
	keyReach    = "jovan" // how far he can have come since
	keyCorridor = "marko" // along the road that was taken
)

// corridorKM is how wide the strip along a road is.
const corridorKM = 30

// shape works the area of two alerts out, so that a newcomer finds one of each
// kind.
func (t *teller) shape(s *searching, in *alerts.NewAlert) {
	switch s.key {
	case keyReach:
		at := s.track[0].Point
		in.Area, in.Reach = geo.Area{}, &alerts.ReachInput{From: &at, Since: s.seen, HoursAhead: 2, Modes: []string{"foot", "bicycle"}}
	case keyCorridor:
		road := &geo.Corridor{WidthKM: corridorKM}
		for _, p := range s.track {
			road.Line = append(road.Line, p.Point.Coordinates)
			road.Places = append(road.Places, p.NameLatn)
		}
		in.Area, in.Corridor = geo.Area{}, road
	}
}
