package main

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"homeward/realtime"
)

// TestAStuckWayTurnsEverythingRed runs a real node, then breaks its feed. The
// control is the same broken node with a self-test that was good a moment ago
// and is not made again: nothing else notices.
func TestAStuckWayTurnsEverythingRed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := startNode(t, filepath.Join(dir, "data"), dir)
	before := n.w.journal.Tip().Number
	n.w.selfTest.Once(t.Context())
	if n.w.journal.Tip().Number == before {
		t.Fatal("the self-test does not go through the journal")
	}
	n.answers(t, "/readyz", http.StatusOK, "ready")
	n.answers(t, "/metrics", http.StatusOK, "homeward_self_test_stuck 0", "homeward_partner_connections 0")
	if rows := n.w.desk.PartnerBoard().Drills(); len(rows) != 0 {
		t.Errorf("the self-test is among the drills: %d", len(rows))
	}

	// The feed lets nobody in any more.
	if err := n.w.hub.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.answers(t, "/readyz", http.StatusOK, "ready") // the control: nobody has looked
	n.w.selfTest.Once(t.Context())
	n.answers(t, "/readyz", http.StatusServiceUnavailable, "not ready: "+realtime.StuckConnecting)
	n.answers(t, "/metrics", http.StatusOK, "homeward_self_test_stuck 1")
	if reason, since := n.w.trouble(); reason != realtime.StuckConnecting || time.Since(since) > time.Minute {
		t.Errorf("the console is told %q since %v", reason, since)
	}
}

// answers fails the test unless a page answers so, with these words in it.
func (n *node) answers(t *testing.T, path string, status int, words ...string) {
	t.Helper()
	got, body, _ := n.do("GET", path, "", nil)
	if got != status {
		t.Errorf("%s answers %d: %s", path, got, body)
	}
	for _, w := range words {
		if !strings.Contains(string(body), w) {
			t.Errorf("%s does not say %q", path, w)
		}
	}
}
