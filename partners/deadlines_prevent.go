package partners

import (
	"homeward/alerts"
	"homeward/partners/abduction"
)

// preventions adds journeys on which a child may be taken abroad, agreed stays
// that end, and measures that run out.
func (g *gathering) preventions() error {
	for _, p := range g.desk.board.Preventions() {
		if p.State != preventionOpen {
			continue
		}
		_, c, err := g.desk.visiblePrevention(g.actor, p.ID)
		if err != nil {
			continue
		}
		l, err := g.desk.preventionLens(g.actor, c)
		if err != nil {
			return err
		}
		if l.may(alerts.P3) {
			g.read(alerts.P3)
			g.prevention(p, c, l)
		}
	}
	return nil
}

func (g *gathering) prevention(p *Prevention, c *alerts.Case, l preventionLens) {
	for i := range p.Journeys {
		if j := &p.Journeys[i]; j.Outcome == "" {
			g.journey(g.prevented(DeadlineJourney, p, c, j.ID, l), j)
		}
	}
	for i := range p.Consents {
		e := &p.Consents[i]
		if s := e.state(g.today.String()); s == "standing" || s == "over" {
			g.ending(g.prevented(DeadlineStay, p, c, e.ID, l), e.Until)
		}
	}
	for i := range p.Measures {
		m := &p.Measures[i]
		if s := m.state(g.today.String()); m.ExpiresOn != "" && s != "refused" {
			it := g.prevented(DeadlineMeasure, p, c, m.ID, l)
			it.Rule = m.Kind
			it.InstitutionID, it.InstitutionName = m.InstitutionID, g.desk.institutionName(m.InstitutionID)
			it.Source, it.Verified = source(g.desk.protection.Measures, m.Kind)
			g.ending(it, m.ExpiresOn)
		}
	}
}

func (g *gathering) prevented(kind DeadlineKind, p *Prevention, c *alerts.Case, sub string, l preventionLens) DeadlineItem {
	it := DeadlineItem{Kind: kind, State: string(abduction.Running), PreventionID: p.ID, PreventionNumber: p.PublicNumber, sub: sub}
	if c != nil {
		it.CaseID, it.CaseNumber = c.ID, c.CaseNumber
	}
	if l.may(alerts.P10) {
		it.Person = p.Owner
		if acc, ok := g.desk.Board.Account(p.Owner); ok {
			it.PersonName = acc.Name
		}
	}
	return it
}

// journey is due when its alarm is; once that has fired it is overdue until
// somebody has seen it, and then due on the day of the journey.
func (g *gathering) journey(it DeadlineItem, j *Journey) {
	if j.SeenAt.IsZero() {
		it.instant(j.AlarmAt, g)
		g.items = append(g.items, it)
		return
	}
	g.ending(it, j.On)
}

func (g *gathering) ending(it DeadlineItem, day string) {
	due, ok := parseDay(day)
	if !ok {
		return
	}
	it.day(due, g.today)
	if due.Before(g.today) {
		it.State = string(abduction.Overdue)
	}
	g.items = append(g.items, it)
}
