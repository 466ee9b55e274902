package journal

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestOpenLoadsAndNeverReplays(t *testing.T) {
	t.Parallel()
	c, home := newCloud(), newKeyHome()
	r := onStore(t, c, home, nil)
	r.must(t, write("accounts", "a", "ana"))
	r.must(t, write("notes", "n", "ana"))
	r.must(t, write("notes", "gone", "ana"))
	r.must(t, drop("notes", "gone"))
	if _, err := c.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.must(t, write("notes", "n", "bo"))
	delete(home.gone, "notes/gone") // as if destroying the key had failed
	tip := r.Tip()
	r.Close()

	again := onStore(t, c, home, nil)
	if again.Tip() != tip {
		t.Fatalf("opened at %v, want %v", again.Tip(), tip)
	}
	again.seen(t, "accounts", "a", "ana")
	again.seen(t, "notes", "n", "ana", "bo")
	if again.board.installs != 3 {
		t.Errorf("%d installs, want one of rows, one of documents and one of the tail", again.board.installs)
	}
	if _, err := again.Document(t.Context(), Key{"notes", "gone"}); !errors.Is(err, ErrNotFound) {
		t.Errorf("the forgotten one: %v", err)
	}
	if !home.gone["notes/gone"] {
		t.Error("the key of a forgotten document was not destroyed at start")
	}
}

func TestOpenRefusesABrokenChain(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(*Change){
		"line":  func(c *Change) { c.Actor = "somebody else" },
		"image": func(c *Change) { c.Lines[0].Image[5] ^= 1 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, home := newCloud(), newKeyHome()
			r := onStore(t, c, home, nil)
			r.must(t, write("accounts", "a", "ana"))
			r.must(t, write("accounts", "b", "bo"))
			r.Close()
			harm(&c.changes[1])
			_, err := Open(t.Context(), Options{Backend: c, Codec: newCodec(home, "x"), Boards: []Board{newShelf()}})
			if !errors.Is(err, ErrChain) {
				t.Fatalf("error %v", err)
			}
		})
	}
}

// Another node's changes are met in every state that settling leaves them in.
func TestCatchUp(t *testing.T) {
	t.Parallel()
	for _, settled := range []bool{false, true} {
		c, home := newCloud(), newKeyHome()
		shared := func(o *Options) { o.Shared = true }
		a, b := onStore(t, c, home, shared), onStore(t, c, home, shared)
		var numbers []uint64
		b.Subscribe(func(in []Installed) {
			for _, i := range in {
				numbers = append(numbers, i.Change.Number)
			}
		})
		b.must(t, write("accounts", "a", "ana"))
		a.must(t, write("accounts", "a", "bo"))
		a.must(t, write("notes", "n", "bo"))
		a.must(t, write("accounts", "a", "cy"))
		a.must(t, write("notes", "gone", "bo"))
		a.must(t, drop("notes", "gone"))
		if settled {
			if _, err := c.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		b.must(t, write("notes", "n", "dan")) // collides, catches up, decides again
		b.seen(t, "accounts", "a", "ana", "bo", "cy")
		b.seen(t, "notes", "n", "bo", "dan")
		if _, err := b.Document(t.Context(), Key{"notes", "gone"}); !errors.Is(err, ErrNotFound) {
			t.Errorf("settled %v: the forgotten one: %v", settled, err)
		}
		for i, n := range numbers {
			if n != uint64(i+1) {
				t.Fatalf("settled %v: installed in the order %v", settled, numbers)
			}
		}
	}
}

// A refusal and an empty outcome on a board that lags are given only after
// catching up.
func TestLaggingNodeLooksBeforeItRefuses(t *testing.T) {
	t.Parallel()
	c, home := newCloud(), newKeyHome()
	shared := func(o *Options) { o.Shared = true }
	a, b := onStore(t, c, home, shared), onStore(t, c, home, shared)
	a.must(t, write("accounts", "a", "ana"))
	for _, none := range []error{nil, errors.New("not there")} {
		tip := c.tip()
		b.must(t, Command{Decide: func(v *View) (Outcome, error) {
			p, err := Load[*page](v, "accounts", "a")
			if err != nil || uint64(len(p.Seen)) < tip {
				return Outcome{}, none
			}
			return Outcome{Documents: []Document{p.with("bo")}}, nil
		}})
		a.must(t, write("accounts", "a", "ana"))
	}
	if c.tip() != 5 {
		t.Errorf("%d changes, want 5", c.tip())
	}
}

func TestFollow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, home := newCloud(), newKeyHome()
		a, b := onStore(t, c, home, nil), onStore(t, c, home, nil)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- b.Follow(ctx) }()
		a.must(t, write("notes", "n", "ana"))
		if err := b.Wait(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		a.must(t, write("notes", "n", "bo"))
		synctest.Wait()
		b.seen(t, "notes", "n", "ana", "bo")
		if c.mark != 2 {
			t.Errorf("settled up to %d", c.mark)
		}
		cancel()
		<-ended
		a.Close()
		b.Close()
	})
}

// On a store of one process there is nothing to follow, but what is written is
// settled all the same and not kept in memory for ever.
func TestFollowAloneSettles(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCloud()
		c.alone = true
		r := onStore(t, c, newKeyHome(), nil)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- r.Follow(ctx) }()
		synctest.Wait()
		for range 5 {
			r.must(t, write("notes", "n", "ana"))
			synctest.Wait()
		}
		if c.mark != 5 || len(r.recent.documents)+len(r.recent.order)+len(r.recent.numbers) != 0 {
			t.Errorf("settled up to %d, %d documents kept", c.mark, len(r.recent.documents))
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		r.Close()
	})
}

// After a failed write nothing more may be written, by settling either.
func TestFollowStopsWithTheStore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := onStore(t, newCloud(), newKeyHome(), nil)
		r.store.settle = func() (uint64, error) { return 0, ErrBroken }
		if err := r.Follow(t.Context()); !errors.Is(err, ErrBroken) {
			t.Fatalf("error %v", err)
		}
		if _, err := r.Do(t.Context(), write("accounts", "a", "ana")); !errors.Is(err, ErrBroken) {
			t.Fatalf("a command after it: %v", err)
		}
	})
}

// A document written again stays in memory when only its older change is known
// to be settled: the store would give the older one.
func TestRecentKeepsTheNewer(t *testing.T) {
	t.Parallel()
	r := fresh(t)
	r.must(t, write("notes", "n", "ana"))
	if _, err := r.store.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.must(t, write("notes", "n", "bo"))
	r.recent.release(1)
	r.seen(t, "notes", "n", "ana", "bo")
}

// Settling is ahead of a node that catches up between two of its steps: what
// the node reads by key is newer than the images it still finds.
func TestDocumentsNeverGoBack(t *testing.T) {
	t.Parallel()
	c, home := newCloud(), newKeyHome()
	a := onStore(t, c, home, nil)
	for _, who := range []string{"ana", "bo", "cy"} {
		a.must(t, write("accounts", "a", who))
	}
	batch := c.unsettled()
	for i := range batch {
		c.settleOne(&batch[i])
	}
	c.strip(c.raise(1)) // changes 2 and 3 keep their images
	board := newShelf("accounts")
	var last uint64
	board.before = func(in []Installed) {
		for _, i := range in {
			for _, d := range i.Documents {
				if n := d.DocumentHead().Number; n < last {
					t.Errorf("the board went back from %d to %d", last, n)
				} else {
					last = n
				}
			}
		}
	}
	b := onStore(t, c, home, func(o *Options) { o.Boards = []Board{board} })
	if last != 3 {
		t.Errorf("ended with change %d", last)
	}
	b.seen(t, "accounts", "a", "ana", "bo", "cy")
}

// A store that refuses a document of the journal stops the intake, and taking
// the document in opens it again.
func TestRefusedDocumentStopsIntake(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCloud()
		c.alone = true
		r := onStore(t, c, newKeyHome(), nil)
		var refusals atomic.Int32
		r.store.settle = func() (uint64, error) {
			if refusals.Add(-1) >= 0 {
				return 0, fmt.Errorf("document 7: %w", ErrRefused)
			}
			return c.Settle(t.Context())
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- r.Follow(ctx) }()
		synctest.Wait()
		once := func(refused int32, want error) {
			t.Helper()
			refusals.Store(refused)
			for range refused {
				<-time.After(1100 * time.Millisecond) // the rounds are a second apart
			}
			if _, err := r.Do(t.Context(), write("notes", "n", "ana")); !errors.Is(err, want) || !errors.Is(r.Healthy(), want) {
				t.Errorf("after %d refusals: %v, healthy: %v; want %v", refused, err, r.Healthy(), want)
			}
			refusals.Store(0)
			<-time.After(1100 * time.Millisecond)
		}
		once(1, nil) // a moment's trouble
		once(3, ErrRefused)
		once(0, nil)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		r.Close()
	})
}
