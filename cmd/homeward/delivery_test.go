package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"homeward/alerts"
	"homeward/realtime/mail"
)

// fastClock is a clock on which time passes faster than it does.
func fastClock(times int) func() time.Time {
	start := time.Now()
	return func() time.Time { return start.Add(time.Since(start) * time.Duration(times)) }
}

// postbox takes e-mails instead of a server.
type postbox struct {
	mu   sync.Mutex
	all  []mail.Message
	came chan struct{}
}

func newPostbox() *postbox { return &postbox{came: make(chan struct{}, 1000)} }

func (p *postbox) Send(_ context.Context, m mail.Message) error {
	p.mu.Lock()
	p.all = append(p.all, m)
	p.mu.Unlock()
	p.came <- struct{}{}
	return nil
}

func (p *postbox) messages() []mail.Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.all)
}

// hook is a partner's program that takes webhooks, as a partner would write it:
// it checks the signature, knows a message by its id, and applies what comes in
// the order in which it comes.
type hook struct {
	*httptest.Server
	t testing.TB

	mu     sync.Mutex
	secret string
	// ids are messages taken, with how often each came; state is what the
	// program holds per alert: a revision, or 0 after an end.
	ids    map[string]int
	state  map[string]int
	about  map[string]string // the alert, by message
	newest map[string]int64  // when the newest message about an alert was sent
	bodies [][]byte
	came   chan struct{}
}

func newHook(t testing.TB) *hook {
	h := &hook{t: t, ids: map[string]int{}, state: map[string]int{}, about: map[string]string{}, newest: map[string]int64{}, came: make(chan struct{}, 10000)}
	h.listen(h)
	return h
}

// listen lets a handler take what comes.
func (h *hook) listen(with http.Handler) {
	h.Server = httptest.NewServer(with)
	h.t.Cleanup(h.Close)
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.serve(w, r, false, false) }

// serve takes a message, unless the line breaks before; or it breaks after,
// before the other side has been answered.
func (h *hook) serve(w http.ResponseWriter, r *http.Request, before, after bool) {
	if before {
		hangUp(w)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	h.mu.Lock()
	verifier, err := standard.NewWebhook(h.secret)
	if err == nil {
		err = verifier.VerifyIgnoringTimestamp(body, r.Header) // the test's clock runs fast
	}
	if err != nil {
		h.mu.Unlock()
		h.t.Errorf("a message was not signed as it should be: %v", err)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	h.take(r.Header, body)
	h.mu.Unlock()
	h.came <- struct{}{}
	if after {
		hangUp(w)
	}
}

// take keeps what a message says unless it is known already, or a newer one about
// the same alert has come before it.
func (h *hook) take(header http.Header, body []byte) {
	id := header.Get("webhook-id")
	h.ids[id]++
	if h.ids[id] > 1 {
		return
	}
	h.bodies = append(h.bodies, body)
	var f struct {
		Type    string `json:"type"`
		AlertID string `json:"alert_id"`
		Alert   struct {
			ID       string `json:"id"`
			Revision int    `json:"revision"`
		} `json:"alert"`
	}
	if err := json.Unmarshal(body, &f); err != nil {
		h.t.Errorf("a message is no frame: %v", err)
	}
	about, revision := f.AlertID, 0
	if f.Type == "alert" {
		about, revision = f.Alert.ID, f.Alert.Revision
	}
	at, err := strconv.ParseInt(header.Get("webhook-timestamp"), 10, 64)
	if err != nil {
		h.t.Errorf("a message says not when it was sent: %v", err)
	}
	h.about[id] = about
	if at < h.newest[about] || at == h.newest[about] && revision > 0 && revision < max(h.state[about], 1) {
		return
	}
	h.newest[about], h.state[about] = at, revision
}

func (h *hook) holds(alert string) (int, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	n, ok := h.state[alert]
	return n, ok
}

// last is the newest message.
func (h *hook) last() []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.bodies[len(h.bodies)-1]
}

// hangUp ends a connection without an answer.
func hangUp(w http.ResponseWriter) {
	if c, _, err := w.(http.Hijacker).Hijack(); err == nil {
		_ = c.Close()
	}
}

// waitFor waits until something holds, looking whenever told, for a minute.
func waitFor(t testing.TB, what string, look <-chan struct{}, holds func() bool) {
	t.Helper()
	deadline, beat := time.After(time.Minute), time.NewTicker(100*time.Millisecond)
	defer beat.Stop()
	for !holds() {
		select {
		case <-look:
		case <-beat.C:
		case <-deadline:
			t.Fatalf("waited a minute for: %s", what)
		}
	}
}

// hooked gives a partner a webhook.
func (n *node) hooked(partner string, h *hook) {
	n.tb.Helper()
	made := n.must("POST", "/partners/"+partner+"/webhook", n.as("duty", alerts.RoleDutyOfficer), object{"url": h.URL})
	h.mu.Lock()
	defer h.mu.Unlock()
	h.secret = made["secret"].(string)
}

// line is the ledger's line of a partner for an alert.
func (n *node) line(alert, partner string) object {
	n.tb.Helper()
	for _, l := range n.must("GET", "/alerts/"+alert+"/deliveries", n.as("coordinator", alerts.RoleCoordinator), nil)["items"].([]any) {
		if l := l.(object); l["partner_id"] == partner {
			return l
		}
	}
	n.tb.Fatalf("no line of partner %s", partner)
	return nil
}

// steps are a line's steps as "channel state".
func steps(line object) []string {
	var out []string
	for _, s := range line["steps"].([]any) {
		out = append(out, s.(object)["channel"].(string)+" "+s.(object)["state"].(string))
	}
	return out
}

func TestWebhookCarriesAlertAndEnd(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, a, _ *node) {
		h := newHook(t)
		partner, _ := a.partner("RS")
		a.hooked(partner, h)
		// The test button reports what the other side said.
		res := a.must("POST", "/partners/"+partner+"/tests", a.as("duty", alerts.RoleDutyOfficer), object{"channel": "webhook"})
		if res["ok"] != true || res["said"] != "HTTP 200" {
			t.Errorf("test %v", res)
		}
		caseID, _ := a.openCase()
		id, hash := a.draft(caseID)
		a.release(id, hash)
		waitFor(t, "the alert", h.came, func() bool { n, ok := h.holds(id); return ok && n == 1 })
		waitFor(t, "the ledger", nil, func() bool { return a.line(id, partner)["state"] == "received" })
		if !bytes.Contains(h.last(), []byte("An invented boy of 11.")) {
			t.Error("the message is not the alert's frame")
		}
		a.must("POST", "/alerts/"+id+"/cancel", a.as("coordinator", alerts.RoleCoordinator), object{"reason": "found"})
		waitFor(t, "the end", h.came, func() bool { n, ok := h.holds(id); return ok && n == 0 })
		if last := h.last(); bytes.Contains(last, []byte("invented")) || !bytes.Contains(last, []byte(`"cancelled"`)) {
			t.Errorf("the withdrawal is %s", last)
		}
		waitFor(t, "the ledger of the end", nil, func() bool {
			places := a.line(id, partner)["places"].([]any)
			return len(places) == 1 && places[0].(object)["withdrawn"] != nil
		})
		h.mu.Lock()
		defer h.mu.Unlock()
		for message, times := range h.ids {
			if times != 1 {
				t.Errorf("%s came %d times", message, times)
			}
		}
	})
}

// TestStepsFireOnceOnEveryNodeAndAfterDowntime lets an alert go unanswered while
// two nodes look, and while none runs.
func TestStepsFireOnceOnEveryNodeAndAfterDowntime(t *testing.T) {
	t.Parallel()
	run := func(t *testing.T, store string, nodes int) {
		dir, now, post := t.TempDir(), fastClock(240), newPostbox()
		if store == "" {
			store = dir + "/data"
		}
		up := func(accounts map[string]string, admin string) []*node {
			var out []*node
			for range nodes {
				n := startNodeAt(t, store, dir, now, post)
				if admin != "" {
					n.accounts, n.admin = accounts, admin
				}
				admin, accounts = n.admin, n.accounts
				out = append(out, n)
			}
			return out
		}
		all := up(nil, "")
		n := all[0]
		partner, _ := n.partner("RS")
		p := n.must("GET", "/partners/"+partner, n.as("coordinator", alerts.RoleCoordinator), nil)
		status, body, _ := n.patch("/partners/"+partner, n.as("coordinator", alerts.RoleCoordinator), int(p["version"].(float64)), object{
			"people": []object{{"name": "Izmišljena Osoba", "email": "osoba@example.org", "phone": "+381 11 000 0003", "languages": []string{"sr-Latn"}}},
		})
		if status != 200 {
			t.Fatalf("people: %d %s", status, body)
		}
		caseID, _ := n.openCase()
		id, hash := n.draft(caseID)
		n.release(id, hash)
		waitFor(t, "the e-mail", post.came, func() bool { return len(post.messages()) == 1 })
		for _, one := range all {
			if err := one.stop(); err != nil {
				t.Fatal(err)
			}
		}
		downUntil := now().Add(25 * time.Minute)
		waitFor(t, "the downtime to pass", nil, func() bool { return now().After(downUntil) })
		all = up(n.accounts, n.admin)
		n = all[0]
		want := []string{"email sent", "call open", "coordinator open"}
		waitFor(t, "the steps that fell due", nil, func() bool { return len(steps(n.line(id, partner))) >= len(want) })
		settled := now().Add(30 * time.Minute)
		waitFor(t, "nothing more to come", nil, func() bool { return now().After(settled) })
		for _, one := range all {
			if got := steps(one.line(id, partner)); !slices.Equal(got, want) {
				t.Errorf("steps %v, want %v", got, want)
			}
		}
		if got := post.messages(); len(got) != 1 {
			t.Errorf("%d e-mails", len(got))
		}
	}
	t.Run("bbolt", func(t *testing.T) { t.Parallel(); run(t, "", 1) })
	if uri := mongoForTest(t); uri != "" {
		t.Run("MongoDB pair", func(t *testing.T) { t.Parallel(); run(t, uri, 2) })
	}
}

// patch is do for a change of a version.
func (n *node) patch(path, token string, version int, body any) (int, []byte, http.Header) {
	n.tb.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		n.tb.Fatal(err)
	}
	q, err := http.NewRequestWithContext(context.Background(), "PATCH", n.address+"/api/v1"+path, bytes.NewReader(b))
	if err != nil {
		n.tb.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Authorization", "Bearer "+token)
	q.Header.Set("If-Match", fmt.Sprintf("%q", fmt.Sprint(version)))
	answer, err := n.client.Do(q)
	if err != nil {
		n.tb.Fatal(err)
	}
	defer answer.Body.Close()
	out, err := io.ReadAll(answer.Body)
	if err != nil {
		n.tb.Fatal(err)
	}
	return answer.StatusCode, out, answer.Header
}

// TestEMailLinkOpensOnce follows the link of an e-mail as a person would.
func TestEMailLinkOpensOnce(t *testing.T) {
	t.Parallel()
	dir, post := t.TempDir(), newPostbox()
	n := startNodeAt(t, dir+"/data", dir, fastClock(60), post)
	partner, _ := n.partner("RS")
	p := n.must("GET", "/partners/"+partner, n.as("coordinator", alerts.RoleCoordinator), nil)
	n.patch("/partners/"+partner, n.as("coordinator", alerts.RoleCoordinator), int(p["version"].(float64)), object{
		"people": []object{{"name": "Izmišljena Osoba", "email": "osoba@example.org", "languages": []string{"sr-Latn"}}},
	})
	caseID, _ := n.openCase()
	id, hash := n.draft(caseID)
	n.release(id, hash)
	waitFor(t, "the e-mail", post.came, func() bool { return len(post.messages()) == 1 })
	m := post.messages()[0]
	for _, never := range []string{"Zvezdan", "Izmišljenović", "boy", "pijace", "Missing child", id} {
		if strings.Contains(m.Subject+m.Text, never) {
			t.Errorf("the e-mail says %q", never)
		}
	}
	if !strings.Contains(m.Subject, "Srbija") || m.Language != "sr-Latn" || m.To != "osoba@example.org" {
		t.Errorf("the e-mail is %+v", m)
	}
	link := regexp.MustCompile(`http://127\.0\.0\.1:\d+/partner/link#(\S+)`).FindStringSubmatch(m.Text)
	if link == nil {
		t.Fatalf("no link in %q", m.Text)
	}
	page := &plainVisitor{n: n, jar: map[string]string{}}
	if status, _ := page.get("/partner/link"); status != 200 {
		t.Errorf("the link's page: %d", status)
	}
	if status, _ := page.post("/partner/link", "code=no"); status != 422 {
		t.Errorf("a wrong code: %d", status)
	}
	if status, _ := page.post("/partner/link", "code="+link[1]); status != 303 {
		t.Fatalf("the code: %d", status)
	}
	status, body := page.get("/partner/link/alert")
	if status != 200 || !strings.Contains(body, "An invented boy of 11.") {
		t.Errorf("the alert: %d", status)
	}
	line := n.line(id, partner)
	if line["state"] != "opened" || line["channel"] != "email" {
		t.Errorf("the ledger: %v %v", line["state"], line["channel"])
	}
	if got := steps(line); got[len(got)-1] != "email opened" || line["next"] != nil {
		t.Errorf("steps %v, next %v", got, line["next"])
	}
	if status, _ := (&plainVisitor{n: n, jar: map[string]string{}}).post("/partner/link", "code="+link[1]); status != 422 {
		t.Errorf("the code a second time: %d", status)
	}
	if status, _ := (&plainVisitor{n: n, jar: map[string]string{}}).get("/partner/link/alert"); status != 422 {
		t.Errorf("without a code: %d", status)
	}
	if status, _ := page.post("/partner/link/answer", "answer=accepted"); status != 303 || n.line(id, partner)["by"] != "Izmišljena Osoba" {
		t.Errorf("the answer: %d, by %v", status, n.line(id, partner)["by"])
	}
	n.must("POST", "/alerts/"+id+"/cancel", n.as("coordinator", alerts.RoleCoordinator), object{"reason": "found"})
	if status, body := page.get("/partner/link/alert"); status != 410 || strings.Contains(body, "invented") {
		t.Errorf("after the recall: %d", status)
	}
	waitFor(t, "the withdrawal's e-mail", post.came, func() bool { return len(post.messages()) == 2 })
	if status, _ := page.post("/partner/link/removed", ""); status != 303 || n.line(id, partner)["state"] != "removed" {
		t.Errorf("removed: %d", status)
	}
}

// plainVisitor is a browser without script.
type plainVisitor struct {
	n   *node
	jar map[string]string
}

func (v *plainVisitor) get(path string) (int, string) { return v.do("GET", path, "") }

func (v *plainVisitor) post(path, form string) (int, string) { return v.do("POST", path, form) }

func (v *plainVisitor) do(method, path, form string) (int, string) {
	v.n.tb.Helper()
	q, err := http.NewRequestWithContext(context.Background(), method, v.n.address+path, strings.NewReader(form))
	if err != nil {
		v.n.tb.Fatal(err)
	}
	if method == "POST" {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range v.jar {
		q.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	answer, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(q)
	if err != nil {
		v.n.tb.Fatal(err)
	}
	defer answer.Body.Close()
	for _, c := range answer.Cookies() {
		v.jar[c.Name] = c.Value
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		v.n.tb.Fatal(err)
	}
	return answer.StatusCode, string(body)
}
