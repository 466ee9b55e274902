package webhook_test

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"homeward/realtime/webhook"
)

const (
	secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	older  = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
)

func here() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
}

func message(url string, secrets ...string) webhook.Message {
	return webhook.Message{ID: "msg_a.b.1", URL: url, Secrets: secrets, At: time.Now(), Body: []byte(`{"type":"alert"}`)}
}

// receiver is an HTTPS receiver with whom a sender may speak.
func receiver(t *testing.T, h http.HandlerFunc) (*httptest.Server, *webhook.Sender) {
	t.Helper()
	s := httptest.NewTLSServer(h)
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return s, webhook.New(webhook.Options{Allow: here(), Roots: roots})
}

func TestReceiverVerifiesWhatIsSent(t *testing.T) {
	t.Parallel()
	bodies := make(chan error, 3)
	s, sender := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			bodies <- err
			return
		}
		for _, one := range []string{secret, older} { // a receiver that has changed over, and one that has not
			verifier, err := standard.NewWebhook(one)
			if err != nil {
				bodies <- err
				return
			}
			bodies <- verifier.Verify(body, r.Header)
		}
		verifier, _ := standard.NewWebhook(secret)
		if verifier.Verify(append(body, ' '), r.Header) == nil {
			bodies <- errors.New("a changed body was taken")
		} else {
			bodies <- nil
		}
	})
	answer, err := sender.Send(t.Context(), message(s.URL, secret, older))
	if err != nil || answer.Status != 200 {
		t.Fatalf("answer %+v, %v", answer, err)
	}
	for range 3 {
		if err := <-bodies; err != nil {
			t.Error(err)
		}
	}
}

func TestPrivateAddressesAreRefused(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a private address was reached") }))
	t.Cleanup(s.Close)
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	sender := webhook.New(webhook.Options{})
	for _, host := range []string{
		"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "127.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
		"100.64.0.1", "[fe80::1]", "[fd00::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "224.0.0.1", "255.255.255.255",
	} {
		for _, scheme := range []string{"http", "https"} {
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			_, err := sender.Send(ctx, message(scheme+"://"+host+":"+port+"/in", secret))
			cancel()
			var e *webhook.Error
			if !errors.As(err, &e) {
				t.Errorf("%s://%s: %v", scheme, host, err)
				continue
			}
			// A form that is no address, such as 127.1, may fail as a name.
			if !errors.Is(err, webhook.ErrAddress) && host != "127.1" {
				t.Errorf("%s://%s: %v, want %v", scheme, host, err, webhook.ErrAddress)
			}
			if strings.Contains(err.Error(), host) {
				t.Errorf("the error names the address: %v", err)
			}
		}
	}
}

// TestNamedNetworkIsReached is the control: with the operator's word the same
// address is reached, and only that one.
func TestNamedNetworkIsReached(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	t.Cleanup(s.Close)
	if answer, err := webhook.New(webhook.Options{Allow: here()}).Send(t.Context(), message(s.URL, secret)); err != nil || answer.Status != 204 {
		t.Errorf("answer %+v, %v", answer, err)
	}
	other := webhook.New(webhook.Options{Allow: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
	if _, err := other.Send(t.Context(), message(s.URL, secret)); !errors.Is(err, webhook.ErrAddress) {
		t.Errorf("got %v", err)
	}
}

func TestNoRedirectIsFollowed(t *testing.T) {
	t.Parallel()
	s, sender := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/secret" {
			t.Error("the redirect was followed")
		}
		http.Redirect(w, r, "/secret", http.StatusTemporaryRedirect)
	})
	answer, err := sender.Send(t.Context(), message(s.URL+"/in", secret))
	var e *webhook.Error
	if !errors.As(err, &e) || e.Status != 307 || answer.Status != 307 {
		t.Errorf("answer %+v, %v", answer, err)
	}
}

func TestWhatTheOtherSideSays(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		status int
		body   string
		ok     bool
		gone   bool
		said   string
	}{
		"taken":        {202, "thank\nyou", true, false, "thank you"},
		"refused":      {403, "no", false, false, "no"},
		"gone":         {410, "", false, true, ""},
		"broken":       {500, "\x00\xffoops\x1b[2J", false, false, "?oops [2J"},
		"endless body": {200, strings.Repeat("x", 1<<20), true, false, strings.Repeat("x", 200)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, sender := receiver(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(one.status)
				_, _ = io.WriteString(w, one.body)
			})
			answer, err := sender.Send(t.Context(), message(s.URL, secret))
			var e *webhook.Error
			if (err == nil) != one.ok || answer.Status != one.status || answer.Said != one.said || errors.As(err, &e) && e.Gone != one.gone {
				t.Errorf("answer %+v, %v", answer, err)
			}
		})
	}
}

func TestStalledReceiverIsGivenUp(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	s, sender := receiver(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	})
	defer close(hang)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	var e *webhook.Error
	if _, err := sender.Send(ctx, message(s.URL, secret)); !errors.As(err, &e) || e.Final {
		t.Errorf("got %v", err)
	}
}

func TestMessagesThatCannotBeSent(t *testing.T) {
	t.Parallel()
	sender := webhook.New(webhook.Options{})
	for name, m := range map[string]webhook.Message{
		"no secret":     message("https://partner.example.org/in"),
		"bad secret":    message("https://partner.example.org/in", "whsec_***"),
		"no host":       message("https:///in", secret),
		"other scheme":  message("file:///etc/passwd", secret),
		"with password": message("https://a:b@partner.example.org/", secret),
	} {
		var e *webhook.Error
		if _, err := sender.Send(t.Context(), m); !errors.As(err, &e) || !e.Final || e.Stage != "compose" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
