package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// inbox is a file that a partner's program writes its frames to.
type inbox struct {
	t            *testing.T
	path, cursor string
}

// listen starts the partner's program; its frames go to a file.
func (b inbox) listen(n *node, key, path string) *program {
	b.t.Helper()
	p := command(b.t, b.path+".log", "listen", "--url", n.address, "--token", key, "--cursor", b.cursor)
	out, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { out.Close() })
	p.cmd.Stdout = out
	p.start(nil)
	return p
}

// alerts returns the ids of the alerts in the file, each once, in the order in
// which they came first. Half a line, left by a kill, is none.
func (b inbox) alerts() []string {
	b.t.Helper()
	content, err := os.ReadFile(b.path)
	if err != nil {
		return nil
	}
	return alertsIn(content)
}

// TestFaultListener kills the partner's program again and again while alerts go
// out: it has every one of them in the end, in order.
func TestFaultListener(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := startNode(t, dir+"/data", dir)
	_, key := n.partner("RS")
	caseID, _ := n.openCase()
	b := inbox{t, filepath.Join(dir, "frames"), filepath.Join(dir, "cursor")}
	var released []string
	for range times(4, 40) {
		p := b.listen(n, key, b.path)
		for range 3 {
			id, hash := n.draft(caseID)
			n.release(id, hash)
			released = append(released, id)
		}
		had := len(released) - 1 - rand.N(3)
		until(t, "some frames have come", func() bool { return len(b.alerts()) >= had })
		<-sometime(4 * time.Millisecond)
		p.kill()
	}
	p := b.listen(n, key, b.path)
	until(t, "all frames have come", func() bool { return len(b.alerts()) >= len(released) })
	p.kill()
	if got := b.alerts(); !slices.Equal(got, released) {
		t.Fatalf("has %v, want %v", got, released)
	}
	careless(t, n, key, caseID, b)
}

// careless is the control: a frame that was confirmed and not kept does not
// come again, and the same look at the file finds it missing.
func careless(t *testing.T, n *node, key, caseID string, b inbox) {
	t.Helper()
	release := func() string {
		id, hash := n.draft(caseID)
		n.release(id, hash)
		return id
	}
	thrown := inbox{t, b.path + ".thrown", b.cursor}
	p := thrown.listen(n, key, thrown.path)
	lost := release()
	after := release() // once it is taken, the place of the one before it is kept
	until(t, "both frames are taken", func() bool { return slices.Contains(thrown.alerts(), after) })
	p.kill()
	p = b.listen(n, key, b.path)
	next := release()
	until(t, "the next frame has come", func() bool { return slices.Contains(b.alerts(), next) })
	p.kill()
	if got := b.alerts(); slices.Contains(got, lost) {
		t.Fatalf("a frame that was thrown away is not missed: %v", got)
	}
}
