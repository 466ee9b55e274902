package partners_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
	"homeward/partners"
)

func box(lon, lat, side float64) geo.Geometry {
	return geo.Polygon([][2]float64{{lon, lat}, {lon + side, lat}, {lon + side, lat + side}, {lon, lat + side}, {lon, lat}})
}

func (h *house) search() partners.SearchView {
	h.t.Helper()
	v, err := h.OpenSearch(h.t.Context(), coordinator(), "case1", partners.SearchPlan{}, alerts.Request{})
	h.must(err)
	return v
}

func (h *house) plan(id, act string, in partners.SearchAct) partners.SearchView {
	h.t.Helper()
	v, err := h.ActOnSearch(h.t.Context(), coordinator(), id, act, in, alerts.Request{})
	h.must(err)
	return v
}

func (h *house) refused(id, act string, in partners.SearchAct, want string) {
	h.t.Helper()
	_, err := h.ActOnSearch(h.t.Context(), coordinator(), id, act, in, alerts.Request{})
	wantCode(h.t, err, alerts.Invalid)
	if !strings.Contains(fields(err), want) {
		h.t.Errorf("%s: %s, want %s", act, fields(err), want)
	}
}

// twoSegments opens a search with two segments of one size.
func (h *house) twoSegments() partners.SearchView {
	h.t.Helper()
	s := h.search()
	return h.plan(s.ID, "segments", partners.SearchAct{Segments: []partners.NewSegment{{Area: box(20.40, 44.80, 0.005)}, {Name: "River", Area: box(20.41, 44.80, 0.005)}}})
}

func fields(err error) string {
	var e *alerts.Error
	if !errors.As(err, &e) {
		return ""
	}
	var out []string
	for _, f := range e.Fields {
		out = append(out, f.Field+" "+f.Code)
	}
	return strings.Join(out, ", ")
}

func sum(v partners.SearchView) float64 {
	total := v.Rest
	for _, g := range v.Segments {
		total += g.Now
	}
	return total
}

func gpxWalk(lon, lat float64, lines int) string {
	var b strings.Builder
	b.WriteString(`<gpx version="1.1"><trk><trkseg>`)
	for i := range lines {
		for k := range 6 {
			x := float64(k)
			if i%2 == 1 {
				x = 5 - x
			}
			fmt.Fprintf(&b, `<trkpt lat="%.6f" lon="%.6f"/>`, lat+0.0004*float64(i+1), lon+0.001*x)
		}
	}
	b.WriteString(`</trkseg></trk></gpx>`)
	return b.String()
}

func TestASearchFromPlanToSweep(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.twoSegments()
	one, two := s.Segments[0].ID, s.Segments[1].ID
	if s.Segments[0].Name != "1" || s.Segments[1].Name != "River" || math.Abs(s.Segments[0].Now-0.35) > 0.001 || s.Rest != 0.3 {
		t.Fatalf("%+v", s)
	}
	share := func(rest, a, b float64) partners.SearchAct {
		return partners.SearchAct{Estimate: &partners.NewEstimate{Rest: rest, Shares: []partners.SegmentShare{{SegmentID: one, Percent: a}, {SegmentID: two, Percent: b}}}}
	}
	h.plan(s.ID, "estimate", share(20, 50, 30))
	other, err := h.ActOnSearch(t.Context(), operator(), s.ID, "estimate", share(40, 10, 50), alerts.Request{})
	h.must(err)
	if math.Abs(other.Segments[0].Now-0.3) > 1e-9 || math.Abs(other.Rest-0.3) > 1e-9 || !other.Estimates[0].Counts || !other.Estimates[1].Counts {
		t.Errorf("two planners: %+v", other.Segments)
	}
	h.plan(s.ID, "estimate", share(20, 50, 30)) // a planner's newer one replaces the older
	ninety := 60.0
	v := h.plan(s.ID, "sweep", partners.SearchAct{Sweep: &partners.NewSweep{SegmentID: one, Tactic: "hasty", Target: "responsive", PODPercent: &ninety}})
	if math.Abs(sum(v)-1) > 1e-9 || v.Segments[0].Now >= 0.3 || v.Rest <= 0.3 || v.Next[0].SegmentID != two || math.Abs(v.Success-0.18) > 1e-9 {
		t.Errorf("after a sweep: %+v", v)
	}
	if w := v.Sweeps[0]; math.Abs(w.Before.Segment-0.3) > 1e-9 || math.Abs(w.After.Segment-v.Segments[0].Now) > 1e-9 || math.Abs(w.After.Rest-v.Rest) > 1e-9 {
		t.Errorf("the history says %+v", w)
	}
	clue := h.plan(s.ID, "sweep", partners.SearchAct{Sweep: &partners.NewSweep{SegmentID: two, Tactic: "dogs", Target: "clue", TrackM: 4000, Searchers: 1, WidthM: 60}})
	if clue.Rest != v.Rest || clue.Sweeps[0].Counts || clue.Sweeps[0].POD <= 0 {
		t.Error("a sweep for traces moved the child")
	}
	undone := h.plan(s.ID, "undo", partners.SearchAct{Undo: &partners.UndoSweep{SweepID: v.Sweeps[0].ID, Reason: "It was the other meadow."}})
	if math.Abs(undone.Segments[0].Now-0.3) > 1e-9 || math.Abs(undone.Rest-0.3) > 1e-9 || undone.Sweeps[1].UndoneFor == "" || undone.Sweeps[1].Counts {
		t.Errorf("taken back: %+v", undone.Segments)
	}
	h.refused(s.ID, "undo", partners.SearchAct{Undo: &partners.UndoSweep{SweepID: v.Sweeps[0].ID, Reason: "again"}}, "unknown_sweep")
	more := h.plan(s.ID, "segments", partners.SearchAct{Segments: []partners.NewSegment{{Area: box(20.42, 44.80, 0.005)}}})
	if more.Estimates[0].Counts || math.Abs(sum(more)-1) > 1e-9 {
		t.Error("an estimate that does not name the new segment counts")
	}
	if less := h.plan(s.ID, "drop", partners.SearchAct{Drop: &partners.DropSegment{SegmentID: more.Segments[2].ID}}); !less.Estimates[0].Counts || len(less.Segments) != 2 {
		t.Error("a dropped segment still stands in the way")
	}
}

func TestWhatASearchRefuses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.twoSegments()
	one := s.Segments[0].ID
	for _, w := range []struct {
		act, want string
		in        partners.SearchAct
	}{
		{"plan", "plan.rest_percent", partners.SearchAct{Plan: &partners.SearchPlan{Rest: 0.3}}},
		{"plan", "plan.target", partners.SearchAct{Plan: &partners.SearchPlan{Target: "clue"}}},
		{"plan", "required", partners.SearchAct{}},
		{"segments", "taken", partners.SearchAct{Segments: []partners.NewSegment{{Name: "River", Area: box(20.5, 44.8, 0.01)}}}},
		{"segments", "segments[0].area", partners.SearchAct{Segments: []partners.NewSegment{{Area: geo.Geometry{}}}}},
		{"grid", "too_many_cells", partners.SearchAct{Grid: &partners.NewGrid{SideM: 50, Area: geo.Area{Circles: []geo.Circle{{Center: [2]float64{20.4, 44.8}, RadiusM: 3000}}}}}},
		{"grid", "grid.side_m", partners.SearchAct{Grid: &partners.NewGrid{SideM: 1, Area: geo.Area{Circles: []geo.Circle{{Center: [2]float64{20.4, 44.8}, RadiusM: 3000}}}}}},
		{"estimate", "all_segments", partners.SearchAct{Estimate: &partners.NewEstimate{Rest: 50, Shares: []partners.SegmentShare{{SegmentID: one, Percent: 50}}}}},
		{"estimate", "estimate.rest_percent", partners.SearchAct{Estimate: &partners.NewEstimate{Rest: 0, Shares: []partners.SegmentShare{{SegmentID: one, Percent: 50}, {SegmentID: s.Segments[1].ID, Percent: 50}}}}},
		{"estimate", "not_hundred", partners.SearchAct{Estimate: &partners.NewEstimate{Rest: 10, Shares: []partners.SegmentShare{{SegmentID: one, Percent: 50}, {SegmentID: s.Segments[1].ID, Percent: 50}}}}},
		{"sweep", "sweep.track_m", partners.SearchAct{Sweep: &partners.NewSweep{SegmentID: one, Tactic: "hasty", Target: "responsive"}}},
		{"sweep", "unknown_segment", partners.SearchAct{Sweep: &partners.NewSweep{SegmentID: "x", Tactic: "hasty", Target: "responsive", TrackM: 1, Searchers: 1, WidthM: 1}}},
		{"points", "points[0].kind", partners.SearchAct{Points: []partners.NewPoint{{Label: "x"}}}},
		{"point", "unknown_point", partners.SearchAct{Point: &partners.PointDone{PointID: "x"}}},
	} {
		h.refused(s.ID, w.act, w.in, w.want)
	}
	_, err := h.OpenSearch(t.Context(), coordinator(), "case1", partners.SearchPlan{}, alerts.Request{})
	wantCode(t, err, alerts.Conflict)
	_, err = h.Search(t.Context(), lawyer(), s.ID)
	wantCode(t, err, alerts.NotFound)
	_, err = h.ActOnSearch(t.Context(), h.shelter, s.ID, "end", partners.SearchAct{}, alerts.Request{})
	wantCode(t, err, alerts.NotFound)
	swept := 10.0
	h.plan(s.ID, "sweep", partners.SearchAct{Sweep: &partners.NewSweep{SegmentID: one, Tactic: "hasty", Target: "responsive", PODPercent: &swept}})
	h.refused(s.ID, "drop", partners.SearchAct{Drop: &partners.DropSegment{SegmentID: one}}, "swept")
}

func TestAGridGetsNames(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.search()
	grid := partners.SearchAct{Grid: &partners.NewGrid{SideM: 500, Area: geo.Area{Circles: []geo.Circle{{Center: [2]float64{20.4, 44.8}, RadiusM: 600}}}}}
	v := h.plan(s.ID, "grid", grid)
	if len(v.Segments) < 5 || v.Segments[0].Name[0] != 'A' || math.Abs(sum(v)-1) > 1e-9 {
		t.Errorf("%d segments, the first %s", len(v.Segments), v.Segments[0].Name)
	}
	again := h.plan(s.ID, "grid", grid)
	names := map[string]bool{}
	for _, g := range again.Segments {
		if names[g.Name] {
			t.Errorf("two segments are called %s", g.Name)
		}
		names[g.Name] = true
	}
}

func TestATeamByCode(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.twoSegments()
	ctx := t.Context()
	send := func(team string) partners.MadeTask {
		m, err := h.SendTeam(ctx, coordinator(), s.ID, partners.NewSearchTask{SegmentID: s.Segments[0].ID, Tactic: "loose_grid", Team: team, Leader: "Ivan", Contact: "+381 11 000 0021", Brief: "A boy in a red jacket.", Searchers: 5, WidthM: 20}, alerts.Request{})
		h.must(err)
		return m
	}
	m := send("Gorska")
	act := func(code, act string, in partners.TeamAct) (partners.TeamTaskView, error) {
		in.Code = code
		return h.ActAsTeam(ctx, alerts.Public(), act, in, alerts.Request{})
	}
	seen, err := h.TeamTask(strings.ToLower(m.Code))
	h.must(err)
	out := toJSON(t, seen)
	for _, word := range []string{"ZqP", "case1", "NUMBER", "+381", m.ID} {
		if strings.Contains(out, word) {
			t.Errorf("the team sees %s", word)
		}
	}
	_, err = act(m.Code, "accept", partners.TeamAct{})
	h.must(err)
	_, err = act(m.Code, "accept", partners.TeamAct{})
	wantCode(t, err, alerts.Conflict)
	_, err = act(m.Code, "start", partners.TeamAct{})
	h.must(err)
	_, err = act(m.Code, "done", partners.TeamAct{Found: "clue"})
	wantCode(t, err, alerts.Invalid)
	_, err = act(m.Code, "done", partners.TeamAct{Found: "nothing", GPX: "<kml/>"})
	wantCode(t, err, alerts.Invalid)
	_, err = act(m.Code, "stop", partners.TeamAct{})
	wantCode(t, err, alerts.NotFound)
	done, err := act(m.Code, "done", partners.TeamAct{Found: "nothing", NotCovered: "the pond", GPX: gpxWalk(20.40, 44.80, 10)})
	h.must(err)
	v, err := h.Search(ctx, coordinator(), s.ID)
	h.must(err)
	w := v.Sweeps[0]
	if done.InsideM < 3500 || w.TaskID != m.ID || math.Abs(w.Coverage-done.InsideM*5*20/v.Segments[0].GroundM2) > 1e-9 || v.Segments[0].Now >= 0.35 {
		t.Errorf("inside %v, sweep %+v", done.InsideM, w)
	}
	second := send("Vatrogasci")
	_, err = act(second.Code, "done", partners.TeamAct{Found: "sighting", Text: "A boy crossed the bridge.", Place: point(20.4, 44.8)})
	h.must(err)
	task, err := h.SearchTask(ctx, coordinator(), second.ID)
	h.must(err)
	doc, err := h.Journal.Document(ctx, journal.Key{Collection: "sightings", ID: task.SightingID})
	h.must(err)
	if got := doc.(*alerts.Sighting); got.CaseID != "case1" || got.Text != "A boy crossed the bridge." || got.State != alerts.SightingNew {
		t.Errorf("%+v", got)
	}
	for _, k := range []journal.Key{{Collection: "searches", ID: s.ID}, {Collection: "search_tasks", ID: m.ID}} {
		if of, ok := h.MayHear(coordinator(), k); !ok || of != "case1" {
			t.Errorf("the desk does not hear of %s", k)
		}
		if _, ok := h.MayHear(lawyer(), k); ok {
			t.Errorf("a lawyer hears of %s", k)
		}
	}
	third := send("Izviđači")
	fresh, err := h.ActOnSearchTask(ctx, coordinator(), third.ID, "code", partners.TeamAct{}, alerts.Request{})
	h.must(err)
	_, err = h.TeamTask(third.Code)
	wantCode(t, err, alerts.NotFound)
	_, err = h.TeamTask(fresh.Code)
	h.must(err)
	h.plan(s.ID, "end", partners.SearchAct{})
	_, err = h.TeamTask(fresh.Code)
	wantCode(t, err, alerts.Gone)
	_, err = act(fresh.Code, "accept", partners.TeamAct{})
	wantCode(t, err, alerts.Gone)
	_, err = h.ActOnSearch(ctx, coordinator(), s.ID, "plan", partners.SearchAct{Plan: &partners.SearchPlan{}}, alerts.Request{})
	wantCode(t, err, alerts.Conflict)
}

func point(lon, lat float64) *geo.Point {
	p := geo.At(lon, lat)
	return &p
}

func TestTheEndOfACaseEndsItsSearch(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.twoSegments()
	m, err := h.SendTeam(t.Context(), coordinator(), s.ID, partners.NewSearchTask{SegmentID: s.Segments[0].ID, Tactic: "hasty", Team: "One"}, alerts.Request{})
	h.must(err)
	h.change(func(c *alerts.Case) { c.State = alerts.StateFound })
	_, err = h.TeamTask(m.Code)
	wantCode(t, err, alerts.Gone)
	_, err = h.ActOnSearch(t.Context(), coordinator(), s.ID, "points", partners.SearchAct{Points: []partners.NewPoint{{Kind: "poster", Label: "Market"}}}, alerts.Request{})
	wantCode(t, err, alerts.Conflict)
	_, err = h.OpenSearch(t.Context(), coordinator(), "case1", partners.SearchPlan{}, alerts.Request{})
	wantCode(t, err, alerts.Conflict)
}

func TestABriefTellsNothingHidden(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.twoSegments()
	h.change(func(c *alerts.Case) {
		c.Hidden = alerts.Hidden{{ID: "f", Field: alerts.HideHome, Party: alerts.PartyTaking, Words: []string{"Avala"}}}
	})
	_, err := h.SendTeam(t.Context(), coordinator(), s.ID, partners.NewSearchTask{SegmentID: s.Segments[0].ID, Tactic: "hasty", Team: "One", Brief: "The aunt lives at Avala."}, alerts.Request{})
	wantCode(t, err, alerts.Invalid)
}

// TestUndoIsTheIdentity sweeps at random and takes some back: what is left is
// what only the others would have made.
func TestUndoIsTheIdentity(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.twoSegments()
	rapid.Check(t, func(r *rapid.T) {
		before, err := h.Search(h.t.Context(), coordinator(), s.ID)
		h.must(err)
		if len(before.Sweeps) > 60 { // what is taken back stays in the list
			h = newHouse(t)
			s = h.twoSegments()
			before = s
		}
		var made []string
		for range rapid.IntRange(1, 3).Draw(r, "sweeps") {
			pod := float64(rapid.IntRange(0, 99).Draw(r, "pod"))
			v := h.plan(s.ID, "sweep", partners.SearchAct{Sweep: &partners.NewSweep{SegmentID: s.Segments[rapid.IntRange(0, 1).Draw(r, "where")].ID, Tactic: "hasty", Target: rapid.SampledFrom(partners.SearchTargets()).Draw(r, "target"), PODPercent: &pod}})
			if math.Abs(sum(v)-1) > 1e-9 {
				r.Fatalf("the sum is %v", sum(v))
			}
			made = append(made, v.Sweeps[0].ID)
		}
		var after partners.SearchView
		for _, id := range rapid.Permutation(made).Draw(r, "order") {
			after = h.plan(s.ID, "undo", partners.SearchAct{Undo: &partners.UndoSweep{SweepID: id, Reason: "wrong"}})
		}
		for i := range after.Segments {
			if math.Abs(after.Segments[i].Now-before.Segments[i].Now) > 1e-9 {
				r.Fatalf("%v became %v", before.Segments[i].Now, after.Segments[i].Now)
			}
		}
	})
}

func TestSearchesInBothStores(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]home{"bolt": boltHome(t), "mongodb": mongoHome(t)} {
		if open == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			d, stop := startOn(t, open)
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			do := func(out journal.Outcome) {
				t.Helper()
				_, err := d.Journal.Do(ctx, journal.Command{Actor: "test", Action: "test", Decide: func(*journal.View) (journal.Outcome, error) { return out, nil }})
				must(err)
			}
			do(journal.Outcome{Documents: houseDocuments(time.Now())})
			s, err := d.OpenSearch(ctx, coordinator(), "case1", partners.SearchPlan{}, alerts.Request{})
			must(err)
			s, err = d.ActOnSearch(ctx, coordinator(), s.ID, "segments", partners.SearchAct{Segments: []partners.NewSegment{{Area: box(20.40, 44.80, 0.005)}}}, alerts.Request{})
			must(err)
			m, err := d.SendTeam(ctx, coordinator(), s.ID, partners.NewSearchTask{SegmentID: s.Segments[0].ID, Tactic: "hasty", Team: "One"}, alerts.Request{})
			must(err)
			_, err = d.ActAsTeam(ctx, alerts.Public(), "done", partners.TeamAct{Code: m.Code, Found: "nothing", GPX: gpxWalk(20.40, 44.80, 4)}, alerts.Request{})
			must(err)
			before, err := d.Search(ctx, coordinator(), s.ID)
			must(err)
			stop()
			d, stop = startOn(t, open)
			defer stop()
			after, err := d.Search(ctx, coordinator(), s.ID)
			must(err)
			if toJSON(t, before) != toJSON(t, after) || len(after.Tasks[0].Track) != 1 {
				t.Errorf("before %s\nafter %s", toJSON(t, before), toJSON(t, after))
			}
			do(journal.Outcome{Forget: append(d.PartnerBoard().ErasureKeys("case1"), journal.Key{Collection: "cases", ID: "case1"})})
			_, err = d.Search(ctx, coordinator(), s.ID)
			wantCode(t, err, alerts.NotFound)
			_, err = d.TeamTask(m.Code)
			wantCode(t, err, alerts.NotFound)
			if n := len(d.PartnerBoard().Searches()) + len(d.PartnerBoard().SearchTasks()); n != 0 {
				t.Errorf("%d are left", n)
			}
		})
	}
}
