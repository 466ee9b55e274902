package journal

import (
	"context"
	"fmt"
	"sync"
)

// Report is what Verify found.
type Report struct {
	// Changes is the number of changes read, Documents of live documents and
	// Forgotten of tombstones compared.
	Changes, Documents, Forgotten int
	Position                      Position
	// Problems are sentences; none means that everything fits.
	Problems []string
}

// Verify proves that the chain is whole and that every settled document is what
// its last change wrote. It needs no keys, and documents that were forgotten do
// not weaken it. An error means that the store could not be read.
func Verify(ctx context.Context, b Backend) (Report, error) {
	var r Report
	last, err := r.chain(ctx, b)
	if err != nil {
		return r, err
	}
	var mu sync.Mutex
	seen := map[Key]bool{}
	_, err = b.Load(ctx, func(l Loaded) error {
		digest := Digest(l.Image)
		mu.Lock()
		defer mu.Unlock()
		seen[l.Key] = true
		r.compare(l, digest, last[l.Key])
		return nil
	})
	if err != nil {
		return r, fmt.Errorf("read documents: %w", err)
	}
	for k, w := range last {
		if !seen[k] && !w.unsettled && !w.forgotten {
			r.problem("%s is missing: change %d wrote it", k, w.number)
		}
	}
	return r, nil
}

// written is the last that the journal says of a document.
type written struct {
	number    uint64
	digest    [32]byte
	forgotten bool
	// unsettled says that its image is still in the change.
	unsettled bool
}

func (r *Report) chain(ctx context.Context, b Backend) (map[Key]written, error) {
	last := map[Key]written{}
	for {
		changes, err := b.Changes(ctx, r.Position.Number, BatchSize)
		if err != nil {
			return nil, fmt.Errorf("read changes after %d: %w", r.Position.Number, err)
		}
		if len(changes) == 0 {
			return last, nil
		}
		for i := range changes {
			c := &changes[i]
			if c.Number != r.Position.Number+1 {
				r.problem("change %d is missing", r.Position.Number+1)
			} else if link(r.Position.Chain, c) != c.Chain {
				r.problem("change %d does not follow from the one before it", c.Number)
			}
			r.Position = Position{c.Number, c.Chain}
			r.Changes++
			for _, l := range c.Lines {
				if l.Image != nil && Digest(l.Image) != l.Digest {
					r.problem("the image of %s in change %d is not what was written", l.Key, c.Number)
				}
				last[l.Key] = written{c.Number, l.Digest, l.Forgotten, l.Image != nil}
			}
		}
	}
}

func (r *Report) compare(l Loaded, digest [32]byte, w written) {
	switch {
	case w.number == 0:
		r.problem("%s is in no change", l.Key)
	case w.forgotten && l.Image != nil:
		r.problem("%s is still there although change %d forgot it", l.Key, w.number)
	case w.forgotten:
		r.Forgotten++
	case w.unsettled:
		// The document may be older than its unsettled change.
	case digest != w.digest:
		r.problem("%s is not what change %d wrote", l.Key, w.number)
	default:
		r.Documents++
	}
}

func (r *Report) problem(format string, args ...any) {
	r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
}
