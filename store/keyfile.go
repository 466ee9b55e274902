package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"homeward/journal"
)

// KeyFile keeps wrapped keys in DIR/keys.db, apart from the data directory and
// its backups. Keys that are dropped are not in the file afterwards: it is
// written anew without them.
type KeyFile struct {
	lock *os.File
	file *file
}

var _ KeyHome = (*KeyFile)(nil)

// OpenKeys opens the key file in dir and makes it when there is none.
func OpenKeys(dir string) (*KeyFile, error) {
	lock, err := lockDirectory(dir, "keys.lock")
	if err != nil {
		return nil, err
	}
	k := &KeyFile{lock: lock}
	h := &health{dir: dir}
	k.file, err = openFile(filepath.Join(dir, "keys.db"), h, boltMap/4, bucketKeys)
	if err == nil && h.unclean() {
		if err = k.file.compact(context.Background()); err == nil {
			err = h.clean()
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the key directory %s: %w", dir, err), k.Close())
	}
	return k, nil
}

// Close finishes waiting writes and frees the directory.
func (k *KeyFile) Close() error {
	var err error
	if k.file != nil {
		err = k.file.close()
	}
	if k.lock != nil {
		err = errors.Join(err, k.lock.Close())
		k.lock = nil
	}
	return err
}

// PutKeys adds keys, all or none; callers that wait share one flush.
func (k *KeyFile) PutKeys(ctx context.Context, units []string, wrapped [][]byte) error {
	if err := checkKeys(units, wrapped); err != nil || len(units) == 0 {
		return err
	}
	err := k.file.update(ctx, func(tx *bbolt.Tx) error { return putKeys(tx, units, wrapped) })
	return wrap(err, "add keys")
}

func putKeys(tx *bbolt.Tx, units []string, wrapped [][]byte) error {
	b := tx.Bucket([]byte(bucketKeys))
	for i, unit := range units {
		if v := b.Get([]byte(unit)); v != nil {
			was, err := unframe(bucketKeys, []byte(unit), v)
			if err != nil {
				return err
			}
			if !bytes.Equal(was, wrapped[i]) {
				return fmt.Errorf("unit %s has a key: %w", unit, journal.ErrTaken)
			}
			continue
		}
		if err := put(b, bucketKeys, false, []byte(unit), wrapped[i]); err != nil {
			return err
		}
	}
	return nil
}

// Key returns a unit's wrapped key.
func (k *KeyFile) Key(_ context.Context, unit string) ([]byte, error) {
	var v []byte
	err := k.file.view(func(tx *bbolt.Tx) error {
		if unit != "" {
			v = bytes.Clone(tx.Bucket([]byte(bucketKeys)).Get([]byte(unit)))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, journal.ErrNotFound
	}
	return unframe(bucketKeys, []byte(unit), v)
}

// EachKey goes through keys in the order of their units.
func (k *KeyFile) EachKey(ctx context.Context, prefix string, each func(unit string, wrapped []byte) error) error {
	return k.file.scan(top(bucketKeys), []byte(prefix), 0, func(p pair) (bool, error) {
		if !bytes.HasPrefix(p.key, []byte(prefix)) {
			return false, nil
		}
		wrapped, err := unframe(bucketKeys, p.key, p.value)
		if err == nil {
			err = each(string(p.key), wrapped)
		}
		if err == nil {
			err = ctx.Err()
		}
		return true, err
	})
}

// DropKeys writes the file anew without these keys. When none of them is there
// the file stays.
func (k *KeyFile) DropKeys(ctx context.Context, units []string) error {
	gone := make(map[string]bool, len(units))
	for _, unit := range units {
		_, err := k.Key(ctx, unit)
		switch {
		case err == nil:
			gone[unit] = true
		case !errors.Is(err, journal.ErrNotFound):
			return err
		}
	}
	if len(gone) == 0 {
		return nil
	}
	err := k.file.rewrite(ctx, func(dst, src *bbolt.DB) error { return copyKeys(dst, src, gone) })
	return wrap(err, "drop keys")
}

func copyKeys(dst, src *bbolt.DB, gone map[string]bool) error {
	return src.View(func(from *bbolt.Tx) error {
		return dst.Update(func(to *bbolt.Tx) error {
			b, err := to.CreateBucket([]byte(bucketKeys))
			if err != nil {
				return err
			}
			b.FillPercent = 0.9
			return from.Bucket([]byte(bucketKeys)).ForEach(func(unit, v []byte) error {
				if gone[string(unit)] {
					return nil
				}
				return b.Put(unit, v)
			})
		})
	})
}

// ReplaceKeys writes the file anew with only these keys.
func (k *KeyFile) ReplaceKeys(ctx context.Context, units []string, wrapped [][]byte) error {
	if err := checkKeys(units, wrapped); err != nil {
		return err
	}
	err := k.file.rewrite(ctx, func(dst, _ *bbolt.DB) error {
		if err := makeBuckets(dst, []string{bucketKeys}); err != nil {
			return err
		}
		return dst.Update(func(tx *bbolt.Tx) error { return putKeys(tx, units, wrapped) })
	})
	return wrap(err, "replace keys")
}

// Backup writes a copy of the key file to path, replacing the one there in one
// step: old keys must not pile up.
func (k *KeyFile) Backup(path string) error { return wrap(k.file.copyTo(path), "back up keys") }
