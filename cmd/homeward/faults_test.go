package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/realtime"
)

// reader is a partner's program on the live feed: it applies each frame and
// keeps what is live, as the reference client does.
type reader struct {
	proxy *faultProxy
	done  chan struct{}

	mu    sync.Mutex
	state map[string]int // a revision, or 0 after an end
	// frames counts the frames of alerts and withdrawals, fresh those that said
	// something new.
	frames, fresh int
	came          chan struct{}
}

func startReader(t testing.TB, seed uint64, key string) *reader {
	t.Helper()
	r := &reader{proxy: newFaultProxy(t, seed), done: make(chan struct{}), state: map[string]int{}, came: make(chan struct{}, 10000)}
	ctx, cancel := context.WithCancel(context.Background())
	l := &realtime.Listener{
		URL: r.proxy.url(), Token: key, CursorFile: filepath.Join(t.TempDir(), "cursor"), Out: r, Log: slog.New(slog.DiscardHandler),
		Pause: func(int) time.Duration { return 50 * time.Millisecond },
	}
	go func() { defer close(r.done); _ = l.Run(ctx) }()
	t.Cleanup(func() { cancel(); r.proxy.hangUp(); <-r.done })
	return r
}

// Write takes one frame, whole.
func (r *reader) Write(line []byte) (int, error) {
	var f struct {
		Type     string   `json:"type"`
		AlertID  string   `json:"alert_id"`
		AlertIDs []string `json:"alert_ids"`
		Alert    struct {
			ID       string `json:"id"`
			Revision int    `json:"revision"`
		} `json:"alert"`
	}
	if err := json.Unmarshal(bytes.TrimSpace(line), &f); err != nil {
		return 0, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	set := func(id string, revision int) {
		r.frames++
		if was, ok := r.state[id]; !ok || was != revision {
			r.fresh++
		}
		r.state[id] = revision
	}
	switch f.Type {
	case "alert":
		set(f.Alert.ID, f.Alert.Revision)
	case "withdrawal":
		set(f.AlertID, 0)
	case "resync":
		for id := range r.state {
			if !strings.Contains(strings.Join(f.AlertIDs, " "), id) {
				r.state[id] = 0
			}
		}
	}
	select {
	case r.came <- struct{}{}:
	default:
	}
	return len(line), nil
}

func (r *reader) agrees(want map[string]int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return agree(r.state, want)
}

// agree tells whether what a partner holds is what it should: every live alert
// in its newest revision, and none that has ended.
func agree(got, want map[string]int) bool {
	for id, revision := range want {
		if got[id] != revision {
			return false
		}
	}
	return true
}

// spoiled is a program that takes webhooks over a bad line. It keeps besides
// what it would hold if nothing were sent a second time, and if it did not know
// a message again by its id.
type spoiled struct {
	*hook
	dice *rand.Rand
	calm bool
	lost map[string]bool // the first attempt was spoiled
	once map[string]int  // state without second attempts
	// before and after count attempts that were spoiled before and after the
	// message was taken.
	before, after int
	// held are messages that the line took and hands on when all others have
	// come; naive is what a program would hold that believes whatever comes last.
	held  []heldMessage
	naive map[string]int
}

// heldMessage is a message that comes late.
type heldMessage struct {
	header http.Header
	body   []byte
}

func (s *spoiled) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	id := r.Header.Get("webhook-id")
	first := s.ids[id] == 0 && !s.lost[id]
	n := s.dice.IntN(10)
	if s.calm {
		n = 9
	}
	before, after := n < 3, n >= 3 && n < 5
	if n == 5 && first {
		body, _ := io.ReadAll(r.Body)
		s.held = append(s.held, heldMessage{r.Header.Clone(), body})
		s.mu.Unlock()
		return // taken, so that it is not sent again
	}
	if before {
		s.before++
		s.lost[id] = s.lost[id] || first
	} else if after {
		s.after++
	}
	s.mu.Unlock()
	s.serve(w, r, before, after)
	s.mu.Lock()
	defer s.mu.Unlock()
	if about, ok := s.about[id]; ok {
		if !s.lost[id] {
			s.once[about] = s.state[about]
		}
		s.naive[about] = s.state[about]
	}
}

// deliverHeld hands on what came late, and returns how many messages that were.
func (s *spoiled) deliverHeld() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.held {
		s.take(m.header, m.body)
		var f struct {
			Alert struct {
				ID       string
				Revision int
			}
		}
		if json.Unmarshal(m.body, &f) == nil && f.Alert.ID != "" {
			s.naive[f.Alert.ID] = f.Alert.Revision
		}
	}
	n := len(s.held)
	s.held = nil
	return n
}

// contacts is how often the server has come.
func (s *spoiled) contacts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.before + len(s.held)
	for _, times := range s.ids {
		n += times
	}
	return n
}

// without leaves out the alerts about which the newest message is still held.
func (s *spoiled) without(want map[string]int) map[string]int {
	out := maps.Clone(want)
	for _, m := range s.held {
		var f struct {
			AlertID string `json:"alert_id"`
			Alert   struct{ ID string }
		}
		if json.Unmarshal(m.body, &f) == nil {
			delete(out, cmp.Or(f.AlertID, f.Alert.ID))
		}
	}
	return out
}

// TestFaultsLoseNothing puts 30 partners behind bad lines, half of them on the
// live feed and half with a webhook, whose messages are lost, repeated and come in
// another order, lets alerts come, change and end, and
// restarts the server meanwhile. In the end each holds what it should.
func TestFaultsLoseNothing(t *testing.T) {
	t.Parallel()
	const each, rounds = 15, 12
	dir, now := t.TempDir(), fastClock(60)
	n := startNodeAt(t, dir+"/data", dir, now, nil)
	var readers []*reader
	var hooks []*spoiled
	for i := range each {
		_, key := n.partner("RS")
		readers = append(readers, startReader(t, uint64(i), key))
		partner, _ := n.partner("RS")
		s := &spoiled{hook: newHook(t), dice: rand.New(rand.NewPCG(uint64(i), 2)), lost: map[string]bool{}, once: map[string]int{}, naive: map[string]int{}}
		s.listen(s)
		n.hooked(partner, s.hook)
		hooks = append(hooks, s)
	}
	aim := func() {
		for _, r := range readers {
			r.proxy.aim(strings.TrimPrefix(n.address, "http://"))
		}
	}
	aim()
	want, live := map[string]int{}, []string{}
	dice := rand.New(rand.NewPCG(9, 9))
	for round := range rounds {
		caseID, _ := n.openCase()
		id, hash := n.draft(caseID)
		n.release(id, hash)
		want[id], live = 1, append(live, id)
		if old := live[dice.IntN(len(live))]; want[old] > 0 && dice.IntN(2) == 0 {
			u := n.must("POST", "/alerts/"+old+"/update", n.as("coordinator", alerts.RoleCoordinator), object{
				"texts": object{"en": object{"headline": "Missing child", "description": "Still an invented boy.", "instruction": "Call 116 000."}},
			})
			n.release(old, u["content_hash"].(string))
			want[old]++
		}
		if old := live[dice.IntN(len(live))]; want[old] > 0 && dice.IntN(2) == 0 {
			n.must("POST", "/alerts/"+old+"/cancel", n.as("coordinator", alerts.RoleCoordinator), object{"reason": "found"})
			want[old] = 0
		}
		waitFor(t, "messages on their way", nil, func() bool {
			total := 0
			for _, s := range hooks {
				total += s.contacts()
			}
			return total >= (round+1)*each/2
		})
		if round%4 == 3 {
			accounts, admin := n.accounts, n.admin
			if err := n.stop(); err != nil {
				t.Fatal(err)
			}
			n = startNodeAt(t, dir+"/data", dir, now, nil)
			n.accounts, n.admin = accounts, admin
			aim()
		}
	}
	for _, r := range readers {
		r.proxy.soothe()
	}
	for _, s := range hooks {
		s.mu.Lock()
		s.calm = true
		s.mu.Unlock()
	}
	checkFaults(t, readers, hooks, want)
}

func checkFaults(t *testing.T, readers []*reader, hooks []*spoiled, want map[string]int) {
	t.Helper()
	cuts, repeated := 0, 0
	for i, r := range readers {
		waitFor(t, "what a partner on the live feed holds", r.came, func() bool { return r.agrees(want) })
		r.mu.Lock()
		repeated += r.frames - r.fresh
		r.mu.Unlock()
		r.proxy.mu.Lock()
		cuts += r.proxy.cuts
		if r.proxy.cuts == 0 {
			t.Errorf("the line of reader %d was never cut", i)
		}
		r.proxy.mu.Unlock()
	}
	before, after, missing, again, late, misled := 0, 0, 0, 0, 0, 0
	for _, s := range hooks {
		waitFor(t, "everything but what comes late", s.came, func() bool {
			s.mu.Lock()
			defer s.mu.Unlock()
			return agree(s.state, s.without(want))
		})
		s.mu.Lock()
		others := s.without(want)
		s.mu.Unlock()
		late += s.deliverHeld()
		waitFor(t, "what a partner with a webhook holds", s.came, func() bool {
			s.mu.Lock()
			defer s.mu.Unlock()
			return agree(s.state, want)
		})
		s.mu.Lock()
		before, after = before+s.before, after+s.after
		if !agree(s.once, others) {
			missing++
		}
		if !agree(s.naive, want) {
			misled++
		}
		for _, times := range s.ids {
			again += times - 1
		}
		s.mu.Unlock()
	}
	t.Logf("feed: %d cuts, %d frames repeated; webhooks: %d lost on the way, %d answers lost, %d repeated, %d late", cuts, repeated, before, after, again, late)
	// The controls: without second attempts some would hold something else,
	// without knowing messages by their ids some would take one twice, and without
	// looking when a message was sent some would believe an old one.
	if missing == 0 {
		t.Error("nothing would have been lost without second attempts: the faults were none")
	}
	if misled == 0 {
		t.Errorf("%d messages came late and misled nobody: the faults were none", late)
	}
	if again == 0 {
		t.Error("no message came twice: the faults were none")
	}
}

// TestCursorKeptTooEarlyLosesAFrame is the control for the live feed: a program
// that keeps the cursor before it has taken the frame loses it when it dies in
// between, and one that keeps it afterwards does not.
func TestCursorKeptTooEarlyLosesAFrame(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := startNode(t, dir+"/data", dir)
	_, key := n.partner("RS")
	first := n.connect(t, key, "")
	first.next("hello")
	start := first.next("resync")["cursor"].(string)
	var ids []string
	release := func() {
		caseID, _ := n.openCase()
		id, hash := n.draft(caseID)
		n.release(id, hash)
		ids = append(ids, id)
	}
	release()
	after := first.next("alert")["cursor"].(string)
	_ = first.ws.Close() // the program dies with the frame in its hands
	release()
	for cursor, want := range map[string]string{after: ids[1], start: ids[0]} {
		again := n.connect(t, key, cursor)
		again.next("hello")
		if got := again.next("alert")["alert"].(object)["id"]; got != want {
			t.Errorf("with the cursor %s the first frame is %v, want %s", map[bool]string{true: "kept too early", false: "kept in time"}[cursor == after], got, want)
		}
	}
}
