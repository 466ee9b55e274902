package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/realtime"
	"homeward/realtime/mail"
	"homeward/web"
)

// alarmEvery is how often the alarm looks at the self-test.
const alarmEvery = 5 * time.Second

// alarm tells people outside when the way of an alert is stuck, and when it is
// free again: once each. It says nothing of any case. It has to work when the
// journal does not, so it notes nothing there; each node tells of itself.
type alarm struct {
	// state is how the way stands now, tell sends one message to everybody who
	// is to know.
	state func() realtime.SelfTestState
	tell  func(ctx context.Context, red bool, s realtime.SelfTestState) error

	// red is what was told last; nothing has been told at first, which is green.
	red bool
}

// look tells of a change since it last looked. What could not be told is tried
// again the next time.
func (a *alarm) look(ctx context.Context) error {
	s := a.state()
	red := s.Stuck != ""
	if red == a.red {
		return nil
	}
	if err := a.tell(ctx, red, s); err != nil {
		return err
	}
	a.red = red
	return nil
}

// alarms runs the alarm until ctx ends.
func (w *world) alarms(ctx context.Context, server *web.Server, f webFlags) {
	a := &alarm{state: w.selfTest.State, tell: func(ctx context.Context, red bool, s realtime.SelfTestState) error {
		ctx, cancel := context.WithTimeout(ctx, grace)
		defer cancel()
		return errors.Join(tellWebhook(ctx, f.AlarmWebhook, f.Sender, red, s), w.tellOfficers(ctx, server, f, red, s))
	}}
	tick := time.NewTicker(alarmEvery)
	defer tick.Stop()
	for failed := false; ; {
		if err := a.look(ctx); err != nil && ctx.Err() == nil && !failed {
			w.log.Error("tell that the way of alerts is stuck or free", "error", err)
			failed = true
		} else if err == nil {
			failed = false
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// alarmBody is what --alarm-webhook gets.
type alarmBody struct {
	Type   string    `json:"type"` // alarm
	Sender string    `json:"sender"`
	State  string    `json:"state"` // red or green
	Reason string    `json:"reason,omitempty"`
	Since  time.Time `json:"since,omitzero"`
}

// tellWebhook posts to an address that the operator has chosen, which may be in
// a network of their own.
func tellWebhook(ctx context.Context, address, sender string, red bool, s realtime.SelfTestState) error {
	if address == "" {
		return nil
	}
	body := alarmBody{Type: "alarm", Sender: sender, State: "green"}
	if red {
		body.State, body.Reason, body.Since = "red", s.Stuck, s.Since.UTC()
	}
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(string(text)))
	if err != nil {
		return errors.New("--alarm-webhook is no address")
	}
	r.Header.Set("Content-Type", "application/json")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		return errors.New("--alarm-webhook could not be reached") // the error would hold the address
	}
	_ = answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("--alarm-webhook answered %d", answer.StatusCode)
	}
	return nil
}

// tellOfficers sends an e-mail to each duty officer, where a mail server is set
// up. One that fails does not keep the others back, and is not tried again when
// somebody else was told.
func (w *world) tellOfficers(ctx context.Context, server *web.Server, f webFlags, red bool, s realtime.SelfTestState) error {
	if w.mail == nil {
		return nil
	}
	told := false
	var failures []error
	for _, acc := range w.desk.Officers() {
		subject, text := server.AlarmMail(acc.Language, f.address(), red, s.Stuck)
		err := w.mail.Send(ctx, mail.Message{
			ID: fmt.Sprintf("alarm.%t.%d.%s@%s", red, w.now().Unix(), alerts.NewID(w.desk.Random), f.Sender), To: acc.Email, Subject: subject, Text: text, Language: acc.Language,
		})
		told = told || err == nil
		failures = append(failures, err)
	}
	if told {
		return nil
	}
	return errors.Join(failures...)
}
