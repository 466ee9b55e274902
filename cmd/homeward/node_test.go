package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

// node is one running Homeward, as the program starts it, on a port of its own.
type node struct {
	tb      testing.TB
	w       *world
	address string
	admin   string // an administrator's token
	stop    func() error
	client  *http.Client
	// accounts are tokens by name, made when first asked for.
	accounts map[string]string
	n        int
}

// startNode starts a node on a store, a directory or a mongodb:// address, with
// keys in dir. Nodes on one database share dir.
func startNode(tb testing.TB, store, dir string) *node {
	tb.Helper()
	return startNodeAt(tb, store, dir, timeNow, nil)
}

// startNodeAt is startNode with a clock and a mail server of the test's own, and
// with what it changes before anything is served.
func startNodeAt(tb testing.TB, store, dir string, now func() time.Time, post mailer, change ...func(*world)) *node {
	tb.Helper()
	s := storeFlags{Store: store, Keys: filepath.Join(dir, "keys"), State: tb.TempDir()}
	f := webFlags{Listen: "127.0.0.1:0", Name: "Test", Sender: "test.example.org", Country: []string{"RS"},
		WebhookAllow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	if err := s.settle(); err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	log := slog.New(slog.NewTextHandler(tb.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	w, err := openWorld(ctx, s, f.world(), now, log)
	if err != nil {
		tb.Fatal(err)
	}
	w.mail = post
	for _, c := range change {
		c(w)
	}
	var out bytes.Buffer
	if err := w.firstStart(ctx, &console{&out, io.Discard, log}, s.State, "http://test"); err != nil {
		tb.Fatal(err)
	}
	token, _ := os.ReadFile(filepath.Join(s.State, "admin-token"))
	n := &node{tb: tb, w: w, admin: strings.TrimSpace(string(token)), accounts: map[string]string{}}
	n.client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
	l, err := f.bind()
	if err != nil {
		tb.Fatal(err)
	}
	ready := make(chan string, 1)
	ended := make(chan error, 1)
	go func() {
		ended <- w.serve(ctx, &console{io.Discard, io.Discard, log}, f, l, nil, func(address string) { ready <- address })
	}()
	select {
	case n.address = <-ready:
	case err := <-ended:
		tb.Fatal(err)
	}
	stopped := false
	n.stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		n.client.CloseIdleConnections()
		err := <-ended
		if cerr := w.close(); err == nil {
			err = cerr
		}
		return err
	}
	tb.Cleanup(func() {
		if err := n.stop(); err != nil {
			tb.Errorf("stop: %v", err)
		}
	})
	return n
}

// do sends one API request and returns status and body.
func (n *node) do(method, path, token string, body any) (int, []byte, http.Header) {
	n.tb.Helper()
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			n.tb.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	q, err := http.NewRequestWithContext(context.Background(), method, n.address+path, r)
	if err != nil {
		n.tb.Fatal(err)
	}
	if body != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		q.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := n.client.Do(q)
	if err != nil {
		n.tb.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		n.tb.Fatal(err)
	}
	return answer.StatusCode, b, answer.Header
}

// object is a JSON object.
type object = map[string]any

// must is do for a request that has to succeed; it returns the object answered.
func (n *node) must(method, path, token string, body any) object {
	n.tb.Helper()
	status, b, _ := n.do(method, "/api/v1"+path, token, body)
	if status < 200 || status > 299 {
		n.tb.Fatalf("%s %s: %d %s", method, path, status, b)
	}
	out := object{}
	if len(bytes.TrimSpace(b)) > 0 {
		if err := json.Unmarshal(b, &out); err != nil {
			n.tb.Fatalf("%s %s: %v: %s", method, path, err, b)
		}
	}
	return out
}

// as returns the token of a service account with this role, by a name, so that
// a scenario can have two coordinators.
func (n *node) as(name string, role alerts.Role) string {
	n.tb.Helper()
	if t, ok := n.accounts[name]; ok {
		return t
	}
	acc := n.must("POST", "/accounts", n.admin, object{"kind": "service", "role": role, "name": name})
	made := n.must("POST", "/accounts/"+acc["id"].(string)+"/tokens", n.admin, object{"name": "test"})
	n.accounts[name] = made["token"].(string)
	return n.accounts[name]
}

// partner makes an approved organisation that covers a country, and returns its
// id and a key.
func (n *node) partner(region string) (id, key string) {
	n.tb.Helper()
	n.n++
	duty := n.as("duty", alerts.RoleDutyOfficer)
	p := n.must("POST", "/partners", n.as("coordinator", alerts.RoleCoordinator), object{
		"name": fmt.Sprintf("Invented organisation %d", n.n), "coverage": object{"regions": []string{region}}, "languages": []string{"en"},
		"agreement": object{"reference": "A-1", "valid_until": n.w.now().AddDate(1, 0, 0)},
	})
	id = p["id"].(string)
	n.must("POST", "/partners/"+id+"/approve", duty, nil)
	made := n.must("POST", "/partners/"+id+"/tokens", duty, object{
		"name": "test", "levels": []string{"partner", "public_appeal"}, "expires_at": n.w.now().AddDate(0, 2, 0),
	})
	return id, made["token"].(string)
}

// openCase opens an invented case and returns its id and number.
func (n *node) openCase() (id, number string) {
	n.tb.Helper()
	c := n.must("POST", "/cases", n.as("coordinator", alerts.RoleCoordinator), object{
		"category": "lost_otherwise",
		"children": []object{{
			"names": []object{{"given": "Zvezdan", "family": "Izmišljenović", "kind": "birth", "script": "Latn"}},
			"sex":   "male", "birth_date": "2015-03-04",
		}},
		"last_seen": object{
			"at": n.w.now().Add(-3 * time.Hour), "precision_min": 30, "accuracy_m": 200, "label": "kod pijace",
			"place": object{"type": "Point", "coordinates": []float64{20.46, 44.81}},
		},
		"circumstances": "Invented.",
		"police":        object{"reported_at": n.w.now().Add(-2 * time.Hour), "unit": "PS Izmišljena", "reference": "000/26"},
	})
	return c["id"].(string), c["number"].(string)
}

// draft writes a partner alert for Serbia on a case and returns its id and
// content hash.
func (n *node) draft(caseID string) (id, hash string) {
	n.tb.Helper()
	a := n.must("POST", "/cases/"+caseID+"/alerts", n.as("coordinator", alerts.RoleCoordinator), object{
		"level": "partner", "severity": "severe", "expires_at": n.w.now().Add(48 * time.Hour),
		"area":  object{"regions": []string{"RS"}},
		"texts": object{"en": object{"headline": "Missing child", "description": "An invented boy of 11.", "instruction": "Call 116 000."}},
	})
	return a["id"].(string), a["content_hash"].(string)
}

func (n *node) release(id, hash string) {
	n.tb.Helper()
	n.must("POST", "/alerts/"+id+"/release", n.as("duty", alerts.RoleDutyOfficer), object{"content_hash": hash})
}
