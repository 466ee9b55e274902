package alerts

import (
	"bytes"
	"context"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"

	"homeward/journal"
)

// ErrMasterKey says that the master key is not the one that the keys in the
// store were wrapped with.
var ErrMasterKey = errors.New("the master key does not fit the stored keys: put back the key file that belongs to this store, or restore keys and data together")

// ErrForgotten says that the key of a sealed part has been destroyed. It is
// also journal.ErrForgotten and journal.ErrNotFound.
var ErrForgotten = fmt.Errorf("%w: %w", journal.ErrForgotten, journal.ErrNotFound)

// errSealed is for bytes that do not open: damaged, or moved from elsewhere.
var errSealed = errors.New("a sealed part is damaged or belongs to another record")

// KeyHome keeps wrapped unit keys, apart from the data. All methods return
// after what they did is durable.
type KeyHome interface {
	// PutKeys adds keys. A home that several nodes write to refuses a unit that
	// another node has just given a key, or what that node sealed is lost.
	PutKeys(ctx context.Context, units []string, wrapped [][]byte) error
	// Key returns one wrapped key, or journal.ErrNotFound.
	Key(ctx context.Context, unit string) ([]byte, error)
	EachKey(ctx context.Context, prefix string, each func(unit string, wrapped []byte) error) error
	// DropKeys destroys keys so that they are physically gone. A unit without
	// a key is no error.
	DropKeys(ctx context.Context, units []string) error
	// ReplaceKeys puts these keys in place of all there are.
	ReplaceKeys(ctx context.Context, units []string, wrapped [][]byte) error
}

// selfUnit is the unit whose key belongs to the installation: MAC keys come
// from it, so that they outlive a change of the master key, and opening it at
// the start proves the master key.
const selfUnit = "installation/self"

const (
	keySize   = 32
	nonceSize = 12
	tagSize   = 16
	// cachedUnits bounds each of the two halves of the cache.
	cachedUnits = 8192
)

// Ring seals and opens the personal parts of documents with one random key per
// erasure unit. It is safe for concurrent use.
type Ring struct {
	home KeyHome

	// flushing lets one Flush run at a time: the journal's writer and somebody
	// who keeps a photo may both ask.
	flushing sync.Mutex

	mu sync.Mutex
	// master wraps new keys; older ones are only for opening, until a rotation
	// that was cut short has been finished.
	master wrapper
	older  []wrapper
	self   []byte
	// hot and cold are the cache: what is used in cold moves to hot, and when
	// hot is full it becomes cold.
	hot, cold map[string]cipher.AEAD
	// pending are keys made since the last Flush; they are never evicted.
	pending map[string]pendingKey
	order   []string
	// preparing counts the calls of Prepare under way.
	preparing int
	// forgets counts calls of Forget, so that a key read before one is not
	// cached after it.
	forgets uint64
	macs    map[string][]byte
	// token seals small tokens such as cursors.
	token cipher.AEAD
}

type pendingKey struct {
	aead    cipher.AEAD
	wrapped []byte
}

// OpenRing opens the ring over its home with a master key of 32 bytes. In an
// empty home it makes the installation's own key. A master key that does not
// open it is refused with ErrMasterKey. Older master keys are given when a
// rotation may have been cut short.
func OpenRing(ctx context.Context, master []byte, home KeyHome, older ...[]byte) (*Ring, error) {
	r := &Ring{home: home, hot: map[string]cipher.AEAD{}, cold: map[string]cipher.AEAD{}, pending: map[string]pendingKey{}, macs: map[string][]byte{}}
	var err error
	if r.master, err = newWrapper(master); err != nil {
		return nil, err
	}
	for _, m := range older {
		w, err := newWrapper(m)
		if err != nil {
			return nil, err
		}
		r.older = append(r.older, w)
	}
	wrapped, err := home.Key(ctx, selfUnit)
	if errors.Is(err, journal.ErrNotFound) {
		err = r.first(ctx)
	} else {
		err = r.opened(wrapped, err)
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// second takes the installation's key that is there.
func (r *Ring) second(ctx context.Context) error { return r.opened(r.home.Key(ctx, selfUnit)) }

func (r *Ring) opened(wrapped []byte, err error) error {
	if err != nil {
		return fmt.Errorf("read the installation's key: %w", err)
	}
	if r.self, err = r.unwrap(selfUnit, wrapped); err != nil {
		return err
	}
	return r.selfTest()
}

// first makes the installation's key. A home that has other keys but not this
// one has lost it, and a new one would hide that.
func (r *Ring) first(ctx context.Context) error {
	err := r.home.EachKey(ctx, "", func(string, []byte) error { return ErrMasterKey })
	if err != nil {
		return fmt.Errorf("the installation's own key is missing: %w", err)
	}
	r.self = make([]byte, keySize)
	readRandom(rand.Reader, r.self)
	wrapped := r.master.wrap(selfUnit, r.self)
	err = r.home.PutKeys(ctx, []string{selfUnit}, [][]byte{wrapped})
	if errors.Is(err, journal.ErrTaken) { // another node started at the same moment
		return r.second(ctx)
	}
	if err != nil {
		return fmt.Errorf("keep the installation's key: %w", err)
	}
	return r.selfTest()
}

// selfTest proves that what is sealed is not readable and opens again, before
// anything that matters is sealed.
func (r *Ring) selfTest() error {
	a, err := newAEAD(r.self)
	if err != nil {
		return err
	}
	canary := []byte("homeward start-up canary")
	sealed := sealBytes(a, []byte("self"), canary)
	if bytes.Contains(sealed, canary) {
		return errors.New("sealing is switched off: the start-up canary is readable")
	}
	opened, err := openBytes(a, nil, []byte("self"), sealed)
	if err != nil || string(opened) != string(canary) {
		return errors.New("the start-up canary does not open again")
	}
	return nil
}

// Seal encrypts plain with the key of unit, which is made when there is none,
// and binds it to aad. A key that was made must be flushed before what is
// sealed with it is stored.
func (r *Ring) Seal(unit string, aad, plain []byte) ([]byte, error) {
	a, err := r.unit(unit)
	if errors.Is(err, journal.ErrNotFound) {
		a, err = r.make(unit)
	}
	if err != nil {
		return nil, err
	}
	return sealBytes(a, aad, plain), nil
}

// Open decrypts what Seal gave for the same unit and aad. It returns
// ErrForgotten when the unit's key is gone.
func (r *Ring) Open(unit string, aad, sealed []byte) ([]byte, error) {
	open, err := r.Opener(unit)
	if err != nil {
		return nil, err
	}
	return open(nil, aad, sealed)
}

// Opener returns what opens the parts sealed for a unit, which spares those who
// open many of them from asking for the key each time. It appends to dst. It
// goes on opening what is forgotten afterwards, so it must not be kept. Opener
// returns ErrForgotten when the unit's key is gone.
func (r *Ring) Opener(unit string) (open func(dst, aad, sealed []byte) ([]byte, error), err error) {
	a, err := r.unit(unit)
	if err != nil {
		return nil, err
	}
	return func(dst, aad, sealed []byte) ([]byte, error) { return openBytes(a, dst, aad, sealed) }, nil
}
