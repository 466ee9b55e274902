package alerts

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"
)

func TestNewIDHas128RandomBits(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		id := NewID(rand.Reader)
		if len(id) != 26 || strings.ToLower(id) != id || seen[id] {
			t.Fatalf("id %q", id)
		}
		seen[id] = true
	}
}

func TestCaseNumbersCatchEverySlip(t *testing.T) {
	t.Parallel()
	for range 200 {
		n := NewCaseNumber(rand.Reader)
		if got, ok := NormalCaseNumber(strings.ToLower(n[:4]) + " - " + n[4:]); !ok || got != n {
			t.Fatalf("%q reads as %q, %t", n, got, ok)
		}
		slips(t, n, func(s string) bool { _, ok := NormalCaseNumber(s); return ok })
	}
}

func TestCodesCatchEverySlip(t *testing.T) {
	t.Parallel()
	code := NewCode([]byte("seed"))
	if code != NewCode([]byte("seed")) || code == NewCode([]byte("seee")) || len(code) != 24 {
		t.Fatalf("code %q", code)
	}
	plain := strings.ReplaceAll(code, "-", "")
	if NormalCode(strings.ToLower(code)) != plain {
		t.Fatalf("%q reads as %q", code, NormalCode(code))
	}
	slips(t, plain, func(s string) bool { return NormalCode(s) != "" })
}

// slips tries every single wrong character and every two changed over.
func slips(t *testing.T, right string, accepts func(string) bool) {
	t.Helper()
	for i := range right {
		for _, c := range signs {
			if wrong := right[:i] + string(c) + right[i+1:]; wrong != right && accepts(wrong) {
				t.Fatalf("%s passes for %s", wrong, right)
			}
		}
		for j := range i {
			b := []byte(right)
			b[i], b[j] = b[j], b[i]
			if wrong := string(b); wrong != right && accepts(wrong) {
				t.Fatalf("%s passes for %s", wrong, right)
			}
		}
	}
}

func TestNoisyNumbersAreRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "2", "22222220", "ILO01234", strings.Repeat("2", 9), "2222222\x00", "２２２２２２２２", "ДДДДДДДД"} {
		if _, ok := NormalCaseNumber(s); ok {
			t.Errorf("%q is taken for a case number", s)
		}
	}
}

func FuzzNormal(f *testing.F) {
	f.Add("abcd-efgh")
	f.Add(NewCode([]byte("x")))
	f.Fuzz(func(t *testing.T, s string) {
		if n, ok := NormalCaseNumber(s); ok {
			if again, ok := NormalCaseNumber(n); !ok || again != n {
				t.Fatalf("%q reads as %q, and that as %q", s, n, again)
			}
		}
		if c := NormalCode(s); c != "" && NormalCode(c) != c {
			t.Fatalf("%q is not stable", s)
		}
	})
}

func TestCaseNumbersUseEverySign(t *testing.T) {
	t.Parallel()
	var all bytes.Buffer
	for range 500 {
		all.WriteString(NewCaseNumber(rand.Reader))
	}
	for _, c := range signs {
		if !strings.ContainsRune(all.String(), c) {
			t.Errorf("%c never comes up", c)
		}
	}
}
