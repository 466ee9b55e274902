package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"homeward/alerts"
)

// halfSent is a write of which the server has the first half.
type halfSent struct {
	conn net.Conn
	rest string
}

func (in *installation) sendHalf(t *testing.T, token, mark string) *halfSent {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(in.address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	body := string(marked(mark))
	fmt.Fprintf(conn, "POST /api/v1/cases HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"+
		"Idempotency-Key: %s\r\nContent-Length: %d\r\n\r\n%s", token, mark, len(body), body[:len(body)/2])
	return &halfSent{conn, body[len(body)/2:]}
}

// finish sends the rest and returns the answer's status.
func (h *halfSent) finish() (int, error) {
	if _, err := fmt.Fprint(h.conn, h.rest); err != nil {
		return 0, err
	}
	answer, err := http.ReadResponse(bufio.NewReader(h.conn), nil)
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, answer.Body.Close()
}

// closing reads a connection until it ends and tells how it was closed.
func closing(ws *websocket.Conn) <-chan error {
	ended := make(chan error, 1)
	go func() {
		for {
			if _, _, err := ws.ReadMessage(); err != nil {
				ended <- err
				return
			}
		}
	}()
	return ended
}

// console connects to the desk's feed as a program does.
func (in *installation) console(t *testing.T, token string) *websocket.Conn {
	t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(in.address, "http")+"/api/v1/ws/console", http.Header{"Authorization": {"Bearer " + token}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	return ws
}

// TestFaultStopped stops the program in the middle of its work: feeds are told
// to come back, what is under way is answered or refused and never half done.
func TestFaultStopped(t *testing.T) {
	t.Parallel()
	in := install(t)
	in.start()
	token := in.as("coordinator", alerts.RoleCoordinator)
	_, key := in.partner("RS")
	c := &clients{acknowledged: map[string]string{}}
	for round := range times(1, 20) {
		feeds := []<-chan error{closing(in.connect(t, key, "").ws), closing(in.console(t, token))}
		half := in.sendHalf(t, token, fmt.Sprintf("half-%d", round))
		c.begin(in, token, fmt.Sprintf("s%d", round))
		c.await(in, 5)
		if err := in.running.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		for i, f := range feeds {
			if err := <-f; !websocket.IsCloseError(err, websocket.CloseGoingAway) {
				t.Errorf("feed %d ended with %v, want 1001", i, err)
			}
		}
		if status, err := half.finish(); status != http.StatusCreated && status != http.StatusServiceUnavailable {
			t.Errorf("a write that was under way was answered %d (%v)", status, err)
		}
		<-c.ended
		in.client.CloseIdleConnections()
		if code := in.running.end(grace + 2*time.Second); code != 0 {
			t.Fatalf("ended with %d:\n%s", code, in.running.said())
		}
		in.start()
		c.repeat(in, token)
	}
	if lost, doubled := in.compare(token, c.acknowledged); len(lost)+len(doubled) > 0 {
		t.Fatalf("%v are lost; %v are there twice", lost, doubled)
	}
	in.stop()
}

// TestASecondProcess finds that one is there already and says so.
func TestASecondProcess(t *testing.T) {
	t.Parallel()
	in := install(t)
	in.start()
	for _, command := range [][]string{{"serve", "--listen", "127.0.0.1:0"}, {"keys", "rotate"}, {"verify", "--offline"}} {
		began := time.Now()
		code, out := in.run(in.places(command...)...)
		if code != 1 || !strings.Contains(out, "Stop the other process first") || strings.Contains(out, "goroutine") {
			t.Errorf("%v beside the server ended with %d: %s", command, code, out)
		}
		t.Logf("%v refused after %s", command, time.Since(began).Round(time.Millisecond))
	}
	in.openCase()
	in.stop()
}
