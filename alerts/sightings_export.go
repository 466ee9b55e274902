package alerts

import "context"

// mostExported bounds how many sightings one file holds.
const mostExported = 10_000

// ExportSightings returns what a filter chooses for a file of a form such as csv,
// as far as the actor may have one: each form is an act of its own. Who reported
// it, and who worked on it, is left out. The export is recorded as a read of its
// own before anything is returned.
func (d *Desk) ExportSightings(ctx context.Context, a Actor, q SightingQuery, form string) ([]SightingView, error) {
	if err := d.may(a, "sighting.export_"+form); err != nil {
		return nil, err
	}
	f, err := d.filter(a, &q)
	if err != nil {
		return nil, err
	}
	if err := d.Reads.Record(ctx, a, f.subject("export/sightings."+form), P2, P7); err != nil {
		return nil, err
	}
	out := []SightingView{}
	q.Cursor, q.Limit = "", maxPage
	for len(out) < mostExported {
		list, err := d.Sightings(ctx, a, q)
		if err != nil {
			return nil, err
		}
		for _, feature := range list.Features {
			v := feature.Properties
			v.Contact, v.RecordedBy, v.Doubt, v.Messages, v.Photos, v.HandedOver, v.Lease = nil, "", nil, nil, nil, nil, nil
			if v.Assessment != nil {
				g := *v.Assessment
				g.By = ""
				v.Assessment = &g
			}
			out = append(out, v)
		}
		if list.Next == nil {
			break
		}
		q.Cursor = *list.Next
	}
	return out[:min(len(out), mostExported)], nil
}
