package realtime

import (
	"net"
	"syscall"
	"testing"
)

// wrapped is a connection as a server that counts them hands it on.
type wrapped struct{ net.Conn }

func (w wrapped) SyscallConn() (syscall.RawConn, error) { return w.Conn.(syscall.Conn).SyscallConn() }

// A connection that the server wraps is written to without waiting, as a bare one.
func TestWrappedConnectionsAreWrittenWithoutWaiting(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if newLine(c).raw == nil || newLine(wrapped{c}).raw == nil {
		t.Error("a connection is written to with waiting")
	}
}
