package realtime

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// Protocol is the websocket subprotocol of the feeds.
const Protocol = "homeward.v1"

// bearer is the prefix of the subprotocol in which a browser program carries
// its token; it is never answered.
const bearer = "bearer."

// BearerOf returns the token that a handshake offers as a subprotocol, or "".
func BearerOf(r *http.Request) string {
	for _, p := range websocket.Subprotocols(r) {
		if t, ok := strings.CutPrefix(p, bearer); ok {
			return t
		}
	}
	return ""
}

// errChecked is how a handshake that would succeed ends in Check.
var errChecked = errors.New("the handshake is in order")

// Check applies the websocket handshake's rules without taking the connection
// over, while an ordinary answer can still be given. It returns 0 when the
// handshake is in order, else the HTTP status to refuse it with. Origin is not
// its business.
func (h *Hub) Check(r *http.Request) int {
	rec := &recorder{header: http.Header{}}
	_, _ = h.upgrader().Upgrade(rec, r, nil)
	if rec.asked {
		return 0 // everything else was in order
	}
	return rec.status
}

// recorder is a response that is never sent; taking its connection fails last.
type recorder struct {
	header http.Header
	status int
	// asked is set when the connection was asked for.
	asked bool
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) Write(b []byte) (int, error) { return len(b), nil }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	r.asked = true
	return nil, nil, errChecked
}

func (h *Hub) upgrader() *websocket.Upgrader {
	return &websocket.Upgrader{
		HandshakeTimeout: writeWait,
		ReadBufferSize:   1024,
		WriteBufferPool:  &h.writeBuffers,
		Subprotocols:     []string{Protocol},
		// The web layer has checked Origin against the viewer's kind already.
		CheckOrigin: func(*http.Request) bool { return true },
		// Compression would defeat the read limit.
		EnableCompression: false,
	}
}

// accept writes the handshake's answer on a connection taken over from the HTTP
// server.
func (h *Hub) accept(conn net.Conn, r *http.Request) (*websocket.Conn, *line, error) {
	c, err := released(conn)
	if err != nil {
		return nil, nil, err
	}
	l := newLine(c)
	ws, err := h.upgrader().Upgrade(&hijacked{recorder{header: http.Header{}}, l}, r, nil)
	if err != nil {
		return nil, nil, err
	}
	ws.SetReadLimit(readLimit)
	return ws, l, nil
}

// released returns the connection below the HTTP server's wrapper. The wrapper's
// buffers are as large as a request may be: held by each idle feed they would be
// most of what it costs. What they have read ahead is read before the rest.
func released(conn net.Conn) (net.Conn, error) {
	w, ok := conn.(interface{ UnsafeConn() net.Conn })
	if !ok {
		return conn, nil
	}
	below := w.UnsafeConn()
	// With the deadline past, reading gives what is buffered and nothing more.
	if err := below.SetReadDeadline(time.Unix(1, 0)); err != nil {
		return nil, err
	}
	var ahead []byte
	for part := make([]byte, 512); ; {
		n, err := conn.Read(part)
		ahead = append(ahead, part[:n]...)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if err := below.SetReadDeadline(time.Time{}); err != nil || len(ahead) == 0 {
		return below, err
	}
	return &taken{below, ahead}, nil
}

// hijacked is a response whose connection is already ours.
type hijacked struct {
	recorder
	conn net.Conn
}

func (h *hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return h.conn, bufio.NewReadWriter(bufio.NewReaderSize(h.conn, 16), bufio.NewWriterSize(h.conn, 16)), nil
}

// taken is a connection of which something has been read already.
type taken struct {
	net.Conn
	ahead []byte
}

// Read is called by one goroutine at a time.
func (t *taken) Read(p []byte) (int, error) {
	if len(t.ahead) == 0 {
		return t.Conn.Read(p)
	}
	n := copy(p, t.ahead)
	t.ahead = t.ahead[n:]
	return n, nil
}
