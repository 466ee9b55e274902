package realtime

import (
	"bufio"
	"errors"
	"net"
	"net/http"
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
func (h *Hub) accept(conn net.Conn, r *http.Request) (*websocket.Conn, error) {
	c := taken{Conn: conn, direct: conn}
	// The server hands out a pooled wrapper whose Close does nothing and which
	// goes to another connection later: only reading may use it, because it
	// holds bytes read ahead. Everything else goes to the connection below.
	if w, ok := conn.(interface{ UnsafeConn() net.Conn }); ok {
		c.direct = w.UnsafeConn()
	}
	ws, err := h.upgrader().Upgrade(&hijacked{recorder{header: http.Header{}}, c}, r, nil)
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(readLimit)
	return ws, nil
}

// hijacked is a response whose connection is already ours.
type hijacked struct {
	recorder
	conn taken
}

func (h *hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return h.conn, bufio.NewReadWriter(bufio.NewReaderSize(h.conn, 16), bufio.NewWriterSize(h.conn, 16)), nil
}

// taken reads through the wrapper and does everything else directly.
type taken struct {
	net.Conn
	direct net.Conn
}

func (t taken) Write(b []byte) (int, error)        { return t.direct.Write(b) }
func (t taken) Close() error                       { return t.direct.Close() }
func (t taken) SetDeadline(d time.Time) error      { return t.direct.SetDeadline(d) }
func (t taken) SetReadDeadline(d time.Time) error  { return t.direct.SetReadDeadline(d) }
func (t taken) SetWriteDeadline(d time.Time) error { return t.direct.SetWriteDeadline(d) }
