package demo

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"

	"homeward/geo"
)

// dice are thrown while the story is planned. Each subject has its own, named
// after it: more sightings of one child do not move another's.
type dice struct{ *rand.Rand }

func newDice(subject string) dice {
	h := fnv.New64a()
	_, _ = h.Write([]byte(subject)) // a hash's Write never fails
	return dice{rand.New(rand.NewPCG(h.Sum64(), 116000))}
}

// between returns a time span from low to high.
func (d dice) between(low, high time.Duration) time.Duration {
	if high <= low {
		return low
	}
	return low + time.Duration(d.Int64N(int64(high-low)))
}

// hours returns a time span from low to high hours, not rounded.
func (d dice) hours(low, high float64) time.Duration {
	return time.Duration((low + d.Float64()*(high-low)) * float64(time.Hour))
}

// chance is true in this share of throws.
func (d dice) chance(share float64) bool { return d.Float64() < share }

// near returns a point around p, usually within spreadKM kilometres.
func (d dice) near(p geo.Point, spreadKM float64) geo.Point {
	const kmPerDegree = 111.2
	lat := p.Lat() + d.NormFloat64()*spreadKM/kmPerDegree/2
	lon := p.Lon() + d.NormFloat64()*spreadKM/kmPerDegree/2/math.Cos(p.Lat()*math.Pi/180)
	return geo.At(math.Round(lon*1e5)/1e5, math.Round(lat*1e5)/1e5)
}

func pick[T any](d dice, list []T) T { return list[d.IntN(len(list))] }
