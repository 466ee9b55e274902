package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"homeward/alerts"
)

// stores runs a test on the embedded store, and on MongoDB where there is one.
// a and b are the same node on the embedded store, and two nodes that share one
// database on MongoDB.
func stores(t *testing.T, test func(t *testing.T, a, b *node)) {
	t.Run("bbolt", func(t *testing.T) {
		dir := t.TempDir()
		n := startNode(t, dir+"/data", dir)
		test(t, n, n)
	})
	uri := mongoForTest(t)
	if uri == "" {
		return
	}
	t.Run("MongoDB pair", func(t *testing.T) {
		dir := t.TempDir()
		a := startNode(t, uri, dir)
		b := startNode(t, uri, dir)
		b.accounts, b.admin = a.accounts, a.admin
		test(t, a, b)
	})
}

// mongoForTest returns the address of a database of the test's own, or "" where
// there is no server.
func mongoForTest(t testing.TB) string {
	server := os.Getenv("HOMEWARD_TEST_MONGODB")
	if server == "" {
		t.Log("left out on MongoDB: set HOMEWARD_TEST_MONGODB to a mongodb:// address")
		return ""
	}
	var b [6]byte
	_, _ = rand.Read(b[:])
	return strings.TrimSuffix(server, "/") + "/homeward_test_" + hex.EncodeToString(b[:])
}

// socket is a partner's connection.
type socket struct {
	t  *testing.T
	ws *websocket.Conn
}

func (n *node) connect(t *testing.T, key, cursor string) *socket {
	t.Helper()
	address := "ws" + strings.TrimPrefix(n.address, "http") + "/api/v1/ws/partner"
	if cursor != "" {
		address += "?cursor=" + cursor
	}
	ws, answer, err := websocket.DefaultDialer.Dial(address, http.Header{"Authorization": {"Bearer " + key}})
	if err != nil {
		t.Fatal(err, answer)
	}
	t.Cleanup(func() { ws.Close() })
	return &socket{t, ws}
}

// next returns the next frame that is not a heartbeat.
func (s *socket) next(kind string) object {
	s.t.Helper()
	for {
		_ = s.ws.SetReadDeadline(time.Now().Add(30 * time.Second))
		_, b, err := s.ws.ReadMessage()
		if err != nil {
			s.t.Fatalf("waiting for %s: %v", kind, err)
		}
		f := object{}
		if err := json.Unmarshal(b, &f); err != nil {
			s.t.Fatal(err)
		}
		if f["type"] == "heartbeat" {
			continue
		}
		if f["type"] != kind {
			s.t.Fatalf("got %s, want %s", b, kind)
		}
		return f
	}
}

func (s *socket) send(v object) {
	s.t.Helper()
	if err := s.ws.WriteJSON(v); err != nil {
		s.t.Fatal(err)
	}
}

// until asks again until the answer is as wanted; it is for what one node
// learns from another, and for receipts, which are gathered.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(30 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline.C:
			t.Fatalf("still not: %s", what)
		case <-tick.C:
		}
	}
}

// delivery returns the ledger's row of a partner.
func (n *node) delivery(alertID, partnerID string) object {
	n.tb.Helper()
	list := n.must("GET", "/alerts/"+alertID+"/deliveries", n.as("coordinator", alerts.RoleCoordinator), nil)
	for _, it := range list["items"].([]any) {
		if row := it.(object); row["partner_id"] == partnerID {
			return row
		}
	}
	return object{}
}

// TestKeyIsGoodEverywhereAtOnce uses keys on one node that another one has just
// made, as programs behind a load balancer do.
func TestKeyIsGoodEverywhereAtOnce(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, a, b *node) {
		for range 5 {
			_, key := a.partner("RS")
			if status, body, _ := b.do("GET", "/api/v1/partner/alerts", key, nil); status != http.StatusOK {
				t.Fatalf("a new key: %d %s", status, body)
			}
			_, key = a.partner("RS")
			p := b.connect(t, key, "")
			p.next("hello")
		}
		if status, _, _ := b.do("GET", "/api/v1/partner/alerts", "hwp_unknown", nil); status != http.StatusUnauthorized {
			t.Fatalf("an unknown key: %d", status)
		}
	})
}

// TestMainJob plays the main job through the API and the feed: writes go to one
// node, the partner is connected to the other.
func TestMainJob(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, a, b *node) {
		coordinator := a.as("coordinator", alerts.RoleCoordinator)
		partnerID, key := a.partner("RS")
		farID, _ := a.partner("PT")
		caseID, number := a.openCase()
		until(t, "the other node has the partner", func() bool {
			status, _, _ := b.do("GET", "/api/v1/partners/"+partnerID, b.as("coordinator", alerts.RoleCoordinator), nil)
			return status == http.StatusOK
		})
		p := b.connect(t, key, "")
		p.next("hello")
		p.next("resync")
		until(t, "the other node knows that the partner is connected", func() bool {
			all, err := a.w.hub.Connected(t.Context())
			return err == nil && all[partnerID] && !all[farID]
		})

		tip := reportSighting(t, b, number)
		// The case is not public, so the report is taken and lands unlinked:
		// nobody outside learns that the number is known.
		if n := sightings(a, caseID); n != 0 {
			t.Fatalf("%d sightings on a case that is not public", n)
		}
		a.must("POST", "/sightings", coordinator, object{
			"case_number": number, "observed_at": a.w.now().Add(-time.Hour), "accuracy_m": 50,
			"place": object{"type": "Point", "coordinates": []float64{20.46, 44.81}}, "text": "Seen by a shop.",
		})
		until(t, "the sighting is on the case", func() bool { return sightings(b, caseID) == 1 })

		id, hash := a.draft(caseID)
		if status, body, _ := a.do("POST", "/api/v1/alerts/"+id+"/release", coordinator, object{"content_hash": hash}); status != http.StatusForbidden && status != http.StatusConflict {
			t.Fatalf("the author released their own alert: %d %s", status, body)
		}
		audience := a.must("GET", "/alerts/"+id+"/audience", coordinator, nil)
		if text, _ := json.Marshal(audience); !bytes.Contains(text, []byte(partnerID)) || bytes.Contains(includedOnly(audience), []byte(farID)) {
			t.Fatalf("audience: %s", text)
		}
		a.release(id, hash)
		got := p.next("alert")
		if text, _ := json.Marshal(got); bytes.Contains(text, []byte("Zvezdan")) {
			t.Fatalf("the frame names the child: %s", text)
		}
		p.send(object{"type": "received", "cursor": got["cursor"]})
		until(t, "receipt in the ledger", func() bool { return a.delivery(id, partnerID)["state"] == "received" })
		p.send(object{"type": "opened", "alert_id": id, "by": "Ana"})
		p.next("ok")
		p.send(object{"type": "answer", "alert_id": id, "answer": "accepted", "by": "Ana"})
		p.next("ok")
		until(t, "answer in the ledger", func() bool { return a.delivery(id, partnerID)["state"] == "accepted" })

		matter(t, a, caseID)

		a.must("POST", "/cases/"+caseID+"/close", coordinator, object{"outcome": "found_safe", "at": a.w.now(), "note": "Invented."})
		gone := p.next("withdrawal")
		if gone["alert_id"] != id || gone["reason"] != "cancelled" {
			t.Fatalf("withdrawal: %v", gone)
		}
		p.send(object{"type": "removed", "alert_id": id, "by": "Ana"})
		p.next("ok")
		until(t, "removal in the ledger", func() bool { return a.delivery(id, partnerID)["state"] == "removed" })
		until(t, "CAP is gone on the other node", func() bool {
			status, _, _ := b.do("GET", "/api/v1/alerts/"+id+"/cap.xml", key, nil)
			return status == http.StatusGone
		})
		status, tile, _ := a.do("GET", "/api/v1/tiles/sightings/0/0/0.mvt?case="+caseID, coordinator, nil)
		if status >= 300 || len(tile) > 0 {
			t.Fatalf("tile of a found child's case: %d, %d bytes", status, len(tile))
		}
		follow := a.must("POST", "/public/follow", "", object{"code": tip})
		if text, _ := json.Marshal(follow); bytes.Contains(text, []byte("found")) {
			t.Fatalf("a tipster learns the outcome: %s", text)
		}
	})
}

func includedOnly(audience object) []byte {
	b, _ := json.Marshal(audience["items"])
	return b
}

func reportSighting(t *testing.T, n *node, number string) (code string) {
	t.Helper()
	made := n.must("POST", "/public/sightings", "", object{
		"case_number": number, "observed_at": n.w.now().Add(-time.Hour), "precision_min": 15, "accuracy_m": 100,
		"place": object{"type": "Point", "coordinates": []float64{20.45, 44.80}}, "text": "A boy alone at the bus stop.",
	})
	return made["code"].(string)
}

func sightings(n *node, caseID string) int {
	list := n.must("GET", "/sightings?case="+caseID, n.as("coordinator", alerts.RoleCoordinator), nil)
	features, _ := list["features"].([]any)
	return len(features)
}

// matter plays the abduction side: clocks, a contact with a promise, overdue.
func matter(t *testing.T, n *node, caseID string) {
	t.Helper()
	coordinator := n.as("coordinator", alerts.RoleCoordinator)
	institution := n.must("POST", "/institutions", coordinator, object{
		"name": "Invented ministry", "kind": "central_authority", "country": "RS", "roles": []string{"hague1980"},
	})
	m := n.must("POST", "/cases/"+caseID+"/abduction", coordinator, object{
		"kind": "removal", "wrongful_date": n.w.now().AddDate(0, -2, 0).Format("2006-01-02"), "from_state": "RS", "to_state": "HU",
	})
	id := m["id"].(string)
	clocks, _ := json.Marshal(n.must("GET", "/abductions/"+id+"/clocks", coordinator, nil))
	for _, part := range []string{"one_year", "sixteenth_birthday", "source", "days_left"} {
		if !strings.Contains(string(clocks), part) {
			t.Fatalf("clocks without %s: %s", part, clocks)
		}
	}
	n.must("POST", "/abductions/"+id+"/contacts", coordinator, object{
		"institution_id": institution["id"], "direction": "out", "channel": "phone", "at": n.w.now().AddDate(0, 0, -10),
		"person": "Invented officer", "request": "Send the application on.", "promised_date": n.w.now().AddDate(0, 0, -3).Format("2006-01-02"),
	})
	deadlines, _ := json.Marshal(n.must("GET", "/deadlines", coordinator, nil))
	if !strings.Contains(string(deadlines), "overdue") || !strings.Contains(string(deadlines), id) {
		t.Fatalf("a promise that was not kept is not overdue: %s", deadlines)
	}
	n.must("POST", "/abductions/"+id+"/contacts/1/answer", coordinator, object{"at": n.w.now(), "text": "Sent.", "satisfied": "yes"})
}

// TestOrderAcrossNodes releases many alerts on one node; a partner on the other
// gets each once, in order, also when it loses the connection in between.
func TestOrderAcrossNodes(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, a, b *node) {
		_, key := a.partner("RS")
		caseID, _ := a.openCase()
		until(t, "the other node knows the key", func() bool {
			status, _, _ := b.do("GET", "/api/v1/partner/alerts", key, nil)
			return status == http.StatusOK
		})
		p := b.connect(t, key, "")
		p.next("hello")
		p.next("resync")
		var released []string
		for range 12 {
			id, hash := a.draft(caseID)
			a.release(id, hash)
			released = append(released, id)
		}
		for i, want := range released {
			got := p.next("alert")
			if id := got["alert"].(object)["id"]; id != want {
				t.Fatalf("frame %d is of %v, want %s", i, id, want)
			}
			if i%4 == 3 {
				p.ws.Close()
				p = b.connect(t, key, got["cursor"].(string))
				p.next("hello")
			}
		}
	})
}

// TestVerifyAfterTheMainJob proves a store that has been worked on, and finds
// what somebody changed behind its back.
func TestVerifyAfterTheMainJob(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, a, _ *node) {
		caseID, _ := a.openCase()
		id, hash := a.draft(caseID)
		a.release(id, hash)
		until(t, "everything is settled and verified", func() bool {
			var out bytes.Buffer
			return verify(t.Context(), a.w.store, nil, &out) == nil && strings.Contains(out.String(), "documents")
		})
	})
}
