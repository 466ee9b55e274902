package alerts_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"homeward/alerts"
	"homeward/journal"
)

// sign writes a message as an exchange does, with the library of the standard.
func sign(secret, id string, at time.Time, body []byte) alerts.SignedMessage {
	hook := done(standard.NewWebhook(secret))
	return alerts.SignedMessage{ID: id, Timestamp: strconv.FormatInt(at.Unix(), 10), Body: body, Signature: done(hook.Sign(id, at, body))}
}

// fieldsOf are the wrong fields that an error names.
func fieldsOf(err error) alerts.Fields {
	var e *alerts.Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}

// exchange is a telephone exchange of a test.
type exchange struct {
	*rig
	made alerts.MadeExchange
	n    int
}

func newExchange(r *rig) *exchange {
	admin := r.person("Adam", alerts.RoleAdministrator)
	return &exchange{rig: r, made: done(r.MakeExchange(r.ctx, admin, alerts.NewExchange{Name: "Example exchange"}, alerts.Request{}))}
}

// send announces an event the whole way, from signature to rule.
func (e *exchange) send(in alerts.NewCall) (alerts.CallHeard, error) {
	e.n++
	body := done(json.Marshal(in))
	return e.hear(sign(e.made.Secret, "msg_"+strconv.Itoa(e.n), e.now(), body), in)
}

func (e *exchange) hear(m alerts.SignedMessage, in alerts.NewCall) (alerts.CallHeard, error) {
	x, err := e.CallerOf(e.ctx, m)
	if err != nil {
		return alerts.CallHeard{}, err
	}
	return e.HearCall(e.ctx, x, m, in)
}

func (e *exchange) tell(call, event, from string) alerts.CallHeard {
	e.t.Helper()
	return done(e.send(alerts.NewCall{Call: call, Event: event, From: from, To: "116000", At: e.now()}))
}

func (e *exchange) state(a alerts.Actor, id string) alerts.CallWithKnown {
	e.t.Helper()
	return done(e.Call(e.ctx, a, id))
}

func TestOnlyASignedMessageIsHeard(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := newExchange(r)
	admin := r.person("Eva", alerts.RoleAdministrator)
	in := alerts.NewCall{Call: "1", Event: "ringing", From: "+38111000001", To: "116000", At: r.now()}
	body := done(json.Marshal(in))
	good := sign(e.made.Secret, "msg_a", r.now(), body)
	changed := good
	changed.Body = []byte(strings.Replace(string(body), "0001", "0002", 1))
	renamed := good
	renamed.ID = "msg_b"
	bare := good
	bare.Signature = ""
	for name, one := range map[string]struct {
		m    alerts.SignedMessage
		code alerts.Code
	}{
		"changed body":  {changed, alerts.Forbidden},
		"another id":    {renamed, alerts.Forbidden},
		"another key":   {sign("whsec_"+base64.StdEncoding.EncodeToString(make([]byte, 32)), "msg_a", r.now(), body), alerts.Forbidden},
		"old":           {sign(e.made.Secret, "msg_a", r.now().Add(-5*time.Minute-time.Second), body), alerts.Forbidden},
		"ahead":         {sign(e.made.Secret, "msg_a", r.now().Add(5*time.Minute+2*time.Second), body), alerts.Forbidden},
		"no signature":  {bare, alerts.Malformed},
		"version two":   {alerts.SignedMessage{ID: "msg_a", Timestamp: good.Timestamp, Signature: "v2" + good.Signature[2:], Body: body}, alerts.Malformed},
		"time in words": {alerts.SignedMessage{ID: "msg_a", Timestamp: "now", Signature: good.Signature, Body: body}, alerts.Malformed},
	} {
		if _, err := e.hear(one.m, in); alerts.CodeOf(err) != one.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if page := done(r.IncomingCalls(r.ctx, r.ana, alerts.CallQuery{})); len(page.Items) != 0 {
		t.Fatal("a call came of a message that was refused")
	}
	_ = done(e.hear(sign(e.made.Secret, "msg_a", r.now().Add(-4*time.Minute), body), in))
	// Two signatures, the other one of a secret that we do not know.
	both := sign(e.made.Secret, "msg_c", r.now(), body)
	both.Signature = "v1,AAAA v1," + base64.StdEncoding.EncodeToString(make([]byte, 32)) + " " + both.Signature
	_ = done(e.hear(both, in))
	// A secret that was replaced counts for a day, one that was revoked no more.
	old := e.made.Secret
	r.pass(time.Minute)
	e.made = done(r.RotateExchange(r.ctx, admin, e.made.ID, alerts.Request{}))
	_ = done(e.hear(sign(old, "msg_d", r.now(), body), in))
	_ = done(e.hear(sign(e.made.Secret, "msg_e", r.now(), body), in))
	r.pass(24 * time.Hour)
	in.At = r.now()
	body = done(json.Marshal(in))
	if _, err := e.hear(sign(old, "msg_f", r.now(), body), in); alerts.CodeOf(err) != alerts.Forbidden {
		t.Errorf("a replaced secret counts for ever: %v", err)
	}
	if v := done(r.Exchanges(r.ctx, admin)); v.Items[0].Refused != "replaced" || v.Unknown.Refused == "" {
		t.Errorf("%+v", v)
	}
	r.pass(10 * time.Second)
	v := done(r.RevokeExchangeKey(r.ctx, admin, e.made.ID, alerts.RevokeExchangeKey{Key: e.made.Keys[0].ID}, alerts.Request{}))
	if v.Keys[0].Counts {
		t.Error("a revoked key counts")
	}
	if _, err := e.hear(sign(e.made.Secret, "msg_g", r.now(), body), in); alerts.CodeOf(err) != alerts.Forbidden {
		t.Errorf("a revoked secret counts: %v", err)
	}
	if v := done(r.Exchanges(r.ctx, admin)); v.Items[0].Refused != "revoked" || v.Items[0].GoodAt.IsZero() {
		t.Errorf("%+v", v)
	}
	if _, err := r.Exchanges(r.ctx, r.ana); alerts.CodeOf(err) != alerts.Forbidden {
		t.Errorf("a coordinator reads exchanges: %v", err)
	}
}

func TestAMessageThatIsRepeatedHasOneEffect(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := newExchange(r)
	in := alerts.NewCall{Call: "1", Event: "ringing", From: "+38111000001", To: "116000", At: r.now()}
	body := done(json.Marshal(in))
	first := done(e.hear(sign(e.made.Secret, "msg_a", r.now(), body), in))
	before := r.Journal.Tip().Number
	r.pass(time.Minute)
	// Meanwhile the number is blocked: who asks again hears what was said.
	_ = done(r.BlockCaller(r.ctx, r.ana, alerts.NewBlock{Phone: "+381 11 000 001", Term: "24h", Reason: "x"}, alerts.Request{}))
	again := done(e.hear(sign(e.made.Secret, "msg_a", r.now(), body), in))
	if again != first || r.Journal.Tip().Number != before+1 {
		t.Errorf("%+v and %+v, %d changes more", first, again, r.Journal.Tip().Number-before)
	}
	other := in
	other.Event = "ended"
	if _, err := e.hear(sign(e.made.Secret, "msg_a", r.now(), done(json.Marshal(other))), other); alerts.CodeOf(err) != alerts.RequestReused {
		t.Errorf("another message under the same id: %v", err)
	}
}

func TestTheOrderOfEventsDoesNotMatter(t *testing.T) {
	t.Parallel()
	orders := [][]string{{"ringing", "answered", "ended"}, {"ended", "answered", "ringing"}, {"answered", "ended", "ringing"}, {"ended", "ringing", "answered", "ended", "ringing"}}
	for _, order := range orders {
		r := newRig(t)
		e := newExchange(r)
		start := r.now()
		at := map[string]time.Time{"ringing": start, "answered": start.Add(5 * time.Second), "ended": start.Add(time.Minute)}
		r.pass(2 * time.Minute)
		var id string
		for _, event := range order {
			id = done(e.send(alerts.NewCall{Call: "1", Event: event, From: "+38111000001", To: "116000", At: at[event], Extension: "12"})).ID
		}
		v := e.state(r.ana, id)
		if v.State != alerts.CallAnswered || !v.RangAt.Equal(at["ringing"]) || !v.AnsweredAt.Equal(at["answered"]) || !v.EndedAt.Equal(at["ended"]) || v.Extension != "12" || v.ToCallBack {
			t.Errorf("%v: %+v", order, v.CallView)
		}
	}
}

func TestMissedCallsAreCalledBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := newExchange(r)
	missed := e.tell("1", "ringing", "+38111000001").ID
	e.tell("1", "missed", "+38111000001")
	silent := e.tell("2", "ringing", "+38111000002").ID
	e.tell("3", "missed", "withheld")
	waiting := func() []string {
		var ids []string
		for _, v := range done(r.IncomingCalls(r.ctx, r.ana, alerts.CallQuery{Waiting: true})).Items {
			ids = append(ids, v.ID)
		}
		return ids
	}
	if got := waiting(); len(got) != 1 || got[0] != missed {
		t.Fatalf("%v", got)
	}
	r.pass(4 * time.Minute) // the exchange never says how the second one ended
	if got := waiting(); len(got) != 2 || e.state(r.ana, silent).State != alerts.CallUnclear {
		t.Fatalf("%v", got)
	}
	_ = done(r.CallBack(r.ctx, r.ana, missed, alerts.NewCallBack{Outcome: "nobody_reached"}, alerts.Request{}))
	if len(waiting()) != 2 {
		t.Error("nobody was reached, and the call waits no more")
	}
	v := done(r.CallBack(r.ctx, r.boris, missed, alerts.NewCallBack{Outcome: "called_back"}, alerts.Request{}))
	if len(waiting()) != 1 || len(v.Back) != 2 || v.Back[1].By != r.boris.ID {
		t.Errorf("%+v", v.Back)
	}
	// The second one calls again and is answered.
	e.tell("4", "answered", "+38111000002")
	if len(waiting()) != 0 || e.state(r.ana, silent).SpokeAt.IsZero() || r.CallsWaiting(r.ana) != 0 {
		t.Error("somebody who has been spoken with is to be called back")
	}
	if _, err := r.CallBack(r.ctx, r.ana, missed, alerts.NewCallBack{Outcome: "perhaps"}, alerts.Request{}); alerts.CodeOf(err) != alerts.Invalid {
		t.Errorf("%v", err)
	}
}

func TestTwoPeopleTakeOneCall(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := newExchange(r)
	id := e.tell("1", "ringing", "+38111000001").ID
	_ = done(r.TakeCall(r.ctx, r.ana, id, alerts.TakeCall{}, alerts.Request{}))
	_, err := r.TakeCall(r.ctx, r.boris, id, alerts.TakeCall{}, alerts.Request{})
	r.refused(err, alerts.Conflict)
	if v := e.state(r.boris, id); v.TakenBy != r.ana.ID {
		t.Errorf("the second does not see who has it: %+v", v.CallView)
	}
	in := alerts.NewContact{Kind: "support"}
	_, err = r.RecordCall(r.ctx, r.boris, id, in, alerts.Request{})
	r.refused(err, alerts.Conflict)
	ct := done(r.RecordCall(r.ctx, r.ana, id, in, alerts.Request{}))
	again := done(r.RecordCall(r.ctx, r.ana, id, in, alerts.Request{}))
	if again.ID != ct.ID || again.Version != 1 || ct.Caller == nil || ct.Caller.Phone != "+38111000001" || ct.Channel != "phone" || ct.CallID != id {
		t.Errorf("%+v, %+v", ct, again)
	}
	_, err = r.RecordCall(r.ctx, r.boris, id, in, alerts.Request{})
	r.refused(err, alerts.Conflict)
	if v := done(r.TakeCall(r.ctx, r.boris, id, alerts.TakeCall{}, alerts.Request{})); v.ContactID != ct.ID || v.TakenBy != r.ana.ID {
		t.Errorf("%+v", v.CallView)
	}
	// Both at once, many times: one contact.
	other := e.tell("2", "answered", "+38111000003").ID
	var wg sync.WaitGroup
	for _, a := range []alerts.Actor{r.ana, r.boris, r.ana, r.boris, r.duty} {
		wg.Go(func() { _, _ = r.RecordCall(r.ctx, a, other, in, alerts.Request{}) })
	}
	wg.Wait()
	if n := len(done(r.Contacts(r.ctx, r.ana, alerts.ContactQuery{})).Items); n != 2 {
		t.Errorf("%d contacts of two calls", n)
	}
}

func TestTheExchangeSaysWhoAnswers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := newExchange(r)
	id := done(e.send(alerts.NewCall{Call: "1", Event: "answered", From: "withheld", To: "116000", Account: r.ana.ID, At: r.now()})).ID
	if v := e.state(r.boris, id); v.TakenBy != r.ana.ID || !v.NoNumber {
		t.Errorf("%+v", v.CallView)
	}
	_, err := e.send(alerts.NewCall{Call: "2", Event: "hung", From: "011 000 000", To: "a b", Account: "nobody"})
	var wrong []string
	for _, f := range fieldsOf(err) {
		wrong = append(wrong, f.Field)
	}
	if strings.Join(wrong, " ") != "event from to account at" {
		t.Errorf("%v", wrong)
	}
}

func TestWhatIsKnownOfANumberIsByRight(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := newExchange(r)
	caller := &alerts.Reporter{Name: "Pozivalac Primer", Phone: "011 000 0001"}
	open := done(r.RecordContact(r.ctx, r.ana, alerts.NewContact{Channel: "phone", Kind: "support", Caller: caller}, alerts.Request{}))
	c := done(r.OpenCase(r.ctx, r.duty, alerts.NewCase{Category: alerts.CategoryUnknown, Restricted: true, Children: []alerts.NewChild{{Names: []alerts.Name{{Given: "Primer", Kind: "used"}}}}}, alerts.Request{}))
	hidden := done(r.RecordContact(r.ctx, r.duty, alerts.NewContact{Channel: "phone", Kind: "support", CaseID: c.ID, Caller: caller}, alerts.Request{}))
	e.tell("1", "missed", "+381110000001")
	r.pass(time.Minute)
	id := e.tell("2", "ringing", "+381110000001").ID
	v := e.state(r.ana, id)
	if len(v.Known.Contacts) != 1 || v.Known.Contacts[0].ID != open.ID || v.Earlier != 1 {
		t.Errorf("%+v", v)
	}
	if v = e.state(r.duty, id); len(v.Known.Contacts) != 2 || v.Known.Contacts[1].ID != hidden.ID && v.Known.Contacts[0].ID != hidden.ID {
		t.Errorf("%+v", v.Known)
	}
	// A contact of the restricted case does not show on the call to others.
	if _, err := r.RecordCall(r.ctx, r.duty, id, alerts.NewContact{Kind: "support", CaseID: c.ID}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	if v := e.state(r.ana, id); v.ContactID != "" || v.RecordedBy != "" || !v.Recorded {
		t.Errorf("%+v", v.CallView)
	}
	for _, a := range []alerts.Actor{r.officer, r.person("Eva", alerts.RoleAdministrator), alerts.Public()} {
		_, err := r.Call(r.ctx, a, id)
		r.refused(err, alerts.Forbidden)
	}
}

func TestABlockHidesNoCall(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := newExchange(r)
	b := done(r.BlockCaller(r.ctx, r.ana, alerts.NewBlock{Phone: "00381 11 000 0001", Term: "24h", Reason: "Calls only to shout."}, alerts.Request{}))
	heard := e.tell("1", "ringing", "+381110000001")
	if heard.Handling != "announce_block" {
		t.Errorf("%+v", heard)
	}
	v := e.state(r.boris, heard.ID)
	if v.Block == nil || v.Block.ID != b.ID || v.Block.Reason == "" || v.State != alerts.CallRinging {
		t.Errorf("%+v", v.CallView)
	}
	if ringing := done(r.Ringing(r.ctx, r.boris)); len(ringing) != 1 {
		t.Error("a blocked call does not ring")
	}
	_ = done(r.RecordCall(r.ctx, r.boris, heard.ID, alerts.NewContact{Kind: alerts.KindNewDisappearance}, alerts.Request{}))
	if other := e.tell("2", "ringing", "+387110000001"); other.Handling != "ring" {
		t.Error("the block falls on a number that only ends alike")
	}
	ended := done(r.EndBlock(r.ctx, r.boris, b.ID, alerts.EndBlock{Reason: "A mistake."}, alerts.Request{}))
	if ended.InForce || ended.EndedBy != r.boris.ID || e.tell("3", "ringing", "+381110000001").Handling != "ring" {
		t.Errorf("%+v", ended)
	}
	for field, in := range map[string]alerts.NewBlock{
		"phone": {Phone: "011 000 001", Term: "24h", Reason: "x"}, "term": {Phone: "+381110000001", Term: "5y", Reason: "x"}, "reason": {Phone: "+381110000001", Term: "24h"},
	} {
		_, err := r.BlockCaller(r.ctx, r.ana, in, alerts.Request{})
		if f := fieldsOf(err); len(f) != 1 || f[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestALongBlockNeedsASecondPerson(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	b := done(r.BlockCaller(r.ctx, r.ana, alerts.NewBlock{Phone: "+381110000001", Term: "1y", Reason: "x"}, alerts.Request{}))
	if !b.Waits || !b.Until.Equal(r.now().Add(7*24*time.Hour)) || !b.AskedUntil.Equal(r.now().Add(365*24*time.Hour)) || b.May["confirm"] {
		t.Errorf("%+v", b)
	}
	_, err := r.ConfirmBlock(r.ctx, r.ana, b.ID, alerts.Request{})
	r.refused(err, alerts.Forbidden)
	_, err = r.ConfirmBlock(r.ctx, r.person("Olga", alerts.RoleOperator), b.ID, alerts.Request{})
	r.refused(err, alerts.Forbidden)
	left := done(r.BlockCaller(r.ctx, r.ana, alerts.NewBlock{Phone: "+381110000002", Term: "30d", Reason: "x"}, alerts.Request{}))
	b = done(r.ConfirmBlock(r.ctx, r.boris, b.ID, alerts.Request{}))
	if b.Waits || !b.Until.Equal(b.AskedUntil) {
		t.Errorf("%+v", b)
	}
	r.pass(7*24*time.Hour + time.Second)
	on := done(r.Blocks(r.ctx, r.ana, false))
	if len(on) != 1 || on[0].ID != b.ID {
		t.Errorf("%+v", on)
	}
	_, err = r.ConfirmBlock(r.ctx, r.boris, left.ID, alerts.Request{})
	r.refused(err, alerts.Conflict)
}

func TestCallsAreForgotten(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := newExchange(r)
	gone, kept := e.tell("1", "missed", "+381110000001").ID, e.tell("2", "missed", "+381110000001").ID
	ct := done(r.RecordCall(r.ctx, r.ana, kept, alerts.NewContact{Kind: "support"}, alerts.Request{}))
	b := done(r.BlockCaller(r.ctx, r.ana, alerts.NewBlock{CallID: gone, Term: "24h", Reason: "x"}, alerts.Request{}))
	r.pass(30*24*time.Hour - time.Minute)
	r.ok(r.ForgetCalls(r.ctx, r.now()))
	_ = done(r.Call(r.ctx, r.ana, gone))
	r.pass(2 * time.Minute)
	r.ok(r.ForgetCalls(r.ctx, r.now()))
	_, err := r.Call(r.ctx, r.ana, gone)
	r.refused(err, alerts.NotFound)
	_ = done(r.Call(r.ctx, r.ana, kept))
	if blocks := done(r.Blocks(r.ctx, r.ana, true)); len(blocks) != 1 || blocks[0].ID != b.ID {
		t.Errorf("%+v", blocks)
	}
	// With its contact the call goes too.
	_, err = r.Journal.Do(r.ctx, journal.Command{Actor: "test", Action: "contact.erase", Decide: func(*journal.View) (journal.Outcome, error) {
		return journal.Outcome{Forget: []journal.Key{{Collection: "contacts", ID: ct.ID}}}, nil
	}})
	r.ok(err)
	r.pass(24 * time.Hour)
	r.ok(r.ForgetCalls(r.ctx, r.now()))
	_, err = r.Call(r.ctx, r.ana, kept)
	r.refused(err, alerts.NotFound)
	if _, err := r.store.Key(r.ctx, "calls/"+kept); err == nil {
		t.Error("the call's key is still there")
	}
	if blocks := done(r.Blocks(r.ctx, r.ana, true)); len(blocks) != 0 {
		t.Errorf("%+v", blocks)
	}
}

// TestCallsOutliveRestarts reads calls, exchanges and blocks back as they were
// written, from a store that holds no number in the clear.
func TestCallsOutliveRestarts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := newExchange(r)
	id := e.tell("1", "answered", "+381110000001").ID
	_ = done(r.TakeCall(r.ctx, r.ana, id, alerts.TakeCall{}, alerts.Request{}))
	_ = done(r.RecordContact(r.ctx, r.ana, alerts.NewContact{Channel: "phone", Kind: "support", Caller: &alerts.Reporter{Phone: "+381110000001"}}, alerts.Request{}))
	_ = done(r.BlockCaller(r.ctx, r.ana, alerts.NewBlock{CallID: id, Term: "7d", Reason: "Zqreason"}, alerts.Request{}))
	before := done(json.Marshal(e.state(r.ana, id)))
	r.open()
	e.rig = r
	if after := done(json.Marshal(e.state(r.ana, id))); string(after) != string(before) {
		t.Errorf("%s\n%s", before, after)
	}
	e.n = 10
	if e.tell("2", "ringing", "+381110000001").Handling != "announce_block" {
		t.Error("the secret or the block was lost")
	}
}
