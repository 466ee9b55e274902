package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"homeward/alerts"
	"homeward/partners"
)

// Partners is what the partner feed reads and reports to.
type Partners interface {
	// Address commits, before anything is sent, that this partner is told of
	// the live alerts that it should see.
	Address(ctx context.Context, a alerts.Actor) error
	// Owed lists what the partner has not seen after a number, withdrawals
	// first; Unconfirmed the withdrawals still owed whatever was seen; Look how
	// it stands with one alert at this moment.
	Owed(partner string, after uint64) []partners.Item
	Unconfirmed(partner string) []partners.Item
	Look(partner, alertID string) (partners.Item, bool)
	// Through is an item as one key of the organisation sees it, false for nothing.
	Through(a alerts.Actor, it partners.Item) (partners.Item, bool)
	// Waiting are the referrals that wait for the organisation's answer.
	Waiting(a alerts.Actor) []partners.WaitingReferral
	// ReferralPage is the address of one.
	ReferralPage(id string) string
	// Invitations are the conferences of which the organisation has to be told;
	// ConferencePage is the address of one.
	Invitations(a alerts.Actor) []partners.WaitingReferral
	ConferencePage(id string) string
	// Alert and Withdrawal give the body of a frame.
	Alert(it partners.Item) (alerts.PartnerAlert, error)
	Withdrawal(partner string, it partners.Item) (partners.Withdrawal, error)
	// Sent and Received note for the ledger, together with others, what went
	// out and what a partner's program says it has stored.
	Sent(partner, alertID string, revision int, at time.Time)
	Received(partner, alertID string, revision int, at time.Time)
	// Act carries out what a partner's people say: opened, answer, done or
	// removed.
	Act(ctx context.Context, a alerts.Actor, what, alertID string, in partners.Act) error
}

// partnerConn is one connection of a partner organisation.
type partnerConn struct {
	*conn
	hub  *Hub
	line *line
	// writes is held while frames are written; all below is guarded by it.
	writes sync.Mutex
	// from is the number up to which everything owed has been written.
	from uint64
	// half is the frame of which only the beginning has been written.
	half *partners.Item
	// asked are the referrals and conferences that were written, with their change.
	asked map[string]uint64
	// at is the number up to which frames were written; sent by the writer,
	// read by the reader to refuse receipts for what was never sent.
	at reachedNumber
	// since is when it was accepted; done is what has been written on it, and
	// what the other side says it has stored.
	since time.Time
	done  progress
}

// ServePartner runs a partner's connection that the web layer has taken over
// after it checked key, scope, agreement and Origin. It returns when the
// connection has ended. r is a copy of the request that outlives it.
func (h *Hub) ServePartner(nc net.Conn, r *http.Request, a alerts.Actor) {
	ws, line, err := h.accept(nc, r)
	if err != nil {
		_ = nc.Close()
		return
	}
	c := &partnerConn{conn: newConn(ws, a), hub: h, line: line, since: h.o.Now()}
	c.conn.partner = c
	if !h.add(c.conn) {
		c.end(closeTooMany)
		c.finish()
		return
	}
	defer h.gone(c)
	defer h.remove(c.conn)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	written := make(chan struct{})
	cursor := r.URL.Query().Get("cursor") // all that is kept of the request
	go func() {
		defer close(written)
		defer c.finish()
		c.writing(ctx, cursor)
	}()
	c.reading(ctx)
	c.end(websocket.CloseNormalClosure)
	<-written
}

// writing is the loop of the writer: greet, then read what is owed, write it,
// and wait. Only while it waits may others write; when it has returned nobody
// does.
func (c *partnerConn) writing(ctx context.Context, cursor string) {
	h := c.hub
	c.writes.Lock()
	var err error
	if c.from, err = c.greet(ctx, cursor); err != nil {
		h.o.Log.Warn("partner feed could not start", "partner", c.actor.Partner, "error", err)
		return
	}
	var due atomic.Bool
	beat := time.AfterFunc(heartbeat, func() { due.Store(true); c.nudge() })
	defer beat.Stop()
	for {
		if err = c.flush(ctx); err != nil {
			return
		}
		c.writes.Unlock()
		// One channel for everything: waiting on several costs a release to
		// thousands more than all else that is done for one of them.
		<-c.wake
		c.writes.Lock()
		if c.ended() || c.answer() != nil {
			return
		}
		if due.CompareAndSwap(true, false) {
			if err = c.beat(ctx); err != nil {
				return
			}
			beat.Reset(heartbeat)
		}
	}
}

// answer writes the answers that wait.
func (c *conn) answer() error {
	for {
		select {
		case b := <-c.replies:
			if err := c.writeText(b); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

// greet addresses the partner with what it should see, says hello, and where
// the cursor is not ours, resync. Withdrawals that were never confirmed go
// first, whatever the cursor. It returns the number to go on from.
func (c *partnerConn) greet(ctx context.Context, cursor string) (uint64, error) {
	h := c.hub
	if err := h.o.Partners.Address(ctx, c.actor); err != nil {
		return 0, err
	}
	from, err := uint64(0), ErrCursor
	if cursor != "" {
		from, err = h.number(ctx, cursor)
	}
	again := errors.Is(err, ErrCursor)
	if err != nil && !again {
		return 0, err
	}
	at, err := h.o.Journal.At(ctx, from)
	if err != nil {
		return 0, err
	}
	c.at.raise(from)
	hello := helloFrame{"hello", c.actor.Partner, h.cursor(at), int(heartbeat / time.Second)}
	if err := c.writeJSON(hello); err != nil {
		return 0, err
	}
	if !again {
		old := slices.DeleteFunc(h.o.Partners.Unconfirmed(c.actor.Partner), func(it partners.Item) bool { return it.Number > from })
		return from, c.send(ctx, old, from)
	}
	ids := []string{}
	for _, it := range h.o.Partners.Owed(c.actor.Partner, 0) {
		if it, ok := c.through(it); ok && it.Kind == partners.KindAlert {
			ids = append(ids, it.AlertID)
		}
	}
	return from, c.writeJSON(resyncFrame{"resync", h.cursor(at), ids})
}

// flush writes everything that is owed. What comes up while it writes is picked
// up by the next call.
func (c *partnerConn) flush(ctx context.Context) error {
	if err := c.finishHalf(); err != nil {
		return err
	}
	items := c.hub.o.Partners.Owed(c.actor.Partner, c.from)
	last := c.from
	for _, it := range items {
		last = max(last, it.Number)
	}
	if err := c.send(ctx, items, c.from); err != nil {
		return err
	}
	c.at.raise(last)
	c.from = last
	c.done.wrote(last, c.hub.o.Now())
	return c.refer()
}

// send writes items in their order. A frame carries its own number as cursor,
// so that all who are owed it share one rendering; only one that goes ahead of
// others, as withdrawals do, carries a lower cursor: a client that stored it
// and lost the connection gets what was behind it, and this frame again.
func (c *partnerConn) send(ctx context.Context, items []partners.Item, from uint64) error {
	for i, it := range items {
		if c.ended() {
			return errEnded
		}
		if i > 0 { // the first has just been looked at; writing it may have taken long
			now, ok := c.hub.o.Partners.Look(c.actor.Partner, it.AlertID)
			if !ok || now.Number != it.Number {
				continue // it changed meanwhile: the newer item follows
			}
		}
		it, ok := c.through(it)
		if !ok {
			continue
		}
		at := it.Number
		if it.Cursor < it.Number {
			at = max(it.Cursor, from)
		}
		f, err := c.hub.frames.of(ctx, c.actor.Partner, it, at)
		if err != nil {
			c.hub.o.Log.Error("render frame", "alert", it.AlertID, "error", err)
			return err
		}
		c.at.raise(at) // before writing: the receipt may be here before write returns
		if err := c.write(f.message); err != nil {
			return err
		}
		if it.Kind == partners.KindAlert {
			c.hub.o.Partners.Sent(c.actor.Partner, it.AlertID, it.Revision, c.hub.o.Now())
		}
	}
	return nil
}

var errEnded = errors.New("the connection was ended")

// through is an item as the key of this connection sees it: what is outside its
// levels and areas is not for it.
func (c *partnerConn) through(it partners.Item) (partners.Item, bool) {
	return c.hub.o.Partners.Through(c.actor, it)
}

func (c *partnerConn) beat(ctx context.Context) error {
	at, err := c.hub.frames.place(ctx, c.from)
	if err != nil {
		return err
	}
	if err := c.writeJSON(heartbeatFrame{"heartbeat", c.hub.cursor(at)}); err != nil {
		return err
	}
	return c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait))
}

func (c *conn) writeJSON(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return c.writeText(b)
}
