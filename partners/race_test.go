package partners

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"homeward/alerts"
)

// TestNobodyPublishesAlone lets the same people act in several sessions at
// once: the author releases, others release twice, the draft changes meanwhile.
func TestNobodyPublishesAlone(t *testing.T) {
	t.Parallel()
	r := newRigOn(t, builtRegions())
	ctx := context.Background()
	clara := r.account("clara", alerts.KindPerson, alerts.RoleCoordinator)
	for n := range 100 {
		id := fmt.Sprintf("c%d", n)
		r.newCase(id)
		in := r.draft(circle(20.46, 44.81, 5000))
		in.Level, in.DecisionID = alerts.LevelPublicAppeal, "decision"
		v, err := r.desk.DraftAlert(ctx, r.ana, id, in, none)
		must(t, err)
		var racers sync.WaitGroup
		for _, a := range []alerts.Actor{r.ana, r.boris, r.ana, r.boris, clara} {
			racers.Go(func() {
				_, _ = r.desk.Release(ctx, a, v.ID, alerts.Release{ContentHash: v.ContentHash}, none)
			})
		}
		racers.Go(func() {
			texts := map[string]alerts.DraftText{"en": {Headline: "Changed", Description: "Meanwhile"}}
			_, _ = r.desk.UpdateAlert(ctx, r.boris, v.ID, alerts.AlertUpdate{Texts: texts}, none)
		})
		racers.Wait()
		al, _ := r.desk.Board.Alert(v.ID)
		if len(al.Revisions) > 1 {
			t.Fatalf("released %d times", len(al.Revisions))
		}
		for _, rev := range al.Revisions {
			if rev.Author == rev.ReleasedBy || rev.ContentHash != v.ContentHash {
				t.Fatalf("%s released %s's draft, hash %s", rev.ReleasedBy, rev.Author, rev.ContentHash)
			}
		}
	}
}
