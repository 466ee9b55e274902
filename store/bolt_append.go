package store

import (
	"context"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"homeward/journal"
)

// Append writes changes with their documents in one transaction.
func (b *Bolt) Append(ctx context.Context, changes []journal.Change) (int, error) {
	if len(changes) == 0 {
		return 0, nil
	}
	if err := checkChanges(changes); err != nil {
		return 0, err
	}
	encoded := make([][]byte, len(changes))
	for i := range changes {
		var err error
		if encoded[i], err = b.changes.encode(&changes[i], false); err != nil {
			return 0, err
		}
	}
	var n int
	var refusal error
	err := b.main.update(ctx, func(tx *bbolt.Tx) (err error) {
		n, refusal, err = appendChanges(tx, changes, encoded)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("append changes: %w", err)
	}
	return n, refusal
}

// appendChanges writes up to the first change whose place or request is taken;
// that is a refusal. An error undoes the whole transaction.
func appendChanges(tx *bbolt.Tx, changes []journal.Change, encoded [][]byte) (n int, refusal, err error) {
	tip, err := tipOf(tx)
	if err != nil {
		return 0, nil, err
	}
	switch first := changes[0].Number; {
	case first <= tip.Number:
		return 0, journal.ErrTaken, nil
	case first > tip.Number+1:
		return 0, errGap(first, tip.Number), nil
	}
	a := appender{tx: tx, documents: map[string]*bbolt.Bucket{}}
	for i := range changes {
		taken, err := a.change(&changes[i], encoded[i])
		if err != nil {
			return 0, nil, err
		}
		if taken {
			refusal = journal.ErrTaken
			break
		}
		n++
	}
	if n == 0 {
		return 0, refusal, nil
	}
	last := &changes[n-1]
	meta := tx.Bucket([]byte(bucketMeta))
	return n, refusal, put(meta, bucketMeta, false, []byte("tip"), bigEndian(last.Number), last.Chain[:])
}

// appender writes changes inside a transaction.
type appender struct {
	tx        *bbolt.Tx
	documents map[string]*bbolt.Bucket
}

func (a *appender) change(c *journal.Change, encoded []byte) (taken bool, err error) {
	number := bigEndian(c.Number)
	if c.Request != nil {
		requests := a.tx.Bucket([]byte(bucketRequests))
		if requests.Get(c.Request) != nil {
			return true, nil
		}
		asked := a.tx.Bucket([]byte(bucketAsked))
		key := append(stamp(c.At), number...)
		if err := errors.Join(put(requests, bucketRequests, false, c.Request, number),
			put(asked, bucketAsked, true, key)); err != nil {
			return false, err
		}
	}
	if err := put(a.tx.Bucket([]byte(bucketChanges)), bucketChanges, true, number, encoded); err != nil {
		return false, err
	}
	for i := range c.Lines {
		l := &c.Lines[i]
		documents, err := a.collection(l.Key.Collection)
		if err != nil {
			return false, err
		}
		id := []byte(l.Key.ID)
		if documents.Get(id) == nil {
			// The sequence counts the documents, so that Load sees when a
			// damaged page hides some.
			if _, err := documents.NextSequence(); err != nil {
				return false, err
			}
		}
		// A tombstone is a number without an image.
		if err := put(documents, l.Key.Collection, false, id, number, l.Image); err != nil {
			return false, err
		}
	}
	return false, nil
}

func (a *appender) collection(name string) (*bbolt.Bucket, error) {
	if b := a.documents[name]; b != nil {
		return b, nil
	}
	b, err := a.tx.Bucket([]byte(bucketDocuments)).CreateBucketIfNotExists([]byte(name))
	a.documents[name] = b
	return b, err
}
