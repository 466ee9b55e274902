package realtime

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
)

// passedMost is how many frames of a connection are known again.
const passedMost = 1024

// passed are the frames that were taken on one connection. A frame whose cursor
// has been passed would move the stored cursor back and be handed on twice; the
// server sends none, so it was repeated on the way. The zero value is ready.
type passed struct {
	sums [][sha256.Size]byte
}

// again tells whether the very same frame has come before on this connection, and
// remembers it. A cursor tells its holder no order, so whole frames are compared:
// each has a cursor of its own. Frames without one are told anew on purpose.
func (p *passed) again(frame []byte) bool {
	var head struct{ Type, Cursor string }
	if json.Unmarshal(frame, &head) != nil || head.Cursor == "" || !slices.Contains([]string{"alert", "withdrawal", "resync"}, head.Type) {
		return false
	}
	sum := sha256.Sum256(frame)
	if slices.Contains(p.sums, sum) {
		return true
	}
	if len(p.sums) >= passedMost {
		p.sums = slices.Delete(p.sums, 0, passedMost/2)
	}
	p.sums = append(p.sums, sum)
	return false
}
