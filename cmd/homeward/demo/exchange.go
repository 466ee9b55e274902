package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"homeward/alerts"
)

// announcedCalls is how many calls of the last days an exchange announced.
const announcedCalls = 24

// shouter is whose number is blocked, as a place in the numbers of the calls.
const shouter = 66

// planExchange plans a telephone exchange, what it announces, and a nuisance
// caller. Most calls become contacts; some were missed and wait for somebody.
func (t *teller) planExchange() error {
	d := newDice("exchange")
	var made alerts.MadeExchange
	lane, ids := "exchange", map[int]string{}
	t.add(t.now.Add(-9*24*time.Hour), lane, func(ctx context.Context) (err error) {
		made, err = t.Desk.MakeExchange(ctx, t.staff.administrator, alerts.NewExchange{Name: "Primer centrala"}, alerts.Request{})
		return err
	})
	hear := func(call int, at time.Time, event, from, extension string) {
		in := alerts.NewCall{Call: fmt.Sprint("call-", call), Event: event, From: from, To: "116000", Extension: extension, At: at}
		t.add(at, lane, func(ctx context.Context) error {
			e, ok := t.Desk.Desk.Board.Exchange(made.ID)
			if !ok {
				return fmt.Errorf("the exchange is not there yet")
			}
			heard, err := t.Desk.HearCall(ctx, e, alerts.SignedMessage{ID: fmt.Sprint("msg_", call, event), Body: []byte(event)}, in)
			ids[call] = heard.ID
			return err
		})
	}
	for n := range announcedCalls {
		at := t.now.Add(-d.hours(0.3, 8*24))
		from := strings.ReplaceAll(phone("+381 60", d.IntN(100)), " ", "")
		switch {
		case d.chance(0.15):
			from = "withheld"
		case d.chance(0.15):
			from = strings.ReplaceAll(phone("+381 60", shouter), " ", "")
		}
		hear(n, at, "ringing", from, "")
		if d.chance(0.25) {
			hear(n, at.Add(40*time.Second), "missed", from, "")
			continue
		}
		hear(n, at.Add(8*time.Second), "answered", from, fmt.Sprint(11+d.IntN(3)))
		hear(n, at.Add(time.Duration(1+d.IntN(9))*time.Minute), "ended", from, "")
		t.writeDown(d, lane, at.Add(10*time.Minute), from, func() string { return ids[n] })
	}
	t.add(t.now.Add(-26*time.Hour), lane, func(ctx context.Context) error {
		_, err := t.Desk.BlockCaller(ctx, t.staff.operator, alerts.NewBlock{
			Phone: phone("+381 60", shouter), Term: "30d", Reason: "Calls several times a night and shouts at whoever answers. Never about a child so far.",
		}, alerts.Request{})
		return err
	})
	last := strings.ReplaceAll(phone("+381 60", shouter), " ", "")
	hear(announcedCalls, t.now.Add(-15*time.Minute), "missed", last, "")
	hear(announcedCalls+1, t.now.Add(-9*time.Minute), "missed", strings.ReplaceAll(phone("+381 60", 91), " ", ""), "")
	hear(announcedCalls+2, t.now, "ringing", strings.ReplaceAll(phone("+381 60", 90), " ", ""), "")
	return nil
}

// writeDown makes the contact of a call that was answered; call is known by then.
func (t *teller) writeDown(d dice, lane string, at time.Time, from string, call func() string) {
	if at.After(t.now) {
		return
	}
	a := pick(d, t.takers())
	in := alerts.NewContact{Kind: pick(d, []string{"support", "information", "advice", "silent"}), Language: "sr-Latn"}
	if strings.HasSuffix(from, fmt.Sprintf("%02d", shouter)) {
		in.Kind = "abusive"
	}
	t.add(at, lane, func(ctx context.Context) error {
		_, err := t.Desk.RecordCall(ctx, a, call(), in, alerts.Request{})
		return err
	})
}
