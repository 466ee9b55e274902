package poa

import (
	"math"
	"slices"
)

// Coverage is the area effectively swept, divided by the area: the track of one
// searcher times their number times the sweep width, each in metres. It is not
// the share of the area that was walked.
func Coverage(trackM float64, searchers int, widthM, areaM2 float64) float64 {
	if areaM2 <= 0 {
		return 0
	}
	return math.Max(0, trackM) * math.Max(0, float64(searchers)) * math.Max(0, widthM) / areaM2
}

// POD is the probability of detection of a coverage: 1 - e^-C.
func POD(coverage float64) float64 { return clamp(1-math.Exp(-math.Max(0, coverage)), 0, maxPOD) }

// Together is the probability of detection of several independent sweeps.
func Together(pods ...float64) float64 {
	missed := 1.0
	for _, p := range pods {
		missed *= 1 - clamp(p, 0, maxPOD)
	}
	return 1 - missed
}

// Team is what one team does: how many search, how fast they go in metres an
// hour, and how wide one of them sweeps in metres.
type Team struct {
	Searchers int
	SpeedMH   float64
	WidthM    float64
}

// Choice is one segment as the next to search.
type Choice struct {
	Cell int
	// Density is the probability for each square kilometre.
	Density float64
	// Success is the chance that the team finds the child there in its first hour.
	Success float64
	// Hours is how long the team takes to a coverage of one.
	Hours float64
}

// Next puts the segments in the order in which an hour of a team is worth most.
// Segments of no size are left out.
func Next(b Belief, areas []float64, t Team) []Choice {
	var out []Choice
	for i, area := range areas {
		if area <= 0 {
			continue
		}
		hour := Coverage(t.SpeedMH, t.Searchers, t.WidthM, area)
		c := Choice{Cell: i, Density: b.Cells[i] / (area / 1e6), Success: b.Cells[i] * POD(hour)}
		if hour > 0 {
			c.Hours = 1 / hour
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(x, y Choice) int {
		switch {
		case x.Success > y.Success:
			return -1
		case x.Success < y.Success:
			return 1
		}
		return 0
	})
	return out
}
