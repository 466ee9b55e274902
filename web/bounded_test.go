package web

import (
	"net"
	"net/netip"
	"syscall"
	"testing"
)

func TestOneHomeHasItsShareOfConnections(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	b := &bounded{Listener: l, most: 2, free: func(netip.Addr) bool { return false }, open: map[string]int{}}
	dial := func() net.Conn {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	var in []net.Conn
	for range 2 {
		dial()
		c, err := b.Accept()
		if err != nil {
			t.Fatal(err)
		}
		in = append(in, c)
	}
	if open, ok := in[0].(syscall.Conn); !ok {
		t.Error("the feeds cannot write to what is counted without waiting")
	} else if _, err := open.SyscallConn(); err != nil {
		t.Error(err)
	}
	accepted := make(chan net.Conn, 1)
	over := dial()
	go func() {
		c, err := b.Accept()
		if err != nil {
			t.Error(err)
		}
		accepted <- c
	}()
	if _, err := over.Read(make([]byte, 1)); err == nil {
		t.Error("one connection too many was not closed")
	}
	for range 2 { // closing twice gives back one place
		_ = in[0].Close()
	}
	dial()
	c := <-accepted
	if c == nil || b.open[string(network(netip.MustParseAddr("127.0.0.1")))] != 2 {
		t.Errorf("after one left, %v are counted", b.open)
	}
	_, _ = c.Close(), in[1].Close()
	if len(b.open) != 0 {
		t.Errorf("when all have left, %v are counted", b.open)
	}
}
