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
		var documents *bbolt.Bucket
		for i, key := range keys {
			if i == 0 || key.Collection != keys[i-1].Collection {
				documents = nested(bucketDocuments, key.Collection)(tx)
			}
			if documents == nil {
				continue
			}
			v := documents.Get([]byte(key.ID))
			if v == nil {
				continue
			}
			l, err := loaded(key.Collection, pair{[]byte(key.ID), bytes.Clone(v)})
			if err != nil {
				return err
			}
			images[i] = l.Image
		}
		return nil
	})
	return images, err
}

func loaded(collection string, p pair) (journal.Loaded, error) {
	l := journal.Loaded{Key: journal.Key{Collection: collection, ID: string(p.key)}}
	body, err := unframe(collection, p.key, p.value)
	if err != nil {
		return l, err
	}
	if l.Number, body, err = split(body); err != nil {
		return l, err
	}
	if len(body) > 0 {
		l.Image = body
	}
	return l, nil
}
