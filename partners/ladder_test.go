package partners

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/alerts"
)

// staffed makes an approved organisation with two people: Iva with e-mail and
// telephone, Boban with a telephone only.
func (r *rig) staffed(name string, change func(*NewPartner)) string {
	r.t.Helper()
	in := NewPartner{
		Name: name, Coverage: region("RS"), Languages: []string{"sr-Latn"}, Zone: "Europe/Belgrade",
		Agreement: Agreement{Reference: "A-1", ValidUntil: r.now().AddDate(1, 0, 0)},
		People: []Person{
			{Name: "Iva", Email: "iva@example.org", Phone: "+381 11 000 0001"},
			{Name: "Boban", Phone: "+381 11 000 0002"},
		},
	}
	if change != nil {
		change(&in)
	}
	v, err := r.desk.CreatePartner(context.Background(), r.admin, in, none)
	must(r.t, err)
	_, err = r.desk.ApprovePartner(context.Background(), r.second, v.ID, none)
	must(r.t, err)
	return v.ID
}

// tick does what every node does each second, and returns what it claimed.
func (r *rig) tick() []Job {
	r.t.Helper()
	var out []Job
	for alert, due := range r.desk.StepsDue(r.now()) {
		jobs, err := r.desk.TakeSteps(context.Background(), alert, due, 100)
		must(r.t, err)
		out = append(out, jobs...)
	}
	return out
}

// pass lets time go by in steps of ten seconds; each claimed message is taken by
// the other side at once.
func (r *rig) pass(d time.Duration) {
	r.t.Helper()
	for ; d > 0; d -= 10 * time.Second {
		r.wait(10 * time.Second)
		for _, j := range r.tick() {
			must(r.t, r.desk.Report(context.Background(), j, Result{OK: true}, 0.5))
		}
	}
}

// story writes the tries of a delivery as "minute channel person state".
func (r *rig) story(alertID, partner string) string {
	r.t.Helper()
	d, ok := r.board.Delivery(alertID, partner)
	if !ok {
		return ""
	}
	al, _ := r.desk.Board.Alert(alertID)
	p, _ := r.board.Partner(partner)
	var out []string
	for _, t := range d.Tries {
		q, _ := p.person(t.Person)
		kind := ""
		if t.Kind == KindWithdrawal {
			kind = "end "
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%d %s%s %s", int(t.At.Sub(al.Revisions[0].Sent).Minutes()), kind, t.Channel, q.Name))+" "+string(t.State))
	}
	return strings.Join(out, ", ")
}

func (r *rig) wantStory(alertID, partner, want string) {
	r.t.Helper()
	if got := r.story(alertID, partner); got != want {
		r.t.Errorf("got  %s\nwant %s", got, want)
	}
}

// alert releases an alert for Serbia.
func (r *rig) alert(caseID, severity string) string {
	r.t.Helper()
	r.newCase(caseID)
	in := r.draft(region("RS"))
	in.Severity = severity
	return r.released(caseID, in)
}

func TestSilenceGoesFromChannelToChannelAndPersonToPerson(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.staffed("Example", nil)
	id := r.alert("c", "extreme")
	r.pass(40 * time.Minute)
	// 2 to the e-mail, 3 more to the call, 5 to the next person, 5 to the desk.
	r.wantStory(id, p, "2 email Iva sent, 5 call Iva open, 10 call Boban open, 15 coordinator open")
}

func TestAnyAnswerStopsTheClock(t *testing.T) {
	t.Parallel()
	for name, say := range map[string]func(*rig, alerts.Actor, string) error{
		"opened": func(r *rig, a alerts.Actor, id string) error {
			_, err := r.desk.Opened(context.Background(), a, id, Act{By: "Iva"}, none)
			return err
		},
		"accepted": func(r *rig, a alerts.Actor, id string) error {
			_, err := r.desk.Answer(context.Background(), a, id, Act{By: "Iva", Answer: DeliveryAccepted}, none)
			return err
		},
		"declined": func(r *rig, a alerts.Actor, id string) error {
			_, err := r.desk.Answer(context.Background(), a, id, Act{By: "Iva", Answer: DeliveryDeclined}, none)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			p, other := r.staffed("Example", nil), r.staffed("Other", nil)
			id := r.alert("c", "extreme")
			r.pass(6 * time.Minute)
			must(t, say(r, of(p), id))
			r.pass(time.Hour)
			r.wantStory(id, p, "2 email Iva sent, 5 call Iva dropped")
			// One organisation's answer silences no other.
			r.wantStory(id, other, "2 email Iva sent, 5 call Iva open, 10 call Boban open, 15 coordinator open")
		})
	}
}

func TestMachinesReceiptStopsNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.staffed("Example", nil)
	id := r.alert("c", "extreme")
	must(t, r.desk.recordReceipts(context.Background(), id, []string{p}, map[string][]receipt{p: {{DeliverySent, 1, "websocket", r.now()}, {DeliveryReceived, 1, "websocket", r.now()}}}))
	r.pass(3 * time.Minute)
	r.wantStory(id, p, "2 email Iva sent")
}

func TestStepsThatFellDueWhileDownAreTakenOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.staffed("Example", nil)
	id := r.alert("c", "severe")
	r.wait(5 * time.Hour)
	var nodes sync.WaitGroup
	for range 2 { // two nodes start at once
		nodes.Go(func() {
			for range 5 {
				_, _ = r.desk.TakeSteps(context.Background(), id, []string{p}, 100)
			}
		})
	}
	nodes.Wait()
	r.wantStory(id, p, "300 email Iva open, 300 call Iva open, 300 call Boban open, 300 coordinator open")
	d, _ := r.board.Delivery(id, p)
	if d.Tries[0].Attempts != 1 {
		t.Errorf("the e-mail was claimed %d times at once", d.Tries[0].Attempts)
	}
}

// evenings is a rota on which Boban is on duty from 20:00 to 08:00 and Iva from
// 08:00 to 16:00: nobody is from 16:00 to 20:00.
func evenings(in *NewPartner) {
	days := []string{"mo", "tu", "we", "th", "fr", "sa", "su"}
	in.Rota = []Shift{{Days: days, From: "08:00", To: "16:00", People: []string{"Iva"}}, {Days: days, From: "20:00", To: "08:00", People: []string{"boban"}}}
}

func TestOffDutyHoldsWhatIsNotUrgent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.staffed("Example", evenings)
	r.wait(6 * time.Hour) // 17:00 in Belgrade
	id, urgent := r.alert("c", "moderate"), r.alert("u", "extreme")
	r.pass(time.Hour)
	r.wantStory(id, p, "")
	r.wantStory(urgent, p, "2 email Iva sent, 5 call Iva open, 10 call Boban open, 15 coordinator open")
	ledger, err := r.desk.Deliveries(r.ana, id)
	must(t, err)
	until := time.Date(2031, 3, 5, 19, 0, 0, 0, time.UTC)
	if l := ledger[0]; l.Because != "off_duty" || l.Until == nil || !l.Until.Equal(until) || l.Next.Person != "Boban" {
		t.Errorf("because %s until %v, next %+v", l.Because, l.Until, l.Next)
	}
	r.pass(4 * time.Hour)
	r.wantStory(id, p, "180 call Boban open, 210 coordinator open")
}

func TestTheRotaSaysWhoIsNext(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.staffed("Example", evenings)
	id := r.alert("c", "extreme") // 11:00 in Belgrade: Iva only
	r.pass(30 * time.Minute)
	r.wantStory(id, p, "2 email Iva sent, 5 call Iva open, 10 coordinator open")
}

func TestCallsMoveTheClock(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.staffed("Example", nil)
	id := r.alert("c", "extreme")
	r.pass(6 * time.Minute)
	calls, err := r.desk.Calls(r.ana)
	must(t, err)
	if len(calls) != 1 || calls[0].Phone != "+381 11 000 0001" || calls[0].Person != "Iva" || !slices.Equal(calls[0].Countries, []string{"RS"}) {
		t.Fatalf("calls %+v", calls)
	}
	// Nobody answers: the next person is not waited for.
	call := func(n int, in CallResult) error {
		_, err := r.desk.AnswerCall(context.Background(), r.ana, id, p, n, in, none)
		return err
	}
	must(t, call(2, CallResult{Result: TryNoAnswer}))
	r.pass(time.Minute)
	r.wantStory(id, p, "2 email Iva sent, 5 call Iva no_answer, 6 call Boban open")
	// Somebody is reached: there is time to answer before the desk is asked.
	must(t, call(3, CallResult{Result: TryReached}))
	r.pass(9 * time.Minute)
	r.wantStory(id, p, "2 email Iva sent, 5 call Iva no_answer, 6 call Boban reached")
	r.pass(2 * time.Minute)
	r.wantStory(id, p, "2 email Iva sent, 5 call Iva no_answer, 6 call Boban reached, 17 coordinator open")
	wantCode(t, call(4, CallResult{Result: TrySignedOff}), alerts.Invalid) // says why
	wantCode(t, call(4, CallResult{Result: TryNoAnswer}), alerts.Invalid)
	wantCode(t, call(1, CallResult{Result: TryReached}), alerts.NotFound)
	silent := func() int {
		b, err := r.desk.Silence(r.ana)
		must(t, err)
		return len(b.Silent)
	}
	if silent() != 1 {
		t.Error("the partner is not on the board")
	}
	must(t, call(4, CallResult{Result: TrySignedOff, Note: "Their office is closed for good."}))
	wantCode(t, call(4, CallResult{Result: TryReached}), alerts.Conflict)
	if silent() != 0 {
		t.Error("the partner is still on the board")
	}
}

// hooked gives an organisation a webhook.
func (r *rig) hooked(partner string) {
	r.t.Helper()
	old, _ := r.board.Partner(partner)
	p := *old
	p.Webhook = &Webhook{URL: "https://partner.example.org/in", Secrets: []WebhookSecret{{Secret: "whsec_AAAA", MadeAt: r.now()}}, Levels: partnerLevels(), MadeAt: r.now()}
	r.put(&p)
}

func TestWebhookIsTriedUntilItIsTaken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.staffed("Example", nil)
	r.hooked(p)
	id := r.alert("c", "moderate")
	var names []string
	for range 4 {
		jobs := r.tick()
		if len(jobs) != 1 {
			t.Fatalf("claimed %+v", jobs)
		}
		if more := r.tick(); len(more) != 0 {
			t.Fatalf("claimed again: %+v", more)
		}
		l, ok := r.desk.Prepare(jobs[0], r.now())
		if !ok || l.Item.Kind != KindAlert || l.URL == "" || len(l.Secrets) != 1 {
			t.Fatalf("prepared %+v, %t", l, ok)
		}
		names = append(names, l.MessageID)
		must(t, r.desk.Report(context.Background(), jobs[0], Result{Note: "HTTP 503"}, 0.5))
		r.wait(2 * time.Minute)
	}
	if slices.Sort(names); len(slices.Compact(names)) != 1 {
		t.Errorf("one message has several ids: %v", names)
	}
	r.wait(time.Hour)
	jobs := r.tick()
	must(t, r.desk.Report(context.Background(), jobs[0], Result{OK: true}, 0.5))
	d, _ := r.board.Delivery(id, p)
	if d.State != DeliveryReceived || d.Channel != ChannelWebhook || d.Tries[0].Attempts != 5 {
		t.Errorf("delivery %+v", d)
	}
	q, _ := r.board.Partner(p)
	if !q.Webhook.FailingSince.IsZero() || q.Webhook.LastWorked.IsZero() {
		t.Errorf("webhook %+v", q.Webhook)
	}
}

func TestClaimOfADeadNodeComesBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.staffed("Example", nil)
	r.hooked(p)
	r.alert("c", "moderate")
	first := r.tick()
	r.wait(15 * time.Second)
	if again := r.tick(); len(again) != 0 {
		t.Fatal("claimed while the first may still be sending")
	}
	if _, ok := r.desk.Prepare(first[0], r.now()); ok {
		t.Error("a claim that is nearly over still sends")
	}
	r.wait(6 * time.Second)
	if again := r.tick(); len(again) != 1 || again[0].Number != first[0].Number || again[0].Attempt != 2 {
		t.Fatalf("claimed %+v", again)
	}
}

func TestEndOvertakesWhatIsQueued(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p, other := r.staffed("Example", nil), r.staffed("Other", nil)
	r.hooked(p)
	id := r.alert("c", "extreme")
	jobs := r.tick()
	r.cancel(id)
	if _, ok := r.desk.Prepare(jobs[0], r.now()); ok {
		t.Error("an alert leaves after its end")
	}
	// What may be under way is waited for, then the end follows it.
	if early := r.tick(); len(early) != 0 {
		t.Fatalf("the end is sent beside its alert: %+v", early)
	}
	must(t, r.desk.Report(context.Background(), jobs[0], Result{OK: true}, 0.5))
	ends := r.tick()
	if len(ends) != 1 || ends[0].Kind != KindWithdrawal {
		t.Fatalf("claimed %+v", ends)
	}
	l, ok := r.desk.Prepare(ends[0], r.now())
	if !ok || l.Item.Kind != KindWithdrawal || l.Item.Reason != ReasonCancelled {
		t.Errorf("prepared %+v", l)
	}
	must(t, r.desk.Report(context.Background(), ends[0], Result{OK: true}, 0.5))
	r.pass(2 * time.Hour)
	r.wantStory(id, p, "0 webhook sent, 0 end webhook sent")
	r.wantStory(id, other, "")
	ledger, err := r.desk.Deliveries(r.ana, id)
	must(t, err)
	if places := ledger[0].Places; len(places) != 1 || places[0].Channel != ChannelWebhook || places[0].Withdrawn == nil {
		t.Errorf("places %+v", places)
	}
	b, err := r.desk.Silence(r.ana)
	must(t, err)
	if len(b.Unconfirmed) != 2 || len(b.Silent) != 0 {
		t.Errorf("board %+v", b)
	}
}

func TestUpdateBeginsAnew(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.staffed("Example", nil)
	r.hooked(p)
	id := r.alert("c", "extreme")
	r.pass(time.Minute)
	_, err := r.desk.Opened(context.Background(), of(p), id, Act{By: "Iva"}, none)
	must(t, err)
	r.wait(9 * time.Minute)
	texts := map[string]alerts.DraftText{"sr-Latn": {Headline: "Nestalo dete", Description: "Crvena jakna"}}
	r.update(id, alerts.AlertUpdate{Texts: texts})
	r.pass(13 * time.Minute)
	r.wantStory(id, p, "0 webhook sent, 10 webhook sent, 12 email Iva sent, 15 call Iva open, 20 call Boban open")
	must(t, r.desk.recordReceipts(context.Background(), id, []string{p}, map[string][]receipt{p: {{DeliveryReceived, 2, "websocket", r.now()}}}))
	_, err = r.desk.Opened(context.Background(), of(p), id, Act{By: "Iva"}, none)
	must(t, err)
	r.pass(time.Hour)
	r.wantStory(id, p, "0 webhook sent, 10 webhook sent, 12 email Iva sent, 15 call Iva dropped, 20 call Boban dropped")
}

func TestFailingWebhookIsSwitchedOff(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p, gone := r.staffed("Example", nil), r.staffed("Gone", nil)
	r.hooked(p)
	r.hooked(gone)
	in := r.draft(region("RS"))
	in.ExpiresAt = r.now().AddDate(0, 0, 29)
	r.newCase("c")
	r.released("c", in)
	for range 9 * 24 {
		r.wait(time.Hour)
		for _, j := range r.tick() {
			must(t, r.desk.Report(context.Background(), j, Result{Note: "HTTP 410", Gone: j.PartnerID == gone && j.Channel == ChannelWebhook}, 0.5))
		}
	}
	for id, want := range map[string]string{p: "failing", gone: "gone"} {
		q, _ := r.board.Partner(id)
		if q.Webhook.Disabled != want || q.Webhook.works() {
			t.Errorf("webhook %+v, want it off because it is %s", q.Webhook, want)
		}
	}
}

// TestEveryStepOnceWhateverHappens runs random timelines in which nodes stop and
// start, two of them look at once, people answer, alerts change and end.
func TestEveryStepOnceWhateverHappens(t *testing.T) {
	t.Parallel()
	regions := builtRegions()
	for seed := range uint64(200) {
		dice := rand.New(rand.NewPCG(seed, 7))
		r := newRigOn(t, regions)
		p := r.staffed("Example", func(in *NewPartner) {
			if dice.IntN(2) == 0 {
				evenings(in)
			}
		})
		if dice.IntN(2) == 0 {
			r.hooked(p)
		}
		r.wait(time.Duration(dice.IntN(24)) * time.Hour)
		id := r.alert("c", severities()[dice.IntN(5)])
		down, heard, ended := false, false, false
		for range 120 {
			r.wait(time.Duration(1+dice.IntN(20)) * 30 * time.Second)
			switch n := dice.IntN(40); {
			case n < 4:
				down = !down
			case n == 4 && !ended:
				_, err := r.desk.Opened(context.Background(), of(p), id, Act{By: "Iva"}, none)
				must(t, err)
				heard = true
			case n == 5 && dice.IntN(3) == 0 && !ended:
				r.cancel(id)
				ended = true
			}
			if down {
				continue
			}
			jobs := append(r.tick(), r.tick()...)
			for _, j := range jobs {
				must(t, r.desk.Report(context.Background(), j, Result{OK: dice.IntN(3) > 0, Note: "x"}, dice.Float64()))
			}
		}
		for range 200 {
			r.wait(15 * time.Minute)
			for _, j := range r.tick() {
				must(t, r.desk.Report(context.Background(), j, Result{OK: true}, dice.Float64()))
			}
		}
		checkOnce(t, r, seed, id, p, !heard && !ended)
	}
}

// checkOnce wants no step twice, and everything up to the duty coordinator when
// nobody ever answered.
func checkOnce(t *testing.T, r *rig, seed uint64, id, partner string, silent bool) {
	t.Helper()
	d, _ := r.board.Delivery(id, partner)
	seen := map[string]bool{}
	if d != nil {
		for _, one := range d.Tries {
			key := fmt.Sprint(one.Kind, one.Revision, one.Times, one.Channel, one.Person)
			if seen[key] {
				t.Errorf("seed %d: %s was taken twice", seed, key)
			}
			seen[key] = true
			if one.sends() && one.State == TryOpen {
				t.Errorf("seed %d: %+v was never finished", seed, one)
			}
			if one.At.Before(one.Due) {
				t.Errorf("seed %d: %+v was taken too early", seed, one)
			}
		}
	}
	if silent && (d == nil || !tried(d.Tries, ChannelCoordinator, "")) {
		t.Errorf("seed %d: nobody answered and the coordinator was not asked: %s", seed, r.story(id, partner))
	}
}
