package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"homeward/realtime/webhook"
)

// The reasons for which a receiver that keeps to the Standard Webhooks
// specification refuses a message.
var (
	errNoSignature = errors.New("no signature of ours")
	errTooOld      = errors.New("the timestamp is not within five minutes")
	errMalformed   = errors.New("a header is missing or malformed")
)

// strictReceiver is a receiver written from the Standard Webhooks specification
// alone: it shares no line with the sender.
type strictReceiver struct {
	key []byte
	now func() time.Time
}

func newStrictReceiver(t *testing.T, secret string, now func() time.Time) *strictReceiver {
	t.Helper()
	encoded, found := strings.CutPrefix(secret, "whsec_")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !found || err != nil || len(key) < 24 || len(key) > 64 {
		t.Fatalf("%q is no secret: whsec_ and 24 to 64 bytes in base64", secret)
	}
	return &strictReceiver{key, now}
}

// verify is section "Verifying signatures" of the specification.
func (s *strictReceiver) verify(header http.Header, body []byte) error {
	id, stamp := header.Get("webhook-id"), header.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || id == "" || strings.Contains(id, " ") {
		return errMalformed
	}
	if away := s.now().Sub(time.Unix(seconds, 0)); away > 5*time.Minute || away < -5*time.Minute {
		return errTooOld
	}
	mac := hmac.New(sha256.New, s.key)
	mac.Write(slices.Concat([]byte(id), []byte("."), []byte(stamp), []byte("."), body))
	want := mac.Sum(nil)
	for part := range strings.SplitSeq(header.Get("webhook-signature"), " ") {
		version, encoded, _ := strings.Cut(part, ",")
		given, err := base64.StdEncoding.DecodeString(encoded)
		if version == "v1" && err == nil && hmac.Equal(given, want) {
			return nil
		}
	}
	return errNoSignature
}

// TestAReceiverOfItsOwnTakesWhatIsSent lets the sender speak over the network with
// a receiver that was written from the specification. The controls: another
// secret, a changed body, id or time, an old message and one from the future are
// refused.
func TestAReceiverOfItsOwnTakesWhatIsSent(t *testing.T) {
	t.Parallel()
	sentAt := time.Now()
	ours := newStrictReceiver(t, secret, time.Now)
	other := newStrictReceiver(t, "whsec_"+base64.StdEncoding.EncodeToString(make([]byte, 24)), time.Now)
	changed := func(name, value string) func(http.Header) {
		return func(h http.Header) { h.Set(name, value) }
	}
	for name, c := range map[string]struct {
		receiver *strictReceiver
		alter    func(http.Header)
		body     string // what is added to the body
		at       time.Duration
		want     error
	}{
		"as sent":           {receiver: ours},
		"just in time":      {receiver: ours, at: 4*time.Minute + 50*time.Second},
		"older secret":      {receiver: newStrictReceiver(t, older, time.Now)},
		"wrong secret":      {receiver: other, want: errNoSignature},
		"changed body":      {receiver: ours, body: " ", want: errNoSignature},
		"changed id":        {receiver: ours, alter: changed("webhook-id", "msg_other"), want: errNoSignature},
		"changed time":      {receiver: ours, alter: changed("webhook-timestamp", strconv.FormatInt(sentAt.Unix()-1, 10)), want: errNoSignature},
		"other version":     {receiver: ours, alter: changed("webhook-signature", "v2,AAAA"), want: errNoSignature},
		"without signature": {receiver: ours, alter: func(h http.Header) { h.Del("webhook-signature") }, want: errNoSignature},
		"without time":      {receiver: ours, alter: func(h http.Header) { h.Del("webhook-timestamp") }, want: errMalformed},
		"too old":           {receiver: ours, at: 5*time.Minute + 2*time.Second, want: errTooOld},
		"from the future":   {receiver: ours, at: -5*time.Minute - 2*time.Second, want: errTooOld},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			verdict := make(chan error, 1)
			s, sender := receiver(t, func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					verdict <- err
					return
				}
				header := r.Header.Clone()
				if c.alter != nil {
					c.alter(header)
				}
				later := *c.receiver
				later.now = func() time.Time { return sentAt.Add(c.at) }
				err = later.verify(header, append(body, c.body...))
				verdict <- err
				if err != nil {
					w.WriteHeader(http.StatusUnauthorized)
				}
			})
			m := message(s.URL, secret, older)
			m.At = sentAt
			answer, err := sender.Send(t.Context(), m)
			if got := <-verdict; !errors.Is(got, c.want) {
				t.Errorf("the receiver says %v, want %v", got, c.want)
			}
			var refused *webhook.Error
			if (c.want == nil) != (err == nil) || c.want != nil && (!errors.As(err, &refused) || answer.Status != http.StatusUnauthorized) {
				t.Errorf("the sender got %+v, %v", answer, err)
			}
		})
	}
}
