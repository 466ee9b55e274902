package realtime_test

import (
	"encoding/json"
	"io"
	"net"
	"strings"
	"testing"

	"homeward/partners"
)

// A frame for which there is room only in part is begun at once and finished by
// the connection's own writer: what comes after it waits, and it counts as sent
// only when all of it is.
func TestFrameThatDoesNotFitIsFinishedBeforeTheNext(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.dial(t, "/partner", "")
	p.narrow()
	p.next()
	p.next()
	large := strings.Repeat("x", tooLarge)
	r.set(large)
	r.publish("a", partners.KindAlert)
	_, body, err := p.ws.NextReader()
	if err != nil {
		t.Fatal(err)
	}
	r.mu.Lock()
	if r.sent["a"] != 0 {
		t.Error("a frame that has only been begun counts as sent")
	}
	r.mu.Unlock()
	r.set("")
	r.publish("b", partners.KindAlert)
	r.publish("c", partners.KindAlert)
	b, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Alert struct {
			ID     string
			Number string `json:"case_number"`
		}
	}
	if err := json.Unmarshal(b, &got); err != nil || got.Alert.ID != "a" || got.Alert.Number != large {
		t.Fatalf("the frame in two parts came as %d bytes, error %v", len(b), err)
	}
	p.expect("alert", "b")
	p.expect("alert", "c")
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sent["a"] != 1 {
		t.Error("the finished frame does not count as sent")
	}
}

// tooLarge is more than the sockets of a narrow peer and of the server hold.
const tooLarge = 6 << 20

// narrow keeps the peer's system from reading ahead for it.
func (p *peer) narrow() {
	p.t.Helper()
	if err := p.ws.NetConn().(*net.TCPConn).SetReadBuffer(16 << 10); err != nil {
		p.t.Fatal(err)
	}
}

func (r *rig) set(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.text = text
}

// One organisation that does not read holds up no other.
func TestSilentPeersHoldUpNobody(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for range 40 {
		p := r.dial(t, "/partner", "")
		p.narrow()
		p.next()
		p.next()
	}
	good := r.dial(t, "/partner", "")
	good.next()
	good.next()
	r.set(strings.Repeat("x", tooLarge))
	r.publish("a", partners.KindAlert)
	good.expect("alert", "a")
	r.set("")
	r.publish("b", partners.KindAlert)
	good.expect("alert", "b")
}
