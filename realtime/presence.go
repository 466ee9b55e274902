package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"homeward/partners"
)

// Presence is what each node says to the others of who is connected to it. It is
// said anew before it runs out, so that a node that dies is not believed for long.

const (
	presenceKind = "presence"
	presenceKept = 40 * time.Second
	savePresence = 5 * time.Second
)

// presence is one node's side record. Until is in milliseconds since 1970.
type presence struct {
	Until    int64    `json:"u"`
	Partners []string `json:"p"`
}

// present are the organisations with an open connection to this node.
func (h *Hub) present() map[string]bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := map[string]bool{}
	for id := range h.partners {
		if !partners.IsLoopback(id) { // the self-test is nobody's connection
			out[id] = true
		}
	}
	return out
}

// Connected returns the organisations with an open connection to this node or,
// as of a few seconds ago, to another one. With an error it holds those that are
// known.
func (h *Hub) Connected(ctx context.Context) (map[string]bool, error) {
	all := h.present()
	elsewhere, err := h.presentElsewhere(ctx)
	for _, there := range elsewhere {
		maps.Copy(all, there)
	}
	return all, err
}

// presentElsewhere returns who is connected to each other node.
func (h *Hub) presentElsewhere(ctx context.Context) (map[string]map[string]bool, error) {
	out := map[string]map[string]bool{}
	if !h.o.Shared {
		return out, nil
	}
	now := h.o.Now().UnixMilli()
	err := h.o.Positions.EachSide(ctx, presenceKind, func(node string, data []byte) error {
		var p presence
		if err := json.Unmarshal(data, &p); err != nil {
			return fmt.Errorf("read who is connected: %w", err)
		}
		if node == h.o.Node || p.Until <= now {
			return nil
		}
		out[node] = map[string]bool{}
		for _, id := range p.Partners {
			out[node][id] = true
		}
		return nil
	})
	return out, err
}

// SavePresence tells the other nodes who is connected to this one, when that has
// changed or what was said before is half over.
func (h *Hub) SavePresence(ctx context.Context) error {
	if !h.o.Shared {
		return nil
	}
	now := h.o.Now()
	here := slices.Sorted(maps.Keys(h.present()))
	h.positions.mu.Lock()
	said := h.positions.said
	h.positions.mu.Unlock()
	if said.Until > now.Add(presenceKept/2).UnixMilli() && slices.Equal(said.Partners, here) {
		return nil
	}
	until := now.Add(presenceKept)
	said = presence{until.UnixMilli(), here}
	data, err := json.Marshal(said)
	if err != nil {
		return err
	}
	if err := h.o.Positions.PutSide(ctx, presenceKind, h.o.Node, until, data); err != nil {
		return fmt.Errorf("tell who is connected: %w", err)
	}
	h.positions.mu.Lock()
	defer h.positions.mu.Unlock()
	h.positions.said = said
	return nil
}
