package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"

	"homeward/journal"
)

// Buckets of homeward.db. Changes are keyed by their number, documents lie in a
// bucket for each collection, side and read records in one for each kind or
// node. Requests are found by their hash, and by time for a start.
const (
	bucketMeta      = "meta"
	bucketChanges   = "changes"
	bucketDocuments = "documents"
	bucketRequests  = "requests"
	bucketAsked     = "requests_by_time"
	bucketSide      = "side"
	bucketReads     = "reads"
	// bucketPhotos is the one of photos.db, bucketKeys that of keys.db.
	bucketPhotos = "photos"
	bucketKeys   = "keys"
)

// boltMap is the address space a file gets at once, so that it can grow while
// readers hold the map. It costs no memory.
const boltMap = 256 << 20

// BoltOptions change how embedded files are kept. The zero value is right.
type BoltOptions struct {
	// Now is the clock for the times of photos; nil means the machine's.
	Now func() time.Time
}

// Bolt keeps changes, documents, side and read records in DIR/homeward.db and
// photos in DIR/photos.db. One process at a time uses a directory.
//
// The transaction that appends a change writes its documents too, so everything
// is settled always.
type Bolt struct {
	dir     string
	lock    *os.File
	health  *health
	main    *file
	photos  *file
	changes changeCodec
	now     func() time.Time
}

var _ Store = (*Bolt)(nil)

// OpenBolt opens the store in dir and makes it when there is none. After a
// process that met a failing disk it first rewrites both files.
func OpenBolt(dir string, o BoltOptions) (*Bolt, error) {
	b := &Bolt{dir: dir, health: &health{dir: dir}, now: o.Now}
	if b.now == nil {
		b.now = time.Now
	}
	var err error
	if b.changes, err = newChangeCodec(); err != nil {
		return nil, err
	}
	if b.lock, err = lockDirectory(dir, "homeward.lock"); err != nil {
		return nil, err
	}
	if err = b.open(); err != nil {
		return nil, errors.Join(fmt.Errorf("open the data directory %s: %w", dir, err), b.Close())
	}
	return b, nil
}

func (b *Bolt) open() (err error) {
	b.main, err = openFile(filepath.Join(b.dir, "homeward.db"), b.health, boltMap, bucketMeta,
		bucketChanges, bucketDocuments, bucketRequests, bucketAsked, bucketSide, bucketReads)
	if err != nil {
		return err
	}
	b.photos, err = openFile(filepath.Join(b.dir, "photos.db"), b.health, boltMap, bucketPhotos)
	if err != nil || !b.health.unclean() {
		return err
	}
	if err := b.Compact(context.Background()); err != nil {
		return err
	}
	return b.health.clean()
}

// Compact rewrites both files, so that pages with deleted content are gone from
// them and their space is free. Writes wait meanwhile, about a second for each
// 200 MB; reads go on.
func (b *Bolt) Compact(ctx context.Context) error {
	for _, f := range []*file{b.main, b.photos} {
		if err := f.compact(ctx); err != nil {
			return fmt.Errorf("compact: %w", err)
		}
	}
	return nil
}

// Backup writes a copy of both files into dir, which must be on a local disk.
// It is taken while writes go on: homeward.db first, so that every photo it
// names is in the copy of photos.db.
func (b *Bolt) Backup(ctx context.Context, dir string) error {
	if err := makeDirectory(dir); err != nil {
		return err
	}
	for _, f := range []*file{b.main, b.photos} {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := f.copyTo(filepath.Join(dir, filepath.Base(f.path))); err != nil {
			return fmt.Errorf("back up: %w", err)
		}
	}
	return nil
}

// copyTo writes a consistent copy, replacing one that is there in one step.
func (f *file) copyTo(path string) error {
	err := f.view(func(tx *bbolt.Tx) error {
		out, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return err
		}
		if _, err = tx.WriteTo(out); err == nil {
			err = out.Sync()
		}
		return errors.Join(err, out.Close())
	})
	if err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	return syncDirectory(filepath.Dir(path))
}

// Check returns an error when the disk has failed or is full. After a full disk
// it tries a write, so that it is well again as soon as there is space.
func (b *Bolt) Check(ctx context.Context) error {
	for _, f := range []*file{b.main, b.photos} {
		if err := b.health.broken(); err != nil {
			return err
		}
		if !f.full.Load() {
			continue
		}
		if err := f.probe(ctx); err != nil {
			return err
		}
	}
	return nil
}

// probeBytes is more than a batch of changes takes, and than is likely to be
// free inside a file that could not grow.
const probeBytes = 256 << 10

// probe writes something and takes it away again.
func (f *file) probe(ctx context.Context) error {
	key := []byte("probe")
	err := f.update(ctx, func(tx *bbolt.Tx) error {
		meta, err := tx.CreateBucketIfNotExists([]byte(bucketMeta))
		if err != nil {
			return err
		}
		return meta.Put(key, make([]byte, probeBytes))
	})
	if err != nil {
		return err
	}
	return f.update(ctx, func(tx *bbolt.Tx) error { return tx.Bucket([]byte(bucketMeta)).Delete(key) })
}

// Close finishes waiting writes, closes both files and frees the directory.
func (b *Bolt) Close() error {
	var errs []error
	for _, f := range []*file{b.main, b.photos} {
		if f != nil {
			errs = append(errs, f.close())
		}
	}
	if b.lock != nil {
		errs = append(errs, b.lock.Close())
		b.lock = nil
	}
	return errors.Join(errs...)
}

// Settle returns the number of the last change: nothing waits to be settled.
func (b *Bolt) Settle(context.Context) (uint64, error) {
	p, err := b.tip()
	return p.Number, err
}

// Follow returns at once: nobody else writes here.
func (b *Bolt) Follow(context.Context, func()) error { return nil }

func (b *Bolt) tip() (journal.Position, error) {
	var p journal.Position
	err := b.main.view(func(tx *bbolt.Tx) (err error) {
		p, err = tipOf(tx)
		return err
	})
	return p, err
}

// tipOf reads the position of the last change.
func tipOf(tx *bbolt.Tx) (journal.Position, error) {
	var p journal.Position
	v := tx.Bucket([]byte(bucketMeta)).Get([]byte("tip"))
	if v == nil {
		return p, nil
	}
	body, err := unframe(bucketMeta, []byte("tip"), v)
	if err != nil {
		return p, err
	}
	number, chain, err := split(body)
	if err != nil || len(chain) != len(p.Chain) {
		return p, errors.Join(ErrDamaged, err)
	}
	p.Number = number
	copy(p.Chain[:], chain)
	return p, nil
}
