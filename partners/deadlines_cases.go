package partners

import "homeward/alerts"

// The deadlines of cases themselves.
const (
	DeadlineCaseStep DeadlineKind = "case_step" // the next step of a case's clock
	DeadlineTask     DeadlineKind = "task"      // what somebody was given to do
)

// caseWork adds the steps and the tasks of cases: of the clock one line for each
// case, the step that is due first, with N as the number of those that are
// overdue; of tasks each.
func (g *gathering) caseWork() error {
	if g.kind != "" && g.kind != DeadlineCaseStep && g.kind != DeadlineTask {
		return nil // every case is looked at for nothing
	}
	var working []*alerts.Case
	g.desk.Board.EachCase(func(c *alerts.Case) bool {
		on := !c.State.Ended() || c.State == alerts.StateFound
		if on && g.own(c) && g.desk.Sees(g.actor, c) {
			working = append(working, c)
		}
		return true
	})
	for _, c := range working {
		g.read(alerts.P10)
		g.caseStep(c)
		g.tasks(c)
	}
	return nil
}

func (g *gathering) caseStep(c *alerts.Case) {
	var first *alerts.ClockStep
	overdue := 0
	steps := g.desk.Clock(c, g.now)
	for i := range steps {
		s := &steps[i]
		if !s.Open() {
			continue
		}
		if first == nil {
			first = s
		}
		if s.State == "overdue" {
			overdue++
		}
	}
	if first == nil {
		return
	}
	it := g.item(DeadlineCaseStep, c, c.FollowUp.Owner)
	it.Rule, it.Source, it.Verified, it.N = first.Key, first.Source, first.Verified, overdue
	it.instant(first.DueAt, g)
	g.items = append(g.items, it)
}

func (g *gathering) tasks(c *alerts.Case) {
	seesTitle := g.desk.Matrix.May(g.actor, alerts.P3, c.State, g.desk.Assigned(g.actor, c))
	for i := range c.Tasks {
		t := &c.Tasks[i]
		if t.State != "open" {
			continue
		}
		it := g.item(DeadlineTask, g.desk.Leads(g.actor, c), t.Owner)
		it.sub = t.ID
		if seesTitle {
			g.read(alerts.P3)
			it.NextStep = t.Title
		}
		if !t.DueAt.IsZero() {
			it.instant(t.DueAt, g)
		}
		g.items = append(g.items, it)
	}
}
