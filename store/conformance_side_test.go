package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"homeward/journal"
)

func sides(t *testing.T, s Store, kind string) string {
	t.Helper()
	var out []string
	err := s.EachSide(t.Context(), kind, func(id string, data []byte) error {
		out = append(out, id+"="+string(data))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(out)
}

func testSide(t *testing.T, h home) {
	s, ctx := h.open(t), t.Context()
	if _, _, err := s.Side(ctx, "session", "none"); !errors.Is(err, journal.ErrNotFound) {
		t.Errorf("a record that is not there: %v", err)
	}
	if err := errors.Join(
		s.PutSide(ctx, "session", "b", at(20), []byte("2")),
		s.PutSide(ctx, "session", "a", at(10), []byte("1")),
		s.PutSide(ctx, "session", "c", time.Time{}, []byte("3")),
		s.PutSide(ctx, "draft", "a", at(5), []byte("other")),
		s.PutSide(ctx, "session", "a", at(11), []byte("one")),
		s.PutSide(ctx, "session", "e", at(12), nil),
		s.DropSide(ctx, "session", "e"),
		s.DropSide(ctx, "session", "e"),
		s.DropSide(ctx, "unheard", "e"),
	); err != nil {
		t.Fatal(err)
	}
	if err := s.PutSide(ctx, "session", "", at(1), nil); err == nil {
		t.Error("an empty id was taken")
	}
	if got := sides(t, s, "session"); got != "[a=one b=2 c=3]" {
		t.Errorf("sessions %s", got)
	}
	if got := sides(t, s, "unheard"); got != "[]" {
		t.Errorf("of an unknown kind %s", got)
	}
	data, expires, err := s.Side(ctx, "session", "a")
	if err != nil || string(data) != "one" || !expires.Equal(at(11)) {
		t.Errorf("%q, %v, %v", data, expires, err)
	}
	if _, expires, err = s.Side(ctx, "session", "c"); err != nil || !expires.IsZero() {
		t.Errorf("the record without expiry expires at %v, %v", expires, err)
	}
	for _, c := range []struct {
		now  time.Time
		want int
		left string
	}{{at(4), 0, "[a=one b=2 c=3]"}, {at(11), 2, "[b=2 c=3]"}, {at(11), 0, "[b=2 c=3]"}, {at(1e6), 1, "[c=3]"}} {
		if n, err := s.SweepSide(ctx, c.now); n != c.want || err != nil {
			t.Errorf("swept %d, %v, want %d", n, err, c.want)
		}
		if got := sides(t, s, "session"); got != c.left {
			t.Errorf("left %s, want %s", got, c.left)
		}
	}
	stop := errors.New("enough")
	if err := s.EachSide(ctx, "session", func(string, []byte) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the callback's error came back as %v", err)
	}
}

func testReads(t *testing.T, h home) {
	s, ctx := h.open(t), t.Context()
	var wg sync.WaitGroup
	for _, node := range []string{"one", "two", "on"} { // one name begins another
		wg.Go(func() {
			for i := range 20 {
				records := [][]byte{fmt.Appendf(nil, "%s-%d", node, 2*i), fmt.Appendf(nil, "%s-%d", node, 2*i+1)}
				if err := s.AppendReads(ctx, node, records); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for _, node := range []string{"one", "two", "on"} {
		all, err := s.Reads(ctx, node, 0, 100)
		if err != nil || len(all) != 40 {
			t.Fatalf("%s: %d records, %v", node, len(all), err)
		}
		for i, r := range all {
			if want := fmt.Sprintf("%s-%d", node, i); string(r) != want {
				t.Errorf("record %d is %s, want %s", i, r, want)
			}
		}
		some, err := s.Reads(ctx, node, 38, 1)
		if err != nil || len(some) != 1 || string(some[0]) != node+"-38" {
			t.Errorf("after 38: %s, %v", some, err)
		}
	}
	if none, err := s.Reads(ctx, "nobody", 0, 10); err != nil || len(none) != 0 {
		t.Errorf("an unknown node: %s, %v", none, err)
	}
}

func testBlobs(t *testing.T, h home) {
	s, ctx := h.open(t), t.Context()
	before := time.Now().Add(-time.Minute)
	large := make([]byte, 3<<20+17)
	_, _ = rand.Read(large) // never fails
	if err := errors.Join(
		s.PutBlob(ctx, "large", large),
		s.PutBlob(ctx, "small", []byte("x")),
		s.PutBlob(ctx, "again", []byte("old and longer")),
		s.PutBlob(ctx, "again", []byte("new")),
		s.PutBlob(ctx, "gone", []byte("y")),
		s.DropBlob(ctx, "gone"),
		s.DropBlob(ctx, "gone"),
	); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string][]byte{"large": large, "small": []byte("x"), "again": []byte("new")} {
		if got, err := s.Blob(ctx, id); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, %v, want %d", id, len(got), err, len(want))
		}
	}
	if _, err := s.Blob(ctx, "gone"); !errors.Is(err, journal.ErrNotFound) {
		t.Errorf("a dropped photo: %v", err)
	}
	found := map[string]bool{}
	err := s.EachBlob(ctx, func(id string, at time.Time) error {
		if found[id] || at.Before(before) || at.After(time.Now().Add(time.Minute)) {
			t.Errorf("%s written at %v", id, at)
		}
		found[id] = true
		return nil
	})
	if err != nil || len(found) != 3 {
		t.Errorf("photos %v, %v", found, err)
	}
}

// keyHome is a place for keys made for one test; each call gives a handle.
type keyHome func(t *testing.T) KeyHome

// keyConformance is what every home for keys has to do alike.
func keyConformance(t *testing.T, fresh func(t *testing.T) keyHome) {
	for name, test := range map[string]func(t *testing.T, open keyHome){
		"PutAndDrop": testKeysPutAndDrop,
		"Replace":    testKeysReplace,
		"Together":   testKeysTogether,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, fresh(t))
		})
	}
}

func allKeys(t *testing.T, k KeyHome) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := k.EachKey(t.Context(), "", func(unit string, wrapped []byte) error {
		out[unit] = string(wrapped)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func testKeysPutAndDrop(t *testing.T, open keyHome) {
	k, ctx := open(t), t.Context()
	if err := errors.Join(
		k.PutKeys(ctx, nil, nil),
		k.PutKeys(ctx, []string{"cases/1", "reporters/1"}, [][]byte{[]byte("k1"), []byte("k2")}),
		k.PutKeys(ctx, []string{"cases/2", "cases/1"}, [][]byte{[]byte("k3"), []byte("k1")}),
		k.DropKeys(ctx, []string{"reporters/1", "never/there"}),
		k.DropKeys(ctx, []string{"never/there"}),
		k.DropKeys(ctx, nil),
	); err != nil {
		t.Fatal(err)
	}
	if err := k.PutKeys(ctx, []string{"a"}, nil); err == nil {
		t.Error("a unit without a key was taken")
	}
	if err := k.PutKeys(ctx, []string{"cases/1"}, [][]byte{[]byte("other")}); !errors.Is(err, journal.ErrTaken) {
		t.Errorf("another key for a unit that has one: %v", err)
	}
	if got := allKeys(t, k); fmt.Sprint(got) != "map[cases/1:k1 cases/2:k3]" {
		t.Errorf("keys %v", got)
	}
	var found []string
	err := k.EachKey(ctx, "cases/2", func(unit string, wrapped []byte) error {
		found = append(found, unit+":"+string(wrapped))
		return nil
	})
	if err != nil || !slices.Equal(found, []string{"cases/2:k3"}) {
		t.Errorf("keys of one prefix: %v %v", found, err)
	}
	if got, err := k.Key(ctx, "cases/1"); err != nil || string(got) != "k1" {
		t.Errorf("%s, %v", got, err)
	}
	for _, unit := range []string{"reporters/1", ""} {
		if _, err := k.Key(ctx, unit); !errors.Is(err, journal.ErrNotFound) {
			t.Errorf("%q: %v", unit, err)
		}
	}
	if err := k.PutKeys(ctx, []string{"cases/3"}, [][]byte{[]byte("k4")}); err != nil {
		t.Errorf("after a drop: %v", err)
	}
}

func testKeysReplace(t *testing.T, open keyHome) {
	k, ctx := open(t), t.Context()
	units, wrapped := make([]string, 500), make([][]byte, 500)
	for i := range units {
		units[i], wrapped[i] = fmt.Sprintf("cases/%d", i), []byte("old")
	}
	if err := k.PutKeys(ctx, units, wrapped); err != nil {
		t.Fatal(err)
	}
	for i := range wrapped {
		wrapped[i] = []byte("rotated")
	}
	if err := k.ReplaceKeys(ctx, units[:400], wrapped[:400]); err != nil {
		t.Fatal(err)
	}
	got := allKeys(t, k)
	if len(got) != 400 || got["cases/0"] != "rotated" || got["cases/399"] != "rotated" {
		t.Errorf("%d keys, the first %q", len(got), got["cases/0"])
	}
	if got, err := k.Key(ctx, "cases/1"); err != nil || string(got) != "rotated" {
		t.Errorf("%s, %v", got, err)
	}
	if err := errors.Join(k.ReplaceKeys(ctx, nil, nil), k.PutKeys(ctx, units[:1], wrapped[:1])); err != nil {
		t.Fatal(err)
	}
	if got := allKeys(t, k); len(got) != 1 {
		t.Errorf("%d keys, want 1", len(got))
	}
}

func testKeysTogether(t *testing.T, open keyHome) {
	k := open(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 5 {
				unit := fmt.Sprintf("cases/%d-%d", i, j)
				if err := k.PutKeys(context.Background(), []string{unit}, [][]byte{[]byte(unit)}); err != nil {
					t.Error(err)
				}
				if j == 2 {
					if err := k.DropKeys(context.Background(), []string{unit}); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	if got := allKeys(t, k); len(got) != 32 {
		t.Errorf("%d keys, want 32", len(got))
	}
}
