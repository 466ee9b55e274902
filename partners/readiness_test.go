package partners

import (
	"context"
	"slices"
	"testing"
	"time"

	"homeward/alerts"
)

// waysOf are the channels of a partner as "channel state".
func waysOf(i ReadinessItem) []string {
	var out []string
	for _, c := range i.Channels {
		out = append(out, c.Channel+" "+c.State)
	}
	return out
}

func TestReadinessSaysWhoIsReachedAndHow(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	ctx := context.Background()
	staffed := r.staffed("staffed", func(p *NewPartner) {
		p.Rota = []Shift{{Days: []string{"mo", "tu", "we", "th", "fr"}, From: "20:00", To: "06:00", People: []string{"Iva"}}}
	})
	silent, hooked := r.partner("silent", region("RS")), r.partner("hooked", region("RS"))
	r.hooked(hooked)
	v, err := r.desk.DraftAlert(ctx, r.ana, "c1", r.draft(region("RS")), none)
	must(t, err)
	out := Outgoing{Mail: true}
	look := func() map[string]ReadinessItem {
		t.Helper()
		got, err := r.desk.Readiness(r.ana, v.ID, out)
		must(t, err)
		items := map[string]ReadinessItem{}
		for _, i := range got.Partners {
			items[i.PartnerID] = i
		}
		if got.New+got.Updated != len(items) || !got.Urgent {
			t.Errorf("counted %d new, %d updated of %d", got.New, got.Updated, len(items))
		}
		return items
	}
	for id, want := range map[string]struct {
		ways      []string
		reachable bool
	}{
		staffed: {[]string{"email works", "call works"}, true}, silent: {nil, false}, hooked: {[]string{"webhook works"}, true},
	} {
		if got := look()[id]; !slices.Equal(waysOf(got), want.ways) || got.Reachable != want.reachable {
			t.Errorf("%s: %v, reachable %t, want %+v", got.Name, waysOf(got), got.Reachable, want)
		}
	}
	// At eleven in Belgrade nobody is on duty until eight in the evening.
	if got := look()[staffed]; got.Staffed || got.Zone != "Europe/Belgrade" || got.OnDutyAgain.UTC().Format("15:04") != "19:00" {
		t.Errorf("duty %+v", got)
	}
	before, _ := r.board.Partner(hooked)
	must(t, r.desk.RecordTest(ctx, r.admin, hooked, TestRequest{Channel: ChannelWebhook}, false))
	if got := look()[hooked]; !slices.Equal(waysOf(got), []string{"webhook test_failed"}) || got.Reachable {
		t.Errorf("after a test that failed: %v", waysOf(got))
	}
	if after, _ := r.board.Partner(hooked); after.Version != before.Version {
		t.Errorf("a test raised the version from %d to %d", before.Version, after.Version)
	}
	must(t, r.desk.RecordTest(ctx, r.admin, hooked, TestRequest{Channel: ChannelWebhook}, true))
	if got := look()[hooked]; !got.Reachable {
		t.Error("a test that arrives does not clear the one before")
	}
	p, _ := r.board.Partner(staffed)
	must(t, r.desk.RecordTest(ctx, r.admin, staffed, TestRequest{Channel: ChannelEmail, Person: p.People[0].ID}, false))
	if got := look()[staffed]; !slices.Equal(waysOf(got), []string{"email test_failed", "call works"}) {
		t.Errorf("after an e-mail that failed: %v", waysOf(got))
	}
	out.Mail = false
	if got := look()[staffed]; waysOf(got)[0] != "email no_mail_server" {
		t.Errorf("without a mail server: %v", waysOf(got))
	}
	out.Connected = map[string]bool{silent: true}
	if got := look()[silent]; !slices.Equal(waysOf(got), []string{"websocket works"}) || !got.Reachable {
		t.Errorf("connected: %v", waysOf(got))
	}
	person := of(staffed)
	wantCode(t, r.desk.RecordTest(ctx, person, hooked, TestRequest{Channel: ChannelWebhook}, true), alerts.NotFound)
	_, err = r.desk.Readiness(person, v.ID, out)
	wantCode(t, err, alerts.NotFound)
}

func TestReadinessCountsWhatAnUpdateChanges(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	r.partner("rs", region("RS"))
	stays, comes := r.partner("pl", region("PL")), r.partner("pt", region("PT"))
	id := r.released("c1", r.draft(region("RS", "PL")))
	area := region("PL", "PT")
	_, err := r.desk.UpdateAlert(context.Background(), r.ana, id, alerts.AlertUpdate{Area: &area}, none)
	must(t, err)
	v, err := r.desk.Readiness(r.boris, id, Outgoing{})
	must(t, err)
	if v.New != 1 || v.Updated != 1 || len(v.Leaving) != 1 || v.Leaving[0].Name != "rs" || v.Revision != 2 {
		t.Errorf("%+v", v)
	}
	for _, i := range v.Partners {
		if i.New != (i.PartnerID == comes) || i.PartnerID != comes && i.PartnerID != stays {
			t.Errorf("%+v", i)
		}
	}
	// Who lost it and is covered again is new again.
	r.wait(time.Minute)
	al, _ := r.desk.Board.Alert(id)
	r.release(alerts.DraftView{ID: id, ContentHash: al.Draft.ContentHash})
	back := region("RS")
	_, err = r.desk.UpdateAlert(context.Background(), r.ana, id, alerts.AlertUpdate{Area: &back}, none)
	must(t, err)
	if v, err = r.desk.Readiness(r.boris, id, Outgoing{}); err != nil || v.New != 1 || v.Updated != 0 || len(v.Leaving) != 2 {
		t.Errorf("back again: %+v, %v", v, err)
	}
}
