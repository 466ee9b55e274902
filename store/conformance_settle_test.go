package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"homeward/journal"
)

func testForget(t *testing.T, h home) {
	s, a := h.open(t), newAuthor(t)
	mustAppend(t, s, a.write("a", "b"), a.write("a"), a.forget("a"))
	mustSettle(t, s, 3)
	gone := journal.Key{Collection: "notes", ID: "a"}
	never, b := journal.Key{Collection: "never", ID: "a"}, journal.Key{Collection: "notes", ID: "b"}
	images, err := s.Documents(t.Context(), []journal.Key{gone, b, never, b})
	if err != nil || len(images) != 4 {
		t.Fatalf("%d documents, %v", len(images), err)
	}
	if images[0] != nil || images[2] != nil {
		t.Error("a forgotten document, or one of a collection never written to, is there")
	}
	if images[1] == nil || !bytes.Equal(images[1], images[3]) {
		t.Error("what stands among them is not in its place")
	}
	_, documents := loadAll(t, s)
	if l, ok := documents[gone]; !ok || l.Image != nil || l.Number != 3 {
		t.Errorf("the tombstone is %+v", l)
	}
	if len(documents) != 2 {
		t.Errorf("%d documents and tombstones, want 2", len(documents))
	}
	for _, c := range mustChanges(t, s, 0, 10) {
		for _, l := range c.Lines {
			if l.Image != nil {
				t.Errorf("change %d still has the image of %s", c.Number, l.Key)
			}
		}
	}
}

func testSettleAgain(t *testing.T, h home) {
	s, a := h.open(t), newAuthor(t)
	mustSettle(t, s, 0)
	mustAppend(t, s, a.write("a"), a.write("b", "a"))
	for range 3 {
		mustSettle(t, s, 2)
	}
	_, before := loadAll(t, s)
	mustAppend(t, s, a.write("c"))
	mustSettle(t, s, 3)
	_, after := loadAll(t, s)
	if len(after) != 3 || !bytes.Equal(before[journal.Key{Collection: "notes", ID: "a"}].Image, after[journal.Key{Collection: "notes", ID: "a"}].Image) {
		t.Errorf("settling again changed documents: %v", after)
	}
}

func testSettleOnTwoNodes(t *testing.T, h home) {
	if !h.shared {
		return
	}
	nodes := []Store{h.open(t), h.open(t), h.open(t)}
	a := newAuthor(t)
	var appended []journal.Change
	for i := range 60 {
		c := a.write(fmt.Sprintf("n%d", i%7), fmt.Sprintf("m%d", i))
		if i%9 == 8 {
			c = a.forget(fmt.Sprintf("n%d", i%7))
			c.Number = a.next - 1
		}
		c.Number = uint64(i + 1)
		a.next = uint64(i + 2)
		appended = append(appended, c)
	}
	for i := range appended { // numbers in the images as in the changes
		if !appended[i].Lines[0].Forgotten {
			a.next = uint64(i + 1)
			appended[i] = a.write(appended[i].Lines[0].Key.ID, appended[i].Lines[1].Key.ID)
		}
	}
	var wg sync.WaitGroup
	done := make(chan struct{})
	for _, s := range nodes {
		wg.Go(func() {
			for {
				if _, err := s.Settle(t.Context()); err != nil {
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
	for i := 0; i < len(appended); i += 3 {
		mustAppend(t, nodes[0], appended[i:i+3]...)
	}
	close(done)
	wg.Wait()
	mustSettle(t, nodes[1], 60)
	_, documents := loadAll(t, nodes[2])
	want := map[journal.Key]uint64{}
	for _, c := range appended {
		for _, l := range c.Lines {
			want[l.Key] = c.Number
		}
	}
	for k, n := range want {
		l := documents[k]
		last := appended[n-1].Lines[slices.IndexFunc(appended[n-1].Lines, func(l journal.Line) bool { return l.Key == k })]
		if l.Number != n || !bytes.Equal(l.Image, last.Image) {
			t.Errorf("%s is as of %d, want %d", k, l.Number, n)
		}
	}
}

// testContention has nodes race for every place.
func testContention(t *testing.T, h home) {
	nodes := []Store{h.open(t)}
	if h.shared {
		nodes = append(nodes, h.open(t), h.open(t))
	} else {
		nodes = append(nodes, nodes[0], nodes[0])
	}
	const each = 15
	var wg sync.WaitGroup
	for i, s := range nodes {
		wg.Go(func() {
			tip := uint64(0)
			for done := 0; done < each; {
				a := newAuthor(t)
				a.next = tip + 1
				c := a.write(fmt.Sprintf("node%d", i))
				c.Token[0] = byte(i + 1)
				n, err := s.Append(t.Context(), []journal.Change{c})
				if err != nil && !errors.Is(err, journal.ErrTaken) {
					t.Error(err)
					return
				}
				done += n
				for _, c := range mustChanges(t, s, tip, 100) {
					tip = c.Number
				}
			}
		})
	}
	wg.Wait()
	count := map[byte]int{}
	for i, c := range mustChanges(t, nodes[0], 0, 100) {
		if c.Number != uint64(i+1) {
			t.Fatalf("change %d stands at place %d", c.Number, i+1)
		}
		count[c.Token[0]]++
	}
	for i := range nodes {
		if count[byte(i+1)] != each {
			t.Errorf("node %d has %d changes, want %d", i, count[byte(i+1)], each)
		}
	}
}

func testFollow(t *testing.T, h home) {
	s := h.open(t)
	if !h.shared {
		if err := s.Follow(t.Context(), func() { t.Error("woken without another node") }); err != nil {
			t.Error(err)
		}
		return
	}
	other := h.open(t)
	ctx, cancel := context.WithCancel(t.Context())
	woken, ended := make(chan struct{}, 100), make(chan error, 1)
	go func() { ended <- s.Follow(ctx, func() { woken <- struct{}{} }) }()
	a := newAuthor(t)
	for range 3 {
		c := a.write("a")
		mustAppend(t, other, c)
		for { // a wake may be for an earlier change
			<-woken
			if got := mustChanges(t, s, c.Number-1, 1); len(got) == 1 {
				break
			}
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("follow ended with %v", err)
	}
}
