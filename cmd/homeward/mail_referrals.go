package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"homeward/partners"
)

// referralMailEvery is how often e-mails about referrals are looked for.
const referralMailEvery = 5 * time.Second

// sendReferralMails tells the organisations that are asked for a service or
// invited to a conference, until ctx ends.
func (w *world) sendReferralMails(ctx context.Context) {
	if w.mail == nil {
		return
	}
	tick := time.NewTicker(referralMailEvery)
	defer tick.Stop()
	for {
		if err := w.referralMailsNow(ctx); err != nil && ctx.Err() == nil {
			w.log.Error("send e-mails about referrals", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// referralMailsNow sends what is due now. One that fails does not keep the others
// back.
func (w *world) referralMailsNow(ctx context.Context) error {
	var failures []error
	for _, id := range w.desk.ReferralMailsDue(w.now()) {
		if ctx.Err() != nil {
			break
		}
		job, ok, err := w.desk.ClaimReferralMail(ctx, id)
		if err == nil && ok {
			err = w.sendReferralMail(ctx, job)
		}
		failures = append(failures, err)
	}
	for _, id := range w.desk.ConferenceMailsDue(w.now()) {
		if ctx.Err() != nil {
			break
		}
		job, ok, err := w.desk.ClaimConferenceMail(ctx, id)
		if err == nil && ok {
			err = w.sendConferenceMail(ctx, job)
		}
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

// sendReferralMail sends one claimed e-mail and notes how it went, also when the
// server is stopping, or it would be sent again.
func (w *world) sendReferralMail(ctx context.Context, job partners.ReferralJob) error {
	sending, done := context.WithTimeout(ctx, partners.SendTimeout(partners.ChannelEmail))
	defer done()
	res := w.senders.email(sending, job.Dispatch)
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	return w.desk.ReportReferralMail(noting, job, res, rand.Float64())
}

// sendConferenceMail is sendReferralMail for an e-mail about a conference.
func (w *world) sendConferenceMail(ctx context.Context, job partners.ConferenceJob) error {
	sending, done := context.WithTimeout(ctx, partners.SendTimeout(partners.ChannelEmail))
	defer done()
	res := w.senders.email(sending, job.Dispatch)
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	return w.desk.ReportConferenceMail(noting, job, res, rand.Float64())
}
