package realtime

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"homeward/partners"
)

// perPusher is how many connections make another goroutine worth starting.
const perPusher = 32

// WakePartners lets the connections of these organisations write what they are
// owed. It does not wait for them.
//
// Waking a goroutine for each of thousands costs about as much as writing to
// it. So a few goroutines write for all, each frame only where there is room
// for it at once; every other connection is woken and writes for itself.
func (h *Hub) WakePartners(ids []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopping {
		return
	}
	conns := make([]*partnerConn, 0, len(ids))
	for _, id := range ids {
		conns = append(conns, h.partners[id]...)
	}
	var next atomic.Int64
	writing := &sync.WaitGroup{}
	for range min(runtime.GOMAXPROCS(0), (len(conns)+perPusher-1)/perPusher) {
		writing.Add(1)
		h.running.Go(func() {
			p := pusher{hub: h, now: newNowWriter()}
			for i := next.Add(1) - 1; i < int64(len(conns)); i = next.Add(1) - 1 {
				conns[i].push(&p)
			}
			writing.Done()
			// Receipts wait until the last frame is out.
			writing.Wait()
			p.report()
		})
	}
}

// pusher is one goroutine that writes to many connections.
type pusher struct {
	hub  *Hub
	now  *nowWriter
	sent []sentFrame
}

type sentFrame struct {
	partner, alert string
	revision       int
	at             time.Time
}

func (p *pusher) report() {
	for _, s := range p.sent {
		p.hub.o.Partners.Sent(s.partner, s.alert, s.revision, s.at)
	}
}

// push writes what the connection is owed if that is one frame for which there
// is room now, and leaves anything else to its writer.
func (c *partnerConn) push(p *pusher) {
	if !c.writes.TryLock() {
		c.nudge()
		return
	}
	done := c.pushed(p)
	c.writes.Unlock()
	if !done {
		c.nudge()
	}
}

func (c *partnerConn) pushed(p *pusher) bool {
	if c.ended() || c.half != nil {
		return false
	}
	items := c.hub.o.Partners.Owed(c.actor.Partner, c.from)
	if len(items) != 1 {
		return len(items) == 0 && !c.refers()
	}
	it := items[0]
	it, ok := c.through(it)
	if !ok {
		c.from = items[0].Number
		c.at.raise(c.from)
		return true
	}
	f, err := c.hub.frames.of(context.Background(), c.actor.Partner, it, it.Number)
	if err != nil {
		return false // the writer meets it again and says so
	}
	c.at.raise(it.Number) // before writing: the receipt may be here before it returns
	n := c.line.writeNow(p.now, f.bytes)
	if n == 0 {
		return false
	}
	c.from = it.Number
	if n < len(f.bytes) {
		cut := it
		c.half = &cut
		return false
	}
	now := c.hub.o.Now()
	c.done.wrote(it.Number, now)
	if it.Kind == partners.KindAlert {
		p.sent = append(p.sent, sentFrame{c.actor.Partner, it.AlertID, it.Revision, now})
	}
	return !c.refers()
}

// finishHalf writes the rest of a frame that did not fit.
func (c *partnerConn) finishHalf() error {
	if c.half == nil {
		return nil
	}
	if err := c.line.finish(writeWait); err != nil {
		c.failed(err)
		return err
	}
	if it := c.half; it.Kind == partners.KindAlert {
		c.hub.o.Partners.Sent(c.actor.Partner, it.AlertID, it.Revision, c.hub.o.Now())
	}
	c.half = nil
	return nil
}
