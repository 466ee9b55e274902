package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"homeward/journal"
)

// PutSide writes a side record.
func (b *Bolt) PutSide(ctx context.Context, kind, id string, expires time.Time, data []byte) error {
	if err := errors.Join(checkName(kind), checkID(id)); err != nil {
		return err
	}
	err := b.main.update(ctx, func(tx *bbolt.Tx) error {
		side, err := tx.Bucket([]byte(bucketSide)).CreateBucketIfNotExists([]byte(kind))
		if err != nil {
			return err
		}
		return put(side, kind, false, []byte(id), stamp(expires), data)
	})
	return wrap(err, "write a side record")
}

func wrap(err error, what string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// SwapSide replaces a side record that holds what was.
func (b *Bolt) SwapSide(ctx context.Context, kind, id string, was []byte, expires time.Time, data []byte) error {
	if err := errors.Join(checkName(kind), checkID(id), checkSwap(was, data)); err != nil {
		return err
	}
	taken := false
	err := b.main.update(ctx, func(tx *bbolt.Tx) error {
		side, err := tx.Bucket([]byte(bucketSide)).CreateBucketIfNotExists([]byte(kind))
		if err != nil {
			return err
		}
		same, err := holds(side.Get([]byte(id)), kind, id, was)
		if taken = err == nil && !same; taken || err != nil {
			return err
		}
		if data == nil {
			return side.Delete([]byte(id))
		}
		return put(side, kind, false, []byte(id), stamp(expires), data)
	})
	if err == nil && taken {
		return journal.ErrTaken
	}
	return wrap(err, "swap a side record")
}

// holds tells whether a stored value is this side record, nil for none.
func holds(value []byte, kind, id string, was []byte) (bool, error) {
	if value == nil || was == nil {
		return value == nil && was == nil, nil
	}
	body, err := unframe(kind, []byte(id), value)
	if err != nil {
		return false, err
	}
	_, data, err := split(body)
	return bytes.Equal(data, was), err
}

// Side returns a side record with its expiry.
func (b *Bolt) Side(_ context.Context, kind, id string) ([]byte, time.Time, error) {
	return b.main.stamped(nested(bucketSide, kind), kind, id)
}

// stamped reads a value that begins with a time.
func (f *file) stamped(bucket func(*bbolt.Tx) *bbolt.Bucket, name, id string) (data []byte, at time.Time, err error) {
	var v []byte
	err = f.view(func(tx *bbolt.Tx) error {
		if b := bucket(tx); b != nil && id != "" {
			v = append(v, b.Get([]byte(id))...)
		}
		return nil
	})
	if err != nil {
		return nil, at, err
	}
	if v == nil {
		return nil, at, journal.ErrNotFound
	}
	body, err := unframe(name, []byte(id), v)
	if err != nil {
		return nil, at, err
	}
	n, data, err := split(body)
	return data, unstamp(n), err
}

// DropSide removes a side record.
func (b *Bolt) DropSide(ctx context.Context, kind, id string) error {
	if err := errors.Join(checkName(kind), checkID(id)); err != nil {
		return err
	}
	err := b.main.update(ctx, func(tx *bbolt.Tx) error {
		if side := nested(bucketSide, kind)(tx); side != nil {
			return side.Delete([]byte(id))
		}
		return nil
	})
	return wrap(err, "drop a side record")
}

// EachSide goes through the records of a kind.
func (b *Bolt) EachSide(ctx context.Context, kind string, each func(id string, data []byte) error) error {
	return b.main.scan(nested(bucketSide, kind), nil, 0, func(p pair) (bool, error) {
		body, err := unframe(kind, p.key, p.value)
		if err != nil {
			return false, err
		}
		_, data, err := split(body)
		if err == nil {
			err = each(string(p.key), data)
		}
		if err == nil {
			err = ctx.Err()
		}
		return true, err
	})
}

// SweepSide removes expired records.
func (b *Bolt) SweepSide(ctx context.Context, now time.Time) (int, error) {
	var kinds []string
	err := b.main.scan(top(bucketSide), nil, 0, func(p pair) (bool, error) {
		kinds = append(kinds, string(p.key))
		return true, nil
	})
	if err != nil {
		return 0, err
	}
	swept := 0
	for _, kind := range kinds {
		n, err := b.sweep(ctx, kind, now)
		swept += n
		if err != nil {
			return swept, fmt.Errorf("sweep side records: %w", err)
		}
	}
	return swept, nil
}

// sweep looks first and deletes then, looking again: a record may have been
// prolonged meanwhile, and deleting under a cursor would skip keys.
func (b *Bolt) sweep(ctx context.Context, kind string, now time.Time) (int, error) {
	var expired [][]byte
	err := b.main.scan(nested(bucketSide, kind), nil, 12, func(p pair) (bool, error) {
		if expiredAt(p.value, now) {
			expired = append(expired, p.key)
		}
		return true, ctx.Err()
	})
	if err != nil || len(expired) == 0 {
		return 0, err
	}
	n := 0
	err = b.main.update(ctx, func(tx *bbolt.Tx) error {
		n = 0
		side := nested(bucketSide, kind)(tx)
		for _, k := range expired {
			v := side.Get(k)
			if v == nil || !expiredAt(v, now) {
				continue
			}
			if err := side.Delete(k); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

func expiredAt(value []byte, now time.Time) bool {
	if len(value) < 12 {
		return false
	}
	n, _, err := split(value[4:])
	return err == nil && int64(n) <= now.UnixMilli()
}

// AppendReads adds read records of a node.
func (b *Bolt) AppendReads(ctx context.Context, node string, records [][]byte) error {
	if err := checkName(node); err != nil {
		return err
	}
	err := b.main.update(ctx, func(tx *bbolt.Tx) error {
		reads, err := tx.Bucket([]byte(bucketReads)).CreateBucketIfNotExists([]byte(node))
		if err != nil {
			return err
		}
		for _, r := range records {
			n, err := reads.NextSequence()
			if err != nil {
				return err
			}
			if err := put(reads, node, true, bigEndian(n), r); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "append read records")
}

// Reads returns read records of a node.
func (b *Bolt) Reads(ctx context.Context, node string, after uint64, limit int) ([][]byte, error) {
	var out [][]byte
	if limit <= 0 {
		return nil, nil
	}
	err := b.main.scan(nested(bucketReads, node), bigEndian(after+1), 0, func(p pair) (bool, error) {
		body, err := unframe(node, p.key, p.value)
		if err != nil {
			return false, err
		}
		out = append(out, body)
		return len(out) < limit, ctx.Err()
	})
	return out, err
}

// PutBlob writes a photo.
func (b *Bolt) PutBlob(ctx context.Context, id string, data []byte) error {
	if err := checkID(id); err != nil {
		return err
	}
	value := frame(bucketPhotos, []byte(id), stamp(b.now()), data)
	err := b.photos.update(ctx, func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(bucketPhotos)).Put([]byte(id), value)
	})
	return wrap(err, "write a photo")
}

// Blob returns a photo.
func (b *Bolt) Blob(_ context.Context, id string) ([]byte, error) {
	data, _, err := b.photos.stamped(top(bucketPhotos), bucketPhotos, id)
	return data, err
}

// DropBlob removes a photo.
func (b *Bolt) DropBlob(ctx context.Context, id string) error {
	if err := checkID(id); err != nil {
		return err
	}
	err := b.photos.update(ctx, func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(bucketPhotos)).Delete([]byte(id))
	})
	return wrap(err, "drop a photo")
}

// EachBlob lists the photos. It does not read them.
func (b *Bolt) EachBlob(ctx context.Context, each func(id string, at time.Time) error) error {
	return b.photos.scan(top(bucketPhotos), nil, 12, func(p pair) (bool, error) {
		if len(p.value) < 12 {
			return false, ErrDamaged
		}
		n, _, err := split(p.value[4:])
		if err == nil {
			err = each(string(p.key), unstamp(n))
		}
		if err == nil {
			err = ctx.Err()
		}
		return true, err
	})
}
