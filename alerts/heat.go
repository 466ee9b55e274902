package alerts

import (
	"context"
	"time"

	"homeward/geo"
)

// mostHeat bounds how many reports one map of the heat counts, the newest first.
const mostHeat = 20_000

// HeatMap is where the reports weigh most, by their signs and their age.
type HeatMap struct {
	Squares []geo.Warmth
	// At is the moment that ages count to: now, or the end of the time asked for.
	At time.Time
	// HalfLife is the time in which a report's weight halves.
	HalfLife time.Duration
	// Unchecked says that the weights were not compared with a source.
	Unchecked bool
	// Reports is how many were counted; Cut says that there are older ones.
	Reports int
	Cut     bool
}

// Heat sums up the sightings that the filter chooses and the actor sees on the
// live map. Signs count only where the actor may read the report, so that a
// weight tells nobody of a sign that they may not know.
func (d *Desk) Heat(ctx context.Context, a Actor, q SightingQuery) (HeatMap, error) {
	f, err := d.filter(a, &q)
	if err != nil {
		return HeatMap{}, err
	}
	rules, err := heatRules()
	if err != nil {
		return HeatMap{}, err
	}
	if err := d.Reads.Record(ctx, a, f.subject("heat"), P2); err != nil {
		return HeatMap{}, err
	}
	h := HeatMap{At: d.Now(), HalfLife: rules.HalfLife, Unchecked: rules.Unchecked}
	if !f.To.IsZero() && f.To.Before(h.At) {
		h.At = f.To
	}
	if oldest := h.At.Add(-rules.oldest()); f.From.Before(oldest) {
		f.From = oldest
	}
	if !f.To.IsZero() && f.From.After(f.To) {
		return h, nil
	}
	reports := d.Board.warm(f, d.lookout(a), rules)
	if h.Cut = len(reports) > mostHeat; h.Cut {
		reports = reports[:mostHeat]
	}
	reads, known := d.seesClass(a, P7), map[string]bool{}
	places := make([]geo.Warm, 0, len(reports))
	for _, r := range reports {
		may, ok := known[r.caseID]
		if !ok {
			c, _ := d.Board.Case(r.caseID)
			may = reads(c)
			known[r.caseID] = may
		}
		w := r.plain
		if may {
			w = r.signed
		}
		places = append(places, geo.Warm{Lon: r.lon, Lat: r.lat, Weight: w * rules.left(h.At.Sub(r.observed))})
	}
	h.Squares, h.Reports = geo.Heat(places), len(places)
	return h, nil
}

// warmReport is one report with its weights as it came in, with its signs and
// without.
type warmReport struct {
	caseID        string
	lon, lat      float64
	observed      time.Time
	signed, plain float64
}

// warm returns the newest reports that the filter chooses, of the cases that the
// viewer sees, and one more than are counted where there are.
func (b *Board) warm(f SightingFilter, v sight, rules *HeatRules) []warmReport {
	b.mu.RLock()
	defer b.mu.RUnlock()
	g := b.mapFilter(&f)
	g.Excluded = b.excluded(v)
	box := geo.Box{West: -180, South: -90, East: 180, North: 90}
	if f.Box != nil {
		box = *f.Box
	}
	var out []warmReport
	for _, r := range b.sightings.placed.Box(box, g, mostHeat+1, geo.Cursor{}) {
		s := b.sightings.byID[b.sightings.idFrom(r.ID)]
		if s == nil || rules.weight(s, false) == 0 {
			continue
		}
		out = append(out, warmReport{
			caseID: s.of.caseID, lon: s.lon, lat: s.lat, observed: time.UnixMilli(s.observed),
			signed: rules.weight(s, true), plain: rules.weight(s, false),
		})
	}
	return out
}
