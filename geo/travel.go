package geo

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
)

// Travel is how fast somebody gets on in one way of travelling: a row of
// travel.csv.
type Travel struct {
	Mode string `json:"mode" bson:"mode"`
	// SpeedKMH is an upper speed, in kilometres an hour; HoursADay how many
	// hours of a day are spent on the way.
	SpeedKMH  float64 `json:"speed_kmh" bson:"speed_kmh"`
	HoursADay float64 `json:"hours_a_day" bson:"hours_a_day"`
	// Detour is the share by which roads are longer than the straight line.
	Detour float64 `json:"detour" bson:"detour"`
	Source string  `json:"source" bson:"source"`
	// ValidFrom is the day from which the row holds; Verified says that the
	// source has been checked.
	ValidFrom time.Time `json:"valid_from" bson:"valid_from"`
	Verified  bool      `json:"verified" bson:"verified"`
}

// Travels reads the embedded ways of travelling, the slowest first as in the
// file.
func Travels() ([]Travel, error) {
	lines, err := readLines("travel.csv")
	if err != nil {
		return nil, err
	}
	var out []Travel
	for _, l := range lines {
		t, err := travel(l)
		if err != nil {
			return nil, fmt.Errorf("%w: travel.csv: %s: %w", ErrData, l[0], err)
		}
		out = append(out, t)
	}
	return out, nil
}

func travel(l []string) (Travel, error) {
	t := Travel{Mode: l[0], Source: l[4], Verified: l[6] == "true"}
	for i, to := range []*float64{&t.SpeedKMH, &t.HoursADay, &t.Detour} {
		var err error
		if *to, err = strconv.ParseFloat(l[1+i], 64); err != nil {
			return t, err
		}
	}
	var err error
	t.ValidFrom, err = time.Parse(time.DateOnly, l[5])
	switch {
	case err != nil:
	case t.SpeedKMH <= 0 || t.HoursADay <= 0 || t.HoursADay > 24 || t.Detour < 0:
		err = fmt.Errorf("a number makes no sense")
	case t.Source == "":
		err = fmt.Errorf("the row has no source")
	}
	return t, err
}

// farM is how far somebody gets in a straight line, in metres: of each whole
// day the hours of travelling, of what remains all that there are of them.
func (t Travel) farM(hours float64) float64 {
	days := math.Floor(hours / 24)
	way := days*t.HoursADay + math.Min(hours-24*days, t.HoursADay)
	return way * t.SpeedKMH * 1000 / (1 + t.Detour)
}

// Reach says an area by how far somebody can have got: from where they were
// last seen, since then, until a time that lies ahead, in some ways of
// travelling.
type Reach struct {
	From  Point     `json:"from" bson:"from"`
	Since time.Time `json:"since" bson:"since"`
	Until time.Time `json:"until" bson:"until"`
	Modes []string  `json:"modes" bson:"modes"`
}

// Way is how far one way of travelling goes in the time of a Reach.
type Way struct {
	Travel  `bson:",inline"`
	Hours   float64 `json:"hours" bson:"hours"`
	RadiusM float64 `json:"radius_m" bson:"radius_m"`
}

// maxReach is the longest time that a reach is worked out for: after that
// somebody can be anywhere.
const maxReach = 14 * 24 * time.Hour

// Validate returns everything that is wrong with a reach, nil when nothing is.
func (r Reach) Validate() []Problem {
	var problems []Problem
	if r.From.Validate() != nil {
		problems = append(problems, problem("from", "no_place"))
	}
	switch {
	case r.Since.IsZero():
		problems = append(problems, problem("since", "no_time"))
	case !r.Until.After(r.Since):
		problems = append(problems, problem("until", "not_after"))
	case r.Until.Sub(r.Since) > maxReach:
		problems = append(problems, problem("until", "too_long_ago"))
	}
	if len(r.Modes) == 0 {
		problems = append(problems, problem("modes", "no_mode"))
	}
	all, err := Travels()
	for i, m := range r.Modes {
		if err != nil || !slices.ContainsFunc(all, func(t Travel) bool { return t.Mode == m }) {
			problems = append(problems, problem(fmt.Sprintf("modes[%d]", i), "unknown_mode"))
		}
	}
	return problems
}

// Ways returns how far each way of travelling of a valid reach goes, the
// farthest first.
func (r Reach) Ways() []Way {
	all, err := Travels()
	if err != nil {
		return nil // Validate has refused it
	}
	hours := r.Until.Sub(r.Since).Hours()
	var out []Way
	for _, t := range all {
		if slices.Contains(r.Modes, t.Mode) {
			out = append(out, Way{t, hours, math.Round(math.Min(t.farM(hours), maxRadiusM))})
		}
	}
	slices.SortStableFunc(out, func(a, b Way) int { return cmp.Compare(b.RadiusM, a.RadiusM) })
	return out
}

// Area is everywhere that somebody can have got to by a valid reach: the circle
// of the farthest way, in which those of the others lie.
func (r Reach) Area() Area {
	ways := r.Ways()
	if len(ways) == 0 {
		return Area{}
	}
	return Area{Circles: []Circle{{Center: r.From.Coordinates, RadiusM: math.Max(1, ways[0].RadiusM)}}}
}
