package journal

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func asked(c Command, request, body string) Command {
	c.Request, c.Body = []byte(request), []byte(body)
	return c
}

func TestRepeatedRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, home := newCloud(), newKeyHome()
		r := onStore(t, c, home, nil)
		first := r.must(t, asked(write("accounts", "a", "ana"), "r1", "b1"))
		check := func(r *rig) {
			t.Helper()
			again := r.must(t, asked(write("accounts", "a", "bo"), "r1", "b1"))
			if again.Number != first.Number || !again.Repeated || fmt.Sprint(again.Keys) != fmt.Sprint(first.Keys) {
				t.Fatalf("repeated: %+v", again)
			}
			if _, err := r.Do(t.Context(), asked(write("accounts", "a", "bo"), "r1", "b2")); !errors.Is(err, ErrRequestReused) {
				t.Fatalf("another body: %v", err)
			}
			r.seen(t, "accounts", "a", "ana")
		}
		check(r)
		r.Close()
		check(onStore(t, c, home, nil)) // from the tail
		if _, err := c.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		check(onStore(t, c, home, nil)) // from what is settled
	})
}

// A request older than RequestsKept is no longer remembered, but the store may
// still refuse it. It must neither hang the writer nor fail its neighbours.
func TestOldRequests(t *testing.T) {
	t.Parallel()
	for _, index := range []bool{true, false} {
		t.Run(fmt.Sprint("unique ", index), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newCloud()
				c.index = index
				r := onStore(t, c, newKeyHome(), nil)
				r.must(t, asked(write("accounts", "a", "ana"), "r1", "b1"))
				<-time.After(RequestsKept + time.Minute)
				r.must(t, asked(write("accounts", "a", "bo"), "r2", "b2"))
				if n := len(r.requests.known); n != 1 {
					t.Fatalf("%d requests are remembered", n)
				}
				errs := make(chan error, 2)
				go func() {
					done, err := r.Do(t.Context(), asked(write("accounts", "a", "cy"), "r1", "b1"))
					if err == nil && done.Repeated != index {
						err = fmt.Errorf("done %+v", done)
					}
					errs <- err
				}()
				go func() {
					_, err := r.Do(t.Context(), write("accounts", "b", "dan"))
					errs <- err
				}()
				for range 2 {
					if err := <-errs; err != nil {
						t.Fatal(err)
					}
				}
				r.Close()
			})
		})
	}
}

// together makes one batch of commands and returns their errors in order.
func (r *rig) together(t *testing.T, commands ...Command) []error {
	t.Helper()
	entered, hold := make(chan struct{}), make(chan struct{})
	first := make(chan struct{})
	go func() {
		defer close(first)
		_, _ = r.Do(t.Context(), Command{Decide: func(*View) (Outcome, error) {
			close(entered)
			<-hold
			return Outcome{}, nil
		}})
	}()
	<-entered
	errs := make([]error, len(commands))
	ends := make(chan struct{})
	for i, c := range commands {
		go func() {
			_, errs[i] = r.Do(t.Context(), c)
			ends <- struct{}{}
		}()
		synctest.Wait()
	}
	close(hold)
	<-first
	for range commands {
		<-ends
	}
	return errs
}

func TestBatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCloud()
		r := onStore(t, c, newKeyHome(), nil)
		errs := r.together(t,
			asked(write("accounts", "a", "ana"), "r1", "b1"),
			asked(write("accounts", "a", "ana"), "r1", "b1"),
			asked(write("accounts", "a", "ana"), "r1", "b2"),
			write("accounts", "a", "bo"),
			Command{Decide: func(*View) (Outcome, error) { panic("rule") }},
			write("accounts", "a", "cy"))
		for i, want := range []error{nil, nil, ErrRequestReused, nil, ErrPanicked, nil} {
			if !errors.Is(errs[i], want) {
				t.Errorf("command %d: %v, want %v", i, errs[i], want)
			}
		}
		r.seen(t, "accounts", "a", "ana", "bo", "cy")
		if r.board.installs != 2 {
			t.Errorf("%d installs: the batch was split", r.board.installs)
		}
		r.Close()
	})
}

// A refusal that rests on an earlier command of its batch is no answer before
// that command is in: here the disk is full, so nothing was ever taken.
func TestRefusalWaitsForWhatItRestsOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := onStore(t, newCloud(), newKeyHome(), nil)
		taken := errors.New("taken")
		claim := Command{Decide: func(v *View) (Outcome, error) {
			if ok, err := v.Exists(Key{"accounts", "a"}); err != nil || ok {
				return Outcome{}, errors.Join(err, taken)
			}
			return Outcome{Documents: []Document{newPage("accounts", "a")}}, nil
		}}
		r.store.append = func([]Change) (int, error) { return 0, ErrFull }
		for i, err := range r.together(t, claim, claim) {
			if !errors.Is(err, ErrFull) {
				t.Errorf("command %d: %v", i, err)
			}
		}
		r.store.append = nil
		if errs := r.together(t, claim, claim); errs[0] != nil || !errors.Is(errs[1], taken) {
			t.Errorf("with room again: %v", errs)
		}
		r.Close()
	})
}

func TestLostReplies(t *testing.T) {
	t.Parallel()
	type step = func(c *cloud, changes []Change) (int, error)
	lost := func(k int) step {
		return func(c *cloud, changes []Change) (int, error) {
			_, _ = c.Append(context.Background(), changes[:k])
			return 0, ErrUnknown
		}
	}
	theirs := func(c *cloud, changes []Change) (int, error) {
		other := changes[0]
		other.Token, other.Actor, other.Lines = [16]byte{9}, "other", nil
		other.Chain = link(c.position(uint64(len(c.changes))).Chain, &other)
		_, _ = c.Append(context.Background(), []Change{other})
		return 0, ErrUnknown
	}
	for name, first := range map[string]step{
		"all in": lost(2), "one in": lost(1), "none in": lost(0), "another node's": theirs,
		"one in and known": func(c *cloud, changes []Change) (int, error) {
			n, _ := c.Append(context.Background(), changes[:1])
			return n, ErrTaken
		},
	} {
		for _, read := range []string{"plain", "stale", "gap", "failing"} {
			t.Run(name+", "+read, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { lostReply(t, first, read) })
			})
		}
	}
}

func lostReply(t *testing.T, first func(*cloud, []Change) (int, error), read string) {
	c := newCloud()
	r := onStore(t, c, newKeyHome(), func(o *Options) { o.Shared = true })
	appends, reads := 0, 0
	r.store.append = func(changes []Change) (int, error) {
		if appends++; appends == 1 && len(changes) == 2 {
			return first(c, changes)
		}
		return c.Append(t.Context(), changes)
	}
	r.store.read = func(after uint64, limit int) ([]Change, error) {
		changes, err := c.Changes(t.Context(), after, limit)
		if appends == 0 {
			return changes, err
		}
		if reads++; reads > 2 {
			return changes, err
		}
		switch read {
		case "stale":
			return nil, nil
		case "gap":
			return changes[min(1, len(changes)):], nil
		case "failing":
			return nil, errNet
		}
		return changes, err
	}
	for i, err := range r.together(t, write("accounts", "a", "ana"), write("accounts", "a", "bo")) {
		if err != nil && !errors.Is(err, errNet) {
			t.Errorf("command %d: %v", i, err)
		} else if err != nil {
			return // it may be refused when the store cannot be read to catch up
		}
	}
	r.seen(t, "accounts", "a", "ana", "bo")
	if report, err := Verify(t.Context(), c); err != nil || len(report.Problems) > 0 {
		t.Errorf("verify: %v %v", report.Problems, err)
	}
	r.Close()
}

func TestUnansweredStoreStopsTheNode(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := onStore(t, newCloud(), newKeyHome(), nil)
		r.store.append = func([]Change) (int, error) { return 0, ErrUnknown }
		if _, err := r.Do(t.Context(), write("accounts", "a", "ana")); !errors.Is(err, ErrUnknown) {
			t.Fatalf("error %v", err)
		}
		<-r.Failed()
		if _, err := r.Do(t.Context(), write("accounts", "a", "bo")); !errors.Is(err, ErrUnknown) {
			t.Fatalf("the next: %v", err)
		}
	})
}

// A store that breaks while a lost reply is looked into is written to no more.
func TestStoreBreaksAfterLostReply(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := onStore(t, newCloud(), newKeyHome(), nil)
		appends := 0
		r.store.append = func([]Change) (int, error) {
			if appends++; appends == 1 {
				return 0, ErrUnknown
			}
			return 0, ErrBroken
		}
		if _, err := r.Do(t.Context(), write("accounts", "a", "ana")); !errors.Is(err, ErrBroken) {
			t.Errorf("error %v", err)
		}
		<-r.Failed()
		if appends != 2 {
			t.Errorf("%d appends, want 2", appends)
		}
	})
}

func TestKeysComeFirst(t *testing.T) {
	t.Parallel()
	r := fresh(t)
	failing := errors.New("no keys")
	r.codec.gate = func(string) error { return failing }
	if _, err := r.Do(t.Context(), write("accounts", "a", "ana")); !errors.Is(err, failing) || r.store.tip() != 0 {
		t.Fatalf("error %v, %d changes", err, r.store.tip())
	}
	r.codec.gate = nil
	r.must(t, write("accounts", "a", "bo"))
	r.seen(t, "accounts", "a", "bo")
}

// Two nodes make the key of one unit at once: the second seals again.
func TestKeysOfTwoNodes(t *testing.T) {
	t.Parallel()
	r := onStore(t, newCloud(), newKeyHome(), func(o *Options) { o.Shared = true })
	raced := false
	r.codec.gate = func(string) error {
		if !raced {
			raced = true
			r.codec.home.put("accounts/a", []byte("the key of another node"))
		}
		return nil
	}
	r.must(t, write("accounts", "a", "ana"))
	image := r.store.changes[0].Lines[0].Image
	d, err := r.codec.Decode(Key{"accounts", "a"}, image, false)
	if err != nil || d.(*page).Secret != "secret of a" {
		t.Fatalf("%+v, %v", d, err)
	}
}
