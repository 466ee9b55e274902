package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync/atomic"

	"homeward/journal"
)

// uncleanMark is the file that tells the next start to rewrite the store.
const uncleanMark = "unclean"

// health is what the files of one directory share: whether the disk failed.
type health struct {
	dir   string
	cause atomic.Pointer[error]
}

// broken returns an error once a write to the disk has failed.
func (h *health) broken() error {
	if p := h.cause.Load(); p != nil {
		return *p
	}
	return nil
}

// fail notes that the disk failed, for this process and for the next start.
func (h *health) fail(cause error) error {
	err := fmt.Errorf("%w: %w", journal.ErrBroken, cause)
	if !h.cause.CompareAndSwap(nil, &err) {
		return h.broken()
	}
	mark, errMark := os.OpenFile(filepath.Join(h.dir, uncleanMark), os.O_WRONLY|os.O_CREATE, 0o600)
	if errMark == nil {
		errMark = errors.Join(mark.Sync(), mark.Close(), syncDirectory(h.dir))
	}
	if errMark != nil {
		return fmt.Errorf("%w (and it could not be noted: %w)", err, errMark)
	}
	return err
}

// unclean tells whether an earlier process met a failing disk.
func (h *health) unclean() bool {
	_, err := os.Stat(filepath.Join(h.dir, uncleanMark))
	return err == nil
}

func (h *health) clean() error {
	if err := os.Remove(filepath.Join(h.dir, uncleanMark)); err != nil {
		return fmt.Errorf("take the mark of a failed disk away: %w", err)
	}
	return syncDirectory(h.dir)
}

// guarded turns the panic or the memory fault that a damaged file causes inside
// bbolt into an error.
func guarded(path string, fn func() error) (err error) {
	was := debug.SetPanicOnFault(true)
	defer debug.SetPanicOnFault(was)
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %s (%v); restore the last backup", ErrDamaged, path, r)
		}
	}()
	return fn()
}
