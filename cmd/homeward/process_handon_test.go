package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const handonSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// alertsIn returns the ids of the alerts in lines of frames, each once, in the
// order in which they came first.
func alertsIn(content []byte) (ids []string) {
	for s := bufio.NewScanner(bytes.NewReader(content)); s.Scan(); {
		var f struct {
			Type  string
			Alert struct{ ID string }
		}
		if json.Unmarshal(s.Bytes(), &f) == nil && f.Type == "alert" && !slices.Contains(ids, f.Alert.ID) {
			ids = append(ids, f.Alert.ID)
		}
	}
	return ids
}

// handsOn starts the partner's program with more arguments.
func handsOn(t *testing.T, n *node, key, cursor, log string, more ...string) *program {
	t.Helper()
	p := command(t, log, append([]string{"listen", "--url", n.address, "--token", key, "--cursor", cursor}, more...)...)
	p.start(nil)
	return p
}

// TestFaultExec kills the program again and again while a command, which refuses
// now and then, takes what comes: it has all of it in the end, in order.
func TestFaultExec(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := startNode(t, dir+"/data", dir)
	_, key := n.partner("RS")
	caseID, _ := n.openCase()
	taken, cursor, log := filepath.Join(dir, "taken"), filepath.Join(dir, "cursor"), filepath.Join(dir, "log")
	// It takes a frame whole or not at all, and refuses every third time.
	script := `f=$(mktemp ` + dir + `/f.XXXXXX); cat > $f; echo >> ` + dir + `/calls; if [ $(($(wc -l < ` + dir + `/calls) % 3)) = 2 ]; then exit 1; fi; cat $f >> ` + taken
	got := func() []string { b, _ := os.ReadFile(taken); return alertsIn(b) }
	var released []string
	for range times(3, 20) {
		p := handsOn(t, n, key, cursor, log, "--exec", script)
		for range 2 {
			id, hash := n.draft(caseID)
			n.release(id, hash)
			released = append(released, id)
		}
		until(t, "a frame was taken", func() bool { return len(got()) >= len(released)-1 })
		<-sometime(10 * time.Millisecond)
		p.kill()
	}
	p := handsOn(t, n, key, cursor, log, "--exec", script)
	until(t, "all frames were taken", func() bool { return len(got()) == len(released) })
	p.kill()
	if !slices.Equal(got(), released) {
		t.Fatalf("has %v, want %v", got(), released)
	}
}

// refusing is a receiver of webhooks that says no as often as it is told.
type refusing struct {
	t    *testing.T
	mu   sync.Mutex
	no   int
	body bytes.Buffer
}

func (r *refusing) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	b, err := io.ReadAll(q.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	verify, bad := standard.NewWebhook(handonSecret)
	if err = errors.Join(err, bad); err == nil {
		err = verify.Verify(b, q.Header)
	}
	if err != nil {
		return // killed in the middle
	}
	if r.no > 0 {
		r.no--
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	r.body.Write(append(b, '\n'))
}

func (r *refusing) alerts() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return alertsIn(r.body.Bytes())
}

// TestFaultListenWebhook does the same with a program that takes webhooks.
func TestFaultListenWebhook(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := startNode(t, dir+"/data", dir)
	_, key := n.partner("RS")
	caseID, _ := n.openCase()
	r := &refusing{t: t, no: 2}
	s := httptest.NewServer(r)
	defer s.Close()
	listen := func() *program {
		return handsOn(t, n, key, filepath.Join(dir, "cursor"), filepath.Join(dir, "log"), "--webhook", s.URL, "--webhook-secret", handonSecret)
	}
	var released []string
	for range times(3, 20) {
		p := listen()
		for range 2 {
			id, hash := n.draft(caseID)
			n.release(id, hash)
			released = append(released, id)
		}
		until(t, "a frame was taken", func() bool { return len(r.alerts()) >= len(released)-1 })
		p.kill()
	}
	p := listen()
	until(t, "all frames were taken", func() bool { return len(r.alerts()) == len(released) })
	p.kill()
	if !slices.Equal(r.alerts(), released) {
		t.Fatalf("has %v, want %v", r.alerts(), released)
	}
}

// TestListenExitsWithDistinctCodes starts the program with what cannot work.
func TestListenExitsWithDistinctCodes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := startNode(t, dir+"/data", dir)
	_, key := n.partner("RS")
	caseID, _ := n.openCase()
	id, hash := n.draft(caseID)
	n.release(id, hash)
	var help bytes.Buffer
	cmd := exec.Command(os.Args[0], "listen", "--help")
	cmd.Env, cmd.Stdout = append(os.Environ(), programVariable+"=1"), &help
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	ok := []string{"--url", n.address, "--token", key}
	for _, c := range []struct {
		code int
		says string
		args []string
	}{
		{exitUsage, "2 wrong command line", []string{"--url", "homeward.example.org", "--token", key}},
		{exitUsage, "2 wrong command line", []string{"--url", n.address}},
		{exitKeyEnded, "3 the key", []string{"--url", n.address, "--token", "hwp_nothing"}},
		{exitCursorFile, "5 the cursor", append(ok, "--cursor", filepath.Join(dir, "no", "dir", "cursor"))},
		{exitCommand, "6 the command", append(ok, "--exec", "/no/such/command")},
		{exitWebhook, "7 the webhook", append(ok, "--webhook", "http://127.0.0.1:1/", "--webhook-secret", "nonsense")},
	} {
		p := command(t, filepath.Join(dir, "log"), append([]string{"listen"}, c.args...)...)
		p.begin(func() {})
		if code := p.end(30 * time.Second); code != c.code {
			t.Errorf("%v: exit code %d, want %d", c.args, code, c.code)
		}
		if !strings.Contains(strings.Join(strings.Fields(help.String()), " "), c.says) {
			t.Errorf("the help does not say %q:\n%s", c.says, help.String())
		}
	}
}
