package store

import (
	"bytes"

	"go.etcd.io/bbolt"
)

// Bounds of what one read transaction copies: an open reader keeps old pages
// from being used again.
const (
	scanCount = 1024
	scanBytes = 4 << 20
)

// pair is a copied key and value.
type pair struct{ key, value []byte }

// scan calls each for the pairs of a bucket from a key on, in order, until it
// returns false or an error. Each runs outside any transaction. With head
// above 0 only that many bytes of each value are copied.
func (f *file) scan(bucket func(*bbolt.Tx) *bbolt.Bucket, from []byte, head int, each func(pair) (bool, error)) error {
	for {
		var got []pair
		err := f.view(func(tx *bbolt.Tx) error {
			got = copyPairs(bucket(tx), from, head)
			return nil
		})
		if err != nil || len(got) == 0 {
			return err
		}
		for _, p := range got {
			if more, err := each(p); err != nil || !more {
				return err
			}
		}
		// The next key there can be after the last one.
		from = append(got[len(got)-1].key, 0)
	}
}

func copyPairs(b *bbolt.Bucket, from []byte, head int) []pair {
	if b == nil {
		return nil
	}
	var out []pair
	size := 0
	c := b.Cursor()
	for k, v := c.Seek(from); k != nil && len(out) < scanCount && size < scanBytes; k, v = c.Next() {
		if head > 0 && len(v) > head {
			v = v[:head]
		}
		out = append(out, pair{bytes.Clone(k), bytes.Clone(v)})
		size += len(k) + len(v)
	}
	return out
}

// nested returns a bucket inside a bucket, nil when it is not there.
func nested(outer, inner string) func(*bbolt.Tx) *bbolt.Bucket {
	return func(tx *bbolt.Tx) *bbolt.Bucket { return tx.Bucket([]byte(outer)).Bucket([]byte(inner)) }
}

func top(name string) func(*bbolt.Tx) *bbolt.Bucket {
	return func(tx *bbolt.Tx) *bbolt.Bucket { return tx.Bucket([]byte(name)) }
}

// put writes a framed value. Buckets that grow at their end are filled nearly
// full; those with random keys keep bbolt's half, so that a page splits rarely.
func put(b *bbolt.Bucket, name string, ordered bool, key []byte, parts ...[]byte) error {
	if ordered {
		b.FillPercent = 0.95
	}
	return b.Put(key, frame(name, key, parts...))
}
