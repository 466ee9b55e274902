package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"homeward/journal"
)

// Errors of this package. Those of writing and reading are the journal's.
var (
	// ErrInUse says that another process uses the directory.
	ErrInUse = errors.New("the directory is in use by another homeward process")
	// ErrDamaged says that stored bytes are not what was written. Nothing of
	// them is given out.
	ErrDamaged = errors.New("the store is damaged")
	// ErrClosed says that the store has been closed.
	ErrClosed = errors.New("the store is closed")
)

// MaxChange is the largest sum of document bytes that one change may carry, in
// every store alike. MongoDB takes no document above 16 MiB.
const MaxChange = 12 << 20

// Store is a home for everything but keys. All methods are safe for concurrent
// use. A write has reached the disk when its method returns nil. Slices given
// to a store are not kept, slices it returns belong to the caller.
type Store interface {
	journal.Backend

	// PutSide writes a side record: one that is in no change and may expire. A
	// zero expiry means never. A kind has no slash in it.
	PutSide(ctx context.Context, kind, id string, expires time.Time, data []byte) error
	// SwapSide is PutSide for a record that has not changed: was is what it has to
	// hold, nil that there has to be none. Nil data removes it. Of all who try at
	// once, on whichever node, one succeeds; the others get journal.ErrTaken and
	// have written nothing. An expired record that is not swept is still there.
	SwapSide(ctx context.Context, kind, id string, was []byte, expires time.Time, data []byte) error
	// Side returns a side record with its expiry, also when it has expired but
	// is not swept yet, or journal.ErrNotFound.
	Side(ctx context.Context, kind, id string) ([]byte, time.Time, error)
	// DropSide removes a side record; one that is not there is no error.
	DropSide(ctx context.Context, kind, id string) error
	// EachSide calls each for the records of a kind, ordered by id, until it
	// returns an error.
	EachSide(ctx context.Context, kind string, each func(id string, data []byte) error) error
	// SweepSide removes the records that expire at now or earlier and returns
	// how many they were.
	SweepSide(ctx context.Context, now time.Time) (int, error)

	// AppendReads adds read records of a node after those it has, in order. One
	// process at a time uses a node's name, which has no slash in it.
	AppendReads(ctx context.Context, node string, records [][]byte) error
	// Reads returns at most limit of a node's read records, in order, leaving
	// out the first after of them.
	Reads(ctx context.Context, node string, after uint64, limit int) ([][]byte, error)

	// PutBlob writes a photo, replacing one with the same id.
	PutBlob(ctx context.Context, id string, data []byte) error
	// Blob returns a photo, or journal.ErrNotFound.
	Blob(ctx context.Context, id string) ([]byte, error)
	// DropBlob removes a photo; one that is not there is no error.
	DropBlob(ctx context.Context, id string) error
	// EachBlob calls each with every photo's id and the time it was written,
	// until it returns an error. Photos written only half are among them.
	EachBlob(ctx context.Context, each func(id string, at time.Time) error) error

	// Check returns an error when the store cannot take writes now.
	Check(ctx context.Context) error
	// Close finishes what was begun and lets go of the store.
	Close() error
}

// KeyHome is a home for wrapped keys by erasure unit, apart from the data. All
// methods are safe for concurrent use and durable when they return nil.
type KeyHome interface {
	// PutKeys adds the wrapped keys of units. A unit that has another key is
	// journal.ErrTaken, so that of two nodes that make a unit's key at once one
	// learns that its own must not be used; other keys of the call may be in.
	PutKeys(ctx context.Context, units []string, wrapped [][]byte) error
	// Key returns a unit's wrapped key, or journal.ErrNotFound.
	Key(ctx context.Context, unit string) ([]byte, error)
	// EachKey calls each with the wrapped key of every unit whose name begins with
	// prefix, ordered by name, until it returns an error.
	EachKey(ctx context.Context, prefix string, each func(unit string, wrapped []byte) error) error
	// DropKeys destroys keys. Units without a key are no error.
	DropKeys(ctx context.Context, units []string) error
	// ReplaceKeys makes these the only keys there are, in one step.
	ReplaceKeys(ctx context.Context, units []string, wrapped [][]byte) error
}

// checkChanges refuses what no store could write.
func checkChanges(changes []journal.Change) error {
	for i := range changes {
		c := &changes[i]
		if c.Number != changes[0].Number+uint64(i) || c.Number == 0 {
			return fmt.Errorf("change %d does not follow the one before it", c.Number)
		}
		size := 0
		for _, l := range c.Lines {
			size += len(l.Image)
			if l.Forgotten != (l.Image == nil) {
				return fmt.Errorf("change %d: %s is neither written nor forgotten", c.Number, l.Key)
			}
			if l.Key.Collection == "" || l.Key.ID == "" || len(l.Key.ID) > maxID {
				return fmt.Errorf("change %d: a document has no name or one that is too long", c.Number)
			}
		}
		if size > MaxChange {
			return fmt.Errorf("change %d carries %d bytes of documents, more than %d", c.Number, size, MaxChange)
		}
	}
	return nil
}

func errGap(number, tip uint64) error {
	return fmt.Errorf("change %d does not follow %d", number, tip)
}

// maxID bounds ids of every sort, in bytes.
const maxID = 1024

func checkID(parts ...string) error {
	for _, id := range parts {
		if id == "" || len(id) > maxID {
			return fmt.Errorf("an id must have 1 to %d bytes", maxID)
		}
	}
	return nil
}

// checkName is checkID for what begins the id of records on MongoDB.
func checkName(name string) error {
	if strings.Contains(name, "/") {
		return fmt.Errorf("%q must not contain a slash", name)
	}
	return checkID(name)
}

func checkSwap(was, data []byte) error {
	if was == nil && data == nil {
		return errors.New("a swap of nothing for nothing")
	}
	return nil
}

func checkKeys(units []string, wrapped [][]byte) error {
	if len(units) != len(wrapped) {
		return fmt.Errorf("%d units with %d keys", len(units), len(wrapped))
	}
	return checkID(units...)
}
