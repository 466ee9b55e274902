package journal

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// simulate runs one seed and returns what went wrong with the history, or "".
func simulate(t *testing.T, seed uint64, plant string) (wrong string, s *sim) {
	synctest.Test(t, func(*testing.T) {
		s = newSim(seed, plant)
		for range 200 + s.rng.IntN(400) {
			synctest.Wait()
			if s.wrong() != "" {
				break
			}
			s.step()
		}
		if s.wrong() == "" {
			s.rest()
		}
		s.end()
		wrong = s.wrong()
	})
	return wrong, s
}

func newSim(seed uint64, plant string) *sim {
	home := newKeyHome()
	s := &sim{rng: rand.New(rand.NewPCG(seed, 11)), cloud: newCloud(), home: home, model: newModel(home), plant: plant}
	s.faults = []int{0, 5, 15, 30}[s.rng.IntN(4)]
	s.eager = []int{1, 4, 6, 6}[s.rng.IntN(4)]
	s.stale = s.rng.IntN(4) == 0
	s.cloud.index = s.rng.IntN(2) == 0
	s.cloud.stored = s.model.stored
	s.cloud.overwrite = plant == "a place is overwritten"
	s.cloud.noCompare = plant == "settling does not compare numbers"
	s.cloud.noTombstone = plant == "no tombstones"
	s.home.overwrite = plant == "keys overwritten"
	for id := range 2 + s.rng.IntN(4) {
		s.nodes = append(s.nodes, s.start(id))
	}
	return s
}

func (s *sim) wrong() string {
	s.model.mu.Lock()
	defer s.model.mu.Unlock()
	return s.model.wrong
}

func (s *sim) note(format string, args ...any) {
	s.trace = append(s.trace, fmt.Sprintf(format, args...))
}

// step makes one random choice. Everything is at rest when it is called.
func (s *sim) step() {
	for i, n := range s.nodes {
		if n.open && !n.dead && n.j.Err() != nil {
			s.note("%s gives up: %v", n, n.j.Err())
			s.crash(n, 0)
		}
		if n.dead && s.rng.IntN(8) == 0 {
			s.nodes[i] = s.start(n.id)
			s.note("%s starts", s.nodes[i])
		}
	}
	synctest.Wait()
	switch n := s.nodes[s.rng.IntN(len(s.nodes))]; s.rng.IntN(20) {
	case 0:
		if s.faults > 0 && !n.dead && s.rng.IntN(2) == 0 {
			s.note("%s crashes", n)
			s.crash(n, s.rng.Int())
		}
	case 1:
		<-time.After(time.Duration(s.rng.IntN(1500)) * time.Millisecond)
	case 2:
		s.land()
	case 3, 4, 5, 6, 7, 8:
		if n.open && !n.dead && !n.waking && s.rng.IntN(6) < s.eager {
			s.submit(n, s.draw(n))
		}
	default:
		s.release(false)
	}
}

// land lets a write arrive whose sender has long stopped waiting.
func (s *sim) land() {
	if len(s.late) == 0 {
		return
	}
	i := s.rng.IntN(len(s.late))
	changes := s.late[i]
	s.late = slices.Delete(s.late, i, i+1)
	n, _ := s.cloud.Append(context.Background(), changes)
	s.note("%d changes from %d arrive late, %d get in", len(changes), changes[0].Number, n)
}

// release lets one waiting call go on. It returns false when none can.
func (s *sim) release(well bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.SortFunc(s.pending, func(a, b *call) int {
		return cmp.Or(cmp.Compare(a.n.life, b.n.life), cmp.Compare(a.kind, b.kind))
	})
	var able []int
	for i, c := range s.pending {
		if c.kind != "follow" || c.n.inFlight == 0 && !well {
			able = append(able, i)
		}
	}
	if len(able) == 0 {
		return false
	}
	i := able[s.rng.IntN(len(able))]
	c := s.pending[i]
	s.pending = slices.Delete(s.pending, i, i+1)
	v := verdict{kind: "fine"}
	if !well && s.rng.IntN(100) < s.faults {
		v = s.fault(c.kind)
	}
	c.n.waking = c.n.waking || c.kind == "follow"
	s.note("%s %s: %s", c.n, c.kind, v.kind)
	c.on <- v
	return true
}

func (s *sim) fault(kind string) verdict {
	ways := []string{"fail"}
	switch kind {
	case "append":
		ways = []string{"lost", "lost", "late", "full", "broken", "fail"}
	case "changes":
		if s.stale {
			ways = []string{"stale", "gap", "fail"}
		}
	case "install", "follow":
		ways = []string{"fine"}
	}
	return verdict{ways[s.rng.IntN(len(ways))], s.rng.Int()}
}

// draw makes up a command, or sends an old one again.
func (s *sim) draw(n *node) *op {
	o := &op{id: fmt.Sprintf("op%d", len(s.ops)), n: n, started: s.model.tip()}
	if len(s.ops) > 0 && s.rng.IntN(5) == 0 {
		was := s.ops[s.rng.IntN(len(s.ops))]
		if was.request != nil {
			o.kind, o.a, o.b, o.least, o.request, o.body = was.kind, was.a, was.b, was.least, was.request, was.body
			if s.rng.IntN(4) == 0 {
				o.body = []byte("body of " + o.id)
			}
			return o
		}
	}
	kinds := []string{"add", "add", "add", "add", "both", "create", "edit", "edit", "edit", "edit", "forget", "once",
		"name", "enough", "enough", "refuse", "panic", "twice"}
	o.kind = kinds[s.rng.IntN(len(kinds))]
	o.a, o.b = fmt.Sprint("a", s.rng.IntN(3)), "b"
	switch o.kind {
	case "once", "name":
		o.a = fmt.Sprint("c", s.rng.IntN(8))
	case "edit", "forget":
		o.a = s.aNote()
	case "enough":
		s.model.mu.Lock()
		o.least = max(1, len(s.model.now(Key{"accounts", o.a}).seen)+s.rng.IntN(2))
		s.model.mu.Unlock()
	}
	if s.rng.IntN(2) == 0 && o.kind != "create" && o.kind != "name" {
		o.request, o.body = []byte("request of "+o.id), []byte("body of "+o.id)
	}
	return o
}

func (s *sim) aNote() string {
	var made []string
	for _, o := range s.ops {
		if o.kind == "create" {
			made = append(made, o.id)
		}
	}
	if len(made) == 0 {
		return "none"
	}
	return made[max(0, len(made)-1-s.rng.IntN(2))]
}

func (s *sim) submit(n *node, o *op) {
	s.note("%s gets %s: %s %s %s", n, o.id, o.kind, o.a, o.request)
	s.ops = append(s.ops, o)
	s.model.mu.Lock()
	s.model.ops[o.id] = o
	s.model.mu.Unlock()
	s.mu.Lock()
	n.inFlight++
	s.mu.Unlock()
	go func() {
		done, err := n.j.Do(n.ctx, o.command())
		s.mu.Lock()
		defer s.mu.Unlock()
		n.inFlight--
		if n.dead {
			return // nobody is left to tell the client
		}
		o.done, o.err, o.returned = done, err, true
		s.answered(o)
	}()
}

// rest lets everything under way come to its end without further faults, wakes
// every node, adds a fresh one, and checks what they have.
func (s *sim) rest() {
	for len(s.late) > 0 {
		s.land()
	}
	s.ask()
	s.nodes = append(s.nodes, s.start(len(s.nodes)))
	woken, asked := map[*node]bool{}, false
	for range 20000 {
		synctest.Wait()
		if s.wrong() != "" {
			return
		}
		if s.release(true) {
			continue
		}
		if !s.settled(woken) {
			continue
		}
		if !asked {
			asked = true
			s.ask()
			clear(woken) // the answers may be changes
			continue
		}
		s.mu.Lock()
		s.calm = true
		s.mu.Unlock()
		s.finish()
		return
	}
	s.model.mu.Lock()
	s.model.violate("the nodes did not come to rest")
	s.model.mu.Unlock()
}

// ask puts questions to every node whose answers are known: what a node that
// lags must not refuse, and what was carried out before.
func (s *sim) ask() {
	synctest.Wait()
	for _, n := range s.nodes {
		if n.dead || !n.open || n.waking || n.j.Err() != nil {
			continue
		}
		o := &op{id: fmt.Sprintf("op%d", len(s.ops)), kind: "enough", a: "a0", n: n, started: s.model.tip()}
		s.model.mu.Lock()
		o.least = max(1, len(s.model.now(Key{"accounts", "a0"}).seen))
		s.model.mu.Unlock()
		s.submit(n, o)
		synctest.Wait()
		for range 2 {
			was := s.ops[s.rng.IntN(len(s.ops))]
			if was.request != nil {
				s.submit(n, &op{id: fmt.Sprintf("op%d", len(s.ops)), kind: was.kind, a: was.a, b: was.b, n: n,
					least: was.least, request: was.request, body: was.body, started: s.model.tip()})
				synctest.Wait()
			}
		}
	}
}

// settled takes the next step towards rest and returns true when there is none.
func (s *sim) settled(woken map[*node]bool) bool {
	for i, n := range s.nodes {
		switch {
		case n.dead || n.open && n.j.Err() != nil:
			s.crash(n, 0)
			s.nodes[i] = s.start(n.id)
			return false
		case n.inFlight > 0 || n.waking || !n.open:
			<-time.After(time.Second)
			return false
		}
	}
	for _, n := range s.nodes {
		for i, c := range s.pending {
			if c.n == n && c.kind == "follow" && !woken[n] {
				woken[n], n.waking = true, true
				s.pending = slices.Delete(s.pending, i, i+1)
				c.on <- verdict{kind: "fine"}
				return false
			}
		}
	}
	return true
}

// end stops every node, so that the bubble can close.
func (s *sim) end() {
	for _, n := range s.nodes {
		s.crash(n, 0)
	}
	<-time.After(2 * appendPatience) // crashed writers may still be asking what became of an append
	synctest.Wait()
}
