package alerts

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"strconv"
	"sync"
	"time"
)

//go:embed heat.csv
var heatCSV []byte

// ErrHeat is wrapped when the embedded rules of the heat cannot be read.
var ErrHeat = errors.New("broken rules of the heat")

// HeatRules say how much a report weighs on the map of the heat: the base and
// the triage weights of its signs, and no less than Least; half of it after each
// HalfLife since it was seen.
type HeatRules struct {
	Base, Least float64
	HalfLife    time.Duration
	// Unchecked says that a value was not compared with a source.
	Unchecked bool
	signs     *TriageWeights
}

// LoadHeatRules reads the embedded rules and the triage weights.
func LoadHeatRules() (*HeatRules, error) {
	lines, err := csv.NewReader(bytes.NewReader(heatCSV)).ReadAll()
	if err != nil || len(lines) < 2 {
		return nil, fmt.Errorf("%w: %w", ErrHeat, err)
	}
	values, h := map[string]float64{}, &HeatRules{}
	for _, l := range lines[1:] {
		v, err := strconv.ParseFloat(l[1], 64)
		if _, twice := values[l[0]]; err != nil || !(v > 0) || math.IsInf(v, 0) || twice || l[2] == "" || l[3] == "" {
			return nil, fmt.Errorf("%w: the row %s makes no sense", ErrHeat, l[0])
		}
		values[l[0]] = v
		h.Unchecked = h.Unchecked || l[5] != "true"
	}
	for _, name := range []string{"base", "least", "half_life_hours"} {
		if values[name] == 0 {
			return nil, fmt.Errorf("%w: no row %s", ErrHeat, name)
		}
	}
	h.Base, h.Least = values["base"], values["least"]
	h.HalfLife = time.Duration(values["half_life_hours"] * float64(time.Hour))
	if h.signs, err = triageWeights(); err != nil {
		return nil, err
	}
	h.Unchecked = h.Unchecked || h.signs.Unchecked
	return h, nil
}

var heatRules = sync.OnceValues(LoadHeatRules)

// heatSigns are the signs that weigh on the map. That a report tells a detail
// which was never published is not among them: the map would show it to those
// who may not know.
func heatSigns() []string { return []string{SignPhoto, SignVehicle, SignSeenAppeal} }

// weight is what a report weighs when it comes in. What was excluded, and what
// repeats another report, weighs nothing. Without signs only the base counts.
func (h *HeatRules) weight(s *sighting, signs bool) float64 {
	if s.state == SightingExcluded || s.duplicateOf != "" {
		return 0
	}
	sum := h.Base
	if signs {
		for _, sign := range heatSigns() {
			if s.marks.has(sign) {
				sum += h.signs.byName[sign]
			}
		}
		if s.marks != nil && s.marks.doubt {
			sum += h.signs.byName["doubt"]
		}
		if s.channel == "police" || s.channel == "partner" {
			sum += h.signs.byName["official"]
		}
	}
	return max(h.Least, sum)
}

// left is the share of a weight that is left after an age; what is yet to come
// is whole.
func (h *HeatRules) left(age time.Duration) float64 {
	return math.Exp2(-max(0, age).Hours() / h.HalfLife.Hours())
}

// oldest is how long a report is counted: after ten half-lives a thousandth of
// it is left.
func (h *HeatRules) oldest() time.Duration { return 10 * h.HalfLife }
