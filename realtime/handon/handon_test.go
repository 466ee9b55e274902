package handon_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"homeward/realtime/handon"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func alertFrame(cursor string) handon.Frame {
	return handon.Frame{Type: "alert", Line: []byte(`{"type":"alert","cursor":"` + cursor + `","alert":{"id":"a1"}}`)}
}

func TestACommandTakesAFrameOrDoesNot(t *testing.T) {
	t.Setenv("HOMEWARD_TOKEN", "hidden-key")
	t.Setenv("HOMEWARD_WEBHOOK_SECRET", "hidden-key")
	t.Setenv("HOMEWARD_LISTEN_URL", "https://homeward.example.org")
	file := filepath.Join(t.TempDir(), "taken")
	var out bytes.Buffer
	if err := (handon.Command{Line: "cat >> " + file + "; env >> " + file + "; echo said", Out: &out}).Hand(t.Context(), alertFrame("c1")); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file)
	if err != nil || !strings.HasPrefix(string(got), string(alertFrame("c1").Line)+"\n") || out.String() != "said\n" {
		t.Errorf("%s %q %v", got, out.String(), err)
	}
	if strings.Contains(string(got), "hidden-key") || !strings.Contains(string(got), "homeward.example.org") {
		t.Errorf("the command's environment: %s", got)
	}
	for line, final := range map[string]bool{"exit 3": false, "cat > /dev/null; exit 1": false, "/no/such/command": true, "/": true} {
		err := handon.Command{Line: line, Out: io.Discard}.Hand(t.Context(), alertFrame("c1"))
		if err == nil || errors.Is(err, handon.ErrCommand) != final || handon.Final(err) != final {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestAWebhookOnThisMachineTakesAFrame(t *testing.T) {
	t.Parallel()
	verify, err := standard.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	status := http.StatusServiceUnavailable
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		if err := verify.Verify(b, r.Header); err != nil {
			t.Error(err)
		}
		ids = append(ids, r.Header.Get("webhook-id"))
		w.WriteHeader(status)
	}))
	defer s.Close()
	h, err := handon.NewWebhook(s.URL+"/alerts", secret, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Hand(t.Context(), alertFrame("c1")); err == nil || handon.Final(err) {
		t.Errorf("refused for now: %v", err)
	}
	status = http.StatusNoContent
	if err := h.Hand(t.Context(), alertFrame("c2")); err != nil {
		t.Error(err)
	}
	if len(ids) != 2 || ids[0] != ids[1] {
		t.Errorf("the same frame under two ids: %v", ids)
	}
	status = http.StatusGone
	if err := h.Hand(t.Context(), alertFrame("c3")); !errors.Is(err, handon.ErrWebhook) {
		t.Errorf("a receiver that wants no more: %v", err)
	}
	for _, wrong := range [][2]string{{"127.0.0.1:9000", secret}, {"ftp://127.0.0.1/", secret}, {"http://127.0.0.1/", "secret"}} {
		if _, err := handon.NewWebhook(wrong[0], wrong[1], time.Now); !errors.Is(err, handon.ErrWebhook) {
			t.Errorf("%v: %v", wrong, err)
		}
	}
}

// twoServers are an installation that has one alert, and one that answers a
// message with the given statuses, one after another.
func twoServers(t *testing.T, statuses ...int) (*handon.Forward, *[]string) {
	var said []string
	from := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		said = append(said, r.Method+" "+r.URL.Path+" "+string(b))
		_, _ = io.WriteString(w, "<alert/>")
	}))
	t.Cleanup(from.Close)
	to := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Content-Type") != "application/cap+xml" || r.Header.Get("Authorization") != "Bearer there" {
			t.Errorf("%v", r.Header)
		}
		w.WriteHeader(statuses[0])
		statuses = statuses[1:]
		_, _ = io.WriteString(w, `{"id":"m1"}`)
	}))
	t.Cleanup(to.Close)
	return handon.NewForward(from.URL, "here", to.URL, "there", time.Hour, slog.New(slog.DiscardHandler)), &said
}

func TestForwardTellsWhatIsRefusedForGood(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]struct{ again, final, question bool }{
		http.StatusCreated:             {},
		http.StatusInternalServerError: {again: true},
		http.StatusTooManyRequests:     {again: true},
		http.StatusForbidden:           {again: true, final: true},
		http.StatusUnprocessableEntity: {question: true},
	} {
		f, said := twoServers(t, status)
		err := f.Hand(t.Context(), alertFrame("c1"))
		if (err != nil) != want.again || handon.Final(err) != want.final {
			t.Errorf("%d: %v", status, err)
		}
		if asked := strings.Contains(strings.Join(*said, "\n"), `"answer":"question"`); asked != want.question {
			t.Errorf("%d: %v", status, *said)
		}
	}
	f, said := twoServers(t)
	drill := handon.Frame{Type: "alert", Line: []byte(`{"type":"alert","alert":{"id":"d1","revision":1,"drill":true}}`)}
	if err := f.Hand(t.Context(), drill); err != nil || len(*said) > 0 {
		t.Errorf("an exercise crosses: %v %v", err, *said)
	}
	f, said = twoServers(t, http.StatusNotFound)
	end := handon.Frame{Type: "withdrawal", Line: []byte(`{"type":"withdrawal","alert_id":"a1"}`)}
	if err := f.Hand(t.Context(), end); err != nil || !strings.HasPrefix((*said)[len(*said)-1], "POST /api/v1/partner/alerts/a1/removed") {
		t.Errorf("an end of what was never there: %v %v", err, *said)
	}
}
