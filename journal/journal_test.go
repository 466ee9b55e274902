package journal

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// scripted is a cloud on which a test can step in. A nil field leaves the call
// as it is.
type scripted struct {
	*cloud
	append func(changes []Change) (int, error)
	read   func(after uint64, limit int) ([]Change, error)
	last   func()
	settle func() (uint64, error)
}

func (s *scripted) Append(ctx context.Context, changes []Change) (int, error) {
	if s.append != nil {
		return s.append(changes)
	}
	return s.cloud.Append(ctx, changes)
}

func (s *scripted) Changes(ctx context.Context, after uint64, limit int) ([]Change, error) {
	if s.read != nil {
		return s.read(after, limit)
	}
	return s.cloud.Changes(ctx, after, limit)
}

func (s *scripted) Last(ctx context.Context) (uint64, error) {
	if s.last != nil {
		s.last()
	}
	return s.cloud.Last(ctx)
}

func (s *scripted) Settle(ctx context.Context) (uint64, error) {
	if s.settle != nil {
		return s.settle()
	}
	return s.cloud.Settle(ctx)
}

type rig struct {
	*Journal
	store *scripted
	board *shelf
	codec *jsonCodec
}

// onStore opens a journal of a test on a store. It is closed with the test.
func onStore(t testing.TB, c *cloud, home *keyHome, change func(*Options)) *rig {
	t.Helper()
	r := &rig{store: &scripted{cloud: c}, board: newShelf("accounts"), codec: newCodec(home, t.Name())}
	o := Options{Backend: r.store, Codec: r.codec, Boards: []Board{r.board}, Rows: map[string]bool{"notes": true}}
	if change != nil {
		change(&o)
	}
	j, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	r.Journal = j
	t.Cleanup(j.Close)
	return r
}

func fresh(t testing.TB) *rig { return onStore(t, newCloud(), newKeyHome(), nil) }

// write is a command that puts who on a page, which it makes when there is none.
func write(kind, id, who string) Command {
	return Command{Actor: who, Action: "write", Decide: func(v *View) (Outcome, error) {
		p, err := Load[*page](v, kind, id)
		if errors.Is(err, ErrNotFound) {
			p, err = newPage(kind, id), nil
		}
		if err != nil {
			return Outcome{}, err
		}
		return Outcome{Documents: []Document{p.with(who)}}, nil
	}}
}

func drop(kind, id string) Command {
	return Command{Actor: "dropper", Action: "drop", Decide: func(*View) (Outcome, error) {
		return Outcome{Forget: []Key{{kind, id}}}, nil
	}}
}

func (r *rig) must(t testing.TB, c Command) Done {
	t.Helper()
	done, err := r.Do(t.Context(), c)
	if err != nil {
		t.Fatalf("%s by %s: %v", c.Action, c.Actor, err)
	}
	return done
}

func (r *rig) seen(t testing.TB, kind, id string, want ...string) {
	t.Helper()
	d, err := r.Document(t.Context(), Key{kind, id})
	if err != nil {
		t.Fatal(err)
	}
	if p := d.(*page); !slices.Equal(p.Seen, want) || p.Secret != "secret of "+id {
		t.Fatalf("%s/%s was seen by %v (%q), want %v", kind, id, p.Seen, p.Secret, want)
	}
}

func TestDoWritesAndAnswers(t *testing.T) {
	t.Parallel()
	r := fresh(t)
	var heard []uint64
	r.Subscribe(func(in []Installed) { heard = append(heard, in[0].Change.Number) })
	done := r.must(t, write("accounts", "a", "ana"))
	if done.Number != 1 || !slices.Equal(done.Keys, []Key{{"accounts", "a"}}) || done.Repeated {
		t.Fatalf("done %+v", done)
	}
	if !slices.Equal(heard, []uint64{1}) {
		t.Fatalf("readers heard of %v before the answer", heard)
	}
	r.must(t, write("accounts", "a", "bo"))
	r.seen(t, "accounts", "a", "ana", "bo")
	d, _ := r.board.Lookup(Key{"accounts", "a"})
	if h := d.DocumentHead(); h.Version != 2 || h.Number != 2 || len(h.Salt) != 16 || h.CreatedAt.IsZero() {
		t.Fatalf("head %+v", *h)
	}
}

func TestDoRefusesWithoutEffect(t *testing.T) {
	t.Parallel()
	refusal := errors.New("no")
	for name, c := range map[string]struct {
		decide func(*View) (Outcome, error)
		want   error
	}{
		"refused": {func(*View) (Outcome, error) {
			return Outcome{Documents: []Document{newPage("accounts", "a")}}, refusal
		}, refusal},
		"empty":         {func(*View) (Outcome, error) { return Outcome{}, nil }, nil},
		"panic":         {func(*View) (Outcome, error) { panic("rule") }, ErrPanicked},
		"nil document":  {func(*View) (Outcome, error) { return Outcome{Documents: []Document{nil}}, nil }, ErrPanicked},
		"without an id": {func(*View) (Outcome, error) { return Outcome{Documents: []Document{newPage("accounts", "")}}, nil }, ErrOutcome},
		"twice": {func(*View) (Outcome, error) {
			return Outcome{Documents: []Document{newPage("accounts", "a")}, Forget: []Key{{"accounts", "a"}}}, nil
		}, ErrOutcome},
	} {
		for _, shared := range []bool{false, true} {
			t.Run(fmt.Sprint(name, shared), func(t *testing.T) {
				t.Parallel()
				r := onStore(t, newCloud(), newKeyHome(), func(o *Options) { o.Shared = shared })
				done, err := r.Do(t.Context(), Command{Decide: c.decide})
				if !errors.Is(err, c.want) || done.Number != 0 {
					t.Fatalf("done %+v, error %v, want %v", done, err, c.want)
				}
				if r.store.tip() != 0 || r.Tip().Number != 0 {
					t.Fatal("something was written")
				}
				r.must(t, write("accounts", "a", "ana")) // the writer lives
			})
		}
	}
}

func TestDoWhileCallerGivesUp(t *testing.T) {
	t.Parallel()
	r := fresh(t)
	gone, cancel := context.WithCancel(t.Context())
	r.store.append = func(changes []Change) (int, error) {
		cancel()
		return r.store.cloud.Append(t.Context(), changes)
	}
	// The caller may be told either, but what it is told must be true.
	done, err := r.Do(gone, write("accounts", "a", "ana"))
	if err != nil && !errors.Is(err, context.Canceled) || err == nil && done.Number != 1 {
		t.Fatalf("done %+v, error %v", done, err)
	}
	if err := r.Wait(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	r.seen(t, "accounts", "a", "ana")
	if _, err := r.Do(gone, write("accounts", "a", "bo")); !errors.Is(err, context.Canceled) {
		t.Fatalf("a caller that was gone before got %v", err)
	}
	r.must(t, write("accounts", "a", "cy"))
	r.seen(t, "accounts", "a", "ana", "cy")
}

func TestDoReturnsWhenItsTimeIsUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCloud()
		r := onStore(t, c, newKeyHome(), nil)
		hold := make(chan struct{})
		r.store.append = func(changes []Change) (int, error) {
			<-hold
			return c.Append(t.Context(), changes)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := r.Do(ctx, write("accounts", "a", "ana")); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("error %v", err)
		}
		close(hold)
		synctest.Wait()
		r.seen(t, "accounts", "a", "ana")
		r.Close()
	})
}

func TestCloseFinishesWhatWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCloud()
		r := onStore(t, c, newKeyHome(), nil)
		hold := make(chan struct{})
		r.store.append = func(changes []Change) (int, error) {
			<-hold
			return c.Append(t.Context(), changes)
		}
		errs := make(chan error, 2*BatchSize)
		for i := range 2 * BatchSize {
			go func() {
				_, err := r.Do(t.Context(), write("accounts", "a", fmt.Sprint(i)))
				errs <- err
			}()
		}
		synctest.Wait()
		for range 2 {
			go r.Close()
		}
		synctest.Wait()
		if _, err := r.Do(t.Context(), write("accounts", "a", "late")); !errors.Is(err, ErrStopped) {
			t.Fatalf("a command after Close got %v", err)
		}
		close(hold)
		r.Close()
		for range 2 * BatchSize {
			if err := <-errs; err != nil {
				t.Fatal(err)
			}
		}
		if c.tip() != 2*BatchSize || r.Healthy() == nil {
			t.Fatalf("%d changes; healthy: %v", c.tip(), r.Healthy())
		}
	})
}

// Commands that find the queue full when the store breaks must not wait for ever.
func TestBrokenStoreAnswersEverybody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := onStore(t, newCloud(), newKeyHome(), nil)
		hold := make(chan struct{})
		r.store.append = func([]Change) (int, error) {
			<-hold
			return 0, ErrBroken
		}
		const callers = 16 * BatchSize
		errs := make(chan error, callers)
		for i := range callers {
			go func() {
				_, err := r.Do(context.Background(), write("accounts", "a", fmt.Sprint(i)))
				errs <- err
			}()
		}
		synctest.Wait()
		close(hold)
		for range callers {
			if err := <-errs; !errors.Is(err, ErrBroken) {
				t.Fatalf("error %v", err)
			}
		}
		<-r.Failed()
		if !errors.Is(r.Err(), ErrBroken) || !errors.Is(r.Healthy(), ErrBroken) {
			t.Fatalf("failed with %v", r.Err())
		}
		if err := r.Follow(t.Context()); !errors.Is(err, ErrBroken) {
			t.Fatalf("following a broken store: %v", err)
		}
		r.Close()
	})
}

func TestWaitAndAt(t *testing.T) {
	t.Parallel()
	r := fresh(t)
	var wg sync.WaitGroup
	for n := range uint64(4) {
		wg.Go(func() {
			if err := r.Wait(t.Context(), n); err != nil || r.Tip().Number < n {
				t.Errorf("wait for %d: %v", n, err)
			}
		})
	}
	var places []Position
	for _, who := range []string{"ana", "bo", "cy"} {
		r.must(t, write("accounts", "a", who))
		places = append(places, r.Tip())
	}
	wg.Wait()
	if _, err := r.store.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, want := range places {
		if got, err := r.At(t.Context(), uint64(i+1)); err != nil || got != want {
			t.Fatalf("at %d: %v, %v", i+1, got, err)
		}
	}
	if got, err := r.At(t.Context(), 0); err != nil || got != (Position{}) {
		t.Fatalf("at 0: %v, %v", got, err)
	}
	if _, err := r.At(t.Context(), 4); !errors.Is(err, ErrNotFound) {
		t.Fatalf("past the tip: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Wait(ctx, 4); !errors.Is(err, context.Canceled) {
		t.Fatalf("waiting without time: %v", err)
	}
}

// TestRenew asks a node for what another one has written before the first follows
// it, and many at once while the store is being read.
func TestRenew(t *testing.T) {
	t.Parallel()
	c, home := newCloud(), newKeyHome()
	shared := func(o *Options) { o.Shared = true }
	here, there := onStore(t, c, home, shared), onStore(t, c, home, shared)
	alone := onStore(t, c, home, nil)
	there.must(t, write("accounts", "a", "ana"))
	alone.store.last = func() { t.Error("the store is asked for what only this process writes") }
	if err := alone.Renew(t.Context()); err != nil {
		t.Error(err)
	}

	var reads atomic.Int32
	reading, release := make(chan struct{}), make(chan struct{})
	here.store.last = func() {
		if reads.Add(1) == 1 {
			close(reading)
			<-release
		}
	}
	var wg sync.WaitGroup
	ask := func(number uint64) {
		wg.Go(func() {
			if err := here.Renew(t.Context()); err != nil || here.Tip().Number < number {
				t.Errorf("up to %d of %d: %v", here.Tip().Number, number, err)
			}
		})
	}
	ask(1)
	<-reading
	there.must(t, write("accounts", "b", "bo"))
	const more = 20
	for range more {
		ask(2)
	}
	for here.lastRead.asked.Load() < 1+more {
		runtime.Gosched()
	}
	if here.Tip().Number != 0 {
		t.Fatal("this node follows already")
	}
	close(release)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- here.Follow(ctx) }()
	wg.Wait()
	cancel()
	<-ended
	if n := reads.Load(); n != 2 {
		t.Errorf("the store was read %d times for %d who asked", n, 1+more)
	}
}

func TestViewSeesTheBatch(t *testing.T) {
	t.Parallel()
	r := fresh(t)
	r.must(t, write("notes", "old", "ana"))
	v := &View{ctx: t.Context(), j: r.Journal, pending: map[Key]Document{}}
	v.add([]Document{newPage("notes", "new"), newPage("accounts", "b")}, []Key{{"notes", "old"}})
	if got := v.Pending("notes"); len(got) != 1 || got[0].DocumentHead().ID != "new" {
		t.Fatalf("pending %v", got)
	}
	for id, want := range map[string]bool{"new": true, "old": false, "none": false} {
		if ok, err := v.Exists(Key{"notes", id}); ok != want || err != nil {
			t.Errorf("%s exists: %v, %v", id, ok, err)
		}
	}
	if _, err := Load[*other](v, "notes", "new"); err == nil || errors.Is(err, ErrNotFound) {
		t.Errorf("another type: %v", err)
	}
	v.add([]Document{newPage("notes", "old")}, nil)
	if got := v.Pending("notes"); len(got) != 2 {
		t.Errorf("pending %v", got)
	}
}

type other struct{ Head }

func (*other) Collection() string { return "notes" }
