package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
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
