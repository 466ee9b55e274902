package partners

import (
	"slices"
	"time"

	"homeward/alerts"
	"homeward/partners/abduction"
)

// farAhead is how far into the future promises and calls are looked for.
const farAhead = 100 * 365 * 24 * time.Hour

// gathering collects the deadlines that one reader may see.
type gathering struct {
	desk  *Desk
	actor alerts.Actor
	law   *abduction.Law
	zone  *time.Location
	now   time.Time
	today abduction.Date
	items []DeadlineItem
	// kind is the one kind that is asked for, empty for all.
	kind DeadlineKind
	// classes are what is read with the list.
	classes []alerts.Class
}

// gatherer adds one kind of deadline to a gathering.
type gatherer func(*gathering) error

// gatherers are the kinds of deadline; a new kind is one line here and a word
// in DeadlineKinds.
func gatherers() []gatherer {
	return []gatherer{(*gathering).matters, (*gathering).procedures, (*gathering).inquiries, (*gathering).followUps, (*gathering).promises, (*gathering).preventions, (*gathering).referrals, (*gathering).conferences, (*gathering).caseWork}
}

func (d *Desk) gather(a alerts.Actor, kind DeadlineKind) (*gathering, error) {
	law, zone, err := d.board.rules()
	if err != nil {
		return nil, err
	}
	now := d.Now()
	g := &gathering{desk: d, actor: a, kind: kind, law: law, zone: zone, now: now, today: abduction.DateOf(now, zone)}
	for _, add := range gatherers() {
		if err := add(g); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// matters adds what is due on the abduction matters that go on.
func (g *gathering) matters() error {
	for _, m := range g.desk.board.Matters() {
		c, err := g.desk.matterCase(g.actor, m.CaseID, m)
		if err != nil || !m.ended(c, g.zone).IsZero() {
			continue
		}
		if err := g.matter(m, c); err != nil {
			return err
		}
	}
	return nil
}

func (g *gathering) read(classes ...alerts.Class) {
	for _, c := range classes {
		if !slices.Contains(g.classes, c) {
			g.classes = append(g.classes, c)
		}
	}
}

// matter adds the clocks of a matter and the contacts that wait for an answer.
func (g *gathering) matter(m *Matter, c *alerts.Case) error {
	clocks, classes, err := g.desk.clocks(g.actor, m, c)
	if err != nil || len(classes) == 0 {
		return err
	}
	g.read(classes...)
	for i := range clocks {
		if clocks[i].State != abduction.Stopped {
			g.clock(m, c, &clocks[i])
		}
	}
	g.log(m, c)
	return nil
}

func (g *gathering) clock(m *Matter, c *alerts.Case, k *abduction.Clock) {
	it := g.item(DeadlineClock, c, m.Owner)
	it.MatterID, it.N = m.ID, subjectNumber(k)
	it.State, it.Rule, it.Source, it.Verified = string(k.State), k.Rule, k.Source, k.Verified
	it.NextStep, it.NextStepID = k.NextStep.Text, k.NextStep.ID
	if k.Kind == "birth" {
		it.ChildID = k.Subject
	}
	if !k.Due.IsZero() {
		it.day(k.Due, g.today)
	}
	g.items = append(g.items, it)
}

// followUps adds the calls that families were promised.
func (g *gathering) followUps() error {
	for _, c := range g.desk.Board.FollowUpsUntil(g.now.Add(farAhead)) {
		if _, err := g.desk.VisibleCase(g.actor, c.ID); err != nil || !g.own(c) {
			continue
		}
		it := g.item(DeadlineFollowUp, c, c.FollowUp.Owner)
		it.instant(c.FollowUp.DueAt, g)
		g.items = append(g.items, it)
		g.read(alerts.P10)
	}
	return nil
}

// promises adds what callers were promised.
func (g *gathering) promises() error {
	for _, p := range g.desk.Board.PromisesUntil(g.now.Add(farAhead)) {
		c := &alerts.Case{State: alerts.StateVerifying}
		if p.CaseID != "" {
			visible, err := g.desk.VisibleCase(g.actor, p.CaseID)
			if err != nil || !g.own(visible) {
				continue
			}
			c = visible
		} else if !g.desk.Matrix.May(g.actor, alerts.P6, alerts.StateVerifying, true) {
			continue // what belongs to no case is for those who take the calls
		}
		it := g.item(DeadlinePromise, c, p.Owner)
		it.ContactID = p.ContactID
		it.instant(p.Until, g)
		g.items = append(g.items, it)
		g.read(alerts.P10)
	}
	return nil
}

// own tells whether the actor may see who does what on a case.
func (g *gathering) own(c *alerts.Case) bool {
	return g.desk.Matrix.May(g.actor, alerts.P10, c.State, g.desk.Assigned(g.actor, c))
}

func (g *gathering) item(kind DeadlineKind, c *alerts.Case, person string) DeadlineItem {
	it := DeadlineItem{Kind: kind, State: string(abduction.Running), CaseID: c.ID, CaseNumber: c.CaseNumber}
	if !g.own(c) {
		return it
	}
	it.Person = person
	if acc, ok := g.desk.Board.Account(person); ok {
		it.PersonName = acc.Name
	}
	return it
}

func (i *DeadlineItem) day(due, today abduction.Date) {
	s, left := due.String(), today.DaysUntil(due)
	i.Due, i.DaysLeft = &s, &left
}

// instant sets what is due at a time of day: overdue as soon as it has passed.
func (i *DeadlineItem) instant(at time.Time, g *gathering) {
	i.DueAt = &at
	i.day(abduction.DateOf(at, g.zone), g.today)
	if g.now.After(at) {
		i.State = string(abduction.Overdue)
	}
}
