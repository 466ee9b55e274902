package journal

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"
)

// requests remembers who asked for what in the last RequestsKept.
type requests struct {
	known map[string]remembered
	order []string
}

type remembered struct {
	at   time.Time
	body []byte
	done Done
}

func (r *requests) remember(c *Change) {
	if c.Request == nil {
		return
	}
	for len(r.order) > 0 && c.At.Sub(r.known[r.order[0]].at) > RequestsKept {
		delete(r.known, r.order[0])
		r.order = r.order[1:]
	}
	done := Done{Number: c.Number, Repeated: true}
	for _, l := range c.Lines {
		if !l.Forgotten {
			done.Keys = append(done.Keys, l.Key)
		}
	}
	id := string(c.Request)
	if _, ok := r.known[id]; !ok {
		r.order = append(r.order, id)
	}
	r.known[id] = remembered{c.At, c.Body, done}
}

// repeated tells whether a command's request was carried out before. j.mu is
// held.
func (j *Journal) repeated(c Command) (Done, bool, error) {
	if c.Request == nil {
		return Done{}, false, nil
	}
	was, ok := j.requests.known[string(c.Request)]
	if !ok {
		return Done{}, false, nil
	}
	if !bytes.Equal(was.body, c.Body) {
		return Done{}, true, ErrRequestReused
	}
	return was.done, true, nil
}

// recall looks for a request that is older than RequestsKept: the store may
// refuse it as taken although it is no longer remembered here. j.mu is held.
func (j *Journal) recall(ctx context.Context, request []byte) error {
	if request == nil {
		return nil
	}
	err := j.o.Backend.Requests(ctx, time.Time{}, func(c Change) error {
		if c.Number <= j.tip.Number && bytes.Equal(c.Request, request) {
			j.requests.remember(&c)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("look for an old request: %w", err)
	}
	return nil
}

// recent holds documents whose changes are not known to be settled, because the
// store may still give their older version.
type recent struct {
	mu        sync.Mutex
	documents map[Key]Document // nil for forgotten ones
	numbers   map[Key]uint64
	order     []recentKey
	mark      uint64
}

type recentKey struct {
	number uint64
	key    Key
}

func (r *recent) keep(in *Installed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if in.Change.Number <= r.mark {
		return
	}
	for _, d := range in.Documents {
		r.put(KeyOf(d), d, in.Change.Number)
	}
	for _, k := range in.Forgotten {
		r.put(k, nil, in.Change.Number)
	}
}

func (r *recent) put(k Key, d Document, number uint64) {
	r.documents[k] = d
	r.numbers[k] = number
	r.order = append(r.order, recentKey{number, k})
}

func (r *recent) lookup(k Key) (Document, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	d, ok := r.documents[k]
	return d, ok
}

// release drops what is settled up to mark.
func (r *recent) release(mark uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mark = max(r.mark, mark)
	n := 0
	for n < len(r.order) && r.order[n].number <= r.mark {
		k := r.order[n].key
		if r.numbers[k] <= r.mark {
			delete(r.documents, k)
			delete(r.numbers, k)
		}
		n++
	}
	r.order = append(r.order[:0], r.order[n:]...)
}
