package alerts_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
)

// A sighting is compared with where the child certainly was, before and after
// it: with unconfirmed ones never, and by who may not see places not at all.
func TestPassagesOfASighting(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.opened() // last seen in Belgrade three hours ago, give or take half an hour
	seen := func(caseID string, ago time.Duration, lon, lat float64) alerts.SightingView {
		t.Helper()
		in := aSighting(r.now(), lon, lat)
		in.CaseID, in.ObservedAt = caseID, r.now().Add(-ago)
		return done(r.RecordSighting(r.ctx, r.ana, in, alerts.Request{}))
	}
	confirmed := func(v alerts.SightingView) alerts.SightingView {
		t.Helper()
		done(r.AssessSighting(r.ctx, r.ana, v.ID, alerts.Assess{Source: "B", Information: 2}, alerts.Request{}))
		done(r.HandOver(r.ctx, r.ana, v.ID, alerts.Handover{Unit: "PU Primerovac", Reference: "7/31"}, alerts.Request{}))
		return done(r.ScreenSighting(r.ctx, r.ana, v.ID, alerts.Screen{State: alerts.SightingConfirmed}, alerts.Request{}))
	}
	noviSad := confirmed(seen(c.ID, 90*time.Minute, 19.8451, 45.2551))
	seen(c.ID, 80*time.Minute, 16.37, 48.2) // Vienna, of which nothing is confirmed
	nis := seen(c.ID, 30*time.Minute, 21.8958, 43.3209)
	say := func(v alerts.SightingView) string {
		var out []string
		for _, p := range v.Passages {
			of := map[string]string{"": "last seen", noviSad.ID: "Novi Sad"}[p.SightingID]
			out = append(out, fmt.Sprintf("%s: %s, %.0f km, %.1f h", of, p.Mode, p.DistanceM/1000, p.Hours))
		}
		return strings.Join(out, "; ")
	}
	for _, tt := range []struct {
		v    alerts.SightingView
		want string
	}{
		{nis, "last seen: car, 202 km, 2.5 h; Novi Sad: impossible, 270 km, 1.0 h"},
		{noviSad, "last seen: bus, 68 km, 1.5 h"},
		{seen("", 30*time.Minute, 21.8958, 43.3209), ""},
	} {
		if got := say(done(r.Sighting(r.ctx, r.boris, tt.v.ID))); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	list, err := r.Sightings(r.ctx, r.boris, alerts.SightingQuery{Box: &geo.Box{West: 21, South: 43, East: 22, North: 44}})
	r.ok(err)
	for _, f := range list.Features {
		if f.Properties.Passages != nil {
			t.Error("a list works out passages")
		}
	}
}
