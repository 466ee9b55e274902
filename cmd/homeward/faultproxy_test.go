package main

import (
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"
)

// faultProxy stands between a partner and the server and spoils connections: it
// cuts them in the middle of a frame, or lets them stall before it cuts them.
type faultProxy struct {
	net.Listener
	mu     sync.Mutex
	dice   *rand.Rand
	target string // where the server is; it moves when the server restarts
	calm   bool   // from now on nothing is spoiled
	open   map[net.Conn]bool
	// cuts counts the connections that were cut.
	cuts int
}

func newFaultProxy(t testing.TB, seed uint64) *faultProxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &faultProxy{Listener: l, dice: rand.New(rand.NewPCG(seed, 1)), open: map[net.Conn]bool{}}
	go p.serve()
	t.Cleanup(func() { _ = p.Close(); p.hangUp() })
	return p
}

func (p *faultProxy) url() string { return "http://" + p.Addr().String() }

func (p *faultProxy) aim(target string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = target
}

// soothe ends all faults, and the connections that have stalled.
func (p *faultProxy) soothe() {
	p.mu.Lock()
	p.calm = true
	p.mu.Unlock()
	p.hangUp()
}

func (p *faultProxy) hangUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		_ = c.Close()
	}
}

func (p *faultProxy) serve() {
	for {
		c, err := p.Accept()
		if err != nil {
			return
		}
		go p.carry(c)
	}
}

// carry relays one connection. Unless all is calm it ends after some bytes of
// the server's, wherever in a frame that is; a third of the time it first falls
// silent.
func (p *faultProxy) carry(client net.Conn) {
	defer client.Close()
	p.mu.Lock()
	target, calm := p.target, p.calm
	bytes, stall := 200+p.dice.IntN(4000), p.dice.IntN(3) == 0
	p.mu.Unlock()
	server, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer server.Close()
	p.note(client, true)
	p.note(server, true)
	defer p.note(client, false)
	defer p.note(server, false)
	go func() {
		_, _ = io.Copy(server, client)
		_ = server.Close()
	}()
	if calm {
		_, _ = io.Copy(client, server)
		return
	}
	_, _ = io.CopyN(client, server, int64(bytes))
	p.mu.Lock()
	p.cuts++
	p.mu.Unlock()
	if stall {
		<-time.After(500 * time.Millisecond)
	}
}

func (p *faultProxy) note(c net.Conn, open bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if open {
		p.open[c] = true
	} else {
		delete(p.open, c)
	}
}
