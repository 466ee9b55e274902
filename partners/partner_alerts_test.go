package partners

import (
	"context"
	"testing"

	"homeward/alerts"
)

func TestPartnersReadOnlyTheirOwn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	ctx := context.Background()
	links := func(*alerts.Alert) alerts.Links { return alerts.Links{Page: "https://alerts.example.org/x"} }
	p, far := r.partner("one", region("RS")), r.partner("far", region("PT"))
	id := r.released("c1", r.draft(region("RS")))
	draft, err := r.desk.DraftAlert(ctx, r.ana, "c1", r.draft(region("RS")), none)
	must(t, err)
	v, err := r.desk.PartnerAlert(ctx, of(p), id, links)
	must(t, err)
	if v.AlertID != id || v.Links.Page == "" || v.Kind != "Alert" {
		t.Errorf("got %+v", v)
	}
	for _, id := range []string{draft.ID, "nothing"} {
		_, err = r.desk.PartnerAlert(ctx, of(p), id, links)
		wantCode(t, err, alerts.NotFound)
	}
	_, err = r.desk.PartnerAlert(ctx, of(far), id, links)
	wantCode(t, err, alerts.NotFound)
	narrow := of(p)
	narrow.Levels = []alerts.Level{alerts.LevelPublicAppeal}
	_, err = r.desk.PartnerAlert(ctx, narrow, id, links)
	wantCode(t, err, alerts.NotFound)
	for a, want := range map[string]int{p: 1, far: 0} {
		list, err := r.desk.PartnerAlerts(ctx, of(a), links)
		if err != nil || len(list) != want {
			t.Errorf("%d alerts, want %d: %v", len(list), want, err)
		}
	}
	_, err = r.desk.PartnerAlerts(ctx, r.ana, links)
	wantCode(t, err, alerts.NotFound)
	r.cancel(id)
	_, err = r.desk.PartnerAlert(ctx, of(p), id, links)
	wantCode(t, err, alerts.Gone)
	own, err := r.desk.OwnDeliveries(of(p))
	if err != nil || len(own) != 1 || own[0].AlertID != id || !own[0].Withdrawn {
		t.Errorf("own deliveries %+v: %v", own, err)
	}
}
