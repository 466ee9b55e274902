package geo

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// GatherRules are how near reports must be to be of one event (gathering.csv),
// and where towns are. They are safe for concurrent use.
type GatherRules struct {
	rules [2]gatherRule
	towns map[[2]int16][]townDisc
	// Unchecked says that a row was not compared with a source.
	Unchecked bool
}

// gatherRule is a row of gathering.csv.
type gatherRule struct {
	withinM, speedKMH, mostAccuracyM float64
	within, mostSlack, mostSpan      time.Duration
	people                           int
	reachM                           float64
}

type townDisc struct {
	center  Point
	radiusM float64
}

func (r *gatherRule) accuracy(p *placedReport) float64 { return math.Min(p.AccuracyM, r.mostAccuracyM) }

func (r *gatherRule) slack(p *placedReport) time.Duration { return min(p.Slack, r.mostSlack) }

// NewGatherRules reads the embedded distances and the towns of the gazetteer.
func NewGatherRules() (*GatherRules, error) {
	lines, err := readLines("gathering.csv")
	if err != nil {
		return nil, err
	}
	if len(lines) != 2 || lines[0][0] != "town" || lines[1][0] != "open" {
		return nil, fmt.Errorf("%w: gathering.csv: want the rows town and open", ErrData)
	}
	g := &GatherRules{towns: map[[2]int16][]townDisc{}}
	for i, l := range lines {
		if g.rules[i], err = gatherRow(l); err != nil {
			return nil, fmt.Errorf("%w: gathering.csv: %s: %w", ErrData, l[0], err)
		}
		g.Unchecked = g.Unchecked || l[11] != "true"
	}
	places, err := Places()
	if err != nil {
		return nil, err
	}
	for i := range places {
		g.addTown(&places[i])
	}
	return g, nil
}

func gatherRow(l []string) (gatherRule, error) {
	var n [8]float64
	for i := range n {
		v, err := strconv.ParseFloat(l[1+i], 64)
		if err != nil || v < 0 {
			return gatherRule{}, fmt.Errorf("a number makes no sense: %q", l[1+i])
		}
		n[i] = v
	}
	r := gatherRule{
		withinM: n[0], within: time.Duration(n[1] * float64(time.Minute)), speedKMH: n[2], mostAccuracyM: n[3],
		mostSlack: time.Duration(n[4] * float64(time.Minute)), mostSpan: time.Duration(n[5] * float64(time.Minute)),
		people: int(n[6]), reachM: n[7],
	}
	if r.within+2*r.mostSlack > cellT || l[9] == "" {
		return r, fmt.Errorf("the times are too long, or the row has no source")
	}
	return r, nil
}

// addTown enters a place into every tenth of a degree that it reaches.
func (g *GatherRules) addTown(p *Place) {
	if p.Size() < g.rules[0].people {
		return
	}
	d := townDisc{p.Point, g.rules[0].reachM * math.Sqrt(float64(p.Size()))}
	dLat := d.radiusM / metresPerDeg
	dLon := dLat / math.Max(0.01, math.Cos(math.Min(89, math.Abs(p.Point.Lat())+dLat)*math.Pi/180))
	low, high := townCell(At(p.Point.Lon()-dLon, p.Point.Lat()-dLat)), townCell(At(p.Point.Lon()+dLon, p.Point.Lat()+dLat))
	for x := low[0]; x <= high[0]; x++ {
		for y := low[1]; y <= high[1]; y++ {
			g.towns[[2]int16{x, y}] = append(g.towns[[2]int16{x, y}], d)
		}
	}
}

func townCell(p Point) [2]int16 {
	return [2]int16{int16(math.Floor(p.Lon() * 10)), int16(math.Floor(p.Lat() * 10))}
}

// Open tells whether a point lies outside every town.
func (g *GatherRules) Open(p Point) bool {
	for _, t := range g.towns[townCell(p)] {
		if Distance(t.center, p) <= t.radiusM {
			return false
		}
	}
	return true
}
