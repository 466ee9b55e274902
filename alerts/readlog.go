package alerts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
)

// ReadHome keeps the read records of each node, in order.
type ReadHome interface {
	// AppendReads returns when the records are durable.
	AppendReads(ctx context.Context, node string, records [][]byte) error
	// Reads leaves out the first after records and returns the next ones.
	Reads(ctx context.Context, node string, after uint64, limit int) ([][]byte, error)
}

// ReadRecord says who read what, by ids and classes only. Previous is the
// SHA-256 of the record before it, in hexadecimal, so that the records of one
// node form a chain.
type ReadRecord struct {
	N        uint64    `json:"n"` // from 1 without a gap
	At       time.Time `json:"at"`
	Actor    string    `json:"actor"`
	Role     Role      `json:"role"`
	Subject  string    `json:"subject"`
	Classes  []Class   `json:"classes"`
	Previous string    `json:"previous"`
}

// readWindow is how long one record stands for repeated reads of a viewer.
const readWindow = 10 * time.Minute

// seenReads bounds each half of what is remembered; forgetting early only makes
// one record more.
const seenReads = 1 << 15

// ReadLog writes down who reads what before it is shown. It is safe for
// concurrent use.
type ReadLog struct {
	home ReadHome
	node string
	now  func() time.Time

	mu sync.Mutex
	// recent and older are what has been written down: when recent is full it
	// becomes older.
	recent, older map[readKey]time.Time
	// next gathers records while current is being written, nil when none is.
	next, current *readBatch

	// Only the goroutine that writes uses these.
	n     uint64
	tip   [32]byte
	known bool
}

type readKey struct{ actor, subject, classes string }

type readBatch struct {
	records []ReadRecord
	keys    map[readKey]bool
	done    chan struct{}
	err     error
}

func newReadBatch() *readBatch {
	return &readBatch{keys: map[readKey]bool{}, done: make(chan struct{})}
}

// NewReadLog returns the log of one node over its home.
func NewReadLog(home ReadHome, node string, now func() time.Time) (*ReadLog, error) {
	if node == "" {
		return nil, errors.New("a read log needs the name of its node")
	}
	l := &ReadLog{home: home, node: node, now: now, recent: map[readKey]time.Time{}, older: map[readKey]time.Time{}, next: newReadBatch()}
	if err := l.findTip(context.Background()); err != nil {
		return nil, err
	}
	return l, nil
}

// Record returns when it is on disk that the actor reads these classes of the
// subject ("cases/ID", or a list or tile by its filter). A repeat within ten
// minutes is not written again. When it fails, nothing may be shown: the error
// is Unavailable.
func (l *ReadLog) Record(ctx context.Context, a Actor, subject string, classes ...Class) error {
	classes = slices.Compact(slices.Sorted(slices.Values(classes)))
	key := readKey{a.ID, subject, joinClasses(classes)}
	l.mu.Lock()
	now := l.now()
	if l.seen(key, now) {
		l.mu.Unlock()
		return nil
	}
	b := l.join(key, ReadRecord{At: now.UTC(), Actor: a.ID, Role: a.Role, Subject: subject, Classes: classes})
	l.mu.Unlock()
	select {
	case <-b.done:
	case <-ctx.Done():
		return unrecorded(ctx.Err())
	}
	if b.err != nil {
		return unrecorded(b.err)
	}
	return nil
}

func unrecorded(err error) error {
	return &Error{Code: Unavailable, Message: "This cannot be shown now, because the read could not be recorded.", Err: err}
}

func joinClasses(classes []Class) string {
	var s strings.Builder
	for _, c := range classes {
		s.WriteString(string(c))
		s.WriteByte(' ')
	}
	return s.String()
}

// join returns the batch that a record is written in, and sees to it that
// somebody writes; mu is held.
func (l *ReadLog) join(key readKey, r ReadRecord) *readBatch {
	if l.current != nil && l.current.keys[key] {
		return l.current
	}
	if !l.next.keys[key] {
		l.next.keys[key] = true
		l.next.records = append(l.next.records, r)
	}
	b := l.next
	if l.current == nil {
		l.current, l.next = b, newReadBatch()
		go l.write(b)
	}
	return b
}

// seen tells whether a read was written down in the last ten minutes; mu is held.
func (l *ReadLog) seen(key readKey, now time.Time) bool {
	at, ok := l.recent[key]
	if !ok {
		at, ok = l.older[key]
	}
	age := now.Sub(at)
	return ok && age >= 0 && age < readWindow
}

// write appends batch after batch until nobody waits.
func (l *ReadLog) write(b *readBatch) {
	for b != nil {
		b.err = l.append(b.records)
		l.mu.Lock()
		if b.err == nil {
			l.remember(b)
		}
		close(b.done)
		l.current, b = nil, nil
		if len(l.next.records) > 0 {
			b = l.next
			l.current, l.next = b, newReadBatch()
		}
		l.mu.Unlock()
	}
}

// remember notes a written batch; mu is held.
func (l *ReadLog) remember(b *readBatch) {
	if len(l.recent)+len(b.records) > seenReads {
		l.recent, l.older = map[readKey]time.Time{}, l.recent
	}
	for _, r := range b.records {
		l.recent[readKey{r.Actor, r.Subject, joinClasses(r.Classes)}] = r.At
	}
}

// append chains the records and makes them durable. It is not bound to the
// context of one reader: others wait for the same batch.
func (l *ReadLog) append(records []ReadRecord) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if !l.known {
		if err := l.findTip(ctx); err != nil {
			return err
		}
	}
	n, tip := l.n, l.tip
	lines := make([][]byte, len(records))
	for i := range records {
		n++
		records[i].N, records[i].Previous = n, hex.EncodeToString(tip[:])
		line, err := json.Marshal(records[i])
		if err != nil {
			return fmt.Errorf("write a read record: %w", err)
		}
		lines[i], tip = line, sha256.Sum256(line)
	}
	if err := l.home.AppendReads(ctx, l.node, lines); err != nil {
		l.known = false // it may or may not be in; the next one looks
		return fmt.Errorf("keep read records: %w", err)
	}
	l.n, l.tip = n, tip
	return nil
}

// findTip looks for the last record without reading all: it doubles a number
// until nothing follows, then halves the gap.
func (l *ReadLog) findTip(ctx context.Context) error {
	var failure error
	follows := func(after uint64) bool {
		r, err := l.home.Reads(ctx, l.node, after, 1)
		if err != nil {
			failure = err
		}
		return err == nil && len(r) > 0
	}
	high := uint64(1)
	if follows(0) {
		for follows(high) {
			high *= 2
		}
	} else {
		high = 0
	}
	l.n = uint64(sort.Search(int(high), func(i int) bool { return failure != nil || !follows(uint64(i)) }))
	l.tip = [32]byte{}
	if failure == nil && l.n > 0 {
		var last [][]byte
		if last, failure = l.home.Reads(ctx, l.node, l.n-1, 1); failure == nil && len(last) == 1 {
			l.tip = sha256.Sum256(last[0])
		}
	}
	if failure != nil {
		return fmt.Errorf("find the last read record of node %s: %w", l.node, failure)
	}
	l.known = true
	return nil
}

// VerifyReads goes through a node's records and returns how many there are and
// the hash of the last. The error names the first that does not follow from the
// one before it. A chain that was cut short is found by comparing with an
// earlier answer.
func VerifyReads(ctx context.Context, home ReadHome, node string) (uint64, [32]byte, error) {
	var n uint64
	var tip [32]byte
	for {
		page, err := home.Reads(ctx, node, n, 1000)
		if err != nil {
			return n, tip, fmt.Errorf("read the records of node %s: %w", node, err)
		}
		if len(page) == 0 {
			return n, tip, nil
		}
		for _, line := range page {
			var r ReadRecord
			err := json.Unmarshal(line, &r)
			if err != nil || r.N != n+1 || r.Previous != hex.EncodeToString(tip[:]) {
				return n, tip, fmt.Errorf("read record %d of node %s does not follow from the one before it", n+1, node)
			}
			n, tip = n+1, sha256.Sum256(line)
		}
	}
}
