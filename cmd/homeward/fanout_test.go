package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"homeward/alerts"
)

// bareHub is what fan-out is measured against: gorilla connections, each with a
// reader and a writer, that push one prepared message.
type bareHub struct {
	mu    sync.Mutex
	conns []chan *websocket.PreparedMessage
	// running are the connections that have not been closed.
	running sync.WaitGroup
}

func (h *bareHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{WriteBufferPool: &sync.Pool{}, ReadBufferSize: 1024}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	out := make(chan *websocket.PreparedMessage, 4)
	h.mu.Lock()
	h.conns = append(h.conns, out)
	h.running.Add(1)
	h.mu.Unlock()
	defer h.running.Done()
	defer ws.Close()
	defer close(out)
	go func() {
		for m := range out {
			_ = ws.SetWriteDeadline(time.Now().Add(10 * time.Second))
			if ws.WritePreparedMessage(m) != nil {
				return
			}
		}
	}()
	for {
		if _, _, err := ws.NextReader(); err != nil {
			return
		}
	}
}

func (h *bareHub) open() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.conns)
}

func (h *bareHub) push(b []byte) {
	m, _ := websocket.NewPreparedMessage(websocket.TextMessage, b)
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.conns {
		c <- m
	}
}

// crowd is a set of connected clients that count the frames they get.
type crowd struct {
	conns []*websocket.Conn
	got   atomic.Int64
	want  atomic.Int64
	done  chan struct{}
	size  atomic.Int64
}

// connectAll connects clients and returns when each has had its greeting.
func connectAll(b *testing.B, address string, tokens []string, greetings int, counts func([]byte) bool) *crowd {
	b.Helper()
	c := &crowd{done: make(chan struct{}, 1)}
	var joined sync.WaitGroup
	var mu sync.Mutex
	slots := make(chan struct{}, 64)
	for i, token := range tokens {
		joined.Add(1)
		slots <- struct{}{}
		go func() {
			header := http.Header{"Authorization": {"Bearer " + token}}
			d := websocket.Dialer{ReadBufferSize: 1024, WriteBufferSize: 256, HandshakeTimeout: time.Minute}
			// From several addresses, because the server bounds what one may open.
			from := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(1+i%8))}}
			d.NetDialContext = from.DialContext
			ws, _, err := d.Dial(address, header)
			<-slots
			if err != nil {
				b.Error(err)
				joined.Done()
				return
			}
			mu.Lock()
			c.conns = append(c.conns, ws)
			mu.Unlock()
			for range greetings {
				if _, _, err := ws.ReadMessage(); err != nil {
					b.Error(err)
				}
			}
			joined.Done()
			for {
				_, frame, err := ws.ReadMessage()
				if err != nil {
					return
				}
				if !counts(frame) {
					continue
				}
				c.size.Store(int64(len(frame)))
				if c.got.Add(1) == c.want.Load() {
					c.done <- struct{}{}
				}
			}
		}()
	}
	joined.Wait()
	if b.Failed() {
		b.FailNow()
	}
	return c
}

func (c *crowd) expect(n int) { c.want.Store(c.got.Load() + int64(n)) }

func (c *crowd) leave() {
	for _, ws := range c.conns {
		_ = ws.Close()
	}
}

// BenchmarkFanOut measures the time from the request that releases an alert to
// the last of n connected partners, each with its own key, and from the request
// that cancels it to the last withdrawal, against the bare hub with as many
// clients in the same process: the ratios are ours over the hub's. The ledger
// is full meanwhile: what was sent is recorded, and the silence clock runs.
func BenchmarkFanOut(b *testing.B) {
	for _, n := range []int{1000, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { fanOut(b, n) })
	}
}

// The releases are measured in two parts, before and after the hub, so that what
// else the machine does meanwhile falls on both.
func fanOut(b *testing.B, n int) {
	dir := b.TempDir()
	home := startNode(b, dir+"/data", dir)
	ids, keys := home.manyPartners(n)
	rounds := max(b.N, 15) // a median of a few jumps by a tenth
	release, recall, frame := home.releases(b, ids, keys, (rounds+1)/2)
	push := pushes(b, keys, frame, rounds)
	again, back, _ := home.releases(b, ids, keys, rounds/2)
	release, recall = append(release, again...), append(recall, back...)
	b.ReportMetric(float64(median(recall).Microseconds())/1000, "ms/recall")
	b.ReportMetric(float64(median(recall))/float64(median(push)), "recall-ratio")
	b.ReportMetric(float64(median(release).Microseconds())/1000, "ms/release")
	b.ReportMetric(float64(median(push).Microseconds())/1000, "ms/bare-hub")
	b.ReportMetric(float64(median(release))/float64(median(push)), "ratio")
	b.ReportMetric(0, "ns/op")
}

// notHeartbeat keeps the frames that are measured apart from those that come
// whether or not anything happens. Clients of both sides look.
func notHeartbeat(frame []byte) bool { return !bytes.HasPrefix(frame, []byte(`{"type":"heartbeat"`)) }

// releases measures rounds of a release to all of these partners and of its
// recall, and returns the size of the frame that they got.
func (n *node) releases(b *testing.B, ids, keys []string, rounds int) (release, recall []time.Duration, frame int) {
	b.Helper()
	socket := "ws" + strings.TrimPrefix(n.address, "http") + "/api/v1/ws/partner"
	ours := connectAll(b, socket, keys, 2, notHeartbeat)
	defer func() {
		ours.leave()
		for open := 1; open > 0; open, _ = n.w.hub.Counts() {
			runtime.Gosched() // both sides at once would be too many descriptors
		}
	}()
	for range rounds {
		caseID, _ := n.openCase()
		id, hash := n.draft(caseID)
		ours.expect(len(keys))
		runtime.GC()
		start := time.Now()
		n.release(id, hash)
		<-ours.done
		release = append(release, time.Since(start))
		frame = int(ours.size.Load())
		n.receipts(id, ids)
		duty := n.as("duty", alerts.RoleDutyOfficer)
		ours.expect(len(keys))
		runtime.GC()
		start = time.Now()
		n.must("POST", "/alerts/"+id+"/cancel", duty, object{"reason": "bench"})
		<-ours.done
		recall = append(recall, time.Since(start))
	}
	return release, recall, frame
}

// pushes measures rounds of the bare hub pushing a message of this size.
func pushes(b *testing.B, keys []string, size, rounds int) (push []time.Duration) {
	b.Helper()
	hub := &bareHub{}
	server := httptest.NewServer(hub)
	defer server.Close()
	bare := connectAll(b, "ws"+strings.TrimPrefix(server.URL, "http"), keys, 0, notHeartbeat)
	defer hub.running.Wait()
	defer bare.leave()
	for hub.open() < len(keys) {
		runtime.Gosched()
	}
	message := []byte(strings.Repeat("x", size))
	for range rounds {
		bare.expect(len(keys))
		runtime.GC()
		start := time.Now()
		hub.push(message)
		<-bare.done
		push = append(push, time.Since(start))
	}
	return push
}

// receipts returns when every partner's frame stands in the ledger as sent, so
// that nothing of one release is still going on while the next is measured.
func (n *node) receipts(alertID string, partnerIDs []string) {
	n.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for _, id := range partnerIDs {
		for {
			tip := n.w.journal.Tip().Number
			if d, ok := n.w.desk.PartnerBoard().Delivery(alertID, id); ok && !d.SentAt.IsZero() {
				break
			}
			if err := n.w.journal.Wait(ctx, tip+1); err != nil {
				n.tb.Fatal(err)
			}
		}
	}
}

func median(d []time.Duration) time.Duration {
	s := append([]time.Duration(nil), d...)
	for i := range s {
		for j := i; j > 0 && s[j] < s[j-1]; j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
	return s[len(s)/2]
}

// manyPartners makes n approved organisations with a key each, through the
// desk, many at once.
func (n *node) manyPartners(count int) (ids, keys []string) {
	n.tb.Helper()
	n.as("coordinator", alerts.RoleCoordinator)
	n.as("duty", alerts.RoleDutyOfficer)
	ids, keys = make([]string, count), make([]string, count)
	var wg sync.WaitGroup
	slots := make(chan struct{}, 64)
	for i := range count {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer wg.Done()
			defer func() { <-slots }()
			ids[i], keys[i] = n.onePartner(i)
		}()
	}
	wg.Wait()
	return ids, keys
}

func (n *node) onePartner(i int) (id, key string) {
	p := n.must("POST", "/partners", n.accounts["coordinator"], object{
		"name": fmt.Sprintf("Invented organisation %d", i), "coverage": object{"regions": []string{"RS"}}, "languages": []string{"en"},
		"agreement": object{"reference": "A-1", "valid_until": n.w.now().AddDate(1, 0, 0)},
	})
	id = p["id"].(string)
	n.must("POST", "/partners/"+id+"/approve", n.accounts["duty"], nil)
	made := n.must("POST", "/partners/"+id+"/tokens", n.accounts["duty"], object{
		"name": "bench", "levels": []string{"partner"}, "expires_at": n.w.now().AddDate(0, 2, 0),
	})
	return id, made["token"].(string)
}

// BenchmarkIdleConnection measures the memory that an idle partner connection
// costs the server against one of the bare hub; clients cost the same in both,
// so it is measured as the difference of the whole process.
func BenchmarkIdleConnection(b *testing.B) {
	const n = 1000
	dir := b.TempDir()
	home := startNode(b, dir+"/data", dir)
	_, keys := home.manyPartners(n)
	ours := perConnection(b, n, func() *crowd {
		return connectAll(b, "ws"+strings.TrimPrefix(home.address, "http")+"/api/v1/ws/partner", keys, 2, func([]byte) bool { return false })
	})
	hub := &bareHub{}
	server := httptest.NewServer(hub)
	defer server.Close()
	bare := perConnection(b, n, func() *crowd {
		return connectAll(b, "ws"+strings.TrimPrefix(server.URL, "http"), keys, 0, func([]byte) bool { return false })
	})
	b.ReportMetric(ours/1024, "kB/connection")
	b.ReportMetric(bare/1024, "kB/bare-hub")
	b.ReportMetric(ours/bare, "ratio")
	b.ReportMetric(0, "ns/op")
}

// perConnection returns what n connections cost in heap and stack, less what
// their clients cost, which a pair of plain connections tells.
func perConnection(b *testing.B, n int, connect func() *crowd) float64 {
	b.Helper()
	running := runtime.NumGoroutine()
	before := inUse()
	c := connect()
	after := inUse()
	c.leave()
	for runtime.NumGoroutine() > running+n/100 {
		runtime.Gosched() // what is still open would count for whoever is measured next
	}
	return (float64(after)-float64(before))/float64(n) - clientCost
}

// clientCost is what one waiting client of connectAll costs, in bytes: two buffers
// and a goroutine. It is taken from both sides alike.
const clientCost = 6 << 10

func inUse() uint64 {
	for range 3 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}
