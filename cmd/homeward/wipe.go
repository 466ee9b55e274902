package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"homeward/journal"
	"homeward/partners"
)

// The side record of when the store's files were last rewritten.
const (
	wipeKind = "maintenance"
	wipeID   = "wiped"
	wipeKept = 10 * 365 * 24 * time.Hour
)

// wipe drops the photos that no record names and, after an erasure, rewrites the
// files of the embedded store: free pages of theirs still hold the places and
// times that were not sealed. On MongoDB that is the server's own work.
func (w *world) wipe(ctx context.Context) error {
	_, swept := w.desk.SweepPhotos(ctx, w.now())
	return errors.Join(swept, w.rewrite(ctx))
}

// rewrite rewrites the files of the embedded store if something was erased since
// the last time.
func (w *world) rewrite(ctx context.Context) error {
	files, ok := w.store.(interface {
		Compact(ctx context.Context) error
	})
	erased := w.desk.PartnerBoard().Erasures()
	if !ok || len(erased) == 0 {
		return nil
	}
	last, err := w.wiped(ctx)
	if err != nil || !erased[0].ErasedAt.After(last) {
		return err
	}
	began := w.now()
	if err := files.Compact(ctx); err != nil {
		return fmt.Errorf("rewrite the files after an erasure: %w", err)
	}
	return w.store.PutSide(ctx, wipeKind, wipeID, began.Add(wipeKept), []byte(began.Format(time.RFC3339Nano)))
}

// wiped is when the files were last rewritten, zero for never.
func (w *world) wiped(ctx context.Context) (time.Time, error) {
	data, _, err := w.store.Side(ctx, wipeKind, wipeID)
	if errors.Is(err, journal.ErrNotFound) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return time.Parse(time.RFC3339Nano, string(data))
}

// eraseAgain erases what was erased before and is here again, because the data are
// of a backup from before: the keys are of today, and say so. A case whose key is
// there was not erased.
func (w *world) eraseAgain(ctx context.Context) error {
	var gone []string
	err := w.keys.EachKey(ctx, partners.ErasureUnits, func(unit string, _ []byte) error {
		id := strings.TrimPrefix(unit, partners.ErasureUnits)
		if _, known := w.desk.PartnerBoard().Erasure(id); known {
			return nil
		}
		_, err := w.keys.Key(ctx, "cases/"+id)
		if errors.Is(err, journal.ErrNotFound) {
			gone = append(gone, id)
			return nil
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("look for what was erased: %w", err)
	}
	return w.desk.EraseAgain(ctx, gone)
}
