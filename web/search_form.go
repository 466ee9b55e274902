package web

import (
	"encoding/json"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"

	"homeward/geo"
	"homeward/partners"
)

func (f *Form) searchPlan() partners.SearchPlan {
	return partners.SearchPlan{
		Rest: f.Decimal("plan.rest_percent"), Target: f.Get("plan.target"), Searchers: f.Number("plan.searchers"),
		SpeedKMH: f.Decimal("plan.speed_kmh"), WidthM: f.Decimal("plan.width_m"),
	}
}

// searchAct reads the form of one act on a search.
func (f *Form) searchAct(act string, v partners.SearchView) (in partners.SearchAct) {
	switch act {
	case "plan":
		plan := f.searchPlan()
		in.Plan = &plan
	case "segments":
		in.Segments = f.newSegments()
	case "grid":
		in.Grid = f.newGrid()
	case "drop":
		in.Drop = &partners.DropSegment{SegmentID: f.Get("drop.segment_id")}
	case "estimate":
		in.Estimate = &partners.NewEstimate{Rest: f.Decimal("estimate.rest_percent")}
		for i, g := range v.Segments {
			in.Estimate.Shares = append(in.Estimate.Shares, partners.SegmentShare{SegmentID: g.ID, Percent: f.Decimal(fmt.Sprintf("estimate.shares[%d].percent", i))})
		}
	case "sweep":
		in.Sweep = f.newSweep()
	case "undo":
		in.Undo = &partners.UndoSweep{SweepID: f.Get("undo.sweep_id"), Reason: f.Get("undo.reason")}
	case "points":
		for line := range strings.Lines(f.Get("points.labels")) {
			if label := strings.TrimSpace(line); label != "" {
				in.Points = append(in.Points, partners.NewPoint{Kind: f.Get("points.kind"), Label: label})
			}
		}
	case "point":
		in.Point = &partners.PointDone{PointID: f.Get("point.point_id"), Open: f.On("point.open"), Note: f.Get("point.note")}
	}
	return in
}

// newSegments are the polygons that were drawn on the map, each a segment.
func (f *Form) newSegments() []partners.NewSegment {
	var drawn []geo.Geometry
	if text := f.Get("segments.areas"); text != "" && json.Unmarshal([]byte(text), &drawn) != nil {
		f.Errors.Add("segments", "bad_coordinates", "The drawn area cannot be read. Draw it again.")
	}
	var out []partners.NewSegment
	for i, g := range drawn {
		s := partners.NewSegment{Area: g}
		if len(drawn) == 1 || i == 0 {
			s.Name = f.Get("segments.name")
		}
		out = append(out, s)
	}
	return out
}

// newGrid is a circle around a place, to be cut into squares.
func (f *Form) newGrid() *partners.NewGrid {
	g := &partners.NewGrid{SideM: f.Decimal("grid.side_m")}
	at, radius := f.Point("grid.place"), f.Decimal("grid.radius_m")
	if at == nil && f.Wrong("grid.place") == nil {
		f.Errors.Add("grid.place", "required", "This is needed.")
	}
	if radius == 0 && f.Wrong("grid.radius_m") == nil {
		f.Errors.Add("grid.radius_m", "required", "This is needed.")
	}
	if at != nil {
		g.Area.Circles = []geo.Circle{{Center: [2]float64{at.Lon(), at.Lat()}, RadiusM: radius}}
	}
	return g
}

func (f *Form) newSweep() *partners.NewSweep {
	w := &partners.NewSweep{SegmentID: f.Get("sweep.segment_id"), Tactic: f.Get("sweep.tactic"), Target: f.Get("sweep.target"), Note: f.Get("sweep.note")}
	if f.Get("sweep.pod_percent") != "" {
		pod := f.Decimal("sweep.pod_percent")
		w.PODPercent = &pod
		return w
	}
	w.TrackM, w.Searchers, w.WidthM = 1000*f.Decimal("sweep.track_m"), f.Number("sweep.searchers"), f.Decimal("sweep.width_m")
	return w
}

// FormOf is the form of one act: what was refused, else its first values.
func (d searchData) FormOf(act string, p *Page) *Form {
	f := d.Refused.of(act, p)
	if f == d.Refused.Form || d.View == nil {
		return f
	}
	plan := d.View.Plan
	num := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	switch act {
	case "plan":
		f.Set("plan.rest_percent", num(plan.Rest))
		f.Set("plan.target", plan.Target)
		f.Set("plan.searchers", strconv.Itoa(plan.Searchers))
		f.Set("plan.speed_kmh", num(plan.SpeedKMH))
		f.Set("plan.width_m", num(plan.WidthM))
	case "grid":
		if l := d.Case.LastSeen; l != nil && l.Place != nil {
			f.SetPoint("grid.place", l.Place)
		}
		f.Set("grid.radius_m", "1000")
		f.Set("grid.side_m", "500")
	case "sweep":
		f.Set("sweep.target", plan.Target)
		f.Set("sweep.searchers", strconv.Itoa(plan.Searchers))
		f.Set("sweep.width_m", num(plan.WidthM))
		f.Set("sweep.segment_id", p.Query("segment"))
	case "tasks":
		f.Set("segment_id", p.Query("segment"))
		if best := d.Best(); f.Get("segment_id") == "" && len(best) > 0 {
			f.Set("segment_id", best[0].SegmentID)
		}
		f.Set("searchers", strconv.Itoa(plan.Searchers))
		f.Set("width_m", num(plan.WidthM))
	case "points":
		f.Set("points.kind", "poster")
	}
	return f
}

// FormOf is the form of one act on a task.
func (d searchTaskData) FormOf(act string, p *Page) *Form {
	return d.Refused.of(act, p, "found", "nothing")
}

// ShareField is the name of the field for a planner's percentage.
func (d searchData) ShareField(i int) string { return fmt.Sprintf("estimate.shares[%d].percent", i) }

// Best are the first of the segments to search next: those where no team is or
// goes already.
func (d searchData) Best() (out []partners.NextSegment) {
	for _, n := range d.View.Next {
		taken := slices.ContainsFunc(d.View.Segments, func(g partners.SegmentView) bool { return g.ID == n.SegmentID && g.Open })
		if !taken && len(out) < 5 {
			out = append(out, n)
		}
	}
	return out
}

// PointsDone counts the points of each kind, and those that were done.
func (d searchData) PointsDone() (out []struct {
	Kind      string
	All, Done int
}) {
	for _, kind := range partners.CanvassKinds() {
		all, done := 0, 0
		for _, p := range d.View.Points {
			if p.Kind == kind {
				all++
				if !p.DoneAt.IsZero() {
					done++
				}
			}
		}
		if all > 0 {
			out = append(out, struct {
				Kind      string
				All, Done int
			}{kind, all, done})
		}
	}
	return out
}

// SegmentChoices are the segments of a search by name.
func (p *Page) SegmentChoices(v partners.SearchView) []Choice {
	var out []Choice
	for _, g := range v.Segments {
		out = append(out, Choice{g.ID, g.Name + " · " + p.Percent(g.Now)})
	}
	return out
}

// The fixed lists of a search.
func (p *Page) SearchTargets(all bool) []string {
	if all {
		return partners.SearchTargets()
	}
	return partners.SearchTargets()[:2]
}
func (p *Page) SearchTactics() []string { return partners.SearchTactics() }
func (p *Page) CanvassKinds() []string  { return partners.CanvassKinds() }
func (p *Page) TeamFinds() []string     { return partners.TeamFinds() }

// Percent is a probability in words that do not pretend to more than is known:
// one decimal below ten.
func (p *Page) Percent(v float64) string {
	digits := 0
	if v < 0.1 && v > 0 {
		digits = 1
	}
	return p.decimal(100*v, digits) + " %"
}

// Decimal is a number with as many digits after the point as asked for.
func (p *Page) Decimal(v float64, digits int) string { return p.decimal(v, digits) }

func (p *Page) decimal(v float64, digits int) string {
	out := strconv.FormatFloat(v, 'f', digits, 64)
	if p.Lang != English {
		out = strings.ReplaceAll(out, ".", ",")
	}
	return out
}

// Hectares is a piece of ground in hectares, or square kilometres when large.
func (p *Page) Hectares(m2 float64) string {
	if m2 >= 1e6 {
		return p.decimal(m2/1e6, 2) + " km²"
	}
	return p.decimal(m2/1e4, 1) + " ha"
}

// SearchMap draws the segments, the darker the likelier each square kilometre,
// the best one outlined, and where teams walked.
func (p *Page) SearchMap(d searchData) template.HTML {
	v := d.View
	var most float64
	density := map[string]float64{}
	for _, n := range v.Next {
		density[n.SegmentID] = n.Density
		most = max(most, n.Density)
	}
	best := d.Best()
	var cells []geo.Cell
	for _, g := range v.Segments {
		c := geo.Cell{Area: p.s.Regions.Compile(geo.Area{Areas: []geo.Geometry{g.Area}}), Label: g.Name, Class: "segment"}
		if most > 0 {
			c.Level = int(math.Round(4 * density[g.ID] / most))
		}
		if len(best) > 0 && g.ID == best[0].SegmentID {
			c.Class = "segment next"
		}
		cells = append(cells, c)
	}
	var tracks []geo.Track
	for _, t := range v.Tasks {
		tracks = append(tracks, trackOf(t.Track))
	}
	var at *geo.Point
	if l := d.Case.LastSeen; l != nil {
		at = l.Place
	}
	return p.cellMap(cells, tracks, at, 900, 560, p.T("search.map_title"))
}

// TaskMap draws one segment.
func (p *Page) TaskMap(name string, area geo.Geometry, track [][][2]float64, width, height int) template.HTML {
	shape := p.s.Regions.Compile(geo.Area{Areas: []geo.Geometry{area}})
	return p.cellMap([]geo.Cell{{Area: shape, Label: name, Class: "segment next", Level: 1}}, []geo.Track{trackOf(track)}, nil, width, height, p.T("search.segment_map", "Name", name))
}

func (p *Page) cellMap(cells []geo.Cell, tracks []geo.Track, at *geo.Point, width, height int, title string) template.HTML {
	drawing := geo.Drawing{Lang: p.Lang, Title: title, Cells: cells, Tracks: tracks}
	var box geo.Box
	for i, c := range cells {
		b := c.Area.Bounds()
		if i == 0 {
			box = b
			continue
		}
		box.West, box.East = min(box.West, b.West), max(box.East, b.East)
		box.South, box.North = min(box.South, b.South), max(box.North, b.North)
	}
	if at != nil {
		drawing.Markers = []geo.Marker{{Point: *at, Class: "marker last-seen"}}
		near := geo.Box{West: box.West - 0.05, South: box.South - 0.05, East: box.East + 0.05, North: box.North + 0.05}
		if near.Contains(*at) { // one far away would make the segments specks
			box.West, box.East = min(box.West, at.Lon()), max(box.East, at.Lon())
			box.South, box.North = min(box.South, at.Lat()), max(box.North, at.Lat())
		}
	}
	return template.HTML(p.s.Basemap.SVG(box, width, height, drawing)) //nolint:gosec // the drawing escapes every text
}

func trackOf(runs [][][2]float64) geo.Track {
	var out geo.Track
	for _, run := range runs {
		var points []geo.Point
		for _, c := range run {
			points = append(points, geo.At(c[0], c[1]))
		}
		out.Runs = append(out.Runs, points)
	}
	return out
}

// Corners are the corners of a segment's first outline, for those who go there
// with a hand-held receiver; none when there are too many to type.
func (p *Page) Corners(g geo.Geometry) []string {
	if len(g.Coordinates) != 1 || len(g.Coordinates[0]) == 0 || len(g.Coordinates[0][0]) > 13 {
		return nil
	}
	var out []string
	for _, c := range g.Coordinates[0][0] {
		out = append(out, fmt.Sprintf("%.5f, %.5f", c[1], c[0]))
	}
	return slices.Compact(out[:max(0, len(out)-1)])
}

// MiddleOf is the middle of a segment.
func (p *Page) MiddleOf(g geo.Geometry) *geo.Point {
	at := p.s.Regions.Compile(geo.Area{Areas: []geo.Geometry{g}}).Centroid()
	return &at
}

// GeoLink opens a place in the reader's own map program; nobody else is asked.
func (p *Page) GeoLink(at *geo.Point) template.URL {
	return template.URL(fmt.Sprintf("geo:%.5f,%.5f", at.Lat(), at.Lon())) //nolint:gosec // two numbers
}

// SearchCenter is where the map for drawing begins.
func (p *Page) SearchCenter(d searchData) string {
	switch l := d.Case.LastSeen; {
	case d.View != nil && len(d.View.Segments) > 0:
		at := p.MiddleOf(d.View.Segments[0].Area)
		return fmt.Sprintf("%.4f,%.4f", at.Lon(), at.Lat())
	case l != nil && l.Place != nil:
		return fmt.Sprintf("%.4f,%.4f", l.Place.Lon(), l.Place.Lat())
	}
	return "20.8,44.2"
}

// SheetLines are what a team writes by hand at the end.
func (p *Page) SheetLines() []string {
	var out []string
	for _, key := range []string{"started", "ended", "searchers", "spacing", "weather", "not_covered", "found", "hazards"} {
		out = append(out, p.T("sheet."+key))
	}
	return out
}
