package store

import (
	"context"
	"fmt"

	"go.etcd.io/bbolt"

	"homeward/journal"
)

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
