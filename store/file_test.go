package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"go.etcd.io/bbolt"

	"homeward/journal"
)

// hold keeps the committer of a file busy until the returned function is called.
func hold(t *testing.T, f *file) (release func()) {
	t.Helper()
	begun, free, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- f.exclusive(context.Background(), func() error {
			close(begun)
			<-free
			return nil
		})
	}()
	<-begun
	return func() {
		close(free)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestFileAbandonedWrite(t *testing.T) {
	t.Parallel()
	b, a := openBolt(t, t.TempDir()), newAuthor(t)
	release := hold(t, b.main)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := b.Append(ctx, []journal.Change{nth(a, 1)})
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) || errors.Is(err, journal.ErrUnknown) {
		t.Errorf("a write that was given up while it waited: %v", err)
	}
	release()
	mustAppend(t, b, nth(newAuthor(t), 1)) // its place is free
}

// TestFileGroup has writes wait together, one of which fails.
func TestFileGroup(t *testing.T) {
	t.Parallel()
	b := openBolt(t, t.TempDir())
	release := hold(t, b.main)
	refusal := errors.New("refused")
	commits := 0
	b.main.commit = func(tx *bbolt.Tx) error {
		commits++
		return tx.Commit()
	}
	results := make([]error, 20)
	var wg sync.WaitGroup
	for i := range results {
		wg.Go(func() {
			results[i] = b.main.update(t.Context(), func(tx *bbolt.Tx) error {
				if err := tx.Bucket([]byte(bucketMeta)).Put([]byte{byte(i)}, []byte("x")); err != nil || i == 7 {
					return errors.Join(err, refusal)
				}
				return nil
			})
		})
	}
	for len(b.main.queue) < len(results) { // until all of them wait
		if err := b.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	release()
	wg.Wait()
	for i, err := range results {
		if (i == 7) != errors.Is(err, refusal) || i != 7 && err != nil {
			t.Errorf("write %d: %v", i, err)
		}
	}
	if commits != 1 {
		t.Errorf("%d flushes for writes that waited together", commits)
	}
	err := b.main.view(func(tx *bbolt.Tx) error {
		for i := range results {
			if there := tx.Bucket([]byte(bucketMeta)).Get([]byte{byte(i)}) != nil; there != (i != 7) {
				t.Errorf("write %d is there: %v", i, there)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestFileCompactUnderLoad rewrites a file while it is written to and read.
func TestFileCompactUnderLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b, a := openBolt(t, dir), newAuthor(t)
	var wg sync.WaitGroup
	done := make(chan struct{})
	for _, work := range []func() error{
		func() error { return b.Compact(t.Context()) },
		func() error { _, err := b.Changes(t.Context(), 0, 1<<20); return err },
		func() error { return b.Backup(t.Context(), filepath.Join(dir, "copy")) },
	} {
		wg.Go(func() {
			for {
				if err := work(); err != nil {
					t.Error(err)
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	const changes = 150
	for n := uint64(1); n <= changes; n++ {
		mustAppend(t, b, nth(a, n))
	}
	close(done)
	wg.Wait()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	for _, problem := range lost(t, dir, changes) {
		t.Error(problem)
	}
}

func TestBoltUnusable(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenBolt(file, BoltOptions{}); err == nil {
		t.Error("a file was taken for a directory")
	}
	for name, content := range map[string][]byte{"empty": {}, "text": []byte("not a store at all")} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "homeward.db"), content, 0o600); err != nil {
			t.Fatal(err)
		}
		b, err := OpenBolt(dir, BoltOptions{})
		if b != nil || !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
