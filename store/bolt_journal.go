package store

import (
	"context"
	"errors"
	"fmt"
	"time"

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

// Document returns a copy of a document's bytes.
func (b *Bolt) Document(_ context.Context, key journal.Key) ([]byte, error) {
	var image []byte
	err := b.main.view(func(tx *bbolt.Tx) error {
		documents := nested(bucketDocuments, key.Collection)(tx)
		if documents == nil {
			return journal.ErrNotFound
		}
		v := documents.Get([]byte(key.ID))
		if v == nil {
			return journal.ErrNotFound
		}
		l, err := loaded(key.Collection, pair{[]byte(key.ID), append([]byte(nil), v...)})
		if err == nil && l.Image == nil {
			err = journal.ErrNotFound
		}
		image = l.Image
		return err
	})
	return image, err
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

// Load reads the documents in portions, and checks and hands them on from as
// many goroutines as there are processors.
func (b *Bolt) Load(ctx context.Context, each func(journal.Loaded) error) (journal.Position, error) {
	tip, err := b.tip()
	if err != nil {
		return tip, err
	}
	counts, err := b.collections()
	if err != nil {
		return journal.Position{}, err
	}
	err = spread(ctx, func(_ context.Context, do func(func() error) error) error {
		for name, count := range counts {
			n, err := b.portions(name, each, do)
			if err == nil && n < count {
				err = fmt.Errorf("%w: %d documents of %s are missing; restore the last backup", ErrDamaged, count-n, name)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return journal.Position{}, err
	}
	return tip, nil
}

// collections returns how many documents each collection has.
func (b *Bolt) collections() (map[string]uint64, error) {
	counts := map[string]uint64{}
	err := b.main.view(func(tx *bbolt.Tx) error {
		documents := tx.Bucket([]byte(bucketDocuments))
		return documents.ForEachBucket(func(name []byte) error {
			counts[string(name)] = documents.Bucket(name).Sequence()
			return nil
		})
	})
	return counts, err
}

// portionSize is how many documents a goroutine takes at a time.
const portionSize = 256

// portions hands the documents of a collection on and returns their number.
func (b *Bolt) portions(collection string, each func(journal.Loaded) error, do func(func() error) error) (uint64, error) {
	var pairs []pair
	count := uint64(0)
	hand := func() error {
		mine := pairs
		pairs = nil
		return do(func() error { return loadPairs(collection, mine, each) })
	}
	err := b.main.scan(nested(bucketDocuments, collection), nil, 0, func(one pair) (bool, error) {
		count++
		if pairs = append(pairs, one); len(pairs) < portionSize {
			return true, nil
		}
		return true, hand()
	})
	if err != nil || len(pairs) == 0 {
		return count, err
	}
	return count, hand()
}

func loadPairs(collection string, pairs []pair, each func(journal.Loaded) error) error {
	for _, p := range pairs {
		l, err := loaded(collection, p)
		if err != nil {
			return err
		}
		if err := each(l); err != nil {
			return err
		}
	}
	return nil
}
