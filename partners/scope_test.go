package partners

import (
	"context"
	"slices"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
)

// keyOf makes a key that is limited to regions and returns its actor.
func (r *rig) keyOf(partner string, regions ...string) alerts.Actor {
	r.t.Helper()
	made, err := r.desk.CreateKey(context.Background(), r.admin, partner, NewKey{Name: "machine", Regions: regions}, none)
	must(r.t, err)
	a, err := r.desk.AuthenticateKey(context.Background(), made.Token)
	must(r.t, err)
	return a
}

func noLinks(*alerts.Alert) alerts.Links { return alerts.Links{} }

// reads tells which alerts a key gets as a list, and checks that feed and single
// fetch agree with it.
func (r *rig) reads(a alerts.Actor, alertID string) bool {
	r.t.Helper()
	list, err := r.desk.PartnerAlerts(context.Background(), a, noLinks)
	must(r.t, err)
	listed := slices.ContainsFunc(list, func(v alerts.PartnerAlert) bool { return v.ID == alertID })
	_, err = r.desk.PartnerAlert(context.Background(), a, alertID, noLinks)
	it, _ := r.board.Look(a.Partner, alertID)
	through, sees := r.desk.Through(a, it)
	if fed := sees && through.Kind == KindAlert; fed != listed || (err == nil) != listed {
		r.t.Errorf("the feed says %v, the list %v, a fetch %v", fed, listed, err)
	}
	return listed
}

func TestAKeyGetsTheAlertsOfItsAreasOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.partner("one", region("RS", "FR"))
	wide, serbia, france, district := r.keyOf(p), r.keyOf(p, "rs"), r.keyOf(p, "FR"), r.keyOf(p, "RS-00")
	for name, c := range map[string]struct {
		area                     geo.Area
		serbia, france, district bool
	}{
		"country":      {region("RS"), true, false, true},
		"far country":  {region("FR"), false, true, false},
		"both":         {region("FR", "RS"), true, true, true},
		"its part":     {region("RS-00"), true, false, true},
		"another part": {region("RS-20"), true, false, false},
		"circle":       {circle(2.35, 48.85, 20_000), false, true, false},
	} {
		r.newCase("c " + name)
		al := r.released("c "+name, r.draft(c.area))
		if !r.reads(wide, al) {
			t.Errorf("%s: a key without areas does not get it", name)
		}
		if s, f, d := r.reads(serbia, al), r.reads(france, al), r.reads(district, al); s != c.serbia || f != c.france || d != c.district {
			t.Errorf("%s: keys of Serbia %v, France %v, Belgrade %v", name, s, f, d)
		}
	}
}

func TestWhatLeavesAKeyIsWithdrawnFromIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := context.Background()
	r.newCase("c1")
	p := r.partner("one", region("RS", "FR"))
	wide, serbia, france := r.keyOf(p), r.keyOf(p, "RS"), r.keyOf(p, "FR")
	al := r.released("c1", r.draft(region("RS")))
	if !r.reads(serbia, al) || r.reads(france, al) {
		t.Fatal("the first revision is Serbia's")
	}
	area := region("FR")
	r.wait(time.Minute)
	r.update(al, alerts.AlertUpdate{Area: &area})
	if !r.reads(wide, al) || r.reads(serbia, al) || !r.reads(france, al) {
		t.Fatal("the second revision is France's")
	}
	it, left := r.desk.LeftKey(serbia, al)
	if !left || it.Kind != KindWithdrawal || it.Reason != ReasonNotAddressed || it.Revision != 1 {
		t.Fatalf("the key of Serbia is told %+v", it)
	}
	w, err := r.board.Withdrawal(p, it)
	must(t, err)
	if w.Identifier == alerts.CAPCancelIdentifier(al) || !w.Sent.Equal(r.now().Truncate(time.Second)) {
		t.Errorf("it is withdrawn as %+v", w)
	}
	_, err = r.desk.PartnerAlert(ctx, serbia, al, noLinks)
	wantCode(t, err, alerts.Gone)
	_, err = r.desk.Answer(ctx, serbia, al, Act{Answer: DeliveryAccepted}, none)
	wantCode(t, err, alerts.Gone)
	v, err := r.desk.Removed(ctx, serbia, al, Act{}, none)
	must(t, err)
	if v.State == DeliveryRemoved || !r.reads(france, al) {
		t.Error("a key that removed it took it from the organisation")
	}
	for _, k := range []alerts.Actor{wide, france} {
		if _, left := r.desk.LeftKey(k, al); left {
			t.Error("it is withdrawn from a key that has it")
		}
	}
	r.cancel(al)
	for _, k := range []alerts.Actor{wide, serbia, france} {
		it, _ := r.board.Look(p, al)
		if it, sees := r.desk.Through(k, it); !sees || it.Reason != ReasonCancelled {
			t.Errorf("the end reaches a key as %+v", it)
		}
	}
}

func TestAKeyCannotAnswerWhatItDoesNotSee(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := context.Background()
	r.newCase("c1")
	p := r.partner("one", region("RS", "FR"))
	france := r.keyOf(p, "FR")
	al := r.released("c1", r.draft(region("RS")))
	for _, do := range []func(context.Context, alerts.Actor, string, Act, alerts.Request) (DeliveryView, error){r.desk.Opened, r.desk.Removed, r.desk.Done} {
		_, err := do(ctx, france, al, Act{}, none)
		wantCode(t, err, alerts.NotFound)
	}
	_, err := r.desk.Opened(ctx, r.keyOf(p), al, Act{}, none)
	must(t, err)
	if lines, err := r.desk.OwnDeliveries(france); err != nil || len(lines) != 0 {
		t.Errorf("the ledger of the key: %v, %v", lines, err)
	}
	r.newCase("c2")
	if one := r.released("c2", r.draft(region("FR"))); !r.reads(france, one) {
		t.Error("what it may see is not there")
	}
}

func TestTheAreasOfAKeyAreChecked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := context.Background()
	p := r.partner("one", region("RS"))
	for name, in := range map[string][]string{
		"unknown": {"QQ"}, "outside": {"FR"}, "too many": make([]string, 0, 70),
	} {
		for i := 0; name == "too many" && i < 70; i++ {
			in = append(in, "X"+string(rune('A'+i%26))+string(rune('A'+i/26)))
		}
		_, err := r.desk.CreateKey(ctx, r.admin, p, NewKey{Name: "k", Regions: in}, none)
		if alerts.CodeOf(err) != alerts.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	key, err := r.desk.CreateKey(ctx, r.admin, p, NewKey{Name: "k", Regions: []string{" rs-00", "RS-00", ""}}, none)
	must(t, err)
	if !slices.Equal(key.Regions, []string{"RS-00"}) {
		t.Errorf("kept as %v", key.Regions)
	}
	again, err := r.desk.RotateKey(ctx, r.admin, p, key.ID, none)
	must(t, err)
	if !slices.Equal(again.Regions, key.Regions) {
		t.Errorf("its successor is limited to %v", again.Regions)
	}
}
