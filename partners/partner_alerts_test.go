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

// TestWhatAProgramFetchesCountsAsSent has a program that never opens the feed.
func TestWhatAProgramFetchesCountsAsSent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	p, other := r.partner("one", region("RS")), r.partner("two", region("RS"))
	id := r.released("c1", r.draft(region("RS")))
	// fetch asks as often as programs do, and has what was noted written.
	fetch := func(by alerts.Actor) {
		receipts := NewReceipts(r.desk, nil)
		r.desk.NoteFetches(receipts)
		for range 3 {
			_, err := r.desk.PartnerAlerts(context.Background(), by, noLinks)
			must(t, err)
			_, err = r.desk.PartnerAlert(context.Background(), by, id, noLinks)
			must(t, err)
		}
		receipts.Close(context.Background())
	}
	person, link := of(other), of(other)
	person.Kind, link.Session = alerts.KindPerson, "link"
	for _, by := range []alerts.Actor{person, link} {
		fetch(by)
		if d, ok := r.board.Delivery(id, other); ok && !d.SentAt.IsZero() {
			t.Errorf("what a person looks at counts as sent to a program: %+v", d)
		}
	}
	key := r.keyOf(p)
	fetch(key)
	d, ok := r.board.Delivery(id, p)
	if !ok || d.State != DeliverySent || d.Channel != ChannelAPI || d.Revision != 1 || d.SentAt.IsZero() || !d.ReceivedAt.IsZero() {
		t.Fatalf("after a fetch: %+v", d)
	}
	before := r.board.Number()
	fetch(key)
	if n := r.board.Number(); n != before {
		t.Errorf("asking again made %d changes", n-before)
	}
	area := region("RS", "HR")
	r.update(id, alerts.AlertUpdate{Area: &area})
	fetch(key)
	fetch(key)
	if d, _ := r.board.Delivery(id, p); len(d.Steps) != 2 || d.Steps[1].Revision != 2 || d.State != DeliverySent {
		t.Errorf("after an update was fetched: %+v", d)
	}
	opened := &Delivery{Revision: 1, State: DeliveryOpened, SentAt: r.now()} // brought by an e-mail, say
	if !opened.known(DeliverySent, 1, Act{}) || opened.known(DeliverySent, 2, Act{}) {
		t.Error("what was opened is sent anew, or its update is not")
	}
}
