package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// lockPatience is how long a start waits for another process to let go.
const lockPatience = time.Second

// lockDirectory makes dir if it has to and takes the lock file in it, so that
// one process at a time uses the directory. The lock ends with the process, in
// whatever way it ends. Closing the file gives it up.
func lockDirectory(dir, name string) (*os.File, error) {
	if err := makeDirectory(dir); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the directory: %w", err)
	}
	deadline := time.NewTimer(lockPatience)
	defer deadline.Stop()
	again := time.NewTicker(lockPatience / 20)
	defer again.Stop()
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			_ = f.Close() // nothing was written
			return nil, fmt.Errorf("lock the directory %s: %w (it must be on a local disk)", dir, err)
		}
		select {
		case <-again.C:
		case <-deadline.C:
			_ = f.Close() // nothing was written
			return nil, fmt.Errorf("%w: %s. Stop the other process first, or choose another directory", ErrInUse, dir)
		}
	}
}

// makeDirectory makes dir and makes sure that its name outlives a power cut.
func makeDirectory(dir string) error {
	if info, err := os.Stat(dir); err == nil {
		if !info.IsDir() {
			return fmt.Errorf("%s is not a directory", dir)
		}
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the directory: %w", err)
	}
	return syncDirectory(filepath.Dir(filepath.Clean(dir)))
}

// syncDirectory makes renames in dir durable.
func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync the directory: %w", err)
	}
	err = d.Sync()
	if closed := d.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("sync the directory %s: %w", dir, err)
	}
	return nil
}
