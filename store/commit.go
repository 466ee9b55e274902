package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"sync/atomic"
	"syscall"

	"go.etcd.io/bbolt"

	"homeward/journal"
)

// write is a transaction's part that waits for its turn.
type write struct {
	// apply may run more than once; its last run counts.
	apply func(*bbolt.Tx) error
	// alone is run instead of apply, outside any transaction.
	alone func() error
	state atomic.Int32
	done  chan error
}

const (
	stateWaiting = iota
	stateTaken
	stateAbandoned
)

// groupSize bounds the writes that share a flush.
const groupSize = 256

func (f *file) enqueue(ctx context.Context, w *write) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case f.queue <- w:
	case <-ctx.Done():
		return ctx.Err()
	case <-f.quit:
		return ErrClosed
	}
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
		if w.state.CompareAndSwap(stateWaiting, stateAbandoned) {
			return ctx.Err()
		}
	case <-f.ended:
		if w.state.CompareAndSwap(stateWaiting, stateAbandoned) {
			return ErrClosed
		}
	}
	return <-w.done
}

func (f *file) committer() {
	defer close(f.ended)
	for {
		select {
		case w := <-f.queue:
			f.write(f.gather(w))
			continue
		default:
		}
		select {
		case w := <-f.queue:
			f.write(f.gather(w))
		case <-f.quit:
			return
		}
	}
}

// gather takes what waits up to the next write that wants to be alone.
func (f *file) gather(w *write) []*write {
	var group []*write
	for {
		if w.state.CompareAndSwap(stateWaiting, stateTaken) {
			group = append(group, w)
		}
		if w.alone != nil || len(group) == groupSize {
			return group
		}
		select {
		case w = <-f.queue:
		default:
			return group
		}
	}
}

func (f *file) write(group []*write) {
	if n := len(group); n > 0 && group[n-1].alone != nil {
		f.write(group[:n-1])
		last := group[n-1]
		if err := f.health.broken(); err != nil {
			last.done <- err
			return
		}
		last.done <- last.alone()
		return
	}
	for len(group) > 0 {
		failed, err := f.transact(group)
		if failed < 0 {
			for _, w := range group {
				w.done <- err
			}
			return
		}
		// One part was refused: the others go again without it.
		group[failed].done <- err
		group = append(group[:failed], group[failed+1:]...)
	}
}

// transact commits a group. It returns the place of the part that failed, or -1
// with the outcome of all.
func (f *file) transact(group []*write) (failed int, err error) {
	if err := f.health.broken(); err != nil {
		return -1, err
	}
	failed = -1
	var tx *bbolt.Tx
	var number int
	committing := false
	err = guarded(f.path, func() error {
		if tx, err = f.db.Begin(true); err != nil {
			return err
		}
		for i, w := range group {
			if err := w.apply(tx); err != nil {
				failed = i
				return err
			}
		}
		committing, number = true, tx.ID()
		return f.commit(tx)
	})
	if tx != nil && err != nil {
		// After a failed commit this only says that the transaction is over.
		_ = guarded(f.path, tx.Rollback)
	}
	if committing && err != nil {
		return -1, f.failedCommit(number, err)
	}
	f.full.Store(false)
	return failed, err
}

// failedCommit says what a failed commit means. Pages that did not fit on the
// disk are not part of the store as long as the root that names them was not
// written. Whatever else fails may have been written or not, and what the
// kernel calls clean may never have reached the disk: nothing more is written,
// and the next start rewrites the files.
func (f *file) failedCommit(number int, cause error) error {
	var path *os.PathError
	space := errors.Is(cause, syscall.ENOSPC) || errors.Is(cause, syscall.EDQUOT)
	if space && errors.As(cause, &path) && path.Op == "write" && f.root() < number {
		f.full.Store(true)
		return fmt.Errorf("%w: %w", journal.ErrFull, cause)
	}
	return f.health.fail(cause)
}

// root is the number of the transaction that a reader sees now.
func (f *file) root() int {
	number := math.MaxInt
	err := f.view(func(tx *bbolt.Tx) error {
		number = tx.ID()
		return nil
	})
	if err != nil {
		return math.MaxInt
	}
	return number
}
