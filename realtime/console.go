package realtime

import (
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"homeward/alerts"
	"homeward/journal"
)

// Console says what a member of staff may hear of.
type Console interface {
	// MayHear tells whether changes of this document may be named to a viewer,
	// and which case it belongs to ("" for none). Only ids are ever sent: the
	// page fetches what it shows, and that read is checked and recorded.
	MayHear(a alerts.Actor, k journal.Key) (caseID string, ok bool)
	// Concerned returns the partners that a batch of changes gives something to
	// read or takes something from.
	Concerned(batch []journal.Installed) []string
}

// changedFrame names what has changed; the page asks again for what it shows.
type changedFrame struct {
	Type     string        `json:"type"`
	Position uint64        `json:"position"`
	Changed  []changedItem `json:"changed"`
}

type changedItem struct {
	Collection string `json:"collection"`
	ID         string `json:"id"`
	CaseID     string `json:"case_id,omitempty"`
}

// consoleKept bounds what a console connection keeps while it is behind: past
// it the page is told that anything may have changed.
const consoleKept = 256

// consoleConn is a connection of the console. Unlike a partner's it has no
// cursor: after a reconnect the page fetches everything it shows.
type consoleConn struct {
	*conn
	mu       sync.Mutex
	keys     []journal.Key
	overflow bool
	position uint64
}

// ServeConsole runs a console connection that the web layer has taken over. It
// returns when the connection has ended.
func (h *Hub) ServeConsole(nc net.Conn, r *http.Request, a alerts.Actor) {
	ws, _, err := h.accept(nc, r)
	if err != nil {
		_ = nc.Close()
		return
	}
	a.Partner = "" // a partner's people have the partner feed
	c := &consoleConn{conn: newConn(ws, a)}
	c.conn.console = c
	if !h.add(c.conn) {
		c.end(closeTooMany)
		c.finish()
		return
	}
	defer h.remove(c.conn)
	written := make(chan struct{})
	go func() {
		defer close(written)
		defer c.finish()
		c.writing(h)
	}()
	c.draining()
	c.end(websocket.CloseNormalClosure)
	<-written
}

// draining reads and ignores: the console only listens.
func (c *consoleConn) draining() {
	alive := func(string) error { return c.ws.SetReadDeadline(time.Now().Add(readWait)) }
	_ = alive("")
	c.ws.SetPongHandler(alive)
	for {
		_, r, err := c.ws.NextReader()
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			return
		}
	}
}

func (c *consoleConn) writing(h *Hub) {
	hello := changedFrame{"hello", h.o.Journal.Tip().Number, []changedItem{}}
	if c.writeJSON(hello) != nil {
		return
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-c.quit:
			return
		case <-beat.C:
			if c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait)) != nil {
				return
			}
		case <-c.wake:
			if f := c.take(h); f != nil && c.writeJSON(f) != nil {
				return
			}
		}
	}
}

// take returns the frame for everything noted since the last one, or nil when
// the viewer may hear of none of it.
func (c *consoleConn) take(h *Hub) *changedFrame {
	c.mu.Lock()
	keys, overflow, position := c.keys, c.overflow, c.position
	c.keys, c.overflow = nil, false
	c.mu.Unlock()
	if overflow {
		return &changedFrame{"resync", position, []changedItem{}}
	}
	f := &changedFrame{"changed", position, []changedItem{}}
	seen := map[journal.Key]bool{}
	for _, k := range keys {
		if seen[k] {
			continue
		}
		seen[k] = true
		if caseID, ok := h.o.Console.MayHear(c.actor, k); ok {
			f.Changed = append(f.Changed, changedItem{k.Collection, k.ID, caseID})
		}
	}
	if len(f.Changed) == 0 {
		return nil
	}
	return f
}

func (c *consoleConn) note(position uint64, keys []journal.Key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.position = position
	if len(c.keys)+len(keys) > consoleKept {
		c.keys, c.overflow = nil, true
	} else {
		c.keys = append(c.keys, keys...)
	}
	c.nudge()
}

// Installed wakes the connections that a batch of changes concerns. Subscribe
// it to the journal.
func (h *Hub) Installed(batch []journal.Installed) {
	var keys []journal.Key
	for i := range batch {
		c := &batch[i].Change
		h.frames.seen(journal.Position{Number: c.Number, Chain: c.Chain})
		for _, l := range c.Lines {
			keys = append(keys, l.Key)
		}
	}
	h.WakePartners(h.o.Console.Concerned(batch))
	position := batch[len(batch)-1].Change.Number
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.console {
		c.console.note(position, keys)
	}
}
