package partners

import (
	"context"
	"errors"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
)

// trackPoints is how many positions of a track are kept to draw it; its length
// is taken before.
const trackPoints = 2000

// MadeTask is a task with the code of its leader, which is told once.
type MadeTask struct {
	SearchTaskView
	Code string `json:"code"`
}

// SendTeam makes a task for a team. The answer holds the code of its leader.
func (d *Desk) SendTeam(ctx context.Context, a alerts.Actor, searchID string, in NewSearchTask, r alerts.Request) (MadeTask, error) {
	if _, _, err := d.visibleSearch(a, searchID); err != nil {
		return MadeTask{}, err
	}
	id, code := entryID(r, d), alerts.NewCode(d.Seed("team leader's code", r))
	done, err := d.Do(ctx, a, "search.task", r, func(v *journal.View) (journal.Outcome, error) {
		s, c, err := loadSearch(v, searchID)
		if err != nil {
			return journal.Outcome{}, err
		}
		if err := goesOn(s, c); err != nil {
			return journal.Outcome{}, err
		}
		t := &SearchTask{
			Head: journal.Head{ID: id}, SearchID: s.ID, CaseID: s.CaseID, State: TaskPlanned, SegmentID: in.SegmentID, Tactic: in.Tactic,
			PlannedAt: in.PlannedAt.UTC().Truncate(time.Millisecond), Searchers: in.Searchers, WidthM: in.WidthM, MadeBy: a.ID,
			Brief: SearchBrief{in.Team, in.Leader, in.Contact, in.Brief}, Receipt: alerts.HashSecret(alerts.NormalCode(code)),
		}
		if t.Searchers == 0 {
			t.Searchers = s.Plan.Searchers
		}
		if t.WidthM == 0 {
			t.WidthM = s.Plan.WidthM
		}
		check := newChecker(v.Now, time.UTC)
		check.task(t, s, c)
		others := d.tasksIn(v, searchID)
		if t.N = len(others) + 1; t.N > maxTasks {
			check.Add("", "too_many", "This search takes no more tasks.")
		}
		return journal.Outcome{Documents: []journal.Document{t}}, check.Err()
	})
	if err != nil {
		return MadeTask{}, err
	}
	v, err := d.SearchTask(ctx, a, done.Keys[0].ID)
	return MadeTask{v, code}, err
}

// task checks a task. What a team reads may not tell what is hidden from a
// party: nobody knows who walks along.
func (c *checker) task(t *SearchTask, s *Search, of *alerts.Case) {
	if s.segment(t.SegmentID) == nil {
		c.Add("segment_id", "unknown_segment", "There is no such segment.")
	}
	c.oneOf("tactic", t.Tactic, SearchTactics())
	c.line("team", t.Brief.Team, true)
	c.line("leader", t.Brief.Leader, false)
	c.line("contact", t.Brief.Contact, false)
	c.text("brief", t.Brief.Text, textLength, false)
	c.telling(of, "brief", t.Brief.Text)
	c.within("searchers", float64(t.Searchers), 1, maxSearchers)
	c.within("width_m", t.WidthM, 0.5, maxWidthM)
	if y := t.PlannedAt.Year(); y != 1 && (y < 2000 || y > 2200) {
		c.Add("planned_at", "date", "This time cannot be.")
	}
}

// SearchTaskActs are what the desk can do with a task: stop it, give its leader
// a new code, add a recorded track, and write down what a team reported.
func SearchTaskActs() []string { return []string{"stop", "code", "track", "accept", "start", "done"} }

// TeamActs are what a leader does with a code.
func TeamActs() []string { return []string{"accept", "start", "done"} }

// ActOnSearchTask carries out one of SearchTaskActs. The answer has a code only
// after code.
func (d *Desk) ActOnSearchTask(ctx context.Context, a alerts.Actor, id, act string, in TeamAct, r alerts.Request) (MadeTask, error) {
	t, ok := d.board.SearchTask(id)
	if !ok {
		return MadeTask{}, missing("task " + id)
	}
	if _, _, err := d.visibleSearch(a, t.SearchID); err != nil {
		return MadeTask{}, missing("task " + id)
	}
	if !slices.Contains(SearchTaskActs(), act) {
		return MadeTask{}, missing("act " + act)
	}
	code := ""
	if act == "code" {
		code = alerts.NewCode(d.Seed("team leader's code", r))
	}
	if err := d.taskChange(ctx, a, "search.task", id, act, code, in, r); err != nil {
		return MadeTask{}, err
	}
	v, err := d.SearchTask(ctx, a, id)
	return MadeTask{v, code}, err
}

// TeamTask returns what the leader of a team sees with a code. Without a task
// for it the answer is NotFound, and Gone once the search has ended.
func (d *Desk) TeamTask(code string) (TeamTaskView, error) {
	t, s, err := d.ledTask(code)
	if err != nil {
		return TeamTaskView{}, err
	}
	return teamTaskView(t, s), nil
}

// ledTask returns the task that a code is for while its team may see it.
func (d *Desk) ledTask(code string) (*SearchTask, *Search, error) {
	t, ok := d.board.taskByCode(code)
	if !ok {
		return nil, nil, alerts.Errorf(alerts.NotFound, "This code does not lead to a task.")
	}
	s, _ := d.board.Search(t.SearchID)
	c, _ := d.Board.Case(t.CaseID)
	switch t.over(s, c) {
	case "":
		return t, s, nil
	case "task":
		return nil, nil, alerts.Errorf(alerts.Gone, "This task has been stopped. Call whoever sent you.")
	}
	return nil, nil, alerts.Errorf(alerts.Gone, "This search has ended. Thank you for your help.")
}

// ActAsTeam carries out one of TeamActs for whoever holds the code.
func (d *Desk) ActAsTeam(ctx context.Context, a alerts.Actor, act string, in TeamAct, r alerts.Request) (TeamTaskView, error) {
	t, _, err := d.ledTask(in.Code)
	if err != nil {
		return TeamTaskView{}, err
	}
	if !slices.Contains(TeamActs(), act) {
		return TeamTaskView{}, missing("act " + act)
	}
	if err := d.taskChange(ctx, a, "search.team", t.ID, act, "", in, r); err != nil {
		return TeamTaskView{}, err
	}
	return d.TeamTask(in.Code)
}

// taskStep is one act on one task, as its rule sees it.
type taskStep struct {
	desk   *Desk
	actor  alerts.Actor
	in     TeamAct
	code   string
	track  *geo.Track
	search *Search // a copy that the rule may change
	of     *alerts.Case
	check  *checker
	also   []journal.Document
}

func (d *Desk) taskChange(ctx context.Context, a alerts.Actor, act, id, step, code string, in TeamAct, r alerts.Request) error {
	track, fault := readTrack(in.GPX)
	_, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*SearchTask](v, "search_tasks", id)
		if err != nil {
			return journal.Outcome{}, err
		}
		s, c, err := loadSearch(v, old.SearchID)
		if err != nil {
			return journal.Outcome{}, err
		}
		if err := goesOn(s, c); err != nil {
			return journal.Outcome{}, err
		}
		next, plan := *old, *s
		t := &taskStep{desk: d, actor: a, in: in, code: code, track: track, search: &plan, of: c, check: newChecker(v.Now, time.UTC)}
		if fault != nil {
			t.check.Add("gpx", fault.Code, fault.Message)
		}
		if err := t.take(step, &next); err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: append([]journal.Document{&next}, t.also...)}, t.check.Err()
	})
	return err
}

func readTrack(gpx string) (*geo.Track, *geo.GPXFault) {
	if gpx == "" {
		return nil, nil
	}
	track, err := geo.ReadGPX([]byte(gpx))
	var fault *geo.GPXFault
	if errors.As(err, &fault) {
		return nil, fault
	}
	return &track, nil
}

func (s *taskStep) take(act string, next *SearchTask) error {
	if !next.open() && act != "track" {
		return alerts.Errorf(alerts.Conflict, "This task has ended already.")
	}
	switch act {
	case "stop":
		next.State, next.EndedAt = TaskStopped, s.check.now
	case "code":
		next.Receipt = alerts.HashSecret(alerts.NormalCode(s.code))
	case "accept":
		if next.State != TaskPlanned {
			return alerts.Errorf(alerts.Conflict, "This task has been accepted already.")
		}
		next.State, next.AcceptedAt = TaskAccepted, s.check.now
	case "start":
		if next.State == TaskStarted {
			return alerts.Errorf(alerts.Conflict, "This task has been started already.")
		}
		if next.AcceptedAt.IsZero() {
			next.AcceptedAt = s.check.now
		}
		next.State, next.StartedAt = TaskStarted, s.check.now
	case "done":
		return s.done(next)
	case "track":
		return s.tracked(next)
	}
	return nil
}

// tracked adds a track to a task that is done and has none.
func (s *taskStep) tracked(next *SearchTask) error {
	if next.State != TaskDone || next.Track != nil {
		return alerts.Errorf(alerts.Conflict, "A track belongs to a task that is done and has none.")
	}
	if s.track == nil {
		s.check.Add("gpx", "required", "This is needed.")
		return nil
	}
	s.walked(next)
	return nil
}

// done takes the report of a team. What it saw becomes a sighting; that it found
// nothing becomes a sweep when there is a track.
func (s *taskStep) done(next *SearchTask) error {
	c := s.check
	c.oneOf("found", s.in.Found, TeamFinds())
	c.text("text", s.in.Text, textLength, s.in.Found != "nothing")
	c.text("not_covered", s.in.NotCovered, textLength, false)
	if s.in.Searchers != 0 {
		c.within("searchers", float64(s.in.Searchers), 1, maxSearchers)
		next.Searchers = s.in.Searchers
	}
	next.State, next.EndedAt = TaskDone, c.now
	if next.StartedAt.IsZero() {
		next.StartedAt = c.now
	}
	next.Report = &TeamReport{Found: s.in.Found, Text: s.in.Text, NotCovered: s.in.NotCovered, At: s.in.At.UTC().Truncate(time.Millisecond), Place: s.in.Place, Searchers: s.in.Searchers}
	if s.in.Found == "sighting" || s.in.Found == "child" {
		seen, wrong := s.desk.TeamSighting(s.of.ID, alerts.NewSighting{ObservedAt: s.in.At, Place: s.in.Place, Text: s.in.Text}, s.actor.ID, c.now)
		if wrong != nil {
			for _, f := range wrong {
				if f.Field == "observed_at" {
					f.Field = "at"
				}
				if f.Field != "text" || s.in.Text != "" {
					c.Fields = append(c.Fields, f)
				}
			}
			return nil
		}
		next.SightingID = seen.ID
		s.also = append(s.also, seen)
	} else if s.in.Place != nil {
		if err := s.in.Place.Validate(); err != nil {
			c.Add("place", "bad_place", "This place is not on the Earth.")
		}
	}
	if s.track != nil {
		s.walked(next)
	}
	return nil
}

// walked measures the track inside the segment and writes the sweep down. Who
// found the child has not swept in vain.
func (s *taskStep) walked(next *SearchTask) {
	segment := s.search.segment(next.SegmentID)
	if segment == nil {
		return
	}
	next.TrackM = s.track.LengthM()
	next.InsideM = s.track.InsideM(s.desk.board.regions.Compile(geo.Area{Areas: []geo.Geometry{segment.Area}}))
	for _, run := range s.track.Thin(trackPoints).Runs {
		var line [][2]float64
		for _, p := range run {
			line = append(line, [2]float64{p.Lon(), p.Lat()})
		}
		next.Track = append(next.Track, line)
	}
	if next.InsideM < 1 || next.Report == nil || next.Report.Found == "child" || len(s.search.Sweeps) >= maxSweeps {
		return
	}
	next.SweepID = alerts.NewID(s.desk.Random)
	s.search.addSweep(SearchSweep{
		SegmentID: segment.ID, TaskID: next.ID, Tactic: next.Tactic, Target: s.search.Plan.Target,
		TrackM: next.InsideM, Searchers: next.Searchers, WidthM: next.WidthM,
	}, segment, next.SweepID, s.actor.ID, s.check.now)
	s.also = append(s.also, s.search)
}
