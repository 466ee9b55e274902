package realtime

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"

	"homeward/alerts"
	"homeward/partners"
)

// act is what a partner sends.
type act struct {
	Type     string `json:"type"`
	Cursor   string `json:"cursor"`
	AlertID  string `json:"alert_id"`
	Revision int    `json:"revision"`
	By       string `json:"by"`
	Answer   string `json:"answer"`
	Reason   string `json:"reason"`
	Outcome  string `json:"outcome"`
	// Counts are the outcome in numbers.
	Counts partners.DoneCounts `json:"counts"`
}

// reachedNumber is a number that only rises.
type reachedNumber struct{ n atomic.Uint64 }

func (r *reachedNumber) raise(n uint64) {
	for {
		old := r.n.Load()
		if n <= old || r.n.CompareAndSwap(old, n) {
			return
		}
	}
}

// reading takes what the partner sends until the connection ends. It must
// always run: it is what sees pongs, closes, and silence.
func (c *partnerConn) reading(ctx context.Context) {
	alive := func(string) error { return c.ws.SetReadDeadline(time.Now().Add(readWait)) }
	_ = alive("")
	c.ws.SetPongHandler(alive)
	for {
		kind, r, err := c.ws.NextReader()
		if err != nil {
			return
		}
		body, err := io.ReadAll(r)
		if err != nil {
			return
		}
		_ = alive("")
		if kind != websocket.TextMessage || !utf8.Valid(body) {
			c.end(websocket.CloseInvalidFramePayloadData)
			return
		}
		if !c.reply(c.handle(ctx, body)) {
			return
		}
	}
}

// reply hands an answer to the writer. A peer that sends faster than it reads
// answers is cut rather than remembered.
func (c *conn) reply(v any) bool {
	if v == nil {
		return true
	}
	b, err := json.Marshal(v)
	if err != nil {
		return true
	}
	t := time.NewTimer(writeWait)
	defer t.Stop()
	select {
	case c.replies <- b:
		c.nudge()
		return true
	case <-c.quit:
		return false
	case <-t.C:
		c.end(CloseTooSlow)
		return false
	}
}

// handle carries out one act and returns the frame to answer with, or nil.
func (c *partnerConn) handle(ctx context.Context, body []byte) any {
	var a act
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil {
		return errorFrame{"error", "invalid", "This is not one JSON object with known fields."}
	}
	if a.Type == "received" {
		return c.received(ctx, a)
	}
	if !slices.Contains([]string{"opened", "answer", "done", "removed"}, a.Type) {
		return errorFrame{"error", "invalid", "The type is none of received, opened, answer, done, removed."}
	}
	in := partners.Act{Revision: a.Revision, By: a.By, Answer: partners.DeliveryState(a.Answer), Reason: a.Reason, Outcome: a.Outcome, Counts: a.Counts, Channel: "websocket"}
	if err := c.hub.o.Partners.Act(ctx, c.actor, a.Type, a.AlertID, in); err != nil {
		return c.refusal(err)
	}
	return okFrame{"ok", a.Type, a.AlertID}
}

// received notes a receipt: everything up to the cursor is stored by the
// partner's program. It never follows from a write that went through.
func (c *partnerConn) received(ctx context.Context, a act) any {
	n, err := c.hub.number(ctx, a.Cursor)
	if err != nil || n > c.at.n.Load() {
		return errorFrame{"error", "invalid", "The cursor is none that was sent on this connection."}
	}
	now := c.hub.o.Now()
	c.done.stored(n, now)
	for _, it := range c.hub.o.Partners.Owed(c.actor.Partner, 0) {
		if it, ok := c.through(it); ok && it.Number <= n && it.Kind == partners.KindAlert {
			c.hub.o.Partners.Received(c.actor.Partner, it.AlertID, it.Revision, now)
		}
	}
	return nil
}

// refusal is the frame for an error; what is not meant for people stays in the
// log.
func (c *partnerConn) refusal(err error) any {
	var e *alerts.Error
	if errors.As(err, &e) {
		return errorFrame{"error", string(e.Code), e.Message}
	}
	c.hub.o.Log.Error("partner act", "partner", c.actor.Partner, "error", err)
	return errorFrame{"error", "internal", "Something went wrong here. Try again."}
}
