package journal

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"time"
)

// Mark is what a reader keeps of one change to prove later that it was there:
// its place, when and what was done, the chain hash there, and the digests of
// the documents that the mark is about. It holds no content.
type Mark struct {
	Number uint64    `json:"number"`
	At     time.Time `json:"at"`
	Action string    `json:"action"`
	// Chain is the chain hash in hexadecimal digits: it covers this change and
	// all before it.
	Chain     string       `json:"chain"`
	Documents []MarkedLine `json:"documents"`
}

// MarkedLine is a document as a change wrote it: its key and the SHA-256 of its
// bytes, in hexadecimal digits.
type MarkedLine struct {
	Key    string `json:"key"`
	Digest string `json:"digest"`
}

// Marks returns the marks of changes that are installed here, in their order,
// with those of their documents that about chooses. A number that is not there
// is ErrNotFound.
func (j *Journal) Marks(ctx context.Context, numbers []uint64, about func(Key) bool) ([]Mark, error) {
	numbers = slices.Clone(numbers)
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	out := make([]Mark, 0, len(numbers))
	for _, n := range numbers {
		if n == 0 || n > j.Tip().Number {
			return nil, fmt.Errorf("change %d: %w", n, ErrNotFound)
		}
		changes, err := j.o.Backend.Changes(ctx, n-1, 1)
		if err != nil {
			return nil, fmt.Errorf("read change %d: %w", n, err)
		}
		if len(changes) == 0 || changes[0].Number != n {
			return nil, fmt.Errorf("change %d: %w", n, ErrNotFound)
		}
		out = append(out, markOf(&changes[0], about))
	}
	return out, nil
}

func markOf(c *Change, about func(Key) bool) Mark {
	m := Mark{Number: c.Number, At: c.At.UTC(), Action: c.Action, Chain: hex.EncodeToString(c.Chain[:]), Documents: []MarkedLine{}}
	for i := range c.Lines {
		if l := &c.Lines[i]; about(l.Key) {
			m.Documents = append(m.Documents, MarkedLine{l.Key.String(), hex.EncodeToString(l.Digest[:])})
		}
	}
	return m
}

// compare adds what a change says otherwise than the mark of it.
func (m *Mark) compare(c *Change, problem func(format string, args ...any)) {
	if m.Chain != hex.EncodeToString(c.Chain[:]) {
		problem("change %d is not the one of the statement: its chain hash differs", c.Number)
	}
	if !m.At.Equal(c.At) || m.Action != c.Action {
		problem("change %d was made at %s as %s, the statement says %s as %s",
			c.Number, c.At.UTC().Format(time.RFC3339), c.Action, m.At.UTC().Format(time.RFC3339), m.Action)
	}
	for _, d := range m.Documents {
		at := slices.IndexFunc(c.Lines, func(l Line) bool { return l.Key.String() == d.Key })
		if at < 0 || hex.EncodeToString(c.Lines[at].Digest[:]) != d.Digest {
			problem("change %d did not write %s as the statement says", c.Number, d.Key)
		}
	}
}
