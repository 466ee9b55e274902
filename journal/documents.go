package journal

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
)

// Document returns a whole document as it stands now: from a board that holds
// it, from what is not settled yet, or from the store. Sealed parts whose key
// is gone are zero.
func (j *Journal) Document(ctx context.Context, key Key) (Document, error) {
	docs, err := j.Documents(ctx, key)
	if err != nil {
		return nil, err
	}
	if docs[0] == nil {
		return nil, fmt.Errorf("read %s: %w", key, ErrNotFound)
	}
	return docs[0], nil
}

// Documents returns documents in the order of their keys, as Document does, nil
// for one that is not there. The store is asked once for all that it has to give.
func (j *Journal) Documents(ctx context.Context, keys ...Key) ([]Document, error) {
	docs := make([]Document, len(keys))
	var stored []Key
	var places []int
	for i, key := range keys {
		d, known := j.held(key)
		if !known {
			stored, places = append(stored, key), append(places, i)
		}
		docs[i] = d
	}
	if len(stored) == 0 {
		return docs, nil
	}
	images, err := j.o.Backend.Documents(ctx, stored)
	if err != nil {
		return nil, fmt.Errorf("read %d documents from %s on: %w", len(stored), stored[0], err)
	}
	decode := func(i int) error {
		if images[i] == nil {
			return nil
		}
		d, err := j.o.Codec.Decode(stored[i], images[i], false)
		if err != nil {
			return fmt.Errorf("read %s: %w", stored[i], err)
		}
		docs[places[i]] = d
		return nil
	}
	return docs, each(len(images), decode)
}

// manyDocuments is from how many on decoding is worth more than one goroutine.
const manyDocuments = 32

// each calls do with every number below n, on several processors when there are
// many, and returns the errors.
func each(n int, do func(i int) error) error {
	workers := 1
	if n >= manyDocuments {
		workers = runtime.GOMAXPROCS(0)
	}
	errs := make([]error, workers)
	part := func(w int) {
		for i := w; i < n; i += workers {
			errs[w] = errors.Join(errs[w], do(i))
		}
	}
	var others sync.WaitGroup
	for w := 1; w < workers; w++ {
		others.Go(func() { part(w) })
	}
	part(0)
	others.Wait()
	return errors.Join(errs...)
}

// held is a document that need not be read: nil when it is known to be gone.
func (j *Journal) held(key Key) (d Document, known bool) {
	for _, b := range j.o.Boards {
		if d, ok := b.Lookup(key); ok {
			return d, true
		}
	}
	return j.recent.lookup(key)
}
