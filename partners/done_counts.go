package partners

import "homeward/alerts"

// DoneCounts are what an organisation did about an alert, in numbers that can be
// added up. Zero is nothing, or not counted.
type DoneCounts struct {
	Posters  int `bson:"posters,omitempty" json:"posters,omitempty"`   // hung
	Shelters int `bson:"shelters,omitempty" json:"shelters,omitempty"` // asked
	Places   int `bson:"places,omitempty" json:"places,omitempty"`     // checked
}

// mostDone is what no single organisation does more of: a larger number is a slip.
const mostDone = 100_000

func (c DoneCounts) check(f *alerts.Fields) {
	for _, n := range []struct {
		field string
		n     int
	}{{"counts.posters", c.Posters}, {"counts.shelters", c.Shelters}, {"counts.places", c.Places}} {
		if n.n < 0 || n.n > mostDone {
			f.Add(n.field, "out_of_range", "Write a number from 0 to 100000.")
		}
	}
}

// Add returns the sums.
func (c DoneCounts) Add(o DoneCounts) DoneCounts {
	return DoneCounts{c.Posters + o.Posters, c.Shelters + o.Shelters, c.Places + o.Places}
}
