package journal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// The simulation runs several nodes on one store. Every call that leaves a
// node's memory stops at a gate until the driver, which alone draws from the
// seed, lets it go on with a verdict; between two choices everything else has
// come to rest. So one seed is one history.

type verdict struct {
	kind string // fine, fail, lost, late, full, broken, stale, gap, dead
	k    int    // how much of the call is carried out
}

type call struct {
	n    *node
	kind string
	on   chan verdict
}

var errNet = errors.New("the connection failed")

type sim struct {
	rng    *rand.Rand
	cloud  *cloud
	home   *keyHome
	model  *model
	plant  string
	faults int  // percent of calls that do not go well
	eager  int  // how often clients come, of 6
	stale  bool // reads of changes may lag

	mu      sync.Mutex
	calm    bool
	pending []*call
	late    [][]Change
	nodes   []*node
	ops     []*op
	lives   int
	trace   []string
}

// node is one life of a process.
type node struct {
	s          *sim
	id, life   int
	j          *Journal
	board      *shelf
	codec      *jsonCodec
	ctx        context.Context
	cancel     context.CancelFunc
	open, dead bool
	waking     bool
	inFlight   int
	heard      uint64
	installed  uint64
}

func (n *node) String() string { return fmt.Sprintf("node %d.%d", n.id, n.life) }

func (n *node) gate(kind string) verdict {
	n.s.mu.Lock()
	if n.dead {
		n.s.mu.Unlock()
		return verdict{kind: "dead"}
	}
	if n.s.calm {
		n.s.mu.Unlock()
		return verdict{kind: "fine"}
	}
	c := &call{n, kind, make(chan verdict, 1)}
	n.s.pending = append(n.s.pending, c)
	n.s.mu.Unlock()
	return <-c.on
}

// pass is a gate with no more than two ways out.
func (n *node) pass(kind string) error {
	if v := n.gate(kind); v.kind != "fine" {
		return errNet
	}
	return nil
}

// port is the store as one node reaches it.
type port struct{ n *node }

func (p port) Append(ctx context.Context, changes []Change) (int, error) {
	v, c := p.n.gate("append"), p.n.s.cloud
	part := v.k % (len(changes) + 1)
	switch v.kind {
	case "fine":
		return p.plain(ctx, changes)
	case "lost":
		_, _ = c.Append(ctx, changes[:part])
		if p.n.s.plant == "lost reply taken for a failure" {
			return 0, errNet
		}
		return 0, ErrUnknown
	case "late":
		p.n.s.mu.Lock()
		p.n.s.late = append(p.n.s.late, changes)
		p.n.s.mu.Unlock()
		return 0, ErrUnknown
	case "full":
		in, err := c.Append(ctx, changes[:part])
		if err == nil && in < len(changes) {
			err = ErrFull
		}
		return in, err
	case "broken":
		_, _ = c.Append(ctx, changes[:part])
		return 0, ErrBroken
	case "dead":
		return 0, ErrBroken
	}
	return 0, errNet
}

func (p port) plain(ctx context.Context, changes []Change) (int, error) {
	if p.n.s.plant == "acknowledge before storing" {
		p.n.s.mu.Lock()
		p.n.s.late = append(p.n.s.late, changes)
		p.n.s.mu.Unlock()
		return len(changes), nil
	}
	return p.n.s.cloud.Append(ctx, changes)
}

func (p port) Last(ctx context.Context) (uint64, error) { return p.n.s.cloud.Last(ctx) }

func (p port) Changes(ctx context.Context, after uint64, limit int) ([]Change, error) {
	v := p.n.gate("changes")
	changes, err := p.n.s.cloud.Changes(ctx, after, limit)
	switch {
	case v.kind == "stale":
		return changes[:v.k%(len(changes)+1)], err
	case v.kind == "gap" && len(changes) > 1:
		return changes[1:], err
	case v.kind == "fail", v.kind == "dead":
		return nil, errNet
	}
	return changes, err
}

func (p port) Load(ctx context.Context, each func(Loaded) error) (Position, error) {
	if err := p.n.pass("load"); err != nil {
		return Position{}, err
	}
	mark, err := p.n.s.cloud.Load(ctx, each)
	if p.n.s.plant == "mark read after the documents" {
		if err := p.n.pass("load"); err != nil {
			return mark, err
		}
		p.n.s.cloud.mu.Lock()
		mark = p.n.s.cloud.position(p.n.s.cloud.mark)
		p.n.s.cloud.mu.Unlock()
	}
	return mark, err
}

func (p port) Documents(ctx context.Context, keys []Key) ([][]byte, error) {
	if err := p.n.pass("document"); err != nil {
		return nil, err
	}
	return p.n.s.cloud.Documents(ctx, keys)
}

func (p port) Settle(ctx context.Context) (uint64, error) {
	c, early := p.n.s.cloud, p.n.s.plant == "strip before copying"
	for {
		if err := p.n.pass("settle"); err != nil {
			return c.raise(0), err
		}
		batch := c.unsettled()
		if len(batch) == 0 {
			return c.raise(0), nil
		}
		last := batch[len(batch)-1].Number
		if early {
			c.strip(c.raise(last))
		}
		for i := range batch {
			if err := p.n.pass("copy"); err != nil {
				return c.raise(0), err
			}
			c.settleOne(&batch[i])
		}
		for _, step := range []string{"mark", "strip"} {
			if err := p.n.pass(step); err != nil {
				return c.raise(0), err
			}
			if step == "mark" {
				c.raise(last)
			} else {
				c.strip(last)
			}
		}
	}
}

func (p port) Follow(ctx context.Context, wake func()) error {
	for {
		if err := p.n.pass("follow"); err != nil {
			return err
		}
		wake()
		p.n.s.mu.Lock()
		p.n.waking = false
		p.n.s.mu.Unlock()
	}
}

// start brings a node to life; its first steps wait at gates.
func (s *sim) start(id int) *node {
	s.lives++
	n := &node{s: s, id: id, life: s.lives, board: newShelf("accounts", "claims", "names")}
	n.ctx, n.cancel = context.WithCancel(context.Background())
	n.codec = newCodec(s.home, n.String())
	n.codec.noKey = s.plant == "keys not flushed"
	n.codec.gate = n.pass
	n.board.before = n.checkInstall
	go n.run()
	return n
}

func (n *node) run() {
	seed := [32]byte{byte(n.life), byte(n.life >> 8), 1}
	var board Board = n.board
	if n.s.plant == "board keeps only the last of a batch" {
		board = lastOnly{n.board}
	}
	j, err := Open(n.ctx, Options{
		Backend: n.backend(), Codec: n.codec, Boards: []Board{board}, Random: rand.NewChaCha8(seed),
		Log: slog.New(slog.DiscardHandler), Rows: map[string]bool{"notes": true},
		Shared: n.s.plant != "refusal without catching up",
	})
	if err != nil {
		n.s.mu.Lock()
		n.dead = true
		n.s.mu.Unlock()
		return
	}
	j.Subscribe(func(in []Installed) {
		n.s.mu.Lock()
		n.heard = in[len(in)-1].Change.Number
		n.s.mu.Unlock()
	})
	n.s.mu.Lock()
	n.j, n.open = j, true
	dead := n.dead
	n.s.mu.Unlock()
	if dead {
		j.Close()
		return
	}
	_ = j.Follow(n.ctx)
}

func (n *node) backend() Backend {
	if n.s.plant == "requests forgotten at start" {
		return forgetful{port{n}}
	}
	return remembering{port{n}}
}

type remembering struct{ port }

func (r remembering) Requests(ctx context.Context, since time.Time, each func(Change) error) error {
	if err := r.n.pass("requests"); err != nil {
		return err
	}
	return r.n.s.cloud.Requests(ctx, since, each)
}

type forgetful struct{ port }

func (forgetful) Requests(context.Context, time.Time, func(Change) error) error { return nil }

type lastOnly struct{ *shelf }

func (l lastOnly) Install(batch []Installed) { l.shelf.Install(batch[len(batch)-1:]) }

// crash ends a node between two steps. An append that is under way gets in as
// far as k says.
func (s *sim) crash(n *node, k int) {
	s.mu.Lock()
	n.dead = true
	j := n.j
	s.pending = slices.DeleteFunc(s.pending, func(c *call) bool {
		if c.n != n {
			return false
		}
		v := verdict{kind: "dead"}
		if c.kind == "append" {
			v = verdict{"broken", k}
		}
		c.on <- v
		return true
	})
	s.mu.Unlock()
	n.cancel()
	if j != nil {
		go j.Close()
	}
}
