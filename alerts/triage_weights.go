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

	"homeward/geo"
)

//go:embed triage.csv
var triageCSV []byte

// ErrTriage is wrapped when the embedded weights cannot be read.
var ErrTriage = errors.New("broken triage weights")

// freshHalf is the time in which the weight of freshness halves.
const freshHalf = 6 * time.Hour

// TriageWeights say how much each sign moves an event up or down in the order in
// which reports are read. The order is a help and judges nothing.
type TriageWeights struct {
	byName map[string]float64
	// Unchecked says that a weight was not compared with a source.
	Unchecked bool
}

// LoadTriageWeights reads the embedded weights.
func LoadTriageWeights() (*TriageWeights, error) {
	lines, err := csv.NewReader(bytes.NewReader(triageCSV)).ReadAll()
	if err != nil || len(lines) < 2 {
		return nil, fmt.Errorf("%w: %w", ErrTriage, err)
	}
	w := &TriageWeights{byName: map[string]float64{}}
	for _, l := range lines[1:] {
		v, err := strconv.ParseFloat(l[1], 64)
		if _, twice := w.byName[l[0]]; err != nil || math.IsNaN(v) || twice || l[2] == "" || l[3] == "" {
			return nil, fmt.Errorf("%w: the row %s makes no sense", ErrTriage, l[0])
		}
		w.byName[l[0]] = v
		w.Unchecked = w.Unchecked || l[5] != "true"
	}
	for _, name := range []string{
		SignHeldBack, SignPhoto, SignVehicle, SignSeenAppeal, "source", "official", "fresh", "doubt",
		geo.PassageImpossible, geo.PassageAir, "no_place", "no_case",
	} {
		if _, ok := w.byName[name]; !ok {
			return nil, fmt.Errorf("%w: no row %s", ErrTriage, name)
		}
	}
	return w, nil
}

var triageWeights = sync.OnceValues(LoadTriageWeights)

// weight returns how far up an event stands at a time.
func (w *TriageWeights) weight(e *event, now time.Time) float64 {
	sum := w.byName["source"] * math.Log2(float64(max(1, e.sources)))
	for _, sign := range []string{SignHeldBack, SignPhoto, SignVehicle} {
		if e.has(sign) {
			sum += w.byName[sign]
		}
	}
	age := max(0, now.Sub(time.UnixMilli(e.last)))
	sum += w.byName["fresh"] * math.Exp2(-age.Hours()/freshHalf.Hours())
	if e.all(func(s *sighting) bool { return s.marks.has(SignSeenAppeal) }) {
		sum += w.byName[SignSeenAppeal]
	}
	if e.all(func(s *sighting) bool { return s.marks != nil && s.marks.doubt }) {
		sum += w.byName["doubt"]
	}
	if e.all(func(s *sighting) bool { return !s.placed }) {
		sum += w.byName["no_place"]
	}
	if e.caseID == "" {
		sum += w.byName["no_case"]
	}
	if e.any(func(s *sighting) bool { return s.channel == "police" || s.channel == "partner" }) {
		sum += w.byName["official"]
	}
	return sum + w.byName[e.passage]
}
