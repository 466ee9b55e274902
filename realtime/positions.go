package realtime

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// Positions are side records: neither change nor proof, but what a person looks
// at to see whether a partner's program is there and how far it has come. Each
// node keeps one record of all that it served.

const (
	positionKind  = "positions"
	positionsKept = 90 * 24 * time.Hour
	savePositions = 30 * time.Second
)

// PositionHome keeps side records, see store.Store.
type PositionHome interface {
	PutSide(ctx context.Context, kind, id string, expires time.Time, data []byte) error
	EachSide(ctx context.Context, kind string, each func(id string, data []byte) error) error
}

// progress is how far one connection has come. The writer and the reader of the
// connection set it, whoever asks reads it.
type progress struct {
	written, writtenAt, confirmed, confirmedAt reachedNumber
}

func (p *progress) wrote(n uint64, at time.Time) {
	if n > p.written.n.Load() {
		p.written.raise(n)
		p.writtenAt.raise(uint64(at.UnixMilli()))
	}
}

func (p *progress) stored(n uint64, at time.Time) {
	p.confirmed.raise(n)
	p.confirmedAt.raise(uint64(at.UnixMilli()))
}

// kept is what a node keeps of one key of a partner, or of its people in a
// browser, whose key is empty. Times are milliseconds since 1970, 0 for none.
type kept struct {
	Partner     string `json:"p"`
	Key         string `json:"k"`
	Since       int64  `json:"s"`
	Until       int64  `json:"u,omitempty"`
	Written     uint64 `json:"w,omitempty"`
	WrittenAt   int64  `json:"wt,omitempty"`
	Confirmed   uint64 `json:"c,omitempty"`
	ConfirmedAt int64  `json:"ct,omitempty"`
	Open        int    `json:"o,omitempty"`
}

func (k *kept) id() [2]string { return [2]string{k.Partner, k.Key} }

// last is when anything was heard of it.
func (k *kept) last() int64 { return max(k.Since, k.Until, k.WrittenAt, k.ConfirmedAt) }

// join takes what another entry of the same key knows better. Nothing is told
// back: a number that was reached stays so.
func (k *kept) join(o *kept) {
	if o.Written > k.Written {
		k.Written, k.WrittenAt = o.Written, o.WrittenAt
	}
	if o.Confirmed > k.Confirmed || o.Confirmed == k.Confirmed && o.ConfirmedAt > k.ConfirmedAt {
		k.Confirmed, k.ConfirmedAt = o.Confirmed, o.ConfirmedAt
	}
	k.Open += o.Open
	k.Since, k.Until = max(k.Since, o.Since), max(k.Until, o.Until)
}

func (c *partnerConn) kept() *kept {
	return &kept{
		Partner: c.actor.Partner, Key: keyOf(c.actor), Since: c.since.UnixMilli(), Open: 1,
		Written: c.done.written.n.Load(), WrittenAt: int64(c.done.writtenAt.n.Load()),
		Confirmed: c.done.confirmed.n.Load(), ConfirmedAt: int64(c.done.confirmedAt.n.Load()),
	}
}

// keyOf is the key of a program; a person's session is nobody's business.
func keyOf(a alerts.Actor) string {
	if a.Kind == alerts.KindPartner {
		return a.Session
	}
	return ""
}

// positions are of the connections that have ended, by partner and key, and the
// record that was written last.
type positions struct {
	mu    sync.Mutex
	ended map[[2]string]*kept
	wrote string
	said  presence
}

func (p *positions) add(k *kept) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if was := p.ended[k.id()]; was != nil {
		k.join(was)
	}
	p.ended[k.id()] = k
}

// gone keeps what a connection that has ended had reached.
func (h *Hub) gone(c *partnerConn) {
	if partners.IsLoopback(c.actor.Partner) {
		return
	}
	k := c.kept()
	k.Open, k.Until = 0, h.o.Now().UnixMilli()
	h.positions.add(k)
}

// local is what this node knows, of one partner or, with "", of all.
func (h *Hub) local(partner string) map[[2]string]*kept {
	out := map[[2]string]*kept{}
	join := func(k *kept) {
		if was := out[k.id()]; was != nil {
			k.join(was)
		}
		out[k.id()] = k
	}
	h.positions.mu.Lock()
	for _, k := range h.positions.ended {
		if partner == "" || partner == k.Partner {
			one := *k
			join(&one)
		}
	}
	h.positions.mu.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	for id, set := range h.partners {
		if partner != "" && partner != id || partners.IsLoopback(id) {
			continue
		}
		for _, c := range set {
			join(c.kept())
		}
	}
	return out
}

// Positions returns how far each key of a partner has come, on this node and,
// as of their last record, on the others; the newest first.
func (h *Hub) Positions(ctx context.Context, partner string) ([]partners.FeedPosition, error) {
	all := h.local(partner)
	there, err := h.presentElsewhere(ctx)
	if err != nil {
		return nil, err
	}
	err = h.others(ctx, func(node string, k *kept) {
		if k.Partner != partner {
			return
		}
		if k.Open > 0 && !there[node][partner] { // it has gone since, or the node has
			k.Open, k.Until = 0, k.last()
		}
		if here := all[k.id()]; here != nil {
			here.join(k)
		} else {
			all[k.id()] = k
		}
	})
	out := []partners.FeedPosition{}
	for _, k := range all {
		out = append(out, k.view())
	}
	slices.SortFunc(out, func(a, b partners.FeedPosition) int {
		return cmp.Or(cmp.Compare(b.Connections, a.Connections), b.Since.Compare(*a.Since), cmp.Compare(a.Key, b.Key))
	})
	return out, err
}

func (h *Hub) others(ctx context.Context, each func(node string, k *kept)) error {
	if h.o.Positions == nil {
		return nil
	}
	return h.o.Positions.EachSide(ctx, positionKind, func(node string, data []byte) error {
		if node == h.o.Node {
			return nil
		}
		return eachKept(data, func(k *kept) { each(node, k) })
	})
}

func eachKept(data []byte, each func(*kept)) error {
	var all []*kept
	if err := json.Unmarshal(data, &all); err != nil {
		return fmt.Errorf("read positions: %w", err)
	}
	for _, k := range all {
		each(k)
	}
	return nil
}

func (k *kept) view() partners.FeedPosition {
	p := partners.FeedPosition{
		Key: k.Key, Connections: k.Open, Since: instant(k.Since),
		Written: k.Written, WrittenAt: instant(k.WrittenAt), Confirmed: k.Confirmed, ConfirmedAt: instant(k.ConfirmedAt),
	}
	if k.Open == 0 {
		p.Until = instant(k.Until)
	}
	return p
}

func instant(ms int64) *time.Time {
	if ms == 0 {
		return nil
	}
	t := time.UnixMilli(ms).UTC()
	return &t
}

// LoadPositions reads what this node kept when it last ran.
func (h *Hub) LoadPositions(ctx context.Context) error {
	if h.o.Positions == nil {
		return nil
	}
	return h.o.Positions.EachSide(ctx, positionKind, func(node string, data []byte) error {
		if node != h.o.Node {
			return nil
		}
		return eachKept(data, func(k *kept) {
			if k.Open > 0 { // it was open when the node stopped
				k.Open, k.Until = 0, k.last()
			}
			h.positions.add(k)
		})
	})
}

// Save writes this node's positions if they have changed.
func (h *Hub) Save(ctx context.Context) error {
	now := h.o.Now()
	oldest := now.Add(-positionsKept).UnixMilli()
	all := []*kept{}
	for _, k := range h.local("") {
		if k.Open > 0 {
			k.Until = 0
		}
		if k.Open > 0 || k.last() >= oldest {
			all = append(all, k)
		}
	}
	slices.SortFunc(all, func(a, b *kept) int {
		return cmp.Or(cmp.Compare(a.Partner, b.Partner), cmp.Compare(a.Key, b.Key))
	})
	data, err := json.Marshal(all)
	if err != nil {
		return err
	}
	h.positions.mu.Lock()
	same := h.positions.wrote == string(data)
	h.positions.mu.Unlock()
	if same || h.o.Positions == nil {
		return nil
	}
	if err := h.o.Positions.PutSide(ctx, positionKind, h.o.Node, now.Add(positionsKept), data); err != nil {
		return fmt.Errorf("keep positions: %w", err)
	}
	h.positions.mu.Lock()
	defer h.positions.mu.Unlock()
	h.positions.wrote = string(data)
	return nil
}

// SaveEach saves positions twice a minute, and who is connected every few
// seconds, until ctx ends; save both once more when the connections have ended.
func (h *Hub) SaveEach(ctx context.Context) {
	positions, presence := time.NewTicker(savePositions), time.NewTicker(savePresence)
	defer positions.Stop()
	defer presence.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-positions.C:
			err = h.Save(ctx)
		case <-presence.C:
			err = h.SavePresence(ctx)
		}
		if err != nil && ctx.Err() == nil {
			h.o.Log.Warn("positions of partners are not kept", "error", err)
		}
	}
}
