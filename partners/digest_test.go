package partners_test

import (
	"bytes"
	"context"
	"sync"
	"testing"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
)

// wants gives the coordinator a daily e-mail at an hour.
func (o *office) wants(hour string) {
	o.t.Helper()
	acc, _ := o.Board.Account("co")
	next := *acc
	next.Email = "co@example.org"
	o.put(&next)
	if _, err := o.SetDigest(o.t.Context(), coordinator(), alerts.NewDigest{At: hour}, alerts.Request{}); err != nil {
		o.t.Fatal(err)
	}
}

// claim claims what is due, and says for whom.
func (o *office) claim() *partners.Digest {
	o.t.Helper()
	var got *partners.Digest
	for _, acc := range o.DigestsDue(o.clock()) {
		c, ok, err := o.ClaimDigest(o.t.Context(), acc.ID)
		if err != nil || !ok || got != nil {
			o.t.Fatal(err, ok, got)
		}
		got = c
	}
	return got
}

func TestDigestIsSentOnceADay(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.to("2026-11-21 06:59")
	o.wants("07:00")
	if c := o.claim(); c != nil {
		t.Fatalf("before its hour: %+v", c)
	}
	o.to("2026-11-21 07:00")
	c := o.claim()
	if c == nil || c.Day != "2026-11-21" || c.MessageID("example.org") != "digest.2026-11-21.co@example.org" {
		t.Fatalf("%+v", c)
	}
	if again := o.claim(); again != nil {
		t.Error("claimed twice")
	}
	if err := o.RecordDigest(ctx, c, partners.DigestSent, "", false); err != nil {
		t.Fatal(err)
	}
	for _, when := range []string{"2026-11-21 07:06", "2026-11-21 23:59", "2026-11-22 06:59"} {
		o.to(when)
		o.Desk = o.open(bytes.Repeat([]byte{7}, 32))
		if again := o.claim(); again != nil {
			t.Errorf("%s: sent twice", when)
		}
	}
	o.to("2026-11-22 09:30") // the server was down at seven
	if c := o.claim(); c == nil || c.Day != "2026-11-22" || c.Tries != 1 {
		t.Errorf("%+v", c)
	}
}

func TestDigestIsTriedAgainUnderTheSameID(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.wants("07:00")
	first := o.claim()
	// The node that had it died: another may after the lease.
	o.to("2026-11-21 10:04")
	if o.claim() != nil {
		t.Error("taken from a node that is at it")
	}
	o.to("2026-11-21 10:05")
	second := o.claim()
	if second == nil || second.Tries != 2 || second.MessageID("x") != first.MessageID("x") {
		t.Fatalf("%+v", second)
	}
	if err := o.RecordDigest(ctx, second, partners.DigestFailed, "send: the server answered 451", true); err != nil {
		t.Fatal(err)
	}
	if o.claim() != nil {
		t.Error("tried again at once")
	}
	o.to("2026-11-21 10:20")
	third := o.claim()
	if third == nil || third.Tries != 3 {
		t.Fatalf("%+v", third)
	}
	if err := o.RecordDigest(ctx, third, partners.DigestFailed, "send: the server answered 550", false); err != nil {
		t.Fatal(err)
	}
	o.to("2026-11-21 23:00")
	if o.claim() != nil {
		t.Error("tried again after a final failure")
	}
	list, err := o.Digests(person("ad", alerts.RoleAdministrator))
	if err != nil || len(list) != 1 || list[0].Failure != "send: the server answered 550" || list[0].State != partners.DigestFailed {
		t.Errorf("%v %+v", err, list)
	}
	_, err = o.Digests(coordinator())
	wantCode(t, err, alerts.Forbidden)
	// What is late to say that it was sent does not undo the next day.
	o.to("2026-11-22 07:00")
	if c := o.claim(); c == nil {
		t.Fatal("nothing the next day")
	}
	if err := o.RecordDigest(ctx, third, partners.DigestSent, "", false); err != nil {
		t.Fatal(err)
	}
	if g, _ := o.PartnerBoard().Digest("co"); g.State != partners.DigestClaimed {
		t.Errorf("%+v", g)
	}
}

func TestManyNodesSendOneDigest(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.wants("07:00")
	var mu sync.Mutex
	claims := 0
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			_, ok, err := o.ClaimDigest(t.Context(), "co")
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			if ok {
				claims++
			}
		})
	}
	all.Wait()
	if claims != 1 {
		t.Errorf("%d nodes have it", claims)
	}
}

func TestDigestIsForPeopleWhoAskedAndStay(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	_, err := o.SetDigest(ctx, operator(), alerts.NewDigest{At: "07:30"}, alerts.Request{})
	if got := wrong(err); got != "at unknown_value" {
		t.Error(got)
	}
	_, err = o.SetDigest(ctx, operator(), alerts.NewDigest{At: "07:00"}, alerts.Request{})
	wantCode(t, err, alerts.Conflict) // no address
	o.wants("07:00")
	acc, _ := o.Board.Account("co")
	gone := *acc
	gone.DisabledAt = o.clock()
	o.put(&gone)
	if len(o.DigestsDue(o.clock())) != 0 {
		t.Error("for a disabled account")
	}
	if _, ok, err := o.ClaimDigest(ctx, "co"); ok || err != nil {
		t.Error(ok, err)
	}
}

func TestAgendaIsOnesOwn(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	for i, test := range []struct{ owner, when string }{
		{"co", "2026-11-21 09:00"}, {"co", "2026-11-21 18:00"}, {"co", "2026-11-25 09:00"}, {"co", "2026-12-25 09:00"}, {"op", "2026-11-21 09:00"},
	} {
		id := "case" + string(rune('a'+i))
		o.newCase(id)
		c, _ := o.Board.Case(id)
		next := *c
		next.FollowUp = alerts.FollowUp{Owner: test.owner, DueAt: at(t, test.when).UTC()}
		o.put(&next)
	}
	a, err := o.Agenda(ctx, coordinator())
	if err != nil || len(a.Overdue) != 1 || len(a.Today) != 1 || len(a.Soon) != 1 || a.Overdue[0].CaseNumber != "NUMBERcasea" {
		t.Errorf("%v %+v", err, a)
	}
	if a, err = o.Agenda(ctx, otherLawyer()); err != nil || !a.Empty() {
		t.Errorf("%v %+v", err, a)
	}
	o.put(&alerts.Contact{Head: journal.Head{ID: "call"}, Channel: "phone", At: o.clock(), Kind: "support", RecordedBy: "op", PromisedUntil: at(t, "2026-11-22 09:00").UTC()})
	items, err := o.OwnDeadlines(ctx, operator(), "calendar")
	if err != nil || len(items) != 2 || items[0].Identity() == items[1].Identity() {
		t.Errorf("%v %+v", err, items)
	}
}
