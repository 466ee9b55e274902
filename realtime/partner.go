package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"slices"
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
	hub *Hub
	// at is the number up to which frames were written; sent by the writer,
	// read by the reader to refuse receipts for what was never sent.
	at reachedNumber
}

// ServePartner runs a partner's connection that the web layer has taken over
// after it checked key, scope, agreement and Origin. It returns when the
// connection has ended. r is a copy of the request that outlives it.
func (h *Hub) ServePartner(nc net.Conn, r *http.Request, a alerts.Actor) {
	ws, err := h.accept(nc, r)
	if err != nil {
		_ = nc.Close()
		return
	}
	c := &partnerConn{conn: newConn(ws, a), hub: h}
	if !h.add(c.conn) {
		c.end(closeTooMany)
		c.finish()
		return
	}
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
// and wait.
func (c *partnerConn) writing(ctx context.Context, cursor string) {
	h := c.hub
	from, err := c.greet(ctx, cursor)
	if err != nil {
		h.o.Log.Warn("partner feed could not start", "partner", c.actor.Partner, "error", err)
		return
	}
	beat := time.NewTimer(heartbeat)
	defer beat.Stop()
	for {
		if from, err = c.flush(ctx, from); err != nil {
			return
		}
		select {
		case <-c.quit:
			return
		case <-c.wake:
		case b := <-c.replies:
			err = c.writeText(b)
		case <-beat.C:
			err = c.beat(ctx, from)
			beat.Reset(heartbeat)
		}
		if err != nil {
			return
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
		if it.Kind == partners.KindAlert && c.mayReceive(it) {
			ids = append(ids, it.AlertID)
		}
	}
	return from, c.writeJSON(resyncFrame{"resync", h.cursor(at), ids})
}

// flush writes everything owed after a number and returns how far it got. What
// comes up while it writes is picked up by the next call.
func (c *partnerConn) flush(ctx context.Context, from uint64) (uint64, error) {
	items := c.hub.o.Partners.Owed(c.actor.Partner, from)
	last := from
	for _, it := range items {
		last = max(last, it.Number)
	}
	if err := c.send(ctx, items, from); err != nil {
		return from, err
	}
	c.at.raise(last)
	return last, nil
}

// send writes items in their order. A frame carries its own number as cursor,
// so that all who are owed it share one rendering; only one that goes ahead of
// others, as withdrawals do, carries a lower cursor: a client that stored it
// and lost the connection gets what was behind it, and this frame again.
func (c *partnerConn) send(ctx context.Context, items []partners.Item, from uint64) error {
	for _, it := range items {
		select {
		case <-c.quit:
			return errEnded
		default:
		}
		now, ok := c.hub.o.Partners.Look(c.actor.Partner, it.AlertID)
		if !ok || now.Number != it.Number || !c.mayReceive(it) {
			continue // it changed meanwhile: the newer item follows
		}
		at := it.Number
		if it.Cursor < it.Number {
			at = max(it.Cursor, from)
		}
		m, err := c.hub.frames.of(ctx, c.actor.Partner, it, at)
		if err != nil {
			c.hub.o.Log.Error("render frame", "alert", it.AlertID, "error", err)
			return err
		}
		c.at.raise(at) // before writing: the receipt may be here before write returns
		if err := c.write(m); err != nil {
			return err
		}
		if it.Kind == partners.KindAlert {
			c.hub.o.Partners.Sent(c.actor.Partner, it.AlertID, it.Revision, c.hub.o.Now())
		}
	}
	return nil
}

var errEnded = errors.New("the connection was ended")

// mayReceive tells whether the key's scope has the alert's level. A withdrawal
// goes to every key of the organisation: it holds nothing, and is owed.
func (c *partnerConn) mayReceive(it partners.Item) bool {
	if it.Kind != partners.KindAlert || len(c.actor.Levels) == 0 {
		return true
	}
	al, err := c.hub.o.Partners.Alert(it)
	return err == nil && slices.Contains(c.actor.Levels, al.Level)
}

func (c *partnerConn) beat(ctx context.Context, from uint64) error {
	at, err := c.hub.o.Journal.At(ctx, from)
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
