package webhook_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"homeward/realtime/webhook"
)

// TestAskReadsTheWholeAnswer and carries the token; a redirect is not followed,
// an answer without end is not read, and an address inside is refused.
func TestAskReadsTheWholeAnswer(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch r.URL.Path {
		case "/long":
			_, _ = w.Write(make([]byte, 600<<10))
		case "/elsewhere":
			http.Redirect(w, r, "/", http.StatusTemporaryRedirect)
		default:
			_, _ = w.Write([]byte(r.Header.Get("Authorization") + " " + r.Method + " " + string(body)))
		}
	}))
	defer s.Close()
	inside := webhook.New(webhook.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	status, answer, err := inside.Ask(t.Context(), s.URL, "secret", []byte("{}"))
	if err != nil || status != 200 || string(answer) != "Bearer secret POST {}" {
		t.Errorf("%d %s %v", status, answer, err)
	}
	if _, _, err := inside.Ask(t.Context(), s.URL+"/long", "secret", nil); err == nil {
		t.Error("an answer that is too long is taken")
	}
	if status, _, err := inside.Ask(t.Context(), s.URL+"/elsewhere", "secret", nil); err != nil || status != http.StatusTemporaryRedirect {
		t.Errorf("a redirect: %d %v", status, err)
	}
	_, _, err = webhook.New(webhook.Options{}).Ask(t.Context(), s.URL, "secret", nil)
	if !errors.Is(err, webhook.ErrAddress) || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("an address of this machine: %v", err)
	}
	if _, _, err := inside.Ask(t.Context(), "ftp://example.org", "secret", nil); err == nil {
		t.Error("another scheme is asked")
	}
}
