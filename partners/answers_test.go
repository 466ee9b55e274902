package partners

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"homeward/alerts"
)

// act runs one act by its name.
func (r *rig) act(a alerts.Actor, what, alertID string, in Act) (DeliveryView, error) {
	ctx := context.Background()
	switch what {
	case "opened":
		return r.desk.Opened(ctx, a, alertID, in, none)
	case "done":
		return r.desk.Done(ctx, a, alertID, in, none)
	case "removed":
		return r.desk.Removed(ctx, a, alertID, in, none)
	}
	in.Answer = DeliveryState(what)
	return r.desk.Answer(ctx, a, alertID, in, none)
}

func TestActsOfOneOrganisation(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	p, other, far := r.partner("one", region("RS")), r.partner("two", region("RS")), r.partner("three", region("PT"))
	id := r.released("c1", r.draft(region("RS")))
	for _, step := range []struct {
		what  string
		in    Act
		code  alerts.Code
		state DeliveryState
	}{
		{"done", Act{By: "Iva"}, alerts.Conflict, ""},
		{"removed", Act{By: "Iva"}, alerts.Conflict, ""},
		{"opened", Act{Revision: 2}, alerts.Conflict, ""},
		{"opened", Act{Revision: -1}, alerts.Conflict, ""},
		{"opened", Act{By: "Iva"}, "", DeliveryOpened},
		{"question", Act{By: "Iva", Reason: "which bus"}, "", DeliveryQuestion},
		{"accepted", Act{By: "Iva"}, "", DeliveryAccepted},
		{"opened", Act{By: "Mara"}, "", DeliveryAccepted},
		{"declined", Act{By: "Mara", Reason: "no people"}, "", DeliveryDeclined},
		{"done", Act{By: "Iva"}, alerts.Conflict, ""},
		{"accepted", Act{By: "Iva"}, "", DeliveryAccepted},
		{"done", Act{By: "Iva", Outcome: "searched the station"}, "", DeliveryDone},
		{"accepted", Act{By: "Iva"}, alerts.Conflict, ""},
		{"shrug", Act{By: "Iva"}, alerts.Invalid, ""},
		{"opened", Act{By: strings.Repeat("x", 300)}, alerts.Invalid, ""},
	} {
		v, err := r.act(of(p), step.what, id, step.in)
		if alerts.CodeOf(err) != step.code || (step.code == "" && err != nil) {
			t.Fatalf("%s: %v, want %q", step.what, err, step.code)
		}
		if step.code == "" && v.State != step.state {
			t.Fatalf("after %s the state is %s, want %s", step.what, v.State, step.state)
		}
	}
	_, err := r.act(of(far), "opened", id, Act{})
	wantCode(t, err, alerts.NotFound)
	_, err = r.act(of(p), "opened", "nothing", Act{})
	wantCode(t, err, alerts.NotFound)
	_, err = r.act(r.ana, "opened", id, Act{})
	wantCode(t, err, alerts.Forbidden)
	if d, ok := r.board.Delivery(id, other); ok {
		t.Fatalf("the other organisation has %+v", d)
	}
	r.cancel(id)
	_, err = r.act(of(other), "accepted", id, Act{By: "Una"})
	wantCode(t, err, alerts.Gone)
	v, err := r.act(of(p), "removed", id, Act{By: "Iva"})
	must(t, err)
	version := func() int { d, _ := r.board.Delivery(id, p); return d.Version }
	before := version()
	again, err := r.act(of(p), "removed", id, Act{By: "Iva"})
	must(t, err)
	if version() != before || len(again.Steps) != len(v.Steps) || !again.Withdrawn || again.State != DeliveryRemoved || again.Times.Done == nil {
		t.Fatalf("removing again gave %+v", again)
	}
	ledger, err := r.desk.Deliveries(r.ana, id)
	must(t, err)
	if len(ledger) != 2 || ledger[0].PartnerName != "one" || ledger[0].Because != "" || ledger[1].State != DeliveryWaiting ||
		ledger[1].Because != "removal_not_confirmed" || !ledger[1].Withdrawn || ledger[1].Times.Released == nil {
		t.Fatalf("ledger %+v", ledger)
	}
}

func TestSignedInPeopleAnswerInTheirOwnName(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	p := r.partner("one", region("RS"))
	id := r.released("c1", r.draft(region("RS")))
	person := alerts.Actor{ID: "person", Kind: alerts.KindPerson, Role: alerts.RolePartner, Name: "Iva Ivić", Partner: p}
	v, err := r.act(person, "accepted", id, Act{By: "somebody else"})
	must(t, err)
	if v.By != "Iva Ivić" {
		t.Errorf("answered by %q", v.By)
	}
	if v, err = r.act(of(p), "declined", id, Act{}); err != nil || v.By != "machine" {
		t.Errorf("answered by %q: %v", v.By, err)
	}
}

func TestAddressedAgainStartsOver(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	p := r.partner("one", region("RS"))
	id := r.released("c1", r.draft(region("RS")))
	_, err := r.act(of(p), "accepted", id, Act{By: "Iva"})
	must(t, err)
	far, near := region("PT"), region("RS")
	r.update(id, alerts.AlertUpdate{Area: &far})
	_, err = r.act(of(p), "opened", id, Act{Revision: 2})
	wantCode(t, err, alerts.Conflict)
	_, err = r.act(of(p), "removed", id, Act{By: "Iva"})
	must(t, err)
	r.update(id, alerts.AlertUpdate{Area: &near})
	ledger, err := r.desk.Deliveries(r.ana, id)
	must(t, err)
	if ledger[0].State != DeliveryWaiting || ledger[0].Withdrawn || ledger[0].Revision != 3 || len(ledger[0].Steps) != 2 {
		t.Fatalf("addressed again: %+v", ledger[0])
	}
	v, err := r.act(of(p), "opened", id, Act{})
	must(t, err)
	if v.State != DeliveryOpened || v.By != "" {
		t.Fatalf("opened again: %+v", v)
	}
	r.cancel(id)
	if items := r.board.Unconfirmed(p); len(items) != 1 {
		t.Fatalf("the second withdrawal is not owed: %+v", items)
	}
}

func TestReceiptsAreGathered(t *testing.T) {
	t.Parallel()
	regions := builtRegions()
	synctest.Test(t, func(t *testing.T) {
		r := newRigOn(t, regions)
		r.newCase("c1")
		var all []string
		for _, name := range []string{"one", "two", "three"} {
			all = append(all, r.partner(name, region("RS")))
		}
		far := r.partner("far", region("PT"))
		id := r.released("c1", r.draft(region("RS")))
		before := r.board.Number()
		receipts := NewReceipts(r.desk, nil)
		at := r.now()
		for _, p := range append(slices.Clone(all), far) {
			receipts.Sent(p, id, 1, "websocket", at)
			receipts.Received(p, id, 1, "websocket", at.Add(time.Millisecond))
			receipts.Received(p, id, 7, "websocket", at) // never sent
		}
		<-time.After(199 * time.Millisecond)
		if n := r.board.Number(); n != before {
			t.Fatalf("%d changes before the time", n-before)
		}
		<-time.After(time.Millisecond)
		synctest.Wait()
		if n := r.board.Number(); n != before+1 {
			t.Fatalf("%d changes for the receipts of one alert", n-before)
		}
		for _, p := range all {
			d, ok := r.board.Delivery(id, p)
			if !ok || d.State != DeliveryReceived || d.Revision != 1 || d.Channel != "websocket" || len(d.Steps) != 2 || !d.SentAt.Equal(at) {
				t.Fatalf("delivery %+v", d)
			}
		}
		if _, ok := r.board.Delivery(id, far); ok {
			t.Fatal("a forged receipt was taken")
		}
		receipts.Received(all[0], id, 1, "websocket", at)
		<-time.After(time.Second)
		synctest.Wait()
		if n := r.board.Number(); n != before+1 {
			t.Fatal("a repeated receipt made a change")
		}
		area := region("RS", "HR")
		r.update(id, alerts.AlertUpdate{Area: &area})
		receipts.Received(all[0], id, 2, "websocket", at.Add(time.Second))
		receipts.Close(context.Background())
		if d, _ := r.board.Delivery(id, all[0]); d.Revision != 2 {
			t.Fatalf("closing lost a receipt: %+v", d)
		}
		r.desk.Journal.Close()
	})
}

// TestRandomActs holds whatever partners send, in any order and as often as
// they like, against what must never happen.
func TestRandomActs(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		randomActs(t, seed)
	}
}

func randomActs(t *testing.T, seed uint64) {
	all := []DeliveryState{DeliverySent, DeliveryReceived, DeliveryOpened, DeliveryAccepted, DeliveryDeclined, DeliveryQuestion, DeliveryDone, DeliveryRemoved}
	now := time.Date(2031, 3, 5, 10, 0, 0, 0, time.UTC)
	told := &Told{Rounds: []Round{{Revision: 1, At: now, Partners: []string{"p"}}}, Sent: []ToldSent{{Revision: 1}, {Revision: 2}}}
	told.ID = "alert"
	al := &alerts.Alert{State: alerts.AlertLive}
	s := &answering{told: told, alert: al, place: reach(told)["p"], partner: "p"}
	for i := range uint64(200) {
		n := (seed*1_000_003 + i) * 2_654_435_761
		now = now.Add(time.Second)
		if i == 120 {
			al.State = alerts.AlertCancelled
		}
		state, was := all[n>>7%uint64(len(all))], DeliveryWaiting
		if s.delivery != nil {
			was = s.delivery.State
		}
		next, err := s.act(state, Act{Revision: int(n >> 13 % 3), By: "Iva"}, now)
		if err != nil || next == nil {
			continue
		}
		if next.State.rank() < was.rank() && !(was.isAnswer() && next.State.isAnswer()) {
			t.Fatalf("seed %d: %s after %s", seed, next.State, was)
		}
		if next.State == DeliveryDone && was != DeliveryAccepted && was != DeliveryDone {
			t.Fatalf("seed %d: done after %s", seed, was)
		}
		if next.State == DeliveryRemoved && al.State == alerts.AlertLive {
			t.Fatalf("seed %d: removed while live", seed)
		}
		s.delivery = next
	}
}
