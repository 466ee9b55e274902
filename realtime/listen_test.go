package realtime_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"homeward/partners"
	"homeward/realtime"
)

// crashing is an output that dies at a chosen line: before it is out, or after
// it is out but before anything else happens. early stores the cursor before
// the line is out, as a careless program would: the control.
type crashing struct {
	lines  [][]byte
	at     int
	before bool
	early  string
	// last is the newest alert; once its line is out there is nothing more to
	// wait for.
	last string
	stop context.CancelFunc
}

var errCrash = errors.New("killed")

func (c *crashing) Write(b []byte) (int, error) {
	c.at--
	if c.early != "" {
		var f frame
		_ = json.Unmarshal(b, &f)
		if f.Cursor != "" && f.Type != "hello" && f.Type != "resync" {
			_ = os.WriteFile(c.early, []byte(f.Cursor), 0o600)
		}
	}
	if c.at == 0 && c.before {
		return 0, errCrash
	}
	c.lines = append(c.lines, bytes.Clone(b))
	if c.at == 0 {
		return 0, errCrash
	}
	var f frame
	if json.Unmarshal(b, &f) == nil && f.Alert.ID == c.last {
		c.stop()
	}
	return len(b), nil
}

func (r *rig) listener(token, cursor string) *realtime.Listener {
	return &realtime.Listener{
		URL: r.server.URL, Token: token, CursorFile: cursor, Log: slog.New(slog.DiscardHandler),
		Pause: func(int) time.Duration { return time.Millisecond },
	}
}

// killedAlerts is how many alerts one play has.
const killedAlerts = 20

// killed plays a listener that is killed at random moments while alerts are
// released, and returns the alerts that are missing from its output.
func killed(t *testing.T, seed uint64, careless bool) []string {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	r := newRig(t)
	file := filepath.Join(t.TempDir(), "cursor")
	out := &crashing{}
	if careless {
		out.early = file
	}
	listen := func() {
		l := r.listener("good", file)
		l.Out = out
		// The time limit is for the control, which may have lost the last one.
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		out.stop = cancel
		if err := l.Run(ctx); err != nil && !errors.Is(err, realtime.ErrOutput) {
			t.Fatal(err)
		}
	}
	for n := range killedAlerts {
		out.last = fmt.Sprintf("a%d", n)
		r.publish(out.last, partners.KindAlert)
		out.at, out.before = 1+random.IntN(6), random.IntN(2) == 0
		listen()
	}
	out.at = -1
	listen()
	seen := map[string]bool{}
	for _, b := range out.lines {
		var f frame
		_ = json.Unmarshal(b, &f)
		seen[f.Alert.ID] = true
	}
	var missing []string
	for n := range killedAlerts {
		if id := fmt.Sprintf("a%d", n); !seen[id] {
			missing = append(missing, id)
		}
	}
	return missing
}

func TestFaultListenerKilledLosesNothing(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		if missing := killed(t, seed, false); len(missing) > 0 {
			t.Fatalf("seed %d: lost %v", seed, missing)
		}
	}
	lost := 0
	for seed := range uint64(3) {
		lost += len(killed(t, seed, true))
	}
	if lost == 0 {
		t.Fatal("the control, which stores its cursor before the line is out, lost nothing: the test proves nothing")
	}
}

func TestListenerEndsWithDistinctErrors(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if err := r.listener("bad", "").Run(t.Context()); !errors.Is(err, realtime.ErrKeyEnded) {
		t.Fatalf("refused key: %v", err)
	}
	l := r.listener("good", filepath.Join(t.TempDir(), "no", "such", "dir", "cursor"))
	l.Out = &bytes.Buffer{}
	r.publish("a", partners.KindAlert)
	if err := l.Run(t.Context()); !errors.Is(err, realtime.ErrCursorFile) {
		t.Fatalf("no place for the cursor: %v", err)
	}
	l = r.listener("good", "")
	l.URL = "homeward.example.org"
	if err := l.Run(t.Context()); !errors.Is(err, realtime.ErrAddress) {
		t.Fatal("an address without a scheme was accepted")
	}
}

// A server that is away must not end the listener.
func TestListenerComesBack(t *testing.T) {
	t.Parallel()
	tries := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		tries++
		http.Error(w, "away", http.StatusServiceUnavailable)
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	l := &realtime.Listener{URL: server.URL, Token: "t", Out: &bytes.Buffer{}, Log: slog.New(slog.DiscardHandler)}
	l.Pause = func(n int) time.Duration {
		if n == 3 {
			cancel()
		}
		return time.Millisecond
	}
	if err := l.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if tries != 3 {
		t.Fatalf("%d tries, want 3", tries)
	}
}
