package alerts

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"homeward/journal"
)

// SignedMessage is a message as it came, in the form of Standard Webhooks: what
// the headers webhook-id, webhook-timestamp and webhook-signature say, and the
// body byte for byte.
type SignedMessage struct {
	ID, Timestamp, Signature string
	Body                     []byte
}

// Why a message of an exchange was refused.
const (
	refusedHeaders   = "headers"
	refusedOld       = "old"
	refusedAhead     = "ahead"
	refusedSignature = "signature"
	refusedRevoked   = "revoked"
	refusedReplaced  = "replaced"
	refusedBody      = "body"
)

// ExchangeRefusals are the reasons for which a message is refused.
func ExchangeRefusals() []string {
	return []string{refusedHeaders, refusedOld, refusedAhead, refusedSignature, refusedRevoked, refusedReplaced, refusedBody}
}

// secretPrefix begins every secret, as Standard Webhooks has it.
const secretPrefix = "whsec_"

// signature is what a secret signs a message with.
func signature(secret string, m *SignedMessage) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil || len(key) == 0 {
		return nil, errors.New("a secret is not of the form whsec_BASE64")
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte(m.ID + "." + m.Timestamp + "."))
	h.Write(m.Body)
	return h.Sum(nil), nil
}

// maxSignatures bounds how many signatures of a message are looked at: a sender
// that changes its secret sends two.
const maxSignatures = 8

// signatures are those of the first version, v1; others are passed over.
func (m *SignedMessage) signatures() [][]byte {
	var out [][]byte
	for word := range strings.FieldsSeq(m.Signature) {
		text, ok := strings.CutPrefix(word, "v1,")
		raw, err := base64.StdEncoding.DecodeString(text)
		if ok && err == nil && len(raw) == sha256.Size && len(out) < maxSignatures {
			out = append(out, raw)
		}
	}
	return out
}

// sent reads the time that the message says it was sent.
func (m *SignedMessage) sent() (time.Time, bool) {
	n, err := strconv.ParseInt(m.Timestamp, 10, 64)
	return time.Unix(n, 0).UTC(), err == nil && n > 0 && n < 1<<33
}

// signedBy finds the key that a message was signed with: the exchange, the key,
// and whether there is one. Every key is tried, those that ended too, so that
// the administrators learn which it was.
func signedBy(all []*Exchange, m *SignedMessage) (*Exchange, *ExchangeKey, bool) {
	given := m.signatures()
	for _, e := range all {
		for k := range e.Keys {
			want, err := signature(e.Keys[k].Secret, m)
			for _, sig := range given {
				if err == nil && hmac.Equal(sig, want) {
					return e, &e.Keys[k], true
				}
			}
		}
	}
	return nil, nil, false
}

// verify is the rule: which exchange sent a message, or why it is refused. The
// exchange is nil when nobody can say whose it was.
func (t *CallTerms) verify(all []*Exchange, m *SignedMessage, now time.Time) (*Exchange, string) {
	sent, ok := m.sent()
	if !ok || m.ID == "" || len(m.ID) > 200 || len(m.signatures()) == 0 {
		return nil, refusedHeaders
	}
	e, key, ok := signedBy(all, m)
	switch {
	case !ok:
		return nil, refusedSignature
	case !key.RevokedAt.IsZero():
		return e, refusedRevoked
	case !key.EndsAt.IsZero() && !now.Before(key.EndsAt):
		return e, refusedReplaced
	case now.Sub(sent) > t.Tolerance:
		return e, refusedOld
	case sent.Sub(now) > t.Tolerance:
		return e, refusedAhead
	}
	return e, ""
}

// CallerOf finds the exchange that sent a message. A message that is refused is
// noted for the administrators, without anything that it says.
func (d *Desk) CallerOf(ctx context.Context, m SignedMessage) (*Exchange, error) {
	e, why := d.callTerms.verify(d.Board.Exchanges(), &m, d.Now())
	if why == "" {
		return e, nil
	}
	id := ""
	if e != nil {
		id = e.ID
	}
	d.noteRefused(ctx, id, why)
	if why == refusedHeaders {
		return nil, Errorf(Malformed, "Sign the message as Standard Webhooks has it: webhook-id, webhook-timestamp and webhook-signature.")
	}
	// Which of the reasons it was is for the administrators only.
	return nil, Errorf(Forbidden, "The message is not signed with a secret that counts, or its time is too far from ours.")
}

// ExchangeHeard is what is known of the messages of an exchange.
type ExchangeHeard struct {
	// GoodAt is when the last message came that was taken; RefusedAt when the
	// last one was refused, and Refused why.
	GoodAt    time.Time `json:"good_at,omitzero"`
	RefusedAt time.Time `json:"refused_at,omitzero"`
	Refused   string    `json:"refused,omitempty"`
}

// exchangeSide is the kind of side records that say when messages came.
const exchangeSide = "exchange"

// heardKept is how long that is remembered.
const heardKept = 90 * 24 * time.Hour

// refusedEvery bounds how often a refusal is written down: whoever sends
// nonsense must not make us write.
const refusedEvery = 5 * time.Second

// exchangeLog orders the writes of what is known of messages.
type exchangeLog struct {
	mu      sync.Mutex
	refused map[string]time.Time
}

// nobodys is the record of messages that fit no exchange.
const nobodys = "nobody"

func (d *Desk) noteRefused(ctx context.Context, exchange, why string) {
	if exchange == "" {
		exchange = nobodys
	}
	now := d.Now()
	d.exchanges.mu.Lock()
	defer d.exchanges.mu.Unlock()
	if last, ok := d.exchanges.refused[exchange]; ok && now.Sub(last) < refusedEvery && now.After(last) {
		return
	}
	if d.exchanges.refused == nil {
		d.exchanges.refused = map[string]time.Time{}
	}
	d.exchanges.refused[exchange] = now
	d.noteHeard(ctx, exchange, func(h *ExchangeHeard) { h.RefusedAt, h.Refused = now.UTC(), why })
}

func (d *Desk) noteGood(ctx context.Context, exchange string) {
	d.exchanges.mu.Lock()
	defer d.exchanges.mu.Unlock()
	d.noteHeard(ctx, exchange, func(h *ExchangeHeard) { h.GoodAt = d.Now().UTC() })
}

// noteHeard changes what is known of an exchange's messages; the lock is held.
// The message itself is not held up by a failure: it is logged.
func (d *Desk) noteHeard(ctx context.Context, exchange string, change func(*ExchangeHeard)) {
	h, err := d.heard(ctx, exchange)
	if err == nil {
		change(&h)
		var raw []byte
		if raw, err = json.Marshal(h); err == nil {
			err = d.Side.PutSide(ctx, exchangeSide, exchange, d.Now().Add(heardKept), raw)
		}
	}
	if err != nil {
		d.Log.Error("note a message of an exchange", "exchange", exchange, "error", err)
	}
}

func (d *Desk) heard(ctx context.Context, exchange string) (ExchangeHeard, error) {
	var h ExchangeHeard
	raw, _, err := d.Side.Side(ctx, exchangeSide, exchange)
	if errors.Is(err, journal.ErrNotFound) {
		return h, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &h)
	}
	if err != nil {
		return h, fmt.Errorf("read what is known of an exchange: %w", err)
	}
	return h, nil
}
