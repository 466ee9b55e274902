package alerts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"

	"homeward/journal"
)

// keyHome is a home for keys in memory that can be told to fail.
type keyHome struct {
	mu    sync.Mutex
	keys  map[string][]byte
	reads int
	fail  error
	// half makes ReplaceKeys write half of the keys and fail, as a database
	// without transactions may.
	half bool
}

func newKeyHome() *keyHome { return &keyHome{keys: map[string][]byte{}} }

func (h *keyHome) PutKeys(_ context.Context, units []string, wrapped [][]byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, u := range units {
		if h.fail != nil {
			return h.fail
		}
		h.keys[u] = wrapped[i]
	}
	return h.fail
}

func (h *keyHome) Key(_ context.Context, unit string) ([]byte, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reads++
	k, ok := h.keys[unit]
	if !ok {
		return nil, journal.ErrNotFound
	}
	return k, h.fail
}

func (h *keyHome) EachKey(_ context.Context, prefix string, each func(string, []byte) error) error {
	h.mu.Lock()
	all := maps.Clone(h.keys)
	h.mu.Unlock()
	for u, k := range all {
		if !strings.HasPrefix(u, prefix) {
			continue
		}
		if err := each(u, k); err != nil {
			return err
		}
	}
	return nil
}

func (h *keyHome) DropKeys(_ context.Context, units []string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, u := range units {
		delete(h.keys, u)
	}
	return h.fail
}

func (h *keyHome) ReplaceKeys(_ context.Context, units []string, wrapped [][]byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, u := range units {
		if h.half && i >= len(units)/2 {
			return errors.New("the power failed")
		}
		h.keys[u] = wrapped[i]
	}
	return nil
}

func master(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

func newRing(t testing.TB, h KeyHome, m ...[]byte) *Ring {
	t.Helper()
	if m == nil {
		m = [][]byte{master(1)}
	}
	r, err := OpenRing(t.Context(), m[0], h, m[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mustSeal(t testing.TB, r *Ring, unit, aad, plain string) []byte {
	t.Helper()
	s, err := r.Seal(unit, []byte(aad), []byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRingOpensOnlyWhatWasSealedThere(t *testing.T) {
	t.Parallel()
	h := newKeyHome()
	r := newRing(t, h)
	sealed := mustSeal(t, r, "cases/a", "field", "Mila Primer")
	mustSeal(t, r, "cases/b", "field", "other")
	if err := r.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("Mila")) {
		t.Fatal("the sealed bytes are readable")
	}
	again := newRing(t, h)
	if plain, err := again.Open("cases/a", []byte("field"), sealed); err != nil || string(plain) != "Mila Primer" {
		t.Fatalf("%q, %v", plain, err)
	}
	if _, err := again.Open("cases/a", []byte("another field"), sealed); err == nil {
		t.Error("it opens at another place")
	}
	if _, err := again.Open("cases/b", []byte("field"), sealed); err == nil {
		t.Error("it opens in another unit")
	}
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if _, err := again.Open("cases/a", []byte("field"), bad); err == nil {
			t.Fatalf("it opens with byte %d changed", i)
		}
	}
}

func TestKeysAreDurableBeforeWhatNeedsThem(t *testing.T) {
	t.Parallel()
	h := newKeyHome()
	r := newRing(t, h)
	mustSeal(t, r, "cases/a", "", "x")
	if len(h.keys) != 1 {
		t.Fatal("a key is in the home before the flush")
	}
	h.fail = errors.New("no space")
	if err := r.Flush(t.Context()); err == nil {
		t.Fatal("a failed flush passes")
	}
	h.fail = nil
	// What was sealed before the failure is lost; sealing again makes a new key.
	sealed := mustSeal(t, r, "cases/a", "", "y")
	if err := r.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if plain, err := newRing(t, h).Open("cases/a", nil, sealed); err != nil || string(plain) != "y" {
		t.Fatalf("%q, %v", plain, err)
	}
}

func TestPreparedKeysAreDurableAtOnce(t *testing.T) {
	t.Parallel()
	h := newKeyHome()
	r := newRing(t, h)
	if err := r.Prepare(t.Context(), "sightings/a", "reporters/a"); err != nil {
		t.Fatal(err)
	}
	if len(h.keys) != 3 {
		t.Fatalf("%d keys are in the home, want the installation's and two", len(h.keys))
	}
	sealed := mustSeal(t, r, "sightings/a", "", "x")
	if err := r.Prepare(t.Context(), "sightings/a"); err != nil {
		t.Fatal(err)
	}
	for _, ring := range []*Ring{r, newRing(t, h)} {
		if plain, err := ring.Open("sightings/a", nil, sealed); err != nil || string(plain) != "x" {
			t.Fatalf("%q, %v", plain, err)
		}
	}
	h.fail = errors.New("no space")
	if err := r.Prepare(t.Context(), "sightings/b"); err == nil {
		t.Fatal("a failed flush passes")
	}
	h.fail = journal.ErrTaken // somebody else was quicker
	if err := r.Prepare(t.Context(), "sightings/b"); err != nil {
		t.Fatal(err)
	}
	h.fail = nil
	if _, err := r.Open("sightings/b", nil, sealed); !errors.Is(err, ErrForgotten) {
		t.Fatalf("a key that was not kept is used: %v", err)
	}
	if err := r.Rotate(t.Context(), master(9)); err != nil {
		t.Fatal(err)
	}
	if plain, err := newRing(t, h, master(9)).Open("sightings/a", nil, sealed); err != nil || string(plain) != "x" {
		t.Fatalf("after a rotation: %q, %v", plain, err)
	}
}

func TestForgettingDestroysForGood(t *testing.T) {
	t.Parallel()
	h := newKeyHome()
	r := newRing(t, h)
	sealed := mustSeal(t, r, "cases/a", "", "x")
	mustSeal(t, r, "cases/b", "", "x")
	if err := r.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := r.Forget(t.Context(), []string{"cases/a"}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := r.Open("cases/a", nil, sealed)
	if !errors.Is(err, ErrForgotten) || !errors.Is(err, journal.ErrForgotten) || !errors.Is(err, journal.ErrNotFound) {
		t.Fatalf("opened after forgetting: %v", err)
	}
	if _, ok := h.keys["cases/a"]; ok || h.keys["cases/b"] == nil {
		t.Fatal("the wrong key is gone")
	}
	// A new key under the old name does not open what was sealed before.
	mustSeal(t, r, "cases/a", "", "z")
	if _, err := r.Open("cases/a", nil, sealed); err == nil {
		t.Fatal("what was forgotten is back")
	}
}

func TestWrongMasterKeyIsRefusedInASentence(t *testing.T) {
	t.Parallel()
	h := newKeyHome()
	newRing(t, h)
	if _, err := OpenRing(t.Context(), master(2), h); !errors.Is(err, ErrMasterKey) {
		t.Errorf("another key: %v", err)
	}
	if _, err := OpenRing(t.Context(), master(1)[:31], h); err == nil {
		t.Error("a short key passes")
	}
	delete(h.keys, selfUnit)
	h.keys["cases/a"] = []byte("left over")
	if _, err := OpenRing(t.Context(), master(1), h); !errors.Is(err, ErrMasterKey) {
		t.Errorf("a home that lost its own key: %v", err)
	}
}

func TestSwappedKeysAreRefused(t *testing.T) {
	t.Parallel()
	h := newKeyHome()
	r := newRing(t, h)
	sealed := mustSeal(t, r, "cases/a", "", "x")
	mustSeal(t, r, "cases/b", "", "x")
	if err := r.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.keys["cases/a"], h.keys["cases/b"] = h.keys["cases/b"], h.keys["cases/a"]
	if _, err := newRing(t, h).Open("cases/a", nil, sealed); err == nil {
		t.Fatal("a swapped key opens")
	}
}

func TestRotationLeavesEverythingReadable(t *testing.T) {
	t.Parallel()
	for _, half := range []bool{false, true} {
		t.Run(fmt.Sprintf("half %t", half), func(t *testing.T) {
			t.Parallel()
			h := newKeyHome()
			r := newRing(t, h)
			mac := r.MAC("receipt", []byte("code"))
			sealed := map[string][]byte{}
			for i := range 50 {
				unit := fmt.Sprintf("cases/%d", i)
				sealed[unit] = mustSeal(t, r, unit, "", unit)
			}
			if err := r.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			h.half = half
			if err := r.Rotate(t.Context(), master(2)); (err != nil) != half {
				t.Fatal(err)
			}
			masters := [][]byte{master(2)}
			if half { // the old key is still on disk beside the new one
				masters = append(masters, master(1))
			}
			for _, ring := range []*Ring{r, newRing(t, h, masters...)} {
				for unit, s := range sealed {
					if plain, err := ring.Open(unit, nil, s); err != nil || string(plain) != unit {
						t.Fatalf("%s: %q, %v", unit, plain, err)
					}
				}
				if !bytes.Equal(ring.MAC("receipt", []byte("code")), mac) {
					t.Error("the rotation changed what codes are looked up by")
				}
			}
			if half {
				return
			}
			if _, err := OpenRing(t.Context(), master(1), h); !errors.Is(err, ErrMasterKey) {
				t.Errorf("the old master key still opens: %v", err)
			}
		})
	}
}

func TestCacheIsBoundedAndForgetsNothing(t *testing.T) {
	t.Parallel()
	h := newKeyHome()
	r := newRing(t, h)
	first := mustSeal(t, r, "cases/first", "", "x")
	for i := range 2*cachedUnits + 10 {
		mustSeal(t, r, fmt.Sprintf("cases/%d", i), "", "x")
		if i%512 == 0 {
			if err := r.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := r.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(r.hot) + len(r.cold) + len(r.pending); n > 2*cachedUnits {
		t.Errorf("%d units are cached", n)
	}
	if plain, err := r.Open("cases/first", nil, first); err != nil || string(plain) != "x" {
		t.Fatalf("%q, %v", plain, err)
	}
}

func TestMACsOfPurposesDiffer(t *testing.T) {
	t.Parallel()
	r := newRing(t, newKeyHome())
	a := r.MAC("one", []byte("ab"), []byte("c"))
	for _, b := range [][]byte{r.MAC("two", []byte("ab"), []byte("c")), r.MAC("one", []byte("a"), []byte("bc")), r.MAC("one", []byte("abc"))} {
		if bytes.Equal(a, b) {
			t.Error("two MACs are the same")
		}
	}
	if !bytes.Equal(a, r.MAC("one", []byte("ab"), []byte("c"))) {
		t.Error("a MAC changes")
	}
}

func TestRingTakesManyAtOnce(t *testing.T) {
	t.Parallel()
	h := newKeyHome()
	r := newRing(t, h)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 200 {
				unit := fmt.Sprintf("cases/%d", i%20)
				sealed, err := r.Seal(unit, nil, []byte("x"))
				if err == nil && g%2 == 0 {
					_, err = r.Open(unit, nil, sealed)
				}
				if err != nil {
					t.Error(err)
				}
				if i%10 == 0 && g == 0 {
					if err := r.Flush(t.Context()); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
}

func FuzzOpen(f *testing.F) {
	h := newKeyHome()
	r := newRing(f, h)
	sealed := mustSeal(f, r, "cases/a", "place", "x")
	if err := r.Flush(f.Context()); err != nil {
		f.Fatal(err)
	}
	f.Add("cases/a", []byte("place"), sealed)
	f.Add("", []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, unit string, aad, b []byte) {
		plain, err := r.Open(unit, aad, b)
		if err == nil && (unit != "cases/a" || string(aad) != "place" || !bytes.Equal(b, sealed)) {
			t.Fatalf("%x opens as %q", b, plain)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	r := newRing(b, newKeyHome())
	aad, plain := []byte("cases\x00id\x00field"), make([]byte, 100)
	for b.Loop() {
		if _, err := r.Seal("cases/a", aad, plain); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	r := newRing(b, newKeyHome())
	aad := []byte("cases\x00id\x00field")
	sealed, err := r.Seal("cases/a", aad, make([]byte, 100))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := r.Open("cases/a", aad, sealed); err != nil {
			b.Fatal(err)
		}
	}
}
