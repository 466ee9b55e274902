package partners_test

import (
	"context"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/partners"
	"homeward/store"
)

// TestADrillOutlivesRestarts reads a drill back as it was written, running and
// after its end; its note is sealed.
func TestADrillOutlivesRestarts(t *testing.T) {
	t.Parallel()
	s := &stage{t: t, store: store.NewMemory(), regions: builtRegions()}
	s.restart()
	ctx := context.Background()
	ana := s.person("ana", alerts.RoleCoordinator)
	p, err := s.CreatePartner(ctx, ana, partners.NewPartner{Name: "Example hospital", Coverage: geo.Area{Regions: []string{"RS"}}}, alerts.Request{})
	s.must(err)
	v, err := s.StartDrill(ctx, ana, partners.NewDrill{
		Partners: []string{p.ID}, Level: alerts.LevelPartner, Severity: "severe", Note: map[string]string{"en": "zqnote"},
	}, alerts.Request{})
	s.must(err)
	s.want(p.ID, partners.Item{AlertID: v.ID, Kind: partners.KindAlert, Revision: 1, From: 1, Level: alerts.LevelPartner, Drill: true})
	a := alerts.Actor{ID: "key", Kind: alerts.KindPartner, Role: alerts.RolePartner, Partner: p.ID}
	_, err = s.Answer(ctx, a, v.ID, partners.Act{Answer: partners.DeliveryAccepted, By: "Iva Ivić"}, alerts.Request{})
	s.must(err)
	_, err = s.EndDrill(ctx, ana, v.ID, alerts.Request{})
	s.must(err)
	s.want(p.ID, partners.Item{AlertID: v.ID, Kind: partners.KindWithdrawal, Revision: 1, Reason: partners.ReasonCancelled, Drill: true})
	v, err = s.Drill(ana, v.ID)
	s.must(err)
	if v.Note["en"] != "zqnote" || v.Answered != 1 || v.Lines[0].AnsweredBy != "Iva Ivić" || v.EndedAt == nil || v.EndedAt.After(time.Now()) {
		t.Errorf("after the restart: %+v", v)
	}
}
