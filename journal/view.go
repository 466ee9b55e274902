package journal

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// View is what a rule may look at: the boards, plus what earlier commands of
// the same batch have decided but not yet appended.
type View struct {
	// Now is the time of the change being decided.
	Now time.Time

	ctx     context.Context
	j       *Journal
	pending map[Key]Document // nil for a document that the batch forgets
	order   []Key
}

// Load returns the document with this key as it stands after everything
// decided so far. It returns ErrNotFound for one that does not exist.
func (v *View) Load(key Key) (Document, error) {
	if d, ok := v.pending[key]; ok {
		if d == nil {
			return nil, fmt.Errorf("load %s: %w", key, ErrNotFound)
		}
		return d, nil
	}
	return v.j.Document(v.ctx, key)
}

// Pending returns the documents of a collection that the batch has decided so
// far, for rules that look through a board for something and must not miss what
// is about to be on it.
func (v *View) Pending(collection string) []Document {
	var out []Document
	for _, k := range v.order {
		if d := v.pending[k]; d != nil && k.Collection == collection {
			out = append(out, d)
		}
	}
	return out
}

func (v *View) add(documents []Document, forget []Key) {
	for _, d := range documents {
		v.put(KeyOf(d), d)
	}
	for _, k := range forget {
		v.put(k, nil)
	}
}

func (v *View) put(k Key, d Document) {
	if _, ok := v.pending[k]; !ok {
		v.order = append(v.order, k)
	}
	v.pending[k] = d
}

// Load returns a document of a known type. A document of another type under
// the id is an error, as is none.
func Load[T Document](v *View, collection, id string) (T, error) {
	var none T
	d, err := v.Load(Key{collection, id})
	if err != nil {
		return none, err
	}
	t, ok := d.(T)
	if !ok {
		return none, fmt.Errorf("load %s/%s: stored as %T", collection, id, d)
	}
	return t, nil
}

// Exists tells whether there is a document with this key.
func (v *View) Exists(key Key) (bool, error) {
	_, err := v.Load(key)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
