package journal

import (
	"slices"
	"testing"
)

// library is a store with settled, unsettled and forgotten documents.
func library(t *testing.T) *cloud {
	c := newCloud()
	r := onStore(t, c, newKeyHome(), nil)
	for _, id := range []string{"a", "b", "c", "a", "gone"} {
		r.must(t, write("accounts", id, "ana"))
	}
	r.must(t, drop("accounts", "gone"))
	if _, err := c.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.must(t, write("accounts", "b", "bo"))
	r.must(t, write("accounts", "d", "bo"))
	return c
}

func TestVerifyClean(t *testing.T) {
	t.Parallel()
	report, err := Verify(t.Context(), library(t))
	if err != nil || len(report.Problems) > 0 {
		t.Fatalf("%q, %v", report.Problems, err)
	}
	if report.Changes != 8 || report.Documents != 3 || report.Forgotten != 1 || report.Position.Number != 8 {
		t.Errorf("%+v", report)
	}
}

func TestFaultsPlantedInTheStoreAreFound(t *testing.T) {
	t.Parallel()
	document := func(c *cloud, id string, harm func(*Loaded)) {
		k := Key{"accounts", id}
		l := c.docs[k]
		l.Image = slices.Clone(l.Image)
		harm(&l)
		c.docs[k] = l
	}
	number := func(c *cloud) {
		for i := range c.changes {
			c.changes[i].Number = uint64(i + 1)
		}
	}
	for name, harm := range map[string]func(*cloud){
		"actor":           func(c *cloud) { c.changes[2].Actor = "eve" },
		"action":          func(c *cloud) { c.changes[2].Action = "nothing" },
		"time":            func(c *cloud) { c.changes[2].At = c.changes[2].At.Add(1e6) },
		"request":         func(c *cloud) { c.changes[2].Request = []byte("r") },
		"body":            func(c *cloud) { c.changes[2].Body = []byte("b") },
		"token":           func(c *cloud) { c.changes[2].Token[3] ^= 1 },
		"digest":          func(c *cloud) { c.changes[2].Lines[0].Digest[3] ^= 1 },
		"key":             func(c *cloud) { c.changes[2].Lines[0].Key.ID = "x" },
		"forgotten":       func(c *cloud) { c.changes[2].Lines[0].Forgotten = true },
		"line taken":      func(c *cloud) { c.changes[2].Lines = nil },
		"last chain":      func(c *cloud) { c.changes[7].Chain[0] ^= 1 },
		"image":           func(c *cloud) { c.changes[7].Lines[0].Image[9] ^= 1 },
		"deleted":         func(c *cloud) { c.changes = slices.Delete(c.changes, 2, 3) },
		"deleted, closed": func(c *cloud) { c.changes = slices.Delete(c.changes, 2, 3); number(c) },
		"inserted": func(c *cloud) {
			c.changes = slices.Insert(c.changes, 2, c.changes[1])
			number(c)
		},
		"inserted, linked": func(c *cloud) {
			c.changes = slices.Insert(c.changes, 2, c.changes[1])
			number(c)
			c.changes[2].Chain = link(c.changes[1].Chain, &c.changes[2])
		},
		"reordered": func(c *cloud) {
			c.changes[1], c.changes[2] = c.changes[2], c.changes[1]
			number(c)
		},
		"all linked anew": func(c *cloud) {
			c.changes[2].Actor = "eve"
			for i := 2; i < len(c.changes); i++ {
				c.changes[i].Chain = link(c.changes[i-1].Chain, &c.changes[i])
			}
			c.fixed = &Position{6, [32]byte{1}} // where documents say they were settled
		},
		"truncated":        func(c *cloud) { c.fixed = &Position{6, c.changes[5].Chain}; c.changes = c.changes[:4] },
		"emptied":          func(c *cloud) { c.fixed = &Position{6, c.changes[5].Chain}; c.changes = nil },
		"document changed": func(c *cloud) { document(c, "c", func(l *Loaded) { l.Image[9] ^= 1 }) },
		"document emptied": func(c *cloud) { document(c, "c", func(l *Loaded) { l.Image = nil }) },
		"document gone":    func(c *cloud) { delete(c.docs, Key{"accounts", "c"}) },
		"document of no change": func(c *cloud) {
			c.docs[Key{"accounts", "x"}] = Loaded{Key{"accounts", "x"}, []byte("x"), 3}
		},
		"document of another number": func(c *cloud) { document(c, "c", func(l *Loaded) { l.Number = 4 }) },
		"document back": func(c *cloud) {
			document(c, "a", func(l *Loaded) { l.Number = 1 })
		},
		"forgotten back": func(c *cloud) { document(c, "gone", func(l *Loaded) { l.Image = []byte("x") }) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := library(t)
			harm(c)
			report, err := Verify(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if len(report.Problems) == 0 {
				t.Error("nothing was found")
			}
		})
	}
}
