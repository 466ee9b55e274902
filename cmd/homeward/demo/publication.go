package demo

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/geo/script"
)

// planPublication plans what stands around the appeals: the rumour desk, and a
// message of another country's system that somebody has to look at.
func (t *teller) planPublication() error {
	rows, err := read("rumours.csv")
	if err != nil {
		return err
	}
	for i, r := range rows {
		days, err := strconv.Atoi(r[0])
		if err != nil {
			return fmt.Errorf("rumours.csv: %w", err)
		}
		at := t.now.AddDate(0, 0, -days).Add(-time.Duration(i) * time.Hour)
		t.add(at, "rumour "+r[0], func(ctx context.Context) error { return t.rumour(ctx, r, at) })
	}
	for _, s := range t.cases {
		if s.key != keyEmergency && !s.public.IsZero() && s.ended.IsZero() {
			t.add(t.now.Add(-20*time.Minute), s.lane(), func(ctx context.Context) error { return t.mirror(ctx, s) })
			break
		}
	}
	return nil
}

func (t *teller) rumour(ctx context.Context, r []string, at time.Time) error {
	v, err := t.Desk.WriteRumour(ctx, t.staff.operator, alerts.NewRumour{
		Verdict: r[2], Since: at.AddDate(0, 0, -1).Format(time.DateOnly), Links: []string{r[3]},
		Texts: map[string]alerts.DraftText{
			"en": {Headline: r[4], Description: r[5]}, "sr-Cyrl": {Headline: r[6], Description: r[7]},
			"sr-Latn": {Headline: script.ToLatin(r[6]), Description: script.ToLatin(r[7])},
		},
	}, alerts.Request{})
	if err != nil || r[1] == "draft" {
		return err
	}
	if _, err = t.Desk.PublishRumour(ctx, t.staff.jelena, v.ID, alerts.ApproveRumour{ContentHash: v.ContentHash}, alerts.Request{}); err != nil || r[1] == "published" {
		return err
	}
	_, err = t.Desk.TakeBackRumour(ctx, t.staff.marko, v.ID, alerts.RetractRumour{Reason: "Some of the people who share it mean another child."}, alerts.Request{})
	return err
}

// mirror takes a message of an invented system of a neighbouring country about
// a child that is searched for here.
func (t *teller) mirror(ctx context.Context, s *searching) error {
	_, err := t.Desk.Mirror(ctx, t.staff.operator, alerts.NewMirror{
		MirrorOf:    alerts.MirrorOf{Sender: "child-alert.example.org", Identifier: "DEMO-2207", Sent: t.Clock.Now().Add(-3 * time.Minute), Kind: "Alert", LeftOut: []string{"resource"}},
		CaseNumbers: []string{s.number}, Severity: "extreme", ExpiresAt: t.now.Add(20 * time.Hour),
		Area:  geo.Area{Circles: []geo.Circle{{Center: [2]float64{20.1484, 46.2530}, RadiusM: 80_000}}},
		Texts: map[string]alerts.DraftText{"en": t.textsOf(s)["en"]},
	}, alerts.Request{})
	return err
}

// ways are how people in the story come to an appeal, by their shares.
func (one *seen) way() string {
	switch {
	case one.chance(0.35):
		return alerts.SourceSocial
	case one.chance(0.3):
		return alerts.SourcePoster
	case one.chance(0.25):
		return alerts.SourceMedia
	case one.chance(0.2):
		return alerts.SourcePicture
	}
	return ""
}
