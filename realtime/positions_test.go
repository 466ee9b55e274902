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

// shelf keeps side records in memory.
type shelf struct {
	mu      sync.Mutex
	records map[string][]byte
	puts    int
}

func (s *shelf) PutSide(_ context.Context, _, id string, _ time.Time, data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records[id] = data
	s.puts++
	return nil
}

func (s *shelf) EachSide(_ context.Context, _ string, each func(string, []byte) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(s.records)) {
		if err := each(id, s.records[id]); err != nil {
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
	home := &shelf{records: map[string][]byte{}}
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
	if home.puts != 1 {
		t.Errorf("written %d times although nothing changed", home.puts)
	}
	other := newRigOn(t, home, "node-2")
	if at := other.position(t); at.Connections != 0 || at.Confirmed != 1 {
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
