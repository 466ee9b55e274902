package store

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"homeward/journal"
)

// childEnv makes the test binary a process that only does one thing with a
// directory: "MODE DIRECTORY".
const childEnv = "HOMEWARD_STORE_CHILD"

func TestMain(m *testing.M) {
	if mode, dir, ok := strings.Cut(os.Getenv(childEnv), " "); ok {
		if err := beChild(mode, dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func beChild(mode, dir string) error {
	if mode == "inplace" { // a first start without temporary name and rename
		_, err := bbolt.Open(filepath.Join(dir, "homeward.db"), 0o600, nil)
		fmt.Println("open")
		<-context.Background().Done()
		return err
	}
	b, err := OpenBolt(dir, BoltOptions{})
	if err != nil {
		return err
	}
	fmt.Println("open")
	switch mode {
	case "start":
		return b.Close()
	case "hold":
		<-context.Background().Done()
	case "nosync":
		b.main.db.NoSync = true
	}
	return childAppend(b, mode == "early")
}

// childAppend appends for ever and writes down what was acknowledged, or, as a
// control, what is going to be.
func childAppend(b *Bolt, early bool) error {
	codec, err := NewCodec(table(), newBox())
	if err != nil {
		return err
	}
	tip, err := b.Settle(context.Background())
	if err != nil {
		return err
	}
	a := &author{codec: codec, next: tip + 1}
	for {
		size := 1 + a.next%7
		if early {
			size = 200
		}
		var batch []journal.Change
		for range size {
			batch = append(batch, nth(a, a.next))
		}
		if early {
			fmt.Println(batch[len(batch)-1].Number)
		}
		if _, err := b.Append(context.Background(), batch); err != nil {
			return err
		}
		if !early {
			fmt.Println(batch[len(batch)-1].Number)
		}
	}
}

// nth makes the change with a number; every process makes the same.
func nth(a *author, n uint64) journal.Change {
	a.next = n
	c := a.write(fmt.Sprintf("n%d", n%97), fmt.Sprintf("m%d", n))
	if n%5 == 0 {
		c.Request = bigEndian(n)
	}
	return c
}

// process is a running process of the test binary.
type process struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
	// last is the largest number that it has written down.
	last uint64
	// complaint may be read when the child has ended.
	complaint *bytes.Buffer
}

func startChild(t *testing.T, mode, dir string) *process {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+mode+" "+dir)
	complaint := new(bytes.Buffer)
	cmd.Stderr = complaint
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // it has ended already when all went well
	return &process{cmd: cmd, lines: bufio.NewScanner(out), complaint: complaint}
}

// line waits for the next line that the child writes.
func (p *process) line(t *testing.T) {
	t.Helper()
	if !p.next() {
		t.Fatalf("the child ended: %v: %s", p.cmd.Wait(), p.complaint)
	}
}

func (p *process) next() bool {
	if !p.lines.Scan() {
		return false
	}
	if n, err := strconv.ParseUint(p.lines.Text(), 10, 64); err == nil {
		p.last = max(p.last, n)
	}
	return true
}

// kill ends the child at once and returns the largest number that it had
// written down.
func (p *process) kill(t *testing.T) uint64 {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for p.next() {
	}
	_ = p.cmd.Wait() // it says "killed"
	return p.last
}

// many is the count of a fault test: few at each commit, many at night.
func many(few, full int) int {
	if os.Getenv("HOMEWARD_FAULTS") == "full" {
		return full
	}
	return few
}

// lost opens the store in dir and returns what of the changes up to acknowledged
// is not there as it was written. The store must work on.
func lost(t *testing.T, dir string, acknowledged uint64) []string {
	t.Helper()
	b, err := OpenBolt(dir, BoltOptions{})
	if err != nil {
		return []string{err.Error()}
	}
	defer func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := errors.Join(whole(b.main), whole(b.photos)); err != nil {
		return []string{err.Error()}
	}
	a := newAuthor(t)
	got := mustChanges(t, b, 0, 1<<20)
	tip, documents := loadAll(t, b)
	var out []string
	if n := uint64(len(got)); n < acknowledged || n != tip.Number {
		out = append(out, fmt.Sprintf("%d changes are in with the tip at %d, %d were acknowledged", n, tip.Number, acknowledged))
	}
	for _, c := range got {
		want := nth(a, c.Number)
		sameChange(t, c, want)
		l := documents[want.Lines[1].Key] // the document that this change alone wrote
		if !bytes.Equal(l.Image, want.Lines[1].Image) {
			out = append(out, fmt.Sprintf("%s is not as change %d wrote it", l.Key, c.Number))
		}
	}
	mustAppend(t, b, nth(a, tip.Number+1))
	return out
}

// whole checks every page with bbolt's own checker.
func whole(f *file) error {
	return f.view(func(tx *bbolt.Tx) error {
		var first error
		for err := range tx.Check() { // to the end, or its goroutine stays
			first = errors.Join(first, err)
		}
		return first
	})
}

func TestFaultKill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	acknowledged := uint64(0)
	for range many(6, 300) {
		c := startChild(t, "append", dir)
		for range 1 + rand.IntN(60) {
			c.line(t)
		}
		acknowledged = max(acknowledged, c.kill(t))
		for _, problem := range lost(t, dir, acknowledged) {
			t.Error(problem)
		}
	}
	t.Logf("%d changes acknowledged between kills", acknowledged)
}

// TestFaultKillControl has a child that acknowledges before it commits.
func TestFaultKillControl(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for range 50 {
		c := startChild(t, "early", dir)
		c.line(t)
		c.line(t)
		if len(lost(t, dir, c.kill(t))) > 0 {
			return
		}
	}
	t.Error("acknowledging before the commit was not noticed")
}

func TestFaultSecondProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := startChild(t, "hold", dir)
	c.line(t)
	started := time.Now()
	b, err := OpenBolt(dir, BoltOptions{})
	if b != nil || !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), dir) {
		t.Errorf("a second process got %v", err)
	}
	if waited := time.Since(started); waited > 30*time.Second {
		t.Errorf("it was told after %v", waited)
	}
	c.kill(t)
	for _, problem := range lost(t, dir, 0) {
		t.Error(problem)
	}
	k := openKeys(t, dir) // beside the data it has a lock of its own
	if _, err := OpenKeys(dir); !errors.Is(err, ErrInUse) {
		t.Errorf("opening the keys twice: %v", err)
	}
	if err := k.Close(); err != nil {
		t.Error(err)
	}
	openKeys(t, dir)
}

func TestFaultFirstStart(t *testing.T) {
	t.Parallel()
	for i := range many(8, 200) {
		dir := filepath.Join(t.TempDir(), "data")
		c := startChild(t, "start", dir)
		wait := time.NewTimer(time.Duration(rand.IntN(30)) * time.Millisecond)
		<-wait.C
		c.kill(t)
		for _, problem := range lost(t, dir, 0) {
			t.Errorf("start %d: %s", i, problem)
		}
	}
	// What a power cut can leave of a new file under its temporary name.
	for name, left := range map[string][]byte{"nothing": {}, "half": make([]byte, 5000), "noise": []byte("not a store")} {
		dir := t.TempDir()
		for _, file := range []string{"homeward.db.new", "photos.db.new"} {
			if err := os.WriteFile(filepath.Join(dir, file), left, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, problem := range lost(t, dir, 0) {
			t.Errorf("%s: %s", name, problem)
		}
	}
}

// TestFaultFirstStartControl makes the file in its place, as bbolt does by
// itself, and stops in between.
func TestFaultFirstStartControl(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := startChild(t, "inplace", dir)
	c.line(t)
	c.kill(t)
	b, err := OpenBolt(dir, BoltOptions{})
	if err != nil {
		return
	}
	_, err = b.Append(t.Context(), []journal.Change{newAuthor(t).write("a")})
	if closed := b.Close(); err == nil || closed != nil {
		t.Errorf("half a store was taken for a whole one: %v, %v", err, closed)
	}
}

// TestFaultCommit has the disk fail while a transaction is written, before and
// after the moment from which it counts.
func TestFaultCommit(t *testing.T) {
	t.Parallel()
	for name, applied := range map[string]bool{"before": false, "after": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, a := t.TempDir(), newAuthor(t)
			b := openBolt(t, dir)
			mustAppend(t, b, nth(a, 1), nth(a, 2))
			b.main.commit = func(tx *bbolt.Tx) error {
				if applied {
					return errors.Join(tx.Commit(), syscall.EIO)
				}
				return errors.Join(tx.Rollback(), syscall.EIO)
			}
			n, err := b.Append(t.Context(), []journal.Change{nth(a, 3)})
			if n != 0 || !errors.Is(err, journal.ErrBroken) || !errors.Is(err, syscall.EIO) {
				t.Fatalf("a failed flush gave %d, %v", n, err)
			}
			b.main.commit = (*bbolt.Tx).Commit // the disk seems well again: not to be trusted
			if n, err := b.Append(t.Context(), []journal.Change{nth(a, 4)}); n != 0 || !errors.Is(err, journal.ErrBroken) {
				t.Errorf("it went on writing: %d, %v", n, err)
			}
			if err := b.PutBlob(t.Context(), "p", nil); !errors.Is(err, journal.ErrBroken) {
				t.Errorf("it went on writing photos: %v", err)
			}
			if err := b.Check(t.Context()); !errors.Is(err, journal.ErrBroken) {
				t.Errorf("it calls itself well: %v", err)
			}
			if got := mustChanges(t, b, 0, 10); len(got) < 2 {
				t.Errorf("reads give %d changes", len(got))
			}
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
			testRewritten(t, dir)
		})
	}
}

// testRewritten sees that the next start writes the files anew, once.
func testRewritten(t *testing.T, dir string) {
	t.Helper()
	path := filepath.Join(dir, "homeward.db")
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range lost(t, dir, 2) {
		t.Error(problem)
	}
	after, err := os.Stat(path)
	if err != nil || os.SameFile(before, after) {
		t.Errorf("the file was not written anew: %v", err)
	}
	for _, problem := range lost(t, dir, 3) {
		t.Error(problem)
	}
	// Control: without a failure behind it a start leaves the file alone.
	if again, err := os.Stat(path); err != nil || !os.SameFile(after, again) {
		t.Errorf("the file was written anew without need: %v", err)
	}
}

// TestFaultFull fills a small file system, frees space and goes on.
func TestFaultFull(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=12m"); err != nil {
		t.Logf("no small file system can be mounted (%v): only the injected error is tested", err)
		return
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	filler := filepath.Join(dir, "filler")
	if err := os.WriteFile(filler, make([]byte, 8<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := OpenBolt(dir, BoltOptions{})
	if err != nil {
		t.Fatal(err)
	}
	a := newAuthor(t)
	acknowledged, refused := uint64(0), 0
	for refused < 20 {
		n, err := b.Append(t.Context(), []journal.Change{nth(a, acknowledged+1), nth(a, acknowledged+2)})
		acknowledged += uint64(n)
		if err != nil {
			refused++
			if n != 0 || !errors.Is(err, journal.ErrFull) {
				t.Fatalf("a full disk gave %d, %v", n, err)
			}
		}
	}
	t.Logf("%d acknowledged, %d refused", acknowledged, refused)
	if err := b.Check(t.Context()); !errors.Is(err, journal.ErrFull) {
		t.Errorf("with a full disk it calls itself well: %v", err)
	}
	if got := mustChanges(t, b, 0, 1<<20); uint64(len(got)) != acknowledged {
		t.Errorf("%d of %d can be read", len(got), acknowledged)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if err := b.Check(t.Context()); err != nil {
		t.Errorf("with space again: %v", err)
	}
	mustAppend(t, b, nth(a, acknowledged+1))
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	for _, problem := range lost(t, dir, acknowledged+1) {
		t.Error(problem)
	}
	// Control: to call the refused ones written would be noticed.
	if len(lost(t, dir, acknowledged+uint64(refused)*2)) == 0 {
		t.Error("acknowledging refused changes was not noticed")
	}
}

func TestFaultFullInjected(t *testing.T) {
	t.Parallel()
	b, a := openBolt(t, t.TempDir()), newAuthor(t)
	b.main.commit = func(tx *bbolt.Tx) error {
		cause := &os.PathError{Op: "write", Path: "homeward.db", Err: syscall.ENOSPC}
		return errors.Join(tx.Rollback(), cause)
	}
	if n, err := b.Append(t.Context(), []journal.Change{nth(a, 1)}); n != 0 || !errors.Is(err, journal.ErrFull) {
		t.Errorf("%d, %v", n, err)
	}
	// No space, but the root was written: that is not "nothing was written".
	b.main.commit = func(tx *bbolt.Tx) error {
		return errors.Join(tx.Commit(), &os.PathError{Op: "write", Path: "homeward.db", Err: syscall.ENOSPC})
	}
	if n, err := b.Append(t.Context(), []journal.Change{nth(a, 1)}); n != 0 || !errors.Is(err, journal.ErrBroken) {
		t.Errorf("%d, %v", n, err)
	}
}
