package realtime

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"

	"homeward/journal"
)

// A cursor is a number and the first eight bytes of the chain hash there,
// sealed with the installation's key: it tells its holder nothing, cannot be
// made up, and one of a store that was since restored to an older state is
// recognised.

// ErrCursor says that a cursor is not one of ours, or of another history.
var ErrCursor = errors.New("the cursor is not one of this feed")

func (h *Hub) cursor(p journal.Position) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], p.Number)
	copy(b[8:], p.Chain[:8])
	return base64.RawURLEncoding.EncodeToString(h.o.Seal.SealToken(b[:]))
}

// number returns the place a cursor stands for. ErrCursor means: start over.
func (h *Hub) number(ctx context.Context, cursor string) (uint64, error) {
	sealed, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return 0, ErrCursor
	}
	b, err := h.o.Seal.OpenToken(sealed)
	if err != nil || len(b) != 16 {
		return 0, ErrCursor
	}
	n := binary.BigEndian.Uint64(b[:8])
	at, err := h.o.Journal.At(ctx, n)
	if errors.Is(err, journal.ErrNotFound) {
		return 0, ErrCursor
	}
	if err != nil {
		return 0, err
	}
	if [8]byte(at.Chain[:8]) != [8]byte(b[8:]) {
		return 0, ErrCursor
	}
	return n, nil
}
