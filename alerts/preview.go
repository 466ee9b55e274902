package alerts

import "time"

// previewName stands in a preview for what only a release gives.
const previewName = "preview"

// PreviewOf returns an alert and its case as they would stand if the draft were
// released now, so that what every audience will see is made by the same code as
// what it gets. Without a draft the alert is as it is. Nothing is changed.
func PreviewOf(c *Case, al *Alert, now time.Time) (*Case, *Alert) {
	nextCase, next := *c, *al
	if al.Draft != nil {
		r := *al.Draft
		r.Identifier, r.Sent = CAPIdentifier(al.ID, r.Number), now.UTC().Truncate(time.Second)
		if r.Level.IsPublic() && !decided(c, r.DecisionID) {
			r.DecisionID = previewName
			nextCase.Decisions = append(append([]Decision(nil), c.Decisions...), Decision{ID: previewName, Level: r.Level})
		}
		next.Draft = nil
		next.Revisions = append(append([]Revision(nil), al.Revisions...), r)
	}
	if r := next.Current(); r != nil && r.Level.IsPublic() {
		nextCase.State = StatePublic
	}
	if next.Slug == "" {
		next.Slug = previewName
	}
	next.State, next.Ending = AlertLive, nil
	return &nextCase, &next
}
