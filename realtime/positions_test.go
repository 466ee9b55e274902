package realtime_test

import (
	"context"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"homeward/partners"
)

// shelf keeps side records in memory, by kind and id.
type shelf struct {
	mu      sync.Mutex
	records map[string]map[string][]byte
	puts    map[string]int
}

func newShelf() *shelf {
	return &shelf{records: map[string]map[string][]byte{}, puts: map[string]int{}}
}

func (s *shelf) PutSide(_ context.Context, kind, id string, _ time.Time, data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.records[kind] == nil {
		s.records[kind] = map[string][]byte{}
	}
	s.records[kind][id] = data
	s.puts[kind]++
	return nil
}

func (s *shelf) EachSide(_ context.Context, kind string, each func(string, []byte) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(s.records[kind])) {
		if err := each(id, s.records[kind][id]); err != nil {
			return err
		}
	}
	return nil
}

func (r *rig) position(t *testing.T) partners.FeedPosition {
	t.Helper()
	all, err := r.hub.Positions(t.Context(), "p1")
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v %v", all, err)
	}
	if others, err := r.hub.Positions(t.Context(), "p2"); err != nil || len(others) != 0 {
		t.Fatalf("of another partner: %+v %v", others, err)
	}
	return all[0]
}

// said waits until the server has taken everything that was sent before.
func (p *peer) said() {
	p.t.Helper()
	p.send("nonsense")
	p.expect("error", "")
}

func TestPositionsOutliveConnectionsAndNodes(t *testing.T) {
	t.Parallel()
	home := newShelf()
	r := newRigOn(t, home, "node-1")
	if all, err := r.hub.Positions(t.Context(), "p1"); err != nil || len(all) != 0 {
		t.Fatalf("before anybody came: %+v %v", all, err)
	}
	r.publish("a", partners.KindAlert)
	p := r.dial(t, "/partner", "")
	p.expect("hello", "")
	p.expect("resync", "")
	first := p.expect("alert", "a")
	r.publish("b", partners.KindAlert)
	p.expect("alert", "b")
	p.send(`{"type":"received","cursor":%q}`, first.Cursor)
	p.said()
	at := r.position(t)
	if at.Key != "key" || at.Connections != 1 || at.Until != nil || at.Confirmed != 1 || at.ConfirmedAt == nil || at.Written < 1 {
		t.Errorf("connected: %+v", at)
	}
	must(t, r.hub.Save(t.Context()))
	must(t, r.hub.Save(t.Context()))
	if n := home.puts["positions"]; n != 1 {
		t.Errorf("written %d times although nothing changed", n)
	}
	other := newRigOn(t, home, "node-2")
	if at := other.position(t); at.Connections != 0 || at.Until == nil || at.Confirmed != 1 {
		t.Errorf("as another node sees what does not say that it is there: %+v", at)
	}
	must(t, r.hub.SavePresence(t.Context()))
	must(t, r.hub.SavePresence(t.Context()))
	if n := home.puts["presence"]; n != 1 {
		t.Errorf("told %d times although nothing changed", n)
	}
	if at := other.position(t); at.Connections != 1 || at.Until != nil || at.Confirmed != 1 {
		t.Errorf("as another node sees it: %+v", at)
	}
	must(t, r.hub.Stop(t.Context()))
	must(t, r.hub.Save(t.Context()))
	again := newRigOn(t, home, "node-1")
	must(t, again.hub.LoadPositions(t.Context()))
	if at := again.position(t); at.Connections != 0 || at.Until == nil || at.Confirmed != 1 || at.Written != 2 {
		t.Errorf("after a restart: %+v", at)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestNodesTellEachOtherWhoIsConnected asks one node for a partner that another
// one serves: told, gone quiet for too long, told again, and gone.
func TestNodesTellEachOtherWhoIsConnected(t *testing.T) {
	t.Parallel()
	home := newShelf()
	a, b := newRigOn(t, home, "node-1"), newRigOn(t, home, "node-2")
	seen := func(want bool, when string) {
		t.Helper()
		all, err := b.hub.Connected(t.Context())
		if err != nil || all["p1"] != want || all["p2"] {
			t.Errorf("%s: %v %v", when, all, err)
		}
	}
	p := a.dial(t, "/partner", "")
	p.expect("hello", "")
	if all, err := a.hub.Connected(t.Context()); err != nil || !all["p1"] {
		t.Errorf("where it is connected: %v %v", all, err)
	}
	seen(false, "before it is told")
	must(t, a.hub.SavePresence(t.Context()))
	seen(true, "told")
	b.later(time.Hour)
	seen(false, "from a node that has said nothing for an hour")
	a.later(time.Hour)
	must(t, a.hub.SavePresence(t.Context()))
	seen(true, "said anew")
	must(t, a.hub.Stop(t.Context()))
	must(t, a.hub.SavePresence(t.Context()))
	seen(false, "gone")
}
