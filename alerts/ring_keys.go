package alerts

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"

	"homeward/journal"
)

// unit returns the cipher of a unit from memory or from the home.
func (r *Ring) unit(unit string) (cipher.AEAD, error) {
	r.mu.Lock()
	if a, ok := r.cached(unit); ok {
		r.mu.Unlock()
		return a, nil
	}
	before := r.forgets
	r.mu.Unlock()
	wrapped, err := r.home.Key(context.Background(), unit)
	if errors.Is(err, journal.ErrNotFound) {
		return nil, fmt.Errorf("unit %s: %w", unit, ErrForgotten)
	}
	if err != nil {
		return nil, fmt.Errorf("read the key of unit %s: %w", unit, err)
	}
	key, err := r.unwrap(unit, wrapped)
	if err != nil {
		return nil, err
	}
	a, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.forgets == before {
		r.remember(unit, a)
	}
	return a, nil
}

// cached looks a unit up in memory; mu is held.
func (r *Ring) cached(unit string) (cipher.AEAD, bool) {
	if a, ok := r.hot[unit]; ok {
		return a, true
	}
	if p, ok := r.pending[unit]; ok {
		return p.aead, true
	}
	a, ok := r.cold[unit]
	if ok {
		r.remember(unit, a)
	}
	return a, ok
}

// remember puts a cipher into the cache; mu is held.
func (r *Ring) remember(unit string, a cipher.AEAD) {
	if len(r.hot) >= cachedUnits {
		r.hot, r.cold = map[string]cipher.AEAD{}, r.hot
	}
	r.hot[unit] = a
}

// make gives a unit a new key, which waits for the next Flush.
func (r *Ring) make(unit string) (cipher.AEAD, error) {
	if unit == "" || unit == selfUnit {
		return nil, fmt.Errorf("%q cannot be an erasure unit", unit)
	}
	key := make([]byte, keySize)
	readRandom(rand.Reader, key)
	a, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if a, ok := r.cached(unit); ok {
		return a, nil
	}
	r.pending[unit] = pendingKey{a, r.master.wrap(unit, key)}
	r.order = append(r.order, unit)
	return a, nil
}

// Rotate wraps every key with a new master key of 32 bytes. The caller has put
// the new key on disk beside the old one first: until the old one is removed,
// OpenRing with both opens the store whatever moment the power failed.
func (r *Ring) Rotate(ctx context.Context, master []byte) error {
	w, err := newWrapper(master)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.pending) > 0 {
		return errors.New("the master key is changed only while nothing is being written")
	}
	var units []string
	var wrapped [][]byte
	err = r.home.AllKeys(ctx, func(unit string, old []byte) error {
		key, err := r.unwrapWith(unit, old)
		if err != nil {
			return err
		}
		units, wrapped = append(units, unit), append(wrapped, w.wrap(unit, key))
		return nil
	})
	if err != nil {
		return fmt.Errorf("read all keys: %w", err)
	}
	// From here on both must open: the home may hold either, or some of each.
	r.older = append(r.older, r.master)
	r.master = w
	if err := r.home.ReplaceKeys(ctx, units, wrapped); err != nil {
		return fmt.Errorf("put the newly wrapped keys in place: %w", err)
	}
	r.older = nil
	return nil
}

func (r *Ring) unwrap(unit string, wrapped []byte) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.unwrapWith(unit, wrapped)
}

// unwrapWith opens a wrapped key with whichever master key made it; mu is held.
func (r *Ring) unwrapWith(unit string, wrapped []byte) ([]byte, error) {
	for _, w := range append([]wrapper{r.master}, r.older...) {
		if key, ok := w.unwrap(unit, wrapped); ok {
			return key, nil
		}
	}
	return nil, fmt.Errorf("the key of unit %s: %w", unit, ErrMasterKey)
}

// wrapper wraps unit keys under one master key.
type wrapper struct {
	aead cipher.AEAD
}

func newWrapper(master []byte) (wrapper, error) {
	if len(master) != keySize {
		return wrapper{}, fmt.Errorf("the master key has %d bytes, it must have %d", len(master), keySize)
	}
	a, err := newAEAD(deriveKey(master, "wrap"))
	return wrapper{a}, err
}

// wrap binds the key to its unit, so that two units cannot be swapped.
func (w wrapper) wrap(unit string, key []byte) []byte {
	return sealBytes(w.aead, []byte("unit "+unit), key)
}

func (w wrapper) unwrap(unit string, wrapped []byte) ([]byte, bool) {
	key, err := openBytes(w.aead, []byte("unit "+unit), wrapped)
	return key, err == nil && len(key) == keySize
}

// seal returns nonce, ciphertext and tag. The nonce is random: one key seals far
// fewer than the 2^32 parts that random nonces are good for.
func sealBytes(a cipher.AEAD, aad, plain []byte) []byte {
	out := make([]byte, nonceSize, nonceSize+len(plain)+tagSize)
	readRandom(rand.Reader, out)
	return a.Seal(out, out, plain, aad)
}

func openBytes(a cipher.AEAD, aad, sealed []byte) ([]byte, error) {
	if len(sealed) < nonceSize+tagSize {
		return nil, errSealed
	}
	plain, err := a.Open(nil, sealed[:nonceSize], sealed[nonceSize:], aad)
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}
