package alerts

import "time"

// TeamSighting makes the sighting of what a search team reports about a case. It
// belongs into the change of whoever took the report; what is wrong with it is
// told by field.
func (d *Desk) TeamSighting(caseID string, in NewSighting, by string, now time.Time) (*Sighting, Fields) {
	in.Channel = "other"
	if in.ObservedAt.IsZero() {
		in.ObservedAt = now
	}
	if f := in.validate(now, d.Regions, true); len(f) > 0 {
		return nil, f
	}
	s := in.sighting(now)
	s.ID, s.RecordedBy, s.CaseID = NewID(d.Random), by, caseID
	return s, nil
}
