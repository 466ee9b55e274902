package store

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/url"
	"sync/atomic"
	"testing"

	"homeward/journal"
)

// wire stands between the driver and the server. Once armed it lets the next
// insert through and then cuts the connection instead of giving the answer.
type wire struct {
	listener net.Listener
	server   string
	armed    atomic.Bool
	cuts     atomic.Int32
}

func newWire(t *testing.T, server string) *wire {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: l, server: u.Host}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go w.pass(c)
		}
	}()
	return w
}

// through returns the address by way of the wire.
func (w *wire) through(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = w.listener.Addr().String()
	return u.String()
}

func (w *wire) pass(client net.Conn) {
	server, err := net.Dial("tcp", w.server)
	if err != nil {
		_ = client.Close()
		return
	}
	var cut atomic.Bool
	end := func() { _, _ = client.Close(), server.Close() }
	go func() {
		defer end()
		buffer := make([]byte, 1<<16)
		for {
			n, err := server.Read(buffer)
			if err != nil || cut.Load() {
				return // the answer was on its way: the server has done it
			}
			if _, err := client.Write(buffer[:n]); err != nil {
				return
			}
		}
	}()
	defer func() {
		if !cut.Load() {
			end()
		}
	}()
	buffer := make([]byte, 1<<16)
	for {
		n, err := client.Read(buffer)
		if err != nil && !errors.Is(err, io.EOF) || n == 0 {
			return
		}
		if bytes.Contains(buffer[:n], []byte("\x02insert\x00")) && w.armed.CompareAndSwap(true, false) {
			cut.Store(true)
			w.cuts.Add(1)
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// TestFaultMongoLostReply loses the answers to appends that were carried out:
// each must be called unknown, and stand in its place when it is looked up.
func TestFaultMongoLostReply(t *testing.T) {
	t.Parallel()
	server := mongoAddress(t)
	if server == "" {
		return
	}
	address := newDatabase(t, server)
	w := newWire(t, server)
	m, a := openMongo(t, w.through(t, address), MongoOptions{}), newAuthor(t)
	count := uint64(many(10, 1000))
	for n := uint64(1); n <= 2*count; n += 2 {
		w.armed.Store(true)
		unknown := nth(a, n)
		got, err := m.Append(t.Context(), []journal.Change{unknown})
		if got != 0 || !errors.Is(err, journal.ErrUnknown) {
			t.Fatalf("append %d whose answer was lost: %d, %v", n, got, err)
		}
		stored := mustChanges(t, m, n-1, 1)
		if len(stored) != 1 || stored[0].Token != unknown.Token {
			t.Fatalf("change %d is not in its place: %v", n, stored)
		}
		if got, err := m.Append(t.Context(), []journal.Change{unknown}); got != 0 || !errors.Is(err, journal.ErrTaken) {
			t.Fatalf("appending %d again: %d, %v", n, got, err)
		}
		mustAppend(t, m, nth(a, n+1)) // control: with the wire whole nothing is unknown
	}
	if got := mustChanges(t, m, 0, 1<<20); uint64(len(got)) != 2*count || uint64(w.cuts.Load()) != count {
		t.Errorf("%d changes after %d cuts", len(got), w.cuts.Load())
	}
}
