package poa

import "math"

// MinRest is the least that the rest of the world may begin with: whoever
// searches never knows that the child is inside the area.
const MinRest = 0.01

// maxPOD keeps a sweep from proving that nobody is there: it can only make it
// improbable.
const maxPOD = 0.9999

// Belief is how probable each segment is, and the rest of the world. They add
// up to one.
type Belief struct {
	Rest  float64
	Cells []float64
}

// Sweep is one search of a segment that did not find the child: which segment,
// and how probable it was to find them had they been there.
type Sweep struct {
	Cell int
	POD  float64
}

// Even spreads what the rest of the world leaves over the segments by their
// size. It is what is believed while nobody has made an estimate.
func Even(rest float64, areas []float64) Belief {
	b := Belief{Rest: clamp(rest, MinRest, 1), Cells: make([]float64, len(areas))}
	total := sum(areas)
	if total <= 0 {
		b.Rest = 1
		return b
	}
	for i, a := range areas {
		b.Cells[i] = (1 - b.Rest) * a / total
	}
	return b
}

// Consensus is the average of several estimates of the same segments. Each is
// brought to a sum of one first, so that a planner whose figures add up to 99
// counts like the others. There must be at least one.
func Consensus(estimates []Belief) Belief {
	out := Belief{Cells: make([]float64, len(estimates[0].Cells))}
	for _, e := range estimates {
		e = e.whole()
		out.Rest += e.Rest / float64(len(estimates))
		for i, p := range e.Cells {
			out.Cells[i] += p / float64(len(estimates))
		}
	}
	return out.whole()
}

// After is what is believed when some sweeps have found nothing: each segment's
// share is multiplied by the chance that every sweep of it missed, and all are
// divided by their sum, the rest of the world among them.
func (b Belief) After(sweeps []Sweep) Belief {
	out := Belief{Rest: b.Rest, Cells: append([]float64(nil), b.Cells...)}
	for _, s := range sweeps {
		if s.Cell >= 0 && s.Cell < len(out.Cells) {
			out.Cells[s.Cell] *= 1 - clamp(s.POD, 0, maxPOD)
		}
	}
	return out.whole()
}

// Success is the chance that the sweeps would have found the child by now.
func (b Belief) Success(sweeps []Sweep) float64 {
	missed := make([]float64, len(b.Cells))
	for i := range missed {
		missed[i] = 1
	}
	for _, s := range sweeps {
		if s.Cell >= 0 && s.Cell < len(missed) {
			missed[s.Cell] *= 1 - clamp(s.POD, 0, maxPOD)
		}
	}
	total := 0.0
	for i, p := range b.Cells {
		total += p * (1 - missed[i])
	}
	return total
}

// whole brings the sum to one. The rest of the world is never zero, so there is
// always something to divide by.
func (b Belief) whole() Belief {
	total := b.Rest + sum(b.Cells)
	out := Belief{Rest: b.Rest / total, Cells: make([]float64, len(b.Cells))}
	for i, p := range b.Cells {
		out.Cells[i] = p / total
	}
	return out
}

func sum(all []float64) float64 {
	total := 0.0
	for _, v := range all {
		total += v
	}
	return total
}

func clamp(v, low, high float64) float64 {
	if math.IsNaN(v) {
		return low
	}
	return math.Max(low, math.Min(high, v))
}
