package web

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"
)

// connectionsPerHome is how many connections one home or device may have open.
const connectionsPerHome = 2048

// bounded is a listener that closes what one network opens beyond its share.
// The HTTP engine's own limit is not used: it takes an idle connection's socket
// away while a worker still holds it, so that a stop under load ended the
// process in the middle of other people's writes.
type bounded struct {
	net.Listener
	most int
	// free tells whom the limit is not for.
	free func(netip.Addr) bool
	mu   sync.Mutex
	open map[string]int
}

// bound limits a listener. Trusted proxies bring everybody's connections, and
// what comes from this machine is a proxy or the operator.
func (s *Server) bound(l net.Listener) *bounded {
	free := func(a netip.Addr) bool { return a.IsLoopback() || s.trusted(a) }
	return &bounded{Listener: l, most: connectionsPerHome, free: free, open: map[string]int{}}
}

// Accept returns the next connection that is within its network's share.
func (b *bounded) Accept() (net.Conn, error) {
	for {
		c, err := b.Listener.Accept()
		if err != nil {
			return nil, err
		}
		remote, ok := c.RemoteAddr().(*net.TCPAddr)
		if !ok {
			return c, nil
		}
		a := remote.AddrPort().Addr().Unmap()
		if b.free(a) {
			return &counted{Conn: c, leave: func() {}}, nil
		}
		if from := string(network(a)); b.enter(from) {
			return &counted{Conn: c, leave: sync.OnceFunc(func() { b.leave(from) })}, nil
		}
		_ = c.Close() // nobody waits to hear of it
	}
}

func (b *bounded) enter(from string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open[from] >= b.most {
		return false
	}
	b.open[from]++
	return true
}

func (b *bounded) leave(from string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open[from]--; b.open[from] == 0 {
		delete(b.open, from)
	}
}

// counted is a connection that gives its place back when it is closed.
type counted struct {
	net.Conn
	leave func()
	// linger has the other side heard out first.
	linger atomic.Bool
}

// SyscallConn gives out the socket below, which the feeds write to without waiting.
func (c *counted) SyscallConn() (syscall.RawConn, error) {
	if open, ok := c.Conn.(syscall.Conn); ok {
		return open.SyscallConn()
	}
	return nil, errors.ErrUnsupported
}

// Close closes the connection; a second time it does nothing more.
func (c *counted) Close() error {
	if c.linger.CompareAndSwap(true, false) {
		drain(c.Conn)
	}
	c.leave()
	return c.Conn.Close()
}
