package partners

import (
	"fmt"

	"homeward/alerts"
	"homeward/partners/abduction"
)

// procedures adds the steps of abduction matters that are due and that no clock
// counts.
func (g *gathering) procedures() error {
	for _, m := range g.desk.board.Matters() {
		c, err := g.desk.matterCase(g.actor, m.CaseID, m)
		if err != nil || !m.ended(c, g.zone).IsZero() || !g.desk.Matrix.May(g.actor, alerts.P3, c.State, g.desk.onMatter(g.actor, c, m)) {
			continue
		}
		v := g.desk.procedure(m, g.law, g.today, true)
		for i := range v.Steps {
			if v.Steps[i].Due != "" {
				g.read(alerts.P3)
				g.procedureStep(m, c, &v.Steps[i])
			}
		}
	}
	return nil
}

func (g *gathering) procedureStep(m *Matter, c *alerts.Case, s *MatterStepView) {
	it := g.item(DeadlineProcedure, c, s.Owner)
	it.MatterID, it.N, it.Step, it.sub = m.ID, s.Round, s.Step, fmt.Sprintf("%s %d", s.Step, s.Round)
	it.InstitutionID, it.InstitutionName = s.InstitutionID, s.Institution
	if s.Overdue {
		it.State = string(abduction.Overdue)
	}
	// A day entered by hand rests on no rule.
	if s.DueByLaw {
		it.Source, it.Verified = s.Source, s.Verified
	}
	if due, ok := parseDay(s.Due); ok {
		it.day(due, g.today)
	}
	g.items = append(g.items, it)
}
