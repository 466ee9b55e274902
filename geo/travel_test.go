package geo

import (
	"math"
	"slices"
	"testing"
	"time"
)

func TestTravelHasASourceForEachRow(t *testing.T) {
	t.Parallel()
	all, err := Travels()
	if err != nil {
		t.Fatal(err)
	}
	var modes []string
	for _, one := range all {
		modes = append(modes, one.Mode)
		if one.Verified {
			t.Errorf("%s is said to be checked", one.Mode)
		}
	}
	if !slices.Equal(modes, []string{"foot", "bicycle", "bus", "train", "car"}) {
		t.Errorf("modes %v", modes)
	}
}

func TestReach(t *testing.T) {
	t.Parallel()
	since := time.Date(2031, 3, 5, 10, 0, 0, 0, time.UTC)
	for name, one := range map[string]struct {
		hours float64
		modes []string
		km    float64
	}{
		"four hours by car":            {4, []string{"car"}, 4 * 110 / 1.3},
		"the farthest way counts":      {4, []string{"foot", "car", "bicycle"}, 4 * 110 / 1.3},
		"walkers sleep":                {24, []string{"foot"}, 10 * 6 / 1.3},
		"and walk on the next day":     {26, []string{"foot"}, 12 * 6 / 1.3},
		"what is farthest is no limit": {14 * 24, []string{"train"}, 5000},
	} {
		r := Reach{From: At(19.8, 45.1), Since: since, Until: since.Add(time.Duration(one.hours * float64(time.Hour))), Modes: one.modes}
		if p := r.Validate(); p != nil {
			t.Errorf("%s: %v", name, p)
			continue
		}
		a := r.Area()
		if p := a.Validate(nil); p != nil || len(a.Circles) != 1 || math.Abs(a.Circles[0].RadiusM-one.km*1000) > 1 {
			t.Errorf("%s: %v %+v, want %.0f km", name, p, a.Circles, one.km)
		}
		if len(r.Ways()) != len(one.modes) {
			t.Errorf("%s: ways %+v", name, r.Ways())
		}
	}
	for name, one := range map[string]struct {
		r    Reach
		want string
	}{
		"nothing":  {Reach{}, "from no_place; since no_time; modes no_mode"},
		"backward": {Reach{From: At(20, 44), Since: since, Until: since, Modes: []string{"car"}}, "until not_after"},
		"too long": {Reach{From: At(20, 44), Since: since, Until: since.Add(maxReach + 1), Modes: []string{"car"}}, "until too_long_ago"},
		"flying":   {Reach{From: At(20, 44), Since: since, Until: since.Add(1), Modes: []string{"carpet"}}, "modes[0] unknown_mode"},
	} {
		if got := codes(one.r.Validate()); got != one.want {
			t.Errorf("%s: %s, want %s", name, got, one.want)
		}
	}
}

// TestMoreTimeNeverReachesLess is a property of every way of travelling.
func TestMoreTimeNeverReachesLess(t *testing.T) {
	t.Parallel()
	all, err := Travels()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		before := 0.0
		for h := 0.0; h < 100; h += 0.25 {
			far := one.farM(h)
			if far < before || far > h*one.SpeedKMH*1000 {
				t.Fatalf("%s: %.0f m after %.2f hours, %.0f before", one.Mode, far, h, before)
			}
			before = far
		}
	}
}

// TestCrossingsLieOnTheirBorder compares the list with the boundaries, which
// are rough: a crossing lies within a few kilometres of both countries.
func TestCrossingsLieOnTheirBorder(t *testing.T) {
	t.Parallel()
	r := MustBuiltin()
	all, err := Crossings()
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, c := range all {
		for _, code := range []string{CrossingsFrom, c.Country} {
			if d := r.Compile(Area{Regions: []string{code}}).DistanceM(c.Point); d > 8000 {
				t.Errorf("%s lies %.1f km from %s", c.ID, d/1000, code)
			}
		}
		if ids[c.ID] || c.Verified || c.Name == "" || c.Beyond == "" {
			t.Errorf("%+v", c)
		}
		ids[c.ID] = true
	}
	if len(all) < 15 {
		t.Errorf("only %d crossings", len(all))
	}
}

func TestWhatAReachMeets(t *testing.T) {
	t.Parallel()
	r := MustBuiltin()
	sid := At(19.23, 45.13)
	m, err := r.Meets(Area{Circles: []Circle{{sid.Coordinates, 30_000}}}, sid)
	if err != nil {
		t.Fatal(err)
	}
	var countries, crossings []string
	for _, c := range m.Countries {
		countries = append(countries, c.Code)
	}
	for _, c := range m.Crossings {
		crossings = append(crossings, c.ID)
	}
	if m.Home != "RS" || !slices.Equal(countries, []string{"HR", "BA"}) {
		t.Errorf("from %s to %v", m.Home, countries)
	}
	if !slices.Equal(crossings, []string{"sid", "batrovci", "backa-palanka", "sremska-raca"}) {
		t.Errorf("crossings %v", crossings)
	}
	m, err = r.Meets(Area{Circles: []Circle{{[2]float64{20.9, 44.0}, 5000}}}, At(20.9, 44.0))
	if err != nil || len(m.Countries)+len(m.Crossings) != 0 {
		t.Errorf("from the middle of the country %+v, %v", m, err)
	}
}
