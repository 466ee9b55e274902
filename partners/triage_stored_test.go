package partners_test

import (
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
)

// TestAStepOfTriageIsTakenBackAfterARestart grades a report, starts anew, finds
// who has it open, and takes the grade back.
func TestAStepOfTriageIsTakenBackAfterARestart(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]home{"bolt": boltHome(t), "mongodb": mongoHome(t)} {
		if h == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, stop := startOn(t, h)
			k := &keptThings{t: t, d: d}
			ana, boris, none := person("ana", alerts.RoleCoordinator), person("boris", alerts.RoleCoordinator), alerts.Request{}
			for _, a := range []alerts.Actor{ana, boris} {
				k.put(&alerts.Account{Head: journal.Head{ID: a.ID}, Kind: alerts.KindPerson, Role: a.Role, Name: a.Name})
			}
			place := geo.At(20.4, 44.8)
			s, err := d.RecordSighting(t.Context(), ana, alerts.NewSighting{Channel: "phone", Text: "zqtext", Place: &place, ObservedAt: time.Now().Add(-time.Hour)}, none)
			k.must(err)
			_, err = d.Desk.Take(t.Context(), ana, s.ID, alerts.TakeSighting{}, none)
			k.must(err)
			for _, note := range []string{"zqfirst", "zqsecond"} {
				_, err = d.AssessSighting(t.Context(), ana, s.ID, alerts.Assess{Source: "B", Information: 2, Note: note}, none)
				k.must(err)
			}
			stop()
			d, stop = startOn(t, h)
			defer stop()
			if _, err = d.Desk.Take(t.Context(), boris, s.ID, alerts.TakeSighting{}, none); alerts.CodeOf(err) != alerts.Conflict {
				t.Errorf("after the restart the report is free: %v", err)
			}
			v, err := d.Undo(t.Context(), ana, s.ID, none)
			k.must(err)
			if v.Assessment == nil || v.Assessment.Note != "zqfirst" || v.Undo != nil {
				t.Errorf("taken back to %+v, %+v", v.Assessment, v.Undo)
			}
		})
	}
}
