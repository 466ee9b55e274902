package partners

import (
	"homeward/alerts"
	"homeward/partners/abduction"
)

// inquiries adds what is due in the contact logs of cases that go on.
func (g *gathering) inquiries() error {
	for _, i := range g.desk.board.AllInquiries() {
		c, err := g.desk.matterCase(g.actor, i.CaseID, nil)
		if err != nil || !endedOn(i, c, g.zone).IsZero() || !g.desk.Matrix.May(g.actor, alerts.P3, c.State, g.desk.Assigned(g.actor, c)) {
			continue
		}
		g.read(alerts.P3)
		g.log(i, c)
	}
	return nil
}

// log adds what institutions owe, our next steps, and the days by which we have
// to use a remedy.
func (g *gathering) log(of logged, c *alerts.Case) {
	l := of.log()
	for i := range l {
		e, s := &l[i], l.standing(i, g.now, g.zone, abduction.Date{})
		if (s.state == ContactOpen || s.state == ContactOverdue) && !s.due.IsZero() {
			g.contact(of, c, e, s)
		}
		if l.stepOpen(i) && (e.Confidential != confidentialStaff || g.own(c)) {
			g.ourStep(of, c, e)
		}
		g.remedies(of, c, e, s)
	}
}

// entry is a deadline of one entry of a log.
func (g *gathering) entry(kind DeadlineKind, of logged, c *alerts.Case, e *MatterContact, person string) DeadlineItem {
	it := g.item(kind, c, person)
	if m, ok := of.(*Matter); ok {
		it.MatterID = m.ID
	}
	it.N, it.InstitutionID, it.InstitutionName = e.N, e.InstitutionID, g.desk.institutionName(e.InstitutionID)
	return it
}

func (g *gathering) contact(of logged, c *alerts.Case, e *MatterContact, s standing) {
	it := g.entry(DeadlineContact, of, c, e, e.RecordedBy)
	if s.state == ContactOverdue {
		it.State = string(abduction.Overdue)
	}
	if s.due.String() == e.StatutoryDate {
		if b, ok := g.law.Rule(e.StatutoryRule); ok {
			it.Rule, it.Source, it.Verified = b.ID, b.Source, b.Verified
		}
	}
	if it.day(s.due, g.today); !s.at.IsZero() {
		it.instant(s.at, g)
	}
	g.items = append(g.items, it)
}

func (g *gathering) ourStep(of logged, c *alerts.Case, e *MatterContact) {
	it := g.entry(DeadlineStep, of, c, e, e.Next.Owner)
	it.NextStep = e.Next.Text
	due, _ := parseDay(e.Next.Due)
	it.late(due, g.today)
	g.items = append(g.items, it)
}

// remedies adds by when we have to act on an answer that was not what was asked
// for, or on silence, unless we have gone on already.
func (g *gathering) remedies(of logged, c *alerts.Case, e *MatterContact, s standing) {
	start, on := remedyStart(e, s, g)
	asked, known := g.desk.board.Institution(e.InstitutionID)
	if start == "" || !known || of.log().goneOn(e.N) {
		return
	}
	about := abduction.Asked{Country: asked.Country, Kind: asked.Kind, Matter: e.Matter, Route: of.route(), On: on}
	for _, r := range g.law.Remedies(about, start, on) {
		if r.Due.IsZero() {
			continue
		}
		it := g.entry(DeadlineRemedy, of, c, e, e.RecordedBy)
		it.Rule, it.Source, it.Verified = r.Rule, r.Source, r.Verified
		it.late(r.Due, g.today)
		g.items = append(g.items, it)
	}
}

// remedyStart says what our time for a remedy runs from, and since when.
func remedyStart(e *MatterContact, s standing, g *gathering) (string, abduction.Date) {
	statutory, ok := parseDay(e.StatutoryDate)
	switch {
	case s.state == ContactCorrected || s.state == ContactWithdrawn:
	case e.Answer != nil && e.Answer.Satisfied != "yes":
		return "answer", abduction.DateOf(e.Answer.At, g.zone)
	case e.Answer == nil && ok && statutory.Before(g.today):
		return "silence", statutory
	}
	return "", abduction.Date{}
}

// goneOn tells whether a later entry takes the nth further.
func (l contactLog) goneOn(n int) bool {
	for i := range l {
		if l[i].Follows == n || l[i].Escalates == n {
			return true
		}
	}
	return false
}

// late sets the day of what is overdue once the day has passed.
func (i *DeadlineItem) late(due, today abduction.Date) {
	if due.IsZero() {
		return
	}
	if i.day(due, today); due.Before(today) {
		i.State = string(abduction.Overdue)
	}
}
