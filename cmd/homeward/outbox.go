package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"homeward/partners"
	"homeward/realtime"
	"homeward/realtime/mail"
	"homeward/realtime/webhook"
	"homeward/web"
)

// mailer sends e-mail.
type mailer interface {
	Send(ctx context.Context, m mail.Message) error
}

// senders carry messages to other organisations: webhooks, and e-mail where a
// mail server is set up.
type senders struct {
	hooks *webhook.Sender
	mail  mailer // nil without a mail server
	// domain ends the ids of e-mails.
	domain string
	frame  func(ctx context.Context, partner string, it partners.Item) ([]byte, error)
	// words writes an e-mail in the reader's language; set before anything is sent.
	words func(d partners.Dispatch) web.PartnerMail
	now   func() time.Time
}

func (w *world) newSenders(f webFlags) *senders {
	return &senders{
		hooks: webhook.New(webhook.Options{Allow: f.WebhookAllow, Agent: "Homeward/" + version}),
		mail:  w.mail, domain: f.Sender, frame: w.hub.Frame, now: w.now,
	}
}

// outbox is what takes the steps of the silence clocks and sends.
func (w *world) outbox(s *senders) *realtime.Outbox {
	return realtime.NewOutbox(realtime.OutboxOptions{
		Desk: w.desk, Couriers: map[string]realtime.Courier{partners.ChannelWebhook: s.webhook, partners.ChannelEmail: s.email},
		Now: w.now, Spread: rand.Float64, Log: w.log,
	})
}

// testBody is what a test message to a program says.
type testBody struct {
	Type string    `json:"type"`
	Sent time.Time `json:"sent"`
}

// webhook sends the same frame that the live feed carries.
func (s *senders) webhook(ctx context.Context, d partners.Dispatch) partners.Result {
	res, _ := s.hook(ctx, d)
	return res
}

func (s *senders) hook(ctx context.Context, d partners.Dispatch) (partners.Result, webhook.Answer) {
	body, err := json.Marshal(testBody{partners.KindTest, s.now().UTC()})
	if d.Kind != partners.KindTest {
		body, err = s.frame(ctx, d.PartnerID, d.Item)
	}
	if err != nil {
		return partners.Result{Note: "The message could not be written."}, webhook.Answer{}
	}
	answer, err := s.hooks.Send(ctx, webhook.Message{ID: d.MessageID, URL: d.URL, Secrets: d.Secrets, At: s.now(), Body: body})
	res := partners.Result{OK: err == nil, Note: fmt.Sprintf("HTTP %d", answer.Status)}
	var e *webhook.Error
	if errors.As(err, &e) {
		res.Final, res.Gone = e.Final, e.Gone
		if e.Status == 0 {
			res.Note = strings.TrimPrefix(e.Error(), "webhook: ")
		}
	}
	return res, answer
}

// email sends level, country and a link, and nothing else.
func (s *senders) email(ctx context.Context, d partners.Dispatch) partners.Result {
	if s.mail == nil {
		return partners.Result{Final: true, Note: "No mail server is set up here."}
	}
	m := s.words(d)
	err := s.mail.Send(ctx, mail.Message{
		ID: d.MessageID + "@" + s.domain, To: d.To, Subject: m.Subject, Text: m.Text, Language: m.Language,
	})
	if err != nil {
		return partners.Result{Final: !mail.IsTemporary(err), Note: strings.TrimPrefix(err.Error(), "mail: ")}
	}
	return partners.Result{OK: true}
}

// Test sends a test message and reports what the other side said.
func (s *senders) Test(ctx context.Context, d partners.Dispatch, channel string) partners.TestResult {
	ctx, cancel := context.WithTimeout(ctx, partners.SendTimeout(channel))
	defer cancel()
	start := time.Now()
	var res partners.Result
	var answer webhook.Answer
	if channel == partners.ChannelWebhook {
		res, answer = s.hook(ctx, d)
	} else if res = s.email(ctx, d); res.OK && res.Note == "" {
		res.Note = "250"
	}
	said := res.Note
	if answer.Said != "" {
		said += ": " + answer.Said
	}
	return partners.TestResult{OK: res.OK, Said: said, TookMS: time.Since(start).Milliseconds()}
}
