package alerts

import (
	"context"
	"errors"
	"slices"
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
