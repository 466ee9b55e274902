package realtime

import (
	"context"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
)

const (
	writeWait = 10 * time.Second // a frame that takes longer: the peer is too slow
	heartbeat = 25 * time.Second
	readWait  = 60 * time.Second // silence longer than this: the peer is gone
	readLimit = 64 << 10
)

// Close codes of the contract: after 1001 and 4000 a client comes back, after
// 4001 it does not.
const (
	CloseStopping  = websocket.CloseGoingAway
	CloseTooSlow   = 4000
	CloseKeyEnded  = 4001
	closeTooMany   = 4002
	maxConnsPerKey = 64
)

// Options are what a Hub works with.
type Options struct {
	Partners Partners
	Console  Console
	// StillMay tells whether an actor's key, session, account and agreement are
	// good now.
	StillMay func(alerts.Actor) bool
	// Position is the journal, for cursors.
	Journal Journal
	// Seal and Open protect cursors with the installation's key.
	Seal Sealer
	// Positions keeps how far partners have come, under the name of this Node;
	// nil keeps it in memory.
	Positions PositionHome
	Node      string
	// Shared says that other nodes serve the same partners, which are told through
	// Positions who is connected here.
	Shared bool
	Log    *slog.Logger
	Now    func() time.Time
}

// Journal is what the hub reads of the journal.
type Journal interface {
	Tip() journal.Position
	At(ctx context.Context, number uint64) (journal.Position, error)
}

// Sealer makes and opens small authenticated tokens.
type Sealer interface {
	SealToken(plain []byte) []byte
	OpenToken(sealed []byte) ([]byte, error)
}

// Hub holds the open connections and wakes them. It is safe for concurrent use.
type Hub struct {
	o            Options
	writeBuffers sync.Pool
	frames       *frames
	positions    positions
	stop         chan struct{}
	running      sync.WaitGroup

	mu       sync.Mutex
	stopping bool
	partners map[string][]*partnerConn // by organisation
	console  map[*conn]struct{}
	keys     map[string]int // open connections by session or key
}

// NewHub returns a hub. Run its Watch, and subscribe Installed to the journal.
func NewHub(o Options) *Hub {
	h := &Hub{
		o:        o,
		stop:     make(chan struct{}),
		partners: map[string][]*partnerConn{},
		console:  map[*conn]struct{}{},
		keys:     map[string]int{},
	}
	h.frames = newFrames(h)
	h.positions.ended = map[[2]string]*kept{}
	return h
}

// conn is one open connection. Its reader runs in the goroutine that the HTTP
// server gave, its writer in one of its own; only the writer writes frames.
type conn struct {
	ws    *websocket.Conn
	actor alerts.Actor
	// wake holds at most one signal: more would say nothing more. A partner's
	// writer waits on it alone, so whatever it is to see is signalled here too.
	wake chan struct{}
	// quit is closed by the first to end the connection; code says why.
	quit chan struct{}
	once sync.Once
	code int
	// console is set for connections of the console, partner for the others.
	console *consoleConn
	partner *partnerConn
	// replies carries answers of the reader to what the peer sent.
	replies chan []byte
}

func newConn(ws *websocket.Conn, a alerts.Actor) *conn {
	return &conn{ws: ws, actor: a, wake: make(chan struct{}, 1), quit: make(chan struct{}), replies: make(chan []byte, 4)}
}

func (c *conn) nudge() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// end makes the connection close with a code; the first call counts.
func (c *conn) end(code int) {
	c.once.Do(func() {
		c.code = code
		close(c.quit)
	})
	c.nudge()
}

// ended tells whether the connection is to close.
func (c *conn) ended() bool {
	select {
	case <-c.quit:
		return true
	default:
		return false
	}
}

// write sends one prepared frame. An error means that the connection is dead.
func (c *conn) write(m *websocket.PreparedMessage) error {
	if err := c.ws.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return err
	}
	err := c.ws.WritePreparedMessage(m)
	c.failed(err)
	return err
}

// failed notes what an error of writing says about the peer.
func (c *conn) failed(err error) {
	if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
		c.end(CloseTooSlow)
	}
}

func (c *conn) writeText(b []byte) error {
	m, err := websocket.NewPreparedMessage(websocket.TextMessage, b)
	if err != nil {
		return err
	}
	return c.write(m)
}

// finish tells the peer why and closes the connection.
func (c *conn) finish() {
	c.end(websocket.CloseNormalClosure)
	message := websocket.FormatCloseMessage(c.code, "")
	_ = c.ws.WriteControl(websocket.CloseMessage, message, time.Now().Add(time.Second))
	_ = c.ws.Close()
}

// add registers a connection; it returns false when the hub is stopping or the
// key has too many open.
func (h *Hub) add(c *conn) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopping || h.keys[c.actor.Session] >= maxConnsPerKey && c.actor.Session != "" {
		return false
	}
	h.running.Add(1)
	h.keys[c.actor.Session]++
	if c.actor.Partner == "" {
		h.console[c] = struct{}{}
		return true
	}
	h.partners[c.actor.Partner] = append(h.partners[c.actor.Partner], c.partner)
	return true
}

func (h *Hub) remove(c *conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.keys[c.actor.Session]--; h.keys[c.actor.Session] <= 0 {
		delete(h.keys, c.actor.Session)
	}
	delete(h.console, c)
	if set := h.partners[c.actor.Partner]; set != nil {
		if set = slices.DeleteFunc(set, func(o *partnerConn) bool { return o.conn == c }); len(set) == 0 {
			delete(h.partners, c.actor.Partner)
		} else {
			h.partners[c.actor.Partner] = set
		}
	}
	h.running.Done()
}

// Revoked closes every connection that came in with this session or key.
func (h *Hub) Revoked(session string) {
	h.each(func(c *conn) {
		if c.actor.Session == session {
			c.end(CloseKeyEnded)
		}
	})
}

func (h *Hub) each(fn func(*conn)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.console {
		fn(c)
	}
	for _, set := range h.partners {
		for _, c := range set {
			fn(c.conn)
		}
	}
}

// Counts returns how many partner and console connections are open.
func (h *Hub) Counts() (partner, console int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for id, set := range h.partners {
		if !partners.IsLoopback(id) { // the self-test is nobody's connection
			partner += len(set)
		}
	}
	return partner, len(h.console)
}

// Watch closes connections whose key, session, account or agreement has ended,
// within a second of it, until ctx ends.
func (h *Hub) Watch(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			h.recheck(h.o.Now())
		}
	}
}

func (h *Hub) recheck(now time.Time) {
	h.each(func(c *conn) {
		ended := !c.actor.ExpiresAt.IsZero() && !now.Before(c.actor.ExpiresAt)
		if ended || !h.o.StillMay(c.actor) {
			c.end(CloseKeyEnded)
		}
	})
}

// Stop refuses new connections, closes the open ones with 1001 and returns when
// all have ended, or with the error of ctx.
func (h *Hub) Stop(ctx context.Context) error {
	h.mu.Lock()
	h.stopping = true
	h.mu.Unlock()
	h.each(func(c *conn) { c.end(CloseStopping) })
	ended := make(chan struct{})
	go func() { h.running.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
