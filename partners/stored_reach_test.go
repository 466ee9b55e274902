package partners_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
	"homeward/partners"
	"homeward/store"
)

// TestHowAPartnerIsReachedIsSealed reads an organisation back after a restart,
// and finds neither its people nor its webhook in what is stored.
func TestHowAPartnerIsReachedIsSealed(t *testing.T) {
	t.Parallel()
	s := &stage{t: t, store: store.NewMemory(), regions: builtRegions()}
	s.restart()
	ctx := context.Background()
	ana, boris, admin := s.person("ana", alerts.RoleCoordinator), s.person("boris", alerts.RoleCoordinator), s.person("admin", alerts.RoleAdministrator)
	s.do(func() journal.Outcome {
		return journal.Outcome{Documents: []journal.Document{&alerts.Case{Head: journal.Head{ID: "c1"}, CaseNumber: "AB23CD45", State: alerts.StateVerifying}}}
	})
	p, err := s.CreatePartner(ctx, ana, partners.NewPartner{
		Name: "Example hospital", Coverage: geo.Area{Regions: []string{"RS"}}, Zone: "Europe/Belgrade",
		Agreement: partners.Agreement{Reference: "A-1", ValidUntil: time.Now().AddDate(1, 0, 0)},
		People:    []partners.Person{{Name: "Zqiva", Email: "zqiva@example.org", Phone: "+381 11 000 0099"}},
		Rota:      []partners.Shift{{Days: []string{"mo", "tu", "we", "th", "fr", "sa", "su"}, From: "00:00", To: "00:00", People: []string{"Zqiva"}}},
	}, alerts.Request{})
	s.must(err)
	_, err = s.ApprovePartner(ctx, boris, p.ID, alerts.Request{})
	s.must(err)
	hook, err := s.SetWebhook(ctx, admin, p.ID, partners.NewWebhook{URL: "https://zqhook.example.org/in"}, alerts.Request{Key: []byte("request"), Body: []byte("body")})
	s.must(err)
	draft, err := s.DraftAlert(ctx, ana, "c1", alerts.NewAlert{
		Level: alerts.LevelPartner, Severity: "extreme", ExpiresAt: time.Now().Add(time.Hour), Area: geo.Area{Regions: []string{"RS"}},
		Texts: map[string]alerts.DraftText{"en": {Headline: "Missing child", Description: "Blue jacket"}},
	}, alerts.Request{})
	s.must(err)
	_, err = s.Release(ctx, boris, draft.ID, alerts.Release{ContentHash: draft.ContentHash}, alerts.Request{})
	s.must(err)
	s.restart()
	jobs, err := s.TakeSteps(ctx, draft.ID, s.StepsDue(time.Now())[draft.ID], 10)
	s.must(err)
	if len(jobs) != 1 || jobs[0].Channel != partners.ChannelWebhook {
		t.Fatalf("claimed %+v", jobs)
	}
	s.must(s.Report(ctx, jobs[0], partners.Result{Note: "HTTP 503 zqsaid"}, 0.5))
	s.restart()
	again, err := s.SetWebhook(ctx, admin, p.ID, partners.NewWebhook{URL: "https://zqhook.example.org/in"}, alerts.Request{Key: []byte("request"), Body: []byte("body")})
	s.must(err)
	if again.Secret != hook.Secret || again.URL != hook.URL {
		t.Error("the same request gave another webhook")
	}
	v, err := s.Partner(ctx, ana, p.ID)
	s.must(err)
	if len(v.People) != 1 || v.People[0].Name != "Zqiva" || !v.Duty.Staffed || v.Duty.OnDuty[0] != "Zqiva" || v.Webhook.FailingSince == nil {
		t.Errorf("organisation %+v", v)
	}
	ledger, err := s.Deliveries(ana, draft.ID)
	s.must(err)
	if len(ledger[0].Steps) != 1 || ledger[0].Steps[0].Note != "HTTP 503 zqsaid" {
		t.Errorf("steps %+v", ledger[0].Steps)
	}
	changes, err := s.store.Changes(ctx, 0, 100)
	s.must(err)
	for _, c := range changes {
		for _, l := range c.Lines {
			for _, secret := range []string{"Zqiva", "zqiva@", "0099", "zqhook", hook.Secret, strings.TrimPrefix(hook.Secret, "whsec_"), "zqsaid"} {
				if strings.Contains(string(l.Image), secret) {
					t.Errorf("%s holds %q in the clear", l.Key, secret)
				}
			}
		}
	}
}
