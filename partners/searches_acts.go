package partners

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"homeward/geo"
	"homeward/geo/poa"
	"homeward/journal"
)

// What a team can be, at the most: more are slips of the keyboard.
const (
	maxSearchers = 2000
	maxSpeedKMH  = 200
	maxWidthM    = 5000
	maxTrackM    = 500_000
)

func (c *checker) within(field string, v, low, high float64) {
	if !(v >= low && v <= high) {
		c.Add(field, "out_of_range", fmt.Sprintf("This must be from %v to %v.", low, high))
	}
}

func (c *checker) plan(p SearchPlan) {
	c.within("plan.rest_percent", p.Rest, 100*poa.MinRest, 99)
	c.oneOf("plan.target", p.Target, SearchTargets()[:2])
	c.within("plan.searchers", float64(p.Searchers), 1, maxSearchers)
	c.within("plan.speed_kmh", p.SpeedKMH, 0.1, maxSpeedKMH)
	c.within("plan.width_m", p.WidthM, 0.5, maxWidthM)
}

// need refuses an act without the part that it is named after.
func (s *searchStep) need(field string, there bool) bool {
	if !there {
		s.check.Add(field, "required", "This is needed.")
	}
	return there
}

// plan changes what the search assumes; what is zero stays as it is.
func (s *searchStep) plan(next *Search) error {
	if s.need("plan", s.in.Plan != nil) {
		next.Plan = s.in.Plan.or(next.Plan)
		s.check.plan(next.Plan)
	}
	return nil
}

func (s *searchStep) segments(next *Search) error {
	s.need("segments", len(s.in.Segments) > 0)
	for i, in := range s.in.Segments {
		field := fmt.Sprintf("segments[%d].", i)
		area := geo.Area{Areas: []geo.Geometry{in.Area}}
		problems := area.Validate(s.desk.board.regions)
		for _, p := range problems {
			s.check.Add(field+"area", p.Code, p.Message)
		}
		s.check.line(field+"name", in.Name, false)
		s.check.line(field+"note", in.Note, false)
		if len(problems) == 0 {
			s.addSegment(next, field, in.Name, in.Note, area.Normalize().Areas[0])
		}
	}
	return nil
}

// addSegment adds a segment under a name that no other ever had.
func (s *searchStep) addSegment(next *Search, field, name, note string, area geo.Geometry) {
	if name == "" {
		n := len(next.Segments) + 1
		for next.named(strconv.Itoa(n)) {
			n++
		}
		name = strconv.Itoa(n)
	}
	if next.named(name) {
		s.check.Add(field+"name", "taken", "A segment of this search has or had this name.")
	}
	if len(next.segments()) >= maxSegments {
		s.check.Add(field+"area", "too_many", "This search takes no more segments.")
		return
	}
	next.Segments = append(slices.Clip(slices.Clone(next.Segments)), Segment{ID: s.id(), Name: name, Note: note, Area: area, GroundM2: area.GroundM2()})
}

func (s *Search) named(name string) bool {
	return slices.ContainsFunc(s.Segments, func(g Segment) bool { return g.Name == name })
}

// grid cuts an area into squares: rows are letters from the north, columns
// numbers from the west.
func (s *searchStep) grid(next *Search) error {
	if !s.need("grid", s.in.Grid != nil) {
		return nil
	}
	in := s.in.Grid
	s.check.within("grid.side_m", in.SideM, geo.MinCellM, geo.MaxCellM)
	problems := in.Area.Validate(s.desk.board.regions)
	for _, p := range problems {
		s.check.Add("grid.area", p.Code, p.Message)
	}
	if len(problems) > 0 || s.check.Err() != nil {
		return nil
	}
	cells, wanted := geo.Grid(s.desk.board.regions.Compile(in.Area.Normalize()), in.SideM)
	if cells == nil {
		s.check.Add("grid.side_m", "too_many_cells", fmt.Sprintf("These would be %d squares; at most %d are possible. Take a longer side.", wanted, geo.MaxCells))
		return nil
	}
	from := 0
	for slices.ContainsFunc(cells, func(c geo.GridCell) bool { return next.named(cellName(c, from)) }) {
		from++
	}
	for _, c := range cells {
		s.addSegment(next, "grid.", cellName(c, from), "", c.Area)
	}
	return nil
}

// cellName is a letter for the row and a number for the column, such as B7.
func cellName(c geo.GridCell, from int) string {
	row, letters := c.Row+from, ""
	for row >= 0 {
		letters = string(rune('A'+row%26)) + letters
		row = row/26 - 1
	}
	return letters + strconv.Itoa(c.Column+1)
}

// drop takes back a segment that nothing rests on yet.
func (s *searchStep) drop(next *Search) error {
	if !s.need("drop", s.in.Drop != nil) {
		return nil
	}
	id := s.in.Drop.SegmentID
	i := slices.IndexFunc(next.Segments, func(g Segment) bool { return g.ID == id && g.DroppedAt.IsZero() })
	switch {
	case i < 0:
		s.check.Add("drop.segment_id", "unknown_segment", "There is no such segment.")
		return nil
	case slices.ContainsFunc(next.Sweeps, func(w SearchSweep) bool { return w.SegmentID == id && w.UndoneAt.IsZero() }):
		s.check.Add("drop.segment_id", "swept", "This segment has been searched. It stays.")
	case slices.ContainsFunc(s.load(), func(t *SearchTask) bool { return t.SegmentID == id && t.open() }):
		s.check.Add("drop.segment_id", "in_use", "A team is being sent there. Stop its task first.")
	}
	next.Segments = slices.Clone(next.Segments)
	next.Segments[i].DroppedAt = s.check.now
	return nil
}

// estimate takes a planner's percentages: one for each segment and for the rest
// of the world.
func (s *searchStep) estimate(next *Search) error {
	if !s.need("estimate", s.in.Estimate != nil) {
		return nil
	}
	in := s.in.Estimate
	s.check.within("estimate.rest_percent", in.Rest, 100*poa.MinRest, 100)
	total := in.Rest
	seen := map[string]bool{}
	for i, p := range in.Shares {
		field := fmt.Sprintf("estimate.shares[%d].", i)
		s.check.within(field+"percent", p.Percent, 0, 100)
		if next.segment(p.SegmentID) == nil || seen[p.SegmentID] {
			s.check.Add(field+"segment_id", "unknown_segment", "There is no such segment, or it is there twice.")
		}
		seen[p.SegmentID] = true
		total += p.Percent
	}
	switch {
	case len(next.segments()) == 0:
		s.check.Add("estimate", "no_segments", "Draw the segments first.")
	case len(seen) != len(next.segments()):
		s.check.Add("estimate.shares", "all_segments", "Give every segment its percentage, and 0 where you think the child cannot be.")
	case math.Abs(total-100) > 0.5:
		s.check.Add("estimate.shares", "not_hundred", fmt.Sprintf("These add up to %.1f. Together with the rest of the world they have to be 100.", total))
	case len(next.Estimates) >= maxEstimates:
		s.check.Add("estimate", "too_many", "This search takes no more estimates.")
	}
	next.Estimates = append(slices.Clip(slices.Clone(next.Estimates)), SearchEstimate{ID: s.id(), By: s.actor.ID, At: s.check.now, Rest: in.Rest, Shares: slices.Clone(in.Shares)})
	return nil
}

// sweep writes down a search of a segment that did not find the child.
func (s *searchStep) sweep(next *Search) error {
	if !s.need("sweep", s.in.Sweep != nil) {
		return nil
	}
	in := s.in.Sweep
	w := SearchSweep{SegmentID: in.SegmentID, Tactic: in.Tactic, Target: in.Target, Note: in.Note}
	s.check.oneOf("sweep.tactic", in.Tactic, SearchTactics())
	s.check.oneOf("sweep.target", in.Target, SearchTargets())
	s.check.text("sweep.note", in.Note, textLength, false)
	segment := next.segment(in.SegmentID)
	if segment == nil {
		s.check.Add("sweep.segment_id", "unknown_segment", "There is no such segment.")
	}
	if in.PODPercent != nil {
		s.check.within("sweep.pod_percent", *in.PODPercent, 0, 99)
		w.POD = *in.PODPercent / 100
	} else {
		s.check.within("sweep.track_m", in.TrackM, 1, maxTrackM)
		s.check.within("sweep.searchers", float64(in.Searchers), 1, maxSearchers)
		s.check.within("sweep.width_m", in.WidthM, 0.5, maxWidthM)
		w.TrackM, w.Searchers, w.WidthM = in.TrackM, in.Searchers, in.WidthM
	}
	if s.check.Err() == nil {
		next.addSweep(w, segment, s.id(), s.actor.ID, s.check.now)
	}
	if len(next.Sweeps) > maxSweeps {
		s.check.Add("sweep", "too_many", "This search takes no more sweeps.")
	}
	return nil
}

// addSweep computes what is not given and keeps how probable the segment and the
// rest of the world were before and after.
func (s *Search) addSweep(w SearchSweep, segment *Segment, id, by string, now time.Time) {
	w.ID, w.By, w.At = id, by, now
	if w.TrackM > 0 {
		w.Coverage = poa.Coverage(w.TrackM, w.Searchers, w.WidthM, segment.GroundM2)
		w.POD = poa.POD(w.Coverage)
	}
	w.Before = s.step(segment.ID)
	s.Sweeps = append(slices.Clip(slices.Clone(s.Sweeps)), w)
	s.Sweeps[len(s.Sweeps)-1].After = s.step(segment.ID)
}

// undo takes a sweep back. It stays in the list, with who and why.
func (s *searchStep) undo(next *Search) error {
	if !s.need("undo", s.in.Undo != nil) {
		return nil
	}
	s.check.text("undo.reason", s.in.Undo.Reason, lineLength, true)
	i := slices.IndexFunc(next.Sweeps, func(w SearchSweep) bool { return w.ID == s.in.Undo.SweepID && w.UndoneAt.IsZero() })
	if i < 0 {
		s.check.Add("undo.sweep_id", "unknown_sweep", "There is no such sweep, or it was taken back already.")
		return nil
	}
	next.Sweeps = slices.Clone(next.Sweeps)
	w := &next.Sweeps[i]
	w.UndoneAt, w.UndoneBy, w.UndoneFor = s.check.now, s.actor.ID, s.in.Undo.Reason
	return nil
}

func (s *searchStep) points(next *Search) error {
	s.need("points", len(s.in.Points) > 0)
	next.Points = slices.Clip(slices.Clone(next.Points))
	for i, p := range s.in.Points {
		field := fmt.Sprintf("points[%d].", i)
		s.check.oneOf(field+"kind", p.Kind, CanvassKinds())
		s.check.line(field+"label", p.Label, true)
		next.Points = append(next.Points, CanvassPoint{ID: s.id(), Kind: p.Kind, Label: p.Label})
	}
	if len(next.Points) > maxPoints {
		s.check.Add("points", "too_many", "This search takes no more points.")
	}
	return nil
}

func (s *searchStep) point(next *Search) error {
	if !s.need("point", s.in.Point != nil) {
		return nil
	}
	in := s.in.Point
	s.check.line("point.note", in.Note, false)
	i := slices.IndexFunc(next.Points, func(p CanvassPoint) bool { return p.ID == in.PointID })
	if i < 0 {
		s.check.Add("point.point_id", "unknown_point", "There is no such point.")
		return nil
	}
	next.Points = slices.Clone(next.Points)
	p := &next.Points[i]
	p.DoneAt, p.DoneBy, p.Note = s.check.now, s.actor.ID, in.Note
	if in.Open {
		p.DoneAt, p.DoneBy = time.Time{}, ""
	}
	return nil
}

// end ends the search and stops every task that is open: what their leaders see
// is gone with this change.
func (s *searchStep) end(next *Search) error {
	next.EndedAt, next.EndedBy = s.check.now, s.actor.ID
	for _, t := range s.load() {
		if t.open() {
			stopped := *t
			stopped.State, stopped.EndedAt = TaskStopped, s.check.now
			s.also = append(s.also, journal.Document(&stopped))
		}
	}
	return nil
}
