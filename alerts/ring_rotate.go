package alerts

import (
	"context"
	"errors"
	"fmt"
)

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
	if len(r.pending) > 0 || r.preparing > 0 {
		return errors.New("the master key is changed only while nothing is being written")
	}
	var units []string
	var wrapped [][]byte
	err = r.home.EachKey(ctx, "", func(unit string, old []byte) error {
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
