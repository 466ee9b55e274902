package realtime

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"sync"

	"github.com/gorilla/websocket"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
)

// The frames of the partner feed, one JSON object each.
type (
	helloFrame struct {
		Type       string `json:"type"`
		Partner    string `json:"partner"`
		Cursor     string `json:"cursor"`
		HeartbeatS int    `json:"heartbeat_s"`
	}
	resyncFrame struct {
		Type     string   `json:"type"`
		Cursor   string   `json:"cursor"`
		AlertIDs []string `json:"alert_ids"`
	}
	alertFrame struct {
		Type   string              `json:"type"`
		Cursor string              `json:"cursor"`
		Alert  alerts.PartnerAlert `json:"alert"`
	}
	withdrawalFrame struct {
		Type     string `json:"type"`
		Cursor   string `json:"cursor"`
		AlertID  string `json:"alert_id"`
		Revision int    `json:"revision"`
		Reason   string `json:"reason"`
		// CAP is the identity of the Cancel.
		CAP partners.Withdrawal `json:"cap"`
		// Drill marks the end of an exercise.
		Drill bool `json:"drill,omitempty"`
	}
	heartbeatFrame struct {
		Type   string `json:"type"`
		Cursor string `json:"cursor"`
	}
	errorFrame struct {
		Type    string `json:"type"`
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	okFrame struct {
		Type    string `json:"type"`
		For     string `json:"for"`
		AlertID string `json:"alert_id"`
	}
)

// framesKept bounds the cache: a frame is rendered once and shared by all who
// are owed the same, and only the newest are wanted again.
const framesKept = 512

// frames renders and shares frames.
type frames struct {
	h  *Hub
	mu sync.Mutex
	// by holds rendered frames, order their age.
	by    map[frameKey]*rendered
	order []frameKey
	// places are the chain positions of changes that came in lately, so that
	// live frames need no read of the store.
	places     map[uint64]journal.Position
	placeOrder []uint64
}

type frameKey struct {
	alert  string
	number uint64
	kind   string
	reason string
	// at is the number of the cursor, which for a frame that goes ahead of
	// others is not its own.
	at uint64
	// from is the revision that those who share the frame were first addressed
	// with.
	from int
	// revision is the one that the frame is about: keys of one partner may leave
	// an alert at different ones.
	revision int
	// partner is set where the frame is this partner's alone: the moment in
	// which it lost sight of an alert that goes on.
	partner string
}

type rendered struct {
	once sync.Once
	// message and bytes are the same frame, for those who wait and who do not.
	message *websocket.PreparedMessage
	bytes   []byte
	err     error
}

func newFrames(h *Hub) *frames {
	return &frames{h: h, by: map[frameKey]*rendered{}, places: map[uint64]journal.Position{}}
}

func (f *frames) seen(p journal.Position) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.places[p.Number] = p
	f.placeOrder = append(f.placeOrder, p.Number)
	if len(f.placeOrder) > framesKept {
		delete(f.places, f.placeOrder[0])
		f.placeOrder = f.placeOrder[1:]
	}
}

func (f *frames) place(ctx context.Context, n uint64) (journal.Position, error) {
	f.mu.Lock()
	p, ok := f.places[n]
	f.mu.Unlock()
	if ok {
		return p, nil
	}
	return f.h.o.Journal.At(ctx, n)
}

// of returns the shared frame of an item as it stands now, with the cursor of
// number at.
func (f *frames) of(ctx context.Context, partner string, it partners.Item, at uint64) (*rendered, error) {
	k := frameKey{it.AlertID, it.Number, it.Kind, it.Reason, at, it.From, it.Revision, ""}
	if it.Reason == partners.ReasonNotAddressed {
		k.partner = partner
	}
	f.mu.Lock()
	r := f.by[k]
	if r == nil {
		r = &rendered{}
		f.by[k] = r
		f.order = append(f.order, k)
		if len(f.order) > framesKept {
			delete(f.by, f.order[0])
			f.order = f.order[1:]
		}
	}
	f.mu.Unlock()
	r.once.Do(func() {
		var text []byte
		if text, r.err = f.text(ctx, partner, it, at); r.err == nil {
			r.bytes = textFrame(text)
			r.message, r.err = websocket.NewPreparedMessage(websocket.TextMessage, text)
		}
	})
	if r.err != nil {
		// A failed rendering is not kept: the next reader tries again.
		f.mu.Lock()
		if f.by[k] == r {
			delete(f.by, k)
		}
		f.mu.Unlock()
	}
	return r, r.err
}

// Frame returns the text of an item's frame as it stands now: the same for every
// channel that carries alerts.
func (h *Hub) Frame(ctx context.Context, partner string, it partners.Item) ([]byte, error) {
	return h.frames.text(ctx, partner, it, it.Number)
}

func (f *frames) text(ctx context.Context, partner string, it partners.Item, at uint64) ([]byte, error) {
	p, err := f.place(ctx, at)
	if err != nil {
		return nil, err
	}
	cursor := f.h.cursor(p)
	var frame any
	if it.Kind == partners.KindAlert {
		al, err := f.h.o.Partners.Alert(it)
		if err != nil {
			return nil, err
		}
		frame = alertFrame{"alert", cursor, al}
	} else {
		w, err := f.h.o.Partners.Withdrawal(partner, it)
		if err != nil {
			return nil, err
		}
		frame = withdrawalFrame{"withdrawal", cursor, it.AlertID, it.Revision, it.Reason, w, it.Drill}
	}
	return json.Marshal(frame)
}

// textFrame is a text message as RFC 6455 section 5.2 has a server send it: in
// one frame, neither masked nor compressed.
func textFrame(text []byte) []byte {
	const final, text16, text64 = 0x80, 126, 127
	out := []byte{final | websocket.TextMessage}
	switch n := len(text); {
	case n < text16:
		out = append(out, byte(n))
	case n < 1<<16:
		out = binary.BigEndian.AppendUint16(append(out, text16), uint16(n))
	default:
		out = binary.BigEndian.AppendUint64(append(out, text64), uint64(n))
	}
	return append(out, text...)
}
