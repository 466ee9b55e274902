package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// Result is what became of one attempt to send.
type Result struct {
	// OK says that the other side took it; Final that another try cannot help;
	// Gone that the other side wants no more messages at all.
	// Unsent says that nothing left and nothing was tried.
	OK, Final, Gone, Unsent bool
	// Note is what the other side said, in a few words: "HTTP 503".
	Note string
}

// Report notes what became of a job. What failed is tried again after a growing
// pause, with the same message id; a webhook that fails for days is switched
// off. spread is a random number from 0 to 1 that keeps many from coming back
// at once.
func (d *Desk) Report(ctx context.Context, j Job, res Result, spread float64) error {
	_, err := d.Do(ctx, alerts.System(), "delivery.sent", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		var out journal.Outcome
		old, err := journal.Load[*Delivery](v, "deliveries", deliveryID(j.AlertID, j.PartnerID))
		if err != nil {
			return out, err
		}
		if next := reportRule(old, j, res, d.limits, spread, v.Now); next != nil {
			out.Documents = append(out.Documents, next)
		}
		if j.Channel != ChannelWebhook || res.Unsent {
			return out, nil
		}
		p, err := optional[*Partner](v, "partners", j.PartnerID)
		if err != nil || p == nil {
			return out, err
		}
		if next := webhookHealth(p, res, d.limits, v.Now); next != nil {
			out.Documents = append(out.Documents, next)
		}
		return out, nil
	})
	return err
}

// reportRule is the delivery after an attempt, nil when the report is of one
// that is not expected any more.
func reportRule(old *Delivery, j Job, res Result, l Limits, spread float64, now time.Time) *Delivery {
	if j.Number < 1 || j.Number > len(old.Tries) {
		return nil
	}
	d := *old
	d.Tries, d.Steps = slices.Clone(d.Tries), slices.Clone(d.Steps)
	t := &d.Tries[j.Number-1]
	if t.State != TryOpen || t.Attempts != j.Attempt && !res.OK {
		return nil
	}
	t.Begun, t.Note = time.Time{}, short(res.Note)
	switch {
	case res.Unsent:
		t.Attempts, t.NextAt = t.Attempts-1, now.Add(pause(1, spread))
	case res.OK:
		t.State, t.Ended, t.NextAt = TrySent, now, time.Time{}
		if t.Kind == KindAlert {
			d.carried(t, now)
		}
	case res.Final || t.Channel == ChannelEmail && t.Attempts >= l.EmailAttempts:
		t.State, t.Ended, t.NextAt = TryFailed, now, time.Time{}
	default:
		t.NextAt = now.Add(pause(t.Attempts, spread))
	}
	return &d
}

// carried raises the delivery's own signs: a webhook that was taken is received
// by a machine, an e-mail is only sent.
func (d *Delivery) carried(t *Try, now time.Time) {
	if d.SentAt.IsZero() {
		d.SentAt = now
	}
	if d.Revision == 0 {
		d.Revision = t.Revision
	}
	state := DeliverySent
	if t.Channel == ChannelWebhook {
		state, d.Revision = DeliveryReceived, max(d.Revision, t.Revision)
		if d.ReceivedAt.IsZero() {
			d.ReceivedAt = now
		}
	}
	if state.rank() > d.State.rank() {
		d.State, d.Channel = state, t.Channel
	}
}

// pause is how long to wait after some attempts: from five seconds, three times
// as long each time, to an hour at most, and a fifth more or less.
func pause(attempts int, spread float64) time.Duration {
	p := 5 * time.Second
	for range min(attempts, 10) - 1 {
		p *= 3
	}
	p = min(p, time.Hour)
	return time.Duration(float64(p) * (0.8 + 0.4*spread))
}

// webhookHealth is the organisation after its webhook worked or failed, nil
// when that changes nothing.
func webhookHealth(p *Partner, res Result, l Limits, now time.Time) *Partner {
	if p.Webhook == nil || !p.Webhook.DisabledAt.IsZero() {
		return nil
	}
	w := *p.Webhook
	switch {
	case res.OK && w.FailingSince.IsZero() && now.Sub(w.LastWorked) < time.Hour:
		return nil // known to work: not worth a change of its own
	case res.OK:
		w.FailingSince, w.LastWorked = time.Time{}, now
	case res.Gone:
		w.DisabledAt, w.Disabled = now, "gone"
	case w.FailingSince.IsZero():
		w.FailingSince = now
	case now.Sub(w.FailingSince) >= l.WebhookLife:
		w.DisabledAt, w.Disabled = now, "failing"
	default:
		return nil
	}
	next := *p
	next.Webhook = &w
	return &next
}

// short cuts what the other side said to what fits into a line.
func short(s string) string {
	runes := []rune(s)
	for i, r := range runes {
		if r < ' ' || r == 0x7f {
			runes[i] = ' '
		}
	}
	if len(runes) > maxName {
		runes = runes[:maxName]
	}
	return string(runes)
}

// Dispatch is what a job sends, as it stands at this moment.
type Dispatch struct {
	MessageID string
	PartnerID string
	// Kind is alert, withdrawal, handover, duty, referral, referral_reminder, conference,
	// conference_changed, conference_off or test.
	Kind string
	// Item is what a webhook carries, and why an end is one.
	Item Item
	// URL and Secrets are a webhook's.
	URL     string
	Secrets []string
	// To, Languages and Code are an e-mail's: Code opens the alert once.
	To        string
	Languages []string
	Code      string
	Level     alerts.Level
	// Drill marks a message of an exercise.
	Drill     bool
	Countries []string
	// Urgency and ReferralID are of a message about a referral.
	Urgency, ReferralID string
	// ConferenceID is of a message about a conference.
	ConferenceID string
}

// Prepare looks at the last moment whether a job is still to be sent, and
// returns what. After an end has been committed no alert leaves.
func (d *Desk) Prepare(j Job, now time.Time) (Dispatch, bool) {
	b := d.board
	b.mu.RLock()
	defer b.mu.RUnlock()
	l := b.ladder(j.AlertID, j.PartnerID, now)
	if l == nil || j.Number > len(l.d.Tries) || now.After(j.Until.Add(-SendTimeout(j.Channel))) {
		return Dispatch{}, false
	}
	t := &l.d.Tries[j.Number-1]
	if t.State != TryOpen || t.Attempts != j.Attempt || !l.needed(t) {
		return Dispatch{}, false
	}
	out := Dispatch{
		MessageID: messageID(j.AlertID, j.PartnerID, j.Number), PartnerID: j.PartnerID, Kind: t.Kind, Level: l.level, Countries: d.countries(l),
	}
	out.Item = b.item(j.PartnerID, j.AlertID)
	out.Drill = out.Item.Drill
	if t.Channel == ChannelWebhook {
		out.URL, out.Secrets = l.who.Webhook.URL, l.who.Webhook.signing(now)
		return out, out.Item.Kind == t.Kind
	}
	if t.Kind == KindDuty {
		return out, d.toOfficer(&out, t.Person)
	}
	q, _ := l.who.person(t.Person)
	out.To, out.Languages = q.Email, q.Languages
	if len(out.Languages) == 0 {
		out.Languages = l.who.Languages
	}
	out.Code = d.linkCode(j, now)
	return out, true
}

// countries are those that an alert's area lies in: all that leaves over an open
// channel. Who has lost sight of it is told those of what it had got.
func (d *Desk) countries(l *ladder) []string {
	if l.alert == nil || l.alert.Current() == nil {
		return nil
	}
	r := l.alert.Current()
	if n := l.place.last; l.place.ended && 0 < n && n <= len(l.alert.Revisions) {
		r = &l.alert.Revisions[n-1]
	}
	return countriesOf(d.Regions, r.Area)
}
