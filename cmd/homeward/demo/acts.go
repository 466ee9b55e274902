package demo

import (
	"context"
	"fmt"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// Cases whose part in the story is their own.
const (
	keyEmergency = "teodora"  // released by one person, to be reviewed
	keyWaiting   = "maja"     // a draft for the public waits for a second person
	keyExpired   = "lena"     // its alert has run out
	keyExpiring  = "dunja"    // its alert runs out soon
	keyNoPhoto   = "dunja"    // the family does not want a picture outside
	keyUnseen    = "katarina" // found just now, not confirmed
	keyForgotten = "aleksa"   // found, and nobody has confirmed it in time
	keyHarmed    = "bojan"
)

// on plans an event in a case's lane.
func (t *teller) on(s *searching, at time.Time, do func(context.Context) error) {
	t.add(at, s.lane(), do)
}

func (s *searching) lane() string { return "case " + s.key }

// over tells whether the search is over, or held, at a time.
func (s *searching) over(at time.Time) bool { return !s.ended.IsZero() && !at.Before(s.ended) }

// act plans what the desk does with a case.
func (t *teller) act(s *searching) {
	if s.intake == "report" {
		t.on(s, s.opened.Add(-40*time.Minute), func(ctx context.Context) error { return t.reported(ctx, s) })
	}
	t.on(s, s.opened, func(ctx context.Context) error { return t.openCase(ctx, s) })
	if s.pictured() {
		t.on(s, s.opened.Add(15*time.Minute), func(ctx context.Context) error { return t.photograph(ctx, s) })
	}
	t.keepings(s)
	if !s.released.IsZero() {
		t.on(s, s.released, func(ctx context.Context) error { return t.tellPartners(ctx, s) })
		t.deliver(s, 1, s.released)
	}
	if !s.public.IsZero() {
		t.on(s, s.public, func(ctx context.Context) error { return t.tellPublic(ctx, s) })
		t.deliver(s, 2, s.public)
	}
	if s.key == keyWaiting {
		t.on(s, t.now.Add(-50*time.Minute), func(ctx context.Context) error { return t.prepare(ctx, s) })
	}
	if s.key == keyExpired {
		t.on(s, t.expires(s), func(ctx context.Context) error { return t.Desk.TakeDueSteps(ctx, t.expires(s)) })
	}
	t.end(s)
}

func (s *searching) pictured() bool {
	return s.category != alerts.CategoryHistorical && s.stage != "draft" && s.stage != "void" && s.key != keyNoPhoto
}

func (t *teller) openCase(ctx context.Context, s *searching) error {
	in := t.newCase(s)
	var v alerts.CaseView
	var err error
	if s.intake == "report" {
		v, err = t.Desk.CaseFromReport(ctx, t.staff.operator, s.id, in, alerts.Request{})
	} else {
		v, err = t.Desk.OpenCase(ctx, pick(s.dice, t.takers()[:2]), in, alerts.Request{})
	}
	s.id, s.number = v.ID, v.Number
	return err
}

// reported is a report by the public, of which the desk makes the case. Until
// then the case's id is the report's.
func (t *teller) reported(ctx context.Context, s *searching) error {
	c := s.children[0]
	got, err := t.Desk.ReportChild(ctx, alerts.Public(), alerts.NewReport{
		PublicReport: alerts.PublicReport{
			ChildName: c.given, ChildAge: fmt.Sprint(c.age), LastSeenAt: s.seen, LastSeenWhere: s.label + ", " + s.place.NameLatn,
			Circumstances: s.story, Description: c.wearEnglish,
		},
		Relation: "family", Language: "sr-Latn", Contact: &alerts.Reporter{Name: c.family, Phone: phone("+381 60", int(s.Uint32()%100))},
	}, alerts.Request{})
	if err != nil {
		return err
	}
	s.code = got.Code
	s.id, err = t.byReceipt(got)
	s.contact = s.id
	return err
}

// byReceipt returns the id of the record that a follow-up code belongs to.
func (t *teller) byReceipt(r alerts.Receipt) (string, error) {
	key, ok := t.Desk.Board.ByReceipt(alerts.HashSecret(alerts.NormalCode(r.Code)))
	if !ok {
		return "", fmt.Errorf("a follow-up code leads nowhere: %w", journal.ErrNotFound)
	}
	return key.ID, nil
}

func (t *teller) newCase(s *searching) alerts.NewCase {
	place := s.near(s.place.Point, 0.4)
	in := alerts.NewCase{
		Category: s.category, Circumstances: s.story, Draft: s.stage == "draft",
		LastSeen: alerts.NewLastSeen{
			At: s.seen, PrecisionMin: 15, Place: &place, AccuracyM: 150, Label: s.label + ", " + s.place.NameLatn,
		},
		Risk: &alerts.NewRisk{Grade: s.risk, Factors: factors(s), Note: "First assessment by telephone."},
	}
	if s.category == alerts.CategoryHistorical {
		in.LastSeen.PrecisionMin, in.LastSeen.AccuracyM = 180*24*60, 800
	}
	if s.reported {
		in.Police = alerts.NewPolice{
			ReportedAt: s.opened.Add(-5 * time.Minute), Unit: "Policijska uprava Primerovac", Reference: "DEMO-" + s.key,
		}
	}
	if s.hasFollowUp {
		in.FollowUp = &alerts.NewFollowUp{DueAt: t.now.Add(s.followUp), Owner: pick(s.dice, t.takers()).ID, Note: "Call the family."}
	}
	for _, c := range s.children {
		in.Children = append(in.Children, c.newChild(s))
	}
	return in
}

func (c *child) newChild(s *searching) alerts.NewChild {
	born := s.seen.AddDate(-c.age, 0, -30-s.IntN(300)).Format(time.DateOnly)
	if s.category == alerts.CategoryHistorical {
		born = s.seen.Format("2006")
	}
	return alerts.NewChild{
		Names: []alerts.Name{{Given: c.given, Family: c.family, Kind: "birth", Script: "Latn"}},
		Sex:   c.sex, BirthDate: born, Home: "Ulica Izmišljenih primera bb, " + s.place.NameLatn,
		Description: alerts.Description{HeightCM: c.height, Hair: c.hair, Eyes: c.eyes, Marks: c.marks, Clothing: c.wearEnglish},
	}
}

func factors(s *searching) []string {
	if s.risk == "none_apparent" || s.risk == "low" {
		return nil
	}
	all := []string{"under 12", "cold nights", "no telephone", "no money", "unknown adult", "needs medicine", "was threatened"}
	s.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:1+s.IntN(3)]
}

// end plans how a case ends, or is held.
func (t *teller) end(s *searching) {
	if s.ended.IsZero() {
		return
	}
	if s.stage == "on_hold" {
		t.on(s, s.ended, func(ctx context.Context) error {
			_, err := t.Desk.HoldCase(ctx, t.staff.duty, s.id, alerts.Request{})
			return err
		})
		return
	}
	t.on(s, s.ended, func(ctx context.Context) error { return t.closeCase(ctx, s) })
	if s.key == keyUnseen || s.key == keyForgotten {
		return
	}
	t.on(s, s.ended.Add(6*time.Hour), func(ctx context.Context) error {
		_, err := t.Desk.ConfirmClosing(ctx, t.staff.duty, s.id, alerts.Request{})
		return err
	})
	t.interview(s)
	if s.stage == "closed" {
		t.on(s, s.ended.Add(8*24*time.Hour), func(ctx context.Context) error {
			_, err := t.Desk.FinishCase(ctx, t.staff.jelena, s.id, alerts.Request{})
			return err
		})
	}
}

func (t *teller) closeCase(ctx context.Context, s *searching) error {
	in := alerts.CloseCase{Outcome: "found_safe", At: s.ended.Add(-20 * time.Minute), Note: s.story, Whereabouts: "With the family."}
	switch {
	case s.stage == "void":
		in.Outcome, in.Whereabouts = "false_report", ""
	case s.key == keyHarmed:
		in.Outcome, in.Whereabouts = "found_harmed", "In hospital."
	}
	_, err := t.Desk.CloseCase(ctx, t.staff.marko, s.id, in, alerts.Request{})
	return err
}
