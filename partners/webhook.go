package partners

import (
	"context"
	"encoding/base64"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// Webhook is where an organisation's program takes alerts. It has the form of
// Standard Webhooks.
type Webhook struct {
	URL string `bson:"url" class:"P10,sealed,people"`
	// Secrets sign each message; the first is the newest, an older one ends by
	// itself.
	Secrets []WebhookSecret `bson:"secrets"`
	// Levels are those that it takes.
	Levels []alerts.Level `bson:"levels"`
	MadeAt time.Time      `bson:"made_at"`
	// FailingSince is when it first failed since it last worked; LastWorked
	// when that was.
	FailingSince time.Time `bson:"failing_since,omitempty"`
	LastWorked   time.Time `bson:"last_worked,omitempty"`
	// DisabledAt is when it was switched off, Disabled why: failing, gone, or
	// by_person.
	DisabledAt time.Time `bson:"disabled_at,omitempty"`
	Disabled   string    `bson:"disabled,omitempty"`
}

// WebhookSecret is one secret of a webhook: unlike a key's it must be readable,
// as it signs.
type WebhookSecret struct {
	Secret string    `bson:"secret" class:"kept,sealed,people"`
	MadeAt time.Time `bson:"made_at"`
	// EndsAt is when it signs no more; zero for the newest.
	EndsAt time.Time `bson:"ends_at,omitempty"`
}

// NewWebhook is what a webhook is made with. Levels may be left out for all that
// partners get.
type NewWebhook struct {
	URL    string         `json:"url"`
	Levels []alerts.Level `json:"levels,omitempty"`
}

// MadeWebhook answers a new webhook or secret. Secret is told this once.
type MadeWebhook struct {
	Secret string `json:"secret"`
	WebhookView
}

// WebhookView is a webhook without its secrets.
type WebhookView struct {
	URL     string         `json:"url"`
	Levels  []alerts.Level `json:"levels"`
	Enabled bool           `json:"enabled"`
	// Disabled says why it is switched off: failing, gone, by_person.
	Disabled     string     `json:"disabled,omitempty"`
	DisabledAt   *time.Time `json:"disabled_at,omitempty"`
	FailingSince *time.Time `json:"failing_since,omitempty"`
	LastWorked   *time.Time `json:"last_worked,omitempty"`
	MadeAt       time.Time  `json:"made_at"`
	// SecretMadeAt is when the newest secret was made; OldSecretUntil until
	// when the one before still signs.
	SecretMadeAt   time.Time  `json:"secret_made_at"`
	OldSecretUntil *time.Time `json:"old_secret_until,omitempty"`
}

// secretPrefix begins every secret, as Standard Webhooks has it.
const secretPrefix = "whsec_"

// maxURL is the longest address of a webhook.
const maxURL = 1000

// works tells whether messages are sent to it.
func (w *Webhook) works() bool {
	return w != nil && w.URL != "" && w.DisabledAt.IsZero() && len(w.Secrets) > 0
}

func (w *Webhook) takes(l alerts.Level) bool { return slices.Contains(w.Levels, l) }

// signing are the secrets that sign at an instant, newest first.
func (w *Webhook) signing(now time.Time) []string {
	var out []string
	for _, s := range w.Secrets {
		if s.Secret != "" && (s.EndsAt.IsZero() || now.Before(s.EndsAt)) {
			out = append(out, s.Secret)
		}
	}
	return out
}

// SetWebhook gives an organisation a webhook, in place of the one it has, with a
// new secret. The same request gives the same secret again.
func (d *Desk) SetWebhook(ctx context.Context, a alerts.Actor, partnerID string, in NewWebhook, r alerts.Request) (MadeWebhook, error) {
	secret := secretPrefix + base64.StdEncoding.EncodeToString(d.Seed("webhook "+partnerID, r))
	return d.madeWebhook(ctx, a, partnerID, secret, r, func(p *Partner, now time.Time) error {
		w, err := webhookRule(p, in)
		if err != nil {
			return err
		}
		w.MadeAt, w.Secrets = now, []WebhookSecret{{Secret: secret, MadeAt: now}}
		p.Webhook = w
		return nil
	})
}

// RotateWebhook gives a webhook a new secret. The one before signs beside it for
// a day, so that the receiver can change over without losing a message.
func (d *Desk) RotateWebhook(ctx context.Context, a alerts.Actor, partnerID string, r alerts.Request) (MadeWebhook, error) {
	secret := secretPrefix + base64.StdEncoding.EncodeToString(d.Seed("webhook "+partnerID, r))
	return d.madeWebhook(ctx, a, partnerID, secret, r, func(p *Partner, now time.Time) error {
		if p.Webhook == nil {
			return missing("webhook of partner " + partnerID)
		}
		w := *p.Webhook
		fresh := []WebhookSecret{{Secret: secret, MadeAt: now}}
		if old := w.Secrets[0]; old.Secret != "" {
			old.EndsAt = now.Add(d.limits.Rotation)
			fresh = append(fresh, old)
		}
		w.Secrets, p.Webhook = fresh, &w
		return nil
	})
}

func (d *Desk) madeWebhook(ctx context.Context, a alerts.Actor, partnerID, secret string, r alerts.Request, rule func(*Partner, time.Time) error) (MadeWebhook, error) {
	v, err := d.changeWebhook(ctx, a, partnerID, r, rule)
	return MadeWebhook{secret, v}, err
}

// EnableWebhook switches a webhook on again, DisableWebhook off.
func (d *Desk) EnableWebhook(ctx context.Context, a alerts.Actor, partnerID string, r alerts.Request) (WebhookView, error) {
	return d.switchWebhook(ctx, a, partnerID, r, true)
}

// DisableWebhook switches a webhook off. What it has got stays withdrawn or
// owed like before; nothing more is sent.
func (d *Desk) DisableWebhook(ctx context.Context, a alerts.Actor, partnerID string, r alerts.Request) (WebhookView, error) {
	return d.switchWebhook(ctx, a, partnerID, r, false)
}

func (d *Desk) switchWebhook(ctx context.Context, a alerts.Actor, partnerID string, r alerts.Request, on bool) (WebhookView, error) {
	return d.changeWebhook(ctx, a, partnerID, r, func(p *Partner, now time.Time) error {
		if p.Webhook == nil {
			return missing("webhook of partner " + partnerID)
		}
		if on == p.Webhook.DisabledAt.IsZero() {
			return nil
		}
		w := *p.Webhook
		w.DisabledAt, w.Disabled, w.FailingSince = time.Time{}, "", time.Time{}
		if !on {
			w.DisabledAt, w.Disabled = now, "by_person"
		}
		p.Webhook = &w
		return nil
	})
}

// changeWebhook runs a rule on a copy of an organisation. Its own people may
// change their own.
func (d *Desk) changeWebhook(ctx context.Context, a alerts.Actor, partnerID string, r alerts.Request, rule func(*Partner, time.Time) error) (WebhookView, error) {
	if err := d.mayManage(a, partnerID); err != nil {
		return WebhookView{}, err
	}
	_, err := d.Do(ctx, a, "partner.webhook", r, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*Partner](v, "partners", partnerID)
		if err != nil {
			return journal.Outcome{}, err
		}
		p := *old
		if err := rule(&p, v.Now); err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{&p}}, nil
	})
	if err != nil {
		return WebhookView{}, err
	}
	p, err := d.partnerNow(ctx, partnerID)
	if err != nil {
		return WebhookView{}, err
	}
	if p.Webhook == nil {
		return WebhookView{}, missing("webhook of partner " + partnerID)
	}
	return viewWebhook(p.Webhook), nil
}

// mayManage refuses an organisation's people any other than their own, and its
// programs all of them.
func (d *Desk) mayManage(a alerts.Actor, partnerID string) error {
	if a.Partner == "" {
		return nil
	}
	if a.Partner != partnerID {
		return missing("partner " + partnerID)
	}
	if a.Kind != alerts.KindPerson {
		return alerts.Errorf(alerts.Forbidden, "Only a person who has signed in may change this.")
	}
	return nil
}

func webhookRule(p *Partner, in NewWebhook) (*Webhook, error) {
	if p.State == PartnerEnded {
		return nil, alerts.Errorf(alerts.Conflict, "This organisation has ended. Enter it anew.")
	}
	var f alerts.Fields
	w := &Webhook{URL: strings.TrimSpace(in.URL), Levels: slices.Clone(in.Levels)}
	if code, message := webhookAddress(w.URL); code != "" {
		f.Add("url", code, message)
	}
	if len(w.Levels) == 0 {
		w.Levels = partnerLevels()
	}
	if slices.ContainsFunc(w.Levels, func(l alerts.Level) bool { return !slices.Contains(partnerLevels(), l) }) {
		f.Add("levels", "unknown_value", "A webhook's levels are partner, public_appeal and national_mirror.")
	}
	return w, f.Err()
}

// webhookAddress says what is wrong with an address. What it resolves to is
// looked at when a message is sent.
func webhookAddress(s string) (code, message string) {
	u, err := url.Parse(s)
	switch {
	case s == "":
		return "required", "Write the address that takes the messages."
	case err != nil || u.Host == "" || u.Hostname() == "" || len(s) > maxURL:
		return "bad_address", "This is not an address such as https://partner.example.org/homeward."
	case u.User != nil || u.Fragment != "":
		return "bad_address", "The address must hold no name, password or #: messages are signed."
	case u.Scheme == "https":
		return "", ""
	case u.Scheme != "http":
		return "bad_address", "The address must begin with https://."
	}
	// Without encryption only within the operator's own networks, which the
	// sender checks again.
	if a, err := netip.ParseAddr(u.Hostname()); err == nil && (a.IsLoopback() || a.IsPrivate()) {
		return "", ""
	}
	return "not_encrypted", "The address must begin with https://."
}

func viewWebhook(w *Webhook) WebhookView {
	v := WebhookView{
		URL: w.URL, Levels: notNil(w.Levels), Enabled: w.DisabledAt.IsZero(), Disabled: w.Disabled, DisabledAt: timeOf(w.DisabledAt),
		FailingSince: timeOf(w.FailingSince), LastWorked: timeOf(w.LastWorked), MadeAt: w.MadeAt,
	}
	for i, s := range w.Secrets {
		if i == 0 {
			v.SecretMadeAt = s.MadeAt
		} else {
			v.OldSecretUntil = timeOf(s.EndsAt)
		}
	}
	return v
}
