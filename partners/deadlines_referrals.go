package partners

import "homeward/alerts"

// referrals adds the answers that receivers owe.
func (g *gathering) referrals() error {
	for _, r := range g.desk.board.Referrals() {
		c, err := g.desk.referralCase(g.actor, r.CaseID)
		if err != nil || !r.waits() || r.over(c) != "" {
			continue
		}
		it := g.item(DeadlineReferral, c, r.MadeBy)
		it.ReferralID, it.ReferralNumber, it.Receiver = r.ID, r.PublicNumber, g.desk.receiverName(r)
		it.InstitutionID, it.InstitutionName = r.InstitutionID, g.desk.institutionName(r.InstitutionID)
		it.instant(r.DueAt, g)
		g.items = append(g.items, it)
		g.read(alerts.P3)
	}
	return nil
}
