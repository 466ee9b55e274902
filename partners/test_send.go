package partners

import (
	"context"
	"errors"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// KindTest is the kind of a message that says nothing but that it arrived.
const KindTest = "test"

// TestRequest names the channel of a test message: webhook, or email with the id
// of the person who is to get it.
type TestRequest struct {
	Channel string `json:"channel"`
	Person  string `json:"person,omitempty"`
}

// TestResult is what the other side said to a test message.
type TestResult struct {
	OK   bool   `json:"ok"`
	Said string `json:"said"`
	// TookMS is how long the answer took, in milliseconds.
	TookMS int64 `json:"took_ms"`
}

// testEvery is how long nobody sends another test over the same channel of the
// same organisation: a button is no way to flood somebody.
const testEvery = 10 * time.Second

// testSide is the kind of the side records that remember the last test.
const testSide = "channel_test"

// TestDispatch returns the test message to send for an actor who may send one.
func (d *Desk) TestDispatch(ctx context.Context, a alerts.Actor, partnerID string, in TestRequest) (Dispatch, error) {
	if !d.Matrix.Can(a.Role, "partner.test") {
		return Dispatch{}, alerts.Errorf(alerts.Forbidden, "This account may not do that.")
	}
	if err := d.mayManage(a, partnerID); err != nil {
		return Dispatch{}, err
	}
	p, err := d.partnerNow(ctx, partnerID)
	if err != nil {
		return Dispatch{}, err
	}
	out, err := testDispatch(p, in, d.Now())
	if err != nil {
		return Dispatch{}, err
	}
	out.MessageID = "msg_test." + alerts.NewID(d.Random)
	return out, d.spareTests(ctx, partnerID+"."+in.Channel+"."+in.Person)
}

func testDispatch(p *Partner, in TestRequest, now time.Time) (Dispatch, error) {
	var f alerts.Fields
	out := Dispatch{PartnerID: p.ID, Kind: KindTest, Languages: p.Languages}
	switch in.Channel {
	case ChannelWebhook:
		if p.Webhook == nil || p.Webhook.URL == "" {
			f.Add("channel", "no_webhook", "The organisation has no webhook.")
			break
		}
		out.URL, out.Secrets = p.Webhook.URL, p.Webhook.signing(now)
	case ChannelEmail:
		q, ok := p.person(in.Person)
		if !ok || q.Email == "" {
			f.Add("person", "no_email", "This person has no e-mail address.")
			break
		}
		out.To = q.Email
		if len(q.Languages) > 0 {
			out.Languages = q.Languages
		}
	default:
		f.Add("channel", "unknown_value", "A test goes over webhook or email.")
	}
	return out, f.Err()
}

// spareTests refuses a second test within a few seconds, on whichever node.
func (d *Desk) spareTests(ctx context.Context, id string) error {
	_, expires, err := d.Side.Side(ctx, testSide, id)
	switch {
	case err == nil && expires.After(d.Now()):
		return alerts.Errorf(alerts.TooMany, "A test was sent a moment ago. Wait ten seconds.")
	case err != nil && !errors.Is(err, journal.ErrNotFound):
		return &alerts.Error{Code: alerts.Unavailable, Message: "This does not work at this moment. Try again.", Err: err}
	}
	if err := d.Side.PutSide(ctx, testSide, id, d.Now().Add(testEvery), []byte{1}); err != nil {
		return &alerts.Error{Code: alerts.Unavailable, Message: "This does not work at this moment. Try again.", Err: err}
	}
	return nil
}
