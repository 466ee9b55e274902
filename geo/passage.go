package geo

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
)

// Fix is where somebody was at a time, each as far as it is known: within
// AccuracyM metres of Place, and no more than Slack before or after At.
type Fix struct {
	Place     Point
	AccuracyM float64
	At        time.Time
	Slack     time.Duration
}

// Passage says how somebody can have come from one fix to another.
type Passage struct {
	// DistanceM is the straight line in metres, Between the time from one to the
	// other, as they were given.
	DistanceM float64
	Between   time.Duration
	// LeastM and Most are the same with both uncertainties taken off: the
	// shortest way and the longest time that there can have been.
	LeastM float64
	Most   time.Duration
	// Mode is the slowest way of travelling that is fast enough: one of
	// travel.csv, PassageAir, or PassageImpossible.
	Mode string
}

// What is fast enough when nothing on the ground is, and when nothing is at all.
// Impossible says that one of the two fixes is wrong, not which.
const (
	PassageAir        = "air"
	PassageImpossible = "impossible"
)

// Passages works out passages by the embedded speeds (travel.csv and air.csv).
// It is safe for concurrent use.
type Passages struct {
	ground    []Travel // the slowest first
	airKMH    float64
	airHours  float64 // at airports
	Unchecked bool    // whether a speed was not compared with a source
}

// NewPassages reads the embedded speeds.
func NewPassages() (*Passages, error) {
	ground, err := Travels()
	if err != nil {
		return nil, err
	}
	lines, err := readLines("air.csv")
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(ground, func(a, b Travel) int { return cmp.Compare(a.SpeedKMH, b.SpeedKMH) })
	p := &Passages{ground: ground}
	for _, t := range p.ground {
		p.Unchecked = p.Unchecked || !t.Verified
	}
	if len(lines) != 1 {
		return nil, fmt.Errorf("%w: air.csv: %d rows, want one", ErrData, len(lines))
	}
	l := lines[0]
	if p.airKMH, err = strconv.ParseFloat(l[1], 64); err == nil {
		p.airHours, err = strconv.ParseFloat(l[2], 64)
	}
	if err != nil || p.airKMH <= 0 || p.airHours < 0 || l[3] == "" {
		return nil, fmt.Errorf("%w: air.csv: the row makes no sense", ErrData)
	}
	p.Unchecked = p.Unchecked || l[5] != "true"
	return p, nil
}

// Between returns how somebody can have come from one fix to the other, in
// whichever order they are. Both uncertainties are taken off first, so that what
// is called impossible is so however they fall out.
func (p *Passages) Between(a, b Fix) Passage {
	out := Passage{DistanceM: Distance(a.Place, b.Place), Between: b.At.Sub(a.At).Abs()}
	out.LeastM = math.Max(0, out.DistanceM-a.AccuracyM-b.AccuracyM)
	out.Most = out.Between + a.Slack + b.Slack
	hours := out.Most.Hours()
	for _, t := range p.ground {
		if t.farM(hours) >= out.LeastM {
			out.Mode = t.Mode
			return out
		}
	}
	out.Mode = PassageImpossible
	if (hours-p.airHours)*p.airKMH*1000 >= out.LeastM {
		out.Mode = PassageAir
	}
	return out
}
