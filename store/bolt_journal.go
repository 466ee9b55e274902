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

// Last returns the number of the last change.
func (b *Bolt) Last(context.Context) (uint64, error) {
	tip, err := b.tip()
	return tip.Number, err
}

// Changes returns changes without images: everything is settled.
func (b *Bolt) Changes(ctx context.Context, after uint64, limit int) ([]journal.Change, error) {
	var out []journal.Change
	tip, err := b.tip()
	if err != nil || limit <= 0 || after >= tip.Number {
		return nil, err
	}
	last := after
	err = b.main.scan(top(bucketChanges), bigEndian(after+1), 0, func(p pair) (bool, error) {
		c, err := b.change(p)
		if err != nil {
			return false, err
		}
		if last++; c.Number != last {
			return false, fmt.Errorf("%w: change %d is missing; restore the last backup", ErrDamaged, last)
		}
		out = append(out, c)
		return len(out) < limit, ctx.Err()
	})
	if err == nil && len(out) < limit && last < tip.Number {
		err = fmt.Errorf("%w: changes after %d are missing; restore the last backup", ErrDamaged, last)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (b *Bolt) change(p pair) (journal.Change, error) {
	body, err := unframe(bucketChanges, p.key, p.value)
	if err != nil {
		return journal.Change{}, err
	}
	return b.changes.decode(body)
}

// Requests gives changes with a request in the order of their times.
func (b *Bolt) Requests(ctx context.Context, since time.Time, each func(journal.Change) error) error {
	return b.main.scan(top(bucketAsked), stamp(since), 0, func(p pair) (bool, error) {
		if len(p.key) != 16 {
			return false, ErrDamaged
		}
		found := pair{key: p.key[8:]}
		err := b.main.view(func(tx *bbolt.Tx) error {
			found.value = append(found.value, tx.Bucket([]byte(bucketChanges)).Get(found.key)...)
			return nil
		})
		if err != nil {
			return false, err
		}
		c, err := b.change(found)
		if err != nil {
			return false, err
		}
		return true, errors.Join(each(c), ctx.Err())
	})
}

// Documents returns copies of documents' bytes, read in one transaction.
func (b *Bolt) Documents(_ context.Context, keys []journal.Key) ([][]byte, error) {
	images := make([][]byte, len(keys))
	err := b.main.view(func(tx *bbolt.Tx) error {
		var documents *bbolt.Cursor
		for i, key := range keys {
			if i == 0 || key.Collection != keys[i-1].Collection {
				documents = nil
				if bucket := nested(bucketDocuments, key.Collection)(tx); bucket != nil {
					documents = bucket.Cursor()
				}
			}
			if documents == nil {
				continue
			}
			k, v := documents.Seek([]byte(key.ID))
			if string(k) != key.ID {
				continue
			}
			_, image, err := numbered(key.Collection, pair{k, v})
			if err != nil {
				return err
			}
			images[i] = bytes.Clone(image)
		}
		return nil
	})
	return images, err
}

func loaded(collection string, p pair) (journal.Loaded, error) {
	number, image, err := numbered(collection, p)
	return journal.Loaded{Key: journal.Key{Collection: collection, ID: string(p.key)}, Number: number, Image: image}, err
}

// numbered takes a stored document apart: the number of the change that wrote it
// last, and its image, which is nil for one that is gone and else lies in p.
func numbered(collection string, p pair) (number uint64, image []byte, err error) {
	body, err := unframe(collection, p.key, p.value)
	if err != nil {
		return 0, nil, err
	}
	number, image, err = split(body)
	if len(image) == 0 {
		image = nil
	}
	return number, image, err
}
