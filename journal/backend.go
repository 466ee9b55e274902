package journal

import (
	"context"
	"errors"
	"time"
)

// Errors a backend gives and the journal hands on, wrapped. Anything else a
// backend returns from Append means that nothing was written.
var (
	// ErrTaken says that another node has the number (or the request) already.
	ErrTaken = errors.New("the place in the journal is taken")
	// ErrUnknown says that the write may or may not have happened.
	ErrUnknown = errors.New("it is not known whether the change was written")
	// ErrBroken says that the write may or may not have happened and that this
	// process must not write to the store again (a failed flush to disk).
	ErrBroken = errors.New("the store failed while writing; the process must restart")
	// ErrFull says that the disk is full and nothing was written.
	ErrFull = errors.New("the disk is full")
	// ErrNotFound says that there is no such document (it may be forgotten).
	ErrNotFound = errors.New("no such document")
	// ErrForgotten says that the key of a sealed part has been destroyed.
	ErrForgotten = errors.New("the key of this record has been destroyed")
	// ErrRequestReused says that the same request came with another body.
	ErrRequestReused = errors.New("the idempotency key was used with another body")
	// ErrStopped says that the journal takes no more commands.
	ErrStopped = errors.New("the journal is stopped")
	// ErrRefused says that the store will not take in a document that is in the
	// journal already, as Settle found.
	ErrRefused = errors.New("the store refuses a document that is in the journal")
	// ErrChain says that stored changes do not follow from each other.
	ErrChain = errors.New("the journal's chain is broken")
)

// Loaded is one settled document or tombstone as Load gives it.
type Loaded struct {
	Key Key
	// Image is nil for a tombstone.
	Image  []byte
	Number uint64
}

// Backend is a home for changes and documents. It answers no questions but
// reads by number and by key: queries run on the boards.
type Backend interface {
	// Load calls each for every settled document and tombstone, in any order,
	// from up to several goroutines at once, and returns the mark up to which
	// changes are settled, with the chain hash there.
	Load(ctx context.Context, each func(Loaded) error) (Position, error)
	// Append writes changes, whose numbers follow each other, in order, and
	// returns how many are in. Fewer than all come with an error: ErrTaken,
	// ErrUnknown, ErrBroken, or another that means the rest was not written.
	Append(ctx context.Context, changes []Change) (int, error)
	// Changes returns at most limit changes with numbers above after, in
	// order, with their images where they are not settled.
	Changes(ctx context.Context, after uint64, limit int) ([]Change, error)
	// Last returns the number of the last change, 0 when there is none.
	Last(ctx context.Context) (uint64, error)
	// Requests calls each for every change since the time that has a request.
	Requests(ctx context.Context, since time.Time, each func(Change) error) error
	// Documents returns the settled bytes of documents in the order of their
	// keys, nil for one that is not there.
	Documents(ctx context.Context, keys []Key) ([][]byte, error)
	// Settle copies unsettled images into the documents, raises the mark,
	// strips the images and returns the mark. Every step may be repeated and
	// may run on several nodes at once. ErrRefused means that a document is
	// not taken in, and will not be by trying again.
	Settle(ctx context.Context) (uint64, error)
	// Follow calls wake whenever other nodes may have appended, until ctx ends.
	// A backend that only this process writes to returns at once.
	Follow(ctx context.Context, wake func()) error
}

// Codec turns documents into the bytes that a backend keeps, with the personal
// parts sealed, and back.
type Codec interface {
	Encode(d Document) ([]byte, error)
	// Decode gives the document of an image. With row set the collection's
	// small row type is enough.
	Decode(key Key, image []byte, row bool) (Document, error)
	// Flush makes the keys that Encode has made since the last Flush durable.
	// It is called before the change that needs them is appended.
	Flush(ctx context.Context) error
	// Forget destroys the keys of the erasure units named like these keys. It
	// may be repeated.
	Forget(ctx context.Context, keys []Key) error
}

// Installed is one committed change with its documents, as boards get it.
type Installed struct {
	Change    Change
	Documents []Document
	Forgotten []Key
}

// Board is a copy in memory of what is known. The journal calls Install from
// one goroutine at a time, in the order of the changes; a board guards itself
// against its readers. Documents loaded at start come as one Installed without
// a number.
type Board interface {
	Install(batch []Installed)
	// Lookup returns a document that the board holds whole.
	Lookup(key Key) (Document, bool)
}
