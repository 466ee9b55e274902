package geo

import "slices"

// Stop is somewhere that somebody may have been, and how much speaks for it.
type Stop struct {
	Fix
	Weight float64
}

// Sequence returns the positions of the stops, in the order of time, that one
// traveller can have made on the ground one after the other and for which most
// speaks together. With first the earliest stop is always among them. Weights
// are above zero; of two sequences with the same weight the one whose stops come
// earlier in the list is taken.
func (p *Passages) Sequence(stops []Stop, first bool) []int {
	order := make([]int, len(stops))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return stops[a].At.Compare(stops[b].At) })
	best, before := make([]float64, len(order)), make([]int, len(order))
	last := -1
	for k, i := range order {
		best[k], before[k] = stops[i].Weight, -1
		for j := range k {
			if first && best[j] == 0 || best[j]+stops[i].Weight <= best[k] || !p.onGround(stops[order[j]].Fix, stops[i].Fix) {
				continue
			}
			best[k], before[k] = best[j]+stops[i].Weight, j
		}
		if first && k > 0 && before[k] < 0 {
			best[k] = 0 // it cannot be reached from the first
			continue
		}
		if last < 0 || best[k] > best[last] {
			last = k
		}
	}
	var out []int
	for k := last; k >= 0; k = before[k] {
		out = append(out, order[k])
	}
	slices.Reverse(out)
	return out
}

// onGround tells whether somebody can have come from one fix to the other
// without flying.
func (p *Passages) onGround(a, b Fix) bool {
	switch p.Between(a, b).Mode {
	case PassageAir, PassageImpossible:
		return false
	}
	return true
}
