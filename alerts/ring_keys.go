package alerts

import (
	"context"
	"crypto/cipher"
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
	a, key, err := newKey(unit)
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

// Flush makes the keys made since the last Flush durable.
func (r *Ring) Flush(ctx context.Context) error {
	r.flushing.Lock()
	defer r.flushing.Unlock()
	r.mu.Lock()
	units := append([]string(nil), r.order...)
	wrapped := make([][]byte, len(units))
	for i, u := range units {
		wrapped[i] = r.pending[u].wrapped
	}
	r.mu.Unlock()
	if len(units) == 0 {
		return nil
	}
	err := r.home.PutKeys(ctx, units, wrapped)
	r.mu.Lock()
	defer r.mu.Unlock()
	// After a failure the keys are dropped: nothing sealed with them has been
	// stored, and the next try seals again.
	for _, u := range units {
		p, ok := r.pending[u]
		delete(r.pending, u)
		if ok && err == nil {
			r.remember(u, p.aead)
		}
	}
	r.order = r.order[len(units):]
	if err != nil {
		return fmt.Errorf("keep new unit keys: %w", err)
	}
	return nil
}

// Forget destroys the keys of units, in the home and in memory. It may be
// repeated.
func (r *Ring) Forget(ctx context.Context, units []string) error {
	drop := func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.forgets++
		for _, u := range units {
			delete(r.hot, u)
			delete(r.cold, u)
			delete(r.pending, u)
		}
		r.order = nil
		for u := range r.pending {
			r.order = append(r.order, u)
		}
	}
	drop()
	if err := r.home.DropKeys(ctx, units); err != nil {
		return fmt.Errorf("destroy unit keys: %w", err)
	}
	drop() // again, for a reader that came in between
	return nil
}
