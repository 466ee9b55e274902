package geo

import (
	"fmt"
	"strconv"
)

// Distances says how far from where they were last seen lost children of an age
// were found: a row of distances.csv. It is of children who lost their way, and
// of little use for one who was taken or ran away.
type Distances struct {
	Group   string
	AgeFrom int
	AgeTo   int
	Terrain string
	// RadiusM are the straight lines in metres within which a quarter, a half,
	// three quarters and 95 in a hundred were found. Five in a hundred were
	// farther away.
	RadiusM  [4]float64
	Source   string
	Verified bool
}

// DistanceShares are the shares of the radii, in a hundred.
func DistanceShares() [4]int { return [4]int{25, 50, 75, 95} }

const mileM = 1609.344

// AllDistances reads the embedded table, which an organisation may replace.
func AllDistances() ([]Distances, error) {
	lines, err := readLines("distances.csv")
	if err != nil {
		return nil, err
	}
	var out []Distances
	for _, l := range lines {
		d, err := distances(l)
		if err != nil {
			return nil, fmt.Errorf("%w: distances.csv: %s, %s: %w", ErrData, l[0], l[3], err)
		}
		out = append(out, d)
	}
	return out, nil
}

func distances(l []string) (Distances, error) {
	d := Distances{Group: l[0], Terrain: l[3], Source: l[8], Verified: l[10] == "true"}
	var err error
	if d.AgeFrom, err = strconv.Atoi(l[1]); err != nil {
		return d, err
	}
	if d.AgeTo, err = strconv.Atoi(l[2]); err != nil {
		return d, err
	}
	for i := range d.RadiusM {
		miles, err := strconv.ParseFloat(l[4+i], 64)
		if err != nil {
			return d, err
		}
		d.RadiusM[i] = miles * mileM
		if miles <= 0 || i > 0 && d.RadiusM[i] <= d.RadiusM[i-1] {
			return d, fmt.Errorf("the distances do not grow")
		}
	}
	if d.AgeTo < d.AgeFrom || d.Source == "" {
		return d, fmt.Errorf("the ages make no sense, or the row has no source")
	}
	return d, nil
}

// DistancesAt returns the rows of an age in whole years, none for one that the
// table does not have.
func DistancesAt(all []Distances, age int) []Distances {
	var out []Distances
	for _, d := range all {
		if age >= d.AgeFrom && age <= d.AgeTo {
			out = append(out, d)
		}
	}
	return out
}
