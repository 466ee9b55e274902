package journal

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// Report is what Verify found.
type Report struct {
	// Changes is the number of changes read, Documents of live documents and
	// Forgotten of tombstones compared.
	Changes, Documents, Forgotten int
	// Marks is how many marks of a statement were compared.
	Marks    int
	Position Position
	// Problems are sentences; none means that everything fits.
	Problems []string
}

// Verify proves that the chain is whole and that every settled document is what
// its last change wrote. It needs no keys, documents that were forgotten do not
// weaken it, and nodes may write meanwhile. It cannot see that the newest
// changes were cut off together with all that they wrote: compare the position
// with one kept elsewhere. Marks that somebody kept are compared with the changes
// that they are of: that no longer being so is a problem too. An error means that
// the store could not be read.
func Verify(ctx context.Context, b Backend, marks ...Mark) (Report, error) {
	v := verifying{found: map[Key]*found{}, last: map[Key]written{}, marks: map[uint64][]Mark{}}
	for _, m := range marks {
		v.marks[m.Number] = append(v.marks[m.Number], m)
	}
	var mu sync.Mutex
	mark, err := b.Load(ctx, func(l Loaded) error {
		f := &found{digest: Digest(l.Image), number: l.Number, live: l.Image != nil}
		mu.Lock()
		defer mu.Unlock()
		if v.found[l.Key] != nil {
			v.problem("%s is there twice", l.Key)
		}
		v.found[l.Key] = f
		return nil
	})
	if err != nil {
		return v.Report, fmt.Errorf("read documents: %w", err)
	}
	v.mark = mark
	if err := v.chain(ctx, b); err != nil {
		return v.Report, err
	}
	v.documents()
	for _, n := range slices.Sorted(maps.Keys(v.marks)) {
		v.problem("change %d of the statement is not there", n)
	}
	return v.Report, nil
}

type verifying struct {
	Report
	mark  Position
	found map[Key]*found
	last  map[Key]written
	// marks are those not yet compared, by number.
	marks map[uint64][]Mark
}

// found is a settled document or tombstone.
type found struct {
	digest [32]byte
	number uint64
	live   bool
	// known says that its change was seen.
	known bool
}

// written is the last that the journal says of a document up to the mark.
type written struct {
	number    uint64
	forgotten bool
}

func (v *verifying) chain(ctx context.Context, b Backend) error {
	for {
		changes, err := b.Changes(ctx, v.Position.Number, BatchSize)
		if err != nil {
			return fmt.Errorf("read changes after %d: %w", v.Position.Number, err)
		}
		if len(changes) == 0 {
			return nil
		}
		for i := range changes {
			c := &changes[i]
			if c.Number != v.Position.Number+1 {
				v.problem("change %d is missing", v.Position.Number+1)
			} else if link(v.Position.Chain, c) != c.Chain {
				v.problem("change %d does not follow from the one before it", c.Number)
			}
			if c.Number == v.mark.Number && c.Chain != v.mark.Chain {
				v.problem("the documents were settled from another change %d", c.Number)
			}
			v.Position = Position{c.Number, c.Chain}
			v.Changes++
			for _, m := range v.marks[c.Number] {
				m.compare(c, v.problem)
				v.Marks++
			}
			delete(v.marks, c.Number)
			for j := range c.Lines {
				v.line(c.Number, &c.Lines[j])
			}
		}
	}
}

func (v *verifying) line(number uint64, l *Line) {
	if l.Image != nil && Digest(l.Image) != l.Digest {
		v.problem("the image of %s in change %d is not what was written", l.Key, number)
	}
	if number <= v.mark.Number {
		v.last[l.Key] = written{number, l.Forgotten}
	}
	f := v.found[l.Key]
	if f == nil || f.number != number {
		return
	}
	f.known = true
	switch {
	case l.Forgotten && f.live:
		v.problem("%s is still there although change %d forgot it", l.Key, number)
	case l.Forgotten:
		v.Forgotten++
	case !f.live || f.digest != l.Digest:
		v.problem("%s is not what change %d wrote", l.Key, number)
	default:
		v.Documents++
	}
}

// documents compares what is there with what the chain says should be there.
func (v *verifying) documents() {
	if v.Position.Number < v.mark.Number {
		v.problem("the changes after %d are missing: documents are settled up to %d",
			v.Position.Number, v.mark.Number)
	}
	for k, f := range v.found {
		if !f.known {
			v.problem("%s stands at change %d, which did not write it", k, f.number)
		}
	}
	for k, w := range v.last {
		switch f := v.found[k]; {
		case f == nil && !w.forgotten:
			v.problem("%s is missing: change %d wrote it", k, w.number)
		case f != nil && f.number < w.number:
			v.problem("%s is older than change %d, which wrote it last", k, w.number)
		}
	}
}

func (v *verifying) problem(format string, args ...any) {
	v.Problems = append(v.Problems, fmt.Sprintf(format, args...))
}
