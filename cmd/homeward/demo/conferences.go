package demo

import (
	"context"
	"fmt"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// planConferences plans two case conferences: one that was held yesterday, and
// one to come of which the child's view is still missing.
func (t *teller) planConferences() error {
	dunja, luka := t.byKey("dunja"), t.byKey("luka")
	if dunja == nil || luka == nil {
		return fmt.Errorf("there is no case to hold a conference on")
	}
	met := latest(t.now.Add(-20*time.Hour), dunja.opened.Add(4*time.Hour))
	var held string
	t.on(dunja, met.Add(-2*time.Hour), func(ctx context.Context) (err error) {
		held, err = t.callMeeting(ctx, dunja, met)
		return err
	})
	t.on(dunja, met.Add(time.Hour), func(ctx context.Context) error { return t.minutesOf(ctx, held) })
	t.on(luka, latest(t.now.Add(-2*time.Hour), luka.opened.Add(time.Hour)), t.callNext(luka))
	return nil
}

func (t *teller) meet(ctx context.Context, id, act string, in partners.ConferenceAct) (partners.ConferenceView, error) {
	v, err := t.Desk.ActOnConference(ctx, t.staff.jelena, id, act, in, alerts.Request{})
	if err != nil {
		return v, fmt.Errorf("conference %s: %w", act, err)
	}
	return v, nil
}

func (t *teller) callMeeting(ctx context.Context, s *searching, at time.Time) (string, error) {
	v, err := t.Desk.CallConference(ctx, t.staff.jelena, s.id, partners.NewConference{
		At: at, Mode: "mixed", Place: "The line's office, or by the video link that we send on the day", Chair: t.staff.jelena.ID,
		Agenda: []string{"What is known since yesterday", "Where she can go when she is found", "Who speaks to the foster family", "Who does what by when"},
	}, alerts.Request{})
	if err != nil {
		return "", err
	}
	consent, err := t.consented(ctx, s, alerts.P1, "partners", "case conference")
	if err != nil {
		return "", err
	}
	for _, in := range []partners.ConferenceAct{
		{PartnerID: t.bodies[10].id, Until: t.now.Add(14 * 24 * time.Hour), Voice: true, Share: []partners.NewShare{{Class: alerts.P1, ConsentID: consent}}},
		{InstitutionID: t.offices["Centar za socijalni rad Primerovac"], Until: t.now.Add(14 * 24 * time.Hour), Share: []partners.NewShare{{Class: alerts.P3, Reason: "It decides about the foster family."}}},
		{Account: t.staff.marko.ID},
	} {
		if _, err := t.meet(ctx, v.ID, "invite", in); err != nil {
			return "", err
		}
	}
	_, err = t.Desk.ActOnOwnConference(ctx, t.bodies[10].actor(), v.ID, "answer", partners.ConferenceAct{Answer: "coming"}, alerts.Request{})
	return v.ID, err
}

func (t *teller) minutesOf(ctx context.Context, id string) error {
	v, err := t.meet(ctx, id, "voice", partners.ConferenceAct{
		Asked: true, AskedOn: t.now.Add(-48 * time.Hour).Format(time.DateOnly), AskedBy: "Her older sister, who is in touch with her", Form: "through_person",
		Said: "I do not want to go back before somebody has talked to them about the shouting. I would go to my aunt.", Agrees: true,
	})
	if err != nil {
		return err
	}
	shelter, centre := v.Invited[0].ID, v.Invited[1].ID
	for _, step := range []struct {
		act string
		in  partners.ConferenceAct
	}{
		{"hold", partners.ConferenceAct{Attended: []string{shelter, centre, v.Invited[2].ID}}},
		{"minute", partners.ConferenceAct{Text: "She has written to her sister twice. She is well and says that she sleeps at a friend's.", ForAll: true}},
		{"minute", partners.ConferenceAct{Text: "The centre asks that nobody calls the school before Monday."}},
		{"decide", partners.ConferenceAct{
			Text: "When she is found she goes to the shelter first, not straight back to the foster family.", Reason: "She asks for it, and nobody has looked into the shouting yet.",
			Deciders: []string{"chair", shelter, centre}, Dissent: "The centre would have preferred the foster family with a visit on the same day.", ForAll: true,
		}},
		{"action", partners.ConferenceAct{Text: "Keep a bed free, and say so to the line", Invitation: shelter, DueAt: t.now.Add(-3 * time.Hour)}},
		{"action", partners.ConferenceAct{Text: "Visit the foster family and write down what they say", Invitation: centre, DueAt: t.now.Add(2 * 24 * time.Hour)}},
		{"action", partners.ConferenceAct{Text: "Ask the sister whether she would take a call from us", Owner: t.staff.marko.ID, DueAt: t.now.Add(20 * time.Hour)}},
	} {
		if _, err := t.meet(ctx, id, step.act, step.in); err != nil {
			return err
		}
	}
	return nil
}

func (t *teller) callNext(s *searching) func(context.Context) error {
	return func(ctx context.Context) error {
		v, err := t.Desk.CallConference(ctx, t.staff.jelena, s.id, partners.NewConference{
			At: t.now.Add(26 * time.Hour).Truncate(time.Hour), Mode: "video", Chair: t.staff.jelena.ID,
			Agenda: []string{"What the police and the school know", "The next two days of the search", "Who is the family's one contact"},
		}, alerts.Request{})
		if err != nil {
			return err
		}
		_, err = t.meet(ctx, v.ID, "invite", partners.ConferenceAct{
			PartnerID: t.bodies[0].id, Until: t.now.Add(7 * 24 * time.Hour), Share: []partners.NewShare{{Class: alerts.P2, Reason: "They look for him where he was last seen."}},
		})
		return err
	}
}
