package demo

import (
	"context"
	"fmt"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// planReferrals plans three families that somebody else helps: one whose answer
// is awaited, one that is helped, and one that an institution turned away.
func (t *teller) planReferrals() error {
	for _, one := range []struct {
		key string
		ago time.Duration
		do  func(context.Context, *searching) error
	}{
		{"petar", 3 * time.Hour, t.askForThings},
		{"dunja", 2 * 24 * time.Hour, t.askForTalks},
		{"elena", 6 * 24 * time.Hour, t.askTheCentre},
	} {
		of := t.byKey(one.key)
		if of == nil {
			return fmt.Errorf("there is no case %q to refer", one.key)
		}
		t.on(of, latest(t.now.Add(-one.ago), of.opened.Add(time.Hour)), func(ctx context.Context) error { return one.do(ctx, of) })
	}
	return nil
}

func (t *teller) byKey(key string) *searching {
	for _, s := range t.cases {
		if s.key == key {
			return s
		}
	}
	return nil
}

// consented records that the family agrees to share one class with partners.
func (t *teller) consented(ctx context.Context, s *searching, class alerts.Class, audience, purpose string) (string, error) {
	v, err := t.Desk.AddConsent(ctx, t.staff.jelena, s.id, alerts.NewConsent{
		Class: class, Audience: audience, Purpose: purpose, Basis: "consent", GivenBy: "mother, by telephone, confirmed in writing",
	}, alerts.Request{})
	return v.ID, err
}

func (t *teller) askForThings(ctx context.Context, s *searching) error {
	consent, err := t.consented(ctx, s, alerts.P0, "partners", "travel costs and clothing")
	if err != nil {
		return err
	}
	_, err = t.Desk.OpenReferral(ctx, t.staff.jelena, s.id, partners.NewReferral{
		PartnerID: t.bodies[0].id, Service: "material_help", Urgency: "today", Purpose: "The family has no money for the bus to look for him. Two return tickets are needed, and a telephone card.",
		Share: []partners.NewShare{{Class: alerts.P0, ConsentID: consent}, {Class: alerts.P2, Reason: "The tickets have to be from where the family lives."}},
	}, alerts.Request{})
	return err
}

func (t *teller) askForTalks(ctx context.Context, s *searching) error {
	consent, err := t.consented(ctx, s, alerts.P6, "partners", "psychosocial support")
	if err != nil {
		return err
	}
	shelter := t.bodies[10]
	v, err := t.Desk.OpenReferral(ctx, t.staff.jelena, s.id, partners.NewReferral{
		About: alerts.PartyLeftBehind, PartnerID: shelter.id, Service: "psychosocial", Urgency: "this_week",
		Purpose: "The foster parents blame themselves and ask for somebody to talk to.", Share: []partners.NewShare{{Class: alerts.P6, ConsentID: consent}},
	}, alerts.Request{})
	if err != nil {
		return err
	}
	for _, step := range []struct {
		act string
		in  partners.ReferralAct
	}{
		{"answer", partners.ReferralAct{Answer: "accepted", Text: "A first talk is possible tomorrow at five."}},
		{"progress", partners.ReferralAct{Text: "Both came. They want to go on every Tuesday."}},
	} {
		if _, err := t.Desk.ActOnOwnReferral(ctx, shelter.actor(), v.ID, step.act, step.in, alerts.Request{}); err != nil {
			return err
		}
	}
	_, err = t.Desk.ActOnReferral(ctx, t.staff.operator, v.ID, "told", partners.ReferralAct{Text: "Foster mother, on the telephone: where to go and when."}, alerts.Request{})
	return err
}

func (t *teller) askTheCentre(ctx context.Context, s *searching) error {
	v, err := t.Desk.OpenReferral(ctx, t.staff.jelena, s.id, partners.NewReferral{
		About: alerts.PartyLeftBehind, InstitutionID: t.offices["Centar za socijalni rad Primerovac"], Service: "legal_aid", Urgency: "this_week",
		Purpose: "Free legal aid for the hearing abroad.",
	}, alerts.Request{})
	if err != nil {
		return err
	}
	for _, step := range []struct {
		act string
		by  alerts.Actor
		in  partners.ReferralAct
	}{
		{"answer", t.staff.jelena, partners.ReferralAct{Answer: "declined", Code: "not_our_service", Text: "By telephone: they send everybody to the municipality."}},
		{"ask_review", t.staff.operator, partners.ReferralAct{Text: "The centre has helped two families before."}},
	} {
		if _, err := t.Desk.ActOnReferral(ctx, step.by, v.ID, step.act, step.in, alerts.Request{}); err != nil {
			return err
		}
	}
	return nil
}
