package partners

import "homeward/alerts"

// The deadlines of case conferences.
const (
	DeadlineConference DeadlineKind = "conference"        // a meeting that was called
	DeadlineAction     DeadlineKind = "conference_action" // what an organisation took on there
)

// conferences adds the meetings that were called, each for its chair, and what
// organisations took on. What people of ours took on are tasks of the case.
func (g *gathering) conferences() error {
	for _, f := range g.desk.board.Conferences() {
		c, err := g.desk.referralCase(g.actor, f.CaseID)
		if err != nil || f.ends(c) || !f.EndedAt.IsZero() {
			continue
		}
		g.read(alerts.P3)
		if f.State == ConferenceCalled {
			it := g.item(DeadlineConference, c, f.Chair)
			it.ConferenceID, it.ConferenceNumber = f.ID, f.PublicNumber
			it.instant(f.At, g)
			g.items = append(g.items, it)
		}
		for n := range f.Actions {
			g.action(f, &f.Actions[n], c)
		}
	}
	return nil
}

func (g *gathering) action(f *Conference, k *ConferenceAction, c *alerts.Case) {
	if k.Invitation == "" || k.State != "open" {
		return
	}
	it := g.item(DeadlineAction, c, f.Chair)
	it.ConferenceID, it.ConferenceNumber, it.sub, it.NextStep = f.ID, f.PublicNumber, k.ID, k.Title
	it.Receiver = g.desk.organisationName(&f.Invited[f.invitation(k.Invitation)])
	it.instant(k.DueAt, g)
	g.items = append(g.items, it)
}
