package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"homeward/journal"
)

// PutSide writes a side record.
func (m *Memory) PutSide(_ context.Context, kind, id string, expires time.Time, data []byte) error {
	if err := errors.Join(checkName(kind), checkID(id)); err != nil {
		return err
	}
	defer m.hold()()
	if !expires.IsZero() {
		expires = expires.UTC().Truncate(time.Millisecond)
	}
	m.side[sideKey{kind, id}] = sideRecord{bytes.Clone(data), expires}
	return nil
}

// SwapSide replaces a side record that holds what was.
func (m *Memory) SwapSide(_ context.Context, kind, id string, was []byte, expires time.Time, data []byte) error {
	if err := errors.Join(checkName(kind), checkID(id), checkSwap(was, data)); err != nil {
		return err
	}
	defer m.hold()()
	key := sideKey{kind, id}
	if r, ok := m.side[key]; ok != (was != nil) || !bytes.Equal(r.data, was) {
		return journal.ErrTaken
	}
	if data == nil {
		delete(m.side, key)
		return nil
	}
	if !expires.IsZero() {
		expires = expires.UTC().Truncate(time.Millisecond)
	}
	m.side[key] = sideRecord{bytes.Clone(data), expires}
	return nil
}

// Side returns a side record with its expiry.
func (m *Memory) Side(_ context.Context, kind, id string) ([]byte, time.Time, error) {
	defer m.hold()()
	r, ok := m.side[sideKey{kind, id}]
	if !ok {
		return nil, time.Time{}, journal.ErrNotFound
	}
	return bytes.Clone(r.data), r.expires, nil
}

// DropSide removes a side record.
func (m *Memory) DropSide(_ context.Context, kind, id string) error {
	defer m.hold()()
	delete(m.side, sideKey{kind, id})
	return nil
}

// EachSide goes through the records of a kind.
func (m *Memory) EachSide(ctx context.Context, kind string, each func(id string, data []byte) error) error {
	unlock := m.hold()
	found := map[string][]byte{}
	for k, r := range m.side {
		if k.kind == kind {
			found[k.id] = bytes.Clone(r.data)
		}
	}
	unlock()
	for _, id := range slices.Sorted(maps.Keys(found)) {
		if err := errors.Join(ctx.Err(), each(id, found[id])); err != nil {
			return err
		}
	}
	return nil
}

// SweepSide removes expired records.
func (m *Memory) SweepSide(_ context.Context, now time.Time) (int, error) {
	defer m.hold()()
	before := len(m.side)
	maps.DeleteFunc(m.side, func(_ sideKey, r sideRecord) bool {
		return !r.expires.IsZero() && !r.expires.After(now)
	})
	return before - len(m.side), nil
}

// AppendReads adds read records of a node.
func (m *Memory) AppendReads(_ context.Context, node string, records [][]byte) error {
	if err := checkName(node); err != nil {
		return err
	}
	defer m.hold()()
	for _, r := range records {
		m.reads[node] = append(m.reads[node], bytes.Clone(r))
	}
	return nil
}

// Reads returns read records of a node.
func (m *Memory) Reads(_ context.Context, node string, after uint64, limit int) ([][]byte, error) {
	defer m.hold()()
	var out [][]byte
	for i := after; i < uint64(len(m.reads[node])) && len(out) < limit; i++ {
		out = append(out, bytes.Clone(m.reads[node][i]))
	}
	return out, nil
}

// PutBlob writes a photo.
func (m *Memory) PutBlob(_ context.Context, id string, data []byte) error {
	defer m.hold()()
	m.blobs[id] = memoryBlob{bytes.Clone(data), m.Now().UTC().Truncate(time.Millisecond)}
	return nil
}

// Blob returns a photo.
func (m *Memory) Blob(_ context.Context, id string) ([]byte, error) {
	defer m.hold()()
	b, ok := m.blobs[id]
	if !ok {
		return nil, journal.ErrNotFound
	}
	return bytes.Clone(b.data), nil
}

// DropBlob removes a photo.
func (m *Memory) DropBlob(_ context.Context, id string) error {
	defer m.hold()()
	delete(m.blobs, id)
	return nil
}

// EachBlob lists the photos.
func (m *Memory) EachBlob(ctx context.Context, each func(id string, at time.Time) error) error {
	unlock := m.hold()
	found := map[string]time.Time{}
	for id, b := range m.blobs {
		found[id] = b.at
	}
	unlock()
	for _, id := range slices.Sorted(maps.Keys(found)) {
		if err := errors.Join(ctx.Err(), each(id, found[id])); err != nil {
			return err
		}
	}
	return nil
}

// PutKeys adds keys, all or none.
func (m *Memory) PutKeys(_ context.Context, units []string, wrapped [][]byte) error {
	defer m.hold()()
	if err := checkKeys(units, wrapped); err != nil {
		return err
	}
	for i, unit := range units {
		if was, ok := m.keys[unit]; ok && !bytes.Equal(was, wrapped[i]) {
			return fmt.Errorf("unit %s has a key: %w", unit, journal.ErrTaken)
		}
	}
	for i, unit := range units {
		m.keys[unit] = bytes.Clone(wrapped[i])
	}
	return nil
}

// Key returns a unit's wrapped key.
func (m *Memory) Key(_ context.Context, unit string) ([]byte, error) {
	defer m.hold()()
	wrapped, ok := m.keys[unit]
	if !ok {
		return nil, journal.ErrNotFound
	}
	return bytes.Clone(wrapped), nil
}

// EachKey goes through keys in the order of their units.
func (m *Memory) EachKey(ctx context.Context, prefix string, each func(unit string, wrapped []byte) error) error {
	unlock := m.hold()
	all := maps.Clone(m.keys)
	unlock()
	for _, unit := range slices.Sorted(maps.Keys(all)) {
		if !strings.HasPrefix(unit, prefix) {
			continue
		}
		if err := errors.Join(ctx.Err(), each(unit, bytes.Clone(all[unit]))); err != nil {
			return err
		}
	}
	return nil
}

// DropKeys destroys keys.
func (m *Memory) DropKeys(_ context.Context, units []string) error {
	defer m.hold()()
	for _, unit := range units {
		delete(m.keys, unit)
	}
	return nil
}

// ReplaceKeys makes these the only keys.
func (m *Memory) ReplaceKeys(_ context.Context, units []string, wrapped [][]byte) error {
	if err := checkKeys(units, wrapped); err != nil {
		return err
	}
	defer m.hold()()
	m.keys = map[string][]byte{}
	for i, unit := range units {
		m.keys[unit] = bytes.Clone(wrapped[i])
	}
	return nil
}
