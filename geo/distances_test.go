package geo

import (
	"math"
	"testing"
)

func TestDistancesAreThoseOfTheSource(t *testing.T) {
	t.Parallel()
	all, err := AllDistances()
	if err != nil {
		t.Fatal(err)
	}
	for age := 1; age <= 15; age++ {
		terrains := map[string]bool{}
		for _, d := range DistancesAt(all, age) {
			if terrains[d.Terrain] {
				t.Errorf("age %d has %s twice", age, d.Terrain)
			}
			terrains[d.Terrain] = true
		}
		if !terrains["temperate"] || !terrains["dry"] {
			t.Errorf("age %d lacks a terrain: %v", age, terrains)
		}
	}
	if len(DistancesAt(all, 16)) != 0 || len(DistancesAt(all, 0)) != 0 {
		t.Error("the source has no such ages")
	}
	for _, d := range DistancesAt(all, 8) {
		if d.Terrain == "mountain" && math.Abs(d.RadiusM[3]-11265) > 1 { // 7.0 miles
			t.Errorf("95 of a hundred within %g m", d.RadiusM[3])
		}
	}
}
