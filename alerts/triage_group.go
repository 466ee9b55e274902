package alerts

import (
	"context"

	"homeward/journal"
)

// SightingGroup is the event of a sighting: all of its reports.
type SightingGroup struct {
	Reports []SightingView `json:"reports"`
	Total   int            `json:"total"`
	Sources int            `json:"sources"`
}

// groupShown bounds how many reports of one event are read at once.
const groupShown = 100

// GroupOf returns the reports that may be of the same event as one, itself
// among them, in the order in which they came in.
func (d *Desk) GroupOf(ctx context.Context, a Actor, id string) (SightingGroup, error) {
	g := SightingGroup{Reports: []SightingView{}}
	if _, _, err := d.visibleSighting(ctx, a, id); err != nil {
		return g, err
	}
	ids, sources, err := d.Board.siblings(id)
	if err != nil {
		return g, err
	}
	g.Total, g.Sources = len(ids), sources
	var keys []journal.Key
	for _, other := range ids[:min(len(ids), groupShown)] {
		keys = append(keys, journal.Key{Collection: "sightings", ID: other})
	}
	docs, err := d.Journal.Documents(ctx, keys...)
	if err != nil {
		return g, coded(err)
	}
	sees := d.seesSighting(a)
	for _, doc := range docs {
		s, c, err := d.inSight(a, doc, sees)
		if CodeOf(err) == NotFound {
			continue
		}
		if err != nil {
			return g, err
		}
		v := d.ViewSighting(a, s, c)
		if err := d.Reads.Record(ctx, a, "sightings/"+s.ID, d.SightingClasses(a, s, c)...); err != nil {
			return g, err
		}
		g.Reports = append(g.Reports, v)
	}
	return g, nil
}
