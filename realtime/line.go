package realtime

import (
	"net"
	"sync"
	"syscall"
	"time"
)

// line is the connection below a websocket. Beside what the websocket writes,
// which may wait for a slow peer, it takes whole frames that are written only
// as far as there is room for them now: so one goroutine can write to thousands
// of connections, and none of them holds up the next.
type line struct {
	net.Conn
	// raw is nil where writing without waiting is not possible, as under TLS.
	raw syscall.RawConn

	mu sync.Mutex
	// rest is the end of a frame that did not fit. It goes before all else.
	rest []byte
}

func newLine(c net.Conn) *line {
	l := &line{Conn: c}
	below := c
	if t, ok := c.(*taken); ok {
		below = t.Conn
	}
	if open, ok := below.(syscall.Conn); ok { // also one that the server counts
		if raw, err := open.SyscallConn(); err == nil {
			l.raw = raw
		}
	}
	return l
}

// Write writes what is left of an earlier frame, then p. It waits, up to the
// deadline that has been set.
func (l *line) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.writeRest(); err != nil {
		return 0, err
	}
	return l.Conn.Write(p)
}

// finish writes what is left of an earlier frame within a time.
func (l *line) finish(within time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.rest) == 0 {
		return nil
	}
	if err := l.Conn.SetWriteDeadline(time.Now().Add(within)); err != nil {
		return err
	}
	return l.writeRest()
}

func (l *line) writeRest() error {
	if len(l.rest) == 0 {
		return nil
	}
	n, err := l.Conn.Write(l.rest)
	l.rest = l.rest[n:]
	return err
}

// writeNow writes of a frame what there is room for and keeps the rest, which
// finish or the next Write writes. It returns how much it wrote, 0 when nothing
// fits now or somebody else is writing: then nothing is kept either. The frame
// must never be changed.
func (l *line) writeNow(w *nowWriter, frame []byte) int {
	if l.raw == nil || !l.mu.TryLock() {
		return 0
	}
	defer l.mu.Unlock()
	if len(l.rest) > 0 {
		return 0
	}
	n := w.write(l.raw, frame)
	if n > 0 && n < len(frame) {
		l.rest = frame[n:]
	}
	return n
}

// nowWriter writes to one connection after another; a goroutine that has many
// to write to keeps one, so that nothing is allocated for each.
type nowWriter struct {
	frame []byte
	n     int
	call  func(fd uintptr)
}

func newNowWriter() *nowWriter {
	w := &nowWriter{}
	w.call = func(fd uintptr) { w.n = writeFD(fd, w.frame) }
	return w
}

// write asks for the descriptor by Control and not by Write, which would wait
// and which refuses once the deadline of an earlier write has passed.
func (w *nowWriter) write(raw syscall.RawConn, frame []byte) int {
	w.frame, w.n = frame, 0
	if err := raw.Control(w.call); err != nil {
		return 0
	}
	return w.n
}
