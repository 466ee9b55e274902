package alerts_test

import (
	"slices"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
)

func TestTrackIsWhatFitsTogether(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.opened()
	seen := func(lon, lat float64, at time.Time, source string, information int, state alerts.SightingState) string {
		p := geo.At(lon, lat)
		v := done(r.RecordSighting(r.ctx, r.ana, alerts.NewSighting{CaseID: c.ID, Place: &p, AccuracyM: 100, ObservedAt: at, PrecisionMin: 5, Text: "seen"}, alerts.Request{}))
		if information > 0 {
			done(r.AssessSighting(r.ctx, r.ana, v.ID, alerts.Assess{Source: source, Information: information}, alerts.Request{}))
		}
		if state != "" {
			done(r.ScreenSighting(r.ctx, r.ana, v.ID, alerts.Screen{State: state}, alerts.Request{}))
		}
		return v.ID
	}
	ago := func(minutes int) time.Time { return r.now().Add(-time.Duration(minutes) * time.Minute) }
	one := seen(20.46, 44.81, ago(150), "B", 2, alerts.SightingConfirmed)
	two := seen(20.92, 44.02, ago(80), "C", 2, "")
	three := seen(21.90, 43.32, ago(20), "C", 3, "")
	far := seen(-3.70, 40.40, ago(60), "F", 3, "") // Madrid
	seen(21.50, 43.60, ago(50), "F", 5, "")
	seen(21.00, 44.00, ago(70), "B", 2, alerts.SightingExcluded)

	track := done(r.Track(r.ctx, r.ana, c.ID))
	var ids, modes []string
	for _, s := range track.Stops {
		ids, modes = append(ids, s.SightingID), append(modes, s.Mode)
	}
	if !slices.Equal(ids, []string{"", one, two, three}) || slices.Contains(modes[1:], "") || slices.Contains(modes, "air") {
		t.Fatalf("the track is %v by %v; Madrid is %s", ids, modes, far)
	}
	if len(track.Beside) != 0 {
		t.Errorf("beside it: %v", track.Beside)
	}
	madrid := seen(-3.70, 40.40, ago(100), "B", 1, alerts.SightingConfirmed)
	track = done(r.Track(r.ctx, r.ana, c.ID))
	if len(track.Beside) != 1 || track.Beside[0].SightingID != madrid {
		t.Errorf("a confirmed sighting that does not fit is not named: %v", track.Beside)
	}
	if got, err := r.Track(r.ctx, r.officer, c.ID); err == nil && len(got.Stops) > 0 {
		t.Error("a track is shown to somebody who may see no places")
	}
}
