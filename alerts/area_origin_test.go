package alerts

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/geo"
)

func seenCase() *Case {
	c, at := draftCase(), geo.At(19.8, 45.1)
	c.LastSeen = LastSeen{At: draftNow.Add(-3 * time.Hour), Place: &at}
	return c
}

func wished(c *Case, al *Alert, r Revision, reach *ReachInput, corridor *geo.Corridor) (*Alert, error) {
	return draftRule(c, al, r, draftWish{nil, areaWish{reach, corridor}}, Actor{ID: "ana", Kind: KindPerson}, nil, draftNow)
}

func TestReachBecomesTheArea(t *testing.T) {
	t.Parallel()
	r := goodDraft()
	r.Area = geo.Area{}
	al, err := wished(seenCase(), &Alert{}, r, &ReachInput{HoursAhead: 1, Modes: []string{"foot", "car"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := al.Draft
	if len(d.Area.Circles) != 1 || math.Abs(d.Area.Circles[0].RadiusM-4*110/1.3*1000) > 1 || d.Area.Circles[0].Center != [2]float64{19.8, 45.1} {
		t.Errorf("area %+v", d.Area)
	}
	if got := d.Origin.String(); got != "reach: 4 h by car from 45.1,19.8" {
		t.Errorf("origin %q", got)
	}
	if len(d.Origin.Ways) != 2 || d.Origin.Ways[0].SpeedKMH != 110 || d.Origin.Ways[0].Source == "" {
		t.Errorf("what was taken is not kept: %+v", d.Origin.Ways)
	}
	// A draft that changes something else keeps area and origin, one that gives
	// another area drops the origin.
	next := (&AlertUpdate{}).over(al)
	if next.Origin != d.Origin || len(next.Area.Circles) != 1 {
		t.Errorf("kept %+v", next)
	}
	next = (&AlertUpdate{Area: &geo.Area{Regions: []string{"RS"}}}).over(al)
	if next.Origin != nil || len(next.Area.Circles) != 0 {
		t.Errorf("replaced %+v", next)
	}
	next = (&AlertUpdate{Corridor: &geo.Corridor{}}).over(al)
	if next.Origin != nil || !next.Area.IsEmpty() {
		t.Errorf("to be replaced %+v", next)
	}
}

func TestCorridorIsAddedToWhatWasDrawn(t *testing.T) {
	t.Parallel()
	c := &geo.Corridor{Line: [][2]float64{{20.46, 44.81}, {19.67, 46.1}}, WidthKM: 10, Places: []string{"Beograd", "Subotica"}}
	al, err := wished(draftCase(), &Alert{}, goodDraft(), nil, c)
	if err != nil {
		t.Fatal(err)
	}
	if a := al.Draft.Area; len(a.Circles) != 1 || len(a.Areas) != 1 {
		t.Errorf("area %+v", a)
	}
	if got := al.Draft.Origin.String(); !strings.HasPrefix(got, "corridor: 10 km to either side of a line of 15") {
		t.Errorf("origin %q", got)
	}
	without, err := drafted(draftCase(), &Alert{}, Revision{Level: LevelPartner, Severity: "severe", ExpiresAt: draftNow.Add(time.Hour), Area: al.Draft.Area, Texts: goodDraft().Texts})
	if err != nil {
		t.Fatal(err)
	}
	with := *without.Draft
	with.Origin = al.Draft.Origin
	if contentHash(al, &with) == without.Draft.ContentHash {
		t.Error("the hash does not cover why the area is what it is")
	}
}

func TestWhatCannotBeWorkedOut(t *testing.T) {
	t.Parallel()
	nowhere := goodDraft()
	nowhere.Area = geo.Area{}
	for name, one := range map[string]struct {
		c        *Case
		reach    *ReachInput
		corridor *geo.Corridor
		want     []string
	}{
		"nobody was seen":  {draftCase(), &ReachInput{Modes: []string{"car"}}, nil, []string{"reach.from no_place", "reach.since no_time"}},
		"no way":           {seenCase(), &ReachInput{HoursAhead: 1}, nil, []string{"reach.modes no_mode"}},
		"looking backward": {seenCase(), &ReachInput{HoursAhead: -5, Modes: []string{"car"}}, nil, []string{"reach.until not_after"}},
		"no line":          {seenCase(), nil, &geo.Corridor{WidthKM: 5}, []string{"corridor.line too_few_places"}},
		"both": {seenCase(), &ReachInput{HoursAhead: 1, Modes: []string{"rocket"}}, &geo.Corridor{Line: [][2]float64{{20, 44}, {20, 45}}}, []string{
			"reach.modes[0] unknown_mode", "corridor.width_km bad_width",
		}},
	} {
		_, err := wished(one.c, &Alert{}, nowhere, one.reach, one.corridor)
		var got []string
		if e, ok := err.(*Error); ok {
			for _, f := range e.Fields {
				got = append(got, f.Field+" "+f.Code)
			}
		}
		if !slices.Equal(got, one.want) {
			t.Errorf("%s: %v, want %v", name, got, one.want)
		}
	}
}

func TestWhatAnOriginExplains(t *testing.T) {
	t.Parallel()
	o, a := &AreaOrigin{}, geo.Area{Regions: []string{"RS"}}
	for _, one := range []struct {
		why  geo.Why
		want bool
	}{
		{geo.Why{Code: "region", Region: "RS"}, false}, {geo.Why{Code: "region", Region: "HU"}, true},
		{geo.Why{Code: "area"}, true}, {geo.Why{Code: "distance", Region: "RS", DistanceM: 10}, true},
	} {
		if o.Explains(a, one.why) != one.want {
			t.Errorf("%+v: not %t", one.why, one.want)
		}
	}
	if (*AreaOrigin)(nil).Explains(a, geo.Why{Code: "area"}) {
		t.Error("no origin explains nothing")
	}
}
