package geo

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ErrBox is wrapped by every error of ParseBox.
var ErrBox = errors.New("invalid bounding box")

// Box is a rectangle in degrees. West greater than East means that it crosses
// the 180th meridian (RFC 7946, section 5.2).
type Box struct {
	West  float64 `json:"west" bson:"west"`
	South float64 `json:"south" bson:"south"`
	East  float64 `json:"east" bson:"east"`
	North float64 `json:"north" bson:"north"`
}

// World is the box that holds every point.
func World() Box { return Box{-180, -90, 180, 90} }

// ParseBox reads "west,south,east,north" in degrees, as in a bbox parameter.
func ParseBox(text string) (Box, error) {
	fields := strings.Split(text, ",")
	if len(fields) != 4 {
		return Box{}, fmt.Errorf("%w: write west,south,east,north", ErrBox)
	}
	var v [4]float64
	for i, field := range fields {
		n, err := strconv.ParseFloat(strings.TrimSpace(field), 64)
		if err != nil {
			return Box{}, fmt.Errorf("%w: %q is not a number", ErrBox, clipText(field, 24))
		}
		v[i] = n
	}
	b := Box{v[0], v[1], v[2], v[3]}
	return b, b.Validate()
}

// Validate says why b is no rectangle on Earth, or nil.
func (b Box) Validate() error {
	if code := positionFault(b.West, b.South, 180); code != "" {
		return fmt.Errorf("%w: %s", ErrBox, sentence(code))
	}
	if code := positionFault(b.East, b.North, 180); code != "" {
		return fmt.Errorf("%w: %s", ErrBox, sentence(code))
	}
	if b.South > b.North {
		return fmt.Errorf("%w: south lies north of north", ErrBox)
	}
	return nil
}

// Contains reports whether p lies in the box or on its edge.
func (b Box) Contains(p Point) bool {
	for _, r := range b.rects() {
		if r.has(p.Lon(), p.Lat()) {
			return true
		}
	}
	return false
}

// Meets reports whether two boxes share a place, be it on their edges.
func (b Box) Meets(o Box) bool {
	for _, x := range b.rects() {
		for _, y := range o.rects() {
			if x.meets(y) {
				return true
			}
		}
	}
	return false
}

// Center is the middle of the box.
func (b Box) Center() Point {
	east := b.East
	if b.West > east {
		east += degreesPerTurn
	}
	return At(wrapLon((b.West+east)/2), (b.South+b.North)/2)
}

// Grow returns a box that also holds every point within m metres of b.
func (b Box) Grow(m float64) Box {
	var all []rect
	for _, r := range b.rects() {
		all = append(all, r.grow(m)...)
	}
	return boxAround(all)
}

func (b Box) rects() []rect {
	if b.West > b.East {
		return []rect{{b.West, b.South, 180, b.North}, {-180, b.South, b.East, b.North}}
	}
	return []rect{{b.West, b.South, b.East, b.North}}
}

// boxAround is the smallest box that holds all rectangles: it leaves out the
// widest gap of longitude, so that Fiji is not as wide as the world.
func boxAround(all []rect) Box {
	if len(all) == 0 {
		return Box{}
	}
	total := all[0]
	for _, r := range all[1:] {
		total = total.union(r)
	}
	west, gap := widestGap(all)
	outer := degreesPerTurn - (total.e - total.w)
	if gap <= outer {
		return Box{total.w, total.s, total.e, total.n}
	}
	return Box{west + gap, total.s, west, total.n}
}

// widestGap finds the longest run of longitude between rectangles: where it
// starts and how long it is.
func widestGap(all []rect) (start, length float64) {
	for _, r := range all {
		next := math.Inf(1)
		for _, o := range all {
			if o.w <= r.e && o.e > r.e {
				next = r.e
				break
			}
			if o.w > r.e {
				next = math.Min(next, o.w)
			}
		}
		if !math.IsInf(next, 1) && next-r.e > length {
			start, length = r.e, next-r.e
		}
	}
	return start, length
}

// clipText shortens what a caller sent, so that an error never repeats a page.
func clipText(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n]) + "…"
	}
	return s
}
