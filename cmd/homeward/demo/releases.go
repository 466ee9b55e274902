package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/geo/script"
)

// wording is the text of an alert in one language, with gaps.
type wording struct{ language, headline, description, instruction string }

func loadTexts() ([]wording, error) {
	rows, err := read("texts.csv")
	out := make([]wording, len(rows))
	for i, r := range rows {
		out[i] = wording{r[0], r[1], r[2], r[3]}
	}
	return out, err
}

// spoken are the languages of an alert by the countries that it reaches. Serbia
// is always among them.
func spoken(country string) string {
	return map[string]string{"HU": "hu", "RO": "ro", "BG": "bg", "HR": "hr", "BA": "bs", "MK": "mk", "AT": "de", "DE": "de"}[country]
}

func (t *teller) textsOf(s *searching) map[string]alerts.DraftText {
	wanted := map[string]bool{"sr-Latn": true, "en": true}
	for _, p := range s.track {
		wanted[spoken(p.Country)] = true
	}
	out := map[string]alerts.DraftText{}
	for _, w := range t.texts {
		if wanted[w.language] {
			out[w.language] = s.fill(w)
		}
	}
	latin := out["sr-Latn"]
	out["sr-Cyrl"] = alerts.DraftText{
		Headline: script.ToCyrillic(latin.Headline), Description: script.ToCyrillic(latin.Description), Instruction: script.ToCyrillic(latin.Instruction),
	}
	return out
}

func (s *searching) fill(w wording) alerts.DraftText {
	c := s.children[0]
	name := c.given + " " + c.family
	for _, other := range s.children[1:] {
		name += ", " + other.given + " " + other.family
	}
	gaps := strings.NewReplacer("{name}", name, "{age}", fmt.Sprint(c.age), "{height}", fmt.Sprint(c.height),
		"{place}", s.place.NameLatn, "{when}", s.seen.Format("2. 1. 2006"), "{wear_en}", c.wearEnglish, "{wear_sr}", c.wearSerbian)
	return alerts.DraftText{Headline: gaps.Replace(w.headline), Description: gaps.Replace(w.description), Instruction: gaps.Replace(w.instruction)}
}

// area is around where the child was last seen and where it may have gone. The
// public is asked in all of Serbia.
func (s *searching) area(public bool) geo.Area {
	var a geo.Area
	if public {
		a.Regions = []string{"RS"}
	}
	for i, p := range s.track {
		if i == 0 || p.Country != "RS" || !public {
			a.Circles = append(a.Circles, geo.Circle{Center: p.Point.Coordinates, RadiusM: 60_000})
		}
	}
	return a
}

func (t *teller) expires(s *searching) time.Time {
	switch {
	case s.key == keyExpired:
		return t.now.Add(-5 * time.Hour)
	case s.key == keyExpiring:
		return t.now.Add(5 * time.Hour)
	case !s.ended.IsZero():
		return s.released.Add(40 * 24 * time.Hour)
	}
	return t.now.Add(time.Duration(9+s.place.ID%30) * 24 * time.Hour)
}

func severity(risk string) string {
	return map[string]string{"high": "extreme", "medium": "severe", "low": "moderate"}[risk]
}

// tellPartners writes the alert for partner organisations and lets it out.
func (t *teller) tellPartners(ctx context.Context, s *searching) error {
	author, releaser := t.staff.operator, t.staff.jelena
	if s.pictured() {
		if err := t.consent(ctx, s, alerts.P1, "partners"); err != nil {
			return err
		}
	}
	in := alerts.NewAlert{
		Level: alerts.LevelPartner, Severity: severity(s.risk), ExpiresAt: t.expires(s), PhotoID: s.photoID,
		Area: s.area(false), Texts: t.textsOf(s), HoldBack: "Carries a key ring in the shape of a snail.",
	}
	t.shape(s, &in)
	v, err := t.Desk.DraftAlert(ctx, author, s.id, in, alerts.Request{})
	if err != nil {
		return fmt.Errorf("draft: %w", err)
	}
	s.alertID = v.ID
	_, err = t.Desk.Release(ctx, releaser, v.ID, alerts.Release{ContentHash: v.ContentHash}, alerts.Request{})
	return err
}

func (t *teller) consent(ctx context.Context, s *searching, class alerts.Class, audience string) error {
	_, err := t.Desk.AddConsent(ctx, t.staff.operator, s.id, alerts.NewConsent{
		Class: class, Audience: audience, Purpose: "finding the child", Basis: "consent", GivenBy: "mother, by telephone, confirmed in writing",
	}, alerts.Request{})
	return err
}

// approve records what going public needs: an authority's decision and consent.
func (t *teller) approve(ctx context.Context, s *searching) error {
	decided, err := t.Desk.RecordDecision(ctx, t.staff.marko, s.id, alerts.NewDecision{
		Level: alerts.LevelPublicAppeal, Authority: "Policijska uprava Primerovac", Person: "načelnik Ogledni",
		Basis: "The child is in danger, and only the public can help.", Reference: "DEMO-ODLUKA-" + s.key, DecidedAt: t.Clock.Now().Add(-20 * time.Minute),
	}, alerts.Request{})
	if err != nil {
		return fmt.Errorf("decision: %w", err)
	}
	s.decisionID = decided.ID
	for _, class := range []alerts.Class{alerts.P0, alerts.P1} {
		if err := t.consent(ctx, s, class, "public"); err != nil {
			return fmt.Errorf("consent: %w", err)
		}
	}
	return nil
}

// tellPublic turns the alert into a public appeal: one coordinator writes,
// another releases. In the emergency the duty officer does both.
func (t *teller) tellPublic(ctx context.Context, s *searching) error {
	if err := t.approve(ctx, s); err != nil {
		return err
	}
	author, releaser := t.staff.jelena, t.staff.marko
	var emergency *alerts.EmergencyReason
	if s.key == keyEmergency {
		author, releaser = t.staff.duty, t.staff.duty
		emergency = &alerts.EmergencyReason{Reason: "At night no second person could be reached, and each hour counts."}
	}
	level, area := alerts.LevelPublicAppeal, s.area(true)
	v, err := t.Desk.UpdateAlert(ctx, author, s.alertID, alerts.AlertUpdate{Level: &level, DecisionID: &s.decisionID, Area: &area}, alerts.Request{})
	if err != nil {
		return fmt.Errorf("update: %w", err)
	}
	_, err = t.Desk.Release(ctx, releaser, v.ID, alerts.Release{ContentHash: v.ContentHash, Emergency: emergency}, alerts.Request{})
	return err
}

// prepare leaves a draft for the public behind that waits for a second person.
func (t *teller) prepare(ctx context.Context, s *searching) error {
	if err := t.approve(ctx, s); err != nil {
		return err
	}
	_, err := t.Desk.DraftAlert(ctx, t.staff.jelena, s.id, alerts.NewAlert{
		Level: alerts.LevelPublicAppeal, DecisionID: s.decisionID, Severity: severity(s.risk), ExpiresAt: t.now.AddDate(0, 0, 14),
		PhotoID: s.photoID, Area: s.area(true), Texts: t.textsOf(s), HoldBack: "Carries a key ring in the shape of a snail.",
		Criteria: &alerts.NewChecklist{List: "RS", Answers: map[string]alerts.NewAnswer{
			"life_in_danger": {Answer: "unknown", Note: "The police are still asking the neighbours."}, "abducted": {Answer: "no"},
			"under_seven": {Answer: "no"}, "medical_care": {Answer: "yes", Note: "Needs an inhaler, says the mother."},
		}},
	}, alerts.Request{})
	return err
}
