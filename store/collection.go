package store

import (
	"context"

	"homeward/journal"
)

// Collection is one entry of the table of document types that the program is
// wired with.
type Collection struct {
	// Name is the collection's name in every store.
	Name string
	// New makes an empty document of the collection.
	New func() journal.Document
	// Row makes an empty row: a struct with some of the document's fields under
	// the same stored names. Nil means that documents are held whole.
	Row func() journal.Document
	// Geo lists paths of GeoJSON points to index on MongoDB. A point may be
	// absent; one that is there must be valid.
	Geo []string
}

// Sealer encrypts the personal parts of documents under the key of an erasure
// unit. Associated data passed as aad must be the same on opening.
type Sealer interface {
	// Seal makes the unit's key when it has none yet.
	Seal(unit string, aad, plain []byte) ([]byte, error)
	// Opener returns what opens the parts sealed for a unit, or an error
	// wrapping journal.ErrForgotten when the unit's key has been destroyed. It
	// appends to dst, which must not overlap with what is sealed.
	Opener(unit string) (open func(dst, aad, sealed []byte) ([]byte, error), err error)
	// Flush makes new keys durable.
	Flush(ctx context.Context) error
	// Forget destroys the keys of units.
	Forget(ctx context.Context, units []string) error
}

// united is what a document with sealed fields tells: the name of the erasure
// unit whose key seals a part ("" is the document's own).
type united interface {
	Unit(part string) string
}
