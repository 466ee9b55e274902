package alerts

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"

	"homeward/journal"
)

// Prepare gives units keys and makes them durable before a change needs them:
// callers that come at the same time share a flush, which runs beside the
// journal's own and not before it. A unit that has a key keeps it. When the
// change is refused afterwards its keys stay and open nothing.
func (r *Ring) Prepare(ctx context.Context, units ...string) error {
	r.mu.Lock()
	r.preparing++ // the master key stays until they are in the home
	p := preparation{forgets: r.forgets}
	r.mu.Unlock()
	err := r.prepare(ctx, units, &p)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.preparing--
	if err != nil || r.forgets != p.forgets {
		return err
	}
	for i, unit := range p.units {
		r.remember(unit, p.made[i])
	}
	return nil
}

// preparation is the keys that units lacked.
type preparation struct {
	units   []string
	wrapped [][]byte
	made    []cipher.AEAD
	forgets uint64 // how often units had been forgotten when it began
}

func (r *Ring) prepare(ctx context.Context, units []string, p *preparation) error {
	for _, unit := range units {
		_, err := r.unit(unit)
		if err == nil {
			continue
		}
		if !errors.Is(err, journal.ErrNotFound) {
			return err
		}
		a, key, err := newKey(unit)
		if err != nil {
			return err
		}
		r.mu.Lock()
		wrapped := r.master.wrap(unit, key)
		r.mu.Unlock()
		p.units, p.wrapped, p.made = append(p.units, unit), append(p.wrapped, wrapped), append(p.made, a)
	}
	if len(p.units) == 0 {
		return nil
	}
	err := r.home.PutKeys(ctx, p.units, p.wrapped)
	if errors.Is(err, journal.ErrTaken) {
		*p = preparation{forgets: p.forgets} // the same request came twice at once, and the other has made them
		return nil
	}
	if err != nil {
		return fmt.Errorf("keep new unit keys: %w", err)
	}
	return nil
}

// newKey draws a key for a unit.
func newKey(unit string) (a cipher.AEAD, key []byte, err error) {
	if unit == "" || unit == selfUnit {
		return nil, nil, fmt.Errorf("%q cannot be an erasure unit", unit)
	}
	key = make([]byte, keySize)
	readRandom(rand.Reader, key)
	a, err = newAEAD(key)
	return a, key, err
}
