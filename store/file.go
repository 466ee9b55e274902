package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"homeward/journal"
)

// file is one bbolt file. One goroutine commits: it takes what waits, without a
// delay, so that one flush serves many writers and a lone one never waits.
type file struct {
	path    string
	health  *health
	mapSize int

	mu sync.RWMutex // guards db against being replaced
	db *bbolt.DB

	queue  chan *write
	quit   chan struct{}
	ended  chan struct{}
	closed sync.Once

	// full tells that the last commit failed for want of space.
	full atomic.Bool
	// commit is (*bbolt.Tx).Commit, but for tests of failing disks.
	commit func(*bbolt.Tx) error
}

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

// openFile opens the file at path, which must hold the buckets named, or makes
// it. The directory's lock is held.
func openFile(path string, h *health, mapSize int, buckets ...string) (*file, error) {
	f := &file{
		path: path, health: h, mapSize: mapSize,
		queue: make(chan *write, groupSize), quit: make(chan struct{}), ended: make(chan struct{}),
		commit: (*bbolt.Tx).Commit,
	}
	if err := os.Remove(path + ".new"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("remove what an interrupted start left: %w", err)
	}
	_, err := os.Stat(path)
	switch {
	case err == nil:
		if err = checkPages(path); err == nil {
			f.db, err = f.open(path)
		}
	case errors.Is(err, os.ErrNotExist):
		f.db, err = f.create(func(db *bbolt.DB) error { return makeBuckets(db, buckets) })
	}
	if err != nil && f.db != nil {
		err = errors.Join(err, f.db.Close())
	}
	if err != nil {
		return nil, err
	}
	go f.committer()
	return f, nil
}

func makeBuckets(db *bbolt.DB, buckets []string) error {
	return db.Update(func(tx *bbolt.Tx) error {
		for _, b := range buckets {
			if _, err := tx.CreateBucketIfNotExists([]byte(b)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (f *file) open(path string) (db *bbolt.DB, err error) {
	err = guarded(path, func() error {
		db, err = bbolt.Open(path, 0o600, &bbolt.Options{
			Timeout:         lockPatience,
			NoFreelistSync:  true,
			FreelistType:    bbolt.FreelistMapType,
			InitialMmapSize: f.mapSize,
		})
		return err
	})
	switch {
	case err == nil:
		return db, nil
	case errors.Is(err, berrors.ErrTimeout):
		return nil, fmt.Errorf("%w: %s", ErrInUse, path)
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum), errors.Is(err, berrors.ErrVersionMismatch):
		return nil, fmt.Errorf("%w: %s is not a whole store (%w); restore the last backup", ErrDamaged, path, err)
	}
	return nil, fmt.Errorf("open %s: %w", path, err)
}

// create makes a file that fill fills, and puts it at f.path in one step: a
// crash leaves the old file, or none, or the whole new one. It returns the new
// file with an error when it is in its place but may not outlive a crash there.
func (f *file) create(fill func(*bbolt.DB) error) (*bbolt.DB, error) {
	temporary := f.path + ".new"
	db, err := f.open(temporary)
	if err != nil {
		return nil, err
	}
	db.NoSync = true // nothing counts before the sync below
	err = fill(db)
	if err == nil {
		err = db.Sync()
	}
	db.NoSync = false
	if err == nil {
		err = os.Rename(temporary, f.path)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("write a new %s: %w", f.path, err), db.Close())
	}
	return db, syncDirectory(filepath.Dir(f.path))
}

// view reads in one short transaction. What fn keeps it must copy.
func (f *file) view(fn func(*bbolt.Tx) error) error {
	return guarded(f.path, func() error {
		f.mu.RLock()
		tx, err := f.db.Begin(false)
		f.mu.RUnlock()
		if err != nil {
			return err
		}
		return errors.Join(fn(tx), tx.Rollback())
	})
}

// update has fn's changes committed. When ctx ends while they wait their turn
// they are not made; once begun, they are finished.
func (f *file) update(ctx context.Context, fn func(*bbolt.Tx) error) error {
	return f.enqueue(ctx, &write{apply: fn, done: make(chan error, 1)})
}

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

// exclusive runs fn when no write is under way, before any that comes later.
func (f *file) exclusive(ctx context.Context, fn func() error) error {
	return f.enqueue(ctx, &write{alone: fn, done: make(chan error, 1)})
}

// rewrite replaces the file by a new one that holds what fill copies into it.
func (f *file) rewrite(ctx context.Context, fill func(dst, src *bbolt.DB) error) error {
	return f.exclusive(ctx, func() error {
		return guarded(f.path, func() error {
			db, err := f.create(func(dst *bbolt.DB) error { return fill(dst, f.db) })
			if db == nil {
				return err
			}
			f.mu.Lock()
			old := f.db
			f.db = db
			f.mu.Unlock()
			if err != nil {
				err = f.health.fail(err)
			}
			return errors.Join(err, old.Close())
		})
	})
}

// compact rewrites the file without the pages that are no longer used, which
// still hold what was deleted.
func (f *file) compact(ctx context.Context) error {
	return f.rewrite(ctx, func(dst, src *bbolt.DB) error { return bbolt.Compact(dst, src, 4<<20) })
}

func (f *file) close() error {
	err := error(nil)
	f.closed.Do(func() {
		close(f.quit)
		<-f.ended
		f.mu.Lock()
		defer f.mu.Unlock()
		err = f.db.Close()
	})
	return err
}
