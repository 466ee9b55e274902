package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"homeward/alerts"
)

// A report each ten milliseconds, and an open map that fetches what it shows
// again at most every half second, as the script of the map does.
const (
	reportEvery = 10 * time.Millisecond
	renewEvery  = 500 * time.Millisecond
)

// arrivals are the moments at which a client was told of ids.
type arrivals struct {
	mu   sync.Mutex
	seen map[string]time.Time
	told chan struct{} // after each frame
}

// follow reads frames until the connection ends; ids takes them apart.
func (a *arrivals) follow(ws *websocket.Conn, ids func([]byte) []string) {
	for {
		_, frame, err := ws.ReadMessage()
		if err != nil {
			return
		}
		now := time.Now()
		a.mu.Lock()
		for _, id := range ids(frame) {
			if _, twice := a.seen[id]; !twice {
				a.seen[id] = now
			}
		}
		a.mu.Unlock()
		select {
		case a.told <- struct{}{}:
		default:
		}
	}
}

func (a *arrivals) at(id string) (time.Time, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	t, ok := a.seen[id]
	return t, ok
}

// changedIDs are the ids that a frame of the console names.
func changedIDs(frame []byte) (out []string) {
	var f struct {
		Changed []struct {
			ID string `json:"id"`
		} `json:"changed"`
	}
	if json.Unmarshal(frame, &f) != nil {
		return nil
	}
	for _, c := range f.Changed {
		out = append(out, c.ID)
	}
	return out
}

func listenTo(b *testing.B, address, token string, ids func([]byte) []string) *arrivals {
	b.Helper()
	ws, _, err := websocket.DefaultDialer.Dial(address, http.Header{"Authorization": {"Bearer " + token}})
	if err != nil {
		b.Fatal(err)
	}
	a := &arrivals{seen: map[string]time.Time{}, told: make(chan struct{}, 1)}
	go a.follow(ws, ids)
	b.Cleanup(func() { _ = ws.Close() })
	return a
}

// paced sends reports at their pace and returns how long each took from the
// moment it was sent, and from the moment it was accepted, to its frame.
func paced(b *testing.B, count int, a *arrivals, send func() string) (sent, accepted []time.Duration) {
	b.Helper()
	type report struct {
		id           string
		sent, answer time.Time
	}
	reports := make([]report, count)
	var all sync.WaitGroup
	tick := time.NewTicker(reportEvery)
	defer tick.Stop()
	for i := range reports {
		<-tick.C
		all.Go(func() {
			start := time.Now()
			id := send()
			reports[i] = report{id, start, time.Now()}
		})
	}
	all.Wait()
	deadline := time.After(time.Minute)
	for _, r := range reports {
		seen, ok := a.at(r.id)
		for !ok {
			select {
			case <-a.told:
			case <-deadline:
				b.Fatalf("nobody was told of %s", r.id)
			}
			seen, ok = a.at(r.id)
		}
		sent = append(sent, seen.Sub(r.sent))
		accepted = append(accepted, max(0, seen.Sub(r.answer)))
	}
	slices.Sort(sent)
	slices.Sort(accepted)
	return sent, accepted
}

// BenchmarkLive measures how soon somebody who looks at the map is told of a
// report, at a hundred reports a second, against a bare server that answers and
// pushes without keeping anything. Run it with -benchtime 1000x.
func BenchmarkLive(b *testing.B) {
	dir := b.TempDir()
	n := startNode(b, filepath.Join(dir, "data"), dir)
	caseID, _ := n.openCase()
	token := n.as("coordinator", alerts.RoleCoordinator)
	a := listenTo(b, "ws"+strings.TrimPrefix(n.address, "http")+"/api/v1/ws/console", token, changedIDs)
	stop := n.lookAtMap(token)
	ours, after := paced(b, b.N, a, func() string {
		return n.must("POST", "/sightings", token, object{
			"case_id": caseID, "channel": "phone", "text": "Invented.", "observed_at": time.Now().Add(-time.Hour),
			"place": object{"type": "Point", "coordinates": []float64{20.45, 44.82}},
		})["id"].(string)
	})
	tiles := stop()
	bare := pacedBare(b, b.N)
	report := func(name string, took []time.Duration) {
		b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms/"+name)
		b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms/"+name)
	}
	report("sent", ours)
	report("accepted", after)
	report("bare", bare)
	b.ReportMetric(ours[len(ours)/2].Seconds()/bare[len(bare)/2].Seconds(), "ratio")
	b.ReportMetric(float64(tiles)/float64(b.N), "tiles/op")
}

// lookAtMap fetches six tiles again and again until it is stopped, and then says
// how many it had.
func (n *node) lookAtMap(token string) (stop func() int) {
	ended, done, tiles := make(chan struct{}), make(chan struct{}), 0
	go func() {
		defer close(done)
		tick := time.NewTicker(renewEvery)
		defer tick.Stop()
		for {
			select {
			case <-ended:
				return
			case <-tick.C:
			}
			for x := range 6 {
				if status, _, _ := n.do("GET", fmt.Sprintf("/api/v1/tiles/sightings/7/%d/46.mvt", 68+x), token, nil); status == http.StatusOK {
					tiles++
				}
			}
		}
	}()
	return func() int { close(ended); <-done; return tiles }
}

// pacedBare is the same pace against a server that reads, pushes and answers.
func pacedBare(b *testing.B, count int) []time.Duration {
	b.Helper()
	hub := &bareHub{}
	var mu sync.Mutex
	next := 0
	mux := http.NewServeMux()
	mux.Handle("GET /", hub)
	mux.HandleFunc("POST /", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		mu.Lock()
		next++
		id := fmt.Sprint(next)
		mu.Unlock()
		hub.push([]byte(id))
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, id)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	a := listenTo(b, "ws"+strings.TrimPrefix(server.URL, "http")+"/", "none", func(frame []byte) []string { return []string{string(frame)} })
	until(b, "the bare hub has its client", func() bool { return hub.open() == 1 })
	sent, _ := paced(b, count, a, func() string {
		answer, err := http.Post(server.URL+"/", "application/json", strings.NewReader(strings.Repeat("x", 200)))
		if err != nil {
			b.Error(err)
			return ""
		}
		defer answer.Body.Close()
		id, _ := io.ReadAll(answer.Body)
		return string(id)
	})
	return sent
}
