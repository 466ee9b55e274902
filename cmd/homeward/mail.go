package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/partners"
	"homeward/realtime/mail"
	"homeward/web"
)

// mailFlags say through which server e-mail is sent. Without --smtp none is.
type mailFlags struct {
	SMTP             string `name:"smtp" help:"Mail server that sends e-mail; none is sent without." placeholder:"HOST:PORT"`
	SMTPUser         string `name:"smtp-user" help:"User at the mail server." placeholder:"NAME"`
	SMTPPasswordFile string `name:"smtp-password-file" help:"File with the user's password at the mail server." placeholder:"FILE"`
	MailFrom         string `name:"mail-from" help:"Sender of e-mail." placeholder:"ADDRESS"`
	SMTPTLS          string `name:"smtp-tls" help:"How the connection to the mail server is encrypted: starttls, tls, or none for a server on this machine." enum:"starttls,tls,none" default:"starttls" placeholder:"HOW"`
}

// mailer returns what sends e-mail, nil when no server is set up.
func (f *mailFlags) mailer() (mailer, error) {
	if f.SMTP == "" {
		if f.SMTPUser != "" || f.SMTPPasswordFile != "" || f.MailFrom != "" {
			return nil, errors.New("--smtp-user, --smtp-password-file and --mail-from need --smtp HOST:PORT")
		}
		return nil, nil
	}
	if f.MailFrom == "" {
		return nil, errors.New("--smtp needs --mail-from ADDRESS")
	}
	o := mail.Options{Server: f.SMTP, User: f.SMTPUser, From: f.MailFrom, Security: mail.Security(f.SMTPTLS)}
	if f.SMTPPasswordFile != "" {
		b, err := os.ReadFile(f.SMTPPasswordFile)
		if err != nil {
			return nil, fmt.Errorf("--smtp-password-file: %w", err)
		}
		o.Password = strings.TrimRight(string(b), "\r\n")
	}
	s, err := mail.New(o)
	if err != nil {
		return nil, fmt.Errorf("--smtp: %w", err)
	}
	return s, nil
}

// digestEvery is how often somebody's hour is looked for.
const digestEvery = 20 * time.Second

// sendDigests sends the daily e-mails until ctx ends.
func (w *world) sendDigests(ctx context.Context, server *web.Server, address, domain string) {
	if w.mail == nil {
		return
	}
	tick := time.NewTicker(digestEvery)
	defer tick.Stop()
	for {
		if err := w.digestsNow(ctx, server, address, domain); err != nil && ctx.Err() == nil {
			w.log.Error("send daily e-mails", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// digestsNow sends what is due now. One that fails does not keep the others
// back.
func (w *world) digestsNow(ctx context.Context, server *web.Server, address, domain string) error {
	var failures []error
	for _, acc := range w.desk.DigestsDue(w.now()) {
		if ctx.Err() != nil {
			break
		}
		claim, ok, err := w.desk.ClaimDigest(ctx, acc.ID)
		if err == nil && ok {
			err = w.sendDigest(ctx, server, acc, claim, address, domain)
		}
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

// sendDigest sends one claimed e-mail and notes how it went. What happened is
// noted also when the server is stopping, or it would be sent again.
func (w *world) sendDigest(ctx context.Context, server *web.Server, acc *alerts.Account, claim *partners.Digest, address, domain string) error {
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	agenda, err := w.desk.Agenda(ctx, alerts.ActorOf(acc))
	if err != nil {
		return errors.Join(err, w.desk.RecordDigest(noting, claim, partners.DigestFailed, "the deadlines could not be read", true))
	}
	if agenda.Empty() {
		return w.desk.RecordDigest(noting, claim, partners.DigestNothing, "", false)
	}
	subject, text := server.DigestMail(acc.Language, address, agenda)
	err = w.mail.Send(ctx, mail.Message{ID: claim.MessageID(domain), To: acc.Email, Subject: subject, Text: text, Language: acc.Language})
	if err != nil {
		return w.desk.RecordDigest(noting, claim, partners.DigestFailed, strings.TrimPrefix(err.Error(), "mail: "), mail.IsTemporary(err))
	}
	return w.desk.RecordDigest(noting, claim, partners.DigestSent, "", false)
}
