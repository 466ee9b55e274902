package realtime_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
	"homeward/realtime"
)

// source is a small feed: what one partner is owed, with the journal's numbers.
type source struct {
	mu       sync.Mutex
	tip      uint64
	items    map[string]partners.Item // by alert
	removed  map[string]bool
	received map[string]int
	sent     map[string]int
	text     string // in the next frames
	acts     []string
	gone     bool
	waiting  []partners.WaitingReferral
	invited  []partners.WaitingReferral
}

func newSource() *source {
	return &source{items: map[string]partners.Item{}, removed: map[string]bool{}, received: map[string]int{}, sent: map[string]int{}}
}

func (s *source) change(alert, kind string) journal.Installed {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tip++
	it := s.items[alert]
	it.AlertID, it.Number, it.Kind, it.Revision, it.Level = alert, s.tip, kind, it.Revision+1, alerts.LevelPartner
	if kind == partners.KindWithdrawal {
		it.Reason, it.Revision = partners.ReasonCancelled, it.Revision-1
	}
	s.items[alert] = it
	p := chain(s.tip)
	return journal.Installed{Change: journal.Change{Number: p.Number, Chain: p.Chain, Lines: []journal.Line{{Key: journal.Key{Collection: "alerts", ID: alert}}}}}
}

func chain(n uint64) journal.Position {
	if n == 0 {
		return journal.Position{}
	}
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], n)
	return journal.Position{Number: n, Chain: sha256.Sum256(b[:])}
}

func (s *source) Tip() journal.Position {
	s.mu.Lock()
	defer s.mu.Unlock()
	return chain(s.tip)
}

func (s *source) At(_ context.Context, n uint64) (journal.Position, error) {
	if n > s.Tip().Number {
		return journal.Position{}, journal.ErrNotFound
	}
	return chain(n), nil
}

func (s *source) Address(context.Context, alerts.Actor) error { return nil }

func (s *source) Owed(_ string, after uint64) []partners.Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	var first, then []partners.Item
	for n := after + 1; n <= s.tip; n++ {
		for _, it := range s.items {
			if it.Number != n || s.removed[it.AlertID] {
				continue
			}
			if it.Kind == partners.KindWithdrawal {
				first = append(first, it)
			} else {
				then = append(then, it)
			}
		}
	}
	out := append(first, then...)
	low := s.tip + 1
	for i := len(out) - 1; i >= 0; i-- {
		out[i].Cursor = max(low-1, after)
		low = min(low, out[i].Number)
	}
	return out
}

// Waiting are the referrals of a test.
func (s *source) Waiting(alerts.Actor) []partners.WaitingReferral {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.waiting)
}

// Invitations are the conferences of a test.
func (s *source) Invitations(alerts.Actor) []partners.WaitingReferral {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.invited)
}

func (s *source) ConferencePage(id string) string { return "http://server/partner/conferences/" + id }

func (s *source) ReferralPage(id string) string { return "http://server/partner/referrals/" + id }

// Through hides from a key what is outside its levels.
func (s *source) Through(a alerts.Actor, it partners.Item) (partners.Item, bool) {
	return it, it.Kind != partners.KindAlert || len(a.Levels) == 0 || slices.Contains(a.Levels, it.Level)
}

func (s *source) Unconfirmed(string) []partners.Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []partners.Item
	for _, it := range s.items {
		if it.Kind == partners.KindWithdrawal && !s.removed[it.AlertID] {
			out = append(out, it)
		}
	}
	return out
}

func (s *source) Look(_, alert string) (partners.Item, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, ok := s.items[alert]
	return it, ok && !s.removed[alert]
}

func (s *source) Alert(it partners.Item) (alerts.PartnerAlert, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return alerts.PartnerAlert{ID: it.AlertID, AlertID: it.AlertID, Revision: it.Revision, Level: alerts.LevelPartner, CaseNumber: s.text}, nil
}

func (s *source) Withdrawal(string, partners.Item) (partners.Withdrawal, error) {
	return partners.Withdrawal{Sender: "test.example.org"}, nil
}

func (s *source) Sent(_, alert string, revision int, _ time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent[alert] = revision
}

func (s *source) Received(_, alert string, revision int, _ time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received[alert] = revision
}

func (s *source) Act(_ context.Context, _ alerts.Actor, what, alert string, _ partners.Act) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.items[alert]; !ok {
		return alerts.Errorf(alerts.NotFound, "There is nothing here that you can see.")
	}
	s.acts = append(s.acts, what+" "+alert)
	if what == "removed" {
		s.removed[alert] = true
	}
	return nil
}

func (s *source) MayHear(_ alerts.Actor, k journal.Key) (string, bool) {
	return "case", k.ID != "hidden"
}

func (s *source) Concerned([]journal.Installed) []string { return []string{"p1"} }

// plainTokens stands for the ring: the hub's tests are not about sealing.
type plainTokens struct{}

func (plainTokens) SealToken(b []byte) []byte { return append([]byte("sealed:"), b...) }

func (plainTokens) OpenToken(b []byte) ([]byte, error) {
	if !strings.HasPrefix(string(b), "sealed:") {
		return nil, errors.New("not ours")
	}
	return b[7:], nil
}

// rig is a hub behind a plain HTTP server.
type rig struct {
	*source
	hub    *realtime.Hub
	server *httptest.Server
	ahead  *atomic.Int64 // nanoseconds, of the node's clock
}

func (r *rig) now() time.Time { return time.Now().Add(time.Duration(r.ahead.Load())) }

func (r *rig) later(d time.Duration) { r.ahead.Add(int64(d)) }

func newRig(t *testing.T) *rig {
	t.Helper()
	return newRigOn(t, nil, "")
}

// newRigOn is newRig for a node that keeps positions at home.
func newRigOn(t *testing.T, home realtime.PositionHome, node string) *rig {
	t.Helper()
	r := &rig{source: newSource(), ahead: new(atomic.Int64)}
	r.hub = realtime.NewHub(realtime.Options{
		Partners: r.source, Console: r.source, Journal: r.source, Seal: plainTokens{},
		StillMay: func(alerts.Actor) bool { r.mu.Lock(); defer r.mu.Unlock(); return !r.gone },
		Log:      slog.New(slog.DiscardHandler), Now: r.now, Positions: home, Node: node, Shared: home != nil,
	})
	r.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.Header.Get("Authorization") != "Bearer good" {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		if status := r.hub.Check(q); status != 0 {
			http.Error(w, "no handshake", status)
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		a := alerts.Actor{Kind: alerts.KindPartner, Role: alerts.RolePartner, Partner: "p1", Session: "key"}
		if strings.HasSuffix(q.URL.Path, "console") {
			r.hub.ServeConsole(conn, q, alerts.Actor{Kind: alerts.KindPerson, Role: alerts.RoleCoordinator, Session: "s"})
			return
		}
		r.hub.ServePartner(conn, q, a)
	}))
	t.Cleanup(r.server.Close)
	return r
}

func (r *rig) publish(alert, kind string) {
	r.hub.Installed([]journal.Installed{r.change(alert, kind)})
}

type peer struct {
	t  *testing.T
	ws *websocket.Conn
}

func (r *rig) dial(t *testing.T, path, cursor string) *peer {
	t.Helper()
	address := "ws" + strings.TrimPrefix(r.server.URL, "http") + path
	if cursor != "" {
		address += "?cursor=" + cursor
	}
	ws, _, err := websocket.DefaultDialer.Dial(address, http.Header{"Authorization": {"Bearer good"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	return &peer{t, ws}
}

type frame struct {
	Type, Cursor, Code, For string
	AlertID                 string   `json:"alert_id"`
	AlertIDs                []string `json:"alert_ids"`
	Alert                   struct {
		ID       string
		Revision int
	}
	Changed    []struct{ Collection, ID string }
	ReferralID string `json:"referral_id"`
	// ConferenceID is of a conference.
	ConferenceID string `json:"conference_id"`
	Number       string
	Link         string
}

func (p *peer) next() frame {
	p.t.Helper()
	_ = p.ws.SetReadDeadline(time.Now().Add(20 * time.Second))
	_, b, err := p.ws.ReadMessage()
	if err != nil {
		p.t.Fatal(err)
	}
	var f frame
	if err := json.Unmarshal(b, &f); err != nil {
		p.t.Fatal(err)
	}
	return f
}

func (p *peer) expect(kind, alert string) frame {
	p.t.Helper()
	f := p.next()
	id := f.AlertID
	if f.Type == "alert" {
		id = f.Alert.ID
	}
	if f.Type != kind || id != alert {
		p.t.Fatalf("got %+v, want %s of %q", f, kind, alert)
	}
	return f
}

func (p *peer) send(format string, args ...any) {
	p.t.Helper()
	if err := p.ws.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, format, args...)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *peer) closed() int {
	p.t.Helper()
	_ = p.ws.SetReadDeadline(time.Now().Add(20 * time.Second))
	for {
		_, _, err := p.ws.ReadMessage()
		var c *websocket.CloseError
		if errors.As(err, &c) {
			return c.Code
		}
		if err != nil {
			p.t.Fatalf("ended without a close frame: %v", err)
		}
	}
}

func TestCatchingUpAndLiveAreOneLoop(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.publish("a", partners.KindAlert)
	p := r.dial(t, "/partner", "")
	p.expect("hello", "")
	if f := p.next(); f.Type != "resync" || len(f.AlertIDs) != 1 {
		t.Fatalf("got %+v, want resync with one alert", f)
	}
	p.expect("alert", "a")
	r.publish("b", partners.KindAlert)
	got := p.expect("alert", "b")
	r.publish("a", partners.KindAlert)
	r.publish("b", partners.KindWithdrawal)
	q := r.dial(t, "/partner", got.Cursor)
	q.expect("hello", "")
	q.expect("withdrawal", "b")
	if f := q.expect("alert", "a"); f.Alert.Revision != 2 {
		t.Fatalf("got revision %d, want the newest", f.Alert.Revision)
	}
}

// A withdrawal goes ahead of alerts with lower numbers. A client that stored
// its cursor and lost the connection right after must still get those.
func TestFrameThatGoesAheadDoesNotSkipOthers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.publish("w", partners.KindAlert)
	p := r.dial(t, "/partner", "")
	p.next()
	p.next()
	start := p.expect("alert", "w").Cursor
	p.ws.Close()
	r.publish("a", partners.KindAlert)
	r.publish("w", partners.KindWithdrawal)
	p = r.dial(t, "/partner", start)
	p.next()
	ahead := p.expect("withdrawal", "w").Cursor
	p.ws.Close()
	p = r.dial(t, "/partner", ahead)
	p.next()
	p.expect("withdrawal", "w")
	p.expect("alert", "a")
}

func TestCursorOfAnotherHistoryMeansResync(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.publish("a", partners.KindAlert)
	for _, cursor := range []string{"garbage", "c2VhbGVkOgAAAAAAAAAJAAAAAAAAAAA", "c2VhbGVkOgAAAAAAAAABAAAAAAAAAAA"} {
		p := r.dial(t, "/partner", cursor)
		p.expect("hello", "")
		if f := p.next(); f.Type != "resync" {
			t.Fatalf("cursor %q: got %+v, want resync", cursor, f)
		}
		p.expect("alert", "a")
	}
}

func TestReceiptsAndActs(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.dial(t, "/partner", "")
	p.next()
	p.next()
	r.publish("a", partners.KindAlert)
	got := p.expect("alert", "a")
	p.send(`{"type":"received","cursor":%q}`, got.Cursor)
	p.send(`{"type":"opened","alert_id":"a","by":"Ana"}`)
	if f := p.next(); f.Type != "ok" || f.For != "opened" {
		t.Fatalf("got %+v, want ok", f)
	}
	if r.received["a"] != 1 {
		t.Fatal("the receipt before it was not noted")
	}
	p.send(`{"type":"opened","alert_id":"nothing"}`)
	if f := p.next(); f.Code != "not_found" {
		t.Fatalf("got %+v, want not_found", f)
	}
	for _, bad := range []string{`{"type":"shout"}`, `{"type":"opened","extra":1}`, `not json`, `{"type":"received","cursor":"c2VhbGVkOgAAAAAAAAAJAAAAAAAAAAA"}`} {
		p.send("%s", bad)
		if f := p.next(); f.Code != "invalid" {
			t.Fatalf("%s: got %+v, want invalid", bad, f)
		}
	}
}

func TestWithdrawalIsOwedUntilRemovalIsConfirmed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.publish("a", partners.KindAlert)
	r.publish("a", partners.KindWithdrawal)
	p := r.dial(t, "/partner", "")
	p.next()
	p.next()
	p.expect("withdrawal", "a")
	r.publish("b", partners.KindAlert)
	cursor := p.expect("alert", "b").Cursor
	p = r.dial(t, "/partner", cursor)
	p.next()
	p.expect("withdrawal", "a")
	p.send(`{"type":"removed","alert_id":"a","by":"Ana"}`)
	p.next()
	p = r.dial(t, "/partner", cursor)
	p.next()
	r.publish("c", partners.KindAlert)
	p.expect("alert", "c")
}

func TestRevocationAndStopCloseSockets(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p, c := r.dial(t, "/partner", ""), r.dial(t, "/console", "")
	p.next()
	c.next()
	r.hub.Revoked("key")
	if code := p.closed(); code != realtime.CloseKeyEnded {
		t.Fatalf("revoked key: closed with %d, want %d", code, realtime.CloseKeyEnded)
	}
	p = r.dial(t, "/partner", "")
	p.next()
	if err := r.hub.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a, b := p.closed(), c.closed(); a != realtime.CloseStopping || b != realtime.CloseStopping {
		t.Fatalf("stop: closed with %d and %d, want 1001", a, b)
	}
	late := r.dial(t, "/partner", "")
	if code := late.closed(); code == realtime.CloseStopping {
		t.Fatal("a stopping hub let a connection in")
	}
}

func TestWatchEndsKeysThatNoLongerHold(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.dial(t, "/partner", "")
	p.next()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go r.hub.Watch(ctx)
	r.mu.Lock()
	r.gone = true
	r.mu.Unlock()
	if code := p.closed(); code != realtime.CloseKeyEnded {
		t.Fatalf("closed with %d, want %d", code, realtime.CloseKeyEnded)
	}
}

func TestConsoleHearsIDsOfWhatItMay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.dial(t, "/console", "")
	c.expect("hello", "")
	r.publish("hidden", partners.KindAlert)
	r.publish("a", partners.KindAlert)
	f := c.next()
	if f.Type != "changed" || len(f.Changed) != 1 || f.Changed[0].ID != "a" {
		t.Fatalf("got %+v, want a only", f)
	}
}

func TestHandshakeRules(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	get := func(header http.Header) int {
		q, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, r.server.URL+"/partner", nil)
		q.Header = header
		answer, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		return answer.StatusCode
	}
	if code := get(http.Header{"Authorization": {"Bearer good"}}); code != http.StatusBadRequest {
		t.Fatalf("plain GET: %d, want 400", code)
	}
	dialer := websocket.Dialer{EnableCompression: true, Subprotocols: []string{realtime.Protocol, "bearer.x"}}
	ws, answer, err := dialer.Dial("ws"+strings.TrimPrefix(r.server.URL, "http")+"/partner", http.Header{"Authorization": {"Bearer good"}})
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	if ws.Subprotocol() != realtime.Protocol || answer.Header.Get("Sec-WebSocket-Extensions") != "" {
		t.Fatalf("answered %q with extensions %q", ws.Subprotocol(), answer.Header.Get("Sec-WebSocket-Extensions"))
	}
	// The head of a frame of 70 kB: nothing more is sent, which would cross the
	// answer and reset the connection.
	if _, err := ws.NetConn().Write([]byte{0x81, 0x80 | 127, 0, 0, 0, 0, 0, 1, 0x18, 0, 1, 2, 3, 4}); err != nil {
		t.Fatal(err)
	}
	p := &peer{t, ws}
	if code := p.closed(); code != websocket.CloseMessageTooBig {
		t.Fatalf("closed with %d, want 1009", code)
	}
}
