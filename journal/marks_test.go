package journal

import (
	"errors"
	"testing"
)

// rewritten makes the whole history anew, as somebody with the store in hands
// could: nothing in it contradicts itself afterwards.
func rewritten(c *cloud, harm func(*Change)) {
	harm(&c.changes[2])
	prev := c.changes[1].Chain
	for i := 2; i < len(c.changes); i++ {
		c.changes[i].Chain = link(prev, &c.changes[i])
		prev = c.changes[i].Chain
	}
	if c.fixed != nil {
		c.fixed = &Position{c.fixed.Number, c.changes[c.fixed.Number-1].Chain}
	}
}

func marksOf(c *cloud, numbers ...int) []Mark {
	var out []Mark
	for _, n := range numbers {
		out = append(out, markOf(&c.changes[n-1], func(Key) bool { return true }))
	}
	return out
}

// TestMarksFindARewrittenHistory is what a statement is for: whoever kept one
// notices what the store alone cannot tell.
func TestMarksFindARewrittenHistory(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(*Change){
		"actor":  func(c *Change) { c.Actor = "eve" },
		"action": func(c *Change) { c.Action = "nothing" },
		"time":   func(c *Change) { c.At = c.At.Add(1e9) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := library(t)
			marks := marksOf(c, 3, 8)
			if r, err := Verify(t.Context(), c, marks...); err != nil || len(r.Problems) > 0 || r.Marks != 2 {
				t.Fatalf("before: %+v %v", r, err)
			}
			rewritten(c, harm)
			if r, err := Verify(t.Context(), c); err != nil || len(r.Problems) > 0 {
				t.Fatalf("without marks, which cannot see it: %+v %v", r, err)
			}
			if r, err := Verify(t.Context(), c, marks...); err != nil || len(r.Problems) == 0 {
				t.Fatalf("with marks: %+v %v", r, err)
			}
		})
	}
}

func TestMarksThatAreNotThere(t *testing.T) {
	t.Parallel()
	c := library(t)
	for name, change := range map[string]func(*Mark){
		"number": func(m *Mark) { m.Number = 99 },
		"digest": func(m *Mark) { m.Documents[0].Digest = "00" },
		"key":    func(m *Mark) { m.Documents[0].Key = "accounts/nobody" },
		"chain":  func(m *Mark) { m.Chain = "00" },
		"action": func(m *Mark) { m.Action = "nothing" },
	} {
		m := marksOf(c, 3)[0]
		change(&m)
		if r, err := Verify(t.Context(), c, m); err != nil || len(r.Problems) == 0 {
			t.Errorf("%s: %+v %v", name, r, err)
		}
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	c := library(t)
	j := onStore(t, c, newKeyHome(), nil)
	marks, err := j.Marks(t.Context(), []uint64{4, 2, 4}, func(k Key) bool { return k.ID == "nobody" })
	if err != nil || len(marks) != 2 || marks[0].Number != 2 || marks[1].Number != 4 || len(marks[0].Documents) != 0 {
		t.Fatalf("%+v %v", marks, err)
	}
	for _, n := range []uint64{0, 1000} {
		if _, err := j.Marks(t.Context(), []uint64{n}, func(Key) bool { return true }); !errors.Is(err, ErrNotFound) {
			t.Errorf("%d: %v", n, err)
		}
	}
}
