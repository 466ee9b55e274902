package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/partners"
)

// planSearch plans one search on the ground: a small child on a mountain, with
// segments, two planners, three teams, and a street where people are asked.
func (t *teller) planSearch() error {
	of := t.byKey("stefan")
	if of == nil {
		return fmt.Errorf("there is no case %q to search for", "stefan")
	}
	var id string
	t.on(of, of.opened.Add(time.Hour), func(ctx context.Context) (err error) {
		id, err = t.beginSearch(ctx, of)
		return err
	})
	t.on(of, of.opened.Add(5*time.Hour), func(ctx context.Context) error { return t.searchOn(ctx, of, id) })
	return nil
}

func (t *teller) beginSearch(ctx context.Context, of *searching) (string, error) {
	v, err := t.Desk.OpenSearch(ctx, t.staff.jelena, of.id, partners.SearchPlan{Rest: 20, Searchers: 6, SpeedKMH: 1.2, WidthM: 25}, alerts.Request{})
	if err != nil {
		return "", err
	}
	at := of.place.Point
	v, err = t.Desk.ActOnSearch(ctx, t.staff.jelena, v.ID, "grid", partners.SearchAct{Grid: &partners.NewGrid{
		SideM: 800, Area: geo.Area{Circles: []geo.Circle{{Center: [2]float64{at.Lon(), at.Lat()}, RadiusM: 1150}}},
	}}, alerts.Request{})
	if err != nil {
		return "", err
	}
	for i, planner := range []alerts.Actor{t.staff.jelena, t.staff.operator} {
		if _, err := t.Desk.ActOnSearch(ctx, planner, v.ID, "estimate", partners.SearchAct{Estimate: estimate(v, i)}, alerts.Request{}); err != nil {
			return "", err
		}
	}
	_, err = t.Desk.ActOnSearch(ctx, t.staff.operator, v.ID, "points", partners.SearchAct{Points: []partners.NewPoint{
		{Kind: "poster", Label: "Ski school and ticket office"}, {Kind: "poster", Label: "Bus station"}, {Kind: "door_to_door", Label: "Holiday houses below the run"},
		{Kind: "camera", Label: "Camera of the lower lift station"}, {Kind: "transport", Label: "Drivers of the evening bus"},
	}}, alerts.Request{})
	return v.ID, err
}

// estimate is what one of two planners thinks: more in the middle, a little
// otherwise by each.
func estimate(v partners.SearchView, planner int) *partners.NewEstimate {
	out := &partners.NewEstimate{Rest: float64(20 + 10*planner)}
	total := 0.0
	weight := func(i int) float64 { return float64(1 + (i*(5+planner)+2*planner)%7) }
	for i := range v.Segments {
		total += weight(i)
	}
	for i, g := range v.Segments {
		out.Shares = append(out.Shares, partners.SegmentShare{SegmentID: g.ID, Percent: (100 - out.Rest) * weight(i) / total})
	}
	return out
}

// searchOn sends three teams: one is done, one is under way, one is planned.
func (t *teller) searchOn(ctx context.Context, of *searching, id string) error {
	v, err := t.Desk.Search(ctx, t.staff.jelena, id)
	if err != nil {
		return err
	}
	for i, team := range []struct{ name, leader, tactic, brief string }{
		{"Mountain rescue, group 1", "Vuk Primerić", "loose_grid", "A boy of five, green jacket, blue hat. He may hide from loud voices: call softly, look under branches and into sheds."},
		{"Volunteers from the ski club", "Neda Probnić", "hasty", "The paths and the stream below the run. Stay in pairs."},
		{"Search dogs", "Igor Uzorić", "dogs", "Begin where he was last seen."},
	} {
		m, err := t.Desk.SendTeam(ctx, t.staff.jelena, id, partners.NewSearchTask{
			SegmentID: v.Next[i].SegmentID, Tactic: team.tactic, Team: team.name, Leader: team.leader, Contact: "+381 11 000 0031", Brief: team.brief,
		}, alerts.Request{})
		if err != nil {
			return err
		}
		if err := t.teamActs(ctx, m, i); err != nil {
			return err
		}
	}
	for _, p := range v.Points[:2] {
		if _, err := t.Desk.ActOnSearch(ctx, t.staff.operator, id, "point", partners.SearchAct{Point: &partners.PointDone{PointID: p.ID}}, alerts.Request{}); err != nil {
			return err
		}
	}
	return nil
}

func (t *teller) teamActs(ctx context.Context, m partners.MadeTask, n int) error {
	acts := []partners.TeamAct{{}, {}}
	if n == 0 {
		acts = append(acts, partners.TeamAct{Found: "clue", Text: "A child's glove under the third spruce by the path. Left where it was, marked with tape.", NotCovered: "The steep part above the stream.", GPX: lines(m.Area)})
	}
	for i, act := range acts[:min(len(acts), 3-n)] {
		act.Code = m.Code
		if _, err := t.Desk.ActAsTeam(ctx, alerts.Public(), []string{"accept", "start", "done"}[i], act, alerts.Request{}); err != nil {
			return err
		}
	}
	return nil
}

// lines is a track up and down a square segment.
func lines(area geo.Geometry) string {
	ring := area.Coordinates[0][0]
	west, south, east, north := ring[0][0], ring[0][1], ring[0][0], ring[0][1]
	for _, c := range ring {
		west, south, east, north = min(west, c[0]), min(south, c[1]), max(east, c[0]), max(north, c[1])
	}
	var b strings.Builder
	b.WriteString(`<gpx version="1.1"><trk><trkseg>`)
	for i := range 6 {
		lon := west + (east-west)*(float64(i)+.5)/6
		for k := range 8 {
			share := (float64(k) + .3) / 8
			if i%2 == 1 {
				share = 1 - share
			}
			fmt.Fprintf(&b, `<trkpt lat="%.6f" lon="%.6f"/>`, south+(north-south)*share, lon)
		}
	}
	b.WriteString(`</trkseg></trk></gpx>`)
	return b.String()
}
