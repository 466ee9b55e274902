package realtime_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"homeward/partners"
	"homeward/realtime"
)

// frameProxy stands between a client and the server and works on whole messages:
// it repeats each one at once, and the one before it as well, and holds back what
// the client says until it is let go.
type frameProxy struct {
	*httptest.Server
	release chan struct{}
	mu      sync.Mutex
	// repeated counts the messages that were sent more often than the server did,
	// acks those of the client that reached the server.
	repeated, acks int
}

func newFrameProxy(t *testing.T, target string) *frameProxy {
	t.Helper()
	p := &frameProxy{release: make(chan struct{})}
	var upgrader websocket.Upgrader
	upgrader.Subprotocols = []string{realtime.Protocol}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		server, _, err := websocket.DefaultDialer.DialContext(q.Context(), "ws"+strings.TrimPrefix(target, "http")+q.URL.RequestURI(), http.Header{
			"Authorization": q.Header["Authorization"], "Sec-WebSocket-Protocol": {realtime.Protocol},
		})
		if err != nil {
			http.Error(w, "no", http.StatusBadGateway)
			return
		}
		defer server.Close()
		client, err := upgrader.Upgrade(w, q, nil)
		if err != nil {
			return
		}
		defer client.Close()
		go p.answers(client, server)
		p.repeat(server, client)
	}))
	t.Cleanup(p.Close)
	return p
}

// repeat carries the server's messages, each after a repetition of the two before.
func (p *frameProxy) repeat(server, client *websocket.Conn) {
	var before [][]byte
	for {
		_, m, err := server.ReadMessage()
		if err != nil {
			return
		}
		for _, one := range append([][]byte{m, m}, before...) {
			if client.WriteMessage(websocket.TextMessage, one) != nil {
				return
			}
		}
		p.mu.Lock()
		p.repeated += 1 + len(before)
		p.mu.Unlock()
		before = append(before, m)[max(0, len(before)-1):]
	}
}

// answers carries the client's messages once they are let go.
func (p *frameProxy) answers(client, server *websocket.Conn) {
	<-p.release
	for {
		kind, m, err := client.ReadMessage()
		if err != nil || server.WriteMessage(kind, m) != nil {
			return
		}
		p.mu.Lock()
		p.acks++
		p.mu.Unlock()
	}
}

// tally counts how often each alert and each end was printed, and stops at the
// last one.
type tally struct {
	times map[string]int
	last  string
	stop  context.CancelFunc
}

func (c *tally) Write(b []byte) (int, error) {
	var f frame
	if err := json.Unmarshal(bytes.TrimSpace(b), &f); err != nil {
		return 0, err
	}
	if f.Type == "alert" || f.Type == "withdrawal" {
		c.times[f.Type+" "+f.Alert.ID+f.AlertID]++
	}
	if f.Alert.ID == c.last {
		c.stop()
	}
	return len(b), nil
}

// TestARepeatedMessageIsTakenOnce puts a listener behind a proxy that repeats
// messages and stalls the way back. Each alert is handed on once, none is lost, and
// the stored cursor is not moved back. The control is a client that takes whatever
// comes: it takes alerts several times.
func TestARepeatedMessageIsTakenOnce(t *testing.T) {
	t.Parallel()
	const n = 12
	r := newRig(t)
	p := newFrameProxy(t, r.server.URL)
	for i := range n {
		r.publish(fmt.Sprintf("a%d", i), partners.KindAlert)
	}
	r.publish("a3", partners.KindWithdrawal)
	r.publish("last", partners.KindAlert)
	file := filepath.Join(t.TempDir(), "cursor")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out := &tally{times: map[string]int{}, last: "last", stop: stop}
	l := r.listener("good", file)
	l.URL, l.Out = p.URL, out
	if err := l.Run(ctx); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if id := fmt.Sprintf("a%d", i); out.times["alert "+id] != 1 && i != 3 {
			t.Errorf("%s was taken %d times", id, out.times["alert "+id])
		}
	}
	if out.times["withdrawal a3"] != 1 || out.times["alert a3"] != 0 || out.times["alert last"] != 1 {
		t.Errorf("taken: %v", out.times)
	}
	p.mu.Lock()
	repeated, acks := p.repeated, p.acks
	p.mu.Unlock()
	close(p.release) // only now may answers pass
	if repeated < n || acks != 0 {
		t.Errorf("%d messages repeated, %d answers arrived: the faults were none", repeated, acks)
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// Whoever goes on from what was kept is owed nothing more.
	peer := r.dial(t, "/api/v1/ws/partner", strings.TrimSpace(string(kept)))
	if hello := peer.next(); hello.Type != "hello" {
		t.Fatalf("%+v", hello)
	}
	r.publish("next", partners.KindAlert)
	for f := peer.next(); f.Alert.ID != "next"; f = peer.next() {
		if f.Type == "alert" {
			t.Errorf("the stored cursor was moved back: %+v", f)
		}
	}
}

func TestAClientThatTakesWhateverComesTakesItTwice(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := newFrameProxy(t, r.server.URL)
	close(p.release)
	ws, _, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(p.URL, "http")+"/api/v1/ws/partner", http.Header{
		"Authorization": {"Bearer good"}, "Sec-WebSocket-Protocol": {realtime.Protocol},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	r.publish("a1", partners.KindAlert)
	r.publish("a2", partners.KindAlert)
	times := map[string]int{}
	for times["a2"] < 2 {
		var f frame
		if err := ws.ReadJSON(&f); err != nil {
			t.Fatal(err)
		}
		if f.Type == "alert" {
			times[f.Alert.ID]++
		}
	}
	if times["a1"] < 2 {
		t.Errorf("taken %v: the proxy repeats nothing", times)
	}
}
