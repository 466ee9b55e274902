package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"homeward/journal"
)

// damages are what a bad disk does to the used part of a file, drawn at random.
func damages(r *rand.Rand, file []byte) []byte {
	page := os.Getpagesize()
	out := bytes.Clone(file)
	pages := len(out) / page
	one := r.IntN(pages)
	switch r.IntN(4) {
	case 0:
		out[r.IntN(len(out))] ^= 1 << r.IntN(8)
	case 1:
		clear(out[one*page : (one+1)*page])
	case 2:
		out = out[:r.IntN(len(out))]
	case 3:
		other := r.IntN(pages)
		copy(out[one*page:], file[other*page:(other+1)*page])
		copy(out[other*page:], file[one*page:(one+1)*page])
	}
	return out
}

// readable opens the store in dir and returns an error, or nil when everything
// in it is as it was written. Wrong answers are reported.
func readable(t *testing.T, dir string, changes int, documents map[journal.Key]journal.Loaded) error {
	t.Helper()
	b, err := OpenBolt(dir, BoltOptions{})
	if err != nil {
		return err
	}
	defer func() { _ = b.Close() }() // the file is damaged
	got := map[journal.Key]journal.Loaded{}
	var mu sync.Mutex
	p, err := b.Load(t.Context(), func(l journal.Loaded) error {
		mu.Lock()
		defer mu.Unlock()
		got[l.Key] = l
		if want := documents[l.Key]; l.Number != want.Number || !bytes.Equal(l.Image, want.Image) {
			t.Errorf("%s was given out with wrong bytes", l.Key)
		}
		return nil
	})
	if err != nil {
		return err
	}
	// The older of two roots is a whole store as of one commit before.
	if len(got) != len(documents) || p.Number != uint64(changes) {
		t.Errorf("%d of %d documents at %d were given out without a word", len(got), len(documents), p.Number)
	}
	all, err := b.Changes(t.Context(), 0, changes+1)
	if err != nil {
		return err
	}
	a := newAuthor(t)
	for i, c := range all {
		sameChange(t, c, nth(a, uint64(i+1)))
	}
	return nil
}

func TestFaultCorruption(t *testing.T) {
	t.Parallel()
	dir, a := t.TempDir(), newAuthor(t)
	b := openBolt(t, dir)
	const changes = 400
	for n := uint64(1); n <= changes; n += 8 {
		var batch []journal.Change
		for i := range uint64(8) {
			batch = append(batch, nth(a, n+i))
		}
		mustAppend(t, b, batch...)
	}
	_, documents := loadAll(t, b)
	// Committed twice more without a change, so that both roots are alike.
	for range 2 {
		if err := b.main.update(t.Context(), func(*bbolt.Tx) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(dir, "homeward.db"))
	if err != nil {
		t.Fatal(err)
	}
	w := walker{file: bytes.NewReader(file), size: uint64(len(file))}
	if _, err := w.root(); err != nil {
		t.Fatal(err)
	}
	file = file[:w.high*w.pageSize]
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	refused, wrong := 0, 0
	for range many(40, 2000) {
		damaged := t.TempDir()
		path := filepath.Join(damaged, "homeward.db")
		if err := os.WriteFile(path, damages(r, file), 0o600); err != nil {
			t.Fatal(err)
		}
		if rawWrong(path, documents) {
			wrong++
		}
		if err := readable(t, damaged, changes, documents); err != nil {
			refused++
		}
	}
	t.Logf("seed %d: %d refused; without checksums %d would have given out wrong bytes", seed, refused, wrong)
	if refused == 0 {
		t.Error("no damage was noticed")
	}
	if many(0, 1) == 1 && wrong == 0 {
		t.Error("the control found nothing: checksums would not be needed")
	}
}

// rawWrong tells whether reading without checksums gives wrong documents.
func rawWrong(path string, documents map[journal.Key]journal.Loaded) (wrong bool) {
	if checkPages(path) != nil {
		return false // a refusal is no wrong answer
	}
	_ = guarded(path, func() error { // nor is this one
		db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second})
		if err != nil {
			return err
		}
		defer func() { _ = db.Close() }()
		return db.View(func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte(bucketDocuments)).Bucket([]byte("notes")).ForEach(func(k, v []byte) error {
				want := documents[journal.Key{Collection: "notes", ID: string(k)}]
				wrong = wrong || len(v) < 12 || !bytes.Equal(v[12:], want.Image)
				return nil
			})
		})
	})
	return wrong
}

// disk is a small ext4 that loses what was not flushed.
type disk struct{ image, dir string }

// newDisk makes and mounts one, or returns false where that is not possible.
func newDisk(t *testing.T) (*disk, bool) {
	t.Helper()
	d := &disk{filepath.Join(t.TempDir(), "image"), t.TempDir()}
	f, err := os.Create(d.image)
	if err == nil {
		err = errors.Join(f.Truncate(96<<20), f.Close())
	}
	if err == nil {
		err = exec.Command("mkfs.ext4", "-q", "-F", d.image).Run()
	}
	if err == nil {
		err = d.mount()
	}
	if err != nil {
		t.Logf("no disk can be mounted here (%v): power cuts are not tested", err)
		return nil, false
	}
	t.Cleanup(func() { _ = syscall.Unmount(d.dir, syscall.MNT_DETACH) })
	return d, true
}

func (d *disk) mount() error {
	return exec.Command("mount", "-o", "loop,commit=1000", d.image, d.dir).Run()
}

// cut takes the power away: nothing more reaches the disk. Then the process is
// ended and the disk mounted again.
func (d *disk) cut(t *testing.T, p *process) uint64 {
	t.Helper()
	const shutdown, noLogFlush = 0x8004587d, 2 // EXT4_IOC_SHUTDOWN
	f, err := os.Open(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	var flag [4]byte
	binary.NativeEndian.PutUint32(flag[:], noLogFlush)
	if errno := ioctl(f.Fd(), shutdown, flag[:]); errno != 0 {
		t.Fatalf("cut the power: %v", errno)
	}
	last := p.kill(t)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	// A process that another test is just starting may hold the disk until it
	// has become itself.
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for range 1000 {
		if err = syscall.Unmount(d.dir, 0); !errors.Is(err, syscall.EBUSY) {
			break
		}
		<-again.C
	}
	if err := errors.Join(err, d.mount()); err != nil {
		t.Fatal(err)
	}
	return last
}

// TestFaultPowerCut cuts the power under a writer. Acknowledged changes must be
// there; with NoSync, as a control, some must be missing.
func TestFaultPowerCut(t *testing.T) {
	t.Parallel()
	d, ok := newDisk(t)
	if !ok {
		return
	}
	cuts, controls, losses := many(4, 500), many(3, 20), 0
	for mode, count := range map[string]int{"append": cuts, "nosync": controls} {
		for i := range count {
			dir := filepath.Join(d.dir, fmt.Sprintf("%s-%d", mode, i/10))
			p := startChild(t, mode, dir)
			for range 2 + rand.IntN(40) {
				p.line(t)
			}
			problems := lost(t, dir, d.cut(t, p))
			if mode == "nosync" {
				losses += min(len(problems), 1)
				if err := os.RemoveAll(dir); err != nil {
					t.Fatal(err)
				}
				continue
			}
			for _, problem := range problems {
				t.Errorf("cut %d: %s", i, problem)
			}
		}
	}
	t.Logf("%d cuts; with NoSync %d of %d lost something", cuts, losses, controls)
	if losses < controls*9/10 {
		t.Errorf("writing without flushing lost something in only %d of %d cuts", losses, controls)
	}
}

// TestFaultPowerCutAtFirstStart cuts the power while a store is made.
func TestFaultPowerCutAtFirstStart(t *testing.T) {
	t.Parallel()
	d, ok := newDisk(t)
	if !ok {
		return
	}
	for i := range many(4, 200) {
		dir := filepath.Join(d.dir, fmt.Sprintf("first-%d", i))
		p := startChild(t, "append", dir)
		wait := time.NewTimer(time.Duration(rand.IntN(40)) * time.Millisecond)
		<-wait.C
		for _, problem := range lost(t, dir, d.cut(t, p)) {
			t.Errorf("start %d: %s", i, problem)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
}

// TestKeysAreGone looks into the file for keys that were dropped.
func TestKeysAreGone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	k := openKeys(t, dir)
	var units []string
	keys := map[string][]byte{}
	for i := range 300 {
		unit := fmt.Sprintf("cases/%d", i)
		keys[unit] = fmt.Appendf(nil, "wrapped-key-of-%d-%s", i, bytes.Repeat([]byte{'k'}, 40))
		units = append(units, unit)
		if err := k.PutKeys(t.Context(), []string{unit}, [][]byte{keys[unit]}); err != nil {
			t.Fatal(err)
		}
	}
	contains := func(unit string) bool {
		file, err := os.ReadFile(filepath.Join(dir, "keys.db"))
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Contains(file, keys[unit]) || bytes.Contains(file, append([]byte(unit), 0))
	}
	// Control: deleting alone leaves them in the file.
	if err := k.file.update(t.Context(), func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(bucketKeys)).Delete([]byte(units[299]))
	}); err != nil {
		t.Fatal(err)
	}
	if !contains(units[299]) {
		t.Error("the control found nothing: deleting would be enough")
	}
	if err := k.DropKeys(t.Context(), units[100:200]); err != nil {
		t.Fatal(err)
	}
	for _, unit := range append(units[100:200:200], units[299]) {
		if contains(unit) {
			t.Fatalf("the key of %s is still in the file", unit)
		}
	}
	if got := allKeys(t, k); len(got) != 199 || got["cases/0"] != string(keys["cases/0"]) {
		t.Errorf("%d keys are left", len(got))
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 2 { // keys.db and its lock
		t.Errorf("the directory holds %v, %v", left, err)
	}
}

func TestCompactAndBackup(t *testing.T) {
	t.Parallel()
	dir, a := t.TempDir(), newAuthor(t)
	b := openBolt(t, dir)
	mustAppend(t, b, nth(a, 1), a.write("erased"), a.forget("erased"))
	if err := errors.Join(
		b.PutBlob(t.Context(), "gone", []byte("photo of a child found long ago")),
		b.PutBlob(t.Context(), "kept", []byte("another")),
		b.DropBlob(t.Context(), "gone"),
	); err != nil {
		t.Fatal(err)
	}
	readsAs := func(dir, file, text string) bool {
		content, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Contains(content, []byte(text))
	}
	if !readsAs(dir, "photos.db", "photo of a child") {
		t.Error("the control found nothing: compacting would not be needed")
	}
	if err := b.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	if readsAs(dir, "photos.db", "photo of a child") || readsAs(dir, "homeward.db", "erased by 2") {
		t.Error("what was deleted is still in the files")
	}
	mustAppend(t, b, nth(a, 4))
	copied := filepath.Join(t.TempDir(), "copy")
	for range 2 {
		if err := b.Backup(t.Context(), copied); err != nil {
			t.Fatal(err)
		}
	}
	restored := openBolt(t, copied)
	_, want := loadAll(t, b)
	p, got := loadAll(t, restored)
	same := func(x, y journal.Loaded) bool { return x.Number == y.Number && bytes.Equal(x.Image, y.Image) }
	if p.Number != 4 || !maps.EqualFunc(got, want, same) {
		t.Errorf("the copy has %d documents at %d", len(got), p.Number)
	}
	if photo, err := restored.Blob(t.Context(), "kept"); err != nil || string(photo) != "another" {
		t.Errorf("the copied photo is %q, %v", photo, err)
	}
}
