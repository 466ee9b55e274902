package demo

import (
	"context"
	"fmt"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// planProtection plans what is hidden from a party, a mediation that only the
// lawyer looks into, and two prevention records: one on a case and one after a
// call for advice, with a journey that is close.
func (t *teller) planProtection(matters map[string]*matter) {
	if m := matters["marko"]; m != nil {
		t.on(m.of, m.opened.Add(5*time.Minute), func(ctx context.Context) error { return t.hideAddress(ctx, m) })
	}
	if m := matters["elena"]; m != nil {
		t.on(m.of, m.opened.Add(10*24*time.Hour), func(ctx context.Context) error { return t.mediate(ctx, m) })
	}
	if m := matters["iskra"]; m != nil {
		t.on(m.of, m.opened.Add(3*time.Hour), func(ctx context.Context) error { return t.guardBorder(ctx, m) })
	}
	t.add(t.now.Add(-26*time.Hour), "prevention", t.advise)
}

func (t *teller) hideAddress(ctx context.Context, m *matter) error {
	_, err := t.Desk.HideFacts(ctx, t.staff.jelena, m.of.id, alerts.NewHiding{
		Party: alerts.PartyTaking, Fields: []string{alerts.HideAddress, alerts.HidePlan}, Words: []string{"Izmišljena ulica 4"},
		Why: "The father was threatened in March; he has moved and told the line only.",
	}, alerts.Request{})
	return err
}

func (t *teller) mediate(ctx context.Context, m *matter) error {
	offered := t.Clock.Now().AddDate(0, 0, -4).Format(time.DateOnly)
	v, err := t.Desk.OpenMediation(ctx, t.staff.jelena, m.id, partners.NewMediation{OfferedOn: offered, Named: []string{t.staff.legal.ID}}, alerts.Request{})
	if err != nil {
		return err
	}
	v, err = t.Desk.PatchMediation(ctx, t.staff.jelena, v.ID, v.Version, partners.MediationPatch{StartedOn: alerts.Some(t.Clock.Now().Format(time.DateOnly))}, alerts.Request{})
	if err != nil {
		return err
	}
	_, err = t.Desk.PatchInside(ctx, t.staff.legal, v.ID, v.Version, partners.InsidePatch{
		Mediators: alerts.Some([]partners.Mediator{
			{Name: "Vera Izmirić", Profession: "psychosocial", Languages: []string{"sr-Latn", "ro"}},
			{Name: "Andrei Fictiv", Profession: "legal", Languages: []string{"ro", "en"}},
		}),
		Session: &partners.NewSession{At: t.Clock.Now().Add(-3 * time.Hour), Mode: "video", Note: "Both parents were there. First: where the child spends the holidays."},
		Draft:   "1. The child returns before the school year begins.\n2. Holidays are spent by turns.",
	}, alerts.Request{})
	return err
}

func (t *teller) guardBorder(ctx context.Context, m *matter) error {
	v, err := t.Desk.OpenPrevention(ctx, t.staff.jelena, partners.NewPrevention{CaseID: m.of.id, Worried: "The father.", Feared: "The mother, who may go on.", ToStates: []string{"BG", "TR"}}, alerts.Request{})
	if err != nil {
		return err
	}
	today := t.Clock.Now().Format(time.DateOnly)
	for _, in := range []partners.NewMeasure{
		{Kind: "border_police", Country: "RS", RequestedOn: today, RequestedBy: "The line", ConfirmedOn: today, Reference: "GP-0000/1"},
		{Kind: "sis_32_1_c", Country: "BG", RequestedOn: today, RequestedBy: "Police, at the line's request"},
		{Kind: "interpol_yellow", Country: "RS", RequestedOn: today, RequestedBy: "Police"},
	} {
		if v, err = t.Desk.AddMeasure(ctx, t.staff.jelena, v.ID, in, alerts.Request{}); err != nil {
			return err
		}
	}
	return nil
}

func (t *teller) advise(ctx context.Context) error {
	v, err := t.Desk.OpenPrevention(ctx, t.staff.operator, partners.NewPrevention{
		Children: []partners.PreventedChild{{Name: "Una Izmišljena", BirthDate: "2019-04", Nationalities: []string{"RS", "TR"}}},
		Worried:  "Mother, called the line on +381 11 000 0052.", Feared: "Father, has a house abroad.", ToStates: []string{"TR"}, Owner: t.staff.jelena.ID,
	}, alerts.Request{})
	if err != nil {
		return fmt.Errorf("open a prevention record: %w", err)
	}
	at := func(days int) string { return t.now.AddDate(0, 0, days).Format(time.DateOnly) }
	steps := []func() error{
		func() (err error) {
			v, err = t.Desk.MarkFactors(ctx, t.staff.operator, v.ID, partners.NewFactors{Factors: []partners.NewFactor{
				{Factor: "prior_threat", Present: "yes", Note: "“You will never see her again.”"}, {Factor: "second_passport", Present: "yes"},
				{Factor: "travel_planned", Present: "yes"}, {Factor: "disorder", Present: "no"}, {Factor: "passport_held", Present: "unknown"},
			}}, alerts.Request{})
			return err
		},
		func() (err error) {
			v, err = t.Desk.AddMeasure(ctx, t.staff.operator, v.ID, partners.NewMeasure{Kind: "court_ban", Country: "RS", RequestedOn: at(-1), RequestedBy: "The mother's lawyer"}, alerts.Request{})
			return err
		},
		func() (err error) {
			v, err = t.Desk.AddMeasure(ctx, t.staff.operator, v.ID, partners.NewMeasure{Kind: "school_told", Country: "RS", RequestedOn: at(-1), RequestedBy: "The line", ConfirmedOn: at(-1), ExpiresOn: at(20)}, alerts.Request{})
			return err
		},
		func() (err error) {
			v, err = t.Desk.AddJourney(ctx, t.staff.operator, v.ID, partners.NewJourney{On: at(5), ToState: "TR", Note: "Tickets seen on the kitchen table."}, alerts.Request{})
			return err
		},
		func() (err error) {
			v, err = t.Desk.AddPermission(ctx, t.staff.operator, v.ID, partners.NewPermission{GivenBy: "The mother", ToState: "TR", From: at(-300), Until: at(-280), Certified: true}, alerts.Request{})
			if err == nil {
				v, err = t.Desk.EndPermission(ctx, t.staff.operator, v.ID, v.Consents[0].ID, partners.PermissionEnd{BackOn: at(-281)}, alerts.Request{})
			}
			return err
		},
		func() (err error) {
			v, err = t.Desk.AddTelling(ctx, t.staff.operator, v.ID, partners.NewTelling{At: t.Clock.Now(), Who: "School secretary", What: "Not to hand the child over to anybody else, and to call the line."}, alerts.Request{})
			return err
		},
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return fmt.Errorf("fill a prevention record: %w", err)
		}
	}
	return nil
}
