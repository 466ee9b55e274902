package demo

import (
	"context"
	"fmt"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// planSteps plans how far each matter has come: steps that are done, some that
// go on side by side, and some that are late.
func (t *teller) planSteps(matters map[string]*matter) error {
	rows, err := read("steps.csv")
	if err != nil {
		return err
	}
	for _, row := range rows {
		m := matters[row[0]]
		if m == nil {
			return fmt.Errorf("steps: there is no matter %q", row[0])
		}
		if err := t.planStep(m, row); err != nil {
			return fmt.Errorf("step %s of %q: %w", row[1], row[0], err)
		}
	}
	return nil
}

func (t *teller) planStep(m *matter, row []string) error {
	ago, err := span(row[3])
	if err != nil {
		return err
	}
	in := partners.StepPatch{State: alerts.Some(row[2]), Documents: alerts.Some(list(row[7], ";"))}
	if row[4] != "" {
		done, err := span(row[4])
		if err != nil {
			return err
		}
		in.DoneOn = alerts.Some(t.day(-done))
	}
	if row[5] != "" {
		due, err := span(row[5])
		if err != nil {
			return err
		}
		in.DueOn = alerts.Some(t.day(due))
	}
	if row[6] != "" {
		in.Outcome = alerts.Some(row[6])
	}
	t.on(m.of, latest(t.now.Add(-ago), m.opened.Add(3*time.Minute)), func(ctx context.Context) error {
		_, err := t.Desk.RecordStep(ctx, t.staff.jelena, m.id, row[1], in, alerts.Request{})
		return err
	})
	return nil
}

// planFacts plans what is known of two matters in detail.
func (t *teller) planFacts(matters map[string]*matter) {
	for key, facts := range map[string]func(partners.MatterView) partners.FactsPatch{"marko": t.markoFacts, "nikola": t.nikolaFacts} {
		m := matters[key]
		if m == nil {
			continue
		}
		t.on(m.of, m.opened.Add(2*time.Minute), func(ctx context.Context) error {
			now, err := t.Desk.Matter(ctx, t.staff.jelena, m.id)
			if err != nil {
				return err
			}
			_, err = t.Desk.PatchMatter(ctx, t.staff.jelena, m.id, now.Version, partners.MatterPatch{FactsPatch: facts(now)}, alerts.Request{})
			return err
		})
	}
}

const (
	week  = 7 * 24 * time.Hour
	month = 30 * 24 * time.Hour
)

func (t *teller) markoFacts(v partners.MatterView) partners.FactsPatch {
	return partners.FactsPatch{
		States: alerts.Some([]partners.InvolvedState{{State: "RS", Role: "habitual"}, {State: "ME", Role: "present", From: v.WrongfulDate}}),
		Parties: alerts.Some([]partners.Party{
			{Role: "left_behind", Name: "Otac Bajkić", Relation: "father", Nationalities: []string{"RS"}, Languages: []string{"sr-Latn"}, Phone: "+381 11 000 0041", Address: "Izmišljena ulica 4, Užice"},
			{Role: "taking", Name: "Majka Bajkić", Relation: "mother", Nationalities: []string{"RS", "ME"}, Languages: []string{"sr-Latn"}},
		}),
		Decisions:      alerts.Some([]partners.CustodyDecision{{Date: t.day(-14 * month), What: "custody", Court: "Osnovni sud Izmišljeni Grad", Text: "Sole custody of the father; contact every other weekend.", Enforceable: true}}),
		Documents:      alerts.Some([]partners.TravelDocument{{Kind: "passport", ChildID: v.Children[0].ID, State: "RS", ValidUntil: t.day(5 * week), Where: "with the mother"}}),
		Authorisations: alerts.Some([]partners.Authorisation{{Kind: "power_of_attorney", To: "Advokat Ogledna", Given: v.WrongfulDate, ValidUntil: t.day(3 * week)}}),
		Traces: alerts.Some([]partners.Trace{
			{Kind: "route", State: "ME", Text: "By car over Bijelo Polje, says an aunt.", Source: "C", Information: 3, Date: v.WrongfulDate},
			{Kind: "whereabouts", State: "ME", Text: "A flat in Bar, street not known.", Source: "B", Information: 2},
		}),
		FamilyContacts: alerts.Some([]partners.FamilyContact{{Date: v.WrongfulDate, Channel: "sms", With: "the mother", Note: "“We are by the sea, do not look for us.”"}}),
		Languages:      alerts.Some([]string{"sr-Latn"}),
	}
}

func (t *teller) nikolaFacts(v partners.MatterView) partners.FactsPatch {
	return partners.FactsPatch{
		States:  alerts.Some([]partners.InvolvedState{{State: "RS", Role: "habitual"}, {State: "DE", Role: "present", From: v.WrongfulDate}}),
		Parties: alerts.Some([]partners.Party{{Role: "taking", Name: "Otac Lutkić", Relation: "father", Nationalities: []string{"RS", "DE"}, Languages: []string{"de", "sr-Latn"}}}),
		Dangers: alerts.Some([]partners.Danger{{Code: "threats", Note: "The father wrote that nobody would see the boy again."}, {Code: "onward_travel"}}),
		Traces:  alerts.Some([]partners.Trace{{Kind: "whereabouts", State: "DE", Text: "Munich, registered with the father's new employer.", Source: "B", Information: 3}}),
	}
}
