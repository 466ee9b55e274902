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

// home is one place to store in, made for one test. Each call of open gives a
// handle to it. With shared set several handles may be open at once.
type home struct {
	open   func(t *testing.T) Store
	shared bool
}

// conformance is what every store has to do alike. Fresh makes an empty home.
func conformance(t *testing.T, fresh func(t *testing.T) home) {
	for name, test := range map[string]func(t *testing.T, h home){
		"AppendInOrder":      testAppendInOrder,
		"Taken":              testTaken,
		"RequestOnce":        testRequestOnce,
		"Refusals":           testRefusals,
		"ReadByNumber":       testReadByNumber,
		"Requests":           testRequests,
		"SameBytes":          testSameBytes,
		"LoadAndTail":        testLoadAndTail,
		"Forget":             testForget,
		"SettleAgain":        testSettleAgain,
		"SettleOnTwoNodes":   testSettleOnTwoNodes,
		"Contention":         testContention,
		"Follow":             testFollow,
		"Reopen":             testReopen,
		"Side":               testSide,
		"SwapSide":           testSwapSide,
		"SwapSideTogether":   testSwapSideTogether,
		"Reads":              testReads,
		"Blobs":              testBlobs,
		"CallerKeepsSlices":  testCallerKeepsSlices,
		"CheckAndEndOfStore": testCheck,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, fresh(t))
		})
	}
}

func testAppendInOrder(t *testing.T, h home) {
	s, a := h.open(t), newAuthor(t)
	if n, err := s.Last(t.Context()); n != 0 || err != nil {
		t.Errorf("the last change of an empty store is %d, %v", n, err)
	}
	var want []journal.Change
	for batch := range 5 {
		var changes []journal.Change
		for i := range batch + 1 {
			c := a.write(fmt.Sprintf("n%d", i), fmt.Sprintf("m%d", batch))
			c.Request = []byte{byte(batch), byte(i)}
			c.Body = []byte("body")
			changes = append(changes, c)
		}
		mustAppend(t, s, changes...)
		want = append(want, changes...)
	}
	if n, err := s.Append(t.Context(), nil); n != 0 || err != nil {
		t.Errorf("appending nothing gave %d, %v", n, err)
	}
	if n, err := s.Last(t.Context()); n != uint64(len(want)) || err != nil {
		t.Errorf("the last of %d changes is %d, %v", len(want), n, err)
	}
	got := mustChanges(t, s, 0, 100)
	if len(got) != len(want) {
		t.Fatalf("%d changes, want %d", len(got), len(want))
	}
	for i := range want {
		sameChange(t, got[i], want[i])
	}
}

func testTaken(t *testing.T, h home) {
	s, a := h.open(t), newAuthor(t)
	first := a.write("a")
	mustAppend(t, s, first, a.write("b"), a.write("c"))
	late := newAuthor(t)
	late.next = 2
	n, err := s.Append(t.Context(), []journal.Change{late.write("x"), late.write("y")})
	if n != 0 || !errors.Is(err, journal.ErrTaken) {
		t.Fatalf("a taken place gave %d, %v", n, err)
	}
	if got := mustChanges(t, s, 0, 10); len(got) != 3 || got[1].Lines[0].Key.ID != "b" {
		t.Errorf("the refused change left something behind: %+v", got)
	}
	mustSettle(t, s, 3)
	if documentOf(t, s, journal.Key{Collection: "notes", ID: "x"}) != nil {
		t.Error("a document of the refused change is there")
	}
}

// documentOf is the settled bytes of a document, nil when it is not there.
func documentOf(t *testing.T, s Store, k journal.Key) []byte {
	t.Helper()
	images, err := s.Documents(t.Context(), []journal.Key{k})
	if err != nil || len(images) != 1 {
		t.Fatalf("%d documents, %v", len(images), err)
	}
	return images[0]
}

func testRequestOnce(t *testing.T, h home) {
	s, a := h.open(t), newAuthor(t)
	one := a.write("a")
	one.Request = []byte("same")
	mustAppend(t, s, one)
	two, three, four := a.write("b"), a.write("c"), a.write("d")
	three.Request = []byte("same")
	n, err := s.Append(t.Context(), []journal.Change{two, three, four})
	if n != 1 || !errors.Is(err, journal.ErrTaken) {
		t.Fatalf("a request made before gave %d, %v; want the change before it to be in", n, err)
	}
	got := mustChanges(t, s, 0, 10)
	if len(got) != 2 {
		t.Fatalf("%d changes, want 2", len(got))
	}
	sameChange(t, got[1], two)
	three.Request = nil
	mustAppend(t, s, three, four)
	mustSettle(t, s, 4)
}

func testRefusals(t *testing.T, h home) {
	s, a := h.open(t), newAuthor(t)
	gap := []journal.Change{a.write("a"), a.write("b")}
	gap[1].Number = 3
	unnamed := a.write("a")
	unnamed.Number, unnamed.Lines[0].Key.ID = 1, ""
	torn := a.write("a")
	torn.Number, torn.Lines[0].Image = 1, nil
	large := a.write("a")
	large.Number, large.Lines[0].Image = 1, make([]byte, MaxChange+1)
	for name, changes := range map[string][]journal.Change{
		"gap": gap, "unnamed": {unnamed}, "torn": {torn}, "large": {large}, "zero": {{}},
	} {
		n, err := s.Append(t.Context(), changes)
		if n != 0 || err == nil || errors.Is(err, journal.ErrTaken) || errors.Is(err, journal.ErrUnknown) {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	fine := newAuthor(t).write("a")
	if n, err := s.Append(ended, []journal.Change{fine}); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %d, %v", n, err)
	}
	if got := mustChanges(t, s, 0, 10); len(got) != 0 {
		t.Errorf("%d refused changes are in", len(got))
	}
	mustAppend(t, s, fine)
}

func testReadByNumber(t *testing.T, h home) {
	s, a := h.open(t), newAuthor(t)
	var all []journal.Change
	for range 10 {
		all = append(all, a.write("a"))
	}
	mustAppend(t, s, all...)
	for _, c := range []struct {
		after uint64
		limit int
		want  []uint64
	}{
		{0, 3, []uint64{1, 2, 3}}, {7, 10, []uint64{8, 9, 10}}, {4, 1, []uint64{5}},
		{10, 5, nil}, {99, 5, nil}, {0, 0, nil},
	} {
		var got []uint64
		for _, one := range mustChanges(t, s, c.after, c.limit) {
			got = append(got, one.Number)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("after %d, at most %d: %v, want %v", c.after, c.limit, got, c.want)
		}
	}
}

func testRequests(t *testing.T, h home) {
	s, a := h.open(t), newAuthor(t)
	for i := range 6 {
		c := a.write("a")
		if i%2 == 1 {
			c.Request, c.Body = []byte{byte(i)}, []byte{byte(i), 1}
		}
		mustAppend(t, s, c)
	}
	var got []uint64
	err := s.Requests(t.Context(), at(4), func(c journal.Change) error {
		got = append(got, c.Number)
		if !bytes.Equal(c.Body, []byte{c.Request[0], 1}) || len(c.Lines) != 1 {
			t.Errorf("change %d came with %+v", c.Number, c)
		}
		return nil
	})
	slices.Sort(got)
	if err != nil || !slices.Equal(got, []uint64{4, 6}) {
		t.Errorf("since the fourth: %v, %v", got, err)
	}
	stop := errors.New("enough")
	if err := s.Requests(t.Context(), at(0), func(journal.Change) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the callback's error came back as %v", err)
	}
}

// testSameBytes keeps a document with every type of field.
func testSameBytes(t *testing.T, h home) {
	s, a := h.open(t), newAuthor(t)
	c := a.empty()
	for i := range 20 {
		d := someSighting(fmt.Sprintf("s%d", i))
		d.Number = c.Number
		if i == 1 {
			d.Where = point{}
		}
		image, err := a.codec.Encode(d)
		if err != nil {
			t.Fatal(err)
		}
		c.Lines = append(c.Lines, journal.Line{Key: journal.KeyOf(d), Digest: journal.Digest(image), Image: image})
	}
	mustAppend(t, s, c)
	for i, l := range mustChanges(t, s, 0, 1)[0].Lines {
		if l.Image != nil && !bytes.Equal(l.Image, c.Lines[i].Image) {
			t.Errorf("the unsettled image of %s has changed", l.Key)
		}
	}
	mustSettle(t, s, 1)
	for _, l := range c.Lines {
		image := documentOf(t, s, l.Key)
		if journal.Digest(image) != l.Digest {
			t.Errorf("the bytes of %s have changed", l.Key)
		}
		if _, err := a.codec.Decode(l.Key, image, false); err != nil {
			t.Errorf("%s: %v", l.Key, err)
		}
	}
}

// loadAll gathers what Load gives.
func loadAll(t testing.TB, s Store) (journal.Position, map[journal.Key]journal.Loaded) {
	t.Helper()
	var mu sync.Mutex
	out := map[journal.Key]journal.Loaded{}
	p, err := s.Load(t.Context(), func(l journal.Loaded) error {
		mu.Lock()
		defer mu.Unlock()
		if _, again := out[l.Key]; again {
			t.Errorf("%s came twice", l.Key)
		}
		out[l.Key] = l
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return p, out
}

// testLoadAndTail checks that documents as of the mark and the images of the
// changes after it are together the last of everything.
func testLoadAndTail(t *testing.T, h home) {
	s, a := h.open(t), newAuthor(t)
	if p, documents := loadAll(t, s); p != (journal.Position{}) || len(documents) != 0 {
		t.Fatalf("an empty store gave %+v, %v", p, documents)
	}
	want := map[string]uint64{}
	for i := range 30 {
		id := fmt.Sprintf("n%d", i%12)
		c := a.write(id, "always")
		want[id], want["always"] = c.Number, c.Number
		mustAppend(t, s, c)
		if i == 17 {
			mustSettle(t, s, 18)
		}
	}
	p, documents := loadAll(t, s)
	if p.Number < 18 || p.Chain != mustChanges(t, s, p.Number-1, 1)[0].Chain {
		t.Fatalf("the mark is %+v", p)
	}
	got := map[string]uint64{}
	for k, l := range documents {
		got[k.ID] = l.Number
		if n, err := numberOf(l.Image); err != nil || n != l.Number || n > p.Number {
			t.Errorf("%s: number %d in the document, %d beside it, mark %d: %v", k, n, l.Number, p.Number, err)
		}
	}
	for _, c := range mustChanges(t, s, p.Number, 100) {
		for _, l := range c.Lines {
			if l.Image == nil {
				t.Errorf("change %d after the mark %d has no image", c.Number, p.Number)
			}
			got[l.Key.ID] = c.Number
		}
	}
	for id, n := range want {
		if got[id] != n {
			t.Errorf("%s is as of %d, want %d", id, got[id], n)
		}
	}
	stop := errors.New("enough")
	if _, err := s.Load(t.Context(), func(journal.Loaded) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the callback's error came back as %v", err)
	}
}

func testReopen(t *testing.T, h home) {
	s, a := h.open(t), newAuthor(t)
	c := a.write("a")
	c.Request = []byte("r")
	mustAppend(t, s, c, a.write("b"))
	if err := errors.Join(
		s.PutSide(t.Context(), "draft", "d", at(1), []byte("side")),
		s.AppendReads(t.Context(), "node", [][]byte{[]byte("r1"), []byte("r2")}),
		s.PutBlob(t.Context(), "p", []byte("photo")),
		s.Close(),
	); err != nil {
		t.Fatal(err)
	}
	s = h.open(t)
	mustSettle(t, s, 2)
	sameChange(t, mustChanges(t, s, 0, 1)[0], c)
	if p, documents := loadAll(t, s); p.Number != 2 || len(documents) != 2 {
		t.Errorf("position %+v with %d documents", p, len(documents))
	}
	again := a.write("c")
	again.Request = []byte("r")
	if n, err := s.Append(t.Context(), []journal.Change{again}); n != 0 || !errors.Is(err, journal.ErrTaken) {
		t.Errorf("a request made before the reopening: %d, %v", n, err)
	}
	if err := s.AppendReads(t.Context(), "node", [][]byte{[]byte("r3")}); err != nil {
		t.Fatal(err)
	}
	reads, err := s.Reads(t.Context(), "node", 0, 10)
	if err != nil || fmt.Sprintf("%s", reads) != "[r1 r2 r3]" {
		t.Errorf("reads %s, %v", reads, err)
	}
	if data, expires, err := s.Side(t.Context(), "draft", "d"); err != nil || string(data) != "side" || !expires.Equal(at(1)) {
		t.Errorf("side %q, %v, %v", data, expires, err)
	}
	if data, err := s.Blob(t.Context(), "p"); err != nil || string(data) != "photo" {
		t.Errorf("blob %q, %v", data, err)
	}
}

func testCallerKeepsSlices(t *testing.T, h home) {
	s, a := h.open(t), newAuthor(t)
	c := a.write("a")
	want := bytes.Clone(c.Lines[0].Image)
	mustAppend(t, s, c)
	clear(c.Lines[0].Image)
	mustSettle(t, s, 1)
	for range 2 {
		got := documentOf(t, s, c.Lines[0].Key)
		if !bytes.Equal(got, want) {
			t.Fatal("the store shares bytes with its callers")
		}
		clear(got)
	}
}

func testCheck(t *testing.T, h home) {
	s := h.open(t)
	if err := s.Check(t.Context()); err != nil {
		t.Errorf("a working store: %v", err)
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	c := newAuthor(t).write("a")
	if n, err := s.Append(t.Context(), []journal.Change{c}); n != 0 || err == nil {
		t.Errorf("a closed store took %d changes, %v", n, err)
	}
}
